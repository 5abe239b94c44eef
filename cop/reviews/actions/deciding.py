"""Verbs of deciding: proposing within the number of places, the mails, announcing, and offering places to the reserve.

The application's own row changes first and the counter of the call second, by a condition: of many at once exactly as
many pass as there are places.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from cop.base import clock, jobs
from cop.base.action import action, detail, transaction
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.intake.mailing import write, write_all
from cop.intake.models import Application, Call, Decision
from cop.intake.places import give_back, offer_next, take_place
from cop.reviews.outcome_mails import PLACEHOLDER, drafted
from cop.society.people import Person


@action("decisions.propose")
def propose(
    person: Person,
    decision: Decision,
    *,
    outcome: str | None = None,
    rank: int | None = None,
    reason: str | None = None,
    shortlisted: bool | None = None,
    note: str | None = None,
) -> Decision:
    """Propose an outcome, or note what the meeting said; applicants read nothing of it.

    Raise Conflict when every place is taken, and Invalid to change what was announced without a reason.
    """
    if decision.application.state != "submitted":
        raise Conflict(_("Deze aanvraag is niet ingediend of is ingetrokken."))
    if reason is not None:
        decision.reason = reason
    if shortlisted is not None:
        decision.shortlisted = shortlisted
    if note is not None:
        decision.note = note
    if outcome == "reserve" and (rank is not None or decision.outcome != "reserve"):
        decision.rank = rank or _last_rank(decision.call) + 1
    db.session.flush()
    if outcome is not None:
        _set_outcome(person, decision, outcome, reason)
    detail(outcome=decision.outcome, application=decision.application_id)
    return decision


def _last_rank(call: Call) -> int:
    ranks = (
        select(Decision.rank)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.call_id == call.id, Decision.rank.is_not(None))
        .order_by(Decision.rank.desc())
        .limit(1)
    )
    return db.session.scalar(ranks) or 0


def _set_outcome(person: Person, decision: Decision, outcome: str, reason: str | None) -> None:
    changed = db.session.execute(
        update(Decision)
        .where(Decision.application_id == decision.application_id, Decision.outcome != outcome)
        .values(outcome=outcome, by_id=person.id, at=clock.now())
        .returning(Decision.mail_state, Decision.holds_place)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        return
    db.session.refresh(decision)
    if changed.mail_state == "sent" and not (reason or "").strip():
        raise Invalid(errors={"reason": _("Deze uitkomst is al bekendgemaakt. Schrijf waarom zij verandert.")})
    if outcome == "admit" and not changed.holds_place:
        if not take_place(decision.call):
            raise Conflict(
                _("Alle plaatsen zijn vergeven. Kies een hoger aantal plaatsen, of zet deze aanvraag op reserve.")
            )
        decision.holds_place = True
    elif outcome != "admit" and changed.holds_place:
        give_back(decision.application)
    if outcome != "reserve":
        decision.rank = None
    if outcome == "none":
        decision.subject, decision.text, decision.mail_state = "", "", "none"
    else:
        decision.subject, decision.text = drafted(decision)
        decision.mail_state = "draft"
    decision.mail_version += 1


@action("decisions.edit_mail")
def edit_mail(
    person: Person, decision: Decision, *, subject: str, text: str, mail_version: int, ready: bool = False
) -> Decision:
    """Edit the mail that announces an outcome; `ready` releases it for sending.

    Raise Conflict when somebody else edited it meanwhile, Invalid while a field in braces is not filled in.
    """
    if ready and PLACEHOLDER.search(subject + text):
        raise Invalid(errors={"text": _("Er staat nog een leeg veld tussen accolades. Vul het in.")})
    changed = db.session.execute(
        update(Decision)
        .where(
            Decision.application_id == decision.application_id,
            Decision.mail_version == mail_version,
            Decision.mail_state.in_(("draft", "ready")),
        )
        .values(subject=subject, text=text, mail_version=mail_version + 1, mail_state="ready" if ready else "draft")
        .returning(Decision.application_id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if changed is None:
        raise Conflict(_("Een ander heeft deze mail intussen gewijzigd. Lees hem eerst opnieuw."))
    db.session.refresh(decision)
    detail(application=decision.application_id, ready=int(ready))
    return decision


@action("decisions.send")
def send(person: Person, call: Call, *, mails: Sequence[str]) -> list[Application]:
    """Announce outcomes: each application reads its own, and its mail goes out in the same transaction.

    mails: `<reference>:<version that was read>`. Raise Conflict where a mail is not ready or was changed meanwhile.
    """
    if not mails:
        raise Invalid(errors={"mails": _("Kies ten minste één mail.")})
    sent = []
    for named in sorted(set(mails)):
        reference, _colon, version = named.rpartition(":")
        application = db.session.scalar(
            select(Application).where(Application.call_id == call.id, Application.reference == reference)
        )
        if application is None or not version.isdecimal():
            raise Invalid(errors={"mails": _("Kies ten minste één mail.")})
        _announce(application, int(version))
        sent.append(application)
    detail(applications=[one.id for one in sent])
    return sent


def _announce(application: Application, version: int) -> None:
    row = db.session.execute(
        update(Decision)
        .where(
            Decision.application_id == application.id, Decision.mail_state == "ready", Decision.mail_version == version
        )
        .values(mail_state="sent")
        .returning(Decision.outcome, Decision.subject, Decision.text)
        .execution_options(synchronize_session=False)
    ).first()
    moved = (
        row
        and db.session.execute(
            update(Application)
            .where(Application.id == application.id, Application.state == "submitted")
            .values(outcome=row.outcome, announced=clock.now(), offered_until=None)
            .returning(Application.id)
            .execution_options(synchronize_session=False)
        ).scalar()
    )
    if row is None or not moved:
        name = application.reference
        raise Conflict(_("De mail van %(name)s is gewijzigd of nog niet klaar. Er is niets verstuurd.", name=name))
    db.session.refresh(application)
    for contact in application.contacts:
        if contact.verified and contact.removed is None:
            write("decision", application, contact, headline=row.subject, words=row.text)


@action("applications.expire_offer")
def expire_offer(system: Person, application: Application) -> Application:
    """End an offer whose term is over, and offer the place to the next reserve."""
    moved = db.session.execute(
        update(Application)
        .where(
            Application.id == application.id,
            Application.outcome == "offered",
            Application.offered_until <= clock.now(),
        )
        .values(outcome="expired")
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if moved is not None:
        db.session.refresh(application)
        write_all("expired", application)
        if give_back(application):
            offer_next(application.call)
    return application


@jobs.job("intake.offers")
def end_offers() -> None:
    """End the offers whose term is over."""
    from cop.access import SYSTEM

    over = select(Application.id).where(Application.outcome == "offered", Application.offered_until <= clock.now())
    for id in list(db.session.scalars(over)):
        with transaction():
            expire_offer(SYSTEM, db.session.get_one(Application, id))
