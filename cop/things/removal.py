"""What stands for an audience, and removing a community, partnership or programme for which nothing stands."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, func, select

from cop.base.db import Base, db
from cop.base.errors import Conflict
from cop.base.words import _, n_
from cop.society.audience import Audience
from cop.things.spine import Thing

Counter = Callable[[int], list[str]]
Cleaner = Callable[[int], None]
_counters: list[Counter] = []
_cleaners: list[Cleaner] = []


def counted(counter: Counter) -> Counter:
    """Let what a feature has outside the spine count: it returns the words for an audience, such as ["2 mappen"]."""
    _counters.append(counter)
    return counter


def before_removal(cleaner: Cleaner) -> Cleaner:
    """Call the function with the id of an audience before it is removed, to delete what refers to it."""
    _cleaners.append(cleaner)
    return cleaner


def contents(audience_id: int) -> list[str]:
    """Return what stands for an audience in words, whatever its state.

    An empty chat room does not count, nor the draft of a bulletin: cop/bulletins/listeners.py counts those that were sent.
    """
    found = (
        select(Thing.kind, func.count())
        .where(Thing.audience_id == audience_id, Thing.kind.not_in(("post", "room", "bulletin")))
        .group_by(Thing.kind)
    )
    n: dict[str, int] = dict(db.session.execute(found).all())
    threads, files, messages = (n.pop(kind, 0) for kind in ("thread", "file", "message"))
    others = sum(n.values())
    words = {
        n_("%(n)s gesprek", "%(n)s gesprekken", threads): threads,
        n_("%(n)s document", "%(n)s documenten", files): files,
        n_("%(n)s chatbericht", "%(n)s chatberichten", messages): messages,
        n_("%(n)s andere bijdrage", "%(n)s andere bijdragen", others): others,
    }
    return [
        *(one for one, count in words.items() if count),
        *(one for count in _counters for one in count(audience_id)),
    ]


def refuse_used(uses: list[str]) -> None:
    """Raise Conflict when anything is left in what is to be removed."""
    if uses:
        raise Conflict(_("Dit kan nog niet. Hier staat of doet nog mee: %(uses)s.", uses=", ".join(uses)))


def remove_owner(owner: Base, audience_id: int) -> None:
    """Delete a community, partnership or programme with its audience, in the running transaction."""
    for clean in _cleaners:
        clean(audience_id)
    db.session.execute(delete(Audience).where(Audience.id == audience_id))
    db.session.delete(owner)
    db.session.flush()
