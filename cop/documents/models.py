"""Folders, files and their versions, and the questions asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, ForeignKey, Index, Row, Select, String, Text, func, select, tuple_
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, advisory_lock, db
from cop.base.errors import Invalid
from cop.base.web import Slice
from cop.base.words import _
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Thing, ThingLink

Sort = Literal["name", "recent"]
PAGE = 50
DEEPEST = 5  # folders inside each other: more nobody finds back


class Folder(Base):
    """A folder on the shelf of a community, perhaps inside another."""

    __tablename__ = "folder"
    __table_args__ = (Index("ix_folder_place", "community_id", "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("folder.id"), index=True)
    name: Mapped[str]
    made: Mapped[datetime] = mapped_column(default=clock.now)

    community: Mapped[Community] = relationship()

    @property
    def url(self) -> str:
        return shelf_url(self.community, self.id)

    @property
    def files(self) -> int:
        """The number of documents directly in it."""
        here = (FILE.c.folder_id == self.id) & (THING.c.state == "live") & ~FILE.c.attached
        found = select(func.count()).select_from(FILE.join(THING, THING.c.id == FILE.c.id)).where(here)
        return db.session.scalar(found) or 0


class File(Thing):
    """A file as it stands now; its `title` is the name people see, its `version` grows with every change."""

    __tablename__ = "file"

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    folder_id: Mapped[int | None] = mapped_column(ForeignKey("folder.id"), index=True)
    attached: Mapped[bool] = mapped_column(default=False)  # came with a post or message, and stands there alone
    description: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[int] = mapped_column(default=1)  # of the current version, of which the next four are
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]  # bytes
    media_type: Mapped[str]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who made the last change, at `edited`
    trashed: Mapped[datetime | None]

    __mapper_args__ = {"polymorphic_identity": "file", "inherit_condition": id == Thing.id}

    @property
    def url(self) -> str:
        return f"/files/{self.id}"


class Version(Base):
    """What a file held or holds: bytes under a number, never changed and never overwritten."""

    __tablename__ = "version"

    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # of the file as it was uploaded
    remark: Mapped[str] = mapped_column(default="")
    restored_from: Mapped[int | None]  # the number of the older version that was put back
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)
    client_id: Mapped[str | None] = mapped_column(String(36), unique=True)


THING, FILE, VERSION, FOLDER = Thing.__table__, File.__table__, Version.__table__, Folder.__table__
PERSON, ORGANISATION = Person.__table__, Organisation.__table__
LATEST = (VERSION.c.file_id == FILE.c.id) & (VERSION.c.number == FILE.c.number)


def shelf_url(community: Community, folder_id: int | None = None) -> str:
    """The address of a community's documents, or of one of its folders."""
    return f"{community.url}/documents" + (f"?folder={folder_id}" if folder_id else "")


def line_up(community_id: int) -> None:
    """Puts whoever changes this shelf in line, so that a name on it is never given to two."""
    advisory_lock(f"shelf:{community_id}")


# What is listed

SAVER = aliased(PERSON)
# Files as rows, with who made them and who saved the current version; by Core, for the list is read often.
FILES: Select[Any] = select(
    THING.c.id,
    THING.c.title,
    THING.c.state,
    THING.c.made,
    THING.c.version,
    THING.c.author_id,
    THING.c.author_role,
    THING.c.community_id,
    FILE.c.folder_id,
    FILE.c.attached,
    FILE.c.description,
    FILE.c.number,
    FILE.c.size,
    FILE.c.media_type,
    FILE.c.sha256,
    FILE.c.trashed,
    VERSION.c.made.label("saved"),
    VERSION.c.name.label("file_name"),
    PERSON.c.name.label("author_name"),
    ORGANISATION.c.name.label("organisation_name"),
    SAVER.c.name.label("saver_name"),
).select_from(
    THING.join(FILE, FILE.c.id == THING.c.id)
    .join(VERSION, LATEST)
    .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
    .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
    .outerjoin(SAVER, SAVER.c.id == VERSION.c.person_id)
)


def file_row(id: int) -> Row[Any]:
    """One file as a row of FILES."""
    return db.session.execute(FILES.where(THING.c.id == id)).one()


