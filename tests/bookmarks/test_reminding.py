"""bookmarks.remind: a notice on the day and a line in the overview by mail, each once."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from cop.base import clock
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.bookmarks.listeners import remind
from cop.notices.digest import digest_one
from cop.notices.models import Notice
from tests.conftest import go_to

DAYS = 3


@pytest.fixture
def day_comes(app: Any) -> Any:
    """`day_comes(3)`: the job runs, so many days from now."""

    def coming(days: int = DAYS) -> None:
        go_to(clock.now() + timedelta(days=days))
        with app.app_context():
            remind()

    return coming


def due(days: int = DAYS) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def overview(app: Any, cast: Any, who: str = "anna") -> None:
    with app.app_context():
        digest_one(getattr(cast, who))


def test_works(app: Any, keep: Any, day_comes: Any, notices: Any, read: Any, written: SimpleNamespace) -> None:
    keep(remind_on=due())
    day_comes(DAYS - 1)
    assert notices("anna") == []
    day_comes(1)
    day_comes(1)
    assert notices("anna") == [(written.post, 1)]
    assert "U wilde vandaag hierop terugkomen" in read("anna", "/notices")
    assert (notices("bram"), notices("eva")) == ([], [])


def test_several_in_a_thread_make_one_notice(
    app: Any, cast: Any, keep: Any, day_comes: Any, notices: Any, read: Any, written: SimpleNamespace
) -> None:
    for thing in (written.post, written.opening):
        keep("anna", thing, remind_on=due())
    day_comes()
    assert notices("anna") == [(written.post, 2)] or notices("anna") == [(written.opening, 2)]
    assert "U wilde vandaag terugkomen op 2 berichten" in read("anna", "/notices")
    with app.app_context():
        id = db.session.scalar(select(Notice.id).where(Notice.reason == "bookmark"))
    assert cast.client("anna").get(f"/notices/{id}").headers["Location"] == "/bookmarks"


def test_reading_the_thread_leaves_the_reminder(
    ask: Any, keep: Any, day_comes: Any, notices: Any, written: SimpleNamespace
) -> None:
    keep(remind_on=due())
    day_comes()
    ask("anna", "put", f"/threads/{written.thread}/mark", seq=2)
    assert len(notices("anna")) == 1
    ask("anna", "post", "/notices/reading")
    assert notices("anna") == []


def test_another_day_reminds_again(ask: Any, keep: Any, day_comes: Any, notices: Any) -> None:
    made = keep(remind_on=due())
    day_comes()
    ask("anna", "post", "/notices/reading")
    ask("anna", "patch", made["url"], remind_on=due())
    day_comes(1)
    assert notices("anna") == []
    day_comes(DAYS)
    assert len(notices("anna")) == 1


def test_the_overview_says_it_once(
    app: Any, cast: Any, keep: Any, ask: Any, day_comes: Any, outbox: Any, written: SimpleNamespace
) -> None:
    keep("anna", note="Voor het overleg.", remind_on=due())
    overview(app, cast)
    before = len(outbox("anna@proef.example"))
    day_comes()
    overview(app, cast)
    overview(app, cast)
    mails = outbox("anna@proef.example")[before:]
    assert len(mails) == 1
    assert "Verhuizen" in mails[0].text
    assert "Voor het overleg." in mails[0].text
    assert f"/posts/{written.post}" in mails[0].html
    keep("bram", remind_on=due(9))
    assert [mail for mail in outbox("bram@proef.example") if "terugkomen" in mail.text] == []


def test_what_cannot_be_read_waits_until_it_can(
    app: Any, ask: Any, cast: Any, keep: Any, day_comes: Any, notices: Any, outbox: Any
) -> None:
    keep(remind_on=due())
    go_to(clock.now() + timedelta(days=DAYS))
    ask("eva", "delete", f"/communities/een/members/{cast.anna}")
    day_comes(0)
    overview(app, cast)
    assert notices("anna") == []
    assert [mail for mail in outbox("anna@proef.example") if "terugkomen" in mail.text] == []
    ask("eva", "post", f"/communities/een/members/{cast.anna}/restore")
    day_comes(0)
    assert len(notices("anna")) == 1


def test_a_removed_one_reminds_of_nothing(ask: Any, keep: Any, day_comes: Any, notices: Any) -> None:
    made = keep(remind_on=due())
    ask("anna", "delete", made["url"])
    day_comes()
    assert notices("anna") == []


def test_is_not_journalled(app: Any, keep: Any, day_comes: Any) -> None:
    keep(remind_on=due())
    day_comes()
    with app.app_context():
        entries = select(func.count()).where(JournalEntry.verb == "bookmarks.remind")
        assert db.session.scalar(entries) == 0
