"""meetings.attend: who scans the code of a meeting says that they are there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from cop.attendance.codes import scanned_at, sign_scan, token_of
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START

MINUTE = timedelta(minutes=1)


def test_works(meeting: Any, post: Any, read: Any, states: Any) -> None:
    shown = read("anna", meeting.code)
    assert "Ik ben er" in shown
    assert states()["Anna Adem"] == "", "a GET changes nothing"
    assert post("anna", meeting.code, scan=_scan_on(shown)).location == meeting.code
    assert "Gemeld om 09.30 uur." in read("anna", meeting.code)
    assert states()["Anna Adem"] == "present"
    assert "zelf gemeld" in read("eva", f"{meeting.url}/attendance")


def test_works_by_api_once_a_day(meeting: Any, ask: Any, states: Any, cast: Any) -> None:
    before = ask("gerda", "get", f"/api/v1{meeting.code}").json
    assert (before["here"], before["refusal"], before["meeting"]) == (False, "", meeting.id)
    first = ask("gerda", "post", f"/api/v1{meeting.code}")
    go_to(START + 2 * HOUR)
    second = ask("gerda", "post", f"/api/v1{meeting.code}")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    assert first.json["state"] == "present"
    assert ask("gerda", "get", f"/api/v1{meeting.code}").json["here"] is True
    assert len(states()) == 3, "without an answer before"


@pytest.mark.parametrize(
    ("after", "state"),
    [(-60 * MINUTE, "present"), (14 * MINUTE, "present"), (16 * MINUTE, "late"), (419 * MINUTE, "late")],
)
def test_late_is_from_a_quarter_after_the_start(meeting: Any, ask: Any, after: timedelta, state: str) -> None:
    go_to(START + after)
    assert ask("anna", "post", f"/api/v1{meeting.code}").json["state"] == state


def test_the_code_works_from_an_hour_before_to_an_hour_after(meeting: Any, ask: Any, read: Any, post: Any) -> None:
    go_to(START - 61 * MINUTE)
    assert "vanaf 08.30 uur" in read("anna", meeting.code)
    assert "Ik ben er</button>" not in read("anna", meeting.code)
    assert ask("anna", "post", f"/api/v1{meeting.code}").status_code == 409
    go_to(START + 7 * HOUR + MINUTE)
    refused = post("anna", meeting.code)
    assert refused.status_code == 409
    assert "gold tot 16.30 uur" in refused.text


def _scan_on(shown: str) -> str:
    found = re.search(r'name="scan" value="([^"]+)"', shown)
    assert found is not None
    return found[1]


def test_a_slow_sign_in_keeps_the_moment_of_the_scan(
    meeting: Any, cast: Any, read: Any, post: Any, states: Any
) -> None:
    sent = cast.client(None).get(meeting.code).location
    assert sent.startswith("/sign-in?next=/here/")
    back = unquote(sent.partition("next=")[2])
    go_to(START + 40 * MINUTE)
    scan = _scan_on(read("anna", back))
    post("anna", meeting.code, scan=scan)
    assert "Gemeld om 09.30 uur." in read("anna", meeting.code)
    assert states() == {"Anna Adem": "present", "Bram Baan": ""}


def test_a_session_that_ends_before_the_press_keeps_the_moment_of_the_scan(
    meeting: Any, cast: Any, read: Any, post: Any, states: Any
) -> None:
    scan = _scan_on(read("anna", meeting.code))
    go_to(START + 20 * MINUTE)
    sent = cast.client(None).post(meeting.code, data={"scan": scan})
    assert (sent.status_code, states()["Anna Adem"]) == (303, ""), "nothing is noted of who is signed out"
    post("anna", meeting.code, scan=_scan_on(read("anna", unquote(sent.location.partition("next=")[2]))))
    assert states()["Anna Adem"] == "present"


def test_no_other_moment_counts_than_that_of_a_recent_scan_of_this_code(
    meeting: Any, plan: Any, run_as: Any, app: Any, post: Any, read: Any, states: Any, mark: Any
) -> None:
    other = plan(title="Een andere bijeenkomst", starts=START + HOUR)
    run_as("eva", meetings.announce, Meeting, other.id)
    scan = _scan_on(read("anna", meeting.code))
    with app.app_context():
        code = f"/here/{token_of(other.id, START.date())}"
    of_another = _scan_on(read("anna", code))
    go_to(START + 40 * MINUTE)
    payload, _dot, signature = scan.rpartition(".")
    for forged in (
        "x" + scan,
        scan[:-1],
        of_another,
        f"{payload}.{signature[::-1]}",
        f"{of_another.split('.')[0]}.{signature}",
        "",
    ):
        post("bram", meeting.code, scan=forged)
        assert states()["Bram Baan"] == "late", forged
        mark("bram", "")
    go_to(START + 46 * MINUTE)
    post("bram", meeting.code, scan=scan)
    assert states()["Bram Baan"] == "late", "a scan is kept for 45 minutes"


def test_a_scan_does_not_count_for_another_day(meeting: Any, app: Any) -> None:
    token = meeting.code.rpartition("/")[2]
    with app.app_context():
        before_midnight = START + timedelta(hours=14, minutes=20)
        go_to(before_midnight)
        scan = sign_scan(token)
        go_to(before_midnight + 9 * MINUTE)
        assert scanned_at(token, scan) == before_midnight
        go_to(before_midnight + 11 * MINUTE)
        assert scanned_at(token, scan) >= before_midnight + 11 * MINUTE


def test_signed_out_gets_sign_in_for_every_code(meeting: Any, cast: Any) -> None:
    client = cast.client(None)
    assert {client.get(code).status_code for code in (meeting.code, "/here/999-aaaaaaaa", "/here/x")} == {303}
    assert client.get(f"/api/v1{meeting.code}").status_code == 401
    assert client.post(f"/api/v1{meeting.code}").status_code == 401


def test_stranger_gets_404(meeting: Any, read: Any, ask: Any, app: Any, states: Any) -> None:
    with app.app_context():
        yesterday = f"/here/{token_of(meeting.id, START.date() - timedelta(days=1))}"
    for code in (yesterday, f"/here/{meeting.id}-aaaaaaaa", "/here/999-aaaaaaaa", "/here/x", f"/here/{meeting.id}-é"):
        assert "hoort bij een bijeenkomst waarvoor u niet bent uitgenodigd" in read("anna", code, 404)
        assert ask("anna", "post", f"/api/v1{code}").status_code == 404
    for who in ("chris", "iris"):
        shown = [read(who, code, 404).partition("<main")[2] for code in (meeting.code, "/here/999-aaaaaaaa")]
        assert shown[0] == shown[1], "nothing of the meeting is told"
        assert ask(who, "post", f"/api/v1{meeting.code}").status_code == 404
    assert set(states().values()) == {""}


def test_bad_input_names_the_field(meeting: Any, ask: Any) -> None:
    answer = ask("anna", "post", f"/api/v1{meeting.code}", scan="x" * 301)
    assert answer.status_code == 422
    assert "scan" in answer.json["errors"]


def test_a_cancelled_meeting_says_so(meeting: Any, read: Any, run_as: Any) -> None:
    run_as("eva", meetings.cancel, Meeting, meeting.id, reason="Storm")
    assert "gaat niet door" in read("anna", meeting.code)


def test_who_was_marked_absent_can_still_come(meeting: Any, mark: Any, ask: Any) -> None:
    mark("anna", "absent")
    assert ask("anna", "get", f"/api/v1{meeting.code}").json["here"] is False
    go_to(START + HOUR)
    assert ask("anna", "post", f"/api/v1{meeting.code}").json["state"] == "late"


def test_the_code_is_a_picture_of_its_address(meeting: Any, ask: Any, read: Any) -> None:
    made = ask("eva", "get", f"{meeting.api}/attendance/code").json
    assert made["address"].endswith(meeting.code)
    shown = read("eva", f"{meeting.url}/attendance/code")
    assert made["address"].partition("://")[2] in shown
    assert 'class="qr-ink" d="M4 4h1v1h-1z' in shown


def test_is_journalled(meeting: Any, ask: Any, journal_entries: Any) -> None:
    ask("anna", "post", f"/api/v1{meeting.code}")
    (entry,) = journal_entries("meetings.attend")
    assert (entry.object_id, entry.details) == (meeting.id, {})
