"""The blueprint on which the doors of documents hang, and what every page knows of files."""

from __future__ import annotations

from itertools import groupby

from flask import Flask

from cop.base import files
from cop.base.web import Routes

routes = Routes("documents", __name__)
MOST = 20  # files in one form


def limits() -> list[tuple[int, list[str]]]:
    """How large a file of which kinds may be: (MB, their names), the smallest first."""
    by_size = groupby(sorted(files.LIMITS, key=files.LIMITS.__getitem__), files.LIMITS.__getitem__)
    return [(size // 1_000_000, [files.title(kind) for kind in kinds]) for size, kinds in by_size]


def open_feature(app: Flask) -> None:
    """Has every template know what may be uploaded: composers say it too."""
    for pages in app.extensions["pages"].values():
        pages.globals |= {"upload_limits": limits, "upload_most": MOST, "upload_largest": files.LARGEST}
