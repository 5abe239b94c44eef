"""polls.make, polls.edit, polls.require and polls.remove: what a poll asks, while nothing was chosen."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.partnerships import actions as partnerships
from cop.polls import actions
from cop.polls.models import Poll
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme
from tests.conftest import go_to
from tests.polls.conftest import DAY, FIRST, NOW

ROWS = {
    "title": "Plaats maken",
    "kind": "thematic",
    "hours": "3",
    "venue": "Raadhuis",
    "option_1_starts_day": "22 maart 2027",
    "option_1_starts_time": "9.30",
    "option_1_ends_time": "",
    "option_2_starts_day": "29-03-2027",
    "option_2_starts_time": "10:00",
    "option_2_ends_time": "16.00",
    "option_4_starts_day": "",
}


def test_works_in_the_time_of_amsterdam(send: Any, read: Any, ask: Any, community: str) -> None:
    answer = send("eva", f"{community}/polls", **ROWS)
    assert answer.status_code == 303, answer.text
    made = ask("eva", "get", f"/api/v1{answer.location}").json
    assert made["status"] == "draft"
    assert made["hours"] == 3
    assert made["closes"] is None
    assert [(one["starts"], one["ends"]) for one in made["options"]] == [
        ("2027-03-22T08:30:00Z", "2027-03-22T11:30:00Z"),  # three hours, in winter time
        ("2027-03-29T08:00:00Z", "2027-03-29T14:00:00Z"),  # in summer time
    ]
    assert "22 maart 2027, 09.30 tot 12.30 uur" in read("eva", answer.location)


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"title": ""}, "title", "Vul dit in."),
        ({"option_1_starts_time": ""}, "option_1_starts_time", "Vul dit in."),
        ({"option_2_starts_day": "morgen"}, "option_2_starts_day", "Dit is geen datum."),
        ({"option_2_ends_time": "9.00"}, "option_2_ends_time", "Het einde ligt na het begin."),
        ({"option_1_starts_day": "22 februari 2027"}, "option_1_starts_day", "Dit moment is voorbij."),
        ({"option_1_starts_day": "28 maart 2027", "option_1_starts_time": "2.30"}, "option_1_starts_time", "zomertijd"),
        (
            {"option_5_starts_day": "29 maart 2027", "option_5_starts_time": "10.00", "option_5_ends_time": "16.00"},
            "option_5_starts_day",
            "Deze tijd staat er al.",
        ),
        (
            {"option_2_starts_day": "", "option_2_starts_time": "", "option_2_ends_time": ""},
            "options",
            "ten minste twee",
        ),
        ({"closes": "1 februari 2027"}, "closes", "Deze dag is voorbij."),
        ({"hours": "13"}, "hours", ""),
    ],
)
def test_bad_input_names_the_field(send: Any, community: str, given: dict[str, str], field: str, words: str) -> None:
    answer = send("eva", f"{community}/polls", **ROWS | given)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert f'id="f-{field}"' in answer.text
    assert words in answer.text
    assert 'value="Raadhuis"' in answer.text, "what was typed stays"


def test_works_by_api(ask: Any, community: str) -> None:
    options = ["2027-03-22T09:30", {"starts": "2027-03-23T08:30:00Z", "ends": "2027-03-23T10:00:00Z"}]
    made = ask("eva", "post", f"/api/v1{community}/polls", title="Uit een programma", kind="other", options=options)
    assert made.status_code == 201, made.text
    assert [one["ends"] for one in made.json["options"]] == ["2027-03-22T10:30:00Z", "2027-03-23T10:00:00Z"]
    refused = ask("eva", "post", f"/api/v1{community}/polls", title="Te weinig", kind="other", options=options[:1])
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["options"]
    many = [{"starts": f"2027-04-{day:02}T09:30"} for day in range(1, 14)]
    refused = ask("eva", "post", f"/api/v1{community}/polls", title="Te veel", kind="other", options=many)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["options"]


def test_a_programme_and_a_partnership_make_polls(app: Any, cast: Any, make: Any, read: Any, run_as: Any) -> None:
    whole = make("fons", Programme, cast.programme, title="Voor allen")
    run_as("fons", actions.open, Poll, whole.id)
    assert "Voor allen" in read("anna", whole.url)
    assert "Voor allen" in read("chris", "/meetings")
    with app.app_context(), transaction():
        fons, programme = db.session.get_one(Person, cast.fons), db.session.get_one(Programme, cast.programme)
        home, town, _know = cast.organisations
        people = [cast.anna, cast.bram]
        duo = partnerships.add(fons, programme, name="Duo", organisations=[home, town], people=people).id
    poll = make("fons", Partnership, duo, title="Met z'n tweeën")
    run_as("fons", actions.open, Poll, poll.id)
    read("bram", poll.url)
    read("dina", poll.url, 404)


def test_editing_keeps_the_votes_on_what_stays(poll: SimpleNamespace, vote: Any, ask: Any) -> None:
    vote("anna", poll, "yes", "no", "rather_not")
    before = ask("eva", "get", poll.api).json
    stays = [
        {"starts": one["starts"], "ends": one["ends"]} for one in before["options"] if one["id"] != poll.options[1]
    ]
    new = {"starts": "2027-03-30T09:30", "ends": "2027-03-30T12:00"}
    answer = ask("eva", "patch", poll.api, options=[*stays, new], title="Anders", base_version=before["version"])
    assert answer.status_code == 200, answer.text
    seen = {one["id"]: one["vote"] for one in ask("anna", "get", poll.api).json["options"]}
    (added,) = set(seen) - set(poll.options)
    assert seen == {poll.options[0]: "yes", poll.options[2]: "rather_not", added: ""}
    again = ask("eva", "patch", poll.api, title="Nog anders", base_version=before["version"])
    assert again.status_code == 409
    assert again.json["version"] == answer.json["version"]


def test_the_form_of_a_change_shows_what_is_and_clears_what_is_emptied(
    send: Any, read: Any, make: Any, ask: Any
) -> None:
    made = make(closes=NOW.date() + DAY)
    page = read("eva", f"{made.url}/edit")
    assert 'value="22-03-2027"' in page
    assert 'value="11:30"' in page
    assert 'value="02-03-2027"' in page
    rows = ROWS | {"hours": "2", "option_2_starts_day": "23 maart 2027", "option_2_starts_time": "9.30", "closes": ""}
    answer = send("eva", made.url, **rows | {"option_2_ends_time": "", "base_version": "0"})
    assert answer.status_code == 303, answer.text
    now = ask("eva", "get", made.api).json
    assert [one["id"] for one in now["options"]] == made.options[:2]
    assert now["closes"] is None


def test_an_option_that_is_over_may_stay(poll: SimpleNamespace, ask: Any) -> None:
    before = [{"starts": one["starts"], "ends": one["ends"]} for one in ask("eva", "get", poll.api).json["options"]]
    go_to(FIRST + timedelta(hours=1))
    assert ask("eva", "patch", poll.api, title="Nog twee dagen", options=before).status_code == 200
    changed = [{**before[0], "ends": "2027-03-22T12:00:00Z"}, *before[1:]]
    assert ask("eva", "patch", poll.api, options=changed).status_code == 422


def test_only_a_draft_is_removed(draft: SimpleNamespace, ask: Any, read: Any, run_as: Any, make: Any) -> None:
    assert "Plaats maken verwijderen?" in read("eva", f"{draft.url}/removal")
    assert ask("eva", "delete", draft.api).status_code == 204
    read("eva", draft.url, 404)
    other = make()
    run_as("eva", actions.open, Poll, other.id)
    assert ask("eva", "delete", other.api).status_code == 409


def test_who_must_be_there_is_marked(
    poll: SimpleNamespace, cast: Any, vote: Any, ask: Any, read: Any, send: Any
) -> None:
    assert ask("eva", "put", f"{poll.api}/required", people=[cast.anna]).status_code == 200
    vote("anna", poll, "no", "yes", "")
    assert "Moet erbij zijn maar kan niet: Anna Adem." in read("eva", poll.url)
    assert "Moet erbij zijn" not in read("bram", poll.url)
    assert ask("eva", "put", f"{poll.api}/required", people=[cast.chris]).status_code == 422, "not of this community"
    assert f'value="{cast.anna}" checked' in read("eva", f"{poll.url}/required")
    assert send("eva", f"{poll.url}/required", people="").status_code == 303
    people = {one["person"]: one["required"] for one in ask("eva", "get", poll.api).json["people"]}
    assert people[cast.anna] is False


def test_stranger_gets_404(draft: SimpleNamespace, ask: Any, community: str) -> None:
    for who in ("anna", "dina", "chris", "jan", "iris"):
        assert ask(who, "get", draft.api).status_code == 404
        assert ask(who, "patch", draft.api, title="Mijn titel").status_code == 404
        assert ask(who, "delete", draft.api).status_code == 404
        assert ask(who, "put", f"{draft.api}/required", people=[]).status_code == 404
    given = {"title": "Van buiten", "kind": "other", "options": []}
    assert ask("hans", "post", f"/api/v1{community}/polls", **given).status_code == 404


def test_wrong_role_gets_403(poll: SimpleNamespace, ask: Any, community: str) -> None:
    given = {"title": "Van een lid", "kind": "other", "options": [{"starts": "2027-03-22T09:30"}] * 2}
    assert ask("anna", "post", f"/api/v1{community}/polls", **given).status_code == 403
    for method, part in (("patch", ""), ("delete", ""), ("put", "/required")):
        assert ask("anna", method, f"{poll.api}{part}").status_code == 403


def test_is_journalled(draft: SimpleNamespace, cast: Any, ask: Any, journal_entries: Any) -> None:
    ask("eva", "patch", draft.api, title="Geheim woord")
    ask("eva", "put", f"{draft.api}/required", people=[cast.anna])
    ask("eva", "delete", draft.api)
    details = [[entry.details for entry in journal_entries(f"polls.{verb}")] for verb in ("make", "edit", "require")]
    assert details == [[{"poll": draft.id}], [{}], [{"people": [cast.anna]}]]
    (entry,) = journal_entries("polls.remove")
    assert (entry.object_kind, entry.object_id, entry.person_id) == ("poll", draft.id, cast.eva)
