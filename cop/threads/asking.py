"""What the form of a new thread asks, as a community sets it per kind: the answers become sections of the text."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import escape

from cop.base import text
from cop.base.errors import Invalid
from cop.base.text import Text
from cop.base.words import _

ANSWERS = ("situation", "tried", "wanted")


def usual_labels() -> dict[str, str]:
    """Return what is asked where a community has no words of its own."""
    return {"situation": _("Situatie"), "tried": _("Wat hebt u al geprobeerd?"), "wanted": _("Wat zoekt u?")}


def labels(place: object, kind: str) -> dict[str, str]:
    """Return what is asked for a thread of this kind in a community, by field; nothing where its form is off."""
    asked: dict[str, dict[str, str]] = getattr(place, "asked", None) or {}  # only a community has a form
    return {name: words for name, words in asked.get(kind, {}).items() if words}


def with_sections(place: object, kind: str, answers: Mapping[str, str], written: Text | None) -> Text:
    """Return the text of a thread: a section for each answer, clean HTML by field, and what was written besides."""
    if not any(answers.values()):
        assert written is not None, "the input model refuses a thread without a text"
        return written
    headings = usual_labels() | labels(place, kind)
    sections = [f"<h2>{escape(headings[name])}</h2>{answers[name]}" for name in ANSWERS if answers.get(name)]
    try:
        return text.render("".join([*sections, written.html if written else ""]), "html")
    except text.TooLong as error:
        raise Invalid(errors={"body": _("Hoogstens %(n)s tekens.", n=error.limit)}) from None
