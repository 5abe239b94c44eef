"""What needs an act in the programmes of a person: each kind of signal is found by one statement for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.base.working_days import working_days_before
from cop.bulletins.models import newest_draft
from cop.coach.models import DeskSettings, SetAside, Written, default_settings, set_aside, written
from cop.coach.signals.calls import deciding
from cop.coach.signals.partnerships import missed, silent
from cop.coach.signals.people import bounced, ending, invited
from cop.coach.signals.questions import unanswered_and_late
from cop.coach.signals.signal import KINDS, Led, Signal, WaitingDraft, local_day
from cop.society.checklists import checklists
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import Thing

__all__ = ["KINDS", "Desk", "DeskRow", "Signal", "desks", "led_programmes"]

PATIENCE = 10  # working days in which somebody who was written to may react


@dataclass(frozen=True)
class DeskRow:
    """A signal with what coaches did about it; `aside_by` set it aside."""

    signal: Signal
    written: Written | None
    aside: SetAside | None
    aside_by: str


@dataclass(frozen=True)
class Desk:
    """The signals of a programme, the most urgent first: to act on, written about, and set aside."""

    programme: Programme
    act: list[DeskRow]
    waiting: list[DeskRow]
    aside: list[DeskRow]


def led_programmes(person: Person) -> list[Led]:
    """Return the programmes that a person leads, without those in the archive, by name."""
    rows = db.session.execute(
        select(Programme, DeskSettings, Thing.id, Thing.title, Thing.made)
        .outerjoin(DeskSettings, DeskSettings.programme_id == Programme.id)
        .outerjoin(Thing, Thing.id == newest_draft(Programme.id))
        .where(Programme.id.in_(access.rights(person).led), Programme.phase != "archive")
        .options(joinedload(Programme.communities), joinedload(Programme.phases))
        .order_by(Programme.name, Programme.id)
    )
    return [
        Led(programme, settings or default_settings(programme.id), WaitingDraft(draft, title, made) if draft else None)
        for programme, settings, draft, title, made in rows.unique()
    ]


def desks(person: Person) -> list[Desk]:
    """Return the desk of each programme that a person leads."""
    led = led_programmes(person)
    if not led:
        return []
    free = {one.programme.id: one.settings.free for one in led}
    aside, mailed = set_aside(free), written(free)
    patient = {id: working_days_before(clock.today(), PATIENCE, days) for id, days in free.items()}
    found: dict[int, Desk] = {one.programme.id: Desk(one.programme, [], [], []) for one in led}
    for signal in sorted(_signals(led, person), key=lambda one: one.urgency):
        key = (signal.programme_id, signal.kind, signal.subject_id)
        put, by = aside.get(key, (None, ""))
        away = put is not None and _is_aside(put, signal)
        row = DeskRow(signal, mailed.get(key), put if away else None, by if away else "")
        desk = found[signal.programme_id]
        reacts = row.written and local_day(row.written.at) > patient[signal.programme_id]
        (desk.aside if away else desk.waiting if reacts else desk.act).append(row)
    return list(found.values())


def _is_aside(put: SetAside, signal: Signal) -> bool:
    """Return whether a signal is still set aside: until a day, or until it has a later date."""
    return put.until > clock.today() if put.until else signal.since <= put.since


def _signals(led: Sequence[Led], person: Person) -> Iterator[Signal]:
    yield from bounced(led)
    yield from deciding(led, person)
    yield from unanswered_and_late(led)
    yield from invited(led)
    yield from missed(led)
    yield from silent(led)
    yield from ending(led)
    yield from _bulletins(led)
    yield from _open_checks(led)


def _bulletins(led: Sequence[Led]) -> Iterator[Signal]:
    """Yield the draft of a bulletin that waits in a programme, the newest."""
    for one in led:
        if draft := one.bulletin:
            url = f"/bulletins/{draft.id}"
            yield Signal(one.programme.id, "bulletin", draft.id, local_day(draft.made), draft.title, url)


def _open_checks(led: Sequence[Led]) -> Iterator[Signal]:
    """Yield the programmes whose checklist of the phase is not done, with what is open."""
    for programme, checks in checklists([one.programme for one in led]):
        still = [check.words for check in checks if not check.done]
        if still:
            yield Signal(
                programme.id,
                "checklist",
                programme.id,
                programme.phase_since or clock.today(),
                programme.phase,
                f"{programme.url}#checklist",
                number=len(still),
                details=tuple(still),
            )
