"""Input and output models of the endpoints of rooms, rounds and photos of meetings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainSerializer

from cop.base import clock
from cop.base.forms import Form, Id, Line, Lines, Out, Ticked, Unjudged
from cop.meeting_rooms.models import LONGEST, PROMPT, PhotoRow, RoundRow, Shown

Instant = Annotated[datetime, PlainSerializer(clock.rfc3339, return_type=str)]


class Start(Form):
    """A round: what is asked, and when everybody reads the answers."""

    prompt: Annotated[Line, Field(min_length=1, max_length=PROMPT)]
    shown: Shown = "at_once"


class Answer(Form):
    """One's answer to a round."""

    text: Annotated[Lines, Field(min_length=1, max_length=LONGEST)]


class Following(Form):
    """What a page that is connected asks for: what changed after a number."""

    changed_after: Annotated[int, Field(ge=0)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class AddPhotos(Form):
    """One to three photos (`photo`, `photo_2`, `photo_3`), each with what is to be seen on it.

    kept: instead of a file, what the page gave for one that has arrived. nobody: no residents or clients are in the
    pictures. The endpoint checks the rest, after the files have arrived, so that these are not lost.
    """

    alt: Lines = ""
    alt_2: Lines = ""
    alt_3: Lines = ""
    kept: Annotated[str, Field(max_length=2000), Unjudged()] = ""
    kept_2: Annotated[str, Field(max_length=2000), Unjudged()] = ""
    kept_3: Annotated[str, Field(max_length=2000), Unjudged()] = ""
    nobody: Ticked = False


class Size(Form):
    """Which copy of a photo to return."""

    size: Literal["small", "large"] = "large"


class AnswerOut(BaseModel):
    """An answer to a round."""

    person: Id
    name: str
    text: str
    at: Instant


class RoundOut(Out):
    """A round; `answers` are those that the reader may read now, `own` is theirs."""

    id: int
    kind: str = "round"
    url: str
    meeting: str
    prompt: str
    shown: Shown
    closed: Instant | None
    version: int
    count: int
    answers: list[AnswerOut]
    own: str | None

    @classmethod
    def of(cls, row: RoundRow) -> dict[str, Any]:
        """Return the fields of a round."""
        same = ("id", "url", "prompt", "shown", "closed", "version", "own")
        return {
            **{name: getattr(row, name) for name in same},
            "meeting": f"/meetings/{row.meeting_id}",
            "count": row.total,
            "answers": [
                AnswerOut(person=one.person_id, name=one.name, text=one.text, at=one.at) for one in row.answers
            ],
        }


class PhotoOut(Out):
    """A photo of a meeting; `picture` is the address of its bytes."""

    id: int
    kind: str = "photo"
    url: str
    picture: str
    meeting: str
    alt: str
    name: str
    width: int
    height: int
    made: Instant

    @classmethod
    def of(cls, row: PhotoRow) -> dict[str, Any]:
        """Return the fields of a photo."""
        same = ("id", "url", "alt", "name", "width", "height", "made")
        return {
            **{name: getattr(row, name) for name in same},
            "meeting": f"/meetings/{row.meeting_id}",
            "picture": f"{row.url}/picture",
        }


class AddedOut(BaseModel):
    """The photos that were added."""

    items: list[PhotoOut]
