"""The one interface to kept files, each known by the SHA-256 of its bytes, wherever they lie."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from cop.base.files.spool import Spool, Spooled

AT_ONCE = timedelta(0)
MISSING_EXTRA = "s3:// needs the extra 's3': pip install 'cop[s3]'"


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that are kept; `size` in bytes."""

    sha256: str
    size: int
    media_type: str


class Store(ABC):
    """Where files are kept. A file is spooled first and kept second, both before a database unit opens.

    What is kept but never referred to (the verb was refused, the process died) is an orphan: `each` and
    `remove` with `untouched_for` find and remove those without touching what is being uploaded just now.
    A digest that is not kept raises FileNotFoundError, one that is no digest ValueError, a failing disk or
    bucket OSError.
    """

    def __init__(self, spool: Path):
        self._spool = Spool(spool)

    def spool(self, stream: BinaryIO, limit: int, name: str = "", media_type: str | None = None) -> Spooled:
        """Takes `stream` in; raises `TooLarge` past `limit` bytes and `Refused` for what is unsafe.

        What was kept before and comes back from a backup brings its `media_type` and is not looked at again.
        """
        return self._spool.take(stream, limit, name, media_type)

    def discard(self, spooled: Spooled) -> None:
        """Forgets an upload that is not kept; harmless when it was."""
        spooled.path.unlink(missing_ok=True)

    def sweep(self, older_than: timedelta) -> int:
        """Removes uploads that nobody kept or discarded; says how many."""
        return self._spool.sweep(older_than)

    @abstractmethod
    def keep(self, spooled: Spooled) -> Blob:
        """Keeps an upload for good; the same content is kept once, and keeping it again renews its age."""

    @abstractmethod
    def open(self, sha256: str) -> BinaryIO:
        """The kept bytes, seekable."""

    @abstractmethod
    def path(self, sha256: str) -> Path | None:
        """The file on this machine, or None when the bytes lie elsewhere; it need not exist."""

    @abstractmethod
    def size(self, sha256: str) -> int:
        """How many bytes are kept."""

    def has(self, sha256: str) -> bool:
        """Whether this content is kept."""
        try:
            self.size(sha256)
        except FileNotFoundError:
            return False
        return True

    @abstractmethod
    def remove(self, sha256: str, untouched_for: timedelta = AT_ONCE) -> bool:
        """Removes what was last kept at least so long ago; says whether it did."""

    @abstractmethod
    def each(self, untouched_for: timedelta = AT_ONCE) -> Iterator[str]:
        """The digests of what was last kept at least so long ago, in no order."""


def address(sha256: str) -> str:
    """Where content lies below the root of a store, `ab/cd/abcd…`; ValueError for what is no digest."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 digest in lower-case hexadecimals")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def open_store(url: str, spool: Path | None = None) -> Store:
    """The store at `url`: `file:///folder`, or `s3://bucket/prefix?endpoint=…&region=…` with keys from AWS_*.

    Uploads for a bucket lie in the local folder `spool` first (default: a private one for temporary files);
    for a folder they lie inside it, so that keeping is a rename.
    """
    scheme, _colon, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        from cop.base.files.local import LocalStore

        return LocalStore(Path(unquote(rest)))
    if scheme == "s3" and urlsplit(url).hostname:
        try:
            from cop.base.files.bucket import open_bucket
        except ModuleNotFoundError as error:
            if not str(error.name).startswith("obstore"):
                raise
            raise ModuleNotFoundError(MISSING_EXTRA, name=error.name) from error
        return open_bucket(url, spool)
    raise ValueError("a store of files is file:///folder or s3://bucket")
