"""Mail over TLS: STARTTLS where the server offers it, `smtp+starttls://` insists, and RCPT TO is the stored address."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import select

from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email, enqueue


class Recorder:
    """A mail server's handler that records the recipients and whether they came over TLS."""

    def __init__(self) -> None:
        self.recipients: list[str] = []
        self.encrypted: list[bool] = []
        self.headers: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        self.headers.append(envelope.content.partition(b"\r\n\r\n")[0].decode("ascii"))
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a self-signed certificate of localhost and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "3650",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            str(key),
            "-out",
            str(made),
        ],
        check=True,
        capture_output=True,
    )
    return made, key


@pytest.fixture
def server(app: Any) -> Iterator[Callable[..., Recorder]]:
    """Return a function that starts a mail server, perhaps with STARTTLS, to which the product sends."""
    was, started = app.config["COP"], []

    def start(scheme: str, tls: tuple[Path, Path] | None = None) -> Recorder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
        recorder = Recorder()
        controller = Controller(recorder, hostname="127.0.0.1", port=port, tls_context=context)
        controller.start()
        started.append(controller)
        app.config["COP"] = replace(was, smtp_url=f"{scheme}://localhost:{port}")
        return recorder

    yield start
    app.config["COP"] = was
    for controller in started:
        controller.stop()


def send(app: Any, to: str = "anna@proef.example", name: str = "Anna Adem") -> Email:
    """Send an email and return it as it is stored afterwards."""
    with app.app_context():
        with transaction():
            id = enqueue("people/password", to=to, name=name, removed=False).id
        jobs.run_due()
        db.session.remove()
        return db.session.scalars(select(Email).where(Email.id == id)).one()


def test_starttls_is_used_where_it_is_offered(
    app: Any, server: Callable[..., Recorder], certificate: tuple[Path, Path]
) -> None:
    recorder = server("smtp", certificate)
    assert send(app).state == "sent"
    assert recorder.encrypted == [True]


def test_mail_without_starttls_is_sent(app: Any, server: Callable[..., Recorder]) -> None:
    recorder = server("smtp")
    assert send(app).state == "sent"
    assert recorder.encrypted == [False]


def test_insisting_on_starttls(
    app: Any,
    server: Callable[..., Recorder],
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = server("smtp+starttls", certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert send(app).state == "sent"
    assert recorder.encrypted == [True]


def test_insisting_refuses_a_server_without_starttls(app: Any, server: Callable[..., Recorder]) -> None:
    recorder = server("smtp+starttls")
    email = send(app)
    assert (email.state, recorder.recipients) == ("waiting", [])
    assert "STARTTLS" in (email.error or "")


def test_insisting_refuses_an_unknown_certificate(
    app: Any, server: Callable[..., Recorder], certificate: tuple[Path, Path]
) -> None:
    recorder = server("smtp+starttls", certificate)
    email = send(app)
    assert (email.state, recorder.recipients) == ("waiting", [])
    assert "CERTIFICATE_VERIFY_FAILED" in (email.error or "")


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("y@gemeente.example", "beheer@ander.example"),
        ("y@gemeente.example", "Trailing Dot"),
        ("zdv@g.example", "Vries, Zoë de"),
        ("y@gemeente.example", 'Anna "de baas", <dief@ander.example>'),
        ("y@gemeente.example", "Noor\r\nBcc: dief@ander.example"),
        ("info@xn--bcher-kva.example", "Bücher 📚"),
    ],
)
def test_recipient_is_the_stored_address(app: Any, server: Callable[..., Recorder], to: str, name: str) -> None:
    recorder = server("smtp")
    assert send(app, to, name).state == "sent"
    assert recorder.recipients == [to]
    assert all(len(line) <= 78 for line in recorder.headers[0].split("\r\n"))


def test_unmailable_address_fails_at_once(app: Any, server: Callable[..., Recorder]) -> None:
    recorder = server("smtp")
    email = send(app, "zoë@proef.example")
    assert (email.state, recorder.recipients) == ("failed", [])
