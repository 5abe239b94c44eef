"""The calls of the small world: one that is open, one that is closed and one in preparation, with applications."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from cop.access import SYSTEM
from cop.applications import actions as applications
from cop.base import clock
from cop.base.db import db
from cop.base.files import Blob
from cop.base.questionnaires import Attachment, Definition
from cop.intake import actions as calls
from cop.intake.mailing import new_key
from cop.intake.models import Application, Call, Decision, Review
from cop.reviews import actions as reviews
from cop.society.people import Person
from cop.society.programmes import Programme

FORM = {
    "sections": [
        {
            "key": "s1",
            "title": "Wie doen mee",
            "blocks": [
                {"key": "b1", "kind": "organisations", "label": "Organisaties", "required": True},
                {"key": "b2", "kind": "file", "label": "Plan"},
            ],
        }
    ],
    "criteria": [{"key": "c1", "text": "Haalbaar"}],
}


def build(w: SimpleNamespace, fons: Person, programme: Programme, blob: Blob) -> None:
    """Add the calls to the world `w`, in the running transaction."""
    now = clock.now()
    w.later = clock.rfc3339(now + timedelta(days=60))
    w.later_still = clock.rfc3339(now + timedelta(days=60, hours=2))
    ready = _call(fons, programme, "Koplopers gezocht", now + timedelta(days=14))
    w.open_call = ready.slug
    w.draft_call = calls.unpublish(fons, _call(fons, programme, "In voorbereiding", now + timedelta(days=9))).slug
    w.closed_call = _call(fons, programme, "Gesloten", now - timedelta(minutes=1)).slug
    first, second, admitted, accepted = (_application(ready, f"lead{n}@t.example", blob) for n in range(4))
    w.application, w.section = first.reference, "s1"
    w.entry_key = new_key(first.contacts[0], "link", timedelta(days=1))[0]
    w.contact = first.contacts[0].id
    w.attachment = db.session.scalars(select(Attachment.id).order_by(Attachment.id)).first()
    w.mail_version = _proposed(fons, first, "refuse").mail_version
    _release(fons, _proposed(fons, second, "refuse"))
    w.ready_mails = [f"{second.reference}:{_decision(second).mail_version}"]
    for one in (admitted, accepted):
        _release(fons, _proposed(fons, one, "admit"))
        reviews.send(fons, ready, mails=[f"{one.reference}:{_decision(one).mail_version}"])
    w.admitted, w.accepted = admitted.reference, accepted.reference
    w.matched = [0]
    applications.accept(fons, accepted, name="Samenwerking Vier", matched=[0], communities=[w.slug])
    w.reviewer = reviews.add_reviewer(fons, ready, mail="dina@proef.example").id
    reviews.assign(fons, ready, applications=[first.reference], reviewer=w.reviewer)
    review = db.session.scalars(select(Review)).one()
    reviews.declare(review.person, review, conflict=False)
    w.review = review.id
    w.format = "csv"


def _call(fons: Person, programme: Programme, title: str, closes: Any) -> Call:
    call = calls.add(fons, programme, title=title)
    calls.edit(fons, call, intro="Doe mee.", opens=closes - timedelta(days=20), closes=closes)
    calls.build(fons, call, definition=Definition.model_validate(FORM))
    return calls.publish(fons, call)


def _application(call: Call, mail: str, blob: Blob) -> Application:
    now = clock.now()
    applications.start(SYSTEM, call, mail=mail, name="Lies Lead", received=now)
    made = db.session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
    lead = made.contacts[0]
    applications.enter(SYSTEM, lead)
    organisation = {"name": f"Gemeente {mail[4]}", "kind": "municipality", "municipality": ""}
    applications.save(SYSTEM, made, answers={"b1": [organisation]}, versions={}, contact=lead, received=now)
    applications.attach(SYSTEM, made, block="b2", blob=blob, name="plan.txt", contact=lead, received=now)
    return applications.submit(SYSTEM, made, version=1, contact=lead, received=now)


def _decision(application: Application) -> Decision:
    return db.session.get_one(Decision, application.id)


def _proposed(fons: Person, application: Application, outcome: str) -> Decision:
    return reviews.propose(fons, _decision(application), outcome=outcome)


def _release(fons: Person, decision: Decision) -> None:
    reviews.edit_mail(
        fons,
        decision,
        subject=decision.subject,
        text=decision.text,
        mail_version=decision.mail_version,
        ready=True,
    )
