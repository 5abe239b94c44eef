"""A store of files in a folder of this machine."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from cop.base import clock
from cop.base.files.spool import Spooled
from cop.base.files.store import AT_ONCE, Blob, Store, address


class LocalStore(Store):
    """Files in `root/ab/cd/<sha256>`, uploads in `root/tmp`."""

    def __init__(self, root: Path):
        super().__init__(root / "tmp")
        self.root = root

    def keep(self, spooled: Spooled) -> Blob:
        """Rename the upload to its place, replacing a file there, which has the same bytes or damaged ones."""
        target = self.path(spooled.sha256)
        with self._locked():
            fresh = not target.parent.is_dir()
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.utime(spooled.path)
                os.replace(spooled.path, target)
            except FileNotFoundError:
                if not target.exists():  # else it was kept before
                    raise
            for folder in (target.parent, target.parent.parent, self.root) if fresh else (target.parent,):
                _sync(folder)
        return Blob(spooled.sha256, spooled.size, spooled.media_type, spooled.pixels)

    def open(self, sha256: str) -> BinaryIO:
        """Return the file, opened for reading."""
        return self.path(sha256).open("rb")

    def path(self, sha256: str) -> Path:
        """Return the path of the file, whether it exists or not."""
        return self.root / address(sha256)

    def size(self, sha256: str) -> int:
        """Return the size in bytes."""
        return self.path(sha256).stat().st_size

    def remove(self, sha256: str, untouched_for: timedelta = AT_ONCE) -> bool:
        """Remove the file if it was last stored at least so long ago; return whether it was removed."""
        target = self.path(sha256)
        with self._locked():
            if not target.exists() or not _is_older(target, untouched_for):
                return False
            target.unlink()
            _sync(target.parent)
        return True

    def each(self, untouched_for: timedelta = AT_ONCE) -> Iterator[str]:
        """Yield the digests of files last stored at least so long ago."""
        for file in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if re.fullmatch(r"[0-9a-f]{64}", file.name) and _is_older(file, untouched_for):
                yield file.name

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process in at a time, so that none removes an orphan that another has just stored again."""
        with open(self.root / "tmp" / "lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _is_older(file: Path, age: timedelta) -> bool:
    """Return whether `file` was last stored at least `age` ago; False when it is gone."""
    try:
        return age == AT_ONCE or file.stat().st_mtime <= (clock.now() - age).timestamp()
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    """Write the names in `folder` to disk, so that they survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
