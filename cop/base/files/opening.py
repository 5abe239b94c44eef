"""Opens the store of files at an address, of whichever kind it is."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from cop.base.files.local import LocalStore
from cop.base.files.store import Store

MISSING_EXTRA = "s3:// needs the extra 's3': pip install 'cop[s3]'"


def open_store(url: str, spool: Path | None = None) -> Store:
    """Return the store at `url`: `file:///folder`, or `s3://bucket/prefix?endpoint=…&region=…` with keys from AWS_*.

    Uploads for a bucket lie in the local folder `spool` first (default: a private folder for temporary files); for a
    folder they lie inside it, so that keeping a file is a rename. Raises ValueError for any other address.
    """
    scheme, _colon, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        return LocalStore(Path(unquote(rest)))
    if scheme == "s3" and urlsplit(url).hostname:
        try:
            from cop.base.files.bucket import open_bucket  # only with the extra
        except ModuleNotFoundError as error:
            if not str(error.name).startswith("obstore"):
                raise
            raise ModuleNotFoundError(MISSING_EXTRA, name=error.name) from error
        return open_bucket(url, spool)
    raise ValueError("a store of files is file:///folder or s3://bucket")
