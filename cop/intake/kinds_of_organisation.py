"""The kinds of organisations in words, for compositions and choices."""

from __future__ import annotations

from collections.abc import Sequence

from cop.base.questionnaires import Missing
from cop.base.words import _, n_
from cop.society.organisations import ORGANISATION_KINDS


def kind_words() -> dict[str, str]:
    """Return the name of every kind of organisation."""
    return {
        "municipality": _("gemeente"),
        "housing": _("woningcorporatie"),
        "landlord": _("verhuurder"),
        "care": _("zorgaanbieder"),
        "knowledge": _("kennisinstelling"),
        "organiser": _("organisator"),
        "other": _("andere organisatie"),
    }


def kind_options() -> list[tuple[str, str]]:
    """Return the kinds to choose from."""
    words = kind_words()
    return [(kind, words[kind].capitalize()) for kind in ORGANISATION_KINDS]


def missing_words(missing: Sequence[Missing]) -> str:
    """Return what a composition lacks as a sentence; "" where it is complete."""
    return _("Voor deze oproep ontbreekt nog: %(parts)s.", parts=_in_words(missing)) if missing else ""


def needed_words(needed: Sequence[Missing]) -> str:
    """Return what a composition asks for as a sentence; "" where it asks for nothing."""
    return _("Nodig is: %(parts)s.", parts=_in_words(needed)) if needed else ""


def _in_words(missing: Sequence[Missing]) -> str:
    words = kind_words()
    parts = []
    for part in missing:
        if not part.kinds:
            parts.append(n_("%(n)s organisatie", "%(n)s organisaties", part.number))
        else:
            names = _(" of ").join(words.get(kind, kind) for kind in part.kinds)
            parts.append(f"{part.number} × {names}" if part.number > 1 else _("een %(kind)s", kind=names))
    return _(" en ").join(parts)
