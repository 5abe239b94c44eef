"""Listeners of this feature: entering ends the possibility to undo an acceptance, and undoing removes what it made."""

from __future__ import annotations

from sqlalchemy import select, update

from cop.applications.actions.accepting import remove_made
from cop.base import clock
from cop.base.db import db
from cop.base.events import Event, on
from cop.intake.models import AcceptedApplication, Contact
from cop.society.events import ApplicationUndone


@on("people.enter", "people.sign_in")
def entered(event: Event) -> None:
    """Note on the acceptance that one of its people entered: from then on it cannot be undone."""
    mail = event.thing.mail.lower()
    of = select(Contact.application_id).where(Contact.mail == mail, Contact.removed.is_(None))
    db.session.execute(
        update(AcceptedApplication)
        .where(
            AcceptedApplication.application_id.in_(of),
            AcceptedApplication.entered.is_(None),
            AcceptedApplication.undone.is_(None),
        )
        .values(entered=clock.now())
        .execution_options(synchronize_session=False)
    )


@on("applications.undo")
def undone(event: ApplicationUndone) -> None:
    """Delete the partnership and the organisations that the acceptance made, after its people left them."""
    remove_made(event.result)
