"""Versions: a thing's version and live position rise when a row that its page shows changes.

This happens without a call. The session reports every changed row of the spine and of the tables marked with
`shown_on`; `settle` runs after each verb. A bulk statement must name the things it changes in the execution option
`changes`; a prepared write names the parameter with the thing's id.

A place (a thread, a room) gets a new version and `last_seq` with every change in it. A thing in a place keeps its
position `seq`, and its `changed` becomes the new `last_seq`, so that a client that was offline finds it. The version of a
thing with a text rises with its text: it is the `base_version` of the next edit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import FromClause, Table, bindparam, event, inspect, update
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction

from cop.base.action import on_commit, on_settle
from cop.base.db import Base, current_session, db
from cop.base.fast.prepared import PreparedWrite, track_writes, tracker
from cop.base.fast.rows import fill, insert_row, set_loaded
from cop.things import kinds
from cop.things.kinds import Change
from cop.things.spine import Thing, new_seq, next_seq

Model = TypeVar("Model", bound=type[Base])

OWN = Thing.__tablename__  # the name under which changes of the spine row itself are reported, column by column
# Columns that this module sets; a change of only these does not count as a change.
MANAGED = {"seq", "changed", "last_seq", "version"}
CHANGES = "things.changes"  # in the info of a session
# For each table, a function that returns the ids of the things that show a row of it.
_shown: dict[FromClause, Callable[[Any], Iterable[int]]] = {}


@dataclass
class Changes:
    """The changes of a session since the last `settle`, by the id of the thing."""

    names: dict[int, set[str]] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    former: dict[int, dict[str, object]] = field(default_factory=dict)

    def note(self, ids: Iterable[int], names: Iterable[str]) -> None:
        """Add changed names to these things."""
        for id in ids:
            self.names.setdefault(id, set()).update(names)


def shown_on(ids: str | Callable[[Any], Iterable[int]]) -> Callable[[Model], Model]:
    """Mark a model whose rows are shown on pages of things; `ids` is the column with the thing's id, or returns the ids."""

    def decorate(model: Model) -> Model:
        table = cast(Table, model.__table__)
        _shown[table] = ids if callable(ids) else lambda row: [getattr(row, ids)]
        _track(table.name)
        return model

    return decorate


def _track(table: str) -> None:
    """Note what bulk statements and prepared writes to a table name as changed; refuse those that name nothing."""
    track_writes(table, lambda changed: changes().note(changed, [table]))


def changes() -> Changes:
    """Return the changes of the session since the last `settle`."""
    info = current_session().info
    found: Changes | None = info.get(CHANGES)
    if found is None:
        found = info[CHANGES] = Changes()
    return found


@event.listens_for(db.session, "after_flush")
def _rows(session: Session, _context: UOWTransaction) -> None:
    noted = changes()
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


def _former(thing: Thing) -> dict[str, object]:
    """Return the columns of a thing that changed, with their values before."""
    state = inspect(thing)
    histories = {a.key: state.attrs[a.key].history for a in state.mapper.column_attrs if a.key not in MANAGED}
    return {name: next(iter(history.deleted), None) for name, history in histories.items() if history.has_changes()}


@event.listens_for(db.session, "do_orm_execute")
def _statements(executed: ORMExecuteState) -> None:
    if not (executed.is_update or executed.is_delete or executed.is_insert):
        return
    table = cast(Any, executed.statement).table  # an INSERT, UPDATE or DELETE
    track = tracker(table.name)
    if track is None:
        return
    ids = executed.execution_options.get("changes")
    if ids is None:
        raise RuntimeError(
            f"a statement on {table.name} names no thing: add execution_options(changes=[ids]), () for none"
        )
    track(ids)


@event.listens_for(db.session, "after_rollback")
@event.listens_for(db.session, "after_commit")
def _forget(session: Session) -> None:
    session.info.pop(CHANGES, None)


@event.listens_for(Thing, "mapper_configured", propagate=True)
def _track_kind(_mapper: Mapper[Any], model: type[Thing]) -> None:
    _track(cast(Table, model.__table__).name)


_track(OWN)


def add(thing: Thing, place: Thing) -> None:
    """Insert a new thing at the end of a place."""
    seq = new_seq(place)
    fill(thing, seq=seq, changed=seq)
    insert_row(thing)
    noted = changes()
    noted.new.add(thing.id)
    noted.note([thing.id], [OWN])


ChangeListener = Callable[[list[Change]], None]
_listeners: list[ChangeListener] = []


def on_change(listener: ChangeListener) -> ChangeListener:
    """Call the function with the changes of each verb, in its transaction."""
    _listeners.append(listener)
    return listener


class _VersionRow(NamedTuple):
    version: int


_RAISE = PreparedWrite(
    update(Thing)
    .where(Thing.id == bindparam("id"))
    .values(changed=bindparam("seq"), version=Thing.version + bindparam("by"))
    .returning(Thing.version),
    row=_VersionRow,
    changes="",
)


@on_settle
def settle(verb: str) -> None:
    """Raise the versions and positions of the changed things, call the listeners, and publish after the commit."""
    session = current_session()
    noted: Changes | None = session.info.pop(CHANGES, None)
    if not noted or not noted.names:
        return
    found = [
        Change(session.get_one(Thing, id), frozenset(names), id in noted.new, noted.former.get(id, {}))
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
    """Return changes of the things that show a part of a changed thing: their fragments change too."""
    known = {change.thing.id for change in found}
    dependents: dict[int, Change] = {}
    for change in found:
        for thing in kinds.dependents(change) if not change.new else ():
            if thing.id not in known:
                dependents[thing.id] = Change(thing)
    return list(dependents.values())


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
