"""Jobs of breaches: what was removed is overwritten, in the store of files and in the database."""

from __future__ import annotations

from flask import current_app

from cop.base import jobs, scrubbing
from cop.base.files import Store
from cop.documents.actions.sweeping import in_use


@jobs.job("breaches.scrub")
def scrub(digests: list[str]) -> None:
    """Remove stored files that nothing refers to any more, and overwrite what was deleted in the database."""
    store: Store = current_app.extensions["files"]
    used = in_use(digests) if digests else set()
    for digest in digests:
        if digest not in used and store.has(digest):
            store.remove(digest)
    scrubbing.scrub()
