"""The manifest of a backup: its source, its contents, and the hash of its database."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO, Literal

from pydantic import BaseModel

NAME = "manifest.json"  # the parts of a backup, in this order
DATABASE = "database"
CLOCK = "demo-clock"
FILES = "files/"


class Manifest(BaseModel):
    """The first part of a backup.

    `counts` are rows per table, `files` the number of files in the backup, `missing` the hashes of lost files.
    """

    format: Literal[1] = 1
    product: str
    made: str  # by the clock of the platform, RFC 3339
    kind: str
    revision: str | None
    counts: dict[str, int]
    database_sha256: str
    files: int
    bytes: int
    missing: list[str] = []


def product() -> str:
    """Return the installed version of this code."""
    try:
        return version("cop")
    except PackageNotFoundError:  # a checkout that is not installed
        return "checkout"


def sha256(file: Path) -> str:
    """Return the hash of a file, read in pieces."""
    with file.open("rb") as stream:
        return digest(stream)


def digest(stream: BinaryIO) -> str:
    """Return the hash of the rest of a stream."""
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
