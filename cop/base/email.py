"""Email: stored in the transaction of a verb, sent by a job, retried until it is delivered."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueSingleAddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr, quote
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from flask import current_app
from markupsafe import escape
from sqlalchemy import ForeignKey, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import calendars, clock, jobs, mail_addresses, words
from cop.base.db import Base, db
from cop.base.journal import BigId


class UnfoldedHeader(UnstructuredHeader):
    """A header with a URL for programs: folding would encode it, and mail programs could not read it."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


class OneAddressHeader(UniqueSingleAddressHeader):
    """A header with one address.

    Python's own folding encodes a part of a quoted name and drops the quotes: its comma then separates two addresses.
    """

    def fold(self, *, policy: Any) -> str:
        name, address = self.address.display_name, self.address.addr_spec
        header: str = self.name  # type: ignore[attr-defined]
        if not name:
            return f"{header}: {address}{policy.linesep}"
        if name.isascii() and len(name) <= PLAIN_NAME and "=?" not in name:
            return f'{header}: "{quote(name)}"{policy.linesep} <{address}>{policy.linesep}'
        encoded = Header(name, "utf-8", header_name=header).encode(linesep=policy.linesep)
        return f"{header}: {encoded}{policy.linesep} <{address}>{policy.linesep}"


PLAIN_NAME = 60  # the longest name that is not encoded, so that no line is longer than 78 characters
HEADERS = HeaderRegistry()
HEADERS.map_to_type("to", OneAddressHeader)  # type: ignore[arg-type]  # the registry makes it a BaseHeader
HEADERS.map_to_type("from", OneAddressHeader)  # type: ignore[arg-type]
HEADERS.map_to_type("reply-to", OneAddressHeader)  # type: ignore[arg-type]
HEADERS.map_to_type("list-unsubscribe", UnfoldedHeader)  # type: ignore[arg-type]
HEADERS.map_to_type("list-id", UnfoldedHeader)  # type: ignore[arg-type]
RETENTION = timedelta(days=90)  # of emails that were sent or have failed
POLICY = EmailPolicy(header_factory=HEADERS)


class CalendarPart(Base):
    """An invitation or cancellation for calendar programs, shared by the emails with it; each adds its own attendee."""

    __tablename__ = "calendar_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str]
    sequence: Mapped[int]
    method: Mapped[calendars.Method] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)


class Email(Base):
    """An email; `state` is waiting, sent or failed.

    Its text is cleared after it was sent; where it holds a secret also after it has failed.
    """

    __tablename__ = "email"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(index=True)
    address: Mapped[str]  # where it is sent to: the stored address of the person, without a name
    name: Mapped[str] = mapped_column(default="", server_default="")
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict[str, str]]
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    error: Mapped[str | None]
    made: Mapped[datetime]
    sent: Mapped[datetime | None]
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_part.id"), index=True)
    attendance: Mapped[calendars.Status | None] = mapped_column(String(12))  # of the addressee, in the calendar part

    calendar: Mapped[CalendarPart | None] = relationship()


SECRETS: set[str] = set()  # the kinds of email that hold a secret
SECRET_LASTS = timedelta(days=1)  # it waits no longer for a mail server: its job was given up hours ago


def holds_secret(*kinds: str) -> None:
    """Declare kinds of email that hold a secret, such as a link to sign in with: it is not kept when sending fails."""
    SECRETS.update(kinds)


def _failed(kind: str) -> dict[str, Any]:
    """Return the values of an email of this kind that has failed."""
    return {"state": "failed", **({"text": "", "html": ""} if kind in SECRETS else {})}


def enqueue(kind: str, **given: Any) -> Email:
    """Compose an email and enqueue it; the arguments are those of `compose`."""
    email = compose(kind, **given)
    enqueue_all([email])
    return email


def enqueue_all(emails: Sequence[Email]) -> None:
    """Enqueue composed emails, in the running transaction."""
    db.session.add_all(emails)
    db.session.flush()
    for email in emails:
        if email.state == "waiting":
            jobs.later("mail.send", email.id)


