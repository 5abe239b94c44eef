"""A server that is killed while it announces a meeting, or sends the invitations, invites everybody once, or nobody."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.error import HTTPError

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import func, select, update

from cop import create_app
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db, integrity_errors
from cop.base.email import Email
from cop.base.jobs import Job
from cop.meetings.models import Invitee, Meeting
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.cli.test_kill import Served
from tests.conftest import settings
from tests.product import MailServer

pytestmark = [pytest.mark.live, pytest.mark.slow]

PEOPLE = 120  # of the community, and one more of the team
KILLS = 4
PATIENCE = 120  # seconds


class CuttingMailServer(MailServer):
    """A mail server that calls `kill` at some moments, and then gives no answer any more.

    cuts: by how many emails it has, at which moment: "before" it stores the next, when it has "stored" it, or when the
    client says goodbye ("quit").
    """

    def __init__(self) -> None:
        super().__init__()
        self.cuts: list[tuple[int, str]] = []
        self.kill: Callable[[], None] = lambda: None
        self.cut = Event()
        self.cut_to: list[tuple[str, str]] = []  # the moment of each cut, and to whom the mail was

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store an email, unless the server is killed before."""
        if self._cuts("before", envelope.rcpt_tos[0]):
            return "451 the client is gone"
        answer = await super().handle_DATA(server, session, envelope)
        self._cuts("stored", envelope.rcpt_tos[0])
        return answer

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        """End a conversation; what it delivered is not noted yet by the client."""
        self._cuts("quit", str(self.emails[-1]["To"].addresses[0].addr_spec) if self.emails else "")
        return "221 bye"

    def _cuts(self, moment: str, to: str) -> bool:
        if not self.cuts or self.cuts[0][1] != moment or len(self.emails) < self.cuts[0][0]:
            return False
        self.cuts.pop(0)
        self.cut_to.append((moment, to))
        self.kill()
        self.cut.set()
        return True


@pytest.fixture
def post() -> Iterator[CuttingMailServer]:
    """Return a mail server."""
    post = CuttingMailServer()
    post.server.start()
    yield post
    post.server.stop()


@pytest.fixture
def served(tmp_path: Path, post: CuttingMailServer) -> Iterator[Served]:
    """Return a platform with a community, which this process has open too."""
    served = Served(tmp_path)
    served.env["COP_SMTP_URL"] = f"smtp://127.0.0.1:{post.server.port}"
    served.cop("migrate")
    with create_app(settings(tmp_path)).app_context():
        gather()
        yield served
        db.session.remove()
        db.engine.dispose()


def gather() -> None:
    """Fill a community with people, one of the team among them."""
    with transaction():
        programme = Programme(slug="proef", name="Proef")
        people = [
            Person(mail=f"lid{n:03}@t.example", name=f"Lid {n:03}", state="active", entered=clock.now())
            for n in range(PEOPLE)
        ]
        fons = Person(mail="fons@t.example", name="Fons", state="active", entered=clock.now())
        db.session.add_all([programme, fons, *people])
        db.session.flush()
        community = Community(programme_id=programme.id, slug="een", name="Een")
        db.session.add_all([community, TeamMember(person_id=fons.id, programme_id=programme.id)])
        db.session.flush()
        db.session.add_all([Membership(person_id=one.id, community_id=community.id, role="member") for one in people])


class Coach:
    """The one who announces."""

    def __init__(self, served: Served):
        self.served, self.token = served, served.cop("token", "fons@t.example")

    def plan(self, title: str) -> int:
        """Plan a meeting; return its id."""
        times = {"starts": "2031-03-18T10:00", "ends": "2031-03-18T12:00"}
        made = self.served.ask("/communities/een/meetings", self.token, title=title, kind="other", **times)
        return int(made["id"])

    def announce(self, id: int) -> int:
        """Announce a meeting; return the status, 0 when the server was killed before or during the response."""
        try:
            self.served.ask(f"/meetings/{id}/announcement", self.token, method="PUT")
        except HTTPError as refused:
            with refused:
                return refused.code
        except (OSError, HTTPException, ValueError):
            return 0
        return 200


