"""flags.explain: a text with what may point at one person is asked about, and its moderators read why it stays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.flags.models import FlagCase

TEXT = "Mevrouw De Wit woont nu op Kerkstraat 12."
WHY = "Zij schreef zelf mee en wil genoemd worden."
QUESTION = "Wij zagen: een adres, de naam van een persoon."


def test_works(cast: Any, written: SimpleNamespace, desk: Any) -> None:
    bram, path = cast.client("bram"), f"/threads/{written.thread}/posts"
    assert 'name="despite"' not in bram.get(f"/threads/{written.thread}").text
    asked = bram.post(path, data={"body": TEXT})
    assert asked.status_code == 422
    assert QUESTION in asked.text
    assert TEXT in asked.text
    assert 'name="despite"' in asked.text
    assert desk() == []
    assert bram.post(path, data={"body": TEXT, "despite": WHY}).status_code == 303
    assert bram.post(path, data={"body": "Zonder iemand erin.", "despite": ""}).status_code == 303
    (case,) = desk()
    assert (case["explanation"], case["number"], case["flags"]) == (WHY, 0, [])
    assert TEXT in case["excerpt"]


@pytest.mark.parametrize("where", ["start", "reply", "edit"])
def test_works_by_api(ask: Any, read: Any, written: SimpleNamespace, desk: Any, notices: Any, where: str) -> None:
    method, path, more = {
        "start": ("post", "/communities/een/threads", {"kind": "experience", "title": "Verhuisd"}),
        "reply": ("post", f"/threads/{written.thread}/posts", {}),
        "edit": ("patch", f"/posts/{written.post}", {"base_version": 1}),
    }[where]
    refused = ask("bram", method, path, body=TEXT, **more)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"despite"})
    assert ask("bram", method, path, body=TEXT, despite=WHY, **more).status_code in (200, 201)
    (case,) = desk()
    assert (notices("fons"), notices("bram"), notices("eva")) == (["flag"], [], ["flag"])
    assert WHY in read("fons", "/desk")
    assert ask("bram", "get", case["url"]).status_code == 404
    assert ask("bram", "get", "/flags").json["items"] == []
    assert ask("fons", "put", f"{case['url']}/ruling", ruling="dismiss").json["state"] == "dismissed"
    assert desk() == []


def test_is_journalled(ask: Any, written: SimpleNamespace, app: Any) -> None:
    ask("bram", "post", f"/threads/{written.thread}/posts", body=TEXT, despite=WHY)
    with app.app_context():
        entries = db.session.query(JournalEntry).all()
        (entry,) = (one for one in entries if one.verb == "flags.explain")
        assert entry.details["case"] == db.session.query(FlagCase).one().id
        assert not [one for one in entries if WHY in str(one.details) or "Kerkstraat" in str(one.details)]


def test_a_number_is_refused_in_the_explanation_too(ask: Any, written: SimpleNamespace) -> None:
    path = f"/threads/{written.thread}/posts"
    refused = ask("bram", "post", path, body=TEXT, despite="Haar nummer is 111222333.")
    assert set(refused.json["errors"]) == {"despite"}
    assert "BSN" in refused.json["errors"]["despite"]


def test_a_flag_and_an_explanation_are_one_case(
    ask: Any, flag: Any, written: SimpleNamespace, desk: Any, app: Any
) -> None:
    made = flag("anna")
    ask("bram", "patch", f"/posts/{written.post}", body=TEXT, despite=WHY, base_version=1)
    (case,) = desk()
    assert (case["explanation"], case["number"]) == (WHY, 1)
    assert ask("anna", "delete", made["url"]).status_code in (200, 204)
    assert [one["explanation"] for one in desk()] == [WHY], "the explanation still waits"
    assert ask("fons", "post", f"/things/{written.post}/breach", what=["contact"]).status_code == 201
    with app.app_context():
        (left,) = db.session.query(FlagCase).all()
        assert (left.state, left.explanation) == ("removed", "")


@pytest.mark.parametrize("body", ["**Mevrouw** De Wit belde.", "<p>Mevrouw&nbsp;De Wit belde.</p>"])
def test_formatting_hides_nobody(ask: Any, written: SimpleNamespace, body: str) -> None:
    kind = "html" if body.startswith("<") else "markdown"
    refused = ask("bram", "post", f"/threads/{written.thread}/posts", body=body, format=kind)
    assert set(refused.json["errors"]) == {"despite"}