def compose(
    kind: str,
    *,
    to: str,
    name: str = "",
    language: str = "nl",
    person_id: int | None = None,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> Email:
    """Return an email from `templates/mail/<kind>.txt` (the first line is the subject) and `.html`.

    An address that mail cannot be sent to gives an email that has failed.
    """
    wording = _render(kind, language, name=name, **context)
    return _addressed(kind, wording, to=to, name=name, person_id=person_id, headers=headers)


class Wording(NamedTuple):
    """The subject, text and HTML of an email."""

    subject: str
    text: str
    html: str


class Serial:
    """An email to many people, rendered once for all who read the same; what is personal is put in for each.

    `content` is what templates get for everybody.
    """

    def __init__(self, kind: str, **content: Any) -> None:
        self.kind, self.content = kind, content
        self.wordings: dict[tuple[object, ...], Wording] = {}
        self.marks: dict[str, str] = {}  # personal value → what stands for it; nobody can type it

    def compose(
        self,
        *,
        to: str,
        name: str = "",
        language: str = "nl",
        personal: Mapping[str, str] = MappingProxyType({}),
        shared: Mapping[str, Hashable] = MappingProxyType({}),
        **given: Any,
    ) -> Email:
        """Return the email to one person, as the function `compose` does.

        personal: values that templates only print, besides the name. shared: values on which the words depend.
        """
        values = {"name": name, **personal}
        key = (language, *shared.items(), *(bool(value) for value in values.values()))
        if key not in self.wordings:
            marks = {one: self.marks.setdefault(one, f"{one}-{uuid4().hex}") if values[one] else "" for one in values}
            self.wordings[key] = _render(self.kind, language, **marks, **shared, **self.content)
        subject, text, html = self.wordings[key]
        for one, value in values.items():
            if value:
                mark = self.marks[one]
                subject, text = subject.replace(mark, value), text.replace(mark, value)
                html = html.replace(mark, escape(value))
        return _addressed(self.kind, Wording(subject, text, html), to=to, name=name, **given)


def _render(kind: str, language: str, **context: Any) -> Wording:
    from cop.base.web.pages import render

    assert not context.get("secret") or kind in SECRETS, f"{kind} holds a secret: declare it with holds_secret"
    was = words.language.set(language)
    try:
        subject, _blank, text = render(f"mail/{kind}.txt", **context).partition("\n")
        html = render(f"mail/{kind}.html", subject=subject.strip(), **context)
    finally:
        words.language.reset(was)
    return Wording(subject, text, html)


def _addressed(
    kind: str,
    wording: Wording,
    *,
    to: str,
    name: str,
    person_id: int | None = None,
    headers: dict[str, str] | None = None,
    calendar: CalendarPart | None = None,
    attendance: calendars.Status | None = None,
) -> Email:
    """Return an email with a wording; calendar: its part for calendar programs, with the attendance of the addressee."""
    email = Email(
        kind=kind,
        person_id=person_id,
        address=_line(to),
        name=_line(name),
        subject=_line(wording.subject),
        text=wording.text.strip() + "\n",
        html=wording.html,
        headers={k: _line(v) for k, v in (headers or {}).items()},
        state="waiting",
        made=clock.now(),
        calendar=calendar,
        attendance=attendance,
    )
    if not mail_addresses.comparable(to):
        email.error = NO_ADDRESS
        for field, value in _failed(kind).items():
            setattr(email, field, value)
    return email


NO_ADDRESS = "Unmailable: no address that mail can be sent to"


def from_person(name: str, address: str) -> dict[str, str]:
    """Return the headers of a mail that a person writes to another: their name as the sender, replies to them.

    The address of the sender stays that of the platform, whose mail server may send for no other.
    """
    own_name, own_address = parseaddr(current_app.config["COP"].mail_from)
    via = f"{name} via {own_name}" if own_name else name
    sender, reply = Address(via, addr_spec=own_address), Address(name, addr_spec=mail_addresses.normalize(address))
    return {"From": str(sender), "Reply-To": str(reply), "Auto-Submitted": "no"}


def _line(value: str) -> str:
    """Return `value` on one line and without control characters, so that a name cannot add a header."""
    return CONTROLS.sub("", " ".join(value.split()))


CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def to_message(email: Email) -> EmailMessage:
    """Return the email as a MIME message. Raise Unmailable when its address is none."""
    sender = current_app.config["COP"].mail_from
    mail = EmailMessage(policy=POLICY)
    to = Address(display_name=email.name, addr_spec=mail_addresses.normalize(email.address))
    mail["From"], mail["To"], mail["Subject"] = email.headers.get("From", sender), to, email.subject
    mail["Date"] = format_datetime(email.made)
    # The same after a crash and a second attempt, so that mail programs see one message.
    host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail["Message-ID"] = email.headers.get("Message-ID") or f"<email-{email.id}.{int(email.made.timestamp())}@{host}>"
    mail["Auto-Submitted"] = email.headers.get("Auto-Submitted", "auto-generated")
    for name, value in email.headers.items():
        if name not in ("Message-ID", "From", "Auto-Submitted"):
            mail[name] = value
    mail.set_content(email.text)
    mail.add_alternative(email.html, subtype="html")
    _add_logos(mail, email.html)
    if email.calendar_id is not None:
        _add_calendar(mail, email, to.addr_spec)
    return mail


def _add_calendar(mail: EmailMessage, email: Email, address: str) -> None:
    """Add the part for calendar programs as the last alternative, where they look for it; as bytes, to keep its CRs."""
    part = email.calendar
    assert part is not None
    file = calendars.with_attendee(part.text, address, email.name, email.attendance or "NEEDS-ACTION")
    mail.add_alternative(
        file,
        maintype="text",
        subtype="calendar",
        params={"charset": "utf-8", "method": part.method, "component": "VEVENT"},
    )
    shown = mail.get_payload()[-1]  # type: ignore[index]
    del shown["Content-Disposition"]  # type: ignore[union-attr]


LOGO = re.compile('src="cid:([0-9a-f]{64})"')


def _add_logos(mail: EmailMessage, html: str) -> None:
    """Send the logos along that the HTML shows by the SHA-256 of a stored PNG; one that is gone is left out."""
    shown = mail.get_body(("html",))
    assert isinstance(shown, EmailMessage)
    for digest in dict.fromkeys(LOGO.findall(html)):
        with suppress(FileNotFoundError), current_app.extensions["files"].open(digest) as logo:
            shown.add_related(logo.read(), "image", "png", cid=f"<{digest}>", disposition="inline", filename="logo.png")


def thread_id(kind: str, id: int) -> str:
    """Return the Message-ID of a thing, for References and In-Reply-To."""
    return f"<{kind}-{id}@{urlsplit(current_app.config['COP'].base_url).hostname or 'localhost'}>"


def thing_of(email: Email, kind: str) -> int | None:
    """Return the id of the thing of a kind in whose thread an email stands, by its In-Reply-To; None for another."""
    found = re.match(rf"<{kind}-(\d+)@", email.headers.get("In-Reply-To", ""))
    return int(found[1]) if found else None


Gate = Callable[[Email], bool]
GATES: dict[str, Gate] = {}


def only_if(kinds: str) -> Callable[[Gate], Gate]:
    """Send email whose kind starts with `kinds` only if the function returns True at the time of sending."""

    def make(gate: Gate) -> Gate:
        GATES[kinds] = gate
        return gate

    return make


@jobs.job("mail.send")
def send(id: int) -> None:
    """Send a waiting email; without an SMTP server it stays in the development mailbox."""
    from cop.base.action import transaction

    email = db.session.get(Email, id)
    if email is None or email.state == "sent" or not email.text:
        return
    if not all(gate(email) for kinds, gate in GATES.items() if email.kind.startswith(kinds)):
        db.session.rollback()
        with transaction():
            db.session.execute(delete(Email).where(Email.id == id))
        return
    url, kind = current_app.config["COP"].smtp_url, email.kind
    try:
        address, mail = mail_addresses.normalize(email.address), to_message(email)
    except mail_addresses.Unmailable:
        db.session.rollback()
        with transaction():
            db.session.execute(update(Email).where(Email.id == id).values(error=NO_ADDRESS, **_failed(kind)))
        return
    db.session.rollback()  # no transaction stays open while the network answers
    try:
        if url:
            _deliver(url, mail, address)
    except (OSError, smtplib.SMTPException) as failure:
        refused = isinstance(failure, smtplib.SMTPRecipientsRefused) and all(
            code >= 500 for code, _words in failure.recipients.values()
        )
        with transaction():
            outcome = _failed(kind) if refused else {"state": "waiting"}
            error = f"{type(failure).__name__}: {failure}"[:500]
            db.session.execute(update(Email).where(Email.id == id).values(error=error, **outcome))
        if refused:
            return  # the address does not exist: do not retry
        raise
    with transaction():
        cleared = {} if not url else {"text": "", "html": ""}
        db.session.execute(
            update(Email).where(Email.id == id).values(state="sent", sent=clock.now(), error=None, **cleared)
        )


def _deliver(url: str, mail: EmailMessage, to: str) -> None:
    """Send a message to one address, which is never read from its headers.

    `smtps://` speaks TLS from the start. `smtp+starttls://`, and `smtp://` with a user, insist on STARTTLS and check the
    certificate; `smtp://` without a user uses STARTTLS where the server offers it, with any certificate.
    """
    at = urlsplit(url)
    insists = at.scheme == "smtp+starttls" or bool(at.username)
    host, port = at.hostname or "localhost", at.port or (465 if at.scheme == "smtps" else 25)
    connect = (
        smtplib.SMTP_SSL(host, port, timeout=20, context=ssl.create_default_context())
        if at.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=20)
    )
    with connect as server:
        if at.scheme != "smtps":
            server.ehlo_or_helo_if_needed()
            if insists or server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context() if insists else _any_certificate())
        if at.username:
            server.login(unquote(at.username), unquote(at.password or ""))
        server.send_message(mail, from_addr=mail["From"].addresses[0].addr_spec, to_addrs=[to])


def _any_certificate() -> ssl.SSLContext:
    """Return a context for TLS without a check of the certificate, where the alternative is no TLS at all."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@jobs.job("mail.sweep")
def sweep() -> None:
    """Delete emails three months after they were sent, or were written to an address that refused them.

    What waits with a secret since yesterday has failed.
    """
    from cop.base.action import transaction

    ago, yesterday = clock.now() - RETENTION, clock.now() - SECRET_LASTS
    with transaction():
        db.session.execute(
            update(Email)
            .where(Email.state == "waiting", Email.kind.in_(SECRETS), Email.made < yesterday)
            .values(state="failed", text="", html="")
        )
        db.session.execute(delete(Email).where((Email.sent < ago) | ((Email.state == "failed") & (Email.made < ago))))
        used = select(Email.calendar_id).where(Email.calendar_id.is_not(None))
        db.session.execute(delete(CalendarPart).where(CalendarPart.id.not_in(used)))
