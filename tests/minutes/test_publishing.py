"""minutes.publish, minutes.withdraw: from blocks to a thread of the audience, its versions, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base.db import db
from cop.notices.models import Notice
from cop.programmes import actions as programmes
from cop.society.programmes import Programme


@pytest.fixture
def written(minutes: Any, save: Any) -> Any:
    """The minutes, with a text in one block."""
    save("eva", minutes.blocks[2], "Drie vragen van @Bram Baan.", 1)
    return minutes


def publish(ask: Any, minutes: Any, **given: Any) -> Any:
    return ask("eva", "put", f"{minutes.api}/publication", **given)


def test_works(written: Any, ask: Any, read: Any, app: Any, cast: Any) -> None:
    """Its readers find the minutes on the page of the meeting and as a thread, get a notice, and comment."""
    assert "Drie vragen" in read("eva", f"{written.url}/publication")
    answer = publish(ask, written)
    assert (answer.status_code, answer.json["published"]) == (200, 1)
    thread = answer.json["thread"]
    page = read("anna", written.meeting.url)
    assert "Lees het verslag" in page
    assert "Verder schrijven" not in page
    shown = read("anna", written.url)
    assert "<h2>Aanwezigen</h2>" in shown
    assert "Drie vragen" in shown
    assert "Verdieping" not in shown  # a block without a text
    listed = read("anna", "/communities/een/threads?kind=minutes")
    assert "Verslag: Plaats maken" in listed
    assert ask("anna", "post", f"/api/v1/threads/{thread}/posts", body="Mooi.").status_code == 201
    with app.app_context():
        reasons = set(
            db.session.execute(select(Notice.person_id, Notice.reason).where(Notice.place_id == thread)).all()
        )
    assert {(cast.anna, "announcement"), (cast.bram, "mention")} <= reasons
    assert (cast.bram, "announcement") not in reasons


def test_works_by_api(written: Any, ask: Any, save: Any, read: Any) -> None:
    """A second version says what changed; the first can still be read, and comments stay."""
    thread = publish(ask, written).json["thread"]
    ask("anna", "post", f"/api/v1/threads/{thread}/posts", body="Er mist een vraag.")
    assert publish(ask, written).json["published"] == 1  # nothing is new
    save("eva", written.blocks[2], "Vier vragen.", 2)
    assert "Vier vragen" not in read("anna", written.url)
    again = publish(ask, written, change="De vierde vraag staat erbij.")
    assert (again.json["published"], again.json["thread"]) == (2, thread)
    shown = read("anna", written.url)
    assert "Vier vragen" in shown
    assert "De vierde vraag staat erbij." in shown
    first = ask("anna", "get", f"{written.api}?version=1").json
    assert "Drie vragen" in first["html"]
    assert "Dit is een eerdere versie" in read("anna", f"{written.url}?version=1")
    assert ask("anna", "get", f"{written.api}?version=3").status_code == 404
    opening, comment = ask("anna", "get", f"/api/v1/threads/{thread}/posts").json["items"]
    assert "Versie 2: De vierde vraag staat erbij." in opening["html"]
    assert comment["html"] == "<p>Er mist een vraag.</p>"


def test_followers_get_a_notice_of_a_new_version(written: Any, ask: Any, save: Any, app: Any, cast: Any) -> None:
    """Once per version: not of the first, which is a new thread, and not when nothing is new."""
    thread = publish(ask, written).json["thread"]
    ask("anna", "post", f"/api/v1/threads/{thread}/posts", body="Er mist een vraag.")

    def told() -> list[tuple[int, int]]:
        with app.app_context():
            mine = select(Notice.person_id, Notice.times).where(Notice.place_id == thread, Notice.reason == "version")
            return [tuple(row) for row in db.session.execute(mine)]

    publish(ask, written)
    assert told() == []
    save("eva", written.blocks[2], "Vier vragen.", 2)
    for _again in range(2):
        publish(ask, written, change="De vierde vraag staat erbij.")
    assert sorted(told()) == [(cast.anna, 1), (cast.bram, 1)], "who commented and who is named; not who published it"
    save("eva", written.blocks[2], "Vijf vragen.", 3)
    publish(ask, written, change="En een vijfde.")
    assert sorted(told()) == [(cast.anna, 2), (cast.bram, 2)]


def test_minutes_are_found_as_their_thread(written: Any, ask: Any) -> None:
    thread = publish(ask, written).json["thread"]
    found = ask("anna", "get", "/api/v1/search?q=vragen").json["items"]
    assert f"/threads/{thread}" in str(found)
    assert f"/threads/{thread}" not in str(ask("chris", "get", "/api/v1/search?q=vragen").json["items"])


def test_works_to_take_it_back(written: Any, ask: Any, read: Any) -> None:
    thread = publish(ask, written).json["thread"]
    assert ask("eva", "delete", f"{written.api}/publication").status_code == 200
    assert "Verslag" not in read("anna", written.meeting.url)
    for url in (written.api, f"/api/v1/threads/{thread}"):
        assert ask("anna", "get", url).status_code == 404, url
    assert "ingetrokken" in read("eva", f"{written.url}/edit")
    assert ask("eva", "delete", f"{written.api}/publication").status_code == 409
    assert publish(ask, written).json["published"] == 1
    assert ask("anna", "get", f"/api/v1/threads/{thread}").status_code == 200
    assert "Drie vragen" in read("anna", written.url)


def test_works_for_a_whole_programme(announce: Any, ask: Any, cast: Any, save: Any, app: Any, read: Any) -> None:
    from tests.conftest import go_to
    from tests.minutes.conftest import START

    meeting = announce("fons", Programme, cast.programme)
    go_to(START)
    ask("fons", "post", f"{meeting.api}/minutes")
    block = ask("fons", "get", f"{meeting.api}/minutes/blocks").json["items"][1]["id"]
    save("fons", block, "Nieuws voor iedereen.", 1)
    thread = ask("fons", "put", f"{meeting.api}/minutes/publication").json["thread"]
    for who in ("anna", "chris"):
        assert "Nieuws voor iedereen" in read(who, f"/threads/{thread}")
        assert ask(who, "post", f"/api/v1/threads/{thread}/posts", body="Dank.").status_code == 201
    assert ask("hans", "get", f"/api/v1/threads/{thread}").status_code == 404


def test_archived_minutes_are_read_only(written: Any, ask: Any, run_as: Any, cast: Any, read: Any) -> None:
    publish(ask, written)
    run_as("fons", programmes.enter_phase, Programme, cast.programme, phase="archive")
    assert "Drie vragen" in read("anna", written.url)
    assert "staat in het archief" in read("eva", f"{written.url}/edit")
    assert ask("eva", "post", f"{written.api}/blocks", title="Meer").status_code == 403
    assert publish(ask, written).status_code == 403
    assert ask("eva", "delete", f"{written.api}/publication").status_code == 200


def test_stranger_gets_404(written: Any, ask: Any) -> None:
    assert ask("anna", "put", f"{written.api}/publication").status_code == 404
    assert ask("anna", "get", written.api).status_code == 404
    publish(ask, written)
    for who in ("chris", "hans"):
        assert ask(who, "get", written.api).status_code == 404
        assert ask(who, "delete", f"{written.api}/publication").status_code == 404


def test_wrong_role_gets_403(written: Any, ask: Any) -> None:
    ask("eva", "put", f"{written.api}/sharing", open=True)
    assert ask("anna", "put", f"{written.api}/publication").status_code == 403
    assert ask("anna", "delete", f"{written.api}/publication").status_code == 403
    answer = ask("eva", "post", "/api/v1/communities/een/threads", kind="minutes", title="Nep", body="x")
    assert answer.status_code == 422  # only publishing makes one


def test_bad_input_names_the_field(written: Any, ask: Any, save: Any) -> None:
    publish(ask, written)
    save("eva", written.blocks[2], "Vier vragen.", 2)
    answer = publish(ask, written)
    assert answer.status_code == 422
    assert "regel" in answer.json["errors"]["change"]


def test_is_journalled(written: Any, ask: Any, journal_entries: Any) -> None:
    thread = publish(ask, written).json["thread"]
    ask("eva", "delete", f"{written.api}/publication")
    (published,), (withdrawn,) = journal_entries("minutes.publish"), journal_entries("minutes.withdraw")
    assert (published.object_kind, published.object_id) == ("minutes", written.id)
    assert published.details == withdrawn.details == {"version": 1, "thread": thread}


def test_the_panel_costs_one_statement(written: Any, ask: Any, read: Any, count_statements: Any, cast: Any) -> None:
    publish(ask, written)
    for who in ("anna", "eva"):
        read(who, written.meeting.url)
        with count_statements() as statements:
            read(who, written.meeting.url)
        assert len(statements) <= 12, statements
        assert len([one for one in statements if "FROM minutes" in one]) == 1
