"""meetings.remind: a week and a day before, to whom it concerns, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import jobs
from cop.base.db import db
from cop.base.email import Email
from cop.meetings.mailing import still_true
from tests.conftest import go_to
from tests.meetings.conftest import NOW, START

HOUR = timedelta(hours=1)
WEEK_BEFORE = START - timedelta(days=7) + HOUR  # 10.30 in Amsterdam
DAY_BEFORE = START - timedelta(days=1) + HOUR


@pytest.fixture
def reminded(app: Any, mails: Any) -> Any:
    """`reminded()`: run the job twice; return who has how many reminders by now, and the newest text of each."""

    def run() -> dict[str, list[str]]:
        for _twice in range(2):
            with app.app_context():
                jobs.JOBS["meetings.remind"]()
                db.session.remove()
        sent = {
            who: [mail.text for mail in mails(who) if mail.kind == "meetings/reminder"]
            for who in ("anna", "bram", "dina", "eva", "fons", "gerda", "chris")
        }
        return {who: texts for who, texts in sent.items() if texts}

    return run


def answer(ask: Any, meeting: Any, **answers: str) -> None:
    for who, word in answers.items():
        assert ask(who, "put", f"{meeting.api}/answer", answer=word).status_code == 200


def test_works(meeting: Any, ask: Any, reminded: Any, mails: Any) -> None:
    answer(ask, meeting, anna="yes", bram="no", dina="maybe", eva="yes", fons="yes")  # two seats: Fons waits
    go_to(WEEK_BEFORE - 2 * HOUR)
    assert reminded() == {}, "not before nine"
    go_to(WEEK_BEFORE)
    told = reminded()
    assert set(told) == {"anna", "dina", "eva", "gerda"}
    assert "U komt. Kunt u toch niet?" in told["anna"][0]
    assert "U komt misschien. Weet u het al?" in told["dina"][0]
    assert "U hebt nog niet laten weten of u komt." in told["gerda"][0]
    assert "video.example" not in told["anna"][0]
    newest = mails("anna")[-1]
    assert newest.subject == "Herinnering: Plaats maken, vrijdag 26 maart 2027"
    assert newest.item is None, "nothing changed in calendars"
    go_to(WEEK_BEFORE + timedelta(days=2))
    assert {who: len(texts) for who, texts in reminded().items()} == {"anna": 1, "dina": 1, "eva": 1, "gerda": 1}
    go_to(DAY_BEFORE)
    told = reminded()
    assert {who: len(texts) for who, texts in told.items()} == {"anna": 2, "dina": 2, "eva": 2, "gerda": 1}
    assert "Morgen is deze bijeenkomst" in told["anna"][1]


def test_is_journalled(meeting: Any, reminded: Any, journal_entries: Any) -> None:
    go_to(WEEK_BEFORE)
    reminded()
    (entry,) = journal_entries("meetings.remind")
    assert (entry.person_id, entry.object_id, entry.details) == (None, meeting.id, {"days": 7, "people": 6})


def test_another_time_reminds_again_and_asks_who_answered_before(meeting: Any, ask: Any, reminded: Any) -> None:
    answer(ask, meeting, anna="yes", bram="no")
    go_to(WEEK_BEFORE)
    reminded()
    later = {"starts": "2027-04-09T09:30", "ends": "2027-04-09T15:30"}
    assert ask("eva", "put", f"{meeting.api}/moving", **later).status_code == 200
    go_to(WEEK_BEFORE + timedelta(days=13, hours=23))
    told = reminded()
    assert {who: len(texts) for who, texts in told.items()}["anna"] == 2
    assert "nog niet laten weten" in told["anna"][1]
    assert "nog niet laten weten" in told["bram"][0], "the answer was about another time"


@pytest.mark.parametrize(("moment", "days"), [(NOW, 0), (START - timedelta(days=3, hours=12), 3)])
def test_what_was_just_announced_is_not_repeated(moment: Any, days: int, plan: Any, ask: Any, reminded: Any) -> None:
    go_to(moment)
    made = plan(starts=moment + timedelta(days=days or 7, hours=5), ends=moment + timedelta(days=days or 7, hours=8))
    ask("eva", "put", f"{made.api}/announcement")
    assert reminded() == {}
    go_to(moment + timedelta(days=1, hours=3))
    assert reminded() == {}


def test_a_meeting_that_is_cancelled_sends_none(meeting: Any, ask: Any, reminded: Any, app: Any) -> None:
    answer(ask, meeting, anna="yes")
    go_to(WEEK_BEFORE)
    reminded()
    with app.app_context():
        waiting = db.session.query(Email).filter_by(kind="meetings/reminder").all()
        assert all(still_true(mail) for mail in waiting)
    ask("eva", "put", f"{meeting.api}/cancellation", reason="Storm")
    with app.app_context():
        waiting = db.session.query(Email).filter_by(kind="meetings/reminder").all()
        assert waiting
        assert not any(still_true(mail) for mail in waiting), "those that wait for the mail server are not sent"
    go_to(DAY_BEFORE)
    assert {len(texts) for texts in reminded().values()} == {1}
