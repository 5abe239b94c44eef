"""Verbs of calendar feeds: a secret address is made, and revoked."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from cop import access
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.calendars.feeds import FEEDS, CalendarFeed, new_secret
from cop.society.credentials import digest
from cop.society.people import Person


@action("calendar.make")
def make_feed(person: Person, owner: Person, *, community: str = "") -> tuple[CalendarFeed, str]:
    """Make a feed of all meetings of a person, or those of one community; return it with its secret, shown once.

    Raise Invalid for a community that they are not in, Conflict when they have too many.
    """
    audience = next((row for row in access.rights(owner).communities if row.slug == community), None)
    if community and audience is None:
        raise Invalid(errors={"community": _("Kies een praktijkgemeenschap uit de lijst.")})
    mine = CalendarFeed.person_id == owner.id
    db.session.execute(delete(CalendarFeed).where(mine, CalendarFeed.epoch < owner.epoch))  # they have ended
    if (db.session.scalar(select(func.count()).select_from(CalendarFeed).where(mine)) or 0) >= FEEDS:
        raise Conflict(_("U hebt al veel agenda-adressen. Trek eerst een adres in dat u niet meer gebruikt."))
    secret = new_secret()
    feed = CalendarFeed(
        key=digest(secret), person_id=owner.id, epoch=owner.epoch, audience_id=audience and audience.audience_id
    )
    db.session.add(feed)
    db.session.flush()
    detail(feed=feed.id)
    return feed, secret


@action("calendar.revoke")
def revoke_feed(person: Person, feed: CalendarFeed) -> None:
    """End a feed: its address works no longer."""
    detail(feed=feed.id)
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.id == feed.id))
    db.session.expunge(feed)
