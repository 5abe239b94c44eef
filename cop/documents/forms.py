"""What the doors of documents take and give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from cop.base import clock
from cop.base.forms import LARGEST_ID, Form, Id, Key, Line, Out, Required, Whole
from cop.base.words import _
from cop.documents.models import PAGE, Sort
from cop.things import Author

Text = Annotated[
    str, Whole, AfterValidator(lambda v: v.replace("\r\n", "\n").strip()), StringConstraints(max_length=2000)
]
Base = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Place = Annotated[int, Field(ge=0, le=LARGEST_ID, description="a folder; 0 for none, the top of the shelf")]


class Upload(Form):
    """What comes with files that are shared; `draft`: to be attached to what is still being written."""

    folder: Id | None = None
    remark: Line = ""
    draft: bool = False
    client_id: Key | None = None


class Replace(Form):
    """What comes with a new version."""

    base_version: Base | None = None
    remark: Line = ""
    client_id: Key | None = None


class Describe(Form):
    """Another name, description or folder, on top of the version that was read."""

    title: Required = ""
    description: Text = ""
    folder: Place | None = None
    base_version: Base | None = None

    def given(self) -> dict[str, Any]:
        """As Form.given; no folder is the top of the shelf."""
        given = super().given()
        return {**given, "folder": given["folder"] or 0} if "folder" in given else given


class NewFolder(Form):
    """A new folder, perhaps inside another."""

    name: Required
    parent: Id | None = None


class FolderName(Form):
    """Another name for a folder."""

    name: Required


class Shelf(Form):
    """Which part of the shelf; `attachments` are the files that came with posts and messages."""

    folder: Id | None = None
    show: Literal["shelf", "attachments"] = "shelf"
    sort: Sort = "name"
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Listing(Form):
    """Which files of a community: all, or those in one folder."""

    folder: Id | None = None
    sort: Sort = "recent"
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Trash(Form):
    """Which stretch of what was thrown away."""

    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Content(Form):
    """Which version; without one the current."""

    version: Base | None = None


class Saver(BaseModel):
    """Who saved a version."""

    id: int | None
    name: str
    organisation: str


class VersionOut(Out):
    """A version of a file."""

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
        """From a row of `models.versions`."""
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
    """A file for programs; `version` is the base of the next change, `number` that of the current content."""

    id: int
    kind: str = "file"
    url: str
    title: str
    description: str
    community: int
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
    content: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From a row of `models.files`."""
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
            "content": f"/files/{row.id}/content",
        }


class FileWhole(FileOut):
    """A file with all its versions, newest first."""

    versions: list[VersionOut]


def whole(row: Any, versions: list[Any]) -> FileWhole:
    """A file for programs from its row and those of its versions."""
    saved = [VersionOut.model_validate(version, from_attributes=True) for version in versions]
    return FileWhole.model_validate({**FileOut.of(row), "versions": saved})


def remark(version: Any) -> str:
    """What is said of a version: the remark of who saved it, or which older one was put back."""
    return _("Versie %(n)s teruggezet.", n=version.restored_from) if version.restored_from else version.remark


class FolderOut(Out):
    """A folder for programs."""

    id: int
    name: str
    parent: int | None
    community: int
    files: int

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From a row of `models.folders` or a Folder."""
        return {
            "id": row.id,
            "name": row.name,
            "parent": row.parent_id,
            "community": row.community_id,
            "files": row.files,
        }
