"""The facts of calls in the checklists of the phases."""

from __future__ import annotations

from collections.abc import Iterator

from flask_login import current_user
from sqlalchemy import func, select, true

from cop.base import clock
from cop.base.db import db
from cop.base.words import _, n_
from cop.intake.finding import without_conflicts
from cop.intake.models import Application, Call
from cop.society.checklists import Check, checks
from cop.society.programmes import Programme


@checks("recruiting")
def recruiting(programme: Programme) -> Iterator[Check]:
    """A call was opened, and every application that was sent in has an announced outcome.

    What the viewer has a conflict of interest with does not count, as on every other page.
    """
    now = clock.now()
    published = select(Call).where(Call.programme_id == programme.id, Call.published.is_not(None)).order_by(Call.id)
    opened = [call for call in db.session.scalars(published) if call.opens is not None and call.opens <= now]
    yield Check(_("Er is een oproep geopend"), bool(opened), f"{programme.url}/calls")
    signed_in = getattr(current_user, "is_authenticated", False)
    counts = (
        select(Application.call_id, func.count(), func.count(Application.outcome))
        .where(
            Application.call_id.in_([call.id for call in opened]),
            Application.state == "submitted",
            without_conflicts(current_user._get_current_object()) if signed_in else true(),
        )
        .group_by(Application.call_id)
    )
    waiting = {id: all_ - decided for id, all_, decided in db.session.execute(counts)}
    if not waiting:
        return
    first = next((call for call in opened if waiting.get(call.id)), None)
    left = sum(waiting.values())
    yield Check(
        _("Elke ingediende aanvraag heeft een uitkomst"),
        not left,
        f"{first.url}/applications" if first else f"{programme.url}/calls",
        n_("%(n)s aanvraag wacht nog", "%(n)s aanvragen wachten nog", left) if left else "",
    )
