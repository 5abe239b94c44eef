"""The facts of calls in the checklists of the phases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from flask_login import current_user
from sqlalchemy import and_, exists, func, select, true

from cop.base import clock
from cop.base.db import db
from cop.base.words import _, n_
from cop.intake.finding import without_conflicts
from cop.intake.models import Application, Call, CallWindow
from cop.society.checklists import Check, checks
from cop.society.programmes import Programme


@checks("recruiting")
def recruiting(programmes: Sequence[Programme]) -> Iterator[tuple[Programme, Check]]:
    """A call was opened, and every application that was sent in has an announced outcome.

    What the viewer has a conflict of interest with does not count, as on every other page.
    """
    signed_in = getattr(current_user, "is_authenticated", False)
    counted = and_(
        Application.call_id == Call.id,
        Application.state == "submitted",
        without_conflicts(current_user._get_current_object()) if signed_in else true(),
    )
    opened: defaultdict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for programme_id, slug, sent, decided in db.session.execute(
        select(Call.programme_id, Call.slug, func.count(Application.id), func.count(Application.outcome))
        .outerjoin(Application, counted)
        .where(
            Call.programme_id.in_([one.id for one in programmes]),
            Call.published.is_not(None),
            exists().where(CallWindow.call_id == Call.id, CallWindow.opens <= clock.now()),
        )
        .group_by(Call.id)
        .order_by(Call.id)
    ):
        opened[programme_id].append((slug, sent, sent - decided))
    for programme in programmes:
        calls, url = opened[programme.id], f"{programme.url}/calls"
        yield programme, Check(_("Er is een oproep geopend"), bool(calls), url)
        if not any(sent for _slug, sent, _left in calls):
            continue
        left = sum(one for _slug, _sent, one in calls)
        first = next((slug for slug, _sent, one in calls if one), None)
        yield (
            programme,
            Check(
                _("Elke ingediende aanvraag heeft een uitkomst"),
                not left,
                f"/calls/{first}/applications" if first else url,
                n_("%(n)s aanvraag wacht nog", "%(n)s aanvragen wachten nog", left) if left else "",
            ),
        )
