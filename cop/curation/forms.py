"""Input and output models of the endpoints of curation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from cop.base import clock
from cop.base.forms import Day, Form, Id, Line, Lines, Out, Required
from cop.curation.actions.splitting import SplitKind
from cop.curation.log import LogRow
from cop.curation.models import NoteRow
from cop.curation.moving import MOST

LONGEST = 2_000  # characters of a note
Posts = Annotated[list[Id], Field(max_length=MOST)]
Since = Annotated[Id | None, BeforeValidator(lambda value: value or None)]


class Into(Form):
    """The address of another thread, or of a post in it."""

    into: Annotated[Required, StringConstraints(max_length=500)]


class Chosen(Form):
    """Posts of a thread: those with these ids, and all from the post `since`."""

    posts: Posts = []
    since: Since = None


class Split(Chosen):
    """The title and kind of the thread that begins with posts of another."""

    title: Required
    kind: SplitKind = "question"


class MovePosts(Chosen):
    """The thread to which posts are moved, by its address."""

    into: Annotated[Required, StringConstraints(max_length=500)]


class CloseAt(Form):
    """The last day on which people can reply."""

    day: Day


class Slow(Form):
    """How many minutes a person waits between two replies, a day at most."""

    minutes: Annotated[int, Field(ge=1, le=24 * 60)]


class Write(Form):
    """The text of a note."""

    text: Annotated[Lines, Field(min_length=1, max_length=LONGEST)]


class Splitting(Form):
    """A page of the posts to choose from; `since`: the post that is chosen already."""

    after: Annotated[int, Field(ge=0)] = 0
    since: Since = None


class Log(Form):
    """A page of what moderators did."""

    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class NoteOut(Out):
    """A note in the API, for the moderators of its audience."""

    id: int
    kind: str = "note"
    url: str
    text: str
    author: str
    made: str
    edited: bool
    thread: int | None
    member: int | None

    @classmethod
    def of(cls, row: NoteRow) -> dict[str, Any]:
        """Return the fields of a note."""
        return {
            "id": row.id,
            "url": row.url,
            "text": row.text,
            "author": row.author_name or "",
            "made": clock.rfc3339(row.made),
            "edited": row.edited is not None,
            "thread": row.thing_id,
            "member": row.member_id,
        }


class LogOut(Out):
    """What moderators did with something that the reader may see; nobody is named.

    verb: such as `threads.close`; role: of whoever did it; reason: of what is hidden, "" otherwise.
    """

    id: int
    kind: str = "moderation"
    url: str
    verb: str
    about: str
    title: str
    reason: str
    role: Literal["moderator", "team", "system"]
    at: str

    @classmethod
    def of(cls, row: LogRow) -> dict[str, Any]:
        """Return the fields of an entry."""
        same = ("id", "url", "verb", "about", "title", "reason", "role")
        return {**{name: getattr(row, name) for name in same}, "at": clock.rfc3339(row.at)}
