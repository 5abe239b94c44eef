"""Folders, files and their versions, and the queries on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    event,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, aliased, column_property, mapped_column

from cop import access
from cop.base import clock
from cop.base.db import Base, advisory_lock, db
from cop.base.errors import Invalid
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.base.words import _
from cop.society.audience import Audience
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Programme
from cop.society.public import PublicDocument
from cop.things import Picture, Thing, ThingLink, community_of

Sort = Literal["name", "recent"]
PAGE = 50
DEEPEST = 5  # levels of folders


class Folder(Base):
    """A folder in the document list of an audience, optionally inside another."""

    __tablename__ = "folder"
    __table_args__ = (Index("ix_folder_place", "audience_id", "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("folder.id"), index=True)
    name: Mapped[str]
    made: Mapped[datetime] = mapped_column(default=clock.now)

    # Of a shelf of a community: which one.
    community_id: Mapped[int | None] = column_property(community_of(audience_id), expire_on_flush=False)

    @property
    def files(self) -> int:
        """The number of documents directly in it."""
        here = (FILE.c.folder_id == self.id) & (THING.c.state == "live") & ~FILE.c.attached
        found = select(func.count()).select_from(FILE.join(THING, THING.c.id == FILE.c.id)).where(here)
        return db.session.scalar(found) or 0


class File(Thing):
    """A file with its current content; `title` is the displayed name, `version` rises with every change."""

    __tablename__ = "file"

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    # A copy of the column of the spine, which the session keeps the same: an index of lists holds columns of one table.
    audience_id: Mapped[int] = column_property(mapped_column("audience_id", Integer, nullable=False), Thing.audience_id)
    name_key: Mapped[str] = mapped_column(default="")  # the title in lower case, by which a list is sorted
    folder_id: Mapped[int | None] = mapped_column(ForeignKey("folder.id"), index=True)
    attached: Mapped[bool] = mapped_column(default=False)  # attached to a post or message, and in no document list
    description: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[int] = mapped_column(default=1)  # of the current version, as the next three fields are
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]  # bytes
    media_type: Mapped[str]
    saved: Mapped[datetime] = mapped_column(default=clock.now)  # when the current version was added
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # made the last change, at `edited`
    trashed: Mapped[datetime | None]

    __mapper_args__ = {"polymorphic_identity": "file", "inherit_condition": id == Thing.id}

    @property
    def url(self) -> str:
        return f"/files/{self.id}"


@event.listens_for(File.title, "set")
def _sort_by(file: File, title: str, _before: object, _initiator: object) -> None:
    """Let a file be sorted and found by its new title."""
    file.name_key = title.lower()


class Version(Base):
    """A version of a file: content under a number, never changed or overwritten."""

    __tablename__ = "version"

    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]  # name of the uploaded file
    remark: Mapped[str] = mapped_column(default="")
    restored_from: Mapped[int | None]  # the number of the older version that was put back
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    client_id: Mapped[str | None] = mapped_column(String(36), unique=True)


class PublicFile(Base):
    """A document that everybody can download, in the version with this number, while its programme is published."""

    __tablename__ = "public_file"

    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True)
    number: Mapped[int]
    title: Mapped[str]  # at that moment: a later name is not public by itself
    made: Mapped[datetime] = mapped_column(default=clock.now)


THING, FILE, VERSION, FOLDER = Thing.__table__, File.__table__, Version.__table__, Folder.__table__
PERSON, ORGANISATION, PICTURE = Person.__table__, Organisation.__table__, Picture.__table__
SHELF = (FILE.c.audience_id, FILE.c.attached)
Index("ix_file_named", *SHELF, FILE.c.folder_id, FILE.c.name_key, FILE.c.id)
Index("ix_file_recent", *SHELF, FILE.c.folder_id, FILE.c.saved, FILE.c.id)
Index("ix_file_saved", *SHELF, FILE.c.saved, FILE.c.id)
# PostgreSQL does not take the order of an index whose column must be null: what is in no folder has indexes of its own.
TOP = sql("folder_id IS NULL")
Index("ix_file_top", *SHELF, FILE.c.name_key, FILE.c.id, sqlite_where=TOP, postgresql_where=TOP)
Index("ix_file_top_recent", *SHELF, FILE.c.saved, FILE.c.id, sqlite_where=TOP, postgresql_where=TOP)
LATEST = (VERSION.c.file_id == FILE.c.id) & (VERSION.c.number == FILE.c.number)


ShelfOwner = Community | Partnership | access.AudienceRow


def shelf_url(owner: ShelfOwner, folder_id: int | None = None) -> str:
    """Return the path of the documents of a community or partnership, or of one of its folders."""
    return f"{owner.url}/documents" + (f"?folder={folder_id}" if folder_id else "")


def lock_shelf(audience_id: int) -> None:
    """Lock the document list of an audience until the commit, so that a name is never given to two files."""
    advisory_lock(f"shelf:{audience_id}")


# Lists

SAVER = aliased(PERSON)


class FileRow(NamedTuple):
    """A file with its author and the saver of its current version."""

    id: int
    title: str
    state: str
    made: datetime
    version: int
    author_id: int | None
    author_role: str
    audience_id: int
    community_id: int | None
    folder_id: int | None
    attached: bool
    description: str
    number: int
    size: int
    media_type: str
    sha256: str
    trashed: datetime | None
    saved: datetime
    file_name: str
    author_name: str | None
    organisation_name: str | None
    saver_name: str | None
    width: int | None  # of a picture, as the next two are
    height: int | None
    alt: str | None


FILES = select(
    THING.c.id,
    THING.c.title,
    THING.c.state,
    THING.c.made,
    THING.c.version,
    THING.c.author_id,
    THING.c.author_role,
    THING.c.audience_id,
    community_of(THING.c.audience_id).label("community_id"),
    FILE.c.folder_id,
    FILE.c.attached,
    FILE.c.description,
    FILE.c.number,
    FILE.c.size,
    FILE.c.media_type,
    FILE.c.sha256,
    FILE.c.trashed,
    FILE.c.saved,
    VERSION.c.name.label("file_name"),
    PERSON.c.name.label("author_name"),
    ORGANISATION.c.name.label("organisation_name"),
    SAVER.c.name.label("saver_name"),
    PICTURE.c.width,
    PICTURE.c.height,
    PICTURE.c.alt,
).select_from(
    FILE.join(THING, THING.c.id == FILE.c.id)
    .join(VERSION, LATEST)
    .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
    .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
    .outerjoin(SAVER, SAVER.c.id == VERSION.c.person_id)
    .outerjoin(PICTURE, PICTURE.c.thing_id == THING.c.id)
)


_FILE = PreparedQuery(FILES.where(THING.c.id == bindparam("id")), row=FileRow)


def file_row(id: int) -> FileRow:
    """Return one file."""
    (row,) = _FILE.rows(id=id)
    return row


def files(
    condition: ColumnElement[bool], *, sort: Sort = "name", after: int | None = None, limit: int = PAGE
) -> Slice[FileRow]:
    """Return the files for which `condition` holds, by name or most recently saved first.

    `after` is the last id seen; raise Invalid when it is not in the list.
    """
    order = FILE.c.saved if sort == "recent" else FILE.c.name_key
    keys = (order.desc(), FILE.c.id.desc()) if sort == "recent" else (order, FILE.c.id)
    query = FILES.where(condition).order_by(*keys).limit(limit + 1)
    if after is not None:
        edge = db.session.execute(
            FILES.with_only_columns(order, FILE.c.id).where(condition, FILE.c.id == after)
        ).first()
        if edge is None:
            raise Invalid(errors={"after": _("Deze bladwijzer klopt niet. Begin vooraan.")})
        here = tuple_(order, FILE.c.id)
        query = query.where(here < tuple(edge) if sort == "recent" else here > tuple(edge))
    rows = [FileRow._make(row) for row in db.session.execute(query)]
    more, rows = len(rows) > limit, rows[:limit]
    return Slice(rows, next=rows[-1].id if more else None)


class VersionRow(NamedTuple):
    """A version of a file with its author."""

    file_id: int
    number: int
    name: str
    remark: str
    restored_from: int | None
    sha256: str
    size: int
    media_type: str
    person_id: int | None
    made: datetime
    client_id: str | None
    person_name: str | None
    organisation_name: str | None


_VERSIONS = PreparedQuery(
    select(VERSION, PERSON.c.name.label("person_name"), ORGANISATION.c.name.label("organisation_name"))
    .select_from(
        VERSION.outerjoin(PERSON, PERSON.c.id == VERSION.c.person_id).outerjoin(
            ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id
        )
    )
    .where(VERSION.c.file_id == bindparam("file"))
    .order_by(VERSION.c.number.desc()),
    row=VersionRow,
)


def versions(file_id: int) -> list[VersionRow]:
    """Return the versions of a file, newest first."""
    return _VERSIONS.rows(file=file_id)


class Citation(NamedTuple):
    """A thread or room in which a file is attached, with the post or message to which."""

    id: int
    kind: str
    title: str
    post_id: int
    made: datetime
    author_name: str | None


def citations(file_id: int, seen: ColumnElement[bool], limit: int = 50) -> list[Citation]:
    """Return the threads and chat rooms in which a file is attached, where `seen` holds, latest first."""
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
    found = [Citation._make(row) for row in rows]
    return list({row.id: row for row in reversed(found)}.values())[::-1]


# Folders


class FolderRow(NamedTuple):
    """A folder."""

    id: int
    audience_id: int
    parent_id: int | None
    name: str
    made: datetime
    community_id: int | None


_FOLDERS = PreparedQuery(
    select(FOLDER, community_of(FOLDER.c.audience_id).label("community_id"))
    .where(FOLDER.c.audience_id == bindparam("audience"))
    .order_by(func.lower(FOLDER.c.name), FOLDER.c.id),
    row=FolderRow,
)


def folders(audience_id: int) -> list[FolderRow]:
    """Return all folders of an audience by name."""
    return _FOLDERS.rows(audience=audience_id)


class CountedFolder(NamedTuple):
    """A folder with the number of documents directly in it."""

    id: int
    parent_id: int | None
    name: str
    community_id: int | None
    files: int


def counted_folders(audience_id: int) -> list[CountedFolder]:
    """Return all folders of an audience by name, with the number of documents in each."""
    counts = (
        select(FILE.c.folder_id, func.count().label("files"))
        .join(THING, THING.c.id == FILE.c.id)
        .where(FILE.c.audience_id == audience_id, THING.c.state == "live", ~FILE.c.attached)
        .group_by(FILE.c.folder_id)
    )
    files: dict[int, int] = dict(db.session.execute(counts).all())
    return [
        CountedFolder(row.id, row.parent_id, row.name, row.community_id, files.get(row.id, 0))
        for row in folders(audience_id)
    ]


MOST_COUNTED = 100  # documents of a folder that are counted


class FolderCount(NamedTuple):
    """The number of documents directly in a folder, up to MOST_COUNTED."""

    id: int
    files: int


_COUNTED = (
    select(FILE.c.id)
    .join(THING, THING.c.id == FILE.c.id)
    .where(
        FILE.c.audience_id == FOLDER.c.audience_id,
        FILE.c.attached.is_(False),
        FILE.c.folder_id == FOLDER.c.id,
        THING.c.state == "live",
    )
    .limit(MOST_COUNTED)
    .correlate(FOLDER)
    .subquery()
)
_COUNTS = PreparedQuery(
    select(
        FOLDER.c.id, select(func.count()).select_from(_COUNTED).correlate(FOLDER).scalar_subquery().label("files")
    ).where(FOLDER.c.id.in_(bindparam("ids", expanding=True))),
    row=FolderCount,
)


def file_counts(ids: Iterable[int]) -> dict[int, int]:
    """Return the number of documents directly in each of these folders, up to MOST_COUNTED."""
    asked = list(ids)
    return {row.id: row.files for row in _COUNTS.rows(ids=asked)} if asked else {}


def path(known: Iterable[FolderRow], id: int | None) -> list[FolderRow]:
    """Return the path to a folder from the top, itself last; [] for the top and for an unknown folder."""
    by_id = {folder.id: folder for folder in known}
    chain: list[FolderRow] = []
    while id in by_id and len(chain) <= DEEPEST:
        chain.append(by_id[id])
        id = by_id[id].parent_id
    return chain[::-1]


def folder_of(audiences: Iterable[int], id: int) -> Folder | None:
    """Return the folder with this id on the shelf of one of these audiences, else None."""
    return db.session.scalar(select(Folder).where(Folder.id == id, Folder.audience_id.in_(list(audiences))))


# Public documents

PUBLIC, AUDIENCE = PublicFile.__table__, Audience.__table__
_PUBLIC = (
    select(
        THING.c.id,
        PUBLIC.c.title,
        FILE.c.number.label("latest"),
        PUBLIC.c.number,
        PUBLIC.c.made,
        VERSION.c.name.label("file_name"),
        VERSION.c.size,
        VERSION.c.sha256,
        VERSION.c.media_type,
    )
    .select_from(
        PUBLIC.join(THING, THING.c.id == PUBLIC.c.file_id)
        .join(FILE, FILE.c.id == THING.c.id)
        .join(VERSION, (VERSION.c.file_id == FILE.c.id) & (VERSION.c.number == PUBLIC.c.number))
        .join(AUDIENCE, AUDIENCE.c.id == THING.c.audience_id)
        .outerjoin(Community, Community.id == AUDIENCE.c.community_id)
        .join(Programme, Programme.id == func.coalesce(AUDIENCE.c.programme_id, Community.programme_id))
    )
    # What went to the trash, or was taken out of the documents, is not public any more.
    .where(THING.c.state == "live", FILE.c.attached.is_(False))
)


def public_documents(programme_id: int) -> list[PublicDocument]:
    """Return the documents of a programme that everybody can download once it is published, by name."""
    rows = db.session.execute(
        _PUBLIC.where(Programme.id == programme_id).order_by(func.lower(PUBLIC.c.title), THING.c.id)
    )
    return [
        PublicDocument(
            row.id, row.title, f"/public/files/{row.id}", row.file_name, row.size, row.made, row.latest > row.number
        )
        for row in rows
    ]


def public_file(id: int) -> Any:
    """Return a document of a published programme that everybody can download, else None."""
    return db.session.execute(_PUBLIC.where(THING.c.id == id, Programme.published.is_not(None))).first()


def public_number(file_id: int) -> int | None:
    """Return the number of the version of a file that is public, None for a file that is not."""
    return db.session.scalar(select(PublicFile.number).where(PublicFile.file_id == file_id))


# Names in the document list


def _on_shelf(audience_id: int, folder_id: int | None) -> Select[File]:
    return select(File).where(
        File.audience_id == audience_id,
        File.state == "live",
        File.attached.is_(False),
        File.folder_id == folder_id if folder_id else File.folder_id.is_(None),
    )


def find_by_title(audience_id: int, folder_id: int | None, title: str) -> File | None:
    """Return the document in this folder with this title, ignoring case, else None."""
    here = _on_shelf(audience_id, folder_id)
    return db.session.scalars(here.where(File.name_key == title.lower()).order_by(File.id)).first()


def follow_audience(ids: Select[Any]) -> None:
    """Copy the audience of these files from the spine, where a bulk statement changed it."""
    own = select(THING.c.audience_id).where(THING.c.id == FILE.c.id).scalar_subquery()
    statement = update(cast(Table, FILE)).where(FILE.c.id.in_(ids)).values(audience_id=own)
    db.session.execute(statement, execution_options={"changes": ()})  # their page does not show the copy


def find_by_name(audience_id: int, folder_id: int | None, name: str) -> File | None:
    """Return the document in this folder that an upload of this name would be a new version of, else None.

    Its title matches, or the name its current version was uploaded under.
    """
    latest = (Version.file_id == File.id) & (Version.number == File.number)
    same = func.lower(Version.name) == func.lower(name)
    uploaded = _on_shelf(audience_id, folder_id).join(Version, latest).where(same).order_by(File.id)
    return find_by_title(audience_id, folder_id, name) or db.session.scalars(uploaded).first()
