"""The index: one entry for everything that can be found, in all rooms."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base
from cop.search.fulltext import create_index, drop_index

__all__ = ["ENTRY", "Entry", "create_index", "drop_index"]


class Entry(Base):
    """What a thing or a person says, to be found and quoted; entries are in the order in which it was first said.

    Who may read it, and whether it still stands, is not kept here: that is asked of the thing itself.
    """

    __tablename__ = "search_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[str] = mapped_column(String(20))  # of a thread its own: question, guidance, …
    title: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)  # a thread's is that of its opening


ENTRY = Entry.__table__
