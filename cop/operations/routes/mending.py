"""The operations page: undelivered mail, failed jobs and forgotten uploads, and the buttons that mend them."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Response
from flask_login import current_user

from cop.base.db import db
from cop.base.email import Email
from cop.base.errors import NotFound
from cop.base.jobs import Job
from cop.base.web import endpoint, flash, respond
from cop.base.words import _, n_
from cop.documents import actions as documents
from cop.operations import actions, forms, models, words
from cop.operations.routes.blueprint import only_administrators, routes

T = TypeVar("T")


@routes.get("/operations")
@endpoint("operations.show", gives=forms.Overview)
def show() -> Response:
    """Show the state of mail, jobs, uploads and the last backup."""
    only_administrators()
    found = _overview()
    return respond(found, page="operations/show.html", found=found, **_in_words())


def _in_words() -> dict[str, Any]:
    return {"of_mail": words.of_mail, "of_job": words.of_job, "of_failure": words.of_failure}


def _overview() -> forms.Overview:
    orphans = documents.orphans()
    return forms.Overview(
        mails=models.emails_by_state(),
        jobs=models.jobs_by_state(),
        undelivered=[forms.EmailOut.model_validate(row, from_attributes=True) for row in models.undelivered()],
        dead=[forms.JobOut.model_validate(job, from_attributes=True) for job in models.dead_jobs()],
        uploads=forms.Uploads(drafts=len(orphans.drafts), blobs=len(orphans.blobs), size=orphans.size),
        worker=models.worker_alive(),
        last_backup=models.last_backup(),
    )


def _again(id: int) -> Response:
    """Show the page again with the refusal."""
    response: Response = show()
    return response


def _found(kind: type[T], id: int) -> T:
    only_administrators()
    found = db.session.get(kind, id)
    if found is None:
        raise NotFound
    return found


@routes.post("/operations/mails/<int:id>/sending")
@endpoint("mail.resend", gives=forms.EmailOut, form=_again)
def resend(id: int) -> Response:
    """Send a mail again that was not delivered."""
    email = actions.resend(current_user, _found(Email, id))
    flash(_("De mail wordt opnieuw verstuurd."))
    return respond(email, to="/operations#mail")


@routes.post("/operations/jobs/<int:id>/revival")
@endpoint("jobs.revive", gives=forms.JobOut)
def revive(id: int) -> Response:
    """Run a job again that was given up."""
    job = actions.revive(current_user, _found(Job, id))
    flash(_("De taak wordt opnieuw geprobeerd."))
    return respond(job, to="/operations#jobs")


@routes.delete("/operations/uploads")
@endpoint("uploads.sweep", gives=forms.Uploads)
def sweep() -> Response:
    """Remove uploads older than two days that nothing refers to."""
    only_administrators()
    orphans = documents.orphans()
    documents.sweep(current_user, None)
    flash(
        n_(
            "%(n)s ongebruikt bestand is verwijderd.",
            "%(n)s ongebruikte bestanden zijn verwijderd.",
            len(orphans.drafts) + len(orphans.blobs),
        )
    )
    return respond(
        forms.Uploads(drafts=len(orphans.drafts), blobs=len(orphans.blobs), size=orphans.size), to="/operations#uploads"
    )
