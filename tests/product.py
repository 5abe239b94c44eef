"""The product as served by the real command in its own process, with a real mail server."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).parents[1]
PATIENCE = 400  # seconds to start; an empty database is seeded first, on a busy machine
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class MailServer:
    """A mail server that stores the emails it receives."""

    def __init__(self) -> None:
        self.emails: list[EmailMessage] = []
        self.server = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Store an email."""
        assert isinstance(envelope.content, bytes)
        email = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(email, EmailMessage)
        self.emails.append(email)
        return "250 stored"

    def wait(self, to: str, about: str = "", seconds: float = 15) -> EmailMessage:
        """Wait for the newest email to an address whose subject contains `about`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for email in reversed(self.emails):
                if to in str(email["To"]) and about in str(email["Subject"]):
                    return email
            time.sleep(0.1)
        raise AssertionError(
            f"no mail to {to} about {about!r} in {seconds} s; "
            f"there are {[(str(one['To']), str(one['Subject'])) for one in self.emails]}"
        )


class Product:
    """`cop run` with its own port and folder, in demo mode with the demonstration."""

    def __init__(self, data: Path, mode: str = "demo", **settings: str):
        self.data, self.post = data, MailServer()
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.post.server.start()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COP_")},
            "COP_MODE": mode,
            "COP_DATA": str(data),
            "COP_BASE_URL": self.address,
            "COP_SITE_NAME": "Weer thuis in de wijk",
            "COP_SECRET_KEY": "a-key-for-tests-of-more-than-32-characters",
            "PYTHONWARNINGS": "default",
            "COP_SMTP_URL": f"smtp://127.0.0.1:{self.post.server.port}",
            **settings,
        }
        self.log = (data / "served.log").open("w")
        self.server: subprocess.Popen[str] | None = None
        self.sessions: dict[int, str] = {}

    def __enter__(self) -> Product:
        self.start()
        return self

    def start(self) -> None:
        """Start the server and wait until it responds."""
        self.server = subprocess.Popen(
            [sys.executable, "-m", "cop.cli", "run", "--port", str(self.port)],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        end = time.monotonic() + PATIENCE
        while not self.answers():
            if self.server.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the product does not start:\n{self.output()[-3000:]}")
            time.sleep(0.2)

    def answers(self) -> bool:
        """Return whether the server responds."""
        try:
            return bool(urllib.request.urlopen(f"{self.address}/sign-in", timeout=5).status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        """Stop the server as an administrator would."""
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()
            self.server.wait(20)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.post.server.stop()
        self.log.close()

    def output(self) -> str:
        """Return the output of the server so far."""
        self.log.flush()
        return (self.data / "served.log").read_text()

    def command(self, *words: str, given: str | None = None) -> str:
        """Run `cop …` beside the server, with this on its standard input, and return its output."""
        done = subprocess.run(
            [sys.executable, "-m", "cop.cli", *words],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"cop {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def cast(self) -> dict[str, int]:
        """Return the ids of the people on the sign-in page of the demonstration, by name."""
        page = urllib.request.urlopen(f"{self.address}/sign-in").read().decode()
        found = re.findall(r'name="person" value="(\d+)">.*?<b>([^<]+)</b>', page, re.S)
        return {name: int(id) for id, name in found}

    def request(self, method: str, path: str, body: str | bytes = b"", **headers: str) -> tuple[int, Message, bytes]:
        """Return status, headers and content of a response, without redirects; `Content_Type=…` sets a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body.encode() if isinstance(body, str) else body or None, named)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()

    def call(self, person: int, method: str, path: str, given: Any = None) -> tuple[int, Any]:
        """Return the status and JSON of an API call with a session."""
        if person not in self.sessions:
            self.sessions[person] = self.session(person)
        status, _headers, body = self.request(
            method,
            f"/api/v1{path}",
            b"" if given is None else json.dumps(given),
            Cookie=f"cop={self.sessions[person]}",
            Sec_Fetch_Site="same-origin",
            Content_Type="application/json",
        )
        return status, json.loads(body or b"null")

    def ask(self, person: int, path: str) -> Any:
        """Return the JSON of a GET that must succeed."""
        status, found = self.call(person, "GET", path)
        assert status == 200, f"GET {path}: {status} {found}"
        return found

    def session(self, person: int) -> str:
        """Return the cookie of a new session of a person, by the one-click sign-in of the demonstration."""
        asked = urllib.request.Request(
            f"{self.address}/sign-in/as",
            f"person={person}".encode(),
            {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"},
        )
        opened: Any = urllib.request.build_opener(_Stay).open(asked)
        cookies = opened.headers.get_all("Set-Cookie") or []
        return next(cookie.partition(";")[0].partition("=")[2] for cookie in cookies if cookie.startswith("cop="))


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects: the cookie is on the redirect itself."""

    def http_error_303(self, _req: Any, fp: Any, _code: int, _msg: str, headers: Any) -> Any:
        fp.headers = headers
        return fp
