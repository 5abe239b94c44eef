"""Origins: which thing was imported from which row of another system, and by which import."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db
from cop.things.spine import Thing


class ImportRun(Base):
    """An import from another system; without `ended` it was interrupted, and the next one from there continues it."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    system: Mapped[str] = mapped_column(String(200), index=True)  # such as discourse:forum.example
    began: Mapped[datetime] = mapped_column(default=clock.now)
    ended: Mapped[datetime | None]
    undone: Mapped[datetime | None]


class ImportOrigin(Base):
    """The row of another system from which a thing was imported."""

    __tablename__ = "import_origin"

    system: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)  # in that system, such as post:12
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), index=True)  # that brought it
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id", ondelete="CASCADE"), index=True)
    sha: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of what the source said, to see that it changed
    written: Mapped[str] = mapped_column(String(64), default="")  # of the text stored here, to see that it was edited
    pending: Mapped[bool] = mapped_column(default=False)  # it links to something that was not there yet
    undone: Mapped[datetime | None]  # when the import was undone; importing again shows the same thing again


def origins_of(system: str, keys: Iterable[str]) -> dict[str, ImportOrigin]:
    """Return the origins with these keys, by key."""
    found = select(ImportOrigin).where(ImportOrigin.system == system, ImportOrigin.key.in_(list(keys)))
    return {one.key: one for one in db.session.scalars(found)}


def imported() -> Select[Any]:
    """Return the ids of everything that was imported, as a select: no mail brings it as news."""
    return select(ImportOrigin.thing_id)


def things_of(origins: Iterable[ImportOrigin]) -> dict[int, Thing]:
    """Return the things of origins, by id."""
    ids = [one.thing_id for one in origins]
    return {thing.id: thing for thing in db.session.scalars(select(Thing).where(Thing.id.in_(ids)))}
