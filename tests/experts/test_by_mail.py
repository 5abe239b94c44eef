"""What an expert does by the links in the mail, without signing in, and the mails: experts.remind, experts.escalate."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.experts import panels
from cop.experts.mailing import next_thursday
from cop.notices.models import Notice
from cop.society.memberships import membership_of
from cop.society.people import Person
from tests.conftest import go_to

MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=clock.AMSTERDAM)


@pytest.fixture
def links(outbox: Any) -> Any:
    """Return a function that lists the links of a kind in the last mail of an expert: `links('asked')`."""

    def found(what: str, mail: str = "asked", to: str = "dina@proef.example") -> list[str]:
        last = [one for one in outbox(to) if one.kind == f"experts/{mail}"][-1]
        return re.findall(rf"(/expert/{what}/\S+)", last.text)

    return found


@pytest.fixture
def run(app: Any) -> Any:
    """Return a function that runs a job."""

    def running(name: str, *given: Any) -> None:
        with app.app_context():
            jobs.JOBS[name](*given)
            db.session.remove()

    return running


def test_works_by_the_link_without_signing_in(cast: Any, asked: Any, state: Any, links: Any) -> None:
    made = asked()
    (link,) = links("asked")
    guest = cast.client(None)
    page = guest.get(link)
    assert page.status_code == 200
    assert "Hoe begint u?" in page.text
    assert state(made["id"])[0] == "asked"  # opening it changes nothing
    done = guest.post(f"{link}/acceptance", follow_redirects=True)
    assert "De vrager ziet dat u antwoordt" in done.text
    assert state(made["id"])[0] == "accepted"
    assert guest.get(link).status_code == 410  # void once decided
    assert guest.post(f"{link}/decline", data={"reason": "time"}).status_code == 410
    assert state(made["id"])[0] == "accepted"


def test_declines_and_hands_on_by_the_link(cast: Any, asked: Any, expert: Any, state: Any, links: Any) -> None:
    first, second = asked(), asked(title="Een tweede")
    (link,) = links("asked")  # of the last mail
    elsa, guest = expert("elsa"), cast.client(None)
    refused = guest.post(f"{link}/decline", data={"reason": "other", "word": ""})
    assert refused.status_code == 422
    assert "Schrijf kort waarom" in refused.text
    handed = guest.post(f"{link}/hand-on", data={"expert": elsa}, follow_redirects=True)
    assert handed.status_code == 200
    assert "Een tweede" not in handed.text
    assert state(second["id"]) == ("asked", elsa, 0)
    (link,) = links("asked", to="elsa@experts.example")
    assert guest.post(f"{link}/decline", data={"reason": "field"}).status_code == 303
    assert state(second["id"])[0] == "declined"
    assert state(first["id"])[1] == cast.dina


def test_a_link_serves_one_purpose(cast: Any, asked: Any, links: Any) -> None:
    asked()
    (deciding,), (answering,) = links("asked"), links("answer")
    token, other = deciding.rpartition("/")[2], answering.rpartition("/")[2]
    guest = cast.client(None)
    assert guest.get(f"/expert/answer/{token}").status_code == 410
    assert guest.get(f"/expert/asked/{other}").status_code == 410
    assert guest.get("/expert/asked/verzonnen").status_code == 410
    answer = guest.post(f"/expert/answer/{token}", data={"body": "Mijn lange antwoord"})
    assert answer.status_code == 410
    assert "Mijn lange antwoord" in answer.text  # nothing that was typed is lost


def test_somebody_who_left_has_no_link(ask: Any, cast: Any, asked: Any, links: Any) -> None:
    asked()
    (deciding,), (answering,) = links("asked"), links("answer")
    ask("eva", "delete", f"/api/v1/communities/een/members/{cast.dina}")
    for link in (deciding, answering):
        page = cast.client(None).get(link)
        assert page.status_code == 410
        assert "Hoe begint u?" not in page.text


def test_story_two_questions_in_one_mail_answered_from_the_train(
    ask: Any, cast: Any, asked: Any, state: Any, links: Any, run: Any, outbox: Any
) -> None:
    """On Thursday one mail has two questions with their context, and the expert answers both without signing in."""
    go_to(MONDAY)
    first, second = asked(title="Hoe raamt u?"), asked(title="Wie betaalt?")
    ask("bram", "post", f"/api/v1/threads/{first['thread']}/posts", body="Wij tellen per kwartaal.")
    go_to(MONDAY + timedelta(days=3))
    run("experts.weekly")
    (mail,) = [one for one in outbox("dina@proef.example") if one.kind == "experts/weekly"]
    assert mail.subject == "2 vragen wachten op u"
    for words in (
        "Hoe raamt u?",
        "Wie betaalt?",
        "Anna Adem, Woonstichting Proef",
        "Eerste kring",
        "1 reactie",
        "8 maart",
    ):
        assert words in mail.text
    train = cast.client(None)
    for number, link in enumerate(links("answer", "weekly")):
        assert "Wij beginnen in januari" in train.get(link).text
        empty = train.post(link, data={"body": " "})
        assert empty.status_code == 422
        sent = train.post(link, data={"body": f"Antwoord {number}", "format": "plain"}, follow_redirects=True)
        assert "Uw antwoord is geplaatst" in sent.text
        assert train.get(link).status_code == 410
    assert [state(one["id"])[0] for one in (first, second)] == ["answered", "answered"]
    posts = ask("anna", "get", f"/api/v1/threads/{first['thread']}/posts").json["items"]
    assert (posts[-1]["author"]["role"], posts[-1]["author"]["organisation"]) == ("expert", "Kennisinstituut Proef")
    go_to(MONDAY + timedelta(days=10))
    run("experts.weekly")
    assert len([one for one in outbox("dina@proef.example") if one.kind == "experts/weekly"]) == 1  # nothing waits


def test_reminder_on_day_three_and_escalation_on_day_five(
    app: Any, ask: Any, cast: Any, asked: Any, run: Any, outbox: Any, read: Any
) -> None:
    go_to(MONDAY - timedelta(days=3))  # a Friday
    made = asked()

    def kinds() -> list[str]:
        return [one.kind for one in outbox("dina@proef.example") if one.kind.startswith("experts/")]

    for days, expected in ((0, 1), (1, 1), (2, 2), (3, 2)):  # the third working day is a Wednesday
        go_to(MONDAY + timedelta(days=days))
        run("experts.remind")
        run("experts.remind")
        assert len(kinds()) == expected, days
    assert kinds()[-1] == "experts/reminder"
    with app.app_context():
        eva = db.session.get_one(Person, cast.eva)
        assert panels.late(eva, [cast.audiences.one], 10) == []
    go_to(MONDAY + timedelta(days=4))
    run("experts.remind")
    run("experts.remind")
    with app.app_context():
        eva = db.session.get_one(Person, cast.eva)
        (item,) = panels.late(eva, [cast.audiences.one], 10)
        assert (item.url, item.title) == (made["url"], "Hoe begint u?")
        assert "Dina Deskundig antwoordde nog niet" in item.text
        assert panels.late(eva, [cast.audiences.two], 10) == []
        told = select(Notice.person_id).where(Notice.reason == "expert_late")
        assert set(db.session.scalars(told)) == {cast.eva, cast.fons}
    assert "De moderator weet ervan." in read("anna", f"/threads/{made['thread']}")


def test_is_journalled(cast: Any, asked: Any, run: Any, journal_entries: Any) -> None:
    go_to(MONDAY)
    made = asked()
    for days in (3, 7):
        go_to(MONDAY + timedelta(days=days))
        run("experts.remind")
    about = {"request": made["id"], "thread": made["thread"], "expert": cast.dina}
    for verb in ("experts.remind", "experts.escalate"):
        assert [one.details for one in journal_entries(verb)] == [about]


def test_working_days_leave_out_holidays(asked: Any, cast: Any) -> None:
    go_to(datetime(2027, 3, 25, 9, 0, tzinfo=clock.AMSTERDAM))  # the Thursday before Easter
    assert asked()["due"] == "2027-04-05"


def test_the_mail_of_a_question_that_is_gone_is_not_sent(app: Any, ask: Any, asked: Any, outbox: Any) -> None:
    made = asked()
    ask("anna", "delete", f"/api/v1{made['url']}")
    assert [one for one in outbox("dina@proef.example") if one.kind == "experts/asked"] == []


def test_nobody_who_takes_no_part_any_more_is_asked_the_next_morning(
    app: Any, cast: Any, asked: Any, expert: Any, run: Any, state: Any
) -> None:
    made, elsa = asked(), expert("elsa")
    with app.app_context(), transaction():
        found = membership_of(cast.dina, cast.one)
        assert found is not None
        found.until = clock.today() - timedelta(days=1)
    run("experts.remind")
    assert state(made["id"]) == ("asked", elsa, 0)
    run("experts.reconcile", made["id"])
    run("experts.recheck", cast.audiences.one)
    assert state(made["id"]) == ("asked", elsa, 0)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2027, 3, 4, 6, 59), date(2027, 3, 4)),
        (datetime(2027, 3, 4, 7, 0), date(2027, 3, 11)),
        (datetime(2027, 3, 5, 12, 0), date(2027, 3, 11)),
    ],
)
def test_thursday(now: datetime, then: date) -> None:
    found = next_thursday(now.replace(tzinfo=clock.AMSTERDAM))
    assert (found.date(), found.hour) == (then, 7)
