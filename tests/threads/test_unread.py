"""threads.unread_from, threads.read_all and threads.unread_all: what one has read, set back and set on, and taken back exactly."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import text
from cop.base.db import db
from cop.notices.models import Notice
from cop.society.programmes import Community
from cop.things import Mark
from cop.threads import actions
from cop.threads.models import Thread

PLACE = "/communities/een"


@pytest.fixture
def marks(app: Any, cast: Any) -> Any:
    """`marks('dina')`: the mark of somebody in each thread, by its id."""

    def read(who: str) -> dict[int, int]:
        with app.app_context():
            mine = select(Mark.thing_id, Mark.seq).where(Mark.person_id == getattr(cast, who))
            return dict(db.session.execute(mine).all())

    return read


@pytest.fixture
def several(cast: Any, run_as: Any, thread: SimpleNamespace) -> list[int]:
    """The thread by Anna, and three by Bram with replies; Dina read one half and one whole, and one never."""
    ids = [thread.id]
    for n in range(3):
        id = run_as("bram", actions.start, Community, cast.one, title=f"Gesprek {n}", text=text.render("x", "plain"))
        for _time in range(3):
            run_as("anna", actions.reply, Thread, id, text=text.render("Ja", "plain"))
        ids.append(id)
    run_as("dina", actions.mark, Thread, ids[1], seq=2)
    run_as("dina", actions.mark, Thread, ids[2], seq=4)
    return ids


def api(cast: Any, who: str, method: str, path: str) -> Any:
    return getattr(cast.client(None), method)(f"/api/v1{path}", headers=cast.api(who))


def test_works_for_unread_from(cast: Any, read: Any, several: list[int], marks: Any, run_as: Any) -> None:
    run_as("dina", actions.mark, Thread, several[0], seq=2)
    reply = cast.client(None).get(f"/api/v1/threads/{several[0]}/posts", headers=cast.api("dina")).json["items"][1]
    assert "Ongelezen vanaf hier" in read("dina", f"/posts/{reply['id']}/acts")
    client = cast.client("dina")
    answer = client.post(f"/posts/{reply['id']}/unread", follow_redirects=True)
    assert "Het gesprek is vanaf dit bericht weer ongelezen." in answer.text
    assert answer.request.path == f"{PLACE}/threads"
    assert marks("dina")[several[0]] == 1
    assert ">1 nieuw<" in answer.text
    assert f'action="/threads/{several[0]}/mark"' in answer.text, "can be undone"
    client.post(f"/threads/{several[0]}/mark", data={"seq": 2})
    assert marks("dina")[several[0]] == 2


def test_works_by_api_for_unread_from(cast: Any, several: list[int], marks: Any, thread: SimpleNamespace) -> None:
    assert api(cast, "dina", "put", f"/posts/{thread.reply}/unread").status_code == 204
    assert thread.id not in marks("dina"), "never opened: it was unread"
    assert api(cast, "anna", "put", f"/posts/{thread.opening}/unread").status_code == 204
    assert marks("anna")[thread.id] == 0
    assert api(cast, "anna", "put", f"/posts/{thread.reply}/unread").status_code == 204
    assert marks("anna")[thread.id] == 0, "back, never forward"


def test_works_for_read_all_and_unread_all(cast: Any, several: list[int], marks: Any, read: Any) -> None:
    before, others = marks("dina"), marks("anna")
    assert f'action="{PLACE}/reading"' in read("dina", f"{PLACE}/threads")
    client = cast.client("dina")
    page = client.post(f"{PLACE}/reading", follow_redirects=True).text
    assert "3 gesprekken zijn als gelezen gemarkeerd." in page
    assert "mark-new" not in page
    assert marks("dina").keys() == set(several)
    assert "U had hier alles al gelezen." in client.post(f"{PLACE}/reading", follow_redirects=True).text
    page = client.post(f"{PLACE}/reading/delete", follow_redirects=True).text
    assert "weer ongelezen" in page
    assert (marks("dina"), marks("anna")) == (before, others)
    again = client.post(f"{PLACE}/reading/delete", follow_redirects=True).text
    assert "Er is niets meer om terug te zetten." in again
    assert marks("dina") == before


def test_works_by_api_for_read_all_and_unread_all(cast: Any, several: list[int], marks: Any, run_as: Any) -> None:
    before = marks("dina")
    assert api(cast, "dina", "put", f"{PLACE}/reading").status_code == 204
    run_as("anna", actions.reply, Thread, several[3], text=text.render("Nog iets", "plain"))
    run_as("dina", actions.mark, Thread, several[3], seq=5)
    assert api(cast, "dina", "delete", f"{PLACE}/reading").status_code == 204
    assert marks("dina") == {**before, several[3]: 5}, "what was read since stays read"


def test_notices_go_along(app: Any, cast: Any, several: list[int], run_as: Any) -> None:
    def waiting() -> int:
        with app.app_context():
            mine = select(Notice.id).where(Notice.person_id == cast.dina, Notice.read.is_(None))
            return len(db.session.scalars(mine).all())

    words = text.render("Wat vindt u, @Dina Deskundig?", "markdown")
    run_as("anna", actions.reply, Thread, several[3], text=words)
    assert waiting() == 1
    api(cast, "dina", "put", f"{PLACE}/reading")
    assert waiting() == 0
    api(cast, "dina", "delete", f"{PLACE}/reading")
    assert waiting() == 1


def test_stranger_gets_404(cast: Any, thread: SimpleNamespace) -> None:
    for who in ("chris", "hans", "jan"):
        assert api(cast, who, "put", f"/posts/{thread.reply}/unread").status_code == 404
        assert api(cast, who, "put", f"{PLACE}/reading").status_code == 404
        assert api(cast, who, "delete", f"{PLACE}/reading").status_code == 404


def test_is_not_journalled(cast: Any, thread: SimpleNamespace, journal_entries: Any) -> None:
    api(cast, "anna", "put", f"/posts/{thread.reply}/unread")
    api(cast, "anna", "put", f"{PLACE}/reading")
    api(cast, "anna", "delete", f"{PLACE}/reading")
    assert [journal_entries(f"threads.{verb}") for verb in ("unread_from", "read_all", "unread_all")] == [[], [], []]


def test_reading_everything_takes_as_many_statements_for_many(
    cast: Any, run_as: Any, count_statements: Any, several: list[int]
) -> None:
    """One statement for all marks: two more threads take none."""
    counts = []
    for _time in range(2):
        with count_statements() as statements:
            api(cast, "gerda", "put", f"{PLACE}/reading")
        counts.append(len(statements))
        api(cast, "gerda", "delete", f"{PLACE}/reading")
        for n in range(2):
            run_as("bram", actions.start, Community, cast.one, title=f"Meer {n}", text=text.render("x", "plain"))
    assert counts[1] <= counts[0]
