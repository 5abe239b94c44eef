"""The local challenges and check-ins of the demo; that of the last month still waits for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.cli.demo import Partnership as Entry
from cop.cli.seeding.stage import Event, Stage
from cop.partnerships import actions
from cop.partnerships.models import CheckIn
from cop.society.programmes import Partnership

MONTHS = 3  # the last is open
SILENT = "noorderbrug"
STANDING = (
    "Het overleg van deze maand is geweest. Iedereen kent nu de afspraken, en de eerste sleutels zijn overhandigd.",
    "We liggen op schema. De wethouder en de bestuurder hebben samen met de teams gesproken.",
)
EVIDENCE = (
    "Drie mensen wonen nu zelfstandig en hebben een vaste contactpersoon.",
    "De wachttijd is voor het eerst korter.",
)


def events(stage: Stage) -> Iterator[Event]:
    """Yield the challenges and check-ins, in no order; opened as rows, because the verb would mail everybody."""
    first = clock.local(stage.demo.now).replace(day=1, hour=7, minute=5)
    begun = min(post.at for thread in stage.demo.threads for post in thread.posts)
    for number, entry in enumerate(stage.demo.partnerships):
        yield Event(begun + timedelta(minutes=number), 0, partial(_describe, stage, entry))
        opened = first
        for month in range(MONTHS):
            yield Event(opened, 0, partial(_open, entry, opened.date()))
            silent = entry.key == SILENT and month == 1
            if month and not silent:
                at = opened + timedelta(days=2 + number % 3, hours=3, minutes=number)
                yield Event(at, 1, partial(_answer, stage, entry, month))
            opened = (opened - timedelta(days=1)).replace(day=1)


def _partnership(entry: Entry) -> Partnership:
    return db.session.scalars(select(Partnership).where(Partnership.name == entry.name)).one()


def _describe(stage: Stage, entry: Entry) -> None:
    person = stage.people[entry.people[0]]
    actions.describe(
        person, _partnership(entry), goal=entry.challenge, obstacle=entry.bottleneck, next_step=entry.next_step
    )


def _open(entry: Entry, month: date) -> None:
    """Open a month; one of before that nobody answered was missed."""
    partnership = _partnership(entry)
    for earlier in db.session.scalars(
        select(CheckIn).where(CheckIn.partnership_id == partnership.id, CheckIn.state == "open")
    ):
        earlier.state = "missed"
    db.session.add(CheckIn(partnership_id=partnership.id, month=month))
    db.session.flush()


def _answer(stage: Stage, entry: Entry, month: int) -> None:
    actions.check_in(
        stage.people[entry.people[-1]],
        _partnership(entry),
        standing=STANDING[month % 2],
        obstacle=entry.bottleneck if month == 1 else "",
        help_wanted="Wie heeft hier een goede oplossing voor gevonden?" if month == 1 else "",
        evidence=EVIDENCE[month % 2],
    )
