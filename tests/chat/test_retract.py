"""messages.retract and messages.restore: an author retracts a message and restores it."""

from __future__ import annotations

from typing import Any

import pytest


def test_works(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Dat was niet voor hier")
    reply = send_message("bram", "Oei", reply_to=message["id"])
    answer = cast.client("anna").post(f"{message['url']}/delete")
    assert answer.status_code == 303, answer.text
    page = cast.client("bram").get(f"/rooms/{room}").text
    assert "niet voor hier" not in page
    assert "Dit bericht is ingetrokken." in page
    assert f'id="message-{reply["id"]}"' in page


def test_works_by_api_and_leaves_an_empty_message(api: Any, send_message: Any, list_messages: Any) -> None:
    message = send_message("anna", "Een")
    reply = send_message("bram", "Ja", reply_to=message["id"])
    answer = api("anna", "DELETE", message["url"])
    assert (answer.status_code, answer.json["state"], answer.json["html"]) == (200, "retracted", "")
    missed = list_messages("dina", changed_after=2)
    assert [(m["id"], m["state"], m["html"]) for m in missed] == [
        (message["id"], "retracted", ""),
        (reply["id"], "live", "<p>Ja</p>"),
    ]


@pytest.mark.parametrize("who", ["bram", "eva", "dina", "gerda"])
def test_nobody_else_can_read_it(cast: Any, api: Any, send_message: Any, who: str) -> None:
    message = send_message("anna", "Geheimpje")
    cast.client("anna").post(f"{message['url']}/delete")
    pages = [cast.client(who).get(way) for way in (f"{message['url']}/acts", f"/rooms/{message['room']}")]
    answers = [api(who, "GET", way) for way in (message["url"], f"/rooms/{message['room']}/messages")]
    assert {answer.status_code for answer in [*pages, *answers]} == {200}
    assert [answer.text for answer in [*pages, *answers] if "Geheimpje" in answer.text] == []


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(api: Any, send_message: Any, who: str) -> None:
    assert api(who, "DELETE", send_message("anna", "Een")["url"]).status_code == 404


@pytest.mark.parametrize("who", ["bram", "eva", "gerda"])
def test_wrong_role_gets_403(api: Any, send_message: Any, who: str) -> None:
    assert api(who, "DELETE", send_message("anna", "Een")["url"]).status_code == 403


def test_retracting_twice_changes_nothing(cast: Any, send_message: Any, list_messages: Any) -> None:
    message = send_message("anna", "Een")
    for _ in range(2):
        assert cast.client("anna").post(f"{message['url']}/delete").status_code == 303
    assert [m["changed"] for m in list_messages("bram")] == [2]


def test_retracted_message_cannot_be_answered_edited_or_hidden(api: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Een")
    api("anna", "DELETE", message["url"])
    for answer in (
        api("anna", "PATCH", message["url"], body="Twee", base_version=1),
        api("eva", "PUT", f"{message['url']}/hiding", reason="x"),
        api("bram", "PUT", f"{message['url']}/reactions/thanks"),
        api("bram", "POST", f"/rooms/{room}/messages", body="x", reply_to=message["id"]),
    ):
        assert answer.status_code == 422


def test_is_journalled(cast: Any, send_message: Any, journal_entries: Any) -> None:
    message = send_message("anna", "Een")
    cast.client("anna").post(f"{message['url']}/delete")
    entry = journal_entries("messages.retract")[-1]
    assert (entry.person_id, entry.object_id) == (cast.anna, message["id"])


def test_works_for_restore(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Toch wel voor hier")
    send_message("bram", "Oei", reply_to=message["id"])
    cast.client("anna").post(f"{message['url']}/delete")
    assert f'action="{message["url"]}/restoring"' in cast.client("anna").get(f"{message['url']}/acts").text
    assert f'action="{message["url"]}/restoring"' not in cast.client("eva").get(f"{message['url']}/acts").text
    assert cast.client("anna").post(f"{message['url']}/restoring").status_code == 303
    page = cast.client("bram").get(f"/rooms/{room}").text
    assert page.count("Toch wel voor hier") == 2  # in the message itself and in the quote
    assert "Dit bericht is ingetrokken." not in page


def test_works_by_api_for_restore(api: Any, send_message: Any, list_messages: Any) -> None:
    message = send_message("anna", "Een")
    reply = send_message("bram", "Ja", reply_to=message["id"])
    api("anna", "DELETE", message["url"])
    answer = api("anna", "POST", f"{message['url']}/restoring")
    assert (answer.status_code, answer.json["state"], answer.json["html"]) == (200, "live", "<p>Een</p>")
    assert [m["id"] for m in list_messages("dina", changed_after=4)] == [message["id"], reply["id"]]
    assert api("anna", "POST", f"{message['url']}/restoring").status_code == 200
    assert list_messages("dina", changed_after=6) == []  # there was nothing to restore


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404_for_restore(api: Any, send_message: Any, who: str) -> None:
    message = send_message("anna", "Een")
    api("anna", "DELETE", message["url"])
    assert api(who, "POST", f"{message['url']}/restoring").status_code == 404


@pytest.mark.parametrize("who", ["bram", "eva", "gerda"])
def test_wrong_role_gets_403_for_restore(api: Any, send_message: Any, who: str) -> None:
    message = send_message("anna", "Een")
    api("anna", "DELETE", message["url"])
    assert api(who, "POST", f"{message['url']}/restoring").status_code == 403


def test_restored_message_stays_hidden_by_a_moderator(api: Any, send_message: Any) -> None:
    message = send_message("anna", "Een")
    api("eva", "PUT", f"{message['url']}/hiding", reason="Persoonsgegevens")
    assert api("anna", "POST", f"{message['url']}/restoring").json["state"] == "hidden"


def test_is_journalled_for_restore(cast: Any, send_message: Any, journal_entries: Any) -> None:
    message = send_message("anna", "Een")
    cast.client("anna").post(f"{message['url']}/delete")
    cast.client("anna").post(f"{message['url']}/restoring")
    entry = journal_entries("messages.restore")[-1]
    assert (entry.person_id, entry.object_id) == (cast.anna, message["id"])
