"""Templates, copies and series of meetings: meetings.plan_series, meetings.edit_series and meetings.announce_series."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from cop.agenda import actions as agenda
from cop.agenda.models import blocks_of
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import CalendarPart, Email
from cop.base.jobs import Job
from cop.meetings import actions
from cop.meetings.models import Meeting, MeetingDay, MeetingSeries
from cop.notices.models import Notice
from cop.partnerships import actions as partnerships
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START

NEW = "/communities/een/meetings/new"
DATES = ("2027-04-09", "2027-03-26", "2027-04-23")
DAYS = [{"starts": f"{day}T09:30", "ends": f"{day}T12:00"} for day in DATES]
COPIED = {
    "title": "Plaats maken",
    "host": "Gemeente Proefdam",
    "capacity": "7",
    "starts_day": "",
    "starts_time": "09:30",
    "ends_day": "",
    "ends_time": "15:30",
    "day_2_starts_day": "",
    "day_2_starts_time": "09:30",
    "day_2_ends_time": "11:30",
}
TYPED = {
    "title": "Leerkring",
    "kind": "thematic",
    "begin_time": "9.30",
    "end_time": "12:00",
    "date_1": "26 maart 2027",
    "date_2": "9-4-2027",
    "date_3": "",
    "any_number": "1",
    "capacity": "",
    "venue": "Raadhuis",
}


def value_of(shown: str, name: str) -> str:
    """Return the value of a field of a form."""
    found = re.search(rf'<input [^>]*name="{name}"[^>]*>', shown)
    assert found, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def post(cast: Any, who: str, url: str, **given: Any) -> Any:
    return cast.client(None).post(url, data=given, headers={**cast.api(who), "Accept": "text/html"})


@pytest.fixture
def series(ask: Any) -> SimpleNamespace:
    """A series of three drafts of the first community; `meetings` are their rows, the first one first."""
    made = ask("eva", "post", "/api/v1/communities/een/series", title="Leerkring", kind="thematic", days=DAYS)
    assert made.status_code == 201, made.text
    url = made.json["url"]
    return SimpleNamespace(id=made.json["id"], url=url, api=f"/api/v1{url}", meetings=made.json["meetings"])


# Templates


@pytest.mark.parametrize(
    ("name", "title", "begin", "end"),
    [
        ("thematic", "Themabijeenkomst", "09:30", "16:30"),
        ("kick_off", "Kick-off", "13:00", "16:30"),
        ("symposium", "Slotsymposium", "10:00", "16:30"),
        ("online", "Online bijeenkomst", "10:00", "12:00"),
    ],
)
def test_a_template_fills_the_form(read: Any, name: str, title: str, begin: str, end: str) -> None:
    shown = read("eva", f"{NEW}?template={name}")
    fields = ("title", "starts_day", "starts_time", "ends_time")
    assert [value_of(shown, field) for field in fields] == [title, "", begin, end]
    assert f'?template={name}" aria-current="page"' in shown


def test_no_template_and_an_unknown_one(read: Any) -> None:
    assert value_of(read("eva", NEW), "starts_time") == ""
    read("eva", f"{NEW}?template=feest", 422)


# Copies


@pytest.fixture
def original(plan: Any, app: Any, cast: Any) -> Any:
    """A meeting of two days with a programme; one block is led by Anna, one by nobody, one by somebody from elsewhere."""
    days = [
        MeetingDay(START, START + 6 * HOUR),
        MeetingDay(START + timedelta(days=1), START + timedelta(days=1, hours=2)),
    ]
    made = plan(days=days, starts=None, ends=None, purpose="Samen kijken", host="Gemeente Proefdam", capacity=7)
    with app.app_context(), transaction():
        eva, meeting = db.session.get_one(Person, cast.eva), db.session.get_one(Meeting, made.id)
        agenda.add(eva, meeting, kind="news", minutes=30, leader="Anna Adem")
        agenda.add(eva, meeting, kind="break", minutes=30)
        agenda.add(eva, meeting, kind="deep_dive", minutes=30, leader="Een gast")
    return made


def test_works_for_a_copy(original: Any, cast: Any, read: Any, app: Any) -> None:
    assert f'href="{NEW}?copy={original.id}"' in read("eva", original.url)
    shown = read("eva", f"{NEW}?copy={original.id}")
    assert "Samen kijken" in shown
    assert {name: value_of(shown, name) for name in COPIED} == COPIED
    given = {
        "title": "Plaats maken 2",
        "kind": "thematic",
        "starts_day": "7-5-2027",
        "starts_time": "9.30",
        "ends_time": "15.30",
        "copied_from": str(original.id),
    }
    assert 'name="copied_from"' in post(cast, "eva", "/communities/een/meetings", **{**given, "title": ""}).text
    made = post(cast, "eva", "/communities/een/meetings", **given)
    assert made.status_code == 303
    with app.app_context():
        copied = blocks_of(int(made.location.rpartition("/")[2]))
        assert [(block.kind, block.minutes, block.leader, block.leader_id) for block in copied] == [
            ("news", 30, "Anna Adem", cast.anna),
            ("break", 30, "", None),
            ("deep_dive", 30, "Een gast", None),
        ]


def test_a_copy_leaves_out_who_left(original: Any, cast: Any, ask: Any, app: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.anna).state = "deactivated"
    made = ask(
        "eva",
        "post",
        "/api/v1/communities/een/meetings",
        title="Weer",
        kind="other",
        copied_from=original.id,
        **DAYS[0],
    )
    assert made.status_code == 201
    with app.app_context():
        assert [block.leader for block in blocks_of(made.json["id"])] == ["", "", "Een gast"]


def test_a_copy_is_of_the_same_audience(original: Any, cast: Any, ask: Any, read: Any) -> None:
    read("jan", f"/communities/twee/meetings/new?copy={original.id}", 404)
    refused = ask(
        "jan", "post", "/api/v1/communities/twee/meetings", title="x", kind="other", copied_from=original.id, **DAYS[0]
    )
    assert (refused.status_code, refused.content_type) == (409, "application/problem+json")
    read("anna", f"{NEW}?copy={original.id}", 403)


def test_nobody_else_sees_the_button(meeting: Any, read: Any) -> None:
    assert "?copy=" not in read("anna", meeting.url)


# Series


def test_works(cast: Any, read: Any) -> None:
    assert "/communities/een/series/new" in read("eva", "/communities/een/meetings")
    assert "Nieuwe reeks" in read("eva", "/communities/een/series/new")
    another = post(cast, "eva", "/communities/een/series", **TYPED, another_day="1")
    assert (another.status_code, another.text.count('name="date_')) == (422, 3)
    assert 'value="26 maart 2027"' in another.text
    made = post(cast, "eva", "/communities/een/series", **TYPED)
    assert made.status_code == 303
    shown = read("eva", made.location)
    assert "Reeks van 2 bijeenkomsten" in shown
    assert "vrijdag 26 maart 2027, 09.30 tot 12.00 uur" in shown


def test_bad_input_names_the_field(cast: Any, ask: Any) -> None:
    for wrong, name in (
        ({"date_2": ""}, "date_2"),
        ({"date_3": "31-2-2027"}, "date_3"),
        ({"begin_time": ""}, "begin_time"),
        ({"end_time": "9.00"}, "end_time"),
        ({"date_3": "26-3-2027"}, "days"),
    ):
        refused = post(cast, "eva", "/communities/een/series", **{**TYPED, **wrong})
        assert refused.status_code == 422, wrong
        assert f'href="#f-{name}"' in refused.text, wrong
    for days in ([], DAYS[:1], DAYS * 3, [DAYS[0], {"starts": "2027-05-07T12:00", "ends": "2027-05-07T09:00"}]):
        refused = ask("eva", "post", "/api/v1/communities/een/series", title="x", kind="other", days=days)
        assert (refused.status_code, refused.content_type) == (422, "application/problem+json")


def test_works_by_api(series: Any, ask: Any, read: Any) -> None:
    shared = {"dates": [*DATES], "begin_time": "9.30", "end_time": "12.00"}
    made = ask("eva", "post", "/api/v1/communities/een/series", title="Samen", kind="other", **shared)
    same = [(row["starts"], row["ends"]) for row in series.meetings]
    assert [(row["starts"], row["ends"]) for row in made.json["meetings"]] == same
    assert [row["starts"][:10] for row in series.meetings] == sorted(DATES)
    second = ask("eva", "get", f"/api/v1{series.meetings[1]['url']}").json
    assert second["series"] == {"id": series.id, "url": series.url, "title": "Leerkring", "number": 2, "of": 3}
    assert "Bijeenkomst 2 van 3" in read("eva", second["url"])
    assert ask("eva", "get", series.api).json["meetings"] == series.meetings
    assert ask("anna", "get", series.api).status_code == 404
    assert ask("eva", "get", "/api/v1/series/999999").status_code == 404


def test_a_programme_and_a_partnership_have_series(ask: Any, cast: Any, run_as: Any) -> None:
    duo = run_as("fons", partnerships.add, Programme, cast.programme, name="Duo", organisations=cast.organisations[:2])
    for whose in ("programmes/proef", f"partnerships/{duo}"):
        given = {"title": "Reeks", "kind": "other", "days": DAYS}
        assert ask("fons", "post", f"/api/v1/{whose}/series", **given).status_code == 201
        assert ask("eva", "post", f"/api/v1/{whose}/series", **given).status_code in (403, 404)


def test_works_for_announce(series: Any, cast: Any, read: Any, mails: Any, app: Any, run_jobs: Any) -> None:
    shown = read("eva", f"{series.url}/announcement")
    assert "6 mensen krijgen voor elke bijeenkomst een uitnodiging" in shown
    assert "Samen zijn dat 18 mails." in shown
    assert mails("anna") == []
    assert post(cast, "eva", f"{series.url}/announcement").location == series.url
    for who in ("anna", "gerda", "eva"):
        sent = mails(who)
        assert [mail.item.starts.date().isoformat() for mail in sent] == sorted(DATES)
        assert len({mail.item.uid for mail in sent}) == 3
    assert mails("chris") == []
    assert post(cast, "eva", f"{series.url}/announcement").status_code == 409
    run_jobs()
    run_jobs()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Email).where(Email.state == "sent")) == 18
    assert "Bijeenkomst 3 van 3" in read("anna", series.meetings[2]["url"])
    assert "Alles aankondigen" not in read("anna", series.url)


def test_announce_leaves_what_was_announced(series: Any, ask: Any, mails: Any) -> None:
    ask("eva", "put", f"/api/v1{series.meetings[0]['url']}/announcement")
    assert ask("anna", "get", series.api).status_code == 404, "one meeting is no series"
    assert ask("anna", "get", f"/api/v1{series.meetings[0]['url']}").json["series"] is None
    done = ask("eva", "put", f"{series.api}/announcement")
    assert [row["status"] for row in done.json["meetings"]] == ["announced"] * 3
    assert len(mails("anna")) == 3


def test_announces_all_or_none(series: Any, ask: Any, mails: Any, app: Any) -> None:
    go_to(START + HOUR)
    refused = ask("eva", "put", f"{series.api}/announcement")
    assert (refused.status_code, refused.content_type) == (409, "application/problem+json")
    assert mails("anna") == []
    with app.app_context():
        assert set(db.session.scalars(select(Meeting.status))) == {"draft"}


def test_stranger_gets_404(series: Any, ask: Any) -> None:
    for who in ("anna", "chris", "hans"):
        assert ask(who, "put", f"{series.api}/announcement").status_code == 404, who
    given = {"title": "x", "kind": "other", "days": DAYS}
    assert ask("chris", "post", "/api/v1/communities/een/series", **given).status_code == 404


def test_wrong_role_gets_403(series: Any, ask: Any) -> None:
    assert ask("eva", "put", f"{series.api}/announcement").status_code == 200
    assert ask("anna", "put", f"{series.api}/announcement").status_code == 403
    given = {"title": "x", "kind": "other", "days": DAYS}
    assert ask("anna", "post", "/api/v1/communities/een/series", **given).status_code == 403


def test_is_journalled(series: Any, ask: Any, journal_entries: Any) -> None:
    ask("eva", "put", f"{series.api}/announcement")
    (planned,) = journal_entries("meetings.plan_series")
    (announced,) = journal_entries("meetings.announce_series")
    assert planned.details == announced.details == {"series": series.id, "meetings": 3}
    assert len(journal_entries("meetings.announce")) == 3


def test_a_meeting_leaves_and_joins(series: Any, plan: Any, ask: Any, read: Any, cast: Any, app: Any) -> None:
    first = f"/api/v1{series.meetings[0]['url']}"
    assert ask("eva", "patch", first, series=0).json["series"] is None
    assert ask("eva", "get", f"/api/v1{series.meetings[1]['url']}").json["series"]["number"] == 1
    other = plan(title="Erbij")
    assert f'<option value="{series.id}">' in read("eva", f"{other.url}/edit")
    assert post(cast, "eva", other.url, title="Erbij", kind="other", series=str(series.id)).status_code == 303
    place = ask("eva", "get", other.api).json["series"]
    assert (place["number"], place["of"]) == (1, 3)
    for one in (*(f"/api/v1{row['url']}" for row in series.meetings[1:]), other.api):
        assert ask("eva", "patch", one, title="Los", series=0).status_code == 200
    with app.app_context():
        assert db.session.get(MeetingSeries, series.id) is None, "without meetings there is no series"


def test_a_series_of_others_cannot_be_chosen(series: Any, plan: Any, cast: Any, ask: Any, read: Any) -> None:
    elsewhere = plan(who="jan", id=cast.two)
    assert "Leerkring" not in read("jan", f"{elsewhere.url}/edit")
    refused = ask("jan", "patch", elsewhere.api, series=series.id)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["series"])


def test_a_meeting_of_a_community_in_the_series_of_its_programme(cast: Any, plan: Any, ask: Any, read: Any) -> None:
    whole = ask("fons", "post", "/api/v1/programmes/proef/series", title="Het jaar", kind="other", days=DAYS[:2]).json
    own = plan(who="fons")
    assert ask("eva", "patch", own.api, series=whole["id"]).status_code == 422
    assert ask("fons", "patch", own.api, series=whole["id"]).json["series"]["of"] == 3
    ask("fons", "put", f"/api/v1{whole['url']}/announcement")
    assert len(ask("anna", "get", f"/api/v1{whole['url']}").json["meetings"]) == 3
    seen = ask("chris", "get", f"/api/v1{whole['url']}").json["meetings"]
    assert own.id not in {row["id"] for row in seen}
    assert len(seen) == 2
    assert "van 2" in read("chris", seen[0]["url"])
    assert ask("eva", "patch", own.api, title="Anders", series=whole["id"]).status_code == 200, "it stays in its series"


def test_cancelling_and_removing(series: Any, ask: Any, mails: Any, app: Any) -> None:
    assert ask("eva", "delete", f"/api/v1{series.meetings[0]['url']}").status_code == 204
    assert ask("eva", "get", f"/api/v1{series.meetings[2]['url']}").json["series"]["number"] == 2
    ask("eva", "put", f"{series.api}/announcement")
    ask("eva", "put", f"/api/v1{series.meetings[1]['url']}/cancellation", reason="Storm")
    assert [row["status"] for row in ask("anna", "get", series.api).json["meetings"]] == ["cancelled", "announced"]
    assert [mail.item.method for mail in mails("anna")] == ["REQUEST", "REQUEST", "CANCEL"]


def test_removing_the_last_draft_removes_the_series(series: Any, ask: Any, app: Any) -> None:
    for row in series.meetings:
        assert ask("eva", "delete", f"/api/v1{row['url']}").status_code == 204
    with app.app_context():
        assert db.session.get(MeetingSeries, series.id) is None


def test_one_statement_more(series: Any, plan: Any, cast: Any, ask: Any, count_statements: Any) -> None:
    ask("eva", "put", f"{series.api}/announcement")
    single = plan()
    ask("eva", "put", f"{single.api}/announcement")
    client, numbers = cast.client(None), []
    headers = {**cast.api("anna"), "Accept": "text/html"}
    client.get("/meetings", headers=headers)
    for url in (single.url, series.meetings[1]["url"]):
        with count_statements() as statements:
            assert client.get(url, headers=headers).status_code == 200
        numbers.append(len(statements))
    assert numbers[1] == numbers[0] + 1, numbers


def test_2500_mails_in_one_transaction(app: Any, cast: Any, run_as: Any, monkeypatch: Any) -> None:
    """CPU time of the announcement of five meetings to 500 people, with their notices."""
    monkeypatch.setattr(jobs, "run_due", lambda: None)
    with app.app_context(), transaction():
        people = [
            {"mail": f"lid{n}@proef.example", "name": f"Lid {n}", "state": "active", "entered": clock.now()}
            for n in range(494)
        ]
        ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
        db.session.execute(
            insert(Membership), [{"person_id": id, "community_id": cast.one, "role": "member"} for id in ids]
        )
    days = [MeetingDay(START + timedelta(days=n), START + timedelta(days=n, hours=2)) for n in range(5)]
    with app.app_context(), transaction():
        eva, one = db.session.get_one(Person, cast.eva), db.session.get_one(Community, cast.one)
        made = actions.plan_series(eva, one, title="Leerkring", kind="thematic", days=days).id
    begun = time.process_time()
    run_as("eva", actions.announce_series, MeetingSeries, made)
    used = time.process_time() - begun
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Email)) == 2500
        assert db.session.scalar(select(func.count()).select_from(CalendarPart)) == 5
        assert db.session.scalar(select(func.count()).select_from(Job).where(Job.name == "mail.send")) <= 2500
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 5 * 499
    print(f"2500 mails: {used:.2f} s of CPU")
    assert used < 15


# Its title and text


def test_a_series_gets_another_title(
    series: SimpleNamespace, ask: Any, cast: Any, read: Any, journal_entries: Any
) -> None:
    first = series.meetings[0]
    assert ask("eva", "put", f"{series.api}/announcement").status_code == 200
    assert "Reeks wijzigen" in read("eva", series.url)
    assert "Reeks wijzigen" not in read("anna", series.url)
    given = {"title": "Leerkring <wonen>", "text": "Drie keer over\nde wijk"}
    assert post(cast, "eva", series.url, **given).location == series.url
    for page in (read("anna", series.url), read("anna", first["url"])):
        assert "Leerkring &lt;wonen&gt;" in page
        assert "Drie keer over" in page
    shown = ask("anna", "get", series.api).json
    assert (shown["title"], shown["text"]) == (given["title"], given["text"])
    assert ask("anna", "get", f"/api/v1{first['url']}").json["title"] == "Leerkring", "of the meeting itself"
    back = ask("eva", "patch", series.api, title="Leerkring").json
    assert (back["title"], back["text"]) == ("Leerkring", given["text"])
    assert [entry.details for entry in journal_entries("meetings.edit_series")] == [{"series": series.id}] * 2


def test_who_does_not_plan_changes_no_series(series: SimpleNamespace, ask: Any, cast: Any) -> None:
    assert ask("anna", "patch", series.api, title="X").status_code == 404, "of drafts"
    ask("eva", "put", f"{series.api}/announcement")
    assert ask("anna", "patch", series.api, title="X").status_code == 403
    assert ask("chris", "patch", series.api, title="X").status_code == 404
    refused = post(cast, "eva", series.url, title="", text="Blijft staan")
    assert (refused.status_code, "Blijft staan" in refused.text) == (422, True)
    assert list(ask("eva", "patch", series.api, title=" ").json["errors"]) == ["title"]
