"""meetings.pass_on: a seat that becomes free within a day of the start is offered, held for a while, and passed on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cop.base.db import db
from cop.base.email import Email
from cop.meetings.actions.seating import held_until
from cop.meetings.listeners import offer
from cop.meetings.mailing import still_true
from cop.meetings.models import Invitee
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START
from tests.meetings.test_answering import answer, answers

MORNING = START - 23 * HOUR + HOUR / 2  # 11.00 in Amsterdam, the day before


@pytest.fixture
def full(meeting: Any, ask: Any) -> Any:
    """The meeting of two seats: Anna and Bram come; Dina, Eva and Fons wait. It is the day before."""
    for who in ("anna", "bram", "dina", "eva", "fons"):
        answer(ask, meeting, who)
    go_to(MORNING)
    return meeting


@pytest.fixture
def pass_on(app: Any) -> Any:
    """Run the job that offers free seats to the next."""

    def run() -> None:
        with app.app_context():
            offer()

    return run


def offered(app: Any, meeting: Any) -> dict[int, datetime | None]:
    with app.app_context():
        rows = db.session.query(Invitee).filter_by(meeting_id=meeting.id, answer="waiting").order_by(Invitee.place)
        return {row.person_id: row.offered_until for row in rows}


def test_works(full: Any, ask: Any, app: Any, cast: Any, mails: Any, read: Any) -> None:
    answer(ask, full, "anna", "no")
    assert offered(app, full) == {cast.dina: MORNING + 3 * HOUR, cast.eva: None, cast.fons: None}
    mail = mails("dina")[-1]
    assert (mail.kind, mail.item) == ("meetings/offer", None)
    assert mail.subject == "Er is een plaats vrij: kunt u komen? Plaats maken"
    assert mail.text.count("/rsvp/") == 1
    assert "Wij houden die voor u vrij tot donderdag 25 maart 2027, 14.00 uur" in read("dina", full.url)
    assert "Plaats aangeboden tot" in read("eva", f"{full.url}/answers")
    assert "1 van 2 plaatsen bezet" in read("dina", full.url)
    taken = cast.client(None).post(
        f"{full.url}/answer", data={"answer": "yes"}, headers={**cast.api("dina"), "Accept": "text/html"}
    )
    assert taken.status_code == 303
    assert answers(app, full)[cast.dina] == ("yes", None)
    assert mails("dina")[-1].item.partstat == "ACCEPTED"


def test_works_by_api(full: Any, ask: Any) -> None:
    answer(ask, full, "anna", "no")
    until = ask("dina", "get", full.api).json["offered_until"]
    assert until == "2027-03-25T13:00:00.000Z"
    assert ask("eva", "get", full.api).json["offered_until"] == ""
    listed = {row["person"]: row for row in ask("eva", "get", f"{full.api}/answers").json["items"]}
    assert sum(row["offered_until"] is not None for row in listed.values()) == 1


def test_works_by_the_link_in_the_mail(full: Any, ask: Any, mails: Any, cast: Any, app: Any) -> None:
    answer(ask, full, "anna", "no")
    link = mails("dina")[-1].text.partition("http://localhost")[2].split()[0]
    client = cast.client(None)
    assert "Er is een plaats vrij" in client.get(link).text
    assert answers(app, full)[cast.dina][0] == "waiting", "opening the link changes nothing"
    client.post(link.partition("?")[0], data={"answer": "yes"})
    assert answers(app, full)[cast.dina][0] == "yes"


def test_before_the_last_day_a_seat_is_given(full: Any, ask: Any, app: Any, cast: Any) -> None:
    go_to(START - timedelta(hours=25))
    answer(ask, full, "anna", "no")
    assert answers(app, full)[cast.dina] == ("yes", None)


def test_a_seat_that_is_held_is_nobody_elses(full: Any, ask: Any, app: Any, cast: Any) -> None:
    answer(ask, full, "anna", "no")
    for who in ("eva", "gerda", "anna"):
        assert answer(ask, full, who).json["answer"] == "waiting", who
    answer(ask, full, "bram", "no")
    assert [until is not None for until in offered(app, full).values()] == [True, True, False, False, False]


def test_no_passes_it_on_at_once(full: Any, ask: Any, app: Any, cast: Any) -> None:
    answer(ask, full, "anna", "no")
    answer(ask, full, "dina", "no")
    assert offered(app, full) == {cast.eva: MORNING + 3 * HOUR, cast.fons: None}


def test_the_job_passes_it_on_in_order_when_the_term_is_over(
    full: Any, ask: Any, app: Any, cast: Any, pass_on: Any, mails: Any
) -> None:
    answer(ask, full, "anna", "no")
    go_to(MORNING + 3 * HOUR)
    pass_on()
    pass_on()
    assert offered(app, full)[cast.eva] == MORNING + 6 * HOUR
    assert [mail.kind for mail in mails("eva")].count("meetings/offer") == 1
    assert answer(ask, full, "dina").json["answer"] == "waiting", "Eva is asked now"
    assert answer(ask, full, "eva").json["answer"] == "yes"


def test_is_journalled(full: Any, ask: Any, cast: Any, pass_on: Any, journal_entries: Any) -> None:
    answer(ask, full, "anna", "no")
    pass_on()
    assert journal_entries("meetings.pass_on") == [], "nothing is free"
    go_to(MORNING + 3 * HOUR)
    pass_on()
    pass_on()
    (entry,) = journal_entries("meetings.pass_on")
    assert (entry.object_id, entry.details) == (full.id, {"offered": [cast.eva]})


def test_who_was_too_late_has_the_seat_that_nobody_else_wants(full: Any, ask: Any, pass_on: Any) -> None:
    for who in ("eva", "fons"):
        answer(ask, full, who, "no")
    answer(ask, full, "anna", "no")
    go_to(MORNING + 4 * HOUR)
    pass_on()
    assert answer(ask, full, "dina").json["answer"] == "yes"


def test_in_the_last_hours_a_free_seat_is_for_who_comes_first(
    full: Any, ask: Any, app: Any, cast: Any, pass_on: Any
) -> None:
    go_to(START - 2 * HOUR)
    answer(ask, full, "anna", "no")
    pass_on()
    assert set(offered(app, full).values()) == {None}
    assert answer(ask, full, "fons").json["answer"] == "yes"
    assert answer(ask, full, "dina").json["answer"] == "waiting"


def test_the_offer_goes_with_the_place_to_a_colleague(full: Any, ask: Any, app: Any, cast: Any, mails: Any) -> None:
    answer(ask, full, "anna", "no")
    assert ask("dina", "put", f"{full.api}/colleague", member=cast.gerda).status_code == 200
    assert mails("gerda")[-1].kind == "meetings/offer"
    assert answer(ask, full, "gerda").json["answer"] == "yes"


def test_another_time_ends_the_offer(full: Any, ask: Any, app: Any, cast: Any, pass_on: Any) -> None:
    answer(ask, full, "anna", "no")
    later = START + timedelta(days=7)
    ask("eva", "put", f"{full.api}/moving", starts=later.isoformat(), ends=(later + HOUR).isoformat())
    pass_on()
    assert answers(app, full)[cast.dina] == ("yes", None), "it is far away again"


def test_an_offer_that_is_over_is_not_mailed(full: Any, ask: Any, mails: Any, run_jobs: Any, app: Any) -> None:
    answer(ask, full, "anna", "no")
    answer(ask, full, "dina", "no")
    with app.app_context():
        stale = db.session.query(Email).filter_by(kind="meetings/offer").order_by(Email.id).all()
        assert [still_true(mail) for mail in stale] == [False, True]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2027, 3, 25, 10, 0), datetime(2027, 3, 25, 13, 0)),
        (datetime(2027, 3, 25, 20, 0), datetime(2027, 3, 26, 9, 0)),
        (datetime(2027, 3, 25, 23, 30), datetime(2027, 3, 26, 11, 0)),
        (datetime(2027, 3, 26, 3, 0), datetime(2027, 3, 26, 11, 0)),
        (datetime(2027, 3, 26, 11, 0), datetime(2027, 3, 26, 12, 30)),
    ],
)
def test_the_hours_of_the_night_do_not_count(now: datetime, until: datetime) -> None:
    starts = datetime(2027, 3, 26, 14, 30, tzinfo=UTC) - HOUR  # 14.30 in Amsterdam
    assert held_until(now.replace(tzinfo=UTC) - HOUR, starts) == until.replace(tzinfo=UTC) - HOUR
