"""Certificates of attendance: one's own, and for the team those of everybody who was there."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, respond, respond_list
from cop.meetings.forms import days_out
from cop.meetings.models import Meeting, MeetingDay
from cop.meetings.routes.blueprint import around, find
from cop.pulse import forms
from cop.pulse.models import certified, days_at, over
from cop.pulse.routes.blueprint import routes
from cop.society.people import Person


@routes.get("/meetings/<int:id>/certificate")
@endpoint("pulse.certificate", gives=forms.CertificateOut)
def own(id: int) -> Response:
    """Show the viewer's certificate of attendance, to print."""
    return _certificate(find(id), viewer())


@routes.get("/meetings/<int:id>/certificates/<int:person>")
@endpoint("pulse.certificate_of", gives=forms.CertificateOut)
def of_person(id: int, person: int) -> Response:
    """Show somebody's certificate of attendance to the team, to print."""
    meeting = find(id)
    whose = db.session.get(Person, person)
    if whose is None or not access.rights(viewer()).plans(meeting.audience_id):
        raise NotFound
    return _certificate(meeting, whose)


def _certificate(meeting: Meeting, person: Person) -> Response:
    """Show the certificate of somebody who was there; raise NotFound for others."""
    days = days_at(meeting, person.id) if over(meeting) else []
    if not days:
        raise NotFound
    about = around(meeting)
    return respond(
        lambda: _described(meeting, person, days, about),
        page="pulse/certificate.html",
        person=person,
        own=person.id == viewer().id,
        attended=days,
        **about,
    )


def _described(meeting: Meeting, person: Person, days: list[MeetingDay], about: dict[str, Any]) -> forms.CertificateOut:
    """Return a certificate for the API."""
    return forms.CertificateOut(
        name=person.name,
        organisation=person.organisation.name if person.organisation else "",
        meeting=meeting.title,
        programme=about["programme"].name,
        audience=about["audience"].name,
        host=meeting.host,
        venue=meeting.venue,
        days=days_out(days),
    )


@routes.get("/meetings/<int:id>/certificates")
@endpoint("pulse.certificates", gives=forms.CertifiedOut, many=True)
def listed(id: int) -> Response:
    """List who was there, with their certificates, for the team."""
    meeting = find(id)
    if not access.rights(viewer()).plans(meeting.audience_id) or not over(meeting):
        raise NotFound
    rows = [
        forms.CertifiedOut(
            person=row.id, name=row.name, organisation=row.organisation, url=f"{meeting.url}/certificates/{row.id}"
        )
        for row in certified(meeting.id)
    ]
    return respond_list(Slice(rows), page="pulse/certificates.html", **around(meeting))
