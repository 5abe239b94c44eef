"""Reads the TOML files into the shapes; local times of Amsterdam become UTC."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cop.base import clock
from cop.cli.demo.shapes import (
    Closure,
    Community,
    Demo,
    Document,
    Folder,
    Hiding,
    Mark,
    Message,
    Organisation,
    Partnership,
    Person,
    Phase,
    Post,
    Programme,
    Reactions,
    Room,
    Thread,
    Version,
)

HERE = Path(__file__).parent
FILES = HERE / "files"
Table = dict[str, Any]
Reading = Mapping[str, Table]  # key of a person → how far


def parse() -> Demo:
    """Return the content of the files; raise TypeError or KeyError for an unknown or missing field."""
    head, shelf = _read("programme"), _read("documents")
    people = tuple(_person(row) for row in _read("people")["people"])
    society = _read("organisations")
    talks = [_toml(path) for path in HERE.glob("threads/*.toml")]
    threads = tuple(
        sorted(
            (_thread(row, talk["community"]) for talk in talks for row in talk["threads"]), key=lambda thread: thread.at
        )
    )
    rooms = tuple(_room(row) for row in _read("chat")["rooms"])
    folders = {row["key"]: Folder(**row) for row in shelf["folders"]}
    reading = _read("reading")["people"]
    return Demo(
        now=_utc(head["now"]),
        programme=Programme(**head["programme"], phases=tuple(Phase(**row) for row in head["phases"])),
        communities=tuple(_community(row) for row in head["communities"]),
        organisations=tuple(Organisation(**row) for row in society["organisations"]),
        partnerships=tuple(_partnership(row, people) for row in society["partnerships"]),
        people=people,
        folders=tuple(folders.values()),
        documents=tuple(_document(row, folders[row["folder"]]) for row in shelf["documents"]),
        threads=threads,
        rooms=rooms,
        thread_marks=tuple(_thread_marks(people, threads, reading)),
        room_marks=tuple(_room_marks(people, rooms, reading)),
    )


def _toml(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _read(name: str) -> Table:
    return _toml(HERE / f"{name}.toml")


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=clock.AMSTERDAM).astimezone(UTC)


def _maybe(moment: datetime | None) -> datetime | None:
    return _utc(moment) if moment else None


def _reactions(row: Mapping[str, list[str]]) -> Reactions:
    return {kind: tuple(people) for kind, people in row.items()}


def _community(row: Table) -> Community:
    return Community(**{**row, "themes": tuple(row["themes"])})


def _person(row: Table) -> Person:
    return Person(**{**row, "organisations": tuple(row["organisations"]), "themes": tuple(row["themes"])})


def _partnership(row: Table, people: Iterable[Person]) -> Partnership:
    theirs = tuple(person.key for person in people if set(person.organisations) & set(row["organisations"]))
    return Partnership(**{**row, "organisations": tuple(row["organisations"])}, people=theirs)


def _document(row: Table, folder: Folder) -> Document:
    versions = tuple(_version(one) for one in row.pop("versions"))
    return Document(**row, community=folder.community, versions=versions)


def _version(row: Table) -> Version:
    return Version(path=FILES / row.pop("file"), author=row.pop("by"), at=_utc(row.pop("at")), **row)


def _post(row: Table, number: int) -> Post:
    hidden = row.pop("hidden", None)
    return Post(
        number=number,
        author=row.pop("author"),
        at=_utc(row.pop("at")),
        body=row.pop("body").strip(),
        reply_to=row.pop("reply_to", None),
        reactions=_reactions(row.pop("reactions", {})),
        attachments=tuple(row.pop("attachments", ())),
        edited=_maybe(row.pop("edited", None)),
        retracted=_maybe(row.pop("retracted", None)),
        hidden=Hiding(**{**hidden, "at": _utc(hidden["at"])}) if hidden else None,
        **row,  # only an unknown field is left
    )


def _thread(row: Table, community: str) -> Thread:
    replies, closure = row.pop("replies", []), row.pop("closure", None)
    own = {
        name: row.pop(name, default)
        for name, default in {"label": "", "pinned": False, "featured": False, "source": None, "answer": None}.items()
    }
    return Thread(
        key=row.pop("key"),
        community=community,
        kind=row.pop("kind"),
        title=row.pop("title"),
        themes=tuple(row.pop("themes")),
        closure=_closure(closure) if closure else None,
        posts=(_post(row, 0), *(_post(reply, number) for number, reply in enumerate(replies, start=1))),
        **own,
    )


def _closure(row: Table) -> Closure:
    return Closure(by=row["by"], at=_utc(row["at"]), outcome=row["outcome"].strip())


def _room(row: Table) -> Room:
    rows = list(enumerate(row.pop("messages"), start=1))
    numbers = {one["key"]: number for number, one in rows if "key" in one}
    return Room(**row, messages=tuple(_message(one, number, numbers) for number, one in rows))


def _message(row: Table, number: int, numbers: Mapping[str, int]) -> Message:
    to = row.pop("reply_to", None)
    return Message(
        number=number,
        key=row.pop("key", None),
        author=row.pop("by"),
        at=_utc(row.pop("at")),
        body=row.pop("body"),
        reply_to=numbers[to] if to else None,
        reactions=_reactions(row.pop("reactions", {})),
        attachments=tuple(row.pop("attachments", ())),
        outcome=row.pop("outcome", False),
        **row,
    )


def _reached(posts: Iterable[Post | Message], person: str, until: datetime) -> int:
    """Return the number of the last item read: the last one by then, and at least the person's own; -1 for none."""
    return max((post.number for post in posts if post.at <= until or post.author == person), default=-1)


def _thread_marks(people: Iterable[Person], threads: Iterable[Thread], reading: Reading) -> Iterable[Mark]:
    for person in people:
        row = reading[person.key]
        exceptions, until = dict(row.get("threads", {})), _utc(row["until"])
        for thread in threads:
            if thread.community in person.communities:
                number = exceptions.pop(thread.key, _reached(thread.posts, person.key, until))
                if number >= 0:
                    yield Mark(person.key, thread.key, number)
        if exceptions:
            raise KeyError(f"{person.key} reads no thread {', '.join(exceptions)}")


def _room_marks(people: Iterable[Person], rooms: Iterable[Room], reading: Reading) -> Iterable[Mark]:
    for person in people:
        row = reading[person.key]
        exceptions = dict(row.get("rooms", {}))
        for room in rooms:
            if room.community in person.communities:
                number = _reached(room.messages, person.key, _utc(exceptions.pop(room.key, row["until"])))
                if number >= 0:
                    yield Mark(person.key, room.key, number)
        if exceptions:
            raise KeyError(f"{person.key} reads in no room {', '.join(exceptions)}")
