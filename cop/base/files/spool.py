"""Spools an upload: copies a stream to a file on disk, and measures, hashes and identifies it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from cop.base import clock
from cop.base.files.content import HEAD, sniff
from cop.base.files.reasons import TooLarge

CHUNK = 256 * 1024  # bytes in memory per upload
PREFIX = "upload-"


@dataclass(frozen=True, slots=True)
class Spooled:
    """An upload on disk that is not stored yet; `size` in bytes."""

    path: Path
    sha256: str
    size: int
    media_type: str


class Spool:
    """A folder for uploads until they are kept or discarded."""

    def __init__(self, folder: Path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder

    def take(self, stream: BinaryIO, limit: int, name: str = "", media_type: str | None = None) -> Spooled:
        """Read `stream` to its end; raise `TooLarge` past `limit` bytes, `Refused` for unsafe content.

        With `media_type` the file was accepted before, and is not examined.
        """
        handle, path = tempfile.mkstemp(prefix=PREFIX, dir=self.folder)
        try:
            with open(handle, "w+b") as file:
                sha256, size = _copy(stream, file, limit)
                file.seek(0)
                media_type = media_type or sniff(file.read(HEAD), name, Path(path))
                os.fsync(file.fileno())
            return Spooled(Path(path), sha256, size, media_type)
        except BaseException:
            os.unlink(path)
            raise

    def sweep(self, older_than: timedelta) -> int:
        """Remove the uploads that killed processes left behind; return how many."""
        before, swept = (clock.now() - older_than).timestamp(), 0
        for file in self.folder.glob(f"{PREFIX}*"):
            try:
                if file.stat().st_mtime <= before:
                    file.unlink()
                    swept += 1
            except FileNotFoundError:  # kept or discarded meanwhile
                continue
        return swept


def _copy(stream: BinaryIO, file: BinaryIO, limit: int) -> tuple[str, int]:
    """Copy at most `limit` bytes; return their SHA-256 and number."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(min(CHUNK, limit - size + 1)):
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    return digest.hexdigest(), size
