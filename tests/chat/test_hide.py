"""messages.hide and messages.unhide: a moderator takes a message out of sight, with a reason."""

from __future__ import annotations

from typing import Any

import pytest


def test_works_as_a_plain_form(cast: Any, room: int, say: Any) -> None:
    said = say("anna", "Mevrouw Pietersen van nummer 12")
    say("bram", "Ja", reply_to=said["id"])
    assert "/hiding" in cast.client("eva").get(f"{said['url']}/acts").text
    answer = cast.client("eva").post(f"{said['url']}/hiding", data={"reason": "Noemt een bewoner"})
    assert answer.status_code == 303, answer.text
    page = cast.client("bram").get(f"/rooms/{room}").text
    assert "Pietersen" not in page
    assert "De moderator heeft dit bericht verborgen. Reden: Noemt een bewoner" in page
    assert cast.client("eva").post(f"{said['url']}/hiding/delete").status_code == 303
    assert "Pietersen" in cast.client("bram").get(f"/rooms/{room}").text


def test_by_api(api: Any, say: Any, listed: Any) -> None:
    said = say("anna", "Een")
    answer = api("fons", "PUT", f"{said['url']}/hiding", reason="Naam")
    assert (answer.status_code, answer.json["state"], answer.json["html"]) == (200, "hidden", "")
    assert [(m["state"], m["html"]) for m in listed("bram", changed_after=1)] == [("hidden", "")]
    assert api("fons", "DELETE", f"{said['url']}/hiding").json["html"] == "<p>Een</p>"


@pytest.mark.parametrize(
    ("who", "reads"), [("anna", True), ("eva", True), ("fons", True), ("bram", False), ("dina", False)]
)
def test_its_author_and_moderators_read_it(cast: Any, say: Any, who: str, reads: bool) -> None:
    said = say("anna", "Geheimpje")
    cast.client("eva").post(f"{said['url']}/hiding", data={"reason": "Naam"})
    assert ("Geheimpje" in cast.client(who).get(f"{said['url']}/acts").text) is reads


@pytest.mark.parametrize(
    ("who", "status"), [("anna", 403), ("bram", 403), ("gerda", 403), ("chris", 404), ("jan", 404)]
)
def test_others_may_not(api: Any, say: Any, who: str, status: int) -> None:
    said = say("anna", "Een")
    assert api(who, "PUT", f"{said['url']}/hiding", reason="x").status_code == status
    assert api(who, "DELETE", f"{said['url']}/hiding").status_code == status


def test_bad_input(cast: Any, say: Any) -> None:
    answer = cast.client("eva").post(f"{say('anna', 'Een')['url']}/hiding", data={"reason": " "})
    assert answer.status_code == 422
    assert "Vul dit in." in answer.text


@pytest.mark.parametrize("verb", ["messages.hide", "messages.unhide"])
def test_told_to_the_journal_without_the_reason(cast: Any, room: int, say: Any, told: Any, verb: str) -> None:
    said = say("anna", "Een")
    cast.client("eva").post(f"{said['url']}/hiding", data={"reason": "Naam"})
    cast.client("eva").post(f"{said['url']}/hiding/delete")
    entry = told(verb)[-1]
    assert (entry.person_id, entry.object_id, entry.details) == (
        cast.eva,
        said["id"],
        {"message": said["id"], "room": room},
    )
