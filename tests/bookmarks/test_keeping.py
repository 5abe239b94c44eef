"""bookmarks.add, bookmarks.edit, bookmarks.remove and bookmarks.restore: what one keeps, and who sees it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.bookmarks import actions
from cop.bookmarks.models import Bookmark
from cop.society.people import Person
from cop.threads import actions as threads
from cop.threads.models import Post, Thread

NOTE = "Voor het overleg van maart."


def test_works(cast: Any, read: Any, written: SimpleNamespace) -> None:
    url = f"/things/{written.post}/bookmark"
    assert f'href="{url}"' in read("anna", f"/posts/{written.post}/acts")
    assert f'href="/things/{written.thread}/bookmark"' in read("anna", f"/threads/{written.thread}")
    assert f'href="/things/{written.file}/bookmark"' in read("anna", f"/files/{written.file}")
    client = cast.client("anna")
    answer = client.post(url, data={"note": NOTE, "remind_on": ""}, follow_redirects=True)
    assert "Bewaard bij uw bladwijzers." in answer.text
    page = read("anna", "/bookmarks")
    assert NOTE in page
    assert "Met een tussenvoorziening." in page
    assert ">1 bladwijzer<" in page
    assert NOTE in read("anna", url), "the same address shows what is kept"


@pytest.mark.parametrize("what", ["thread", "opening", "post", "message", "file"])
def test_works_by_api(ask: Any, keep: Any, kept: Any, written: SimpleNamespace, what: str) -> None:
    day = clock.today() + timedelta(days=3)
    made = keep("gerda", getattr(written, what), note=NOTE, remind_on=day.isoformat())
    assert (made["note"], made["remind_on"]) == (NOTE, day.isoformat())
    assert ask("gerda", "get", made["url"]).json == made
    assert kept("gerda") == [made]
    assert ask("gerda", "get", made["thing"]).status_code == 200
    assert kept("anna") == []


def test_keeping_again_changes_only_what_is_given(ask: Any, keep: Any, kept: Any) -> None:
    day = (clock.today() + timedelta(days=3)).isoformat()
    made = keep(note=NOTE, remind_on=day)
    assert keep() == made
    assert keep(note="Anders")["remind_on"] == day
    assert ask("anna", "patch", made["url"], remind_on=None).json["remind_on"] is None
    assert [one["note"] for one in kept()] == ["Anders"]


def test_what_is_removed_can_be_put_back(ask: Any, keep: Any, kept: Any) -> None:
    made = keep(note=NOTE)
    assert ask("anna", "delete", made["url"]).status_code == 204
    assert kept() == []
    assert ask("anna", "get", made["url"]).status_code == 404
    assert ask("anna", "delete", made["url"]).status_code == 404
    assert ask("anna", "post", f"{made['url']}/restoring").json == made
    assert ask("anna", "post", f"{made['url']}/restoring").status_code == 404
    ask("anna", "delete", made["url"])
    assert keep()["note"] == "", "kept anew"


def test_the_list_goes_on_and_shows_what_comes(keep: Any, kept: Any, ask: Any, written: SimpleNamespace) -> None:
    soon, later = ((clock.today() + timedelta(days=n)).isoformat() for n in (2, 9))
    for thing, given in (
        (written.post, {}),
        (written.file, {"remind_on": later}),
        (written.message, {"remind_on": soon}),
    ):
        keep("anna", thing, **given)
    first = ask("anna", "get", "/bookmarks", limit=2).json
    assert [one["thing"] for one in first["items"]] == [f"/messages/{written.message}", f"/files/{written.file}"]
    after = first["next"].partition("after=")[2]
    assert [one["thing"] for one in kept(limit=2, after=after)] == [f"/posts/{written.post}"]
    assert [one["remind_on"] for one in kept(show="reminders")] == [soon, later]


def test_what_cannot_be_read_is_not_listed_or_counted(
    app: Any, ask: Any, cast: Any, keep: Any, kept: Any, read: Any, written: SimpleNamespace
) -> None:
    made = [keep("anna", thing, note=NOTE) for thing in (written.post, written.thread, written.file)]
    ask("bram", "delete", f"/posts/{written.post}")
    assert {one["thing"] for one in kept()} == {f"/threads/{written.thread}", f"/files/{written.file}"}
    assert ask("anna", "get", made[0]["url"]).status_code == 404
    ask("bram", "post", f"/posts/{written.post}/restoring")
    assert len(kept()) == 3
    ask("eva", "put", f"/threads/{written.thread}/hiding", reason="Namen")
    assert {one["thing"] for one in kept()} == {f"/files/{written.file}"}
    ask("eva", "delete", f"/threads/{written.thread}/hiding")
    ask("eva", "delete", f"/communities/een/members/{cast.anna}")
    assert (kept(), "Met een tussen" in read("anna", "/bookmarks")) == ([], False)
    for url in (one["url"] for one in made):
        for method in ("get", "patch"):
            assert ask("anna", method, url).status_code == 404
    ask("eva", "post", f"/communities/een/members/{cast.anna}/restore")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Bookmark)) == 3


def test_a_hidden_post_is_there_for_those_who_read_it(ask: Any, keep: Any, kept: Any, written: SimpleNamespace) -> None:
    for who in ("anna", "bram", "eva"):
        keep(who)
    ask("eva", "put", f"/posts/{written.post}/hiding", reason="Namen")
    assert [len(kept(who)) for who in ("anna", "bram", "eva")] == [0, 1, 1]
    assert ask("anna", "put", f"/things/{written.post}/bookmark").status_code == 404


def test_stranger_gets_404(ask: Any, keep: Any, written: SimpleNamespace) -> None:
    made = keep()
    for who in ("chris", "hans", "jan", "iris"):
        assert ask(who, "put", f"/things/{written.post}/bookmark").status_code == 404
        assert ask(who, "get", f"/things/{written.post}/bookmark").status_code == 404
    for who in ("bram", "eva", "fons", "chris", "iris"):
        assert ask(who, "get", made["url"]).status_code == 404
        assert ask(who, "patch", made["url"], note="Van mij").status_code == 404
        assert ask(who, "delete", made["url"]).status_code == 404
        assert ask(who, "post", f"{made['url']}/restoring").status_code == 404


def test_bad_input_names_the_field(ask: Any, cast: Any, keep: Any, written: SimpleNamespace) -> None:
    url = f"/things/{written.post}/bookmark"
    assert set(ask("anna", "put", url, note="x" * 501).json["errors"]) == {"note"}
    assert set(ask("anna", "put", url, remind_on="morgen").json["errors"]) == {"remind_on"}
    assert set(ask("anna", "put", url, remind_on=clock.today().isoformat()).json["errors"]) == {"remind_on"}
    answer = cast.client("anna").post(url, data={"note": NOTE, "remind_on": "morgen"})
    assert answer.status_code == 422
    assert 'id="f-remind_on-error"' in answer.text
    assert NOTE in answer.text
    assert "morgen" in answer.text
    made = keep()
    answer = cast.client("anna").post(made["url"], data={"note": NOTE, "remind_on": "1 mei 2001"})
    assert answer.status_code == 422
    assert NOTE in answer.text


def test_is_not_journalled(app: Any, ask: Any, keep: Any) -> None:
    made = keep(note=NOTE)
    ask("anna", "patch", made["url"], note="Anders")
    ask("anna", "delete", made["url"])
    ask("anna", "post", f"{made['url']}/restoring")
    with app.app_context():
        entries = select(JournalEntry.verb).where(JournalEntry.verb.startswith("bookmarks."))
        assert db.session.scalars(entries).all() == []


def test_the_list_takes_as_many_statements_for_many(
    app: Any, cast: Any, count_statements: Any, keep: Any, read: Any, written: SimpleNamespace
) -> None:
    keep()
    read("anna", "/bookmarks")
    with count_statements() as few:
        read("anna", "/bookmarks")
    with app.app_context(), transaction():
        bram, thread = db.session.get_one(Person, cast.bram), db.session.get_one(Thread, written.thread)
        ids = [threads.reply(bram, thread, text=text.render(f"Nog {n}", "markdown")).id for n in range(12)]
        anna = db.session.get_one(Person, cast.anna)
        for id in ids:
            actions.add(anna, db.session.get_one(Post, id))
    with count_statements() as many:
        assert "13 bladwijzers" in read("anna", "/bookmarks")
    assert len(many) <= len(few)
