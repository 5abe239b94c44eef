"""`cop import`: brings threads from a backup of Discourse or an archive of mails, and takes them back."""

from __future__ import annotations

import json as jsons
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy import func, select

from cop import create_app
from cop.base.db import db
from cop.cli import manual
from cop.cli.importing.discourse import Discourse
from cop.cli.importing.matching import Matching
from cop.cli.importing.mbox import Mbox
from cop.cli.importing.report import Report
from cop.cli.importing.sources import Source, Unreadable
from cop.cli.importing.undoing import undo
from cop.cli.importing.writing import Writer
from cop.society.programmes import Community, community_by_slug
from cop.things import ImportOrigin, ImportRun

Command = TypeVar("Command", bound=Callable[..., Any])
EXITS = {1: "The source cannot be read, or there is no such community; the reason is on standard error."}


@click.group(
    "import",
    cls=manual.Group,
    examples=[
        ("What would come:", "cop import discourse forum.tar.gz --community procesregie --dry-run"),
        ("Take the third import back:", "cop import undo 3"),
    ],
)
def import_() -> None:
    """Import threads from a Discourse backup or a mail archive.

    An import keeps dates, is written some posts at a time, and sends no mail and no notices. Run it again after it was
    interrupted, or with a newer archive: nothing comes twice. docs/import.md tells more.
    """


def _shared(command: Command) -> Command:
    """Add the options of every import."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON."),
        click.option("--names", is_flag=True, help="Name authors who are not here, in a line above what they wrote."),
        click.option("--dry-run", is_flag=True, help="Only report what would be imported; write nothing."),
        click.option(
            "--community", "slug", required=True, metavar="SLUG", help="Community, by the last part of its address."
        ),
    ):
        command = option(command)
    return command


@import_.command(
    arguments={"PATH": "Backup of Discourse: .tar.gz with uploads, or .sql.gz without."},
    examples=[
        ("Everything into one community:", "cop import discourse forum.tar.gz --community procesregie"),
        (
            "One category elsewhere, and one not at all:",
            "cop import discourse forum.tar.gz --community procesregie --category 'Wonen=woningvoorraad' --category 'Kantine='",
        ),
    ],
    exits=EXITS,
)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_shared
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="NAME=SLUG",
    help="Community for one category; without SLUG it is left out. Restricted ones come only if named.",
)
def discourse(path: Path, slug: str, dry_run: bool, names: bool, as_json: bool, categories: tuple[str, ...]) -> None:
    """Import the backup of a Discourse forum.

    The backup is the one that an administrator of the forum makes and downloads. Private messages, and what was deleted
    or hidden there, are never imported.
    """

    def read(folder: Path, matching: Matching) -> Discourse:
        chosen = dict(_category(one) for one in categories)
        for other in filter(None, chosen.values()):
            _community(other)
        return Discourse(path, folder=folder, community=slug, categories=chosen, matching=matching, names=names)

    _run(read, slug, dry_run=dry_run, names=names, as_json=as_json)


@import_.command(
    arguments={"PATH": "Archive of mails in the format mbox."},
    examples=[("The archive of a mailing list:", "cop import mbox lijst.mbox --community procesregie")],
    exits=EXITS,
)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_shared
def mbox(path: Path, slug: str, dry_run: bool, names: bool, as_json: bool) -> None:
    """Import an archive of mails.

    Answers become posts of one thread. What a mail quotes below, its signature and the footer of the list are cut.
    """
    _run(
        lambda folder, _matching: Mbox(path, folder=folder, community=slug),
        slug,
        dry_run=dry_run,
        names=names,
        as_json=as_json,
    )


@import_.command(
    "undo",
    arguments={"ID": "Number of the import, as its report and `cop import list` print it."},
    examples=[("Look first:", "cop import undo 3 --dry-run"), ("Take the third import back:", "cop import undo 3")],
    exits={1: "There is no such import."},
)
@click.argument("id", type=int)
@click.option("--dry-run", is_flag=True, help="Only report what would be withdrawn; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def undo_(id: int, dry_run: bool, as_json: bool) -> None:
    """Withdraw what an import brought.

    Threads stay where somebody replied here, edited a post or made something of one. Importing again shows the withdrawn
    threads again.
    """
    with create_app().app_context():
        if db.session.get(ImportRun, id) is None:
            raise click.ClickException(f"there is no import {id}")
        done = undo(id, dry_run=dry_run)
    if as_json:
        click.echo(jsons.dumps(done.as_json(), ensure_ascii=False))
        return
    click.echo(
        f"{'Nothing was written. ' if dry_run else ''}Withdrawn: {done.threads} threads, {done.posts} single posts."
    )
    if done.kept:
        click.echo(f"These {len(done.kept)} stay, because somebody replied, edited or made something of them:")
        for address in done.kept:
            click.echo(f"  {address}")


@import_.command("list", examples=[("All imports:", "cop import list")])
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(as_json: bool) -> None:
    """List the imports: number, source, moments, and how many things came."""
    with create_app().app_context():
        brought = select(func.count()).where(ImportOrigin.run_id == ImportRun.id, ImportOrigin.undone.is_(None))
        rows = [
            {
                "id": run.id,
                "system": run.system,
                "began": run.began.isoformat(timespec="seconds"),
                "ended": run.ended.isoformat(timespec="seconds") if run.ended else None,
                "undone": run.undone.isoformat(timespec="seconds") if run.undone else None,
                "things": things,
            }
            for run, things in db.session.execute(select(ImportRun, brought.scalar_subquery()).order_by(ImportRun.id))
        ]
    if as_json:
        click.echo(jsons.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "undone" if row["undone"] else "done" if row["ended"] else "interrupted: run it again"
        click.echo(f"{row['id']:>4}  {row['system']:<40} {row['began']}  {row['things']:>7} things  {state}")


def _run(read: Callable[[Path, Matching], Source], slug: str, *, dry_run: bool, names: bool, as_json: bool) -> None:
    """Read a source, write it and print the report."""
    app = create_app()
    with app.app_context(), _told():
        community = _community(slug)
        matching = Matching()
        report = Report("", dry_run)
        source = read(Path(app.config["COP"].data) / "tmp", matching)
        try:
            report.system = source.system
            report.left_out.extend(source.left_out)
            writer = Writer(source, report, matching, names=names, dry_run=dry_run)
            if isinstance(source, Discourse):
                source.take_files(writer.store, keep=not dry_run)
            writer.write(community)
        finally:
            source.close()
    report.end()
    click.echo(jsons.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(report.lines()))


@contextmanager
def _told() -> Iterator[None]:
    """Report a source that cannot be read in one line."""
    try:
        yield
    except Unreadable as wrong:
        raise click.ClickException(str(wrong)) from None


def _community(slug: str) -> Community:
    found = community_by_slug(slug)
    if found is None:
        raise click.ClickException(f"no community has the slug {slug}")
    if found.archived:
        raise click.ClickException(f"the programme of {slug} is in the archive; nothing can be added to it")
    return found


def _category(given: str) -> tuple[str, str]:
    name, equals, slug = given.rpartition("=")
    if not equals:
        raise click.BadParameter(f"“{given}” is not NAME=SLUG", param_hint="--category")
    return name.strip(), slug.strip()
