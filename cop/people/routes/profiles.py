"""Endpoints of profiles."""

from __future__ import annotations

from datetime import date, datetime, time
from types import SimpleNamespace
from typing import NamedTuple

from flask import Response, current_app, g, request
from flask_login import current_user
from sqlalchemy import Integer, bindparam, func, or_, select

from cop import access
from cop.base import clock, files
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import endpoint, respond
from cop.people import forms
from cop.people.routes.blueprint import me, routes, viewer
from cop.society.memberships import Membership, TeamMember, current
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.programmes import Community, PartnerPerson, Partnership
from cop.things import Thing, kinds


@routes.get("/me")
@endpoint("people.me", gives=forms.Me)
def myself() -> Response:
    """Show the signed-in person, with their role per community."""
    person = viewer()
    return respond(lambda: me(person), to=person.url)


@routes.get("/people/<int:id>")
@endpoint("people.show", gives=forms.PersonOut)
def show(id: int) -> Response:
    """Show a person: function, organisations, and the communities shared with the viewer."""
    person = access.find(current_user, Person, id)
    return respond(
        lambda: _shown(person),
        page="people/show.html",
        person=person,
        mail=_mail(person),
        organisations=organisations_of(person),
        communities=_communities(person),
        flag_url=_flag_url(person),
        partnerships=_partnerships(person),
        written=_written(person),
        audiences=access.rights(current_user).audiences,
        noun_of=lambda kind: kinds.get(kind).noun(),
        url_of=kinds.url,
        mine=person.id == current_user.id,
        may=access.may(current_user, "people.deactivate", person),
        may_leave=access.may(current_user, "people.leave", person),
        refused=g.get("problem"),
        choices=_organisations() if current_user.is_admin and person.state == "invited" else [],
    )


def _organisations() -> list[Organisation]:
    """Return every organisation that the viewer may see, by name."""
    visible = select(Organisation).where(access.visible_to(viewer(), Organisation))
    return list(db.session.scalars(visible.order_by(func.lower(Organisation.name))))


def _mail(person: Person) -> str | None:
    """Return the mail address when the viewer may see it, else None."""
    return person.mail if person.mail_shown or person.id == current_user.id or current_user.is_admin else None


def _shown(person: Person) -> forms.PersonOut:
    return forms.PersonOut.model_validate(person).model_copy(update={"mail": _mail(person)})


def organisations_of(person: Person) -> list[Organisation]:
    """Return the organisations a person works for, the one beside their name first."""
    works = select(Affiliation.organisation_id).where(Affiliation.person_id == person.id)
    found = db.session.scalars(
        select(Organisation)
        .where(or_(Organisation.id.in_(works), Organisation.id == person.organisation_id))
        .order_by(Organisation.name)
    )
    return sorted(found, key=lambda organisation: organisation.id != person.organisation_id)


def _communities(person: Person) -> list[SimpleNamespace]:
    """Return name, slug, role and last day of the communities shared with the viewer (an administrator: all)."""
    mine = Community.id.is_not(None) if current_user.is_admin else access.visible_to(current_user, Community)
    team = select(TeamMember.programme_id).where(TeamMember.person_id == person.id)
    here = (Membership.community_id == Community.id) & (Membership.person_id == person.id) & current()
    rows = db.session.execute(
        select(
            Community.name,
            Community.slug,
            Membership.role,
            Membership.until,
            Community.programme_id.in_(team).label("team"),
        )
        .outerjoin(Membership, here)
        .where(mine, or_(Membership.id.is_not(None), Community.programme_id.in_(team)))
        .order_by(Community.programme_id, Community.position)
    )
    return [
        SimpleNamespace(
            name=row.name,
            slug=row.slug,
            role="team" if row.team else row.role,
            until=_noon(row.until) if row.until and not row.team else None,
        )
        for row in rows
    ]


def _flag_url(person: Person) -> str:
    """Return where the viewer flags a person as a member of a community that both see, "" where they may not."""
    if not person.name:
        return ""
    shared = (
        select(Membership)
        .join(Community, Community.id == Membership.community_id)
        .where(Membership.person_id == person.id, current(), access.visible_to(current_user, Community))
        .order_by(Community.programme_id, Community.position)
    )
    membership = db.session.scalar(shared.limit(1))
    if membership is None or not access.may(current_user, "flags.raise", membership):
        return ""
    return f"{membership.community.url}/members/{person.id}/flag"


def _partnerships(person: Person) -> list[Partnership]:
    """Return the partnerships of a person that the viewer may see."""
    mine = select(PartnerPerson.partnership_id).where(PartnerPerson.person_id == person.id)
    seen = access.visible_to(current_user, Partnership)
    return list(
        db.session.scalars(select(Partnership).where(Partnership.id.in_(mine), seen).order_by(Partnership.name))
    )


class Written(NamedTuple):
    """A post or document of a person, with the thread it stands in."""

    id: int
    kind: str
    title: str
    audience_id: int
    made: datetime
    place_title: str | None


_PLACE = Thing.__table__.alias("place")
_THING = Thing.__table__
_WRITTEN = access.VisibleQuery(
    select(
        _THING.c.id,
        _THING.c.kind,
        _THING.c.title,
        _THING.c.audience_id,
        _THING.c.made,
        _PLACE.c.title.label("place_title"),
    )
    .select_from(_THING.outerjoin(_PLACE, _PLACE.c.id == _THING.c.parent_id))
    .where(
        _THING.c.author_id == bindparam("author", type_=Integer),
        _THING.c.kind.in_(("post", "file")),
        _THING.c.state == "live",
        or_(_PLACE.c.id.is_(None), _PLACE.c.state == "live"),
    )
    .order_by(_THING.c.id.desc())
    .limit(8),
    row=Written,
)


def _written(person: Person) -> list[Written]:
    """Return the newest posts and documents of a person that the viewer may see."""
    return _WRITTEN.rows(current_user._get_current_object(), author=person.id)


def _noon(day: date) -> datetime:
    """Return noon on this day, for template filters that take a datetime."""
    return datetime.combine(day, time(12), clock.AMSTERDAM)


@routes.get("/people/<int:id>/photo")
@endpoint("people.photo", binary=True)
def photo(id: int) -> Response:
    """Return the portrait of a person the viewer may see."""
    person = access.find(current_user, Person, id)
    if person.photo is None:
        raise NotFound
    with current_app.extensions["files"].open(person.photo) as portrait:
        response = Response(portrait.read(), headers=files.headers("portrait.webp", "image/webp", inline=True))
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(person.photo)
    return response.make_conditional(request)  # type: ignore[return-value]
