"""People whom mail does not reach, who did not use their invitation, and experts whose term ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Integer, Row, Select, String, func, null, select, union_all
from sqlalchemy.orm import aliased

from cop.base import clock
from cop.base.db import db
from cop.base.email import Email
from cop.base.words import _
from cop.base.working_days import working_days_before
from cop.coach.signals.signal import Led, Signal, local_day
from cop.society.invitations import Invitation
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership

TERM = timedelta(days=14)  # how long before its end a term is a signal, as the mail to the expert


def bounced(led: Sequence[Led]) -> Iterator[Signal]:
    """Yield the people whose address refused the last mail."""
    slugs = {one.id: one.url for each in led for one in each.programme.communities}
    for row in _refused([one.programme.id for one in led]):
        community = slugs.get(row.community_id)
        url = f"/people/{row.id}" if row.entered or not community else f"{community}/members"
        yield Signal(row.programme_id, "bounced", row.id, local_day(row.failed), row.name or row.mail, url)


def _refused(programmes: Collection[int]) -> list[Row[Any]]:
    member = (
        select(Membership.person_id, Community.programme_id, Membership.community_id)
        .join(Community, Community.id == Membership.community_id)
        .where(current())
    )
    partner = select(PartnerPerson.person_id, Partnership.programme_id, null().cast(Integer)).join(
        Partnership, Partnership.id == PartnerPerson.partnership_id
    )
    team = select(TeamMember.person_id, TeamMember.programme_id, null().cast(Integer))
    here = union_all(
        *(
            one.where(owner.in_(programmes))
            for one, owner in (
                (member, Community.programme_id),
                (partner, Partnership.programme_id),
                (team, TeamMember.programme_id),
            )
        )
    ).subquery()
    later = aliased(Email)
    return list(
        db.session.execute(
            select(
                here.c.programme_id,
                Person.id,
                Person.name,
                Person.mail,
                Person.entered,
                func.min(here.c.community_id).label("community_id"),
                func.max(Email.made).label("failed"),
            )
            .join(Person, Person.id == here.c.person_id)
            .join(Email, Email.person_id == Person.id)
            .where(
                Email.state == "failed",
                Email.address == Person.mail,
                Person.state != "deactivated",
                ~select(later.id)
                .where(later.person_id == Person.id, later.state == "sent", later.id > Email.id)
                .exists(),
            )
            .group_by(here.c.programme_id, Person.id, Person.name, Person.mail, Person.entered)
        )
    )


def invited(led: Sequence[Led]) -> Iterator[Signal]:
    """Yield the people who did not use their invitation for as many working days as the programme says."""
    here = {one.programme.id: one for one in led}
    urls = {one.id: one.url for each in led for one in each.programme.communities}
    people: dict[tuple[int, int], list[Any]] = {}
    for row in db.session.execute(union_all(_to_communities(here), _to_teams(here))):
        people.setdefault((row.programme_id, row.person_id), []).append(row)
    for (programme, person), of_one in people.items():
        settings = here[programme].settings
        last = max(of_one, key=lambda one: one.sent)
        since = local_day(last.sent)
        waits = since <= working_days_before(clock.today(), settings.answer_days, settings.free)
        if waits and last.email_state != "failed":  # mail that did not arrive is a signal of its own
            to = urls.get(last.community_id)
            yield Signal(
                programme,
                "invitation",
                person,
                since,
                last.name or last.mail,
                f"{to}/members#invitations" if to else f"{here[programme].programme.url}/edit",
                place=", ".join(one.community or _("Programmateam") for one in of_one),
            )


def _to_communities(programmes: Collection[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Invitation.community_id,
            func.coalesce(Invitation.sent, Invitation.made).label("sent"),
            Community.programme_id,
            Community.name.label("community"),
            Person.id.label("person_id"),
            Person.name,
            Person.mail,
            Email.state.label("email_state"),
        )
        .join(Community, Community.id == Invitation.community_id)
        .join(Person, Person.id == Invitation.person_id)
        .outerjoin(Email, Email.id == Invitation.email_id)
        .where(
            Community.programme_id.in_(programmes),
            Invitation.accepted.is_(None),
            Invitation.revoked.is_(None),
            Person.entered.is_(None),
            Person.state != "deactivated",
        )
    )


def _to_teams(programmes: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Return the same of the people in the teams, as of the last mail with which they were invited."""
    one = aliased(Email)
    mailed = select(func.max(one.id)).where(one.person_id == Person.id, one.kind == "programmes/team")
    last = mailed.correlate(Person).scalar_subquery()
    return (
        select(
            null().cast(Integer),
            func.coalesce(Email.made, TeamMember.since, Person.made),
            TeamMember.programme_id,
            null().cast(String),
            Person.id,
            Person.name,
            Person.mail,
            Email.state,
        )
        .join(Person, Person.id == TeamMember.person_id)
        .outerjoin(Email, Email.id == last)
        .where(TeamMember.programme_id.in_(programmes), Person.entered.is_(None), Person.state != "deactivated")
    )


def ending(led: Sequence[Led]) -> Iterator[Signal]:
    """Yield the experts whose term ends soon."""
    urls = {one.id: one for each in led for one in each.programme.communities}
    rows = db.session.execute(
        select(
            Membership.id,
            Membership.community_id,
            Membership.until,
            Person.id.label("person_id"),
            Person.name,
            Person.mail,
        )
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.community_id.in_(urls),
            Membership.role == "expert",
            Membership.until.is_not(None),
            Membership.until <= clock.today() + TERM,
            Person.state != "deactivated",
            current(),
        )
    )
    for row in rows:
        community = urls[row.community_id]
        yield Signal(
            community.programme_id,
            "term",
            row.id,
            row.until - TERM,
            row.name or row.mail,
            f"{community.url}/members/{row.person_id}",
            place=community.name,
            until=row.until,
        )
