"""meetings.hand_over: a colleague comes, or waits for a seat, instead of somebody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.society.people import Person
from tests.conftest import go_to
from tests.meetings.conftest import START
from tests.meetings.test_answering import answer, answers


@pytest.fixture
def hand_over(ask: Any, meeting: Any, cast: Any) -> Any:
    """`hand_over('anna', 'bram')`: Anna hands her seat to Bram."""
    return lambda giver, taker: ask(giver, "put", f"{meeting.api}/colleague", member=getattr(cast, taker))


def mailed(mails: Any, who: str) -> str:
    return re.findall(r"http://localhost(/rsvp/[^\s?]+)", mails(who)[0].text)[0]


def test_works(meeting: Any, cast: Any, ask: Any, read: Any, app: Any, mails: Any) -> None:
    answer(ask, meeting, "anna")
    assert "Een collega gaat in mijn plaats" in read("anna", meeting.url)
    found = read("anna", f"{meeting.url}/colleague?q=bram")
    assert f'name="member" value="{cast.bram}"' in found
    headers = {**cast.api("anna"), "Accept": "text/html"}
    done = cast.client(None).post(f"{meeting.url}/colleague", data={"member": cast.bram}, headers=headers)
    assert (done.status_code, done.location) == (303, meeting.url)
    assert answers(app, meeting) == {cast.anna: ("no", None), cast.bram: ("yes", None)}
    taken, given = mails("bram")[-1], mails("anna")[-1]
    assert (taken.item.method, taken.item.partstat) == ("REQUEST", "ACCEPTED")
    assert (given.item.method, given.item.uid) == ("CANCEL", taken.item.uid)
    assert given.item.sequence < taken.item.sequence
    assert "Anna Adem kan niet" in taken.text
    assert "Bram" in given.text
    assert "anna@proef.example" not in taken.item.raw.decode()


def test_works_by_api(meeting: Any, ask: Any, hand_over: Any, app: Any, cast: Any) -> None:
    for who in ("anna", "dina"):
        answer(ask, meeting, who)
    for who in ("eva", "fons"):
        assert answer(ask, meeting, who).json["answer"] == "waiting"
    assert hand_over("eva", "bram").json["answer"] == "no"
    assert hand_over("anna", "gerda").status_code == 200
    assert answers(app, meeting) == {
        cast.anna: ("no", None),
        cast.dina: ("yes", None),
        cast.eva: ("no", None),
        cast.fons: ("waiting", 2),
        cast.bram: ("waiting", 1),
        cast.gerda: ("yes", None),
    }


def test_works_by_the_link_in_the_mail(meeting: Any, cast: Any, ask: Any, app: Any, mails: Any) -> None:
    answer(ask, meeting, "anna")
    link, client = mailed(mails, "anna"), cast.client(None)
    assert "/colleague" in client.get(link).text
    assert "Bram" in client.get(f"{link}/colleague?q=bram").text
    done = client.post(f"{link}/colleague", data={"member": cast.bram})
    assert (done.status_code, done.location) == (303, link)
    assert answers(app, meeting) == {cast.anna: ("no", None), cast.bram: ("yes", None)}
    assert "Er is niets om door te geven" in client.get(f"{link}/colleague").text
    assert client.get(f"{link}x/colleague").status_code == 410
    assert client.post(f"{link}x/colleague", data={"member": cast.bram}).status_code == 410


def test_who_waits_hands_over_the_place_without_an_item(meeting: Any, ask: Any, hand_over: Any, mails: Any) -> None:
    for who in ("anna", "dina", "eva"):
        answer(ask, meeting, who)
    hand_over("eva", "bram")
    mail = mails("bram")[-1]
    assert mail.item.method == "CANCEL", "who waits has nothing in the calendar"
    assert "wachtlijst" in mail.text


def test_the_colleague_says_no_and_the_giver_answers_anew(
    meeting: Any, ask: Any, hand_over: Any, app: Any, cast: Any
) -> None:
    answer(ask, meeting, "anna")
    hand_over("anna", "bram")
    answer(ask, meeting, "bram", "no")
    assert answer(ask, meeting, "anna").json["answer"] == "yes"
    assert answers(app, meeting) == {cast.anna: ("yes", None), cast.bram: ("no", None)}


def test_an_answer_to_an_earlier_time_stays_one(meeting: Any, ask: Any, hand_over: Any, mails: Any, read: Any) -> None:
    answer(ask, meeting, "anna")
    later = START + timedelta(days=1)
    ask("eva", "put", f"{meeting.api}/moving", starts=later.isoformat(), ends=(later + timedelta(hours=1)).isoformat())
    assert hand_over("anna", "bram").status_code == 200
    assert mails("bram")[-1].item.partstat == "NEEDS-ACTION"
    assert "Laat weten of u dan kunt" in read("bram", meeting.url)


@pytest.mark.parametrize("there", ["yes", "waiting"])
def test_a_colleague_who_comes_or_waits_already_is_refused(
    meeting: Any, ask: Any, hand_over: Any, read: Any, there: str
) -> None:
    for who in ("anna", "dina", "bram") if there == "waiting" else ("anna", "bram"):
        answer(ask, meeting, who)
    assert 'name="member"' not in read("anna", f"{meeting.url}/colleague?q=bram")
    refused = hand_over("anna", "bram")
    assert refused.status_code == 409
    assert "komt al, of staat al op de wachtlijst" in refused.json["detail"]


def test_bad_input_names_the_field(meeting: Any, ask: Any, hand_over: Any, app: Any, cast: Any) -> None:
    answer(ask, meeting, "anna")
    for other in ("chris", "kees", "hans", "anna"):
        refused = hand_over("anna", other)
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"member"}), other
    assert answers(app, meeting) == {cast.anna: ("yes", None)}


def test_who_has_nothing_or_is_too_late_is_refused(meeting: Any, ask: Any, hand_over: Any, read: Any) -> None:
    assert hand_over("anna", "bram").status_code == 409
    answer(ask, meeting, "anna", "maybe")
    assert hand_over("anna", "bram").status_code == 409
    assert "colleague" not in read("anna", meeting.url)
    answer(ask, meeting, "anna")
    go_to(START)
    assert hand_over("anna", "bram").status_code == 409


def test_stranger_gets_404(meeting: Any, draft: Any, hand_over: Any, ask: Any) -> None:
    for who in ("chris", "hans"):
        assert hand_over(who, "bram").status_code == 404
        assert ask(who, "get", f"{meeting.api}/colleague").status_code == 404


def test_the_own_organisation_comes_first(meeting: Any, ask: Any, read: Any, app: Any, cast: Any) -> None:
    answer(ask, meeting, "anna")
    with app.app_context(), transaction():
        for who in ("anna", "dina"):
            db.session.get_one(Person, getattr(cast, who)).organisation_id = cast.organisations[0]
        db.session.get_one(Person, cast.bram).organisation_id = cast.organisations[1]
    alone = re.findall(r'name="member" value="(\d+)"', read("anna", f"{meeting.url}/colleague"))
    assert str(cast.dina) in alone
    assert str(cast.bram) not in alone
    found = re.findall(r'name="member" value="(\d+)"', read("anna", f"{meeting.url}/colleague?q=a"))
    assert found.index(str(cast.dina)) < found.index(str(cast.bram))
    assert (
        "@proef.example"
        not in read("anna", f"{meeting.url}/colleague?q=a").partition("<main")[2].partition("</main>")[0]
    )


def test_is_journalled(meeting: Any, ask: Any, hand_over: Any, cast: Any, journal_entries: Any) -> None:
    answer(ask, meeting, "anna")
    hand_over("anna", "bram")
    entry = journal_entries("meetings.hand_over")[-1]
    assert (entry.person_id, entry.object_id) == (cast.anna, meeting.id)
    assert entry.details == {"member": cast.bram, "answer": "yes"}
