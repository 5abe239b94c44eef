"""Verbs and queries of the phases of a programme: entering one, by hand or on its date."""

from __future__ import annotations

from datetime import date

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict
from cop.base.words import _
from cop.society.events import PhaseEntered
from cop.society.people import Person
from cop.society.programmes import PHASES, Phase, Programme


@action("programmes.enter_phase", event=PhaseEntered)
def enter_phase(
    person: Person, programme: Programme, *, phase: str, current: str | None = None, mail: bool = False
) -> Programme:
    """Start a phase of a programme. In the archive nothing can be added; an administrator takes a programme out of it.

    current: the phase that the person saw; raise Conflict when it is another by now, or when the phase runs already.
    mail: tell those who take part by mail as well.
    """
    advisory_lock(f"phase:{programme.id}")
    db.session.refresh(programme)
    before = programme.phase
    if programme.archived:
        access.judge(
            person, "programmes.reopen", programme, _("Alleen een beheerder haalt een programma uit het archief.")
        )
    if current not in (None, before) or phase == before:
        raise Conflict(_("Het programma staat al in een andere fase. Bekijk eerst welke."))
    programme.phase, programme.phase_since = phase, clock.today()
    db.session.flush()
    access.drop_cached_rights(person)
    detail(before=before, phase=phase, mailed=int(mail))
    return programme


def due_phase(programme: Programme, today: date) -> Phase | None:
    """Return the phase that starts by its date: after the current one, and not before that was entered."""
    since, later = programme.phase_since, PHASES[PHASES.index(programme.phase) + 1 :]
    due = [p for p in programme.phases if p.kind in later and p.starts <= today and (since is None or p.starts > since)]
    return max(due, key=lambda one: (one.starts, PHASES.index(one.kind)), default=None)
