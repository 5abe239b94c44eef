"""tasks.hand_over: the open actions of somebody who leaves go to their successor; without one nobody owns them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.leaving import actions as leaving
from cop.outcomes import actions
from cop.outcomes.models import Outcome
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import PartnerOrganisation, PartnerPerson, Partnership
from tests.outcomes.conftest import in_days


@pytest.fixture
def leave(run_as: Any, cast: Any) -> Any:
    """`leave(successor=…)`: let Bram leave altogether."""
    return lambda **given: run_as("fons", leaving.leave, Person, cast.bram, **given)


def owner_of(ask: Any, act: dict[str, Any]) -> Any:
    return ask("eva", "get", f"/outcomes/{act['id']}").json["owner"]


def test_works(act: dict[str, Any], leave: Any, ask: Any, cast: Any, mails: Any, read: Any) -> None:
    due = ask("eva", "get", f"/outcomes/{act['id']}").json["due"]
    leave(successor=cast.dina)
    assert owner_of(ask, act) == "Dina Deskundig"
    assert ask("eva", "get", f"/outcomes/{act['id']}").json["due"] == due
    assert mails("dina") == ["outcomes/assigned"]
    assert "De buren bellen" in read("dina", "/outcomes")
    assert "De buren bellen" in read("dina", "/notices")


def test_is_journalled(act: dict[str, Any], leave: Any, cast: Any, journal_entries: Any) -> None:
    leave(successor=cast.dina)
    assert [entry.details for entry in journal_entries("tasks.hand_over")] == [{"assigned": cast.dina}]


def test_coming_back_returns_what_is_still_open(
    act: dict[str, Any], leave: Any, ask: Any, run_as: Any, cast: Any, mails: Any
) -> None:
    leave(successor=cast.dina)
    run_as("fons", leaving.come_back, Person, cast.bram)
    assert owner_of(ask, act) == "Bram Baan"
    leave(successor=cast.dina)
    run_as("eva", actions.finish, Outcome, act["id"])
    run_as("fons", leaving.come_back, Person, cast.bram)
    assert owner_of(ask, act) == "Dina Deskundig", "who did it stays"


def test_a_later_successor_takes_over_too(act: dict[str, Any], leave: Any, ask: Any, run_as: Any, cast: Any) -> None:
    leave()
    assert owner_of(ask, act) == "", "nobody owns it"
    assert "ownerless" in str(ask("fons", "get", "/coach").json)
    run_as("fons", leaving.hand_over, Person, cast.bram, successor=cast.dina)
    assert owner_of(ask, act) == "Dina Deskundig"


def test_an_action_that_is_done_stays_where_it_was(
    act: dict[str, Any], leave: Any, ask: Any, run_as: Any, cast: Any
) -> None:
    run_as("bram", actions.finish, Outcome, act["id"])
    leave(successor=cast.dina)
    assert owner_of(ask, act) != "Dina Deskundig"


NEW = {"mail": "nieuw@proef.example", "name": "Nina Nieuw"}


@pytest.fixture
def preview(ask: Any, cast: Any) -> Any:
    """`preview(successor=…)`: what is said to Fons of Bram's actions, before Bram leaves."""
    url = f"/people/{cast.bram}/departure/preview"
    return lambda **given: ask("fons", "post", url, **given).json["also"]


def test_preview_counts_the_actions_that_go_to_the_successor(
    act: dict[str, Any], ask: Any, send: Any, sources: Any, cast: Any, preview: Any
) -> None:
    given = {"kind": "action", "text": "De sleutel halen", "owner": cast.bram, "due": in_days(5)}
    assert ask("anna", "post", f"/posts/{sources.post}/outcome", **given).status_code == 201
    assert preview(successor=cast.dina) == ["2 open acties gaan naar Dina Deskundig."]
    assert preview(**NEW) == ["2 open acties gaan naar Nina Nieuw (nieuw@proef.example)."]
    assert preview() == ["2 open acties zijn daarna van niemand. Het team ziet dat en kiest wie die overneemt."]
    shown = send("fons", f"/people/{cast.bram}/departure/preview", successor=cast.dina, named="1").text
    assert "<p>2 open acties gaan naar Dina Deskundig.</p>" in shown


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("member", [True, False])
def test_preview_says_what_leaving_does(
    whole: bool, member: bool, act: dict[str, Any], app: Any, ask: Any, leave: Any, cast: Any, preview: Any
) -> None:
    """For all of it or one organisation, to a successor who gets the community or, as Bram left it before, does not."""
    with app.app_context(), transaction():
        duo = Partnership(programme_id=cast.programme, name="Duo Proefdam")
        db.session.add(duo)
        db.session.flush()
        organisation = db.session.get_one(Person, cast.bram).organisation_id
        db.session.add(PartnerOrganisation(partnership_id=duo.id, organisation_id=organisation))
        db.session.add(PartnerPerson(partnership_id=duo.id, person_id=cast.bram))
        found = select(Membership).where(Membership.person_id == cast.bram, Membership.community_id == cast.one)
        db.session.scalars(found).one().ended = None if member else clock.now()
    given = {"successor": cast.chris} if whole else {"successor": cast.chris, "organisation": organisation}
    said = preview(**given)
    leave(**given)
    assert (owner_of(ask, act) == "Chris Ceder") == (said == ["1 open actie gaat naar Chris Ceder."]) == member


def test_preview_leaves_out_what_stays_with_the_leaver(
    act: dict[str, Any], leave: Any, ask: Any, cast: Any, preview: Any, app: Any
) -> None:
    with app.app_context():
        organisation = db.session.get_one(Person, cast.bram).organisation_id
    given = {"successor": cast.dina, "organisation": organisation}
    assert preview(**given) == [], "without a partnership that ends, the community stays"
    leave(**given)
    assert owner_of(ask, act) == "Bram Baan"


def test_preview_counts_no_action_that_is_done(act: dict[str, Any], run_as: Any, cast: Any, preview: Any) -> None:
    run_as("bram", actions.finish, Outcome, act["id"])
    assert preview(successor=cast.dina) == []
