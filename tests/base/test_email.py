"""Old mail is deleted from the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email


def email(kind: str, state: str, days: int) -> Email:
    """Return an email that was written, and perhaps sent, this many days ago."""
    made = clock.now() - timedelta(days=days)
    bare = {"address": "anna@proef.example", "subject": "Dag", "text": "", "html": "", "headers": {}}
    return Email(kind=kind, state=state, made=made, sent=made if state == "sent" else None, **bare)


def test_old_mail_is_deleted_at_night(app: Any) -> None:
    with app.app_context():
        jobs.plan()
        with transaction():
            db.session.add_all(
                [
                    email("sent long ago", "sent", 91),
                    email("sent lately", "sent", 80),
                    email("refused long ago", "failed", 91),
                    email("refused lately", "failed", 80),
                    email("still on its way", "waiting", 91),
                ]
            )
        clock.shift(timedelta(days=1))
        jobs.plan()
        jobs.run_due()
        remaining = list(db.session.scalars(select(Email.kind).order_by(Email.id)))
    assert remaining == ["sent lately", "refused lately", "still on its way"]
