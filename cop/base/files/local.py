"""Files kept in a folder of this machine."""

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
    """Content in `root/ab/cd/<sha256>`, uploads in `root/tmp`."""

    def __init__(self, root: Path):
        super().__init__(root / "tmp")
        self.root = root

    def keep(self, spooled: Spooled) -> Blob:
        """Renames the upload into its place, over what may be there: the same bytes, or damaged ones."""
        target = self.path(spooled.sha256)
        with self._locked():
            fresh = not target.parent.is_dir()
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.utime(spooled.path)
                os.replace(spooled.path, target)
            except FileNotFoundError:
                if not target.exists():  # neither here nor there; else it was kept before
                    raise
            for folder in (target.parent, target.parent.parent, self.root) if fresh else (target.parent,):
                _sync(folder)
        return Blob(spooled.sha256, spooled.size, spooled.media_type)

    def open(self, sha256: str) -> BinaryIO:
        """The kept file, opened for reading."""
        return self.path(sha256).open("rb")

    def path(self, sha256: str) -> Path:
        """The place of this content, whether it is kept or not."""
        return self.root / address(sha256)

    def size(self, sha256: str) -> int:
        """How many bytes are kept."""
        return self.path(sha256).stat().st_size

    def remove(self, sha256: str, untouched_for: timedelta = AT_ONCE) -> bool:
        """Removes what was last kept at least so long ago; says whether it did."""
        target = self.path(sha256)
        with self._locked():
            if not target.exists() or not _is_older(target, untouched_for):
                return False
            target.unlink()
            _sync(target.parent)
        return True

    def each(self, untouched_for: timedelta = AT_ONCE) -> Iterator[str]:
        """The digests of what was last kept at least so long ago."""
        for file in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if re.fullmatch(r"[0-9a-f]{64}", file.name) and _is_older(file, untouched_for):
                yield file.name

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time, so that nobody removes as an orphan what another has just kept again."""
        with open(self.root / "tmp" / "lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _is_older(file: Path, age: timedelta) -> bool:
    """Whether `file` was last kept at least `age` ago; False when it is gone."""
    try:
        return age == AT_ONCE or file.stat().st_mtime <= (clock.now() - age).timestamp()
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    """Makes the names in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
