"""Experts who are invited to a single thread: experts.invite_guest, experts.extend_guest, experts.end_guest."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.society.people import by_mail

MAIL = "petra@elders.example"


def day(number: int) -> str:
    return (clock.today() + timedelta(days=number)).isoformat()


@pytest.fixture
def invited(ask: Any, cast: Any) -> Any:
    """Return a function that invites somebody to a thread, and returns the guest."""

    def made(thread: int, **given: Any) -> dict[str, Any]:
        given = {"mail": MAIL, "name": "Petra Peil", "until": day(14), "organisation": cast.organisations[2], **given}
        answer = ask("eva", "post", f"/api/v1/threads/{thread}/guests", **given)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json
        return found

    return made


def test_works(ask: Any, cast: Any, question: Any, invited: Any, outbox: Any, read: Any, state: Any) -> None:
    """A guest comes in by the mail, sees that thread alone, is asked, and answers as an expert."""
    thread, other = question(), question(title="Een ander gesprek")
    form = {"mail": MAIL, "name": "Petra Peil", "until": day(14), "organisation": cast.organisations[2]}
    page = cast.client("eva").post(f"/threads/{thread}/guests", data=form)
    assert page.headers["Location"].startswith(f"/threads/{thread}/expert?expert=")
    guests = read("eva", f"/threads/{thread}/guests")
    assert "Petra Peil" in guests
    (mail,) = outbox(MAIL)
    assert (mail.kind, mail.subject) == ("experts/guest", "Uitnodiging voor één gesprek: Hoe begint u?")
    found = re.search(r"/sign-in/(\S+)", mail.text)
    assert found
    petra = cast.client(None)
    entered = petra.post(f"/sign-in/{found[1]}", follow_redirects=True)
    assert entered.status_code == 200
    made = ask(
        "anna", "post", f"/api/v1/threads/{thread}/expert", expert=int(page.headers["Location"].rpartition("=")[2])
    )
    assert made.json["expert"]["name"] == "Petra Peil"
    given = {"name": "Petra Peil", "rules": "1", "privacy": "1", "accept": "1"}
    petra.post("/welcome", data=given)
    assert petra.get(f"/threads/{thread}").status_code == 200
    assert petra.get(f"/threads/{other}").status_code == 404
    assert petra.get("/communities/een/threads").status_code == 404
    assert "Hoe begint u?" in petra.get("/expert").text
    assert petra.post(f"/threads/{thread}/posts", data={"body": "Tel eerst."}).status_code == 303
    assert state(made.json["id"])[0] == "answered"
    posts = ask("anna", "get", f"/api/v1/threads/{thread}/posts").json["items"]
    assert (posts[-1]["author"]["role"], posts[-1]["author"]["organisation"]) == ("expert", "Kennisinstituut Proef")


def test_works_by_api(app: Any, ask: Any, question: Any, invited: Any) -> None:
    thread = question()
    guest = invited(thread)
    assert (guest["name"], guest["role"], guest["until"]) == ("Petra Peil", "expert", day(14))
    url = f"/api/v1/threads/{thread}/guests"
    assert ask("eva", "patch", f"{url}/{guest['id']}", until=day(30)).json["until"] == day(30)
    assert [one["id"] for one in ask("eva", "get", url).json["items"]] == [guest["id"]]
    assert ask("eva", "delete", f"{url}/{guest['id']}").status_code == 204
    assert ask("eva", "get", url).json["items"] == []
    assert ask("eva", "delete", f"{url}/{guest['id']}").status_code == 404
    assert invited(thread)["id"] != guest["id"]  # invited again


def test_stranger_gets_404(ask: Any, question: Any, invited: Any) -> None:
    thread = question()
    guest, given = invited(thread), {"mail": MAIL, "name": "X", "until": day(3)}
    url = f"/api/v1/threads/{thread}/guests"
    for who in ("chris", "jan"):
        assert ask(who, "post", url, **given).status_code == 404
        assert ask(who, "patch", f"{url}/{guest['id']}", until=day(3)).status_code == 404
        assert ask(who, "delete", f"{url}/{guest['id']}").status_code == 404


def test_wrong_role_gets_403(ask: Any, question: Any, invited: Any) -> None:
    thread = question()
    guest, given = invited(thread), {"mail": MAIL, "name": "X", "until": day(3)}
    url = f"/api/v1/threads/{thread}/guests"
    for who in ("anna", "dina"):
        assert ask(who, "get", url).status_code == 403
        assert ask(who, "post", url, **given).status_code == 403
        assert ask(who, "patch", f"{url}/{guest['id']}", until=day(3)).status_code == 403
        assert ask(who, "delete", f"{url}/{guest['id']}").status_code == 403


def test_bad_input_names_the_field(ask: Any, cast: Any, question: Any, invited: Any) -> None:
    thread = question()
    url = f"/api/v1/threads/{thread}/guests"
    good = {"mail": MAIL, "name": "Petra Peil", "until": day(3)}
    wrong = [
        ({"mail": "geen adres"}, "mail"),
        ({"name": ""}, "name"),
        ({"until": day(-1)}, "until"),
        ({"mail": "bram@proef.example"}, "mail"),  # who reads it already
        ({"mail": "kees@proef.example"}, "mail"),  # whose account is closed
        ({"organisation": 9999}, "organisation"),
    ]
    for given, field in wrong:
        answer = ask("eva", "post", url, **{**good, **given})
        assert answer.status_code == 422, given
        assert list(answer.json["errors"]) == [field], given
    page = cast.client("eva").post(f"/threads/{thread}/guests", data={**good, "until": "gisteren"})
    assert page.status_code == 422
    assert MAIL in page.text
    guest = invited(thread)
    assert ask("eva", "patch", f"{url}/{guest['id']}", until=day(-1)).status_code == 422


def test_is_journalled(app: Any, ask: Any, question: Any, invited: Any, journal_entries: Any) -> None:
    thread = question()
    guest = invited(thread)
    ask("eva", "patch", f"/api/v1/threads/{thread}/guests/{guest['id']}", until=day(30))
    ask("eva", "delete", f"/api/v1/threads/{thread}/guests/{guest['id']}")
    about = {"member": guest["person"], "guest": guest["id"]}
    for verb in ("experts.invite_guest", "experts.extend_guest", "experts.end_guest"):
        assert [one.details for one in journal_entries(verb)] == [about]


def test_what_a_guest_had_goes_on_when_it_ends(app: Any, ask: Any, question: Any, invited: Any, state: Any) -> None:
    thread = question()
    guest = invited(thread)
    made = ask("anna", "post", f"/api/v1/threads/{thread}/expert", expert=guest["person"])
    assert made.json["state"] == "asked"
    ask("eva", "delete", f"/api/v1/threads/{thread}/guests/{guest['id']}")
    assert state(made.json["id"])[0] == "declined"  # only this guest was asked
    with app.app_context():
        person = by_mail(MAIL)
        assert person is not None
        assert db.session.scalar(select(type(person).id).where(type(person).id == person.id)) == guest["person"]
