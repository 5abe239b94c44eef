"""Mail: written to the outbox in the verb's transaction, sent by a job, kept until it has gone."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import Text, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock, jobs, words
from cop.base.db import Base, db
from cop.base.journal import Id


class Whole(UnstructuredHeader):
    """A header with an address for machines: folded it would be encoded, and no mail program reads it then."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", Whole)  # type: ignore[arg-type]  # the registry makes it a BaseHeader
HEADERS.map_to_type("list-id", Whole)  # type: ignore[arg-type]
KEPT = timedelta(days=90)
POLICY = EmailPolicy(header_factory=HEADERS)


class Letter(Base):
    """One mail; `state` is waiting, sent or failed. Its text is cleared once it has gone."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(index=True)
    address: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict]
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    error: Mapped[str | None]
    made: Mapped[datetime]
    sent: Mapped[datetime | None]


def post(
    kind: str,
    *,
    to: str,
    name: str = "",
    language: str = "nl",
    person_id: int | None = None,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Letter:
    """Puts a mail in the outbox, from `templates/mail/<kind>.txt` (first line the subject) and `.html`."""
    from cop.base.web.pages import render

    was = words.language.set(language)
    try:
        subject, _blank, text = render(f"mail/{kind}.txt", plain=True, name=name, **context).partition("\n")
        html = render(f"mail/{kind}.html", name=name, subject=subject.strip(), **context)
    finally:
        words.language.reset(was)
    letter = Letter(
        kind=kind,
        person_id=person_id,
        address=formataddr((_line(name), _line(to))),
        subject=_line(subject),
        text=text.strip() + "\n",
        html=html,
        headers={k: _line(v) for k, v in (headers or {}).items()},
        made=clock.now(),
    )
    db.session.add(letter)
    db.session.flush()
    jobs.later("mail.send", letter.id)
    return letter


def _line(value: str) -> str:
    """`value` on one line: nobody adds a header by a name."""
    return " ".join(value.split())


def message(letter: Letter) -> EmailMessage:
    """The letter as it goes over the wire."""
    sender = current_app.config["COP"].mail_from
    mail = EmailMessage(policy=POLICY)
    mail["From"], mail["To"], mail["Subject"] = sender, letter.address, letter.subject
    mail["Date"] = format_datetime(letter.made)
    # Stable, so that a second try after a crash is seen as the same mail.
    host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail["Message-ID"] = (
        letter.headers.get("Message-ID") or f"<letter-{letter.id}.{int(letter.made.timestamp())}@{host}>"
    )
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        if name != "Message-ID":
            mail[name] = value
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def thread_id(kind: str, id: int) -> str:
    """A Message-ID that stays the same for a thing, for References and In-Reply-To."""
    return f"<{kind}-{id}@{urlsplit(current_app.config['COP'].base_url).hostname or 'localhost'}>"


Gate = Callable[[Letter], bool]
GATES: dict[str, Gate] = {}


def only_if(kinds: str) -> Callable[[Gate], Gate]:
    """Has mail whose kind begins with `kinds` sent only when the function still says so at that moment."""

    def make(gate: Gate) -> Gate:
        GATES[kinds] = gate
        return gate

    return make


@jobs.job("mail.send")
def send(id: int) -> None:
    """Hands a waiting letter to the SMTP server; without one it stays in the development mailbox."""
    from cop.base.action import unit

    letter = db.session.get(Letter, id)
    if letter is None or letter.state == "sent":
        return
    if not all(gate(letter) for kinds, gate in GATES.items() if letter.kind.startswith(kinds)):
        db.session.rollback()
        with unit():
            db.session.execute(delete(Letter).where(Letter.id == id))
        return
    url = current_app.config["COP"].smtp_url
    mail = message(letter)
    db.session.rollback()  # no transaction stays open while the network answers
    try:
        if url:
            _deliver(url, mail)
    except (OSError, smtplib.SMTPException) as failure:
        refused = isinstance(failure, smtplib.SMTPRecipientsRefused) and all(
            code >= 500 for code, _words in failure.recipients.values()
        )
        with unit():
            db.session.execute(
                update(Letter)
                .where(Letter.id == id)
                .values(state="failed" if refused else "waiting", error=f"{type(failure).__name__}: {failure}"[:500])
            )
        if refused:
            return  # the address does not exist: trying again only annoys
        raise
    with unit():
        kept = {} if not url else {"text": "", "html": ""}
        db.session.execute(
            update(Letter).where(Letter.id == id).values(state="sent", sent=clock.now(), error=None, **kept)
        )


def _deliver(url: str, mail: EmailMessage) -> None:
    at = urlsplit(url)
    tls = ssl.create_default_context()
    host, port = at.hostname or "localhost", at.port or (465 if at.scheme == "smtps" else 25)
    connect = (
        smtplib.SMTP_SSL(host, port, timeout=20, context=tls)
        if at.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=20)
    )
    with connect as server:
        if at.scheme != "smtps" and at.username:
            server.starttls(context=tls)
        if at.username:
            server.login(unquote(at.username), unquote(at.password or ""))
        server.send_message(mail)


@jobs.job("mail.sweep")
def sweep() -> None:
    """Forgets letters three months after they went, or were written to an address that takes none."""
    from cop.base.action import unit

    ago = clock.now() - KEPT
    with unit():
        db.session.execute(
            delete(Letter).where((Letter.sent < ago) | ((Letter.state == "failed") & (Letter.made < ago)))
        )
