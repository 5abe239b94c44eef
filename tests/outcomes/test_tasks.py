"""tasks.finish, tasks.postpone, tasks.drop and tasks.reopen: who may, what follows on what, and the reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.working_days import working_days_before
from cop.outcomes.models import Outcome
from cop.society.people import Person
from tests.outcomes.conftest import in_days

LATER = {"due": in_days(20), "reason": "De buren zijn op reis."}


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("put", "completion", {"remark": "Zij doen mee."}),
        ("put", "postponement", LATER),
        ("put", "dropping", {"reason": "Niet meer nodig."}),
        ("delete", "completion", {}),
    ],
)
def test_wrong_role_gets_403_and_stranger_404(ask: Any, act: Any, method: str, path: str, given: Any) -> None:
    url = f"{act['url']}/{path}"
    for who, status in (("chris", 404), ("hans", 404), ("iris", 404), ("gerda", 403), ("anna", 403), ("dina", 403)):
        assert ask(who, method, url, **given).status_code == status, who
    assert ask("bram", method, url, **given).status_code == 200
    ask("bram", "delete", f"{act['url']}/completion")
    for who in ("eva", "fons"):
        given = {**given, "due": in_days(30 + len(who))} if "due" in given else given
        assert ask(who, method, url, **given).status_code == 200, who
        ask("bram", "delete", f"{act['url']}/completion")


def test_works_by_api(ask: Any, act: Any) -> None:
    url = act["url"]
    done = ask("bram", "put", f"{url}/completion", remark="Zij doen mee.").json
    assert (done["state"], done["remark"], bool(done["settled"])) == ("done", "Zij doen mee.", True)
    assert ask("bram", "put", f"{url}/completion", remark="Nog eens").json["remark"] == "Zij doen mee."
    assert ask("bram", "put", f"{url}/dropping", reason="Nee").status_code == 409
    assert ask("bram", "put", f"{url}/postponement", **LATER).status_code == 409
    opened = ask("bram", "delete", f"{url}/completion").json
    assert (opened["state"], opened["remark"], opened["settled"]) == ("open", "", None)
    moved = ask("bram", "put", f"{url}/postponement", **LATER).json
    assert (moved["state"], moved["due"], moved["remark"]) == ("open", LATER["due"], LATER["reason"])
    dropped = ask("bram", "put", f"{url}/dropping", reason="Niet meer nodig.").json
    assert (dropped["state"], dropped["remark"]) == ("dropped", "Niet meer nodig.")
    assert ask("bram", "put", f"{url}/completion").status_code == 409
    assert ask("bram", "put", f"{url}/dropping", reason=" ").status_code == 422


def test_bad_input_names_the_field(ask: Any, send: Any, act: Any) -> None:
    for due in (in_days(-1), act["due"]):
        refused = ask("bram", "put", f"{act['url']}/postponement", due=due, reason="Druk")
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"due"})
    page = send("bram", f"{act['url']}/postponement", due="1 januari 2020", reason="Druk")
    assert page.status_code == 422
    assert 'id="f-due-error"' in page.text
    assert 'value="1 januari 2020"' in page.text
    assert 'value="Druk"' in page.text


def test_works(send: Any, read: Any, act: Any) -> None:
    assert send("bram", f"{act['url']}/postponement", due=LATER["due"], reason="Druk").status_code == 303
    assert send("bram", f"{act['url']}/completion", remark="Zij doen mee.").status_code == 303
    shown = read("dina", act["url"])
    assert "gedaan op" in shown
    assert "Zij doen mee." in shown
    assert send("bram", f"{act['url']}/completion/delete").status_code == 303
    assert send("bram", f"{act['url']}/dropping", reason="Niet nodig").status_code == 303
    assert "vervallen op" in read("dina", act["url"])


def test_stranger_gets_404(ask: Any, act: Any) -> None:
    for method, path in (("put", "completion"), ("put", "postponement"), ("put", "dropping"), ("delete", "completion")):
        assert ask("chris", method, f"{act['url']}/{path}", reason="x", due=in_days(3)).status_code == 404


def test_a_decision_is_no_action(ask: Any, sources: Any) -> None:
    made = ask("anna", "post", f"/posts/{sources.post}/outcome", kind="decision", text="Zo doen wij het.").json
    assert made["state"] == ""
    for method, path, given in (
        ("put", "completion", {}),
        ("put", "dropping", {"reason": "x"}),
        ("delete", "completion", {}),
    ):
        assert ask("eva", method, f"{made['url']}/{path}", **given).status_code == 404


def test_reminders_are_sent_once(act: Any, mails: Any, remind: Any) -> None:
    due = clock.today() + timedelta(days=10)
    soon = (working_days_before(due, 2) - clock.today()).days
    remind(soon - 1)
    assert mails("bram") == ["outcomes/assigned"]
    for day in (soon, soon, 10):
        remind(day)
    assert mails("bram") == ["outcomes/assigned", "outcomes/soon"]
    for day in (11, 11, 12, 40):
        remind(day)
    assert mails("bram") == ["outcomes/assigned", "outcomes/soon", "outcomes/overdue"]


def test_another_date_is_reminded_of_anew(ask: Any, act: Any, mails: Any, remind: Any) -> None:
    remind(11)
    ask(
        "bram", "put", f"{act['url']}/postponement", due=(clock.today() + timedelta(days=30)).isoformat(), reason="Druk"
    )
    remind(41)
    remind(42)
    assert mails("bram") == ["outcomes/assigned", "outcomes/overdue", "outcomes/soon", "outcomes/overdue"]


def test_what_was_just_given_is_not_reminded_of(ask: Any, sources: Any, cast: Any, mails: Any, remind: Any) -> None:
    given = {"kind": "action", "text": "Bellen", "owner": cast.bram, "due": in_days(1)}
    ask("anna", "post", f"/messages/{sources.message}/outcome", **given)
    remind(0)
    remind(1)
    assert mails("bram") == ["outcomes/assigned"]


@pytest.mark.parametrize("end", ["finish", "remove", "leave"])
def test_what_has_ended_is_not_reminded_of(ask: Any, act: Any, cast: Any, mails: Any, remind: Any, end: str) -> None:
    if end == "finish":
        ask("bram", "put", f"{act['url']}/completion")
    elif end == "remove":
        ask("anna", "delete", act["url"])
    else:
        ask("eva", "delete", f"/communities/een/members/{cast.bram}")
    remind(9)
    remind(11)
    assert mails("bram") == ["outcomes/assigned"]


def test_a_reminder_is_in_the_language_of_its_reader_and_true_when_sent(
    app: Any, ask: Any, act: Any, cast: Any, remind: Any
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).language = "en"
    remind(11)
    with app.app_context():
        mail = db.session.query(Email).filter_by(kind="outcomes/overdue").one()
        assert mail.subject == "The date has passed: De buren bellen"
        assert act["url"] in mail.text
        assert "Dear Bram Baan" in mail.text
    ask("bram", "put", f"{act['url']}/completion")
    with app.app_context():
        jobs.run_due()
        sent = {one.kind: one.state for one in db.session.query(Email).filter(Email.kind.startswith("outcomes/"))}
        assert "sent" not in sent.values(), sent


def test_two_at_once_settle_once(app: Any, ask: Any, act: Any) -> None:
    ask("bram", "put", f"{act['url']}/completion", remark="Klaar")
    with app.app_context():
        version = db.session.get_one(Outcome, act["id"]).version
    assert ask("eva", "put", f"{act['url']}/completion").status_code == 200
    with app.app_context():
        assert db.session.get_one(Outcome, act["id"]).version == version
