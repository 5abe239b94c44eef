"""Keeping and erasing: what was not confirmed, was left, refused or withdrawn is erased when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from cop.access import SYSTEM
from cop.base import clock, jobs
from cop.base.action import action, detail, transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.questionnaires import erase as erase_answers
from cop.intake.mailing import write_all
from cop.intake.models import AcceptedApplication, Application, Call, Contact, ContactKey, Decision, Review
from cop.society.people import Person

UNVERIFIED = timedelta(hours=48)
ABANDONED = timedelta(days=30)  # after the call closed
REMINDERS = (timedelta(days=7), timedelta(days=1))  # before the deadline


@action("applications.erase")
def erase(system: Person, application: Application) -> Application:
    """Erase the contacts, answers, files, remarks and mails of an application.

    Kept are its reference, the kinds and region of its organisations, scores without names, the outcome and the dates.
    """
    contacts = [one.id for one in application.contacts]
    addresses = [one.mail for one in application.contacts]
    db.session.execute(delete(ContactKey).where(ContactKey.contact_id.in_(contacts)))
    db.session.execute(delete(Email).where(Email.kind.startswith("intake/"), func.lower(Email.address).in_(addresses)))
    db.session.execute(delete(Contact).where(Contact.application_id == application.id))
    db.session.expire(application, ["contacts"])
    erase_answers(application.answering_id)
    for review in db.session.scalars(select(Review).where(Review.application_id == application.id)):
        review.for_applicant, review.for_reviewers, review.reason = "", "", ""
    decision = db.session.get(Decision, application.id)
    if decision is not None:
        decision.note, decision.reason, decision.subject, decision.text = "", "", "", ""
    application.state, application.title, application.erased = "erased", "", clock.now()
    detail(outcome=application.outcome or "none")
    return application


def erased_after(application: Application, closes: datetime | None, last: datetime | None) -> datetime | None:
    """Return when an application is erased; None while that is not known, or it became a partnership.

    closes: of its call; last: the last announcement of its call.
    """
    if application.state == "unverified":
        return application.started + UNVERIFIED
    if application.state == "draft":
        return closes + ABANDONED if closes else None
    kept = timedelta(weeks=application.call.keep_weeks)
    if application.state == "withdrawn" and application.withdrawn:
        return max(application.withdrawn, last or application.withdrawn) + kept
    if application.outcome in ("refuse", "declined", "expired") and last:
        return last + kept
    return None


def last_announcement(call: Call) -> datetime | None:
    """Return when an outcome of a call was announced last."""
    return db.session.scalar(select(func.max(Application.announced)).where(Application.call_id == call.id))


@jobs.job("intake.erase")
def erase_expired() -> None:
    """Erase the applications whose time is over."""
    now = clock.now()
    for call in list(db.session.scalars(select(Call))):
        last = last_announcement(call)
        query = select(Application).where(
            Application.call_id == call.id,
            Application.state != "erased",
            Application.id.not_in(
                select(AcceptedApplication.application_id).where(AcceptedApplication.undone.is_(None))
            ),
        )
        over = [
            one.id
            for one in db.session.scalars(query)
            if (end := erased_after(one, one.deadline, last)) is not None and end <= now
        ]
        for id in over:
            with transaction():
                erase(SYSTEM, db.session.get_one(Application, id))


@jobs.job("intake.remind")
def remind() -> None:
    """Mail those who have a draft a week and a day before the deadline; the job runs every hour."""
    now = clock.now()
    for before in REMINDERS:
        drafts = select(Application.id).where(Application.state == "draft")
        for id in list(db.session.scalars(drafts)):
            with transaction():
                application = db.session.get_one(Application, id)
                deadline = application.deadline
                if deadline and deadline - before <= now < deadline - before + timedelta(hours=1):
                    write_all("reminder", application, deadline=deadline)
