"""Input and output models of the endpoints of minutes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from cop.base import clock, text
from cop.base.errors import Invalid
from cop.base.forms import LARGEST_ID, Form, Id, Key, Line, Out, Required, Whole
from cop.base.words import _
from cop.minutes.models import BlockRow, PublicationRow, TextRow
from cop.things.forms import Drafted

Number = Annotated[int, Field(ge=0, le=LARGEST_ID)]


class Share(Form):
    """Whether members write along."""

    open: bool


class Add(Form):
    """A new block."""

    title: Required


class Move(Form):
    """Where a block goes."""

    to: Literal["up", "down"]


class Hold(Form):
    """The page that holds a block."""

    token: Key


class Edit(Drafted):
    """The text of a block, which may be empty, with the version that it is based on.

    client_id: of the kept draft, and of the text where it cannot be saved.
    """

    title: Required
    body: Annotated[str, Whole, StringConstraints(max_length=text.LIMIT)]
    format: Literal["markdown", "html", "plain"] = "markdown"
    base_version: Id
    client_id: Key | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, with `text` instead of body and format."""
        given = super().given()
        given.pop("format", None)
        try:
            given["text"] = text.render(given.pop("body"), self.format)
        except text.TooLong as error:
            raise Invalid(errors={"body": _("Hoogstens %(n)s tekens.", n=error.limit)}) from None
        except text.TooDeep:
            raise Invalid(errors={"body": _("De opmaak is te diep genest. Maak de tekst eenvoudiger.")}) from None
        return given


class Changes(Form):
    """The blocks to list: all, or those that changed after a seq, removed ones too."""

    changed_after: Number | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class Publish(Form):
    """What is new in this version, in a line; not needed for the first."""

    change: Line = ""


class Version(Form):
    """The published version to show, the newest by default."""

    version: Number | None = None


class BlockOut(Out):
    """A block in the API."""

    id: int
    url: str
    title: str
    html: str
    version: int
    position: int
    seq: int
    editor: str
    edited_at: str | None
    removed: bool
    holder: str
    held_until: str | None
    kept: int

    @classmethod
    def of(cls, row: BlockRow) -> dict[str, Any]:
        """Return the fields of a block; a removed one has no text."""
        return {
            **{name: getattr(row, name) for name in ("id", "url", "title", "version", "position", "seq", "kept")},
            "html": "" if row.removed else row.html,
            "editor": row.editor or "",
            "edited_at": clock.rfc3339(row.edited) if row.edited else None,
            "removed": row.removed is not None,
            "holder": (row.holder or "") if row.held else "",
            "held_until": clock.rfc3339(row.until) if row.held and row.until else None,
        }


def _written(row: TextRow | PublicationRow, *names: str) -> dict[str, Any]:
    """Return these fields of a text, with who wrote it and when."""
    same = {name: getattr(row, name) for name in names}
    return {**same, "author": row.author or "", "made": clock.rfc3339(row.made)}


class TextOut(Out):
    """An earlier or kept text of a block."""

    id: int
    version: int
    kept: bool
    title: str
    html: str
    author: str
    made: str

    @classmethod
    def of(cls, row: TextRow) -> dict[str, Any]:
        """Return the fields of a text."""
        return _written(row, "id", "version", "kept", "title", "html")


class PublicationOut(Out):
    """A published version of minutes."""

    version: int
    html: str
    change: str
    author: str
    made: str

    @classmethod
    def of(cls, row: PublicationRow) -> dict[str, Any]:
        """Return the fields of a version."""
        return _written(row, "version", "html", "change")


class MinutesOut(Form):
    """The state of minutes for those who write them."""

    meeting: int
    open: bool
    seq: int
    published: int
    thread: int | None
