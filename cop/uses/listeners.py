"""What follows from other verbs: something removed as a data breach, and a partnership that goes."""

from __future__ import annotations

from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.base.events import Event, on
from cop.documents.models import File
from cop.society.audience import Audience
from cop.things.removal import before_removal
from cop.threads.models import Thread
from cop.uses import telling
from cop.uses.models import ThingUse

assert telling  # imported for its jobs


@on("breaches.report")
def removed_as_breach(event: Event) -> None:
    """Withdraw the uses of what was removed as a data breach, with what people wrote about it.

    What a moderator hid, an author retracted or somebody put in the trash keeps its uses: nobody sees or counts them until
    it is back. Of a thread only the title is removed, of a document perhaps only a version.
    """
    thing = event.thing
    if isinstance(thing, Thread):
        return
    if isinstance(thing, File) and event.result.removed.get("versions", 0) < thing.number:
        return
    for use in db.session.scalars(select(ThingUse).where(ThingUse.thing_id == thing.id)).all():
        use.purpose = use.changed = use.remark = ""
        use.withdrawn = use.withdrawn or clock.now()


@before_removal
def forget_partnership(audience_id: int) -> None:
    """Let the uses for a partnership that is removed stand without it; who has one without it already keeps one."""
    partnership = select(Audience.partnership_id).where(Audience.id == audience_id).scalar_subquery()
    for use in db.session.scalars(select(ThingUse).where(ThingUse.partnership_id == partnership).order_by(ThingUse.id)):
        alone = select(ThingUse.id).where(
            ThingUse.person_id == use.person_id,
            ThingUse.thing_id == use.thing_id,
            ThingUse.kind == "used",
            ThingUse.partnership_id.is_(None),
            ThingUse.withdrawn.is_(None),
        )
        if use.withdrawn is None and db.session.scalar(alone.limit(1)) is not None:
            use.withdrawn = clock.now()
        use.partnership_id = None
        db.session.flush()
