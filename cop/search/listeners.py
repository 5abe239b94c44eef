"""Listeners of search: they index the current text of what changed.

Beside the text an entry holds its scope, which changes with the state, place and audience of its thing. A search reads
them from the things and people themselves too, for what it shows.
"""

from __future__ import annotations

from sqlalchemy import delete, exists, select

from cop.base.db import db
from cop.base.events import Event, on
from cop.base.scrubbing import before_scrub
from cop.search import fulltext
from cop.search.filling import put_people, put_things
from cop.search.models import Entry
from cop.society.people import Person
from cop.things import Change, Thing, kinds, on_change
from cop.things.events import PostsMoved

# The columns that `scope` reads; a bulk statement on the spine is reported by the name of the table.
SCOPED = frozenset({"state", "audience_id", "parent_id", "author_id", "made", "thing"})


@on_change
def index(changes: list[Change]) -> None:
    """Write the entries of things whose words changed, and the scopes of those whose readers did."""
    ids: dict[str, dict[int, None]] = {}
    for change in changes:
        kind = kinds.find(change.thing.kind)
        if kind is not None and kind.index is not None and (change.new or change.names & kind.index_names):
            for id in kind.indexed_as(change.thing) if kind.indexed_as else [change.thing.id]:
                # A thing indexed by another, such as the opening of a thread, is of the other's kind.
                name = kind.name if id == change.thing.id else kind.place or kind.name
                ids.setdefault(name, {})[id] = None
    for name, these in ids.items():
        put_things(kinds.get(name), list(these))
    for change in changes:
        if not change.new and change.names & SCOPED:
            fulltext.move(change.thing.id)


@on(PostsMoved)
def moved(event: PostsMoved) -> None:
    """Index what became the opening of a thread with that thread, and what is no opening any more by itself."""
    db.session.flush()
    here = select(Thing.id).where(Thing.parent_id.in_((event.source, event.target)), Thing.kind == "post")
    db.session.execute(
        delete(Entry).where(Entry.thing_id.in_(here.where(Thing.seq == 1))),
        execution_options={"synchronize_session": False},
    )
    lacking = here.where(Thing.seq > 1, ~exists().where(Entry.thing_id == Thing.id))
    put_things(kinds.get("thread"), [event.source, event.target])
    put_things(kinds.get("post"), list(db.session.scalars(lacking)))


@before_scrub
def merge() -> None:
    """Drop the words of deleted texts, which the index of SQLite keeps until its parts are merged."""
    fulltext.merge()


@on("people.enter", "people.edit", "people.leave", "people.come_back")
def introduced(event: Event) -> None:
    """Index a person's profile."""
    put_people([event.thing.id])


@on("organisations.edit")
def renamed(event: Event) -> None:
    """Index the people of a renamed organisation."""
    put_people(list(db.session.scalars(select(Person.id).where(Person.organisation_id == event.thing.id))))
