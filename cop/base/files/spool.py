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
from cop.base.files import links, pictures
from cop.base.files.content import HEAD, sniff
from cop.base.files.kinds import ALLOWED, DOCX, LIMITS, refusal
from cop.base.files.metadata import FILMS, STRIPPED, Metadata, strip, strip_film, with_orientation
from cop.base.files.reasons import Reason, Refused, TooLarge
from cop.base.personal_data import blocked

CHUNK = 256 * 1024  # bytes in memory per upload
PREFIX = "upload-"


@dataclass(frozen=True, slots=True)
class Spooled:
    """An upload on disk that is not stored yet; `size` in bytes, `pixels` the width and height of an upright picture.

    `removed` says what was taken out of a photograph or film: `place`, `device`, `other`.
    """

    path: Path
    sha256: str
    size: int
    media_type: str
    pixels: tuple[int, int] | None = None
    removed: frozenset[str] = frozenset()


class Spool:
    """A folder for uploads until they are kept or discarded."""

    def __init__(self, folder: Path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder

    def take(
        self, stream: BinaryIO, limit: int, name: str = "", media_type: str | None = None, original: bool = False
    ) -> Spooled:
        """Read `stream` to its end; raise `TooLarge` past `limit` bytes, `Refused` for unsafe content.

        With `media_type` the file was accepted before, and is neither examined nor changed. Of a photograph or film the
        metadata is removed, unless the `original` is asked for.
        """
        handle, path = tempfile.mkstemp(prefix=PREFIX, dir=self.folder)
        try:
            with open(handle, "w+b") as file:
                sha256, size = _copy(stream, file, limit)
                file.seek(0)
                found, pixels = Metadata(), None
                if media_type is None:
                    media_type = sniff(file.read(HEAD), name, Path(path))
                    found, pixels = _without_metadata(file, media_type, size, original)
                    if found.found:
                        sha256, size = _digest(file)
                file.flush()
                os.fsync(file.fileno())
            removed = frozenset() if original else frozenset(found.found)
            return Spooled(Path(path), sha256, size, media_type, pixels, removed)
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


def _without_metadata(
    file: BinaryIO, media_type: str, size: int, original: bool
) -> tuple[Metadata, tuple[int, int] | None]:
    """Rewrite a photograph or film without its metadata; return what was found, and the upright size in pixels."""
    if media_type == DOCX and links.detach_template(file):
        return Metadata({"template"}), None
    if media_type in FILMS:
        return Metadata() if original else strip_film(file), None
    if media_type not in STRIPPED:
        return Metadata(), None
    limit = LIMITS[ALLOWED[media_type].kind]
    if size > limit:
        raise TooLarge(limit)
    file.seek(0)
    content = file.read()
    stripped, found = strip(content, media_type)
    turned = found.orientation != 1
    if turned and not original:
        redrawn = pictures.turned(content)
        turned = redrawn is None
        stripped = redrawn or with_orientation(stripped, found.orientation)
    if found.found and not original:
        file.seek(0)
        file.truncate()
        file.write(stripped)
    pixels = pictures.dimensions(file) if media_type in pictures.READABLE else None
    return found, pixels[::-1] if pixels and turned and found.orientation >= 5 else pixels


def _digest(file: BinaryIO) -> tuple[str, int]:
    """Return the SHA-256 and the number of bytes."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest(), file.tell()


def check(spooled: Spooled, name: str) -> None:
    """Raise Refused or TooLarge when the type or size is not allowed."""
    reason = Reason.PERSONAL_NUMBER if blocked(name) else refusal(spooled.media_type, name, spooled.size)
    if reason is Reason.TOO_LARGE:
        raise TooLarge(LIMITS[ALLOWED[spooled.media_type].kind])
    if reason:
        raise Refused(reason)
