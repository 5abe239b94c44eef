"""Endpoints for administrators: listing and adding people, closing accounts, appointing administrators."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from sqlalchemy import func, or_, select, tuple_

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.web.responses import link
from cop.base.words import _
from cop.people import actions, forms
from cop.people.routes.blueprint import routes
from cop.people.routes.organisations import every_organisation
from cop.people.routes.profiles import show
from cop.society.organisations import Organisation
from cop.society.people import GUEST, Person


@routes.get("/people")
@endpoint("people.list", asks=forms.Search, gives=forms.PersonOut, many=True)
def list_(asked: dict[str, Any] | None = None) -> Response:
    """List everybody by name, for administrators; `q` searches names, addresses and organisations."""
    if not access.may(current_user, "people.add", None):
        raise NotFound
    asked = asked or forms.Search().model_dump()
    found = _matching(**asked)
    return respond_list(
        found, page="people/list.html", q=asked["q"], organisations=every_organisation(), next=link(after=found.next)
    )


def _matching(q: str, after: int | None, limit: int) -> Slice:
    """Return the people whose name, address or organisation contains every word of `q`, after person `after`."""
    name = func.lower(Person.name)
    wanted = select(Person).outerjoin(Organisation, Organisation.id == Person.organisation_id)
    wanted = wanted.where(Person.state != GUEST).order_by(name, Person.id)
    for word in q.lower().split():
        like = f"%{word.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"
        wanted = wanted.where(
            or_(
                *(func.lower(column).like(like, escape="/") for column in (Person.name, Person.mail, Organisation.name))
            )
        )
    if after is not None:
        last = select(name).where(Person.id == after).scalar_subquery()
        wanted = wanted.where(tuple_(name, Person.id) > tuple_(last, after))
    rows = list(db.session.scalars(wanted.limit(limit + 1)))
    return Slice(rows[:limit], next=rows[limit - 1].id if len(rows) > limit else None)


@routes.post("/people")
@endpoint("people.add", takes=forms.Add, gives=forms.PersonOut, form=list_, status=201)
def add(given: dict[str, Any]) -> Response:
    """Add a person and mail them the link to sign in with."""
    person = actions.add(current_user, None, **given)
    flash(_("%(name)s krijgt een mail met een link om in te loggen.", name=person.name))
    return respond(person, to="/people", status=201)


@routes.patch("/people/<int:id>")
@endpoint("people.correct", takes=forms.CorrectPerson, gives=forms.PersonOut, form=show)
def correct(id: int, given: dict[str, Any]) -> Response:
    """Correct the name, address or organisation of somebody who has not entered yet."""
    found = access.find(current_user, Person, id)
    before = found.mail
    person = actions.correct(current_user, found, **given)
    if person.mail.lower() != before.lower():
        flash(_("%(name)s krijgt een mail met een link om in te loggen.", name=person.name))
    else:
        flash(_("De gegevens van %(name)s zijn opgeslagen.", name=person.name))
    return respond(person, to=person.url)


@routes.put("/people/<int:id>/administration")
@endpoint("people.promote", gives=forms.PersonOut, form=show)
def promote(id: int) -> Response:
    """Make a person an administrator."""
    person = actions.promote(current_user, access.find(current_user, Person, id))
    flash(
        _("%(name)s is nu beheerder en krijgt daarover een mail.", name=person.name),
        undo=f"{person.url}/administration/delete",
    )
    return respond(person, to=person.url)


@routes.delete("/people/<int:id>/administration")
@endpoint("people.demote", gives=forms.PersonOut, form=show)
def demote(id: int) -> Response:
    """Withdraw a person's administrator rights."""
    person = actions.demote(current_user, access.find(current_user, Person, id))
    words = _("%(name)s is geen beheerder meer.", name=person.name)
    # Those who withdraw their own rights cannot take that back.
    flash(words, undo=None if person.id == current_user.id else f"{person.url}/administration")
    return respond(person, to=person.url)


@routes.put("/people/<int:id>/deactivation")
@endpoint("people.deactivate", gives=forms.PersonOut, form=show)
def deactivate(id: int) -> Response:
    """Close an account."""
    person = actions.deactivate(current_user, access.find(current_user, Person, id))
    flash(
        _("Het account van %(name)s is afgesloten. %(name)s kan niet meer inloggen.", name=person.name),
        undo=f"{person.url}/deactivation/delete",
    )
    return respond(person, to=person.url)


@routes.delete("/people/<int:id>/deactivation")
@endpoint("people.reactivate", gives=forms.PersonOut, form=show)
def reactivate(id: int) -> Response:
    """Reopen an account."""
    person = actions.reactivate(current_user, access.find(current_user, Person, id))
    flash(_("%(name)s kan weer inloggen.", name=person.name))
    return respond(person, to=person.url)
