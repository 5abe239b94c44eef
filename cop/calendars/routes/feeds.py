"""Endpoints of calendars to subscribe to: made and revoked on a page of their own, fetched by their address."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy import update

from cop import access
from cop.access import viewer
from cop.base import calendars, clock, words
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, requested_format, respond, respond_list
from cop.base.words import _
from cop.calendars import actions, feeds, forms
from cop.calendars.feeds import CalendarFeed
from cop.calendars.routes.blueprint import routes
from cop.society.credentials import digest


@routes.get("/calendar-feeds")
@endpoint("calendar.list", gives=forms.FeedOut, many=True)
def listed() -> Response:
    """List the viewer's calendars to subscribe to, with the form that makes one."""
    return _page()


def _page(made: forms.FeedMade | None = None, status: int = 200) -> Response:
    """Return the page of the viewer's calendars; `made`: the one that was just made, with its address."""
    person = viewer()
    listed = Slice(feeds.feeds_of(person))
    communities = access.rights(person).communities
    return respond_list(listed, page="calendars/feeds.html", communities=communities, made=made, status=status)


@routes.post("/calendar-feeds")
@endpoint("calendar.make", takes=forms.MakeFeed, gives=forms.FeedMade, form=listed, status=201)
def make(given: dict[str, Any]) -> Response:
    """Make a calendar to subscribe to; its address is shown only once."""
    person = viewer()
    feed, secret = actions.make_feed(person, person, **given)
    (made,) = (row for row in feeds.feeds_of(person) if row.id == feed.id)
    shown = forms.FeedMade(**made._asdict(), address=feeds.address_of(secret))
    return respond(shown, status=201) if requested_format() == "json" else _page(made=shown, status=201)


@routes.delete("/calendar-feeds/<int:id>")
@endpoint("calendar.revoke")
def revoke(id: int) -> Response:
    """End a calendar to subscribe to."""
    person, feed = viewer(), db.session.get(CalendarFeed, id)
    if feed is None or feed.person_id != person.id:
        raise NotFound
    actions.revoke_feed(person, feed)
    flash(_("Het agenda-adres werkt niet meer."))
    return respond(to="/calendar-feeds")


@routes.get("/calendar/<secret>.ics")
@endpoint("calendar.feed", open=True, binary=True)
def feed(secret: str) -> Response:
    """Return the meetings that the owner of the address may see now, for calendar programs."""
    found = feeds.find_feed(secret)
    if found is None:
        raise NotFound
    own, person = found
    words.language.set(person.language)
    name, items = feeds.name_of(own, person), feeds.items_of(own, person)
    tag, changed = feeds.etag_of(name, items), own.changed
    stale = own.etag != tag
    response = Response(content_type="text/calendar; charset=utf-8")
    if stale:  # for programs that ask by date: also what vanished is a change
        changed = clock.now()
        with transaction():
            db.session.execute(
                update(CalendarFeed)
                .where(CalendarFeed.key == digest(secret), CalendarFeed.etag != tag)
                .values(etag=tag, changed=changed)
            )
    response.set_etag(tag)
    response.last_modified = changed
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    if response.status_code == 200:
        response.set_data(calendars.published(name, items))
    return response
