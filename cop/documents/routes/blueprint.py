"""The blueprint of documents, and the template globals about uploads."""

from __future__ import annotations

from itertools import groupby

from flask import Flask

from cop.base import files
from cop.base.web import Routes

routes = Routes("documents", __name__)
MOST = 20  # files in one form


def limits_by_size() -> list[tuple[int, list[str]]]:
    """Return the size limits as (MB, names of the file types), smallest first."""
    by_size = groupby(sorted(files.LIMITS, key=files.LIMITS.__getitem__), files.LIMITS.__getitem__)
    return [(size // 1_000_000, [files.title(kind) for kind in kinds]) for size, kinds in by_size]


def open_feature(app: Flask) -> None:
    """Give every template the upload limits: composers show them too."""
    for pages in app.extensions["pages"].values():
        pages.globals |= {"upload_limits": limits_by_size, "upload_most": MOST, "upload_largest": files.LARGEST}
