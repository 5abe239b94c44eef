"""Input and output models of the endpoints of guidance."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from cop.base import clock, text
from cop.base.errors import Invalid
from cop.base.forms import Day, Form, Id, Line, Lines, Out, Required, Version, Whole
from cop.base.words import _
from cop.guidance.actions import Written
from cop.guidance.actions.reviewing import Advice
from cop.guidance.models import LONGEST, PAGE, SECTIONS, CardComment, CardVersion, Mark, SectionName, Status
from cop.guidance.reading import ListedCard, SourceRow


def _chosen(value: Any) -> Any:
    """Read a field that was left empty as nothing."""
    return None if isinstance(value, str) and not value.strip() else value


Words = Annotated[Lines, Field(max_length=LONGEST)]
Filled = Annotated[Words, Field(min_length=1)]
ChosenId = Annotated[Id | None, BeforeValidator(_chosen)]
ChosenDay = Annotated[Day | None, BeforeValidator(_chosen)]
ChosenSection = Annotated[SectionName | None, BeforeValidator(_chosen)]
SectionText = Annotated[str, Whole, StringConstraints(max_length=text.LIMIT)]


class Listing(Form):
    """Which guidance to list: all, or in one state."""

    status: Literal["", "draft", "review", "adopted", "expired"] = ""
    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Shown(Form):
    """Which version to show: an adopted one, 0 for the text that is being written; by default the newest adopted one."""

    version: Version | None = None


class Draft(Form):
    """The title of new guidance."""

    title: Required


class Edit(Form):
    """Changes to guidance that is being written; what is left out stays.

    Texts are Markdown. base_title, and `…_base` of each section that changes: what the change is based on.
    """

    # Not None by default: an input that a form leaves empty is no input that was left out.
    title: Required = ""
    base_title: Line | None = None
    situation: SectionText = ""
    situation_base: Version | None = None
    whom: SectionText = ""
    whom_base: Version | None = None
    works: SectionText = ""
    works_base: Version | None = None
    why: SectionText = ""
    why_base: Version | None = None
    caution: SectionText = ""
    caution_base: Version | None = None
    steps: SectionText = ""
    steps_base: Version | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, the sections as `text`: rendered and cleaned before any SQL."""
        given: dict[str, Any] = {
            name: getattr(self, name) for name in ("title", "base_title") if name in self.model_fields_set
        }
        written: dict[str, Written] = {}
        errors: dict[str, str] = {}
        for name in SECTIONS:
            if name not in self.model_fields_set:
                continue
            typed = getattr(self, name)
            try:
                written[name] = Written(text.render(typed, "markdown"), getattr(self, f"{name}_base"))
            except text.TooLong as error:
                errors[name] = _("Hoogstens %(n)s tekens.", n=error.limit)
            except text.TooDeep:
                errors[name] = _("De opmaak is te diep genest. Maak de tekst eenvoudiger.")
        if errors:
            raise Invalid(errors=errors)
        return {**given, "text": written}


class Take(Form):
    """For which guidance a source is taken: a draft, or a new one with this title; and which of its words."""

    card: ChosenId = None
    title: Line = ""
    section: ChosenSection = None
    excerpt: Words = ""


class TakeAddress(Form):
    """The address of a source, the section that it supports and which of its words."""

    address: Annotated[Lines, Field(min_length=1, max_length=500)]
    section: ChosenSection = None
    excerpt: Words = ""


class Review(Form):
    """Who is asked to review: a person, or without one any moderator."""

    reviewer: ChosenId = None


class Advise(Form):
    """What the reviewer finds, with words to the owner."""

    advice: Advice
    word: Words = ""


class Comment(Form):
    """A comment on a section, or on the whole."""

    text: Filled
    section: ChosenSection = None


class Adopt(Form):
    """Until when it holds without a look at it, and what is new."""

    review_by: ChosenDay = None
    remark: Words = ""


class Assign(Form):
    """The owner, and of adopted guidance the date on which they look whether it still holds."""

    owner: Id
    review_by: ChosenDay = None


class Expire(Form):
    """Why guidance holds no more, and what replaces it."""

    reason: Filled
    replaced_by: ChosenId = None


class ListedCardOut(Out):
    """Guidance in a list of the API; `version` is the newest adopted one, 0 before the first."""

    id: int
    kind: str = "card"
    url: str
    title: str
    status: Status
    version: int
    created_at: str
    adopted_at: str | None
    review_by: date | None
    owner_id: int | None
    owner: str
    changed_sources: int

    @classmethod
    def of(cls, row: ListedCard) -> dict[str, Any]:
        """Return the fields of guidance."""
        same = ("id", "url", "title", "status", "review_by")
        return {
            **{name: getattr(row, name) for name in same},
            "version": row.number,
            "created_at": clock.rfc3339(row.made),
            "adopted_at": clock.rfc3339(row.adopted) if row.adopted else None,
            "owner_id": row.owner_id if row.owner_name else None,
            "owner": row.owner_name,
            "changed_sources": row.waiting,
        }


class SectionOut(BaseModel):
    """A section; `version` is the base of the next edit, 0 in an adopted version."""

    name: str
    html: str
    source: str
    version: int


class SourceOut(BaseModel):
    """A source: `url` is "" where readers do not see it, `author` where the name was withdrawn or its owner left."""

    id: int
    thing_id: int
    kind: str
    url: str
    section: str
    excerpt: str
    author_id: int | None
    author: str
    organisation: str
    place: str
    mark: Mark

    @classmethod
    def of(cls, row: SourceRow) -> SourceOut:
        """Return the fields of a source."""
        return cls(
            id=row.id,
            thing_id=row.thing_id,
            kind=row.kind,
            url=row.source_url,
            section=row.section,
            excerpt=row.words,
            author_id=row.author_id if row.author_name else None,
            author=row.author_name,
            organisation=row.organisation,
            place=row.place_title or row.title,
            mark=row.mark,  # type: ignore[arg-type]
        )


class CommentOut(Out):
    """A comment on guidance; `author` is "" for somebody who left."""

    id: int
    section: str
    text: str
    author: str
    author_id: int | None
    at: str
    settled: bool

    @classmethod
    def of(cls, row: CardComment) -> dict[str, Any]:
        """Return the fields of a comment."""
        return {
            "id": row.id,
            "section": row.section,
            "text": row.text,
            "author": row.person.name if row.person else "",
            "author_id": row.person_id,
            "at": clock.rfc3339(row.at),
            "settled": row.settled is not None,
        }


class CardOut(Form):
    """Guidance in the API: its adopted version, or the text that is being written; comments only with that."""

    id: int
    kind: str = "card"
    url: str
    title: str
    status: Status
    version: int
    adopted_at: str | None
    adopted_by: str
    approved_by: str
    review_by: date | None
    owner_id: int | None
    owner: str
    reviewer_id: int | None
    reviewer: str
    approved: bool
    expiry_reason: str
    replaced_by: str
    sections: list[SectionOut]
    sources: list[SourceOut]
    comments: list[CommentOut]


class VersionOut(Out):
    """An adopted version; `changed` names the sections that differ from the one before."""

    version: int
    title: str
    remark: str
    by: str
    approved_by: str
    at: str
    changed: list[str]

    @classmethod
    def of(cls, found: tuple[CardVersion, list[str]]) -> dict[str, Any]:
        """Return the fields of a version."""
        row, changed = found
        return {
            "version": row.number,
            "title": row.content["title"],
            "remark": row.remark,
            "by": row.person.name if row.person else "",
            "approved_by": row.approved_by.name if row.approved_by else "",
            "at": clock.rfc3339(row.made),
            "changed": changed,
        }
