"""The documents of the demo, version by version."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from flask import current_app

from cop.base.files import LARGEST, Blob, Store
from cop.cli.demo import Document
from cop.cli.demo import Version as Brought
from cop.cli.seeding.stage import Event, Stage
from cop.documents import actions
from cop.documents.models import File, Folder
from cop.society.people import Person

STATUS = {"concept": "Status: concept.", "adopted": "Status: vastgesteld."}
REUSE = "Mag ook buiten deze praktijkgemeenschap worden gebruikt."


def keep(stage: Stage) -> dict[str, Blob]:
    """Store the file of every version before the transaction opens; return the blobs by file name."""
    store: Store = current_app.extensions["files"]
    kept = {}
    for version in (one for document in stage.demo.documents for one in document.versions):
        with version.path.open("rb") as stream:
            kept[version.path.name] = store.keep(store.spool(stream, LARGEST, version.name))
    return kept


def events(stage: Stage, kept: dict[str, Blob]) -> Iterator[Event]:
    """Yield every upload, in no order."""
    for document in stage.demo.documents:
        for brought in document.versions:
            yield Event(brought.at, 0, partial(_bring, stage, document, brought, kept[brought.path.name]))


def _bring(stage: Stage, document: Document, by: Brought, blob: Blob) -> None:
    """Upload a new document, or the next version of one."""
    person, known = stage.people[by.author], stage.files.get(document.key)
    if known:
        actions.replace(person, known, blob=blob, name=by.name, remark=by.remark)
        return
    file: File = actions.upload(
        person,
        stage.communities[document.community],
        blob=blob,
        name=by.name,
        remark=by.remark,
        folder=_folder(stage, person, document).id,
    )
    actions.describe(person, file, title=document.title, description=_described(document))
    stage.files[document.key] = file


def _folder(stage: Stage, person: Person, document: Document) -> Folder:
    """Return the folder of a document, made if it does not exist."""
    if document.folder not in stage.folders:
        name = next(one.name for one in stage.demo.folders if one.key == document.folder)
        community = stage.communities[document.community]
        stage.folders[document.folder] = actions.add_folder(person, community, name=name)
    return stage.folders[document.folder]


def _described(document: Document) -> str:
    parts = (document.description, document.alt, STATUS[document.status], REUSE if document.reuse else "")
    return " ".join(part for part in parts if part)