def files(condition: ColumnElement[bool], *, sort: Sort = "name", after: int | None = None, limit: int = PAGE) -> Slice:
    """The files for which `condition` holds, by name or the last saved first; `after` is the last id seen."""
    order = VERSION.c.made if sort == "recent" else func.lower(THING.c.title)
    keys = (order.desc(), THING.c.id.desc()) if sort == "recent" else (order, THING.c.id)
    ask = FILES.where(condition).order_by(*keys).limit(limit + 1)
    if after is not None:
        edge = db.session.execute(
            FILES.with_only_columns(order, THING.c.id).where(condition, THING.c.id == after)
        ).first()
        if edge is None:
            raise Invalid(errors={"after": _("Deze bladwijzer klopt niet. Begin vooraan.")})
        here = tuple_(order, THING.c.id)
        ask = ask.where(here < tuple(edge) if sort == "recent" else here > tuple(edge))
    rows = list(db.session.execute(ask))
    more, rows = len(rows) > limit, rows[:limit]
    return Slice(rows, next=rows[-1].id if more else None)


def versions(file_id: int) -> list[Row[Any]]:
    """The versions of a file with who saved them, newest first."""
    return list(
        db.session.execute(
            select(VERSION, PERSON.c.name.label("person_name"), ORGANISATION.c.name.label("organisation_name"))
            .select_from(
                VERSION.outerjoin(PERSON, PERSON.c.id == VERSION.c.person_id).outerjoin(
                    ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id
                )
            )
            .where(VERSION.c.file_id == file_id)
            .order_by(VERSION.c.number.desc())
        )
    )


def citations(file_id: int, seen: ColumnElement[bool], limit: int = 50) -> list[Row[Any]]:
    """The threads and rooms in which a file hangs on a post or message, where `seen` allows it, the latest first;
    rows (id, kind, title, post_id, made, author_name)."""
    post, author = aliased(THING), aliased(PERSON)
    rows = db.session.execute(
        select(
            Thing.id,
            Thing.kind,
            Thing.title,
            post.c.id.label("post_id"),
            post.c.made,
            author.c.name.label("author_name"),
        )
        .join(post, post.c.parent_id == Thing.id)
        .join(ThingLink, ThingLink.from_id == post.c.id)
        .outerjoin(author, author.c.id == post.c.author_id)
        .where(ThingLink.to_id == file_id, ThingLink.kind == "attachment", post.c.state == "live", seen)
        .order_by(post.c.made.desc(), post.c.id.desc())
        .limit(limit)
    )
    return list({row.id: row for row in reversed(list(rows))}.values())[::-1]


# Folders


def folders(community_id: int) -> list[Row[Any]]:
    """All folders of a community by name, each with the number of documents directly in it."""
    here = (THING.c.community_id == community_id) & (THING.c.state == "live") & ~FILE.c.attached
    held = (
        select(FILE.c.folder_id, func.count().label("files"))
        .join(THING, THING.c.id == FILE.c.id)
        .where(here)
        .group_by(FILE.c.folder_id)
        .subquery()
    )
    return list(
        db.session.execute(
            select(FOLDER, func.coalesce(held.c.files, 0).label("files"))
            .outerjoin(held, held.c.folder_id == FOLDER.c.id)
            .where(FOLDER.c.community_id == community_id)
            .order_by(func.lower(FOLDER.c.name), FOLDER.c.id)
        )
    )


def path(known: Iterable[Row[Any]], id: int | None) -> list[Row[Any]]:
    """The way to a folder from the top, itself last; [] for the top and for what is not among the `known`."""
    by_id = {folder.id: folder for folder in known}
    way: list[Row[Any]] = []
    while id in by_id and len(way) <= DEEPEST:
        way.append(by_id[id])
        id = by_id[id].parent_id
    return way[::-1]


def folder_of(seen: ColumnElement[bool], id: int) -> Folder | None:
    """The folder with this id, in a community of those that `seen` allows."""
    here = select(Community.id).where(seen)
    return db.session.scalar(select(Folder).where(Folder.id == id, Folder.community_id.in_(here)))


# Names on the shelf


def _on_shelf(community_id: int, folder_id: int | None) -> Select[Any]:
    return select(File).where(
        File.community_id == community_id,
        File.state == "live",
        File.attached.is_(False),
        File.folder_id == folder_id if folder_id else File.folder_id.is_(None),
    )


def titled(community_id: int, folder_id: int | None, title: str) -> File | None:
    """The document in this folder that people see under this name."""
    return db.session.scalars(
        _on_shelf(community_id, folder_id).where(func.lower(File.title) == func.lower(title)).order_by(File.id)
    ).first()


def called(community_id: int, folder_id: int | None, name: str) -> File | None:
    """The document in this folder of which a file of this name would be the next version: people see it under
    this name, or its current version was uploaded under it."""
    latest = (Version.file_id == File.id) & (Version.number == File.number)
    same = func.lower(Version.name) == func.lower(name)
    uploaded = _on_shelf(community_id, folder_id).join(Version, latest).where(same).order_by(File.id)
    return titled(community_id, folder_id, name) or db.session.scalars(uploaded).first()
