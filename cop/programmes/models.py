"""The public page of a programme: its draft, and what was published of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base, db
from cop.society.programmes import Programme
from cop.things import removal


class PublicPage(Base):
    """The public page of a programme. Only what stands in `page` is shown to people outside the programme."""

    __tablename__ = "public_page"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)  # the input of programmes.edit_public
    page: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # what was published last, rendered
    changed: Mapped[datetime]  # the draft


def public_page(programme_id: int) -> PublicPage | None:
    """Return the public page of a programme, None before its first draft."""
    return db.session.get(PublicPage, programme_id)


def public_pages(programmes: Collection[int]) -> dict[int, PublicPage]:
    """Return the public pages of programmes, by programme."""
    pages = db.session.scalars(select(PublicPage).where(PublicPage.programme_id.in_(programmes)))
    return {page.programme_id: page for page in pages}


def published(slug: str) -> tuple[Programme, PublicPage] | None:
    """Return the published programme with this slug and its page, else None."""
    found = db.session.execute(
        select(Programme, PublicPage)
        .join(PublicPage, PublicPage.programme_id == Programme.id)
        .where(Programme.slug == slug, Programme.published.is_not(None))
    ).first()
    return found and (found[0], found[1])


@removal.before_removal
def remove_page(audience_id: int) -> None:
    """Remove the public page of a programme that is removed."""
    programme = select(Programme.id).where(Programme.audience_id == audience_id)
    db.session.execute(delete(PublicPage).where(PublicPage.programme_id.in_(programme)))
