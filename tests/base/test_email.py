"""Old mail is deleted from the database."""

from __future__ import annotations

import re
import smtplib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from cop.base import clock, jobs
from cop.base import email as email_module
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import SECRETS, Email


def email(kind: str, state: str, days: int) -> Email:
    """Return an email that was written, and perhaps sent, this many days ago."""
    made = clock.now() - timedelta(days=days)
    bare = {"address": "anna@proef.example", "subject": "Dag", "text": "", "html": "", "headers": {}}
    return Email(kind=kind, state=state, made=made, sent=made if state == "sent" else None, **bare)


def stored(app: Any, kind: str, state: str = "waiting", hours: int = 0) -> int:
    """Store an email with a secret in its text and return its id."""
    with app.app_context(), transaction():
        one = Email(
            kind=kind,
            address="anna@proef.example",
            subject="Dag",
            text="https://geheim\n",
            html="<a>geheim</a>",
            headers={},
            state=state,
            made=clock.now() - timedelta(hours=hours),
        )
        db.session.add(one)
        db.session.flush()
        return one.id


def texts(app: Any, id: int) -> tuple[str, str, str]:
    """Return state, text and HTML of an email."""
    with app.app_context():
        found = db.session.get_one(Email, id)
        return found.state, found.text, found.html


@pytest.mark.parametrize("kind", ["people/link", "members/invitation", "notices/mention"])
@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (None, "sent"),
        (smtplib.SMTPRecipientsRefused({"anna@proef.example": (550, b"unknown")}), "failed"),
        (OSError("no mail server"), "waiting"),
    ],
)
def test_secrets_vanish_once_sent_or_failed(
    app: Any, monkeypatch: pytest.MonkeyPatch, kind: str, outcome: Exception | None, state: str
) -> None:
    monkeypatch.setitem(app.config, "COP", replace(app.config["COP"], smtp_url="smtp://localhost"))
    monkeypatch.setattr(email_module, "_deliver", Mock(side_effect=outcome))
    monkeypatch.setattr(email_module, "GATES", {})
    id = stored(app, kind)
    with app.app_context():
        if state == "waiting":
            with pytest.raises(OSError):
                email_module.send(id)
        else:
            email_module.send(id)
    kept = state == "waiting" or (state == "failed" and kind not in SECRETS)
    assert texts(app, id) == (state, *(("https://geheim\n", "<a>geheim</a>") if kept else ("", "")))


def test_secret_for_an_address_that_is_none_is_not_kept(app: Any) -> None:
    with app.app_context(), transaction():
        one = email_module.enqueue(
            "people/link", to="geen adres", name="Anna", secret="geheim", code="123456", minutes=30
        )
        assert (one.state, one.text, one.html) == ("failed", "", "")


def test_secret_that_waits_since_yesterday_has_failed(app: Any) -> None:
    old, new, other = (
        stored(app, kind, hours=hours) for kind, hours in (("people/link", 25), ("people/link", 20), ("notices/x", 25))
    )
    with app.app_context():
        email_module.sweep()
    assert texts(app, old) == ("failed", "", "")
    assert texts(app, new)[0] == texts(app, other)[0] == "waiting"
    with app.app_context():
        email_module.send(old)  # by a job that an administrator revived: there is nothing left to send
    assert texts(app, old)[0] == "failed"


def test_every_mail_with_a_secret_is_declared() -> None:
    folder = Path(__file__).parents[2] / "templates" / "mail"
    with_secret = {
        str(file.relative_to(folder).with_suffix(""))
        for file in folder.rglob("[!_]*.txt")
        if re.search(
            r"secret|\{\{ link|meetings/_answer|polls/_question|experts/_question|item\.answer", file.read_text()
        )  # those parts have one
    }
    assert with_secret == SECRETS


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
