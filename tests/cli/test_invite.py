"""cop people invite: members.invite from the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.journal import JournalEntry
from cop.society.memberships import Membership
from cop.society.people import by_mail
from cop.society.programmes import Community, Programme


@pytest.fixture
def platform_with_community(platform: Any) -> Any:
    """Return a platform with a community."""
    with platform.app().app_context(), transaction():
        programme = Programme(slug="proef", name="Proef")
        db.session.add(programme)
        db.session.flush()
        db.session.add(Community(programme_id=programme.id, slug="een", name="Eerste kring"))
    return platform


def test_works(platform_with_community: Any) -> None:
    done = platform_with_community.cop(
        "people", "invite", "nieuw@proef.example", "--community", "een", "--name", "Nina Nieuw"
    )
    assert done.exit_code == 0, done.output
    assert "takes part in een as member" in done.output
    with platform_with_community.app().app_context():
        person = by_mail("nieuw@proef.example")
        assert person is not None
        assert (person.name, person.state) == ("Nina Nieuw", "invited")
        assert db.session.scalars(select(Membership.role).where(Membership.person_id == person.id)).one() == "member"
        assert db.session.scalars(select(Email.address)).one() == "nieuw@proef.example"
        assert db.session.scalars(select(JournalEntry.verb)).all() == ["members.invite"]


def test_expert_has_a_last_day(platform_with_community: Any) -> None:
    day = (clock.now() + timedelta(days=90)).date()
    expert = ("people", "invite", "dina@proef.example", "--community", "een", "--role", "expert")
    assert platform_with_community.cop(*expert).exit_code == 1
    done = platform_with_community.cop(*expert, "--until", day.isoformat())
    assert done.exit_code == 0, done.output
    with platform_with_community.app().app_context():
        assert db.session.scalars(select(Membership.until)).one() == day


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nieuw@proef.example", "--community", "nergens"], "no community has the slug nergens"),
        (["geen adres", "--community", "een"], "is no mail address"),
        (["nieuw@proef.example", "--community", "een", "--role", "boss"], "'boss' is not one of"),
        (["nieuw@proef.example"], "Missing option '--community'"),
    ],
)
def test_bad_input_names_the_field(platform_with_community: Any, arguments: list[str], words: str) -> None:
    done = platform_with_community.cop("people", "invite", *arguments)
    assert done.exit_code != 0
    assert words in done.output
    with platform_with_community.app().app_context():
        assert db.session.scalars(select(Membership)).all() == []
