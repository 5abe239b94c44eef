"""agenda.add, agenda.fill, agenda.edit, agenda.move, agenda.remove, agenda.restore: the blocks of a meeting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cop.access import SYSTEM
from cop.agenda.models import AgendaBlock, MeetingQuestion
from cop.base.db import db
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START


def hours(ask: Any, meeting: Any, who: str = "anna") -> list[tuple[str, str, str]]:
    """Return (kind, begin, end) of every block, in UTC."""
    rows = ask(who, "get", f"{meeting.api}/agenda").json["items"]
    return [(row["kind"], row["starts"][11:16], row["ends"][11:16]) for row in rows]


def test_works(meeting: Any, post: Any, read: Any) -> None:
    assert "Het programma volgt." in read("anna", meeting.url)
    given = {"kind": "own", "title": "Rondgang", "minutes": "45", "leader": "Wethouder De Boer", "text": "Jas mee"}
    added = post("eva", f"{meeting.url}/blocks", **given)
    assert (added.status_code, added.location.partition("#")[0]) == (303, f"{meeting.url}/agenda")
    shown = read("anna", meeting.url)
    assert all(words in shown for words in ("Rondgang", "09.30 tot 10.15 uur", "Wethouder De Boer", "Jas mee"))
    assert "Programma wijzigen" not in shown
    assert "Onderdeel toevoegen" not in read("anna", f"{meeting.url}/agenda")
    assert "Onderdeel toevoegen" in read("eva", f"{meeting.url}/agenda")
    assert "Programma wijzigen" in read("fons", meeting.url)


def test_works_by_api(meeting: Any, block: Any, ask: Any) -> None:
    first, second, third = block(45), block(30, "break"), block(60, "deep_dive")
    assert hours(ask, meeting) == [
        ("news", "08:30", "09:15"),
        ("break", "09:15", "09:45"),
        ("deep_dive", "09:45", "10:45"),
    ]
    longer = ask("eva", "patch", f"/api/v1/blocks/{first['id']}", minutes=60, base_version=first["version"])
    assert (longer.json["minutes"], longer.json["ends"][11:16]) == (60, "09:30")
    assert hours(ask, meeting)[2] == ("deep_dive", "10:00", "11:00")
    moved = ask("eva", "put", f"/api/v1/blocks/{third['id']}/position", to="up")
    assert moved.json["starts"][11:16] == "09:30"
    assert [kind for kind, _begin, _end in hours(ask, meeting)] == ["news", "deep_dive", "break"]
    for _again in range(2):
        ask("eva", "put", f"/api/v1/blocks/{second['id']}/position", to="down")
    assert hours(ask, meeting)[2] == ("break", "10:30", "11:00"), "the last one stays"
    assert ask("eva", "delete", f"/api/v1/blocks/{first['id']}").status_code == 204
    assert hours(ask, meeting) == [("deep_dive", "08:30", "09:30"), ("break", "09:30", "10:00")]
    assert ask("eva", "patch", f"/api/v1/blocks/{first['id']}", minutes=5).status_code == 409
    restored = ask("eva", "post", f"/api/v1/blocks/{first['id']}/restoring")
    assert restored.json["position"] == first["position"]
    assert hours(ask, meeting)[0] == ("news", "08:30", "09:30")


def test_works_for_the_usual_day(meeting: Any, post: Any, ask: Any, read: Any) -> None:
    assert "Gebruikelijke dag invullen" in read("eva", f"{meeting.url}/agenda")
    assert post("eva", f"{meeting.url}/usual-day").status_code == 303
    found = hours(ask, meeting)
    assert [kind for kind, _begin, _end in found] == ["news", "peer_review", "break", "deep_dive", "site_visit"]
    assert (found[0][1], found[-1][2]) == ("08:30", "14:30"), "as long as the meeting"
    assert post("eva", f"{meeting.url}/usual-day").status_code == 409
    assert "Er staat al een programma." in post("eva", f"{meeting.url}/usual-day").text


@pytest.mark.parametrize(
    ("length", "wanted"),
    [
        (timedelta(hours=7), ["08:30", "09:15", "11:00", "12:00", "14:00", "15:30"]),  # 9.30, 10.15, 12, 13, 15, 16.30
        (timedelta(days=1, hours=7), ["08:30", "09:15", "11:00", "12:00", "14:00", "15:30"]),
        (timedelta(minutes=50), ["08:30", "08:35", "08:50", "08:55", "09:10", "09:20"]),
    ],
)
def test_the_usual_day_is_scaled(plan: Any, ask: Any, length: timedelta, wanted: list[str]) -> None:
    planned = plan(ends=START + length)
    assert ask("eva", "post", f"{planned.api}/usual-day").status_code == 200
    found = hours(ask, planned, "eva")
    assert [found[0][1], *(end for _kind, _begin, end in found)] == wanted
    assert ask("bram", "get", f"{planned.api}/agenda").status_code == 404, "of a draft"


def test_a_short_meeting_has_no_usual_day(plan: Any, ask: Any, read: Any) -> None:
    planned = plan(ends=START + timedelta(minutes=45))
    assert "Gebruikelijke dag invullen" not in read("eva", f"{planned.url}/agenda")
    assert ask("eva", "post", f"{planned.api}/usual-day").status_code == 409


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), "03.30"),  # 0.30; the clock goes from 2 to 3
        (datetime(2027, 10, 30, 22, 30, tzinfo=UTC), "01.30"),  # 0.30; the clock goes from 3 to 2 an hour later
    ],
)
def test_minutes_pass_over_the_changes_of_summer_time(
    plan: Any, ask: Any, read: Any, starts: datetime, ends: str
) -> None:
    planned = plan(starts=starts, ends=starts + 6 * HOUR)
    hours_of_block = 2 if ends == "03.30" else 1
    ask("eva", "post", f"{planned.api}/blocks", kind="news", minutes=60 * hours_of_block)
    ask("eva", "post", f"{planned.api}/blocks", kind="break", minutes=120)
    rows = ask("eva", "get", f"{planned.api}/agenda").json["items"]
    assert datetime.fromisoformat(rows[1]["ends"]) - starts == timedelta(hours=2 + hours_of_block)
    assert f"00.30 tot {ends} uur" in read("eva", planned.url)
    last = "03.30 tot 05.30 uur" if hours_of_block == 2 else "01.30 tot 02.30 uur"
    assert last in read("eva", planned.url)


def test_the_programme_moves_with_the_meeting_without_mail(
    meeting: Any, block: Any, run_as: Any, ask: Any, mails: Any
) -> None:
    before = len(mails("anna"))
    block(45)
    block(30, "break")
    assert len(mails("anna")) == before, "a programme is no reason for mail"
    run_as("eva", meetings.move, Meeting, meeting.id, starts=START + 3 * HOUR, ends=START + 9 * HOUR)
    assert hours(ask, meeting) == [("news", "11:30", "12:15"), ("break", "12:15", "12:45")]


def test_who_runs_past_the_end_is_warned(meeting: Any, block: Any, read: Any) -> None:
    block(360)
    assert "langer dan de bijeenkomst" not in read("eva", meeting.url)
    block(25, "break")
    for url in (meeting.url, f"{meeting.url}/agenda"):
        assert "Het programma duurt 25 minuten langer dan de bijeenkomst." in read("eva", url)
        assert "langer dan de bijeenkomst" not in read("anna", url)


def test_a_member_leads_by_name(meeting: Any, block: Any, read: Any, cast: Any, app: Any) -> None:
    led = block(leader="anna adem")
    assert (led["person"], led["leader"]) == (cast.anna, "Anna Adem")
    assert f'href="/people/{cast.anna}"' in read("bram", meeting.url)
    with app.app_context():
        assert db.session.get_one(AgendaBlock, led["id"]).leader == "", "the name is that of the person"
    assert block(leader="Chris van elders")["person"] is None


def test_two_who_write_lose_nothing(meeting: Any, block: Any, ask: Any, post: Any) -> None:
    made = block()
    assert ask("eva", "patch", f"/api/v1/blocks/{made['id']}", text="Van Eva", base_version=1).json["version"] == 2
    late = post("fons", f"/blocks/{made['id']}", kind="news", minutes="60", text="Van Fons", base_version="1")
    assert late.status_code == 409
    assert "Van Fons" in late.text


def test_undo_on_the_page(meeting: Any, block: Any, question: Any, ask: Any, post: Any, read: Any) -> None:
    made, asked = block(), question()
    ask("eva", "put", f"/api/v1/questions/{asked['id']}/block", block=made["id"])
    removed = post("eva", f"/blocks/{made['id']}/delete")
    assert (removed.status_code, removed.location) == (303, f"{meeting.url}/agenda")
    assert ask("anna", "get", f"/api/v1/questions/{asked['id']}").json["block"] is None
    assert post("eva", f"/blocks/{made['id']}/restoring").status_code == 303
    assert ask("anna", "get", f"/api/v1/questions/{asked['id']}").json["block"] == made["id"]


def test_stranger_gets_404(meeting: Any, block: Any, ask: Any) -> None:
    made = block()
    assert ask("chris", "get", f"{meeting.api}/agenda").status_code == 404
    assert ask("chris", "post", f"{meeting.api}/blocks", kind="news", minutes=5).status_code == 404
    assert ask("chris", "post", f"{meeting.api}/usual-day").status_code == 404
    for method, path in (("patch", ""), ("put", "/position"), ("delete", ""), ("post", "/restoring")):
        assert ask("chris", method, f"/api/v1/blocks/{made['id']}{path}", minutes=5, to="up").status_code == 404
    assert ask("eva", "patch", "/api/v1/blocks/99999", minutes=5).status_code == 404


def test_wrong_role_gets_403(meeting: Any, block: Any, ask: Any) -> None:
    made = block()
    for who in ("anna", "dina", "gerda"):
        assert ask(who, "post", f"{meeting.api}/blocks", kind="news", minutes=5).status_code == 403
        assert ask(who, "post", f"{meeting.api}/usual-day").status_code == 403
        for method, path in (("patch", ""), ("put", "/position"), ("delete", ""), ("post", "/restoring")):
            assert ask(who, method, f"/api/v1/blocks/{made['id']}{path}", minutes=5, to="up").status_code == 403


def test_bad_input_names_the_field(meeting: Any, block: Any, ask: Any, post: Any) -> None:
    made = block()
    for given, field in (
        ({"kind": "feest", "minutes": 5}, "kind"),
        ({"kind": "news", "minutes": 0}, "minutes"),
        ({"kind": "news", "minutes": 1441}, "minutes"),
        ({"kind": "own", "minutes": 5}, "title"),
    ):
        refused = ask("eva", "post", f"{meeting.api}/blocks", **given)
        assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    shown = post("eva", f"{meeting.url}/blocks", kind="own", minutes="15", text="Blijft staan")
    assert (shown.status_code, "Blijft staan" in shown.text) == (422, True)
    path = f"/api/v1/blocks/{made['id']}"
    assert "title" in ask("eva", "patch", path, kind="own").json["errors"]
    assert "to" in ask("eva", "put", f"{path}/position", to="sideways").json["errors"]


def test_is_journalled(meeting: Any, block: Any, ask: Any, journal_entries: Any) -> None:
    made = block(text="Geheim", title="Titel")
    path = f"/api/v1/blocks/{made['id']}"
    ask("eva", "patch", path, minutes=50)
    ask("eva", "put", f"{path}/position", to="up")
    ask("eva", "delete", path)
    ask("eva", "post", f"{meeting.api}/usual-day")
    ask("eva", "post", f"{path}/restoring")
    (added,) = journal_entries("agenda.add")
    assert added.details == {"block": made["id"], "kind": "news", "minutes": 60, "day": 1}
    for verb in ("edit", "move", "remove", "restore", "fill"):
        assert len(journal_entries(f"agenda.{verb}")) == 1, verb


def test_a_meeting_that_is_over_keeps_its_programme(meeting: Any, block: Any, run_as: Any, ask: Any) -> None:
    made = block()
    go_to(START + 7 * HOUR)
    run_as("eva", lambda _person, row: meetings.hold(SYSTEM, row), Meeting, meeting.id)
    for method, path in (("patch", ""), ("put", "/position"), ("delete", ""), ("post", "/restoring")):
        refused = ask("eva", method, f"/api/v1/blocks/{made['id']}{path}", minutes=5, to="up")
        assert refused.status_code == 409
    assert ask("eva", "post", f"{meeting.api}/blocks", kind="news", minutes=5).status_code == 409
    assert len(ask("anna", "get", f"{meeting.api}/agenda").json["items"]) == 1


def test_a_draft_that_is_removed_takes_its_programme_along(draft: Any, ask: Any, app: Any) -> None:
    assert ask("eva", "post", f"{draft.api}/blocks", kind="news", minutes=5).status_code == 201
    assert ask("eva", "delete", draft.api).status_code == 204
    with app.app_context():
        assert db.session.query(AgendaBlock).count() == db.session.query(MeetingQuestion).count() == 0