def state_of(meeting: int, title: str) -> tuple[str, int, int]:
    """Return the status of a meeting, and how many invitations and mails it has."""
    db.session.remove()
    count = select(func.count())
    found = (
        db.session.get_one(Meeting, meeting).status,
        db.session.scalar(count.select_from(Invitee).where(Invitee.meeting_id == meeting)) or 0,
        db.session.scalar(count.select_from(Email).where(Email.subject == f"Uitnodiging: {title}")) or 0,
    )
    db.session.remove()
    return found


def end_leases() -> None:
    """Let the minutes pass for which the killed worker had taken its job."""
    db.session.remove()
    with transaction():
        db.session.execute(update(Job).where(Job.state == "waiting", Job.name == "mail.send").values(due=clock.now()))
    db.session.remove()


def wait_until_sent() -> None:
    """Wait until no mail waits."""
    end = time.monotonic() + PATIENCE
    waiting = select(func.count()).select_from(Email).where(Email.state == "waiting")
    while db.session.scalar(waiting):
        assert time.monotonic() < end, "mail waits still"
        db.session.remove()
        time.sleep(0.2)
    db.session.remove()


def received(post: MailServer, title: str) -> dict[str, list[str]]:
    """Return the Message-IDs of the mails about a meeting, by address."""
    found: dict[str, list[str]] = {}
    for mail in list(post.emails):
        if mail["Subject"] == f"Uitnodiging: {title}":
            found.setdefault(mail["To"].addresses[0].addr_spec, []).append(str(mail["Message-ID"]))
    return found


def test_kill_during_announcement_invites_all_or_nobody(served: Served, post: CuttingMailServer) -> None:
    coach = Coach(served)
    served.start()
    titles = [f"Kring {n}" for n in range(KILLS + 1)]
    meetings = [coach.plan(title) for title in titles]
    began = time.monotonic()
    assert coach.announce(meetings.pop(0)) == 200
    took = time.monotonic() - began  # as after each start: with the compiling of templates and statements
    wait_until_sent()

    kept = 0
    for n, (meeting, title) in enumerate(zip(meetings, titles[1:], strict=True)):
        request = Thread(target=coach.announce, args=(meeting,))
        request.start()
        request.join(took * n / (KILLS - 2) if n < KILLS - 1 else PATIENCE)  # the last one is answered
        served.kill()
        request.join()
        state = state_of(meeting, title)
        whole = ("announced", PEOPLE + 1, PEOPLE + 1)
        assert state in (whole, ("draft", 0, 0)), f"kill {n}: {state}"
        assert state == whole or received(post, title) == {}
        kept += state == whole
        end_leases()
        served.start()
        assert coach.announce(meeting) == (409 if state == whole else 200)
        wait_until_sent()
    for title in titles:
        mails = received(post, title)
        assert len(mails) == PEOPLE + 1
        assert all(len(set(ids)) == 1 for ids in mails.values()), "what comes twice is the same message"
        # The mail that was on its way may be delivered already.
        assert Counter(len(ids) for ids in mails.values())[1] >= PEOPLE
    served.kill()
    assert integrity_errors(thorough=True) == []
    assert 0 < kept < KILLS
    print(f"{kept} of {KILLS} were announced before the kill; announcing takes {took:.2f} s")


def test_kill_while_mail_is_sent_sends_each_once(served: Served, post: CuttingMailServer) -> None:
    """Who gets a mail twice was cut off after it was delivered, before that could be noted; it is the same message then."""
    coach = Coach(served)
    served.start()
    meeting = coach.plan("Kring")
    post.kill = served.kill
    post.cuts = cuts = [(10, "before"), (40, "stored"), (80, "quit")]
    assert coach.announce(meeting) == 200
    for _cut in list(cuts):
        assert post.cut.wait(PATIENCE), "no mail came"
        post.cut.clear()
        assert state_of(meeting, "Kring") == ("announced", PEOPLE + 1, PEOPLE + 1)
        end_leases()
        served.start()
    wait_until_sent()
    mails = received(post, "Kring")
    assert len(mails) == PEOPLE + 1
    assert all(len(set(ids)) == 1 for ids in mails.values())
    twice = {to for to, ids in mails.items() if len(ids) > 1}
    assert twice == {to for moment, to in post.cut_to if moment != "before"}
    assert all(len(ids) <= 2 for ids in mails.values())
    assert coach.announce(meeting) == 409
    served.kill()
    assert integrity_errors(thorough=True) == []
