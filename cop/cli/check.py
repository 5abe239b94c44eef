"""`cop check`: checks settings, database, files, search index and journal, and reports in words."""

from __future__ import annotations

import json as jsons
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping

import click
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from cop import create_app
from cop.base import journal
from cop.base.db import db, integrity_errors
from cop.base.files import Blob, Store
from cop.cli import holdings, manifest, manual, migrate
from cop.config import VARIABLES
from cop.search.filling import count_missing


@click.command(
    cls=manual.Command,
    examples=[
        ("After a backup, in a nightly job:", "cop check || mail -s 'cop check' beheer@weerthuis.example"),
        ("Only the faults in the files, for a script:", "cop check --deep --json | jq .files"),
    ],
    exits={0: "Everything is in order.", 1: "Something is wrong; each fault is one line on standard output."},
)
@click.option("--deep", is_flag=True, help="Read every stored file and compare it with its hash; takes minutes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: subject to list of faults.")
def check(deep: bool, as_json: bool) -> None:
    """Check settings, database, files, search index and journal.

    Changes nothing. Prints a line for each subject that is in order and for each fault.
    """
    found = {subject: list(faults) for subject, faults in examine(create_app(), deep)}
    if as_json:
        click.echo(jsons.dumps(found, ensure_ascii=False))
    else:
        for subject, faults in found.items():
            click.echo("\n".join(f"{subject}: {fault}" for fault in faults) or f"{subject}: in order")
    sys.exit(any(found.values()))


def examine(app: Flask, deep: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Yield each subject with its faults; stop after a subject that cannot be read."""
    questions: dict[str, Callable[[], Iterator[str]]] = {
        "database": database,
        "files": lambda: files(deep),
        "index": index,
        "journal": chain,
    }
    yield "settings", list(settings(os.environ))
    with app.app_context():
        for subject, question in questions.items():
            try:
                faults = list(question())
            except (SQLAlchemyError, sqlite3.Error) as failure:
                yield subject, [f"cannot be read: {str(failure).splitlines()[0]}"]
                return
            yield subject, faults


def settings(env: Mapping[str, str]) -> Iterator[str]:
    """Yield variables that look like settings but are none; creating the app has checked the others."""
    for name in sorted(env):
        if name.startswith("COP_") and not name.startswith("COP_TEST_") and name not in VARIABLES.values():
            files_only = "; files are not scanned for viruses" if name == "COP_CLAMAV_URL" else ""
            yield f"{name} is no setting of this version, nothing reads it{files_only}"


def database() -> Iterator[str]:
    """Yield damage of the database, and a revision other than that of this code."""
    yield from integrity_errors(thorough=True)
    stands, wanted = migrate.revision(), migrate.head()
    if stands != wanted:
        yield f"stands at revision {stands}, this code wants {wanted}; run `cop migrate`"


def files(deep: bool = False) -> Iterator[str]:
    """Yield versions and portraits whose bytes are missing or have another size; `deep` also compares their hashes."""
    store: Store = current_app.extensions["files"]
    for blob in holdings.blobs(db.session.connection()):
        try:
            size = store.size(blob.sha256)
        except FileNotFoundError:
            yield f"{blob.sha256} is not there"
            continue
        if blob.size not in (size, holdings.UNMEASURED):
            yield f"{blob.sha256} has {size} bytes instead of {blob.size}"
        elif deep and _hash(store, blob) != blob.sha256:
            yield f"{blob.sha256} holds other bytes than were brought"


def _hash(store: Store, blob: Blob) -> str:
    with store.open(blob.sha256) as kept:
        return manifest.digest(kept)


def index() -> Iterator[str]:
    """Yield how many things and people the search index lacks."""
    if missing := count_missing():
        yield f"lacks {missing} things or people"


def chain() -> Iterator[str]:
    """Yield where the journal was changed or cut off."""
    broken = journal.first_broken_entry()
    if broken == 0:
        yield "entries at its end are gone"
    elif broken is not None:
        yield f"was changed at or before entry {broken}"
