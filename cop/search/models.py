"""The index: one entry for everything that can be found, in all features."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base
from cop.search.fulltext import create_index, drop_index, refill

__all__ = ["ENTRY", "Entry", "create_index", "drop_index", "refill"]


class Entry(Base):
    """The text of a thing or person in the index; ids are in the order in which the texts were first written.

    Who may read it, and whether it is live, stands in its full text too (`scope`), but is read from the thing itself for
    what a page shows.
    """

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[str] = mapped_column(String(20))  # for a thread its thread kind: question, guidance, …
    title: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)  # for a thread the text of its opening post


ENTRY = Entry.__table__
