"""What the doors of threads take and give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from cop.base import clock
from cop.base.forms import Form, Id, Ids, Key, Line, Out, Required, Whole, Written
from cop.things import Author
from cop.threads.models import PAGE, ThreadKind


class Start(Written):
    """A new thread."""

    kind: ThreadKind = "question"
    title: Required
    client_id: Key | None = None
    files: Ids = []
    sources: Ids = []


class Reply(Written):
    """A new post."""

    client_id: Key | None = None
    reply_to: Id | None = None
    files: Ids = []


class Edit(Written):
    """Another text for a post, on top of the version that was read."""

    base_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class Title(Form):
    """Another title."""

    title: Required


class Reason(Form):
    """Why a text is hidden: its author and the circle read it."""

    reason: Required


class Move(Form):
    """Where a thread goes: the slug of a community."""

    community: Required


class Chosen(Form):
    """The post that answers the question."""

    post: Id


class React(Form):
    """How somebody reacts."""

    kind: Literal["thanks", "useful", "agree", "idea"]


class Seq(Form):
    """Up to where somebody has read."""

    seq: Annotated[int, Field(ge=0, le=2**31 - 1)]


class DraftIn(Form):
    """What somebody is writing, by field, as the form sends it."""

    fields: dict[Annotated[str, Field(max_length=40)], Annotated[str, Whole, Field(max_length=100_000)] | list[str]]


class DraftOut(BaseModel):
    """A draft as it was kept."""

    place: str
    fields: dict[str, str | list[str]]


class NamesAsked(Form):
    """The letters after the @."""

    q: Line = ""


class NameOut(BaseModel):
    """Somebody who can be mentioned."""

    id: int
    name: str
    organisation: str


class Paging(Form):
    """Which stretch of a list."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    before: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    changed_after: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Listing(Form):
    """Which threads of a community."""

    after: Annotated[str, Field(max_length=40)] | None = None
    kind: Literal["question", "experience", "guidance", "announcement"] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class PostOut(Out):
    """A post for programs; of a hidden or retracted one no text is given."""

    id: int
    kind: str = "post"
    url: str
    thread: int
    author: Author
    created_at: str
    html: str
    version: int
    state: str
    seq: int
    changed: int

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From a row of `models.posts` or a Post."""
        return {
            "id": row.id,
            "url": f"/posts/{row.id}",
            "thread": row.thread_id,
            "author": Author.of(row),
            "created_at": clock.rfc3339(row.made),
            "html": row.html if row.state == "live" else "",
            "version": row.version,
            "state": row.state,
            "seq": row.seq,
            "changed": row.changed,
        }


class ThreadOut(Out):
    """A thread for programs."""

    id: int
    kind: str
    url: str
    title: str
    community: int
    author: Author
    created_at: str
    version: int
    state: str
    replies: int
    pinned: bool
    closed: bool
    featured: bool
    answer: int | None
    last_at: str
    seq: int

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From a row of `models.threads` or a Thread."""
        return {
            "id": row.id,
            "kind": row.thread_kind,
            "url": f"/threads/{row.id}",
            "title": row.title,
            "community": row.community_id,
            "author": Author.of(row),
            "created_at": clock.rfc3339(row.made),
            "version": row.version,
            "state": row.state,
            "replies": row.replies,
            "pinned": bool(row.pinned),
            "closed": bool(row.closed),
            "featured": bool(row.featured),
            "answer": row.answer_id,
            "last_at": clock.rfc3339(row.last_at),
            "seq": row.last_seq,
        }
