"""The kind of things in this feature: files."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from cop.base.db import db
from cop.base.words import _
from cop.documents.models import FILE, THING, File
from cop.things import Change, Kind, Thing, ThingLink, kinds


def citing(change: Change) -> Iterable[Thing]:
    """Return the posts and messages that show the name or the picture of a changed file."""
    if isinstance(change.thing, File) and change.names & {"title", "state", "picture"}:
        links = select(ThingLink.from_id).where(ThingLink.to_id == change.thing.id, ThingLink.kind == "attachment")
        yield from db.session.scalars(
            select(Thing).where(Thing.id.in_(links), Thing.parent_id.is_not(None)).order_by(Thing.id)
        )


_FILES = select(
    THING.c.id.label("thing_id"), THING.c.kind, THING.c.title, FILE.c.description.label("plain")
).select_from(THING.join(FILE, FILE.c.id == THING.c.id))

FILES = kinds.register(
    Kind(
        File,
        path="/files",
        icon="file",
        noun=lambda: _("Document"),
        plural=lambda: _("Documenten"),
        dependents=citing,
        index=_FILES,
        index_names=frozenset({"title", "description"}),
        typed="document documenten bestand bestanden file files",
        attaches=True,
        usable=True,
    )
)
