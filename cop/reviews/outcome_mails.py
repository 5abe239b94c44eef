"""The text of the mail that announces an outcome, as it is drafted for the team to read and edit."""

from __future__ import annotations

import re

from cop.base.words import _
from cop.intake.models import Decision

PLACEHOLDER = re.compile(r"\{\w+\}")


def drafted(decision: Decision) -> tuple[str, str]:
    """Return subject and text of the mail for an outcome; a field that is not known stays in braces."""
    application, call = decision.application, decision.call
    lead = application.lead
    given = {
        "name": (lead.name if lead else "") or "{naam}",
        "call": call.title,
        "programme": call.programme.name,
        "reference": application.reference,
        "contact": call.contact or "{contact}",
    }
    match decision.outcome:
        case "admit":
            subject = _("Uw aanvraag %(reference)s is toegelaten", **given)
            text = _(
                "Beste %(name)s,\n\nWij hebben goed nieuws. Uw aanvraag voor “%(call)s” is toegelaten tot %(programme)s."
                "\n\nU krijgt binnenkort een uitnodiging om in te loggen.\n\nVragen? Mail %(contact)s.",
                **given,
            )
        case "reserve":
            subject = _("Uw aanvraag %(reference)s staat op de reservelijst", **given)
            text = _(
                "Beste %(name)s,\n\nAlle plaatsen voor “%(call)s” zijn vergeven. Uw aanvraag staat op de reservelijst."
                "\n\nKomt er een plaats vrij, dan krijgt u daarover een mail.\n\nVragen? Mail %(contact)s.",
                **given,
            )
        case _other:
            subject = _("Uw aanvraag %(reference)s is niet toegelaten", **given)
            text = _(
                "Beste %(name)s,\n\nDank voor uw aanvraag voor “%(call)s”. Wij hebben haar zorgvuldig gelezen. Wij laten uw"
                " aanvraag deze keer niet toe.\n\nVragen? Mail %(contact)s.",
                **given,
            )
    return subject, text
