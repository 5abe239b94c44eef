"""A store of files in an S3-compatible bucket; needs the extra `s3`."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import parse_qsl, urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from cop.base import clock
from cop.base.files.spool import Spooled
from cop.base.files.store import AT_ONCE, Blob, Store, address

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from obstore import ObjectMeta
    from obstore.store import ObjectStore, S3Config

READ_AHEAD = 1024 * 1024  # bytes per request to the bucket


class BucketStore(Store):
    """Files in `ab/cd/<sha256>` of a bucket, uploads in the folder `spool` of this machine."""

    def __init__(self, bucket: ObjectStore, spool: Path):
        super().__init__(spool)
        self._bucket = bucket

    def keep(self, spooled: Spooled) -> Blob:
        """Copy the upload to the bucket, replacing a file there, which renews its age and repairs damage."""
        with _translated():
            if spooled.path.exists() or not self.has(spooled.sha256):
                self._bucket.put(address(spooled.sha256), spooled.path)
        self.discard(spooled)
        return Blob(spooled.sha256, spooled.size, spooled.media_type, spooled.pixels)

    def open(self, sha256: str) -> BinaryIO:
        """Return the file, fetched as it is read."""
        raw = _Ranges(self._bucket, address(sha256), self.size(sha256))
        return io.BufferedReader(raw, READ_AHEAD)

    def path(self, sha256: str) -> None:
        """Return None: the file is not on this machine."""
        address(sha256)

    def size(self, sha256: str) -> int:
        """Return the size in bytes."""
        return self._head(sha256)["size"]

    def remove(self, sha256: str, untouched_for: timedelta = AT_ONCE) -> bool:
        """Remove the file if it was last stored at least so long ago; return whether it was removed."""
        try:
            found = self._head(sha256)
        except FileNotFoundError:
            return False
        if not _is_older(found, untouched_for):
            return False
        with _translated():
            self._bucket.delete(address(sha256))
        return True

    def each(self, untouched_for: timedelta = AT_ONCE) -> Iterator[str]:
        """Yield the digests of files last stored at least so long ago."""
        with _translated():
            for found in (found for batch in self._bucket.list() for found in batch):
                name = re.fullmatch(r"../../([0-9a-f]{64})", found["path"])
                if name and _is_older(found, untouched_for):
                    yield name.group(1)

    def _head(self, sha256: str) -> ObjectMeta:
        with _translated():
            return self._bucket.head(address(sha256))


class _Ranges(io.RawIOBase):
    """Reads an object of a bucket in pieces, so that a request for a range fetches only that range."""

    def __init__(self, bucket: ObjectStore, key: str, size: int):
        self._bucket, self._key, self._size, self._place = bucket, key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, origin + offset)
        return self._place

    def readinto(self, buffer: WriteableBuffer) -> int:
        wanted = memoryview(buffer)
        length = min(len(wanted), self._size - self._place)
        if length <= 0:
            return 0
        with _translated():
            wanted[:length] = memoryview(self._bucket.get_range(self._key, start=self._place, length=length))
        self._place += length
        return length


def open_bucket(url: str, spool: Path | None = None) -> BucketStore:
    """Return the store at `s3://bucket/prefix?endpoint=…&region=…`, with keys from AWS_*."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    if set(options) - {"endpoint", "region"} or parts.username:
        raise ValueError("s3:// takes endpoint= and region= only; keys come from AWS_ACCESS_KEY_ID and so on")
    allow_http = options.get("endpoint", "").startswith("http://")
    bucket = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=cast("S3Config", options),
        client_options={"allow_http": allow_http, "connect_timeout": "5s"},
        # By default a request would wait three minutes before it fails.
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )
    return BucketStore(bucket, spool or _private_folder())


def _private_folder() -> Path:
    """Return a folder for uploads among the temporary files, the same for every process of this account."""
    folder = Path(tempfile.gettempdir()) / f"cop-files-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():  # another account made it first
        raise PermissionError(f"{folder} belongs to another account")
    return folder


@contextmanager
def _translated() -> Iterator[None]:
    """Raise the exceptions of a folder; obstore itself does so only for a missing file."""
    try:
        yield
    except BaseError as error:
        raise OSError(f"the bucket fails: {type(error).__name__}") from error


def _is_older(found: ObjectMeta, age: timedelta) -> bool:
    """Return whether the object was last stored at least `age` ago."""
    return age == AT_ONCE or found["last_modified"] <= clock.now() - age
