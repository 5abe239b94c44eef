"""Versions: a thing's version and live position rise when a row that its page shows changes.

Nobody calls for it. The session reports every changed row of a table that is marked with `shown_on`, and of the spine
itself; `settle` runs after each verb. A bulk statement names the things it changes in the execution option `changes`,
or it is refused; a prepared write names the parameter with the thing's id.

A place (a thread, a room) takes a new version and `last_seq` for every change in it. What stands in a place keeps its
position `seq` and moves `changed` to the new `last_seq`, so that a client that was away finds it. The version of a
thing with a text rises with its text: it is the `base_version` of the next edit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam, event, inspect, update

from cop.base.action import on_commit, on_settle
from cop.base.db import Base, db
from cop.base.fast.prepared import PreparedWrite, track_writes
from cop.base.fast.rows import insert_row, set_loaded
from cop.things import kinds
from cop.things.kinds import Change
from cop.things.spine import Thing, next_seq

Model = TypeVar("Model", bound=type[Base])

OWN = "thing"  # the name under which changes of the spine row itself are reported, column by column
# Columns that this module and the clock of a place keep; a change of these alone is no change.
KEPT = {"seq", "changed", "last_seq", "version"}
CHANGES = "things.changes"  # in the info of a session
_shown: dict[Any, Callable[[Any], Iterable[int]]] = {}  # table → the ids of the things that show a row of it


@dataclass
class Changes:
    """The changes of a session since the last `settle`, by the id of the thing."""

    names: dict[int, set[str]] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    former: dict[int, dict[str, Any]] = field(default_factory=dict)

    def note(self, ids: Iterable[int], names: Iterable[str]) -> None:
        """Add to what changed about these things."""
        for id in ids:
            self.names.setdefault(id, set()).update(names)


def shown_on(ids: str | Callable[[Any], Iterable[int]]) -> Callable[[Model], Model]:
    """Mark a model whose rows are shown on the page of a thing; `ids` is the column with its id, or returns the ids."""

    def decorate(model: Model) -> Model:
        table = cast(Table, model.__table__)
        _shown[table] = ids if callable(ids) else lambda row: [getattr(row, ids)]
        track_writes(table.name, lambda changed: changes().note(changed, [table.name]))
        return model

    return decorate


def changes() -> Changes:
    """Return what the running session changed since the last `settle`."""
    found: Changes = db.session().info.setdefault(CHANGES, Changes())
    return found


@event.listens_for(db.session, "after_flush")
def _rows(session: Any, _context: Any) -> None:
    noted: Changes = session.info.setdefault(CHANGES, Changes())
    for row in session.new:
        if isinstance(row, Thing):
            noted.new.add(row.id)
            noted.note([row.id], [OWN])
        elif ids := _shown.get(row.__table__):
            noted.note(ids(row), [row.__tablename__])
    for row in session.dirty:
        if isinstance(row, Thing):
            if former := _former(row):
                noted.note([row.id], former)
                noted.former.setdefault(row.id, {}).update(former)
        elif (ids := _shown.get(row.__table__)) and session.is_modified(row):
            noted.note(ids(row), [row.__tablename__])
    for row in session.deleted:
        if ids := _shown.get(row.__table__):
            noted.note(ids(row), [row.__tablename__])


def _former(thing: Thing) -> dict[str, Any]:
    """Return the columns of a thing that changed, with their values before."""
    state = inspect(thing)
    histories = {a.key: state.attrs[a.key].history for a in state.mapper.column_attrs if a.key not in KEPT}
    return {name: next(iter(history.deleted), None) for name, history in histories.items() if history.has_changes()}


@event.listens_for(db.session, "do_orm_execute")
def _statements(asked: Any) -> None:
    if not (asked.is_update or asked.is_delete or asked.is_insert):
        return
    table = asked.statement.table
    if table not in _shown and not kinds.is_spine(table):
        return
    ids = asked.execution_options.get("changes")
    if ids is None:
        raise RuntimeError(
            f"a statement on {table.name} names no thing: give execution_options(changes=[ids]), () for none"
        )
    asked.session.info.setdefault(CHANGES, Changes()).note(ids, [table.name])


@event.listens_for(db.session, "after_rollback")
@event.listens_for(db.session, "after_commit")
def _forget(session: Any) -> None:
    session.info.pop(CHANGES, None)


@event.listens_for(Thing, "mapper_configured", propagate=True)
def _track_kind(_mapper: Any, model: type[Thing]) -> None:
    table = cast(Table, model.__table__)
    track_writes(table.name, lambda changed: changes().note(changed, [table.name]))


track_writes(Thing.__tablename__, lambda changed: changes().note(changed, [OWN]))


def add(thing: Thing, place: Thing) -> None:
    """Insert a new thing at the end of a place, in the running transaction."""
    thing.seq = thing.changed = next_seq(place)
    insert_row(thing)
    changes().new.add(thing.id)
    changes().note([thing.id], [OWN])


ChangeListener = Callable[[list[Change]], None]
_listeners: list[ChangeListener] = []


def on_change(listener: ChangeListener) -> ChangeListener:
    """Call the function in the transaction with what each verb changed."""
    _listeners.append(listener)
    return listener


_RAISE = PreparedWrite(
    update(Thing)
    .where(Thing.id == bindparam("id"))
    .values(changed=bindparam("seq"), version=Thing.version + bindparam("by"))
    .returning(Thing.version),
    changes="",
)


@on_settle
def settle(verb: str) -> None:
    """Raise the versions and positions of what changed, tell the listeners, and publish it after the commit."""
    noted: Changes | None = db.session().info.pop(CHANGES, None)
    if not noted or not noted.names:
        return
    found = [
        Change(db.session.get_one(Thing, id), frozenset(names), id in noted.new, noted.former.get(id, {}))
        for id, names in noted.names.items()
    ]
    found += _dependents(found)
    for change in sorted(found, key=lambda one: (one.thing.seq if one.new else 0, one.thing.id)):
        if not change.new:
            _raise(change)
    for listener in _listeners:
        listener(found)
    on_commit(kinds.publish, *(_published(change, verb) for change in found))


def _dependents(found: list[Change]) -> list[Change]:
    """Return the things that show a part of what changed: their fragments change along."""
    known = {change.thing.id for change in found}
    along: dict[int, Change] = {}
    for change in found:
        for thing in kinds.dependents(change) if not change.new else ():
            if thing.id not in known:
                along[thing.id] = Change(thing)
    return list(along.values())


def _raise(change: Change) -> None:
    thing = change.thing
    if thing.parent_id is None:
        next_seq(thing)
        return
    seq = next_seq(db.session.get_one(Thing, thing.parent_id))
    (raised,) = _RAISE.rows(id=thing.id, seq=seq, by=int("body" in change.names))
    set_loaded(thing, "changed", seq)
    set_loaded(thing, "version", raised.version)


def _published(change: Change, verb: str) -> Hashable:
    thing = change.thing
    return kinds.Published(
        thing.kind, thing.id, thing.parent_id, thing.last_seq, verb, bool(change.names & {"state", "audience_id"})
    )
