"""polls.open, polls.vote and polls.remind: asking, answering by page and by mail, and who is reminded."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from cop.base import jobs
from cop.members import actions as members
from cop.polls import actions
from cop.polls.forms import Slot
from cop.polls.models import Poll, Standing, ranked
from cop.society.memberships import Membership
from tests.conftest import go_to
from tests.polls.conftest import DAY, FIRST, NOW


def vote_of(ask: Any, who: str, poll: SimpleNamespace) -> list[str]:
    seen = {one["id"]: one["vote"] for one in ask(who, "get", poll.api).json["options"]}
    return [seen[id] for id in poll.options]


def test_works_by_api_and_asks_everybody(draft: SimpleNamespace, ask: Any, read: Any, mails: Any) -> None:
    assert "krijgen een mail met de vraag wanneer het kan" in read("eva", f"{draft.url}/opening")
    assert ask("eva", "put", f"{draft.api}/opening").status_code == 200
    (mail,) = mails("anna")
    assert mail.subject == "Wanneer kunt u? Plaats maken"
    assert "maandag 22 maart 2027, 09.30 tot 11.30 uur" in mail.text
    assert "/vote/" in mail.text
    assert len(mails("gerda")) == 1, "a reader comes too"
    assert mails("chris") == mails("hans") == mails("kees") == []
    assert ask("eva", "put", f"{draft.api}/opening").status_code == 409


def test_a_poll_without_two_days_to_come_does_not_open(draft: SimpleNamespace, make: Any, ask: Any) -> None:
    late = make(closes=NOW.date())
    go_to(FIRST + 1.5 * DAY)
    assert ask("eva", "put", f"{draft.api}/opening").status_code == 409
    assert ask("eva", "put", f"{late.api}/opening").status_code == 409, "nobody could answer"


def test_works_and_is_changed_on_the_page(
    poll: SimpleNamespace, ask: Any, read: Any, send: Any, journal_entries: Any
) -> None:
    assert "U hebt nog niet geantwoord." in read("anna", "/meetings")
    first, second, third = (f"vote_{id}" for id in poll.options)
    given = {first: "yes", second: "rather_not", third: "", "remark": "Liever met de trein"}
    assert send("anna", f"{poll.url}/answer", **given).status_code == 303
    assert vote_of(ask, "anna", poll) == ["yes", "rather_not", ""]
    assert send("anna", f"{poll.url}/answer", **{first: "", third: "no"}).status_code == 303
    assert vote_of(ask, "anna", poll) == ["", "rather_not", "no"], "what is left out stays"
    assert ask("anna", "get", poll.api).json["remark"] == "Liever met de trein"
    assert "U hebt geantwoord." in read("anna", "/meetings")
    assert [entry.details for entry in journal_entries("polls.vote")] == [{"votes": 2}, {"votes": 2}]


def test_bad_input_names_the_field(poll: SimpleNamespace, ask: Any, send: Any) -> None:
    wrong = send("anna", f"{poll.url}/answer", **{f"vote_{poll.options[0]}": "misschien"})
    assert wrong.status_code == 422
    refused = ask("anna", "put", f"{poll.api}/answer", votes={poll.options[0]: "maybe"}, remark="x" * 1001)
    assert set(refused.json["errors"]) == {"votes", "remark"}


def test_is_journalled(draft: SimpleNamespace, ask: Any, cast: Any, journal_entries: Any) -> None:
    ask("eva", "put", f"{draft.api}/opening")
    ask("anna", "put", f"{draft.api}/answer", votes={draft.options[0]: "no"}, remark="Geheim woord")
    ask("eva", "post", f"{draft.api}/reminder")
    found = [
        (entry.verb, entry.details) for verb in ("open", "vote", "remind") for entry in journal_entries(f"polls.{verb}")
    ]
    assert found == [("polls.open", {"asked": 6}), ("polls.vote", {"votes": 1}), ("polls.remind", {"reminded": 5})]


def test_the_link_of_the_mail_answers_without_a_session(
    poll: SimpleNamespace, cast: Any, ask: Any, link: Any, journal_entries: Any
) -> None:
    browser, address = cast.client(None), link(poll, "anna")
    for _scan in range(2):
        assert "U antwoordt als Anna Adem." in browser.get(address).text
    assert vote_of(ask, "anna", poll) == ["", "", ""], "opening it changes nothing"
    answer = browser.post(address, data={f"vote_{poll.options[1]}": "yes"}, follow_redirects=True)
    assert "Uw antwoord is opgeslagen." in answer.text
    assert vote_of(ask, "anna", poll) == ["", "yes", ""]
    assert browser.get(poll.url).status_code == 303, "it signs nobody in"
    for false in ("/vote/onzin", address[:-1]):
        assert browser.get(false).status_code == 410
        refused = browser.post(false, data={"remark": "Een hele tekst"})
        assert refused.status_code == 410
        assert "Een hele tekst" in refused.text
    (entry,) = journal_entries("polls.vote")
    assert entry.person_id == cast.anna


def test_who_left_can_no_longer_answer_and_who_comes_later_can(
    poll: SimpleNamespace, cast: Any, run_as: Any, membership: Any, link: Any, vote: Any, read: Any, ask: Any
) -> None:
    vote("anna", poll, "no", "no", "no")
    address = link(poll, "anna")
    run_as("eva", members.remove, Membership, membership("anna").id)
    assert cast.client(None).get(address).status_code == 410
    assert cast.client(None).post(address, data={f"vote_{poll.options[0]}": "yes"}).status_code == 410
    read("anna", poll.url, 404)
    assert {one["no"] for one in ask("eva", "get", poll.api).json["options"]} == {0}, "their votes count no longer"
    run_as("eva", members.restore, Membership, membership("anna").id)
    assert vote_of(ask, "anna", poll) == ["no", "no", "no"]


def test_an_answer_to_former_options_saves_what_is_left(
    poll: SimpleNamespace, run_as: Any, ask: Any, read: Any, cast: Any, link: Any
) -> None:
    run_as("eva", actions.edit, Poll, poll.id, options=[Slot(FIRST), Slot(FIRST + 9 * DAY)])
    form = {f"vote_{poll.options[0]}": "yes", f"vote_{poll.options[1]}": "no"}
    stored = ask("anna", "put", f"{poll.api}/answer", votes={poll.options[0]: "yes", poll.options[1]: "no"})
    assert stored.json == {"votes": {str(poll.options[0]): "yes"}, "remark": "", "gone": [poll.options[1]]}
    said = cast.client(None).post(link(poll, "anna"), data=form, follow_redirects=True).text
    assert "1 mogelijkheid is intussen vervallen. De rest van uw antwoord is opgeslagen." in said
    go_to(NOW + DAY)
    run_as("eva", actions.edit, Poll, poll.id, options=[Slot(FIRST), Slot(FIRST + 10 * DAY)])
    assert "Er zijn mogelijkheden bij gekomen sinds uw antwoord." in read("anna", poll.url)


def test_another_poll_s_options_are_not_touched(
    poll: SimpleNamespace, make: Any, run_as: Any, vote: Any, ask: Any
) -> None:
    other = make()
    run_as("eva", actions.open, Poll, other.id)
    vote("anna", other, "yes")
    assert ask("anna", "put", f"{poll.api}/answer", votes={other.options[0]: ""}).json["gone"] == [other.options[0]]
    assert vote_of(ask, "anna", other) == ["yes", "", ""]


def test_answering_ends_after_the_last_day(make: Any, run_as: Any, ask: Any, link: Any, cast: Any, read: Any) -> None:
    poll = make(closes=NOW.date() + DAY)
    assert ask("anna", "put", f"{poll.api}/answer", votes={}).status_code == 404, "a draft does not exist for a member"
    run_as("eva", actions.open, Poll, poll.id)
    go_to(NOW + DAY)
    assert ask("anna", "put", f"{poll.api}/answer", votes={poll.options[0]: "yes"}).status_code == 200
    go_to(NOW + 2 * DAY)
    assert ask("anna", "put", f"{poll.api}/answer", votes={poll.options[0]: "no"}).status_code == 409
    assert "Antwoorden kan niet meer." in cast.client(None).get(link(poll, "anna")).text
    assert "Plaats maken" not in read("anna", "/meetings")
    assert "Kies een datum of trek de datumprikker in." in read("eva", "/meetings")


def test_those_who_have_not_answered_are_reminded_once_a_day(
    poll: SimpleNamespace, vote: Any, ask: Any, mails: Any, run_as: Any, read: Any
) -> None:
    vote("anna", poll, "yes")
    assert ask("eva", "post", f"{poll.api}/reminder").json["people"] == 5
    assert [mail.kind for mail in mails("bram")] == ["polls/opened", "polls/reminder"]
    assert [mail.kind for mail in mails("anna")] == ["polls/opened"]
    assert ask("eva", "post", f"{poll.api}/reminder").status_code == 409
    assert "Vandaag is er een herinnering verstuurd." in read("eva", poll.url)
    go_to(NOW + DAY)
    run_as("eva", actions.edit, Poll, poll.id, options=[Slot(FIRST), Slot(FIRST + 9 * DAY)])
    assert ask("eva", "post", f"{poll.api}/reminder").json["people"] == 6, "also who does not know the new option"


def test_a_mail_that_was_overtaken_is_not_sent(
    poll: SimpleNamespace, run_as: Any, mails: Any, app: Any, vote: Any
) -> None:
    vote("anna", poll, "yes")
    run_as("eva", actions.withdraw, Poll, poll.id)
    sent = []
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("cop.base.email._deliver", lambda url, mail, to: sent.append((to, str(mail["Subject"]))))
        patch.setitem(app.config, "COP", replace(app.config["COP"], smtp_url="smtp://localhost"))
        jobs.run_due()
    assert sent == [("anna@proef.example", "Datumprikker ingetrokken: Plaats maken")]


def test_the_fewest_no_come_first_then_the_most_yes_and_silence_is_no_no() -> None:
    def option(id: int, yes: int, rather_not: int, no: int) -> Standing:
        return Standing(id, FIRST + id * DAY, FIRST + id * DAY, False, False, yes, rather_not, no)

    given = [option(1, 9, 0, 2), option(2, 1, 3, 0), option(3, 2, 0, 0), option(4, 0, 0, 0), option(5, 2, 5, 0)]
    assert [one.id for one in ranked(given)] == [3, 5, 2, 4, 1]


def test_members_see_totals_and_the_team_sees_names(poll: SimpleNamespace, vote: Any, ask: Any, read: Any) -> None:
    vote("anna", poll, "yes", remark="Alleen voor het team")
    assert ask("bram", "get", poll.api).json["options"][0]["yes"] == 1
    assert ask("bram", "get", poll.api).json["people"] is None
    assert "Anna Adem" not in read("bram", poll.url)
    assert "Alleen voor het team" not in read("bram", poll.url)
    for who in ("eva", "fons"):
        assert "Alleen voor het team" in read(who, poll.url)
        (anna,) = [one for one in ask(who, "get", poll.api).json["people"] if one["answered"]]
        assert anna["votes"] == {str(poll.options[0]): "yes"}


def test_stranger_gets_404(poll: SimpleNamespace, draft: SimpleNamespace, make: Any, ask: Any, read: Any) -> None:
    hidden = make(title="Nog geheim")
    for who in ("chris", "hans", "jan", "iris"):
        read(who, poll.url, 404)
        assert ask(who, "put", f"{poll.api}/answer", votes={}).status_code == 404
        assert ask(who, "get", "/api/v1/polls").json["items"] == []
    assert [one["title"] for one in ask("anna", "get", "/api/v1/polls").json["items"]] == ["Plaats maken"]
    assert "Nog geheim" not in read("anna", "/meetings")
    assert "Nog geheim" in read("eva", "/meetings")
    read("anna", hidden.url, 404)


def test_wrong_role_gets_403(poll: SimpleNamespace, ask: Any) -> None:
    for method, part in (("get", "edit"), ("put", "choice"), ("put", "opening"), ("post", "reminder")):
        given = {"option": poll.options[0]} if part == "choice" else {}
        assert ask("anna", method, f"{poll.api}/{part}", **given).status_code == 403


def test_the_list_goes_on(make: Any, ask: Any, read: Any) -> None:
    for number in range(3):
        make(title=f"Nummer {number}")
    first = ask("eva", "get", "/api/v1/polls?limit=2").json
    assert [one["title"] for one in first["items"]] == ["Nummer 2", "Nummer 1"]
    assert [one["title"] for one in ask("eva", "get", first["next"]).json["items"]] == ["Nummer 0"]
    assert "Geen datumprikkers" in read("anna", "/polls")


def test_a_page_has_few_statements(poll: SimpleNamespace, vote: Any, read: Any, count_statements: Any) -> None:
    for who in ("anna", "bram", "dina"):
        vote(who, poll, "yes", "no", "rather_not")
    for who, address, most in (("anna", poll.url, 12), ("eva", poll.url, 14)):
        with count_statements() as statements:
            read(who, address)
        assert len(statements) <= most, "\n".join(statements)
    for who, most in (("anna", 1), ("eva", 1)):
        with count_statements() as statements:
            read(who, "/meetings")
        assert sum("FROM poll " in one for one in statements) <= most
