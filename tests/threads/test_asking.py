"""communities.set_form, communities.drop_form: what the form of a new thread asks, and how answers become its text."""

from __future__ import annotations

from typing import Any

import pytest

FORM = "/communities/een/forms/question"
ASKED = {"situation": "Wat is er aan de hand?", "tried": "", "wanted": "Wat zoekt u?"}


@pytest.fixture
def asked(cast: Any) -> None:
    """Eva asks two questions of who asks something."""
    answer = cast.client(None).put(f"/api/v1{FORM}", headers=cast.api("eva"), json=ASKED)
    assert (answer.status_code, answer.json) == (200, {"kind": "question", **ASKED})


def start(cast: Any, **given: Any) -> Any:
    return cast.client(None).post(
        "/api/v1/communities/een/threads", headers=cast.api("anna"), json={"title": "Een titel", **given}
    )


def opening(cast: Any, url: str) -> str:
    listed = cast.client(None).get(f"/api/v1{url}/posts", headers=cast.api("bram"))
    html: str = listed.json["items"][0]["html"]
    return html


def test_works(cast: Any) -> None:
    page = cast.client("eva").get(FORM)
    assert "De vragen staan nu uit." in page.text
    answer = cast.client("eva").post(FORM, data=ASKED, follow_redirects=True)
    assert "krijgt nu deze vragen" in answer.text
    page = cast.client("anna").get("/communities/een/threads/new").text
    assert "Wat is er aan de hand?" in page
    assert "Wat hebt u al geprobeerd?" not in page.split("<cop-asked")[0]
    assert 'href="/communities/een/forms/question"' in cast.client("eva").get("/communities/een/threads/new").text
    assert 'href="/communities/een/forms/question"' not in page


def test_works_to_turn_it_off_and_on_again(cast: Any, asked: None) -> None:
    answer = cast.client("eva").post(f"{FORM}/delete", follow_redirects=True)
    assert "De vragen staan uit." in answer.text
    assert f'action="{FORM}"' in answer.text  # undoes it
    assert "<cop-asked" not in cast.client("anna").get("/communities/een/threads/new").text
    assert cast.client(None).delete(f"/api/v1{FORM}", headers=cast.api("eva")).status_code == 204


def test_works_by_api(cast: Any, asked: None) -> None:
    api = cast.client(None)
    assert api.get(f"/api/v1{FORM}", headers=cast.api("eva")).json == {"kind": "question", **ASKED}
    assert api.delete(f"/api/v1{FORM}", headers=cast.api("eva")).status_code == 204
    assert api.get(f"/api/v1{FORM}", headers=cast.api("eva")).json["wanted"] == ""


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan"):
        for method in ("get", "put", "delete"):
            answer = getattr(cast.client(None), method)(f"/api/v1{FORM}", headers=cast.api(who), json=ASKED)
            assert answer.status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        for method in ("get", "put", "delete"):
            answer = getattr(cast.client(None), method)(f"/api/v1{FORM}", headers=cast.api(who), json=ASKED)
            assert answer.status_code == 403


def test_bad_input_names_the_field(cast: Any) -> None:
    api = cast.client(None)
    empty = api.put(f"/api/v1{FORM}", headers=cast.api("eva"), json={"situation": " "})
    assert (empty.status_code, list(empty.json["errors"])) == (422, ["situation"])
    long = api.put(f"/api/v1{FORM}", headers=cast.api("eva"), json={"tried": "x" * 101})
    assert (long.status_code, list(long.json["errors"])) == (422, ["tried"])
    page = cast.client("eva").post(FORM, data={"tried": "x" * 101})
    assert (page.status_code, "x" * 101 in page.text) == (422, True)
    assert api.get("/api/v1/communities/een/forms/minutes", headers=cast.api("eva")).status_code == 404


def test_is_journalled(cast: Any, asked: None, journal_entries: Any) -> None:
    cast.client("eva").post(f"{FORM}/delete")
    for verb in ("communities.set_form", "communities.drop_form"):
        assert journal_entries(verb)[-1].person_id == cast.eva


def test_answers_become_sections_before_the_text(cast: Any, asked: None) -> None:
    answer = start(cast, situation="Een huurder\n- een\n- twee", tried="Bellen", wanted="<Raad>", body="Tot *slot*.")
    assert answer.status_code == 201, answer.text
    html = opening(cast, answer.json["url"]).replace("\n", "")
    assert html == (
        "<h2>Wat is er aan de hand?</h2><p>Een huurder</p><ul><li>een</li><li>twee</li></ul>"
        "<h2>Wat hebt u al geprobeerd?</h2><p>Bellen</p><h2>Wat zoekt u?</h2><p>&lt;Raad&gt;</p><p>Tot <em>slot</em>.</p>"
    )


def test_answers_are_enough_and_a_text_alone_too(cast: Any, asked: None) -> None:
    answer = start(cast, wanted="Raad")
    assert opening(cast, answer.json["url"]) == "<h2>Wat zoekt u?</h2><p>Raad</p>"
    assert opening(cast, start(cast, body="Alleen dit").json["url"]) == "<p>Alleen dit</p>"
    nothing = start(cast, wanted=" ")
    assert (nothing.status_code, list(nothing.json["errors"])) == (422, ["body"])


def test_same_answers_with_the_same_key_start_one_thread(cast: Any, asked: None) -> None:
    key = "6f1c1d1e-0000-4000-8000-000000000001"
    first, second = (start(cast, wanted="Raad", client_id=key) for _try in range(2))
    assert (second.status_code, second.json["id"]) == (201, first.json["id"])
    assert start(cast, wanted="Iets anders", client_id=key).status_code == 409


def test_refused_answer_comes_back_at_its_field(cast: Any, asked: None) -> None:
    given = {
        "kind": "question",
        "title": "Een titel",
        "situation": "Zijn nummer is 111222333",
        "wanted": "Raad",
        "body": "",
    }
    answer = cast.client("anna").post("/communities/een/threads", data=given)
    assert answer.status_code == 422
    assert 'id="f-situation-error"' in answer.text
    assert "Zijn nummer is 111222333</textarea>" in answer.text
    assert "Raad</textarea>" in answer.text
    deep = start(cast, tried=">" * 400 + " x")
    assert (deep.status_code, list(deep.json["errors"])) == (422, ["tried"])


def test_draft_keeps_the_answers(cast: Any, asked: None) -> None:
    fields = {"kind": "question", "title": "", "situation": "Half geschreven", "tried": "", "wanted": "", "body": ""}
    id = "6f1c1d1e-0000-4000-8000-000000000002"
    saved = cast.client(None).put(
        f"/api/v1/drafts/{id}", headers=cast.api("anna"), json={"place": f"new:{cast.one}", "fields": fields}
    )
    assert saved.status_code == 204, saved.text
    assert "Half geschreven</textarea>" in cast.client("anna").get("/communities/een/threads/new").text
    assert "Half geschreven" in cast.client("anna").get("/drafts").text
