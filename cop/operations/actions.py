"""The verbs of operations: retry a failed job or mail."""

from __future__ import annotations

from cop.base import jobs
from cop.base.action import action
from cop.base.email import Email
from cop.base.errors import Invalid
from cop.base.jobs import Job
from cop.base.words import _
from cop.society.people import Person


@action("jobs.revive")
def revive(person: Person, job: Job) -> Job:
    """Retry a job that was given up."""
    jobs.revive(job.id)
    return job


@action("mail.resend")
def resend(person: Person, email: Email) -> Email:
    """Retry a mail that was not delivered."""
    if email.state == "sent":
        raise Invalid(errors={"email": _("Deze mail is intussen verstuurd.")})
    if not email.text:
        raise Invalid(
            errors={
                "email": _("De tekst is niet bewaard, want er stond een link om in te loggen in. Vraag een nieuwe aan.")
            }
        )
    email.state, email.error = "waiting", None
    jobs.later("mail.send", email.id)
    return email
