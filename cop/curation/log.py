"""The log of what moderators did in a community, which everybody in it can read: from the journal, without names."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Integer, and_, bindparam, case, exists, func, or_, select

from cop import access
from cop.base.journal import JournalEntry
from cop.base.web import Slice
from cop.base.words import _
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Thing, kinds

# What only moderators do. Of the others, which authors do too, those by somebody else than the author.
CURATING = (
    "messages.hide",
    "messages.unhide",
    "posts.hide",
    "posts.unhide",
    "threads.close",
    "threads.close_at",
    "threads.feature",
    "threads.hide",
    "threads.keep_open",
    "threads.mark_duplicate",
    "threads.merge",
    "threads.move",
    "threads.move_posts",
    "threads.pin",
    "threads.reopen",
    "threads.slow",
    "threads.split",
    "threads.unfeature",
    "threads.unhide",
    "threads.unmark_duplicate",
    "threads.unmerge",
    "threads.unpin",
    "threads.unslow",
)
BY_OTHERS = ("threads.retitle",)
HIDING = ("messages.hide", "posts.hide", "threads.hide")


def words() -> dict[str, str]:
    """Return what happened, by verb, as it is said before the title."""
    return {
        "messages.hide": _("Chatbericht verborgen in"),
        "messages.unhide": _("Chatbericht weer getoond in"),
        "posts.hide": _("Bericht verborgen in"),
        "posts.unhide": _("Bericht weer getoond in"),
        "threads.close": _("Gesprek gesloten:"),
        "threads.close_at": _("Sluitingsdag gekozen voor"),
        "threads.feature": _("Gesprek uitgelicht:"),
        "threads.hide": _("Gesprek verborgen:"),
        "threads.keep_open": _("Sluitingsdag weggehaald bij"),
        "threads.mark_duplicate": _("Gesloten, want het gaat ergens anders verder:"),
        "threads.merge": _("Ander gesprek opgenomen in"),
        "threads.move": _("Gesprek naar deze praktijkgemeenschap verplaatst:"),
        "threads.move_posts": _("Berichten verplaatst uit"),
        "threads.pin": _("Gesprek vastgezet:"),
        "threads.reopen": _("Gesprek heropend:"),
        "threads.retitle": _("Titel gewijzigd van"),
        "threads.slow": _("Tijd tussen reacties gevraagd in"),
        "threads.split": _("Berichten afgesplitst van"),
        "threads.unfeature": _("Gesprek niet meer uitgelicht:"),
        "threads.unhide": _("Gesprek weer getoond:"),
        "threads.unmark_duplicate": _("Verwijzing naar een ander gesprek weggehaald bij"),
        "threads.unmerge": _("Samengevoegd gesprek weer losgemaakt van"),
        "threads.unpin": _("Gesprek losgemaakt:"),
        "threads.unslow": _("Weer meteen reageren in"),
    }


class LogRow(NamedTuple):
    """An entry of the log: what was done with a thing, and by somebody in which role."""

    id: int
    at: datetime
    verb: str
    thing_id: int
    thing_kind: str
    title: str
    place_title: str | None
    reason: str
    role: str

    @property
    def url(self) -> str:
        return f"/things/{self.thing_id}"

    @property
    def about(self) -> str:
        """The address of the thing."""
        return kinds.url(self.thing_kind, self.thing_id)


JOURNAL, THING, PLACE = JournalEntry.__table__, Thing.__table__, Thing.__table__.alias("place")


@cache
def _entries(later: bool) -> access.VisibleQuery[LogRow]:
    """Return the query for the entries of a community whose things `:person` may see, the newest first."""
    team = exists().where(
        TeamMember.person_id == JOURNAL.c.person_id,
        TeamMember.programme_id == bindparam("programme", type_=Integer),
    )
    others = and_(
        JOURNAL.c.verb.in_(BY_OTHERS),
        JOURNAL.c.person_id.is_not(None),
        or_(THING.c.author_id.is_(None), JOURNAL.c.person_id != THING.c.author_id),
    )
    query = (
        select(
            JOURNAL.c.id,
            JOURNAL.c.at,
            JOURNAL.c.verb,
            THING.c.id.label("thing_id"),
            THING.c.kind.label("thing_kind"),
            THING.c.title,
            PLACE.c.title.label("place_title"),
            case((JOURNAL.c.verb.in_(HIDING) & (THING.c.state == "hidden"), THING.c.reason), else_="").label("reason"),
            case((JOURNAL.c.person_id.is_(None), "system"), (team, "team"), else_="moderator").label("role"),
        )
        .select_from(
            JOURNAL.join(
                THING, (THING.c.id == JOURNAL.c.object_id) & (THING.c.kind == JOURNAL.c.object_kind)
            ).outerjoin(PLACE, PLACE.c.id == THING.c.parent_id)
        )
        .where(
            JOURNAL.c.community_id == bindparam("community", type_=Integer),
            JOURNAL.c.verb.in_((*CURATING, *BY_OTHERS)),
            or_(JOURNAL.c.verb.in_(CURATING), others),
            func.coalesce(PLACE.c.state, "live") == "live",  # what stands in a hidden thread is hidden with it
        )
        .order_by(JOURNAL.c.id.desc())
        .limit(bindparam("most", type_=Integer))
    )
    if later:
        query = query.where(JOURNAL.c.id < bindparam("id", type_=Integer))
    return access.VisibleQuery(query, row=LogRow)


def log(person: Person, community: Community, *, after: str = "", limit: int = 25) -> Slice[LogRow]:
    """Return a page of what moderators did in a community, as far as a person may see what it was about."""
    later = {"id": int(after)} if after.isdecimal() and len(after) < 10 else {}
    rows = access.rows(
        person,
        _entries(bool(later)),
        community=community.id,
        programme=community.programme_id,
        most=limit + 1,
        **later,
    )
    return Slice(rows[:limit], next=str(rows[limit - 1].id) if len(rows) > limit else None)
