"""Listeners of search: they index the current text of what changed.

Only text is indexed. Whether something is hidden, retracted, moved or trashed, and who may read it, is read from the
things and people themselves at search time.
"""

from __future__ import annotations

from sqlalchemy import select

from cop.base.db import db
from cop.base.events import Event, on
from cop.search.filling import put_people, put_things
from cop.society.people import Person
from cop.things import Change, kinds, on_change


@on_change
def index(changes: list[Change]) -> None:
    """Write the entries of things whose words changed."""
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


@on("people.enter", "people.edit")
def introduced(event: Event) -> None:
    """Index a person's profile."""
    put_people([event.thing.id])


@on("organisations.edit")
def renamed(event: Event) -> None:
    """Index the people of a renamed organisation."""
    put_people(list(db.session.scalars(select(Person.id).where(Person.organisation_id == event.thing.id))))
