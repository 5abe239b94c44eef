"""Input and output models of the endpoints of search."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from cop.base import clock
from cop.base.forms import Form, Id, Out
from cop.base.words import _
from cop.search.filters import PERSON, filter_names
from cop.search.query import LONGEST_QUERY
from cop.search.ranking import MOST_SHOWN
from cop.search.reading import address
from cop.things import Author, kinds


def _cleaned(value: Any) -> Any:
    """Shorten a query to its maximum length and drop characters no database stores; a query is never refused."""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if not isinstance(value, str):
        return value
    return value[:LONGEST_QUERY].replace("\0", " ").encode(errors="ignore").decode()


def _known(name: str) -> str:
    if name not in filter_names():
        raise ValueError(f"one of {', '.join(filter_names())}")
    return name


KindName = Annotated[str, AfterValidator(_known)]
Typed = Annotated[str, BeforeValidator(_cleaned)]


class Search(Form):
    """A query with its filters: a kind, the slug of a community, the id of a thread or chat room.

    Three hits of one thread or chat room are returned, unless it is given as `place`; of all hits the best two hundred.
    """

    q: Typed = ""
    kind: KindName | None = None
    community: Annotated[str | None, Field(alias="in", max_length=200)] = None
    place: Id | None = None
    after: Annotated[int, Field(ge=0, le=MOST_SHOWN)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Typing(Form):
    """The text typed so far."""

    q: Typed = ""


def _noun(kind: str) -> str:
    return _("Deelnemer") if kind == PERSON else kinds.of_entry(kind).noun()


class HitOut(Out):
    """A search hit in the API; the excerpt is plain text around the words found."""

    kind: str
    id: int
    url: str
    title: str
    excerpt: str
    community: int | None
    author: Author | None
    created_at: str

    @classmethod
    def of(cls, hit: Any) -> dict[str, Any]:
        """Return the fields from a `find.Hit`."""
        return {
            "kind": hit.kind,
            "id": hit.id,
            "url": hit.url,
            "title": "".join(words for words, _found in hit.title),
            "excerpt": "".join(words for words, _found in hit.excerpt),
            "community": hit.community_id,
            "author": None if hit.kind == "person" else Author.of(hit),
            "created_at": clock.rfc3339(hit.made),
        }


class SuggestionOut(Out):
    """A thread or a person, by title or name; `noun` is the name of the kind in the reader's language."""

    kind: str
    id: int
    url: str
    title: str
    noun: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `suggest.suggestions`."""
        return {
            "kind": row.kind,
            "id": row.id,
            "url": address(row.kind, row.id),
            "title": row.title,
            "noun": _noun(row.kind),
        }


class SimilarOut(SuggestionOut):
    """A thread like the title of a new one: where it stands, whether it is guidance or answered, and where a form posts that
    it answers the question (null for whom that is not possible)."""

    place: str
    helps: bool
    answers: str | None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `suggest.similar`."""
        answers = f"/things/{row.id}/answered" if row.may_answer else None
        return {**super().of(row), "place": row.place, "helps": row.helps, "answers": answers}
