"""The picture that a thing shows: its size, the words for who does not see it, and its small copies."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base
from cop.things.versions import shown_on


@shown_on("thing_id")
class Picture(Base):
    """The picture in a thing's content, upright, in pixels; the copies are WebP, null until a job has made them."""

    __tablename__ = "picture"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))  # of the content it describes
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(Text, default="")  # empty: the title of the thing
    small: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the copy for a phone, as the next two are
    medium: Mapped[str | None] = mapped_column(String(64))
    large: Mapped[str | None] = mapped_column(String(64))


COPIES = {320: "small", 960: "medium", 1920: "large"}  # width in pixels of each copy
