"""The interface of file stores, which identify each file by the SHA-256 of its bytes."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from cop.base.files.spool import Spool, Spooled

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file; `size` in bytes, `pixels` the width and height of an upright picture."""

    sha256: str
    size: int
    media_type: str
    pixels: tuple[int, int] | None = None


class Store(ABC):
    """A store of files. A file is spooled first and kept second, both before a transaction opens.

    A file that is kept but that no row refers to (the verb was refused, the process died) is an orphan: `each` and
    `remove` with `untouched_for` find and remove orphans without touching an upload in progress. An unknown digest
    raises FileNotFoundError, a malformed one ValueError, a failing disk or bucket OSError.
    """

    def __init__(self, spool: Path):
        self._spool = Spool(spool)

    def spool(
        self, stream: BinaryIO, limit: int, name: str = "", media_type: str | None = None, original: bool = False
    ) -> Spooled:
        """Spool an upload; raise `TooLarge` past `limit` bytes and `Refused` for unsafe content.

        A file from a backup comes with its `media_type`, and is neither examined nor changed. A photograph loses what the
        camera added, unless the `original` is asked for.
        """
        return self._spool.take(stream, limit, name, media_type, original)

    def discard(self, spooled: Spooled) -> None:
        """Remove a spooled upload; does nothing when it was kept."""
        spooled.path.unlink(missing_ok=True)

    def sweep(self, older_than: timedelta) -> int:
        """Remove spooled uploads that were neither kept nor discarded; return how many."""
        return self._spool.sweep(older_than)

    @abstractmethod
    def keep(self, spooled: Spooled) -> Blob:
        """Store a spooled upload for good. The same content is stored once; storing it again renews its age."""

    @abstractmethod
    def open(self, sha256: str) -> BinaryIO:
        """Return the stored bytes as a seekable file."""

    @abstractmethod
    def path(self, sha256: str) -> Path | None:
        """Return the file's path on this machine, whether it exists or not; None for a store elsewhere."""

    @abstractmethod
    def size(self, sha256: str) -> int:
        """Return the size in bytes."""

    def has(self, sha256: str) -> bool:
        """Return whether the file is stored."""
        try:
            self.size(sha256)
        except FileNotFoundError:
            return False
        return True

    @abstractmethod
    def remove(self, sha256: str, untouched_for: timedelta = AT_ONCE) -> bool:
        """Remove the file if it was last stored at least so long ago; return whether it was removed."""

    @abstractmethod
    def each(self, untouched_for: timedelta = AT_ONCE) -> Iterator[str]:
        """Yield the digests of files last stored at least so long ago, in no order."""


def address(sha256: str) -> str:
    """Return the path below the root of a store, `ab/cd/abcd…`; raise ValueError for a malformed digest."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 digest in lower-case hexadecimals")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
