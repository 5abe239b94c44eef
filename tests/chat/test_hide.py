"""messages.hide and messages.unhide: a moderator hides a message with a reason."""

from __future__ import annotations

from typing import Any

import pytest


def test_works(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Mevrouw Pietersen van nummer 12")
    send_message("bram", "Ja", reply_to=message["id"])
    assert "/hiding" in cast.client("eva").get(f"{message['url']}/acts").text
    answer = cast.client("eva").post(f"{message['url']}/hiding", data={"reason": "Noemt een bewoner"})
    assert answer.status_code == 303, answer.text
    page = cast.client("bram").get(f"/rooms/{room}").text
    assert "Pietersen" not in page
    assert "De moderator heeft dit bericht verborgen. Reden: Noemt een bewoner" in page
    assert cast.client("eva").post(f"{message['url']}/hiding/delete").status_code == 303
    assert "Pietersen" in cast.client("bram").get(f"/rooms/{room}").text


def test_works_by_api(api: Any, send_message: Any, list_messages: Any) -> None:
    message = send_message("anna", "Een")
    answer = api("fons", "PUT", f"{message['url']}/hiding", reason="Naam")
    assert (answer.status_code, answer.json["state"], answer.json["html"]) == (200, "hidden", "")
    assert [(m["state"], m["html"]) for m in list_messages("bram", changed_after=1)] == [("hidden", "")]
    assert api("fons", "DELETE", f"{message['url']}/hiding").json["html"] == "<p>Een</p>"


@pytest.mark.parametrize(
    ("who", "reads"), [("anna", True), ("eva", True), ("fons", True), ("bram", False), ("dina", False)]
)
def test_author_and_moderators_can_still_read_it(cast: Any, send_message: Any, who: str, reads: bool) -> None:
    message = send_message("anna", "Geheimpje")
    cast.client("eva").post(f"{message['url']}/hiding", data={"reason": "Naam"})
    assert ("Geheimpje" in cast.client(who).get(f"{message['url']}/acts").text) is reads


@pytest.mark.parametrize("who", ["chris", "jan"])
def test_stranger_gets_404(api: Any, send_message: Any, who: str) -> None:
    message = send_message("anna", "Een")
    assert api(who, "PUT", f"{message['url']}/hiding", reason="x").status_code == 404
    assert api(who, "DELETE", f"{message['url']}/hiding").status_code == 404


@pytest.mark.parametrize("who", ["anna", "bram", "gerda"])
def test_wrong_role_gets_403(api: Any, send_message: Any, who: str) -> None:
    message = send_message("anna", "Een")
    assert api(who, "PUT", f"{message['url']}/hiding", reason="x").status_code == 403
    assert api(who, "DELETE", f"{message['url']}/hiding").status_code == 403


def test_bad_input_names_the_field(cast: Any, send_message: Any) -> None:
    answer = cast.client("eva").post(f"{send_message('anna', 'Een')['url']}/hiding", data={"reason": " "})
    assert answer.status_code == 422
    assert "Vul dit in." in answer.text


@pytest.mark.parametrize("verb", ["messages.hide", "messages.unhide"])
def test_is_journalled(cast: Any, room: int, send_message: Any, journal_entries: Any, verb: str) -> None:
    message = send_message("anna", "Een")
    cast.client("eva").post(f"{message['url']}/hiding", data={"reason": "Naam"})
    cast.client("eva").post(f"{message['url']}/hiding/delete")
    entry = journal_entries(verb)[-1]
    assert (entry.person_id, entry.object_id, entry.details) == (
        cast.eva,
        message["id"],
        {"message": message["id"], "room": room},
    )
