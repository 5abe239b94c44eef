"""The kind of things in this feature: bulletins. Search leaves them out, since they repeat what it finds."""

from __future__ import annotations

from typing import Any

from cop.base.words import _
from cop.bulletins.models import Bulletin, find_bulletin
from cop.things import Kind, kinds


def _edited_at(person: Any, id: int) -> tuple[str, str]:
    bulletin = find_bulletin(person, id)
    return _("Weekbericht ‘%(title)s’", title=bulletin.title), f"{bulletin.url}/edit"


BULLETINS = kinds.register(
    Kind(
        Bulletin,
        path="/bulletins",
        icon="announcement",
        noun=lambda: _("Weekbericht"),
        plural=lambda: _("Weekberichten"),
        edited_at=_edited_at,
    )
)
