"""The page of the questions after a meeting, and what its team does with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Response

from cop import access
from cop.access import viewer
from cop.base import clock
from cop.base.errors import NotFound
from cop.base.web import endpoint, flash, respond
from cop.base.words import _, n_
from cop.meetings.models import Meeting
from cop.meetings.routes.blueprint import around, find
from cop.pulse import actions, forms
from cop.pulse.models import LATEST, Pulse, answer_of, due_of, over, pulse_of, results_of, totals_of, was_there
from cop.pulse.routes.blueprint import routes


def find_asked(id: int) -> tuple[Meeting, Pulse]:
    """Return a meeting that is over, with its questions; raise NotFound for others, and for most until these are sent."""
    meeting = find(id)
    pulse = pulse_of(meeting.id) or Pulse(meeting_id=meeting.id, off=False, asked=0, sealed=False)
    if not over(meeting) or (pulse.sent is None and not access.rights(viewer()).plans(meeting.audience_id)):
        raise NotFound
    return meeting, pulse


def state_of(pulse: Pulse) -> Literal["waiting", "off", "open", "closed"]:
    """Return how it stands with the questions."""
    if pulse.sent is None:
        return "off" if pulse.off else "waiting"
    return "open" if pulse.answerable else "closed"


def sends(meeting: Meeting, pulse: Pulse) -> datetime | None:
    """Return when the questions are sent by themselves, None where they are not, or not any more."""
    due = due_of(meeting)
    unsent = pulse.sent is None and not pulse.off and not access.rights(viewer()).archived(meeting)
    return due if unsent and clock.now() < meeting.ends + LATEST else None


@routes.get("/meetings/<int:id>/pulse")
@endpoint("pulse.show", gives=forms.PulseOut)
def show(id: int) -> Response:
    """Show the questions after a meeting: to answer, and what was answered as far as the viewer may know."""
    meeting, pulse = find_asked(id)
    return respond(lambda: described(meeting, pulse), page="pulse/show.html", context=lambda: _shown(meeting, pulse))


def _shown(meeting: Meeting, pulse: Pulse) -> dict[str, Any]:
    """Return what the page of the questions shows."""
    person = viewer()
    leads = access.rights(person).plans(meeting.audience_id)
    return {
        **around(meeting),
        "pulse": pulse,
        "state": state_of(pulse),
        "answer": answer_of(meeting.id, person.id) if pulse.answerable else None,
        "may_answer": may_answer(meeting, pulse),
        "totals": totals_of(pulse),
        "leads": leads,
        "may": {verb: access.may(person, f"pulse.{verb}", meeting) for verb in ("ask", "skip", "resume", "withdraw")},
        "sends": sends(meeting, pulse) if leads else None,
        "results": results_of(meeting.id) if leads and pulse.sent else None,
    }


def may_answer(meeting: Meeting, pulse: Pulse) -> bool:
    """Return whether the viewer can answer the questions now."""
    return pulse.answerable and access.may(viewer(), "pulse.answer", meeting) and was_there(viewer(), meeting)


def described(meeting: Meeting, pulse: Pulse) -> forms.PulseOut:
    """Return the questions after a meeting for the API as the viewer sees them."""
    person = viewer()
    own = answer_of(meeting.id, person.id) if pulse.answerable else None
    leads = access.rights(person).plans(meeting.audience_id)
    more: dict[str, Any] = {}
    if leads:
        results = forms.ResultsOut(**results_of(meeting.id)._asdict()) if pulse.sent else None
        more = {"sends": sends(meeting, pulse), "sent": pulse.sent, "asked": pulse.asked, "results": results}
    return forms.PulseOut(
        meeting=meeting.url,
        state=state_of(pulse),
        closes=pulse.closes,
        may_answer=may_answer(meeting, pulse),
        answer=forms.AnswerOut.model_validate(own, from_attributes=True) if own else None,
        totals=totals_of(pulse),
        **more,
    )


@routes.post("/meetings/<int:id>/pulse/sending")
@endpoint("pulse.ask", gives=forms.PulseOut, form=show)
def ask(id: int) -> Response:
    """Send the questions now to everybody who was there."""
    meeting = find(id)
    pulse = actions.ask(viewer(), meeting)
    flash(n_("De vragen gaan naar %(n)s persoon.", "De vragen gaan naar %(n)s mensen.", pulse.asked))
    return _done(meeting, pulse)


@routes.put("/meetings/<int:id>/pulse/skipping")
@endpoint("pulse.skip", gives=forms.PulseOut, form=show)
def skip(id: int) -> Response:
    """Do not send the questions by themselves."""
    meeting = find(id)
    pulse = actions.skip(viewer(), meeting)
    flash(_("De vragen worden na deze bijeenkomst niet verstuurd."))
    return _done(meeting, pulse)


@routes.delete("/meetings/<int:id>/pulse/skipping")
@endpoint("pulse.resume", gives=forms.PulseOut, form=show)
def resume(id: int) -> Response:
    """Send the questions by themselves after all."""
    meeting = find(id)
    pulse = actions.resume(viewer(), meeting)
    flash(_("De vragen staan weer aan."))
    return _done(meeting, pulse)


def _done(meeting: Meeting, pulse: Pulse) -> Response:
    return respond(lambda: described(meeting, pulse), to=f"{meeting.url}/pulse")
