"""Verbs of the monthly check-in: it opens, is answered or skipped, and closes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict
from cop.base.words import _
from cop.partnerships.models import CheckIn, CheckInLink, current_check_in
from cop.society.people import Person
from cop.society.programmes import Partnership


@action("partnerships.check_in")
def check_in(
    person: Person,
    partnership: Partnership,
    *,
    standing: str,
    obstacle: str = "",
    help_wanted: str = "",
    evidence: str = "",
    private: bool = False,
    base_version: int | None = None,
) -> CheckIn:
    """Answer the check-in of this month, or change the answer: where the partnership stands and the help it wants.

    private: only the partnership and the programme team read it. Raise Conflict when there is none to answer, or when
    somebody answered after `base_version`.
    """
    now = _current(partnership, base_version)
    now.state, now.reason = "answered", ""
    now.standing, now.obstacle, now.help_wanted, now.evidence = standing, obstacle, help_wanted, evidence
    now.private = private
    return _answered(person, now)


@action("partnerships.skip")
def skip(person: Person, partnership: Partnership, *, reason: str, base_version: int | None = None) -> CheckIn:
    """Skip the check-in of this month and say why; it can still be answered.

    Raise Conflict as for an answer, and when it was answered already.
    """
    now = _current(partnership, base_version)
    if now.state == "answered":
        raise Conflict(_("Deze maand is al beantwoord. U kunt het antwoord wijzigen."), version=now.version)
    now.state, now.reason = "skipped", reason
    return _answered(person, now)


def _current(partnership: Partnership, base_version: int | None) -> CheckIn:
    """Return the check-in that can be answered, locked until the commit; raise Conflict if it is not the one expected."""
    advisory_lock(f"check-in:{partnership.id}")
    now = current_check_in(partnership.id)
    if now is None:
        raise Conflict(_("Er is nu geen maand om te beantwoorden. Uw tekst is niet opgeslagen; u kunt hem kopiëren."))
    db.session.refresh(now)  # a link has read it before the lock
    if base_version is not None and base_version != now.version:
        raise Conflict(
            _("Een collega heeft deze maand intussen ingevuld. Uw tekst staat er nog; kijk wat er nu staat."),
            version=now.version,
        )
    return now


def _answered(person: Person, now: CheckIn) -> CheckIn:
    now.version += 1
    now.answered_by_id, now.answered = person.id, clock.now()
    now.answered_by = person
    detail(month=now.month.isoformat(), state=now.state)
    db.session.flush()
    return now


@action("partnerships.open_month")
def open_month(person: Person, partnership: Partnership, *, month: date) -> CheckIn:
    """Open the check-in of a month; that of an earlier month can no longer be changed, and its links end."""
    advisory_lock(f"check-in:{partnership.id}")
    known = db.session.scalar(select(CheckIn).where(CheckIn.partnership_id == partnership.id, CheckIn.month == month))
    if known is not None:
        return known
    earlier = select(CheckIn.id).where(CheckIn.partnership_id == partnership.id)
    db.session.execute(delete(CheckInLink).where(CheckInLink.check_in_id.in_(earlier)))
    opened = CheckIn(partnership_id=partnership.id, month=month)
    db.session.add(opened)
    db.session.flush()
    detail(month=month.isoformat())
    return opened


@action("partnerships.close_month")
def close_month(person: Person, partnership: Partnership, *, check_in: CheckIn) -> CheckIn:
    """Close a check-in of an earlier month that nobody answered."""
    if check_in.state == "open":
        check_in.state = "missed"
    detail(month=check_in.month.isoformat())
    return check_in
