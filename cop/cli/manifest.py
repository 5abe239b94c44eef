"""The first page of a backup: what it was made from, what is in it, and by which hash it is whole."""

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
    """`counts` are rows per table; `files` says how many came along, `missing` which were lost before."""

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
    """The version of this code, as it was installed."""
    try:
        return version("cop")
    except PackageNotFoundError:  # a checkout, run as it stands
        return "checkout"


def sha256(file: Path) -> str:
    """The hash of a file, read piece by piece."""
    with file.open("rb") as stream:
        return digest(stream)


def digest(stream: BinaryIO) -> str:
    """The hash of what is left of a stream."""
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
