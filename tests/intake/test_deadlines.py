"""Another end of a call, and who hears of it.

Verbs: calls.move_deadline
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.intake.models import Call
from cop.society.programmes import Programme
from tests.intake.conftest import COMPLETE, Applicant, announce

Apply = Callable[..., Applicant]
API = "/api/v1"


@pytest.fixture
def fons(cast: Any) -> Any:
    """Return a function that sends a request to the API as the programme team."""
    client = cast.client(None)
    return lambda method, path, json=None: client.open(
        f"{API}{path}", method=method, json=json, headers=cast.api("fons")
    )


@pytest.fixture(autouse=True)
def _present() -> Any:
    yield
    clock.shift(timedelta(0))


def windows(app: Flask, slug: str) -> list[Any]:
    """Return the times in which a call is open."""
    with app.app_context():
        call = db.session.scalars(select(Call).where(Call.slug == slug)).one()
        return [(one.opens, one.closes, one.reason) for one in call.windows]


def told(app: Flask, kind: str = "intake/deadline") -> list[str]:
    """Return who was mailed about the end of a call."""
    with app.app_context():
        return list(db.session.scalars(select(Email.address).where(Email.kind == kind).order_by(Email.id)))


def moved(fons: Any, slug: str, to: datetime) -> Any:
    return fons("PUT", f"/calls/{slug}/deadline", {"closes": clock.rfc3339(to), "reason": "Te weinig tijd"})


def test_works(app: Flask, slug: str, applicant: Apply, fons: Any) -> None:
    drafting, waiting, sent_in, editing, longer = (
        applicant(f"{who}@t.example") for who in ("draft", "new", "done", "edit", "more")
    )
    for one in (drafting, sent_in, editing, longer):
        one.start()
    waiting.browser.post(f"/calls/{slug}/applications", data={"mail": waiting.mail})  # its address is not confirmed
    sent_in.complete()
    editing.complete().save({"b3": "Wij zoeken grotere huizen."})
    ((opens, before, _reason),) = windows(app, slug)
    extension = clock.rfc3339(before + timedelta(days=20))
    assert fons("POST", f"{longer.url}/extension", {"until": extension, "reason": "Ziek"}).status_code == 200

    earlier = clock.now().replace(microsecond=0) + timedelta(days=2)
    answer = moved(fons, slug, earlier)
    assert answer.status_code == 200, answer.text
    assert datetime.fromisoformat(answer.json["closes"]) == earlier
    first, second = windows(app, slug)
    assert first[0] == opens
    assert first[1] == second[0] <= clock.now()  # the call is open without a gap
    assert second[1:] == (earlier, "Te weinig tijd")
    assert told(app) == [drafting.mail, editing.mail]
    mail = drafting.last_mail()
    assert "/entry?key=" in mail.text
    assert "Te weinig tijd" not in mail.text + mail.html  # the reason is of the team

    assert moved(fons, slug, earlier + timedelta(days=9)).status_code == 200
    assert len(told(app)) == 4
    assert drafting.save(COMPLETE).status_code == 200  # the link of before still works
    clock.shift(earlier + timedelta(days=1) - clock.now())
    assert drafting.submit().status_code == 200
    clock.shift(timedelta(days=30))
    assert fons("PUT", f"/calls/{slug}/deadline", {"closes": "2027-01-01T00:00", "reason": "x"}).status_code == 409


def test_works_for_reopening(app: Flask, slug: str, applicant: Apply, fons: Any) -> None:
    lies = applicant().start()
    clock.shift(timedelta(days=15))
    assert lies.save(COMPLETE).status_code == 409
    soon = clock.now().replace(microsecond=0) + timedelta(days=3)
    again = {"closes": clock.rfc3339(soon), "reason": "Te weinig"}
    assert fons("POST", f"/calls/{slug}/windows", again).status_code == 201
    assert told(app) == [lies.mail]
    assert lies.save(COMPLETE).status_code == 200
    assert moved(fons, slug, soon + timedelta(days=3)).status_code == 200
    assert [one[2] for one in windows(app, slug)] == ["", "Te weinig", "Te weinig tijd"]
    assert told(app) == [lies.mail, lies.mail]


def test_no_more_time_after_the_outcome(slug: str, applicant: Apply, fons: Any) -> None:
    lies = applicant("lies@t.example").start().complete()
    more = {"until": clock.rfc3339(clock.now() + timedelta(days=60)), "reason": "Ziek"}
    assert fons("POST", f"{lies.url}/extension", more).status_code == 200
    announce(fons, slug, lies.url, "admit")
    refused = fons("POST", f"{lies.url}/extension", more)
    assert (refused.status_code, refused.json["detail"]) == (409, "De uitkomst van deze aanvraag is al bekendgemaakt.")


def test_works_by_api(slug: str, fons: Any) -> None:
    answer = moved(fons, slug, clock.now() + timedelta(days=40))
    assert (answer.status_code, answer.json["slug"]) == (200, slug)


def test_is_journalled(slug: str, fons: Any, journal_entries: Any) -> None:
    moved(fons, slug, clock.now() + timedelta(days=40))
    entry = journal_entries("calls.move_deadline")[-1]
    assert set(entry.details) == {"closes", "before"}


def test_stranger_gets_404(cast: Any, slug: str) -> None:
    given = {"closes": "2099-01-01T00:00", "reason": "x"}
    for who in ("anna", "dina"):
        answer = cast.client(None).put(f"{API}/calls/{slug}/deadline", json=given, headers=cast.api(who))
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"closes": "2020-01-01T00:00", "reason": "x"}, "closes"),
        ({"closes": "2099-01-01T00:00", "reason": "x"}, "closes"),  # longer than two years
        ({"closes": "2027-03-28T02:30", "reason": "x"}, "closes"),  # summer time skips this hour
        ({"closes": "2027-01-01T00:00"}, "reason"),
        ({"reason": "x"}, "closes"),
    ],
)
def test_bad_input_names_the_field(fons: Any, slug: str, given: Any, field: str) -> None:
    answer = fons("PUT", f"/calls/{slug}/deadline", given)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_same_moment_is_refused(app: Flask, slug: str, fons: Any) -> None:
    (window,) = windows(app, slug)
    assert "closes" in moved(fons, slug, window[1]).json["errors"]
    assert len(windows(app, slug)) == 1


def test_edit_cannot_move_the_end_of_an_open_call(app: Flask, slug: str, fons: Any) -> None:
    (window,) = windows(app, slug)
    same = {"closes": clock.rfc3339(window[1]), "title": "Anders"}
    assert fons("PATCH", f"/calls/{slug}", same).status_code == 200
    other = {"closes": clock.rfc3339(window[1] + timedelta(days=1))}
    assert "closes" in fons("PATCH", f"/calls/{slug}", other).json["errors"]
    assert "opens" in fons("PATCH", f"/calls/{slug}", {"opens": "2020-01-01T00:00"}).json["errors"]
    assert windows(app, slug) == [window]


def test_new_lead_contact_gets_a_mail(app: Flask, applicant: Apply) -> None:
    lies = applicant().start()
    joined = lies.api("POST", "/contacts", {"mail": "mo@dak.example", "name": "Mo Mee"}).json["id"]
    mo = applicant("mo@dak.example").enter()
    assert lies.api("PUT", f"/contacts/{joined}/lead").status_code == 200
    assert told(app, "intake/lead") == [mo.mail]
    assert "Lies Lead heeft een aanvraag" in mo.last_mail().text
    mo.browser.delete_cookie(f"cop-application-{mo.reference}")
    mo.enter()  # by the link in this mail
    assert mo.save(COMPLETE).status_code == 200
    assert mo.submit().status_code == 200


def test_checklist_of_recruiting(cast: Any, app: Flask, slug: str, applicant: Apply, fons: Any) -> None:
    opened, decided = "Er is een oproep geopend", "Elke ingediende aanvraag heeft een uitkomst"
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).phase = "recruiting"

    def page() -> str:
        return str(cast.client("fons").get("/programmes/proef").text)

    assert opened in page()
    assert decided not in page()  # nothing was sent in
    lies = applicant().start().complete()
    assert f'<a href="/calls/{slug}/applications">Bekijken<span class="hidden">: {decided}</span></a>' in page()
    assert "1 aanvraag wacht nog" in page()

    reviewer = fons("POST", f"/calls/{slug}/reviewers", {"mail": "fons@proef.example"}).json["id"]
    assigned = {"applications": [lies.reference], "reviewer": reviewer}
    assert fons("POST", f"/calls/{slug}/assignments", assigned).json == {"assigned": 1}
    review = fons("GET", f"/calls/{slug}/reviewing").json["items"][0]["id"]
    assert fons("PUT", f"/reviews/{review}/conflict", {"conflict": True}).status_code == 200
    assert decided not in page()  # it does not exist for them
    assert fons("PUT", f"/reviews/{review}/conflict", {"conflict": False}).status_code == 200
    announce(fons, slug, lies.url, "admit")
    assert decided in page()
    assert "wacht nog" not in page()
