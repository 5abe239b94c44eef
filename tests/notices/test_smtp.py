"""Mail over a real SMTP server: delivery, and refused addresses."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.threads.models import Post, Thread


class Postman:
    """A mail server that accepts mail, except for unknown addresses and while it is busy."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.unknown: set[str] = set()
        self.shut = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.shut:
            return "451 try again later"
        if address in self.unknown:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def postman(app: Any) -> Iterator[Postman]:
    """Start a mail server to which the product sends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    postman = Postman()
    controller = Controller(postman, hostname="127.0.0.1", port=port)
    controller.start()
    was = app.config["COP"]
    app.config["COP"] = replace(was, smtp_url=f"smtp://127.0.0.1:{port}")
    yield postman
    app.config["COP"] = was
    controller.stop()


def work(app: Any) -> None:
    with app.app_context():
        jobs.run_due()
        db.session.remove()


def invite(cast: Any, mail: str) -> int:
    answer = cast.client(None).post(
        "/api/v1/communities/een/members", headers=cast.api("eva"), json={"mail": mail, "name": "Nina Nieuw"}
    )
    assert answer.status_code == 201
    return answer.json["id"]


def states(cast: Any) -> dict[str, str]:
    listed = cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api("eva")).json["items"]
    return {one["mail"]: one["state"] for one in listed}


def test_invitation_arrives(cast: Any, app: Any, postman: Postman) -> None:
    invite(cast, "nina@proef.example")
    work(app)
    (mail,) = postman.taken
    assert mail["To"] == "Nina Nieuw <nina@proef.example>"
    assert mail["Subject"] == "Uitnodiging voor ‘Eerste kring’"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "http://localhost/sign-in/" in plain
    assert 'href="http://localhost/sign-in/' in html
    assert "List-Unsubscribe" not in mail  # an invitation has no unsubscribe link
    path = plain.partition("http://localhost")[2].split()[0]
    assert cast.client(None).post(path).location == "/communities/een"


def test_inviter_sees_a_refused_address(cast: Any, app: Any, postman: Postman) -> None:
    postman.unknown = {"nina@proef.example"}
    for mail in ("nina@proef.example", "noor@proef.example"):
        invite(cast, mail)
    work(app)
    assert states(cast) == {"nina@proef.example": "bounced", "noor@proef.example": "pending"}
    page = cast.client("eva").get("/communities/een/members").text
    assert "1 uitnodiging is niet bezorgd" in page
    assert page.count("Dit adres bestaat niet of neemt geen mail aan.") == 1
    assert "no such user here" not in cast.client("anna").get("/communities/een/members").text


def test_invitation_can_be_resent(cast: Any, app: Any, postman: Postman) -> None:
    postman.unknown = {"nina@proef.example"}
    id = invite(cast, "nina@proef.example")
    work(app)
    postman.unknown = set()
    cast.client("eva").post(f"/communities/een/invitations/{id}/sending")
    work(app)
    assert states(cast) == {"nina@proef.example": "pending"}
    assert len(postman.taken) == 1


def test_busy_server_is_retried(cast: Any, app: Any, postman: Postman) -> None:
    postman.shut = True
    invite(cast, "nina@proef.example")
    work(app)
    assert states(cast) == {"nina@proef.example": "delayed"}
    assert "Mail wacht op de mailserver" in cast.client("eva").get("/communities/een/members").text
    postman.shut = False
    clock.shift(timedelta(minutes=5))
    work(app)
    assert states(cast) == {"nina@proef.example": "pending"}
    assert len(postman.taken) == 1


def test_mention_arrives_with_an_unsubscribe_link(cast: Any, app: Any, posting: Any, postman: Postman) -> None:
    thread = posting.start("bram", title="Wie belt er nog?", body="Weet u dit, @Anna Adem?")
    work(app)
    (mail,) = postman.taken
    assert mail["To"] == "Anna Adem <anna@proef.example>"
    assert mail["References"] == f"<thread-{thread}@localhost>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    answer = cast.client(None).post(
        path, data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 200
    posting.start("bram", body="Nog eens, @Anna Adem")
    work(app)
    assert len(postman.taken) == 1


def ends(cast: Any) -> None:
    """End Anna's membership yesterday; the job that expires it has not run yet."""
    anna = db.session.scalar(select(Membership).where(Membership.person_id == cast.anna))
    anna.until = clock.today() - timedelta(days=1)


def hides(cast: Any) -> None:
    """Hide the thread without running listeners."""
    db.session.scalar(select(Thread).order_by(Thread.id.desc()).limit(1)).state = "hidden"


def retracts(cast: Any) -> None:
    """Retract the post without running listeners."""
    db.session.scalar(select(Post).order_by(Post.id.desc()).limit(1)).state = "retracted"


def leaves(cast: Any) -> None:
    """Deactivate Anna without running listeners."""
    db.session.get_one(Person, cast.anna).state = "deactivated"


@pytest.mark.parametrize("happens", [ends, hides, retracts, leaves])
def test_mail_is_not_sent_after_access_ended(
    cast: Any, app: Any, posting: Any, emails_to: Any, postman: Postman, happens: Any
) -> None:
    posting.reply("eva", posting.start("bram"), "Weet u dit, @Anna Adem?")
    assert len(emails_to("anna")) == 1
    with app.app_context(), transaction():
        happens(cast)
    work(app)
    assert [mail for mail in postman.taken if "anna@" in mail["To"]] == []
    assert emails_to("anna") == []


def test_refused_mail_is_withdrawn_when_access_ends(
    cast: Any, app: Any, posting: Any, emails_to: Any, postman: Postman
) -> None:
    postman.unknown = {"anna@proef.example"}
    posting.reply("eva", posting.start("bram"), "Weet u dit, @Anna Adem?")
    work(app)
    assert [email.state for email in emails_to("anna")] == ["failed"]
    assert cast.client("eva").post(f"/communities/een/members/{cast.anna}/delete").status_code == 303
    assert emails_to("anna") == []
