"""Endpoints of notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, g
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Routes, endpoint, flash, respond, respond_list
from cop.base.words import _, n_
from cop.notices import actions, forms, levels
from cop.notices.emails import read_token
from cop.notices.models import FLAG, RULING, Notice, NoticeChoice, NoticeRow, listed
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Thing, kinds

routes = Routes("notices", __name__)


@routes.get("/notices")
@endpoint("notices.list", asks=forms.After, gives=forms.NoticeOut, many=True)
def list_(asked: dict[str, Any]) -> Response:
    """List the viewer's notices, newest first."""
    found = listed(current_user._get_current_object(), **asked)
    return respond_list(
        found,
        page="notices/list.html",
        asked=asked,
        unread=g.prefetched["unread"],
        days=_by_day(found.items),
        audiences=access.rights(current_user).audiences,
        url_of=kinds.url,
    )


def _by_day(rows: Sequence[NoticeRow]) -> list[tuple[date, list[list[NoticeRow]]]]:
    """Return the notices by day, and within a day by the thread, chat room or document that they are about."""
    days: dict[date, dict[int, list[NoticeRow]]] = {}
    for row in rows:
        place = -row.id if row.place_id is None else row.place_id  # a notice about a role stands alone
        days.setdefault(clock.local(row.at).date(), {}).setdefault(place, []).append(row)
    return [(day, list(places.values())) for day, places in days.items()]


@routes.get("/notices/unread")
@endpoint("notices.unread", gives=forms.UnreadOut)
def unread_() -> Response:
    """Return the viewer's number of unread notices: pages ask for it after a lost connection."""
    return respond(forms.UnreadOut(unread=g.prefetched["unread"]), to="/notices")


@routes.get("/notices/<int:id>")
@endpoint("notices.open")
def open_(id: int) -> Response:
    """Redirect to what a notice is about."""
    said = aliased(Thing)
    row = db.session.execute(
        select(Notice.thing_id, Notice.audience_id, Notice.reason, Notice.times, said.kind)
        .outerjoin(Thing, Thing.id == Notice.place_id)
        .outerjoin(said, said.id == Notice.thing_id)
        .where(Notice.id == id, Notice.person_id == current_user.id)
        .where(or_(Notice.place_id.is_(None), access.visible_to(current_user, Thing)))
    ).first()
    if row is None:
        raise NotFound()
    if row.reason.startswith(FLAG):
        return respond(to="/desk" if row.reason == FLAG else "/flags")
    if row.reason.startswith(RULING):
        return respond(to="/rulings")
    if row.reason == "bookmark" and row.times > 1:  # several in one thread or chat room
        return respond(to="/bookmarks")
    if row.reason == "meetings":
        return respond(to="/meetings")
    if row.thing_id is None:  # about a role or a phase
        role = access.audience(current_user, row.audience_id) if row.audience_id else None
        return respond(to=role.url or "/" if role else "/programmes")
    return respond(to=kinds.url(row.kind, row.thing_id))


@routes.post("/notices/reading")
@endpoint("notices.read", takes=forms.Read, gives=forms.ReadOut)
def read(given: dict[str, Any]) -> Response:
    """Mark one notice as read, or all."""
    at, count = actions.read(current_user, current_user, **given)
    if count:
        words = n_("%(n)s melding is als gelezen gemarkeerd.", "%(n)s meldingen zijn als gelezen gemarkeerd.", count)
        flash(words, undo="/notices/reading/delete", at=at.isoformat())
    return respond(forms.ReadOut(at=at.isoformat(), count=count), to="/notices")


@routes.delete("/notices/reading")
@endpoint("notices.reopen", takes=forms.Reopen)
def reopen(given: dict[str, Any]) -> Response:
    """Mark notices as unread again, those that were marked as read at one moment."""
    actions.reopen(current_user, current_user, **given)
    return respond(to="/notices")


@routes.get("/settings/notices")
@endpoint("notices.settings")
def settings() -> Response:
    """Show the choices about mail."""
    rows = db.session.scalars(select(NoticeChoice).where(NoticeChoice.person_id == current_user.id)).all()
    return respond(
        page="notices/settings.html",
        chosen={row.kind: row.how for row in rows},
        weekday=next((row.weekday for row in rows if row.kind == "digest"), None) or 0,
    )


@routes.post("/settings/notices")
@endpoint("notices.choose", takes=forms.Choose, form=settings)
def choose(given: dict[str, Any]) -> Response:
    """Choose about which kinds to get mail, and when."""
    actions.choose(current_user, current_user, **given)
    flash(_("Uw keuzes over mail zijn opgeslagen."))
    return respond(to="/settings/notices")


