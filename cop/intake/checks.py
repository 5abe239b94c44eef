"""The facts of calls in the checklists of the phases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

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
def recruiting(programmes: Sequence[Programme]) -> Iterator[tuple[Programme, Check]]:
    """A call was opened, and every application that was sent in has an announced outcome.

    What the viewer has a conflict of interest with does not count, as on every other page.
    """
    now = clock.now()
    published = (
        select(Call)
        .where(Call.programme_id.in_([one.id for one in programmes]), Call.published.is_not(None))
        .order_by(Call.id)
    )
    opened: defaultdict[int, list[Call]] = defaultdict(list)
    for call in db.session.scalars(published):
        if call.opens is not None and call.opens <= now:
            opened[call.programme_id].append(call)
    signed_in = getattr(current_user, "is_authenticated", False)
    counts = (
        select(Application.call_id, func.count(), func.count(Application.outcome))
        .where(
            Application.call_id.in_([call.id for calls in opened.values() for call in calls]),
            Application.state == "submitted",
            without_conflicts(current_user._get_current_object()) if signed_in else true(),
        )
        .group_by(Application.call_id)
    )
    waiting = {id: all_ - decided for id, all_, decided in db.session.execute(counts)} if opened else {}
    for programme in programmes:
        calls = [call for call in opened[programme.id] if call.id in waiting]
        yield programme, Check(_("Er is een oproep geopend"), bool(opened[programme.id]), f"{programme.url}/calls")
        if not calls:
            continue
        first = next((call for call in calls if waiting[call.id]), None)
        left = sum(waiting[call.id] for call in calls)
        yield (
            programme,
            Check(
                _("Elke ingediende aanvraag heeft een uitkomst"),
                not left,
                f"{first.url}/applications" if first else f"{programme.url}/calls",
                n_("%(n)s aanvraag wacht nog", "%(n)s aanvragen wachten nog", left) if left else "",
            ),
        )
