"""mail.resend, jobs.revive and uploads.sweep: administrators repair what failed."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.jobs import Job
from cop.documents.models import File, Version
from cop.things import Thing


@pytest.fixture
def failed(app: Flask, cast: Any) -> Any:
    """Return the cast with a failed email, a dead job and a forgotten attachment."""
    with app.app_context(), transaction():
        email = Email(
            kind="people/link",
            address="bas@proef.example",
            subject="Geheim",
            text="Tekst",
            html="<p>",
            headers={},
            state="failed",
            error="550 unknown",
            made=clock.now(),
        )
        job = Job(
            name="mail.send",
            arguments=[1],
            state="dead",
            error="OSError: weg",
            due=clock.now(),
            tries=8,
            made=clock.now(),
        )
        db.session.add_all([email, job])
        store = app.extensions["files"]
        blob = store.keep(store.spool(io.BytesIO(b"vergeten"), 100, "a.txt"))
        file = File(
            audience_id=cast.audiences.one,
            author_id=cast.anna,
            title="a.txt",
            state="draft",
            sha256=blob.sha256,
            size=blob.size,
            media_type=blob.media_type,
            made=clock.now() - timedelta(days=3),
        )
        db.session.add(file)
        db.session.flush()
        db.session.add(
            Version(
                file_id=file.id, number=1, name="a.txt", sha256=blob.sha256, size=blob.size, media_type=blob.media_type
            )
        )
        cast.email, cast.job, cast.file = email.id, job.id, file.id
    return cast


def states(app: Flask) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the states of the emails and the jobs."""
    with app.app_context():
        return (
            list(db.session.scalars(select(Email.state))),
            [(row.name, row.state) for row in db.session.scalars(select(Job).order_by(Job.id))],
        )


def test_works_for_resend(app: Flask, failed: Any) -> None:
    answer = failed.client("iris").post(f"/operations/mails/{failed.email}/sending")
    assert (answer.status_code, answer.location) == (303, "/operations#mail")
    assert states(app) == (["waiting"], [("mail.send", "dead"), ("mail.send", "waiting")])
    with app.app_context():
        jobs.run_due()
    assert states(app)[0] == ["sent"]


def test_bad_input_names_the_field_for_resend(app: Flask, failed: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Email, failed.email).state = "sent"
    answer = failed.client(None).post(f"/api/v1/operations/mails/{failed.email}/sending", headers=failed.api("iris"))
    assert answer.status_code == 422
    assert answer.json["errors"] == {"email": "Deze mail is intussen verstuurd."}
    assert failed.client("iris").post(f"/operations/mails/{failed.email}/sending").status_code == 422


def test_mail_whose_text_is_not_kept_is_not_sent_again(app: Flask, failed: Any) -> None:
    assert "Opnieuw versturen" in failed.client("iris").get("/operations").text
    with app.app_context(), transaction():
        email = db.session.get_one(Email, failed.email)
        email.text = email.html = ""
    page = failed.client("iris").get("/operations").text
    assert "Opnieuw versturen" not in page
    assert "Niet bewaard: er stond een link om in te loggen in." in page
    answer = failed.client(None).post(f"/api/v1/operations/mails/{failed.email}/sending", headers=failed.api("iris"))
    assert answer.status_code == 422
    assert "niet bewaard" in answer.json["errors"]["email"]


def test_works_for_revive(app: Flask, failed: Any) -> None:
    answer = failed.client("iris").post(f"/operations/jobs/{failed.job}/revival")
    assert (answer.status_code, answer.location) == (303, "/operations#jobs")
    assert states(app)[1] == [("mail.send", "waiting")]


def test_works_for_sweep(app: Flask, failed: Any) -> None:
    page = failed.client("iris").get("/operations").text
    assert "1 bestand van langer dan twee dagen geleden" in page
    answer = failed.client("iris").post("/operations/uploads/delete")
    assert (answer.status_code, answer.location) == (303, "/operations#uploads")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Thing).where(Thing.id == failed.file)) == 0


def test_is_journalled(failed: Any, journal_entries: Any) -> None:
    for path in (f"mails/{failed.email}/sending", f"jobs/{failed.job}/revival", "uploads/delete"):
        failed.client("iris").post(f"/operations/{path}")
    assert journal_entries("mail.resend")[-1].object_id == failed.email
    assert journal_entries("jobs.revive")[-1].object_id == failed.job
    assert journal_entries("uploads.sweep")[-1].person_id == failed.iris


def test_works_by_api(failed: Any) -> None:
    browser, headers = failed.client(None), failed.api("iris")
    answer = browser.post(f"/api/v1/operations/mails/{failed.email}/sending", headers=headers)
    assert (answer.status_code, answer.json["state"]) == (200, "waiting")
    assert "subject" not in answer.json
    answer = browser.post(f"/api/v1/operations/jobs/{failed.job}/revival", headers=headers)
    assert (answer.status_code, answer.json["name"]) == (200, "mail.send")
    answer = browser.delete("/api/v1/operations/uploads", headers=headers)
    assert (answer.status_code, answer.json["drafts"]) == (200, 1)


@pytest.mark.parametrize("who", ["anna", "eva", "fons", "gerda"])
def test_wrong_role_gets_403(app: Flask, failed: Any, who: str) -> None:
    before = states(app)
    for address in (
        f"/operations/mails/{failed.email}/sending",
        f"/operations/jobs/{failed.job}/revival",
        "/operations/mails/999/sending",
        "/operations/uploads/delete",
    ):
        assert failed.client(who).post(address).status_code == 403, address
    assert states(app) == before


def test_unknown_id_gets_404(failed: Any) -> None:
    assert failed.client("iris").post("/operations/mails/999/sending").status_code == 404
    assert failed.client("iris").post("/operations/jobs/999/revival").status_code == 404


def test_signed_out_must_sign_in(failed: Any) -> None:
    answer = failed.client(None).post(f"/operations/mails/{failed.email}/sending")
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")