@routes.put("/things/<int:id>/following")
@endpoint("notices.follow", takes=forms.Following)
def follow(id: int, given: dict[str, Any]) -> Response:
    """Follow a thing."""
    thing = access.find(current_user, Thing, id)
    actions.follow(current_user, thing)
    flash(_("U volgt “%(name)s” nu.", name=thing.title))
    return respond(to=given.get("next") or _path_of(thing))


@routes.delete("/things/<int:id>/following")
@endpoint("notices.unfollow", takes=forms.Following)
def unfollow(id: int, given: dict[str, Any]) -> Response:
    """Neither follow nor mute a thing."""
    thing = access.find(current_user, Thing, id)
    actions.unfollow(current_user, thing)
    back = given.get("next") or _path_of(thing)
    flash(_("U volgt “%(name)s” niet meer.", name=thing.title), undo=f"/things/{id}/following", next=back)
    return respond(to=back)


@routes.put("/things/<int:id>/muting")
@endpoint("notices.mute")
def mute(id: int) -> Response:
    """Mute a thing."""
    thing = access.find(current_user, Thing, id)
    actions.mute(current_user, thing)
    flash(_("U krijgt hierover geen meldingen meer."))
    return respond(to=_path_of(thing))


@routes.get("/settings/levels")
@endpoint("notices.levels")
def levels_() -> Response:
    """Show what the viewer hears of each community, and of the things for which they chose otherwise."""
    person = current_user._get_current_object()
    return respond(
        page="notices/levels.html",
        communities=access.rights(person).communities,
        chosen=levels.chosen_audiences(person),
        things=levels.chosen_things(person),
    )


def _level_page(about: Thing | int, name: str, path: str, url: str) -> Response:
    return respond(
        page="notices/level.html",
        row=levels.row_of(current_user._get_current_object(), about),
        name=name,
        path=path,
        back=url,
        whole=not isinstance(about, Thing),
    )


@routes.get("/things/<int:id>/level")
@endpoint("notices.level")
def level(id: int) -> Response:
    """Show the form to choose what to hear of a thing."""
    thing = access.find(current_user, Thing, id)
    access.judge(current_user, "notices.choose_level", thing)
    return _level_page(thing, thing.title, f"/things/{id}/level", _path_of(thing))


@routes.put("/things/<int:id>/level")
@endpoint("notices.choose_level", takes=forms.ChooseLevel, form=level)
def choose_level(id: int, given: dict[str, Any]) -> Response:
    """Choose what to hear of a thing."""
    thing = access.find(current_user, Thing, id)
    actions.choose_level(current_user, thing, **given)
    flash(_("Uw keuze over meldingen is opgeslagen."))
    return respond(to=_path_of(thing))


@routes.get("/communities/<slug>/level")
@endpoint("notices.level_in")
def level_in(slug: str) -> Response:
    """Show the form to choose what to hear of a community."""
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "notices.choose_level_in", community)
    return _level_page(community.audience_id, community.name, f"{community.url}/level", f"{community.url}/threads")


@routes.put("/communities/<slug>/level")
@endpoint("notices.choose_level_in", takes=forms.ChooseLevel, form=level_in)
def choose_level_in(slug: str, given: dict[str, Any]) -> Response:
    """Choose what to hear of a community."""
    community = access.find(current_user, Community, slug=slug)
    actions.choose_level_in(current_user, community, **given)
    flash(_("Uw keuze over meldingen is opgeslagen."))
    return respond(to=f"{community.url}/threads")


def _path_of(thing: Thing) -> str:
    """Return the path of a thing."""
    return f"/{thing.kind}s/{thing.id}"


@routes.get("/unsubscribe/<token>")
@endpoint("notices.unsubscribe_page", open=True)
def unsubscribe_page(token: str) -> Response:
    """Ask for confirmation: mail scanners follow links, so a GET must change nothing."""
    _person, kind = _read_token(token)
    return respond(page="notices/unsubscribe.html", kind=kind, token=token, done=False)


@routes.post("/unsubscribe/<token>")
@endpoint("notices.unsubscribe", open=True)
def unsubscribe(token: str) -> Response:
    """Stop mail of one kind; the token is enough, so that a mail program can do it in one click."""
    person, kind = _read_token(token)
    actions.unsubscribe(access.SYSTEM, person, kind=kind)
    return respond(page="notices/unsubscribe.html", kind=kind, token=token, done=True)


unsubscribe.no_csrf = True


def _read_token(token: str) -> tuple[Person, str]:
    """Return the person and the kind of mail in a token; raise NotFound when it is not valid."""
    found = read_token(token)
    person = db.session.get(Person, found[0]) if found else None
    if found is None or person is None:
        raise NotFound()
    return person, found[1]
