"""pulse.ask, pulse.skip and pulse.resume: when the questions are sent, to whom, and never twice."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, update

from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.meetings.models import Invitee, Meeting
from cop.members import actions as members
from cop.pulse import actions
from cop.pulse.models import Pulse
from cop.society.memberships import Membership
from cop.society.programmes import Programme
from tests.conftest import go_to
from tests.pulse.conftest import DAY, ENDS, HOUR, TUESDAY

VERBS = (("put", "skipping"), ("delete", "skipping"), ("post", "sending"))


def test_works_by_itself_on_the_working_day_after(held: SimpleNamespace, run_job: Any, mailed: Any, read: Any) -> None:
    """Not in the evening, not on Good Friday, in the weekend or on Easter Monday, and not at night."""
    assert "dinsdag 30 maart 2027, 09.00" in read("eva", held.pulse)
    for at in (
        ENDS + 3 * HOUR,
        TUESDAY - 4 * DAY,
        TUESDAY - 2 * DAY,
        TUESDAY - DAY,
        TUESDAY - HOUR,
        TUESDAY + 12 * HOUR,
    ):
        run_job("pulse.ask", at)
        assert mailed() == [], at
    for at in (TUESDAY, TUESDAY + HOUR, TUESDAY + DAY):
        run_job("pulse.ask", at)
    assert mailed() == ["anna", "bram", "gerda"], "once each, and not to who was absent"
    assert "verstuurd aan 3 mensen" in read("eva", held.pulse)


def test_the_mail_says_what_is_asked_and_who_sees_it(asked: SimpleNamespace, outbox: Any, link: Any) -> None:
    (mail,) = [one for one in outbox("anna@proef.example") if one.kind == "pulse/asked"]
    assert mail.subject == "Hoe was het? Plaats maken"
    for useful in ("yes", "partly", "hardly", "no"):
        assert f"{link('anna')}?useful={useful}" in mail.text
        assert f"{link('anna')}?useful={useful}" in mail.html
    assert "Uw naam staat niet bij uw antwoord." in mail.text
    assert "tot en met donderdag 8 april 2027" in mail.text


def test_without_attendance_those_who_said_yes_are_asked(
    app: Any, cast: Any, meeting: SimpleNamespace, note: Any, run_as: Any, mailed: Any
) -> None:
    with app.app_context(), transaction():
        nothing = {"meeting_id": meeting.id, "remark": "", "diet": "", "access_needs": "", "has_item": True}
        answers = [("anna", "yes", 1), ("bram", "no", 1), ("gerda", "yes", 0), ("dina", "yes", 1)]
        db.session.execute(
            insert(Invitee),
            [
                {"person_id": getattr(cast, who), "answer": answer, "answered_sequence": sequence, **nothing}
                for who, answer, sequence in answers
            ],
        )
        db.session.get_one(Meeting, meeting.id).time_sequence = 1  # moved since Gerda answered
    note("absent", "dina")
    run_as("eva", actions.ask, Meeting, meeting.id)
    assert mailed() == ["anna"]


def test_nobody_is_asked_where_nobody_was(meeting: SimpleNamespace, ask: Any, run_job: Any, mailed: Any) -> None:
    assert ask("eva", "post", f"{meeting.api}/pulse/sending").status_code == 409
    run_job("pulse.ask", TUESDAY)
    assert mailed() == []
    assert ask("eva", "get", f"{meeting.api}/pulse").json["state"] == "waiting"


def test_works_by_api_to_turn_it_off_and_on_and_to_send_it_now(
    held: SimpleNamespace, ask: Any, read: Any, run_job: Any, mailed: Any
) -> None:
    assert ask("eva", "put", f"{held.api}/pulse/skipping").json["state"] == "off"
    assert "De vragen staan uit" in read("eva", held.pulse)
    run_job("pulse.ask", TUESDAY)
    assert mailed() == []
    assert ask("eva", "delete", f"{held.api}/pulse/skipping").json["state"] == "waiting"
    assert ask("eva", "put", f"{held.api}/pulse/skipping").status_code == 200
    sent = ask("eva", "post", f"{held.api}/pulse/sending").json
    assert (sent["state"], sent["asked"], sent["sends"]) == ("open", 3, None)
    for method, path in VERBS:
        assert ask("eva", method, f"{held.api}/pulse/{path}").status_code == 409
    run_job("pulse.ask", TUESDAY + HOUR)
    assert mailed() == ["anna", "bram", "gerda"]


def test_is_journalled(held: SimpleNamespace, ask: Any, journal_entries: Any) -> None:
    for method, path in VERBS:
        assert ask("eva", method, f"{held.api}/pulse/{path}").status_code == 200
    details = [entry.details for verb in ("skip", "resume", "ask") for entry in journal_entries(f"pulse.{verb}")]
    assert details == [{}, {}, {"people": 3}]


def test_wrong_role_gets_403(held: SimpleNamespace, ask: Any) -> None:
    for who in ("anna", "gerda"):
        for method, path in VERBS:
            assert ask(who, method, f"{held.api}/pulse/{path}").status_code == 403, (who, path)
        assert ask(who, "get", f"{held.api}/pulse").status_code == 404, "nothing was asked yet"


def test_stranger_gets_404(held: SimpleNamespace, ask: Any) -> None:
    for who in ("chris", "jan", "iris"):
        for method, path in VERBS:
            assert ask(who, method, f"{held.api}/pulse/{path}").status_code == 404, (who, path)


def test_nothing_is_decided_before_the_end(held: SimpleNamespace, ask: Any) -> None:
    go_to(ENDS - HOUR)
    assert ask("eva", "post", f"{held.api}/pulse/sending").status_code == 409
    assert ask("eva", "get", f"{held.api}/pulse").status_code == 404


def test_it_is_too_late_after_two_weeks_and_not_done_in_the_archive(
    app: Any, cast: Any, held: SimpleNamespace, run_job: Any, mailed: Any, ask: Any, read: Any
) -> None:
    run_job("pulse.ask", ENDS + 15 * DAY)
    assert "De vragen zijn niet verstuurd." in read("eva", held.pulse)
    go_to(TUESDAY)
    with app.app_context(), transaction():
        db.session.execute(update(Programme).where(Programme.id == cast.programme).values(phase="archive"))
    run_job("pulse.ask", TUESDAY)
    assert ask("eva", "post", f"{held.api}/pulse/sending").status_code == 403
    assert mailed() == []


def test_who_left_gets_no_mail_any_more(
    asked: SimpleNamespace, app: Any, run_as: Any, membership: Any, mailed: Any
) -> None:
    run_as("eva", members.remove, Membership, membership("anna").id)
    with app.app_context():
        jobs.run_due()
    assert mailed() == ["bram", "gerda"]


def test_a_failure_between_mail_and_mark_leaves_neither(
    held: SimpleNamespace, app: Any, run_job: Any, mailed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process is killed: the mails and the mark that they were sent are one transaction."""

    class Killed(BaseException):
        pass

    def killed(**_details: Any) -> None:
        raise Killed

    with monkeypatch.context() as context:
        context.setattr(actions, "detail", killed)  # runs after the mails were enqueued
        with pytest.raises(Killed):
            run_job("pulse.ask", TUESDAY)
    with app.app_context():
        assert db.session.get(Pulse, held.id) is None
        assert db.session.query(Email).where(Email.kind == "pulse/asked").count() == 0
    run_job("pulse.ask", TUESDAY + timedelta(minutes=30))
    assert mailed() == ["anna", "bram", "gerda"]


def test_the_panel_shows_what_is_next(held: SimpleNamespace, read: Any, run_as: Any) -> None:
    assert "De vragen na afloop gaan uit vanaf" in read("eva", held.url)
    assert "Drie vragen" not in read("anna", held.url)
    assert "Na de bijeenkomst" not in read("dina", held.url), "nothing for who was not there"
    run_as("eva", actions.ask, Meeting, held.id)
    assert "Drie vragen beantwoorden" in read("anna", held.url)
    assert "Wat vond men ervan?" in read("dina", held.url)
