"""meetings.plan, meetings.edit and meetings.remove: a draft that only those who plan meetings see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.meetings.models import Meeting
from cop.partnerships import actions as partnerships
from cop.society.programmes import Programme
from cop.things import Thing
from tests.meetings.conftest import HOUR, START

TYPED = {
    "title": "Plaats maken",
    "kind": "thematic",
    "starts_day": "26 maart 2027",
    "starts_time": "9.30",
    "ends_time": "15:30",
}
SENT = {"title": "Plaats maken", "kind": "thematic", "starts": "2027-03-26T09:30", "ends": "2027-03-26T15:30"}
API = "/api/v1/communities/een/meetings"


def test_works(app: Any, cast: Any, read: Any) -> None:
    assert "Nieuwe bijeenkomst" in read("eva", "/communities/een/meetings/new")
    given = {**TYPED, "any_number": "1", "capacity": "", "host": "gemeente proefdam", "venue": "Raadhuis"}
    made = cast.client(None).post(
        "/communities/een/meetings", data=given, headers={**cast.api("eva"), "Accept": "text/html"}
    )
    assert made.status_code == 303
    shown = read("eva", made.location)
    assert "vrijdag 26 maart 2027, 9.30 tot 15.30 uur" in shown.replace("09.30", "9.30")
    assert "Dit is een concept" in shown
    with app.app_context():
        meeting = db.session.get_one(Meeting, int(made.location.rpartition("/")[2]))
        assert (meeting.starts, meeting.capacity) == (START, None)
        assert (meeting.host_id, meeting.status, meeting.state) == (cast.organisations[1], "draft", "planned")


def test_works_by_api(ask: Any) -> None:
    made = ask("eva", "post", API, **SENT, capacity=25)
    assert made.status_code == 201
    assert (made.json["status"], made.json["starts"], made.json["capacity"]) == (
        "draft",
        "2027-03-26T08:30:00.000Z",
        25,
    )
    edited = ask("eva", "patch", f"/api/v1{made.json['url']}", title="Anders", capacity=None)
    assert (edited.json["title"], edited.json["capacity"], edited.json["starts"]) == (
        "Anders",
        None,
        "2027-03-26T08:30:00.000Z",
    )


def test_a_programme_and_a_partnership_have_meetings(cast: Any, ask: Any, plan: Any, run_as: Any, read: Any) -> None:
    duo = run_as("fons", partnerships.add, Programme, cast.programme, name="Duo", organisations=cast.organisations[:2])
    whole = ask("fons", "post", "/api/v1/programmes/proef/meetings", **SENT).json
    of_duo = ask("fons", "post", f"/api/v1/partnerships/{duo}/meetings", **SENT).json
    assert (whole["audience"], of_duo["audience"]) == ("Proefprogramma", "Duo")
    for who in ("anna", "eva"):  # a moderator plans for a community, not for the whole programme
        assert ask(who, "post", "/api/v1/programmes/proef/meetings", **SENT).status_code == 403, who
        assert ask(who, "get", f"/api/v1{whole['url']}").status_code == 404, who
        assert whole["url"] not in read(who, "/programmes/proef/meetings")
    for url in (f"/partnerships/{duo}/meetings/new", "/programmes/proef/meetings/new"):
        assert "Nieuwe bijeenkomst" in read("fons", url)
    for url, whose in ((whole["url"], "/programmes/proef"), (of_duo["url"], f"/partnerships/{duo}")):
        assert ask("fons", "put", f"/api/v1{url}/announcement").status_code == 200
        assert url in read("fons", f"{whose}/meetings")
    assert whole["url"] in read("chris", "/communities/twee/meetings")
    assert ask("eva", "get", f"/api/v1{whole['url']}/answers").status_code == 404
    assert ask("fons", "get", f"/api/v1{whole['url']}/answers").status_code == 200
    assert of_duo["url"] not in read("chris", "/programmes/proef/meetings")


def test_a_draft_does_not_exist_for_others(draft: Any, ask: Any, read: Any, cast: Any) -> None:
    for who in ("anna", "gerda", "dina", "chris", "hans"):
        assert ask(who, "get", draft.api).status_code == 404, who
        assert ask(who, "put", f"{draft.api}/answer", answer="yes").status_code == 404, who
    assert "Plaats maken" not in read("anna", "/communities/een/meetings")
    assert ask("anna", "get", "/api/v1/search?q=plaats+maken").json["items"] == []
    for who in ("eva", "fons"):
        assert "Plaats maken" in read(who, "/communities/een/meetings")
        assert ask(who, "get", draft.api).json["video_url"] == "https://video.example/geheim"


def test_works_for_edit(draft: Any, cast: Any, read: Any, ask: Any) -> None:
    shown = read("eva", f"{draft.url}/edit")
    assert 'value="26-03-2027"' in shown
    assert 'value="09:30"' in shown
    version = ask("eva", "get", draft.api).json["version"]
    late = START + timedelta(days=1)
    done = ask("eva", "patch", draft.api, starts=late.isoformat(), ends=(late + HOUR).isoformat(), base_version=version)
    assert done.json["starts"] == "2027-03-27T08:30:00.000Z"
    assert ask("fons", "patch", draft.api, title="Oud", base_version=version).status_code == 409


def test_time_and_place_are_moved_after_the_announcement(meeting: Any, ask: Any, read: Any) -> None:
    assert ask("eva", "patch", meeting.api, venue="Elders").status_code == 409
    assert ask("eva", "patch", meeting.api, title="Nieuwe titel", venue="Raadhuis, Proefdam").status_code == 200
    assert "starts_day" not in read("eva", f"{meeting.url}/edit")


def test_works_for_remove(draft: Any, app: Any, cast: Any, read: Any, ask: Any) -> None:
    assert ask("eva", "put", f"/api/v1/things/{draft.id}/following").status_code < 300
    assert "niemand heeft er bericht van gehad" in read("eva", f"{draft.url}/removal")
    done = cast.client(None).post(f"{draft.url}/delete", headers={**cast.api("eva"), "Accept": "text/html"})
    assert (done.status_code, done.location) == (303, "/communities/een/meetings")
    with app.app_context():
        assert db.session.get(Thing, draft.id) is None
    assert ask("eva", "get", "/api/v1/search?q=plaats+maken").json["items"] == []


def test_works_by_api_for_remove(draft: Any, ask: Any) -> None:
    assert ask("eva", "delete", draft.api).status_code in (200, 204)
    assert ask("eva", "get", draft.api).status_code == 404


def test_an_announced_meeting_is_not_removed(meeting: Any, ask: Any) -> None:
    assert ask("eva", "delete", meeting.api).status_code == 409
    assert ask("eva", "get", f"{meeting.api}/removal").status_code in (404, 409)


def test_stranger_gets_404(draft: Any, ask: Any) -> None:
    assert ask("hans", "post", API, **SENT).status_code == 404
    assert ask("chris", "patch", draft.api, title="X").status_code == 404
    assert ask("chris", "delete", draft.api).status_code == 404


def test_wrong_role_gets_403(meeting: Any, ask: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        assert ask(who, "post", API, **SENT).status_code == 403, who
        assert ask(who, "patch", meeting.api, title="X").status_code == 403, who
        assert ask(who, "delete", meeting.api).status_code == 403, who


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"kind": "party"}, "kind"),
        ({"starts": "gisteren"}, "starts"),
        ({"ends": "2027-03-26T09:30"}, "ends"),
        ({"ends": "2027-06-01T09:30"}, "ends"),
        ({"starts": "2027-03-28T02:30", "ends": "2027-03-28T09:30"}, "starts"),  # the hour that summer time skips
        ({"starts": "2027-10-31T02:30", "ends": "2027-10-31T09:30"}, "starts"),  # and the one that comes twice
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"capacity": 0}, "capacity"),
        ({"purpose": "x\0"}, "purpose"),
    ],
)
def test_bad_input_names_the_field(ask: Any, given: dict[str, Any], field: str) -> None:
    refused = ask("eva", "post", API, **{**SENT, **given})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {field})


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"starts_day": "28-3-2027", "starts_time": "2.30", "ends_time": "9.00"}, "starts_time", "door de zomertijd"),
        ({"starts_day": "27-3-2027", "ends_day": "28-3-2027", "ends_time": "2:30"}, "ends_time", "door de zomertijd"),
        ({"starts_day": "31-10-2027", "starts_time": "2:59", "ends_time": "9:00"}, "starts_time", "door de zomertijd"),
        ({"starts_day": ""}, "starts_day", "Vul dit in."),
        ({"starts_time": ""}, "starts_time", "Vul dit in."),
        ({"ends_time": "25:00"}, "ends_time", "Schrijf de tijd zo"),
        ({"starts_day": "32-1-2027"}, "starts_day", "Schrijf de datum zo"),
    ],
)
def test_bad_input_is_explained_beside_the_field(cast: Any, given: Any, field: str, words: str) -> None:
    headers = {**cast.api("eva"), "Accept": "text/html"}
    shown = cast.client(None).post("/communities/een/meetings", data={**TYPED, **given}, headers=headers)
    assert shown.status_code == 422
    beside = shown.text.partition(f'id="f-{field}-error"')[2].partition("</p>")[0]
    assert words in beside
    assert "Plaats maken" in shown.text


def test_is_journalled(draft: Any, meeting: Any, ask: Any, plan: Any, cast: Any, journal_entries: Any) -> None:
    second = plan()
    ask("eva", "patch", second.api, title="Een geheim")
    ask("eva", "delete", second.api)
    entries = [journal_entries(f"meetings.{verb}")[-1] for verb in ("plan", "edit", "remove")]
    assert {entry.person_id for entry in entries} == {cast.eva}
    assert entries[0].details == {"meeting": second.id, "kind": "thematic"}
    assert [entry.object_id for entry in entries[1:]] == [second.id, second.id]
    assert "geheim" not in str([entry.details for entry in entries])


def test_an_archived_programme_is_read_only(meeting: Any, plan: Any, cast: Any, app: Any, ask: Any, read: Any) -> None:
    other = plan()
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).phase = "archive"
    assert ask("eva", "post", API, **SENT).status_code == 403
    for verb, url in (
        ("patch", meeting.api),
        ("put", f"{other.api}/announcement"),
        ("put", f"{meeting.api}/moving"),
        ("delete", other.api),
    ):
        assert ask("eva", verb, url, title="X", venue="Y").status_code == 403, url
    assert ask("eva", "put", f"{meeting.api}/cancellation", reason="X").status_code == 403
    assert ask("anna", "put", f"{meeting.api}/answer", answer="yes").status_code == 403
    shown = read("anna", meeting.url)
    assert "in het archief" in shown
    assert "Antwoord opslaan" not in shown
