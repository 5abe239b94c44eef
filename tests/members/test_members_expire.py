"""members.warn and members.expire: the term of an expert ends automatically, after a mail two weeks before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cop.base import clock, jobs, text
from cop.base.db import db
from cop.members.listeners import next_midnight
from cop.society.programmes import Community
from cop.threads import actions as threads

DAY = timedelta(days=1)


@pytest.fixture
def expert(cast: Any) -> date:
    """Make Dina an expert for twenty more days, which a session outlasts, and return her last day."""
    until = clock.local(clock.now()).date() + 20 * DAY
    answer = cast.client("eva").post(
        f"/communities/een/members/{cast.dina}", data={"role": "expert", "until": until.isoformat()}
    )
    assert answer.status_code == 303
    return until


@pytest.fixture
def advance_to(app: Any) -> Iterator[Any]:
    """Return a function that sets the time to one minute past midnight and runs recurring jobs: `advance_to(day)`."""

    def turn(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 0, 1, tzinfo=clock.AMSTERDAM)
        clock.shift(moment - datetime.now(UTC))
        with app.app_context():
            jobs.plan()
            jobs.run_due()
            db.session.remove()

    with app.app_context():
        jobs.plan()
    return turn


def reads(cast: Any) -> int:
    """Return the status of the community for Dina, by a token, which outlasts a session."""
    return cast.client(None).get("/api/v1/communities/een", headers=cast.api("dina")).status_code


def warnings(outbox: Any) -> list[Any]:
    return [email for email in outbox("dina@proef.example") if email.kind == "members/term"]


def test_works_and_mails_once_two_weeks_before(
    cast: Any, expert: date, advance_to: Any, outbox: Any, journal_entries: Any
) -> None:
    advance_to(expert - 15 * DAY)
    assert warnings(outbox) == []
    advance_to(expert - 14 * DAY)
    (email,) = warnings(outbox)
    assert email.subject.startswith("U doet nog mee tot en met ")
    assert "‘Eerste kring’" in email.text
    assert "http://localhost/communities/een/members" in email.text
    assert 'href="http://localhost/communities/een/members"' in email.html
    assert journal_entries("members.warn")[-1].details == {"member": cast.dina, "community": cast.one}
    assert journal_entries("members.warn")[-1].person_id is None
    advance_to(expert - 13 * DAY)
    assert len(warnings(outbox)) == 1


def test_last_day_still_gives_access(cast: Any, expert: date, advance_to: Any) -> None:
    advance_to(expert)
    assert reads(cast) == 200
    advance_to(expert + DAY)
    assert reads(cast) == 404


def test_access_ends_before_any_job_runs(cast: Any, expert: date) -> None:
    clock.shift(31 * DAY)
    assert reads(cast) == 404
    listed = cast.client(None).get("/api/v1/communities/een/members", headers=cast.api("anna")).json["items"]
    assert cast.dina not in [one["id"] for one in listed]


def test_is_journalled_and_posts_stay(
    cast: Any, run_as: Any, expert: date, advance_to: Any, membership: Any, journal_entries: Any
) -> None:
    thread = run_as(
        "dina", threads.start, Community, cast.one, title="Zo doen wij het", text=text.render("Zo.", "plain")
    )
    advance_to(expert + DAY)
    assert membership("dina").ended
    assert journal_entries("members.expire")[-1].details == {"member": cast.dina, "community": cast.one}
    page = cast.client(None).get(f"/api/v1/threads/{thread}", headers=cast.api("anna")).json
    assert page["author"]["name"] == "Dina Deskundig"


def test_sockets_are_closed_at_midnight(cast: Any, connect: Any, run_as: Any, expert: date, advance_to: Any) -> None:
    thread = run_as("eva", threads.start, Community, cast.one, title="x", text=text.render("y", "plain"))
    socket = connect("dina")
    assert socket.emit("join", {"place": f"thread:{thread}"}, callback=True)["ok"]
    advance_to(expert + DAY)
    assert [m["args"][0] for m in socket.get_received() if m["name"] == "gone"] == [{"place": f"thread:{thread}"}]


def test_extended_term_gets_a_new_warning(cast: Any, expert: date, advance_to: Any, outbox: Any) -> None:
    advance_to(expert - 10 * DAY)
    later = expert + 60 * DAY
    cast.client("eva").post(
        f"/communities/een/members/{cast.dina}", data={"role": "expert", "until": later.isoformat()}
    )
    advance_to(expert + DAY)
    assert reads(cast) == 200
    assert len(warnings(outbox)) == 1
    advance_to(later - 14 * DAY)
    assert len(warnings(outbox)) == 2


def test_other_roles_have_no_term(cast: Any, expert: date, advance_to: Any, membership: Any) -> None:
    advance_to(expert + 400 * DAY)
    for who in ("anna", "eva", "gerda"):
        assert membership(who).ended is None, who


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2017-06-15T12:00:00+00:00", "2017-06-15T22:00:00+00:00"),
        ("2017-06-15T22:00:00+00:00", "2017-06-16T22:00:00+00:00"),
        ("2017-10-28T22:30:00+00:00", "2017-10-29T23:00:00+00:00"),
        ("2017-12-31T23:30:00+00:00", "2018-01-01T23:00:00+00:00"),
    ],
)
def test_midnight_is_in_amsterdam_time(now: str, then: str) -> None:
    assert next_midnight(datetime.fromisoformat(now)) == datetime.fromisoformat(then)
