"""Removal of attachments that were never posted, and of stored bytes that no version refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.files import Store
from cop.base.questionnaires import Attachment
from cop.documents.models import FILE, THING, Version
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import Draft, Follow, Picture, ThingLink

OLD = timedelta(days=2)
BATCH = 400  # digests per query
_OF_A_FILE = (Follow.thing_id, ThingLink.to_id, Picture.thing_id, Version.file_id, FILE.c.id, THING.c.id)
_DIGESTS = (
    Version.sha256,
    Person.photo,
    Programme.logo,
    Picture.small,
    Picture.medium,
    Picture.large,
    Attachment.sha256,
)
_more_digests: list[Any] = []


def keeps_blobs(*columns: Any) -> None:
    """Let a feature name columns with digests of stored files that are in use."""
    _more_digests.extend(columns)


@dataclass(frozen=True)
class Orphans:
    """The result of a search for unused uploads: ids of attachments, digests of blobs, and their size in bytes."""

    drafts: tuple[int, ...]
    blobs: tuple[str, ...]
    size: int

    def __bool__(self) -> bool:
        return bool(self.drafts or self.blobs)


def orphans() -> Orphans:
    """Return the uploads older than two days that nothing refers to."""
    store: Store = current_app.extensions["files"]
    blobs = tuple(_unused_blobs(store))
    return Orphans(tuple(_unused_drafts()), blobs, sum(store.size(sha256) for sha256 in blobs))


@action("uploads.sweep")
def sweep(person: Person, thing: None = None) -> int:
    """Remove unused attachments; a listener then removes the blobs that nothing refers to."""
    removed = sum(_remove(id) for id in _unused_drafts())
    detail(files=removed)
    return removed


def remove_blobs() -> int:
    """Remove unused blobs and leftovers of aborted uploads, outside a transaction; return how many."""
    store: Store = current_app.extensions["files"]
    store.sweep(OLD)
    # A blob stored again meanwhile is younger than OLD, so `remove` leaves it.
    return sum(store.remove(sha256, OLD) for sha256 in list(_unused_blobs(store)))


def _unused_drafts() -> list[int]:
    """Return the ids of attachments older than two days that were not posted and are in no text draft."""
    old = db.session.execute(
        select(THING.c.id, THING.c.author_id)
        .join(FILE, FILE.c.id == THING.c.id)
        .where(THING.c.state == "draft", THING.c.made < clock.now() - OLD)
    ).all()
    writing = db.session.scalars(select(Draft.fields).where(Draft.person_id.in_({row.author_id for row in old})))
    in_use = {id for fields in writing for id in _files_in_draft(fields)}
    return [row.id for row in old if row.id not in in_use]


def _files_in_draft(fields: dict[str, str | list[str]]) -> Iterator[int]:
    """Yield the ids of the files that a text draft names, as attachments or in its text."""
    for name, value in fields.items():
        if name == "files":
            yield from (int(id) for id in value if str(id).isdecimal())
        elif isinstance(value, str):
            yield from map(int, re.findall(r"/files/(\d+)", value))


def _remove(id: int) -> bool:
    """Remove a draft with its rows and return True; False when something still refers to it."""
    connection = db.session.connection()
    try:
        with connection.begin_nested():
            for column in _OF_A_FILE:
                connection.execute(delete(column.table).where(column == id))
    except IntegrityError:
        return False
    return True


def _unused_blobs(store: Store) -> Iterator[str]:
    """Yield the digests of blobs older than two days that no version, portrait, copy of a picture or attachment uses."""
    for batch in _batches(store.each(OLD)):
        used = in_use(batch)
        yield from (sha256 for sha256 in batch if sha256 not in used)


def in_use(digests: list[str]) -> set[str]:
    """Return which of these digests a version, portrait, copy of a picture or attachment uses."""
    return {
        used
        for digest in (*_DIGESTS, *_more_digests)
        for used in db.session.scalars(select(digest).where(digest.in_(digests)))
    }


def _batches(digests: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(digests)
    while batch := list(islice(rest, BATCH)):
        yield batch
