"""`cop backup`: writes database and files to one archive, while the platform is in use."""

from __future__ import annotations

import io
import os
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import click
from flask import Flask

from cop import create_app
from cop.base import clock, journal
from cop.base.action import transaction
from cop.base.files import Blob, Store
from cop.cli import dump, holdings, manifest, manual, migrate
from cop.cli.manifest import Manifest

PACKED = 4  # of gzip's nine levels: most files are compressed already


@click.command(
    cls=manual.Command,
    arguments={"FILE": "Where to write the archive (.tar.gz); replaced when it exists."},
    examples=[
        ("Every night, into a folder that is copied elsewhere:", "cop backup /var/backups/cop-$(date +%F).tar.gz")
    ],
    environment=["COP_MODE", "COP_DATA", "COP_DATABASE_URL", "COP_FILES_URL", "COP_SECRET_KEY", "COP_BASE_URL"],
    exits={
        1: "No backup was made, or files that the database names were lost before; the reason is on standard error."
    },
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database and files to one archive.

    People go on working meanwhile; everything that was acknowledged before the start is in the archive. Of PostgreSQL
    it needs `pg_dump` on the PATH, of the server's version. The archive holds everything that is confidential, and only
    its owner can read it (mode 0600).
    """
    try:
        made = write(create_app(), file.resolve())
    except dump.Failed as failure:
        raise click.ClickException(str(failure)) from None
    click.echo(f"{file}: {sum(made.counts.values())} rows, {made.files} files, {made.bytes} bytes of files")
    if made.missing:
        click.echo(f"lost before and so not in it, see `cop check`: {', '.join(made.missing)}", err=True)
        sys.exit(1)


def write(app: Flask, to: Path) -> Manifest:
    """Write the archive beside `to`, move it there once it is complete, and return its manifest."""
    with app.app_context(), TemporaryDirectory(dir=to.parent, prefix=".cop-backup-") as folder:
        database, part = Path(folder) / "database", Path(folder) / "archive"
        with dump.copy(database) as connection:
            kept, missing = _kept(app.extensions["files"], holdings.blobs(connection))
            contents = Manifest(
                product=manifest.product(),
                made=clock.rfc3339(clock.now()),
                kind=dump.kind(),
                revision=migrate.revision(connection),
                counts=holdings.counts(connection),
                database_sha256=manifest.sha256(database),
                files=len(kept),
                bytes=sum(blob.size for blob in kept),
                missing=missing,
            )
        with part.open("wb") as out:
            os.fchmod(out.fileno(), 0o600)  # it holds everything that is confidential
            _pack(app, out, contents, database, kept)
            os.fsync(out.fileno())
        os.replace(part, to)
        with transaction():
            journal.write("backed_up", None, None, {"files": contents.files, "bytes": contents.bytes})
    return contents


def _kept(store: Store, blobs: Iterable[Blob]) -> tuple[list[Blob], list[str]]:
    """Return the blobs that are in the store, with their size, and the hashes of those that are missing."""
    kept, missing = [], []
    for blob in blobs:
        try:
            kept.append(Blob(blob.sha256, store.size(blob.sha256), blob.media_type))
        except FileNotFoundError:
            missing.append(blob.sha256)
    return kept, missing


def _pack(app: Flask, out: BinaryIO, contents: Manifest, database: Path, kept: Iterable[Blob]) -> None:
    demo_clock: Path = app.config["COP"].demo_clock
    store: Store = app.extensions["files"]
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=PACKED) as archive:
        first = contents.model_dump_json(indent=1).encode()
        _add(archive, manifest.NAME, len(first), io.BytesIO(first))
        for name, file in ((manifest.DATABASE, database), (manifest.CLOCK, demo_clock)):
            if file.exists():
                with file.open("rb") as stream:
                    _add(archive, name, file.stat().st_size, stream)
        for blob in kept:
            with store.open(blob.sha256) as stream:
                _add(archive, manifest.FILES + blob.sha256, blob.size, stream)


def _add(archive: tarfile.TarFile, name: str, size: int, stream: BinaryIO) -> None:
    part = tarfile.TarInfo(name)
    part.size, part.mtime, part.mode = size, int(clock.now().timestamp()), 0o600
    archive.addfile(part, stream)
