"""attendance.mark and attendance.unmark: the list that team and host keep of who is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cop.base.action import transaction
from cop.base.db import db
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from cop.programmes import actions as programmes
from cop.society.people import Person
from cop.society.programmes import Programme
from tests.attendance.conftest import DAY
from tests.conftest import go_to
from tests.meetings.conftest import START


def test_works(meeting: Any, post: Any, read: Any, cast: Any) -> None:
    shown = read("eva", f"{meeting.url}/attendance")
    assert "0 van 2 aanwezig" in shown
    assert shown.count("Nog niet genoteerd") == 2
    row = f"{meeting.url}/attendance/{cast.anna}"
    answer = post("eva", f"{row}?day={DAY}&q=Anna", state="late")
    assert answer.location == f"{meeting.url}/attendance?day={DAY}&q=Anna#person-{cast.anna}"
    shown = read("fons", f"{meeting.url}/attendance")
    assert "1 van 2 aanwezig" in shown
    assert "<strong>Kwam later</strong>, 09.30" in shown
    assert post("fons", f"{row}/delete?day={DAY}").status_code == 303
    assert "0 van 2 aanwezig" in read("eva", f"{meeting.url}/attendance")


def test_works_by_api(mark: Any, states: Any) -> None:
    answer = mark("anna")
    assert answer.status_code == 200
    assert (answer.json["state"], answer.json["expected"], answer.json["own"]) == ("present", True, False)
    assert mark("bram", "absent").json["state"] == "absent"
    assert states() == {"Anna Adem": "present", "Bram Baan": "absent"}
    assert mark("anna", "late").json["state"] == "late", "corrected"
    assert mark("anna", "").json["state"] == ""
    assert states() == {"Anna Adem": "", "Bram Baan": "absent"}


def test_a_stream_brings_the_row_and_the_count(meeting: Any, cast: Any) -> None:
    headers = {**cast.api("eva"), "Accept": "text/vnd.turbo-stream.html"}
    url = f"{meeting.url}/attendance/{cast.anna}?day={DAY}"
    answer = cast.client(None).post(url, data={"state": "present"}, headers=headers)
    assert f'id="person-{cast.anna}"' in answer.text
    assert "1 van 2 aanwezig" in answer.text
    assert "Anna Adem: aanwezig." in answer.text


def test_somebody_who_did_not_sign_up_is_found_and_added(meeting: Any, mark: Any, states: Any, read: Any) -> None:
    assert list(states("?q=dina").values()) == [""]
    assert "Niet aangemeld" in read("eva", f"{meeting.url}/attendance?q=Dina")
    assert "Verder is niemand" in read("eva", f"{meeting.url}/attendance?q=Chris")
    assert "Verder is niemand" in read("eva", f"{meeting.url}/attendance?q=%25"), "a wildcard is a character"
    added = mark("dina")
    assert (added.json["state"], added.json["expected"]) == ("present", False)
    assert len(states()) == 3
    assert "1 van 3 aanwezig" in read("eva", f"{meeting.url}/attendance")
    assert mark("chris").status_code == 404, "not in the audience"
    mark("dina", "")
    assert len(states()) == 2


def test_the_host_marks_too(meeting: Any, app: Any, cast: Any, mark: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Meeting, meeting.id).host_id = db.session.get_one(Person, cast.anna).organisation_id
    assert mark("bram", who="anna").status_code == 200


def test_stranger_gets_404(meeting: Any, mark: Any, ask: Any, read: Any) -> None:
    for who in ("anna", "gerda", "dina", "chris", "iris"):
        assert mark("bram", who=who).status_code == 404
        assert mark("bram", "", who=who).status_code == 404
        for path in ("attendance", "attendance/code", "day", "screen"):
            assert ask(who, "get", f"{meeting.api}/{path}").status_code == 404
            read(who, f"{meeting.url}/{path}", 404)


def test_bad_input_names_the_field(mark: Any) -> None:
    assert "state" in mark("anna", "asleep").json["errors"]
    assert "day" in mark("anna", day="2027-03-27").json["errors"]


def test_the_list_opens_on_the_day_and_stays_open(meeting: Any, mark: Any, read: Any, run_as: Any, cast: Any) -> None:
    go_to(START - timedelta(days=1))
    assert mark("anna").status_code == 409
    assert "De lijst gaat open op de dag zelf." in read("eva", f"{meeting.url}/attendance")
    go_to(START + timedelta(days=30))
    assert mark("anna").status_code == 200
    run_as("fons", programmes.enter_phase, Programme, cast.programme, phase="archive")
    assert mark("anna", "absent").status_code == 403
    assert "in het archief" in read("eva", f"{meeting.url}/attendance")


def test_a_cancelled_meeting_has_no_list(meeting: Any, run_as: Any, mark: Any, read: Any) -> None:
    run_as("eva", meetings.cancel, Meeting, meeting.id, reason="Storm")
    assert mark("anna").status_code == 404
    read("eva", f"{meeting.url}/day", 404)


def test_is_journalled(mark: Any, journal_entries: Any, meeting: Any, cast: Any) -> None:
    mark("anna", "late")
    mark("anna", "")
    (entry,) = journal_entries("attendance.mark")
    assert (entry.object_id, entry.details) == (meeting.id, {"member": cast.anna, "state": "late"})
    assert journal_entries("attendance.unmark")[0].details == {"member": cast.anna}


def test_the_page_of_the_meeting_says_who_was_there(meeting: Any, mark: Any, read: Any) -> None:
    go_to(START - timedelta(days=2))
    assert "De dag leiden" not in read("eva", meeting.url)
    go_to(START - timedelta(hours=20))
    shown = read("eva", meeting.url)
    assert all(f"{meeting.url}/{path}" in shown for path in ("day", "screen", "attendance"))
    assert f"{meeting.url}/screen" not in read("anna", meeting.url)
    go_to(START + timedelta(days=1))
    assert "Er is niet bijgehouden wie er was." in read("eva", meeting.url)
    mark("anna")
    mark("bram", "absent")
    assert "1 persoon was er." in read("eva", meeting.url)
    for who in ("bram", "gerda"):
        assert "was er." not in read(who, meeting.url)


def test_new_minutes_name_who_was_there(meeting: Any, mark: Any, ask: Any) -> None:
    mark("anna", "late")
    mark("bram", "absent")
    mark("dina")
    ask("eva", "post", f"{meeting.api}/minutes")
    html = ask("eva", "get", f"{meeting.api}/minutes/blocks").json["items"][0]["html"]
    assert "Anna Adem" in html
    assert "Dina" in html
    assert "Bram" not in html


def test_who_left_without_a_name_stays_counted(meeting: Any, mark: Any, app: Any, cast: Any, states: Any) -> None:
    mark("anna")
    with app.app_context(), transaction():
        person = db.session.get_one(Person, cast.anna)
        person.name, person.former = "", True
    assert states() == {"Oud-deelnemer": "present", "Bram Baan": ""}
