"""Input and output models of the endpoints of documents."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from cop.base import clock
from cop.base.forms import LARGEST_ID, Form, Id, Key, Line, Lines, Name, Out, Required, Unjudged, Whole
from cop.base.words import _
from cop.documents.models import PAGE, Sort
from cop.things import Author

Text = Annotated[Lines, StringConstraints(max_length=2000)]
Base = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Place = Annotated[int, Field(ge=0, le=LARGEST_ID, description="id of a folder; 0 for the top level")]


StoredKey = Annotated[str, Whole, StringConstraints(max_length=1000), Unjudged()]


class Upload(Form):
    """Fields of an upload.

    same_name: what to do when the folder has a document of this name: a new version of it (with `base_version`, the
    version that was looked at) or a document of its own; without it the answer is 409. stored: instead of a file, what
    a 409 gave for one that has arrived. draft: an attachment of a text still being written. inline: a picture in such a
    text, redrawn to fit it. original: a photograph keeps what the camera added, such as the place.
    """

    folder: Id | None = None
    remark: Line = ""
    same_name: Literal["version", "own"] | None = None
    base_version: Base | None = None
    stored: Annotated[list[StoredKey], Field(max_length=20)] = []
    draft: bool = False
    inline: bool = False
    original: bool = False
    client_id: Key | None = None


class Replace(Form):
    """Fields of a new version; `stored` is what a 409 gave for a file that has arrived, instead of the file."""

    base_version: Base | None = None
    stored: Annotated[list[StoredKey], Field(max_length=1)] = []
    remark: Line = ""
    original: bool = False
    client_id: Key | None = None


class Describe(Form):
    """A new name, description or folder, with the version they are based on; `alt` says what a picture shows."""

    title: Required = ""
    description: Text = ""
    alt: Line = ""
    folder: Place | None = None
    base_version: Base | None = None

    def given(self) -> dict[str, Any]:
        """Return the given fields; an empty folder means the top level."""
        given = super().given()
        return {**given, "folder": given["folder"] or 0} if "folder" in given else given


class NewFolder(Form):
    """A folder to add, optionally inside another."""

    name: Name
    parent: Id | None = None


class FolderName(Form):
    """A new name for a folder."""

    name: Name


class Shelf(Form):
    """The part of the documents to list; `attachments` are the files attached to posts and messages."""

    folder: Id | None = None
    show: Literal["shelf", "attachments"] = "shelf"
    sort: Sort = "name"
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Listing(Form):
    """The files of a community: all, or those in one folder."""

    folder: Id | None = None
    sort: Sort = "recent"
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Trash(Form):
    """A page of the trash."""

    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Copy(Form):
    """The picture to return: the copy that is at least so many pixels wide, or the widest."""

    width: Literal["320", "960", "1920"] = "960"


class Sending(Form):
    """The place in which to send a document along, or words of its title to look for it."""

    to: Id | None = None
    new: bool = False
    q: Line = ""


class RemoveFolder(Form):
    """Whether the contents of a removed folder move up; without an answer only an empty folder is removed."""

    contents: Literal["up"] | None = None


class Content(Form):
    """The version to return; without one, the current version."""

    version: Base | None = None


class Saver(BaseModel):
    """The person who saved a version."""

    id: int | None
    name: str
    organisation: str


class VersionOut(Out):
    """A version of a file in the API."""

    number: int
    name: str
    remark: str
    restored_from: int | None
    size: int
    media_type: str
    created_at: str
    author: Saver
    content: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `models.versions`."""
        return {
            "number": row.number,
            "name": row.name,
            "remark": remark(row),
            "restored_from": row.restored_from,
            "size": row.size,
            "media_type": row.media_type,
            "created_at": clock.rfc3339(row.made),
            "author": Saver(id=row.person_id, name=row.person_name or "", organisation=row.organisation_name or ""),
            "content": f"/files/{row.file_id}/content?version={row.number}",
        }


class FileOut(Out):
    """A file in the API; `version` is the base of the next change, `number` that of the current content."""

    id: int
    kind: str = "file"
    url: str
    title: str
    description: str
    community: int | None
    folder: int | None
    attached: bool
    author: Author
    created_at: str
    saved_at: str
    version: int
    number: int
    state: str
    size: int
    media_type: str
    width: int | None  # pixels of a picture, upright
    height: int | None
    alt: str | None
    content: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `models.files`."""
        return {
            "id": row.id,
            "url": f"/files/{row.id}",
            "title": row.title,
            "description": row.description,
            "community": row.community_id,
            "folder": row.folder_id,
            "attached": row.attached,
            "author": Author.of(row),
            "created_at": clock.rfc3339(row.made),
            "saved_at": clock.rfc3339(row.saved),
            "version": row.version,
            "number": row.number,
            "state": row.state,
            "size": row.size,
            "media_type": row.media_type,
            "width": row.width,
            "height": row.height,
            "alt": row.alt,
            "content": f"/files/{row.id}/content",
        }


class FileWhole(FileOut):
    """A file with all its versions, newest first."""

    versions: list[VersionOut]


class Shared(FileWhole):
    """A file that was shared; `removed` is what was taken out of a photograph or film: place, device or other."""

    removed: list[str]


def whole(row: Any, versions: list[Any]) -> FileWhole:
    """Return a file for the API from its row and those of its versions."""
    saved = [VersionOut.model_validate(version, from_attributes=True) for version in versions]
    return FileWhole.model_validate({**FileOut.of(row), "versions": saved})


def remark(version: Any) -> str:
    """Return the remark on a version: that of its author, or which older one was restored."""
    return _("Versie %(n)s teruggezet.", n=version.restored_from) if version.restored_from else version.remark


class FolderOut(Out):
    """A folder in the API."""

    id: int
    name: str
    parent: int | None
    community: int | None
    files: int

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `models.folders` or a Folder."""
        return {
            "id": row.id,
            "name": row.name,
            "parent": row.parent_id,
            "community": row.community_id,
            "files": row.files,
        }


class Publish(Form):
    """The version of a document that becomes public, the current one by default."""

    number: Id | None = None
