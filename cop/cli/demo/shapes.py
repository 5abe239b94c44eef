"""The content of the demo as data classes. They refer to each other by key; moments are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

Reactions = Mapping[str, tuple[str, ...]]  # kind of reaction → keys of people


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation; `kind` is one of ORGANISATION_KINDS, `domain` is that of its mail addresses."""

    key: str
    name: str
    kind: str
    region: str
    domain: str
    description: str
    province: str = ""


@dataclass(frozen=True, slots=True)
class Partnership:
    """A koploperduo; `people` all work for one of its organisations."""

    key: str
    name: str
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    challenge: str
    bottleneck: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Person:
    """A participant; `communities` gives the role in each, `until` an expert's last day."""

    key: str
    name: str
    mail: str
    function: str
    organisations: tuple[str, ...]
    themes: tuple[str, ...]
    communities: Mapping[str, str]
    language: str = "nl"
    bio: str = ""
    until: date | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the programme; `kind` is one of PHASES, `name` is its name in Dutch."""

    kind: str
    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme with its current phase; `description` is Markdown."""

    slug: str
    name: str
    organiser: str
    phase: str
    summary: str
    description: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Community:
    """A community of practice; its slug is its key."""

    slug: str
    name: str
    purpose: str
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a community."""

    key: str
    community: str
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document: the file on disk, its name for members, its author and the reason."""

    path: Path
    name: str
    author: str
    at: datetime
    remark: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its versions, oldest first; a picture has `alt`, `reuse` allows others to reuse it."""

    key: str
    community: str
    folder: str
    title: str
    description: str
    status: str
    reuse: bool
    versions: tuple[Version, ...]
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Hiding:
    """A post hidden by a moderator, with the reason."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Closure:
    """The closure of a thread, with its outcome in Markdown."""

    by: str
    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a thread, in Markdown; number 0 is the opening. `reply_to` is the number of another post."""

    number: int
    author: str
    at: datetime
    body: str
    reply_to: int | None
    reactions: Reactions
    attachments: tuple[str, ...]
    edited: datetime | None
    retracted: datetime | None
    hidden: Hiding | None


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread with its posts; `answer` numbers the accepted one, `source` the chat message before it."""

    key: str
    community: str
    kind: str
    label: str  # the programme's own name for the kind, if it has one: verslag, intervisie
    title: str
    themes: tuple[str, ...]
    pinned: bool
    featured: bool
    source: str | None
    answer: int | None
    closure: Closure | None
    posts: tuple[Post, ...]

    @property
    def author(self) -> str:
        return self.posts[0].author

    @property
    def at(self) -> datetime:
        return self.posts[0].at


@dataclass(frozen=True, slots=True)
class Message:
    """A chat message; numbers count from 1 in its room. `outcome` marks an opbrengst."""

    number: int
    key: str | None
    author: str
    at: datetime
    body: str
    reply_to: int | None
    reactions: Reactions
    attachments: tuple[str, ...]
    outcome: bool


@dataclass(frozen=True, slots=True)
class Room:
    """A chat room with its messages."""

    key: str
    community: str
    name: str
    purpose: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """The last post of a thread, or message of a room, that a person has read."""

    person: str
    place: str
    number: int


@dataclass(frozen=True, slots=True)
class Demo:
    """The whole demo. It ends at `now`: terms that end later are still running."""

    now: datetime
    programme: Programme
    communities: tuple[Community, ...]
    organisations: tuple[Organisation, ...]
    partnerships: tuple[Partnership, ...]
    people: tuple[Person, ...]
    folders: tuple[Folder, ...]
    documents: tuple[Document, ...]
    threads: tuple[Thread, ...]
    rooms: tuple[Room, ...]
    thread_marks: tuple[Mark, ...]
    room_marks: tuple[Mark, ...]
