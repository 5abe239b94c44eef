"""The doors of notices."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from flask_login import current_user
from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Routes, answer, answer_list, door, say
from cop.base.words import _
from cop.notices import actions, forms
from cop.notices.letters import read_token
from cop.notices.models import Choice, Notice, address, listed
from cop.people.models import Person
from cop.things import Thing

routes = Routes("notices", __name__)


@routes.get("/notices")
@door("notices.list", asks=forms.After, gives=forms.NoticeOut, many=True)
def list_(asked: dict[str, Any]) -> Response:
    """What I was told, newest first."""
    found = listed(current_user.id, access.seen_by(current_user, Thing), **asked)
    return answer_list(found, page="notices/list.html", asked=asked, unread=g.along["unread"])


@routes.get("/notices/unread")
@door("notices.unread", gives=forms.UnreadOut)
def unread_() -> Response:
    """How many notices I have not read: what the page asks after the connection was away."""
    return answer(forms.UnreadOut(unread=g.along["unread"]), to="/notices")


@routes.get("/notices/<int:id>")
@door("notices.open")
def open_(id: int) -> Response:
    """Leads to what a notice is about."""
    row = db.session.execute(
        select(Notice.thing_id, Notice.place_id, Thing.kind)
        .join(Thing, Thing.id == Notice.place_id)
        .where(Notice.id == id, Notice.person_id == current_user.id, access.seen_by(current_user, Thing))
    ).first()
    if row is None:
        raise NotFound()
    return answer(to=address(row.kind, row.place_id, row.thing_id))


@routes.post("/notices/reading")
@door("notices.read", takes=forms.Read)
def read(given: dict[str, Any]) -> Response:
    """Marks one notice as read, or all."""
    actions.read(current_user, current_user, **given)
    return answer(to="/notices")


@routes.get("/settings/notices")
@door("notices.settings")
def settings() -> Response:
    """How I want to hear of things."""
    rows = db.session.execute(select(Choice.kind, Choice.how).where(Choice.person_id == current_user.id))
    return answer(page="notices/settings.html", chosen=dict(rows.all()))


@routes.post("/settings/notices")
@door("notices.choose", takes=forms.Choose, form=settings)
def choose(given: dict[str, Any]) -> Response:
    """Chooses how to hear of things."""
    actions.choose(current_user, current_user, **given)
    say(_("Opgeslagen."))
    return answer(to="/settings/notices")


@routes.put("/things/<int:id>/following")
@door("notices.follow")
def follow(id: int) -> Response:
    """Follows a thing."""
    thing = access.find(current_user, Thing, id)
    actions.follow(current_user, thing)
    say(_("U volgt dit nu."))
    return answer(to=_home_of(thing))


@routes.delete("/things/<int:id>/following")
@door("notices.unfollow")
def unfollow(id: int) -> Response:
    """Neither follows nor mutes a thing."""
    thing = access.find(current_user, Thing, id)
    actions.unfollow(current_user, thing)
    say(_("U volgt dit niet meer."))
    return answer(to=_home_of(thing))


@routes.put("/things/<int:id>/muting")
@door("notices.mute")
def mute(id: int) -> Response:
    """Wants to hear nothing of a thing."""
    thing = access.find(current_user, Thing, id)
    actions.mute(current_user, thing)
    say(_("U krijgt hierover geen meldingen meer."))
    return answer(to=_home_of(thing))


def _home_of(thing: Thing) -> str:
    return f"/{thing.kind}s/{thing.id}"


@routes.get("/unsubscribe/<token>")
@door("notices.unsubscribe_page", open=True)
def unsubscribe_page(token: str) -> Response:
    """Asks whether to stop; a GET changes nothing, for mail scanners follow links."""
    _person, kind = _bearer(token)
    return answer(page="notices/unsubscribe.html", kind=kind, token=token, done=False)


@routes.post("/unsubscribe/<token>")
@door("notices.unsubscribe", open=True)
def unsubscribe(token: str) -> Response:
    """Stops mail of one kind: the token is the right, so that a mail program can do it in one click."""
    person, kind = _bearer(token)
    actions.unsubscribe(access.SYSTEM, person, kind=kind)
    return answer(page="notices/unsubscribe.html", kind=kind, token=token, done=True)


unsubscribe.no_csrf = True


def _bearer(token: str) -> tuple[Person, str]:
    found = read_token(token)
    person = db.session.get(Person, found[0]) if found else None
    if found is None or person is None:
        raise NotFound()
    return person, found[1]
