"""Input and output models of the endpoints of threads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from cop.base import clock, text
from cop.base.errors import Invalid
from cop.base.forms import (
    LARGEST_ID,
    Considered,
    Form,
    Id,
    Ids,
    Key,
    Line,
    Lines,
    Out,
    Required,
    Unjudged,
    Whole,
    Written,
)
from cop.base.words import _
from cop.things import Author, StoredDraft
from cop.things.forms import Drafted, TextOut
from cop.threads.asking import ANSWERS
from cop.threads.models import ListedThread, PostRow, Thread, ThreadKind, ThreadRow

Answer = Annotated[Lines, Field(max_length=10_000)]
Label = Annotated[Line, Field(max_length=100)]


class Start(Written, Drafted, Considered):
    """A new thread."""

    kind: Literal["question", "experience", "guidance", "announcement"] = "question"
    title: Required
    client_id: Key | None = None
    files: Ids = []
    sources: Ids = []
    body: Annotated[str, Whole, Field(max_length=text.LIMIT)] = ""
    situation: Answer = ""
    tried: Answer = ""
    wanted: Answer = ""

    @model_validator(mode="before")
    @classmethod
    def _with_body(cls, values: Any) -> Any:
        """Count a text that was not sent as an empty one."""
        return {"body": "", **values} if isinstance(values, dict) else values

    @property
    def needs_body(self) -> bool:
        """Whether nothing was answered either."""
        return not any(getattr(self, name) for name in ANSWERS)

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, with the answers as clean HTML."""
        given, errors = super().given(), {}
        for name in ANSWERS:
            try:
                given[name] = text.to_html(getattr(self, name), "markdown")
            except text.TooDeep:
                errors[name] = _("De opmaak is te diep genest. Maak de tekst eenvoudiger.")
        if errors:
            raise Invalid(errors=errors)
        return given


class FormIn(Form):
    """What a new thread of a kind is asked; an empty question is not."""

    situation: Label = ""
    tried: Label = ""
    wanted: Label = ""

    def given(self) -> dict[str, Any]:
        """Return the questions; raise Invalid where there are none."""
        asked = {name: getattr(self, name) for name in ANSWERS}
        if not any(asked.values()):
            raise Invalid(errors={"situation": _("Vul minstens één vraag in, of kies Vragen uitzetten.")})
        return asked


class FormOut(BaseModel):
    """What a new thread of a kind is asked; all empty where its form is off."""

    kind: str
    situation: str
    tried: str
    wanted: str


class Reply(Written, Drafted, Considered):
    """A new post."""

    client_id: Key | None = None
    reply_to: Id | None = None
    files: Ids = []


class Edit(Written, Considered):
    """A new text for a post, with the version it is based on."""

    base_version: Id | None = None


class Title(Form):
    """A new title for a thread, with the version of the thread that it is based on."""

    title: Required
    base_version: Id | None = None


class Move(Form):
    """The slug of the community to which a thread is moved."""

    community: Required


class Chosen(Form):
    """The post that answers the question."""

    post: Id


class DraftIn(Form):
    """A revision of a draft; `base` is the stored revision that it builds on, `writer` names the page that saves it."""

    place: Annotated[str, Field(pattern=r"^(thread|room|new|post|bulletin|block):[0-9]{1,9}$"), Unjudged()]
    fields: dict[Annotated[str, Field(max_length=40)], Annotated[str, Whole, Field(max_length=100_000)] | list[str]]
    revision: Annotated[int, Field(ge=1, le=LARGEST_ID)] = 1
    base: Annotated[int, Field(ge=0, le=LARGEST_ID)] = 0
    writer: Annotated[str, Whole, Field(max_length=36), Unjudged()] = ""


class DraftOut(Out):
    """A stored draft; its id is the `client_id` to post it with."""

    id: str
    place: str
    revision: int
    writer: str
    fields: dict[str, str | list[str]]
    saved_at: str

    @classmethod
    def of(cls, row: StoredDraft) -> dict[str, object]:
        """Return the fields of a draft."""
        return {**row._asdict(), "saved_at": clock.rfc3339(row.saved)}


class DraftsAsked(Form):
    """The place whose drafts to list; all places by default."""

    place: Annotated[str, Field(max_length=40)] | None = None


class NamesAsked(Form):
    """The letters typed after an @."""

    q: Line = ""


class NameOut(BaseModel):
    """A person who can be mentioned; `mention` is what is typed for them in Markdown."""

    id: int
    name: str
    function: str
    organisation: str
    mention: str


class Listing(Form):
    """The threads of a community to list."""

    after: Annotated[str, Field(max_length=40)] | None = None
    kind: ThreadKind | None = None
    show: Literal["unanswered", "mine", "following"] | None = None
    sort: Literal["activity", "newest"] = "activity"
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class PostOut(TextOut):
    """A post in the API."""

    kind: str = "post"
    thread: int
    reply_to: int | None

    @classmethod
    def of(cls, row: PostRow) -> dict[str, object]:
        """Return the fields of a post."""
        fields = {"url": f"/posts/{row.id}", "thread": row.thread_id, "reply_to": row.reply_to_id}
        return {**cls.text_fields(row), **fields}


class ThreadOut(Out):
    """A thread in the API."""

    id: int
    kind: str
    url: str
    title: str
    community: int | None
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
    def of(cls, row: ThreadRow | ListedThread | Thread) -> dict[str, object]:
        """Return the fields of a thread."""
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
