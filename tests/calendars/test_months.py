"""calendar.mine and calendar.of_programme: the meetings of a month, as a list and as a table of days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.questionnaires.models import Questionnaire
from cop.calendars.models import CalendarMeeting, by_day
from cop.calendars.months import Month
from cop.intake.models import Call, CallWindow
from cop.meetings import actions
from cop.meetings.models import Meeting, MeetingDay
from cop.society.people import Person
from cop.society.programmes import Community, Phase, Programme
from tests.meetings.conftest import HOUR, NOW, START

MARCH = "month=2027-03"
PATHS = ("/calendar", "/programmes/proef/calendar")
DAY = timedelta(days=1)


@pytest.fixture
def announced(plan: Any, ask: Any) -> Any:
    """`announced(title='Nog een')`: plan and announce a meeting."""

    def make(**given: Any) -> Any:
        made = plan(**given)
        planner = "fons" if given.get("owner") is Programme else "eva"
        assert ask(planner, "put", f"{made.api}/announcement").status_code == 200
        return made

    return make


def titles(ask: Any, who: str, path: str = "/calendar", query: str = MARCH) -> list[str]:
    answer = ask(who, "get", f"/api/v1{path}?{query}")
    assert answer.status_code == 200, answer.json
    return [row["title"] for row in answer.json["items"]]


@pytest.mark.parametrize("path", PATHS)
def test_works(path: str, meeting: Any, read: Any, ask: Any) -> None:
    ask("anna", "put", f"{meeting.api}/answer", answer="maybe")
    page = read("anna", f"{path}?{MARCH}")
    assert '<h3 id="day-2027-03-26">vrijdag 26 maart 2027' in page
    assert "9.30 tot 15.30 uur" in page
    assert "Uw antwoord: Misschien" in page
    assert "Eerste kring" in page
    assert "Nog geen antwoord" in read("bram", f"{path}?{MARCH}")
    for link in (f"{path}?month=2027-02", f"{path}?month=2027-04", f"{path}?show=month&amp;{MARCH}", "/calendar-feeds"):
        assert f'href="{link}"' in page
    assert "Deze maand" not in page
    other = read("anna", f"{path}?month=2027-04")
    assert "Plaats maken" not in other
    assert "Niets gepland in deze maand" in other
    assert f'href="{path}?{MARCH}">Deze maand' in other


def test_works_by_api(meeting: Any, ask: Any) -> None:
    ask("anna", "put", f"{meeting.api}/answer", answer="yes")
    for path in PATHS:
        (row,) = ask("anna", "get", f"/api/v1{path}").json["items"]
        assert (row["title"], row["url"], row["answer"]) == ("Plaats maken", meeting.url, "yes")
        assert (row["day"], row["days"], row["starts"]) == (1, 1, clock.rfc3339(START))
        assert "video" not in str(row)


def test_a_month_is_a_table(meeting: Any, read: Any) -> None:
    table = re.findall(r"<table.*</table>", read("anna", f"/calendar?show=month&{MARCH}"), re.DOTALL)[0]
    assert "Bijeenkomsten in maart 2027</caption>" in table
    assert table.count('scope="col"') == 8
    assert re.findall(r'title="(\w+)"', table)[1:] == [
        "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
    ]  # fmt: skip
    assert re.findall(r"</span>(\d+)</th>", table) == ["9", "10", "11", "12", "13"]
    assert re.findall(r'aria-current="date">\s*<time datetime="([\d-]+)"', table) == ["2027-03-01"]
    assert "Goede vrijdag" in table
    assert "Eerste paasdag" in table
    (day,) = re.findall(r"<td[^>]*>\s*<time datetime=\"2027-03-26\".*?</td>", table, re.DOTALL)
    assert "is-free" in day
    assert '<a class="calendar-count" href="#day-2027-03-26">1' in day
    assert f'9.30 <a href="{meeting.url}">' in day
    english = read("anna", f"/calendar?show=month&{MARCH}&lang=en")
    assert english.count("<td") == 35


def test_stranger_gets_404(meeting: Any, ask: Any) -> None:
    assert ask("hans", "get", "/api/v1/programmes/proef/calendar").status_code == 404
    assert titles(ask, "hans") == []


def test_what_is_not_to_be_seen_is_left_out(meeting: Any, announced: Any, plan: Any, ask: Any, read: Any) -> None:
    plan(title="Een concept")
    announced(
        title="Voor iedereen", owner=Programme, id=ask("fons", "get", "/api/v1/programmes/proef").json["id"], who="fons"
    )
    for path in PATHS:
        assert titles(ask, "anna", path) == ["Plaats maken", "Voor iedereen"]
        assert titles(ask, "chris", path) == ["Voor iedereen"], "of another community"
        assert sorted(titles(ask, "eva", path)) == ["Een concept", "Plaats maken", "Voor iedereen"]
        assert "Een concept" not in read("anna", f"{path}?show=month&{MARCH}")
        assert "Concept" in read("eva", f"{path}?show=month&{MARCH}")


def test_a_cancelled_meeting_is_struck_and_named(meeting: Any, ask: Any, read: Any) -> None:
    ask("eva", "put", f"{meeting.api}/cancellation", reason="Storm")
    for show in ("days", "month"):
        page = read("anna", f"/calendar?show={show}&{MARCH}")
        assert '<s><bdi>Plaats maken</bdi></s></a> <span class="badge">Afgezegd</span>' in page
        assert "Nog geen antwoord" not in page


def test_a_moved_meeting_asks_again(meeting: Any, ask: Any, read: Any) -> None:
    ask("anna", "put", f"{meeting.api}/answer", answer="yes")
    ask("eva", "put", f"{meeting.api}/moving", starts="2027-03-30T10:00", ends="2027-03-30T12:00")
    page = read("anna", f"/calendar?{MARCH}")
    assert "Verplaatst sinds uw antwoord. Kunt u nog?" in page
    assert '<h3 id="day-2027-03-30">' in page
    assert '<h3 id="day-2027-03-26">' not in page


def test_mine_come_first(announced: Any, ask: Any) -> None:
    made = [announced(title=title, starts=START + n * HOUR, ends=START + 9 * HOUR) for n, title in enumerate("ABC")]
    ask("anna", "put", f"{made[0].api}/answer", answer="no")
    ask("anna", "put", f"{made[2].api}/answer", answer="yes")
    assert titles(ask, "anna") == ["C", "B", "A"]
    assert titles(ask, "anna", PATHS[1]) == ["A", "B", "C"], "by the hour"


def test_the_edges_of_a_month_are_those_of_amsterdam(announced: Any, ask: Any) -> None:
    begin = clock.from_local(datetime(2027, 4, 1))
    announced(title="Maart", starts=begin - HOUR, ends=begin)
    announced(title="April", starts=begin, ends=begin + HOUR)
    announced(title="Beide", starts=begin - HOUR, ends=begin + HOUR)
    assert titles(ask, "anna") == ["Maart", "Beide"]
    assert titles(ask, "anna", query="month=2027-04") == ["Beide", "April"]


def test_a_meeting_of_several_days_is_on_each_of_them() -> None:
    begin = clock.from_local(datetime(2027, 3, 30, 10))
    days = [MeetingDay(begin + n * DAY, begin + n * DAY + 6 * HOUR) for n in range(3)]
    one = CalendarMeeting(
        7, "Reis", 1, "other", "announced", "", False, begin, days[-1].ends, None, None, 1
    )  # fmt: skip
    march, april = (by_day([one], {7: days}, Month(2027, number)) for number in (3, 4))
    assert [(day, [(row.number, row.total) for row in rows]) for day, rows in march.items()] == [
        (date(2027, 3, 30), [(1, 3)]), (date(2027, 3, 31), [(2, 3)]),
    ]  # fmt: skip
    assert list(april) == [date(2027, 4, 1)]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("month", ["2027-13", "2027", "x", "1999-12", "2100-01", "2027-03-01"])
def test_bad_input_names_the_field(path: str, month: str, ask: Any) -> None:
    answer = ask("anna", "get", f"/api/v1{path}?month={month}")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"month"})


def test_the_calendar_has_a_beginning_and_an_end(read: Any) -> None:
    first, last = (read("anna", f"/calendar?month={month}") for month in ("2000-01", "2099-12"))
    assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
    assert ('rel="prev"' in last, 'rel="next"' in last) == (True, False)


def test_dates_of_the_programme(app: Any, cast: Any, read: Any, ask: Any) -> None:
    with app.app_context(), transaction():
        programme = db.session.get_one(Community, cast.one).programme_id
        db.session.add(
            Phase(programme_id=programme, kind="deepening", starts=date(2027, 3, 31), ends=date(2027, 6, 30))
        )
        for slug, published in (("open", NOW), ("concept", None)):
            questions = Questionnaire(purpose="call")
            db.session.add(questions)
            db.session.flush()
            call = Call(
                programme_id=programme, questionnaire_id=questions.id, slug=slug, title=slug, published=published
            )
            db.session.add(call)
            db.session.flush()
            for day in (10, 21):
                closes = clock.from_local(datetime(2027, 3, day))
                db.session.add(CallWindow(call_id=call.id, opens=NOW, closes=closes))
    for path in PATHS:
        page = read("anna", f"{path}?{MARCH}")
        assert re.findall(r'<h3 id="day-([\d-]+)', page) == ["2027-03-20", "2027-03-31"]
        assert '<a href="/calls/open">Laatste dag van de oproep open</a>' in page
        assert "/calls/concept" not in page
        assert "Begin van de fase Verdieping" in page
        assert "Begin van de fase" in read("anna", f"{path}?show=month&{MARCH}")
    assert "Begin van de fase" not in read("hans", f"/calendar?{MARCH}")


@pytest.mark.parametrize("path", PATHS)
def test_two_hundred_meetings_take_six_statements(
    path: str, app: Any, cast: Any, count_statements: Any, read: Any
) -> None:
    with app.app_context(), transaction():
        eva, one = db.session.get_one(Person, cast.eva), db.session.get_one(Community, cast.one)
        for n in range(200):
            begin = START - 20 * DAY + n * HOUR
            planned: Meeting = actions.plan(eva, one, title=f"Dag {n}", kind="other", starts=begin, ends=begin + HOUR)
            planned.status, planned.state, planned.stamp = "announced", "live", clock.now()
    read("anna", "/meetings")  # who they are is known from any page
    for show in ("days", "month"):
        with count_statements() as statements:
            page = read("anna", f"{path}?show={show}&{MARCH}")
        assert "Dag 199" in page
        assert len(statements) <= 6, statements


def test_only_meetings_of_the_month_are_read(announced: Any, ask: Any, app: Any) -> None:
    for days in (-20, 0, 40):
        announced(title=f"{days}", starts=START + days * DAY, ends=START + days * DAY + HOUR)
    assert titles(ask, "anna") == ["-20", "0"]
    month = Month(2027, 3)
    assert (month.begins, month.ends) == (
        datetime(2027, 2, 28, 23, tzinfo=UTC), datetime(2027, 3, 31, 22, tzinfo=UTC),
    )  # fmt: skip
    assert len(month.weeks) == 5
