"""Kinds of things: each feature registers its own once, and every other feature finds them here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Select, inspect

from cop.base import live
from cop.base.db import end_reading
from cop.things.spine import Thing


@dataclass
class Change:
    """A change of a thing by a verb."""

    thing: Thing
    # columns of the spine row and of the kind's own, and tables whose rows the thing's page shows; "thing" for a new one
    names: frozenset[str] = frozenset()
    new: bool = False
    former: dict[str, object] = field(default_factory=dict)  # earlier values of the columns


class Fragment(NamedTuple):
    """A thing as everybody in its place sees it; `render` returns the HTML in the current language."""

    id: int
    changed: int
    render: Callable[[], str]


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of thing; the name is the polymorphic identity of its model.

    path: the address is `<path>/<id>`.
    icon: its name in static/img/icons.svg.
    noun, plural: functions that return its name, singular and plural, in the current language.
    place: the kind of its parent, such as "thread" for a post; None for a thing without a parent.
    live: sockets can join it as `<name>:<id>`.
    fragments: returns the fragments with these ids, to send to sockets.
    dependents: returns the things, of any kind, that show a part of a changed one.
    index: query for the (thing_id, kind, title, plain) that search finds; None to leave the kind out of search.
    index_names: the columns and tables that `index` reads; a change of one of these updates the index.
    indexed_as: returns the ids to index again after a change of a thing; by default its own.
    typed: the words that people type after `type:` in search, in any language, separated by spaces.
    subkinds: the values of `kind` that `index` selects, each with the words typed for it; by default its name.
    also: subkinds of another kind that the filter by this kind lets through.
    rank: the points that search adds to a hit.
    present: returns the ids of the people who have one open, in any process; by default nobody.
    attaches: it can be attached to a text.
    usable: people can say that they used it in their own work.
    digest: the daily mail counts it, by its parent or by itself.
    recent: lists of recent things show it, and search suggests it by its title.
    edited_at: for (person, id), returns the name and the address of the page on which its text is written, for the list of
    drafts; raises NotFound for a person who may not see it. By default that of its own page.
    """

    model: type[Thing]
    path: str
    icon: str
    noun: Callable[[], str]
    plural: Callable[[], str]
    place: str | None = None
    live: bool = False
    fragments: Callable[[Sequence[int]], list[Fragment]] | None = None
    dependents: Callable[[Change], Iterable[Thing]] | None = None
    index: Select[Any] | None = None
    index_names: frozenset[str] = frozenset({"title", "body"})
    indexed_as: Callable[[Thing], list[int]] | None = None
    typed: str = ""
    subkinds: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    rank: int = 0
    present: Callable[[int], set[int]] | None = None
    attaches: bool = False
    usable: bool = False
    digest: bool = False
    recent: bool = False
    edited_at: Callable[[Any, int], tuple[str, str]] | None = None

    @property
    def name(self) -> str:
        """The value of `Thing.kind`."""
        return str(inspect(self.model).polymorphic_identity)

    def url(self, id: int) -> str:
        """Return the address of a thing of this kind."""
        return f"{self.path}/{id}"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind."""
    assert kind.name not in _kinds, f"{kind.name} is already a kind"
    _kinds[kind.name] = kind
    return kind


def unregister(name: str) -> None:
    """Remove a kind, for tests that add one."""
    del _kinds[name]


def get(name: str) -> Kind:
    """Return a kind by its name."""
    return _kinds[name]


def find(name: str) -> Kind | None:
    """Return a kind by its name, or None."""
    return _kinds.get(name)


def every() -> list[Kind]:
    """Return every kind, in the order of their registration."""
    return list(_kinds.values())


def names(condition: Callable[[Kind], object]) -> list[str]:
    """Return the names of the kinds for which `condition` holds."""
    return [kind.name for kind in _kinds.values() if condition(kind)]


def url(name: str, id: int) -> str:
    """Return the address of a thing by its kind and id."""
    return _kinds[name].url(id)


def entry_kinds(name: str) -> tuple[str, ...]:
    """Return the kinds of the search entries of a kind and of the things in it; of a subkind, only that."""
    if name not in _kinds:
        return (name,)
    inside = [kind.name for kind in _kinds.values() if kind.place == name and kind.index is not None]
    return (*(_kinds[name].subkinds or (name,)), *inside, *_kinds[name].also)


def of_entry(entry_kind: str) -> Kind:
    """Return the kind whose index selects entries of `entry_kind`, which may be a subkind."""
    return _kinds.get(entry_kind) or next(kind for kind in _kinds.values() if entry_kind in kind.subkinds)


def dependents(change: Change) -> Iterable[Thing]:
    """Return the things that show a part of a changed thing, from all kinds."""
    for kind in _kinds.values():
        if kind.dependents is not None:
            yield from kind.dependents(change)


class Published(NamedTuple):
    """A change to publish to the sockets in its place after the commit."""

    kind: str
    id: int
    place_id: int | None
    last_seq: int
    verb: str
    access_changed: bool  # its state or audience changed: check again who may be in it


def publish(changed: list[Published]) -> None:
    """Send the changed things to everybody in their places, in the order of the change."""
    by_place: dict[str, dict[str, dict[int, str]]] = {}
    for one in changed:
        kind = _kinds.get(one.kind)
        if kind is None:
            continue
        if kind.place is not None:
            place = f"{kind.place}:{one.place_id}"
            by_place.setdefault(place, {}).setdefault(kind.name, {})[one.id] = one.verb
        elif kind.live:
            place = f"{kind.name}:{one.id}"
            live.publish(place, one.last_seq, one.verb, one.id, lambda: "")
            if one.access_changed:
                live.recheck_place(place)
    for place, kinds_here in by_place.items():
        if live.has_listeners(place):
            for name, verbs in kinds_here.items():
                _publish_fragments(place, _kinds[name], verbs)
    end_reading()


def _publish_fragments(place: str, kind: Kind, verbs: dict[int, str]) -> None:
    if kind.fragments is None:
        return
    for fragment in sorted(kind.fragments(list(verbs)), key=lambda one: one.changed):
        live.publish(place, fragment.changed, verbs[fragment.id], fragment.id, fragment.render)
