"""The verbs of operations: giving what failed another try."""

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
    """Puts a job that was given up back in line."""
    jobs.revive(job.id)
    return job


@action("mail.resend")
def resend(person: Person, letter: Email) -> Email:
    """Has a mail that did not go tried once more."""
    if letter.state == "sent":
        raise Invalid(errors={"letter": _("Deze mail is intussen verstuurd.")})
    letter.state, letter.error = "waiting", None
    jobs.later("mail.send", letter.id)
    return letter
