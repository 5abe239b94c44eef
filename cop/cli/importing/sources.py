"""What every source of an import gives: topics with their posts, authors, texts and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cop.base.files import Blob, Store

FIRST = 900_000_000_000_000  # numbers from here on stand in addresses for what has no id yet; ids end at 31 bits
FORMER = "Oud-deelnemer"  # instead of a name, of those who are not here: they did not ask to be named


class Unreadable(Exception):
    """The source is not what it should be; the message says what is wrong."""


@dataclass(frozen=True)
class Author:
    """Somebody at the source; `mails`: those addresses that the source knows to be theirs."""

    mails: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Target:
    """What a link in a text leads to: its key at the source, and the address that it has there."""

    key: str
    address: str


@dataclass(frozen=True)
class Markup:
    """A text in a format of ours; target n stands in its links under the number FIRST + n."""

    source: str
    format: str
    targets: Sequence[Target] = ()


@dataclass(frozen=True)
class SourceFile:
    """A file of a post. `take` returns it stored, or only examined where `keep` is false; raises Refused."""

    key: str
    name: str
    take: Callable[[Store, bool], Blob]


@dataclass(frozen=True)
class SourcePost:
    """A post at the source; `place` says where it stands, for the report; `remarks`: what of it is left out, and why."""

    key: str
    place: str
    made: datetime
    author: Author
    markup: Markup
    reply_to: str | None = None
    files: Sequence[SourceFile] = ()
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class SourceTopic:
    """A topic at the source; `posts` yields its posts in order."""

    key: str
    place: str
    title: str
    community: str  # slug
    made: datetime
    author: Author
    posts: Callable[[], Iterator[SourcePost]]
    answer: str | None = None
    closed: datetime | None = None


@dataclass
class LeftOut:
    """Something that is not imported: why, where it stands, what it is (`posts` or `files`), and how many."""

    reason: str
    place: str
    what: str = "posts"
    number: int = 1


# Why a file is not shared here, for an administrator; people read those of cop/base/files/reasons.py.
_WHY = {
    "empty": "empty",
    "too_large": "too large",
    "kind": "of a kind that is not shared here",
    "executable": "programs",
    "macros": "with macros",
    "encrypted": "with a password",
    "damaged": "damaged",
    "personal_number": "with a number of a person in the name",
}


def why(reason: str | None) -> str:
    """Return why a file is left out; None: the archive does not have it."""
    return "not in the archive" if reason is None else _WHY.get(reason, f"not safe: {reason}")


class Source(Protocol):
    """An archive that was read."""

    system: str
    left_out: list[LeftOut]

    def topics(self) -> Iterator[SourceTopic]:
        """Yield the topics to import, oldest first."""
        ...

    def topic(self, key: str) -> SourceTopic:
        """Return one of those topics."""
        ...

    def close(self) -> None:
        """Remove what was laid aside while reading."""
        ...


@dataclass
class Links:
    """The links of one text, numbered while it is converted."""

    targets: list[Target] = field(default_factory=list)

    def number(self, key: str, address: str) -> int:
        """Return the number that stands for a target in an address."""
        target = Target(key, address)
        if target not in self.targets:
            self.targets.append(target)
        return FIRST + self.targets.index(target)
