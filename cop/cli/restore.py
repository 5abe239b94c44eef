"""`cop restore`: restores a backup into an empty platform, and checks that it is complete."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import click
from flask import Flask
from pydantic import ValidationError

from cop import create_app
from cop.base import files
from cop.base.db import db
from cop.cli import dump, holdings, manifest, manual, migrate
from cop.cli.check import examine
from cop.cli.dump import Failed
from cop.cli.manifest import Manifest

Part = tuple[tarfile.TarInfo, BinaryIO]


@click.command(
    cls=manual.Command,
    arguments={"FILE": "An archive made by `cop backup`."},
    examples=[
        ("Rehearse it in a new folder:", "COP_DATA=/tmp/rehearsal cop restore /var/backups/cop-2027-01-31.tar.gz")
    ],
    exits={1: "Nothing was restored, or what was restored is not in order; the reason is on standard error."},
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Restore an archive into an empty platform.

    The database must have no tables and the file store no files. An archive of an older version is migrated. At the end
    it checks everything, as `cop check` does. Of PostgreSQL it needs `pg_restore` on the PATH.
    """
    app = create_app()
    try:
        foreign = read(app, file)
    except (Failed, tarfile.TarError, EOFError, OSError) as failure:
        raise click.ClickException(f"nothing was restored: {failure}") from None
    faults = [f"{subject}: {fault}" for subject, found in examine(app) for fault in found]
    faults += [f"files: {sha256} was left out, as the database does not name it" for sha256 in foreign]
    if faults:
        raise click.ClickException("restored, but not in order:\n" + "\n".join(faults))
    click.echo("Restored; everything is in order.")


def read(app: Flask, file: Path) -> list[str]:
    """Restore the files first and the database last, so that a failure leaves the platform empty.

    Return the hashes of the files that were left out, because the database does not name them.
    """
    with app.app_context():
        _must_be_empty(app.extensions["files"])
        with TemporaryDirectory(dir=app.config["COP"].data, prefix=".restore-") as folder:
            database = Path(folder) / "database"
            came: list[str] = []
            try:
                with tarfile.open(file, "r:gz") as archive:
                    contents = _unpack(app, _parts(archive), database, came)
                dump.put_back(database)
            except BaseException:
                for sha256 in came:
                    app.extensions["files"].remove(sha256)
                app.config["COP"].demo_clock.unlink(missing_ok=True)
                raise
        _compare(contents)
    migrate.upgrade(app)
    return _leave_out_foreign(app, came)


def _leave_out_foreign(app: Flask, came: list[str]) -> list[str]:
    """Remove the files that the restored database does not name, and return their hashes."""
    with app.app_context(), db.engine.connect() as connection:
        named = {blob.sha256 for blob in holdings.blobs(connection)}
        foreign = sorted(set(came) - named)
        for sha256 in foreign:
            app.extensions["files"].remove(sha256)
    return foreign


def _must_be_empty(store: files.Store) -> None:
    if not dump.is_empty():
        raise Failed("the database already has tables; give an empty COP_DATA or COP_DATABASE_URL")
    if next(store.each(), None) is not None:
        raise Failed("there are files already; give an empty COP_DATA or COP_FILES_URL")


def _parts(archive: tarfile.TarFile) -> Iterator[Part]:
    """Yield the parts of the archive in order; raise Failed for anything but a plain file."""
    for part in archive:
        stream = archive.extractfile(part) if part.isreg() else None
        if stream is None:
            raise Failed(f"it holds {part.name}, a link or folder, which no backup has")
        yield part, stream  # type: ignore[misc]


def _unpack(app: Flask, parts: Iterator[Part], database: Path, came: list[str]) -> Manifest:
    """Unpack the archive and return its manifest; `came` lists the files restored so far, also after a failure."""
    contents = _manifest(*next(parts))
    for part, stream in parts:
        if part.name == manifest.DATABASE:
            with database.open("wb") as out:
                shutil.copyfileobj(stream, out)
        elif part.name == manifest.CLOCK:
            if app.config["COP"].demo:  # elsewhere the time is that of the machine
                app.config["COP"].demo_clock.write_bytes(stream.read())
        elif part.name.startswith(manifest.FILES):
            came.append(_keep(app.extensions["files"], part, stream))
        else:
            raise Failed(f"it holds {part.name}, which no backup has")
    if not database.exists() or manifest.sha256(database) != contents.database_sha256:
        raise Failed("the database in it is not the one that was packed")
    if len(came) != contents.files:
        raise Failed(f"it holds {len(came)} files instead of {contents.files}")
    return contents


def _manifest(part: tarfile.TarInfo, stream: BinaryIO) -> Manifest:
    try:
        contents = Manifest.model_validate_json(stream.read() if part.name == manifest.NAME else b"")
    except ValidationError:
        raise Failed("it is no backup of this product") from None
    if contents.kind != dump.kind():
        raise Failed(f"it holds a database of {contents.kind}, and COP_DATABASE_URL names one of {dump.kind()}")
    if contents.revision is not None and not migrate.known(contents.revision):
        raise Failed(f"it was made at revision {contents.revision}, which this version of the product does not know")
    return contents


def _keep(store: files.Store, part: tarfile.TarInfo, stream: BinaryIO) -> str:
    """Restore one file; raise Failed unless its bytes have the hash in its name."""
    spooled = store.spool(stream, part.size, media_type="application/octet-stream")
    if manifest.FILES + spooled.sha256 != part.name:
        store.discard(spooled)
        raise Failed(f"{part.name} was changed")
    return store.keep(spooled).sha256


def _compare(contents: Manifest) -> None:
    """Raise Failed unless every table has as many rows as the manifest says."""
    with db.engine.connect() as connection:
        now = holdings.counts(connection, contents.counts)
    if other := [table for table, count in contents.counts.items() if now[table] != count]:
        raise Failed(f"other numbers of rows than were packed in {', '.join(other)}")
