"""notices.choose: delivery per kind of notice."""

from __future__ import annotations

from typing import Any

import pytest


def test_works(cast: Any, posting: Any, notices: Any, emails_to: Any) -> None:
    page = cast.client("anna").get("/settings/notices").text
    assert '<option value="once" selected>' in page
    answer = cast.client("anna").post(
        "/settings/notices", data={"mention": "never", "answer": "daily", "digest": "never"}
    )
    assert (answer.status_code, answer.location) == (303, "/settings/notices")
    page = cast.client("anna").get("/settings/notices").text
    assert page.count('<option value="never" selected>') == 2
    thread = posting.start("anna")
    posting.reply("bram", thread)
    posting.reply("bram", thread, "Dag @Anna Adem")
    assert emails_to("anna") == []
    assert notices("anna") == [("mention", 1), ("answer", 1)]  # the page lists all kinds


def test_works_by_api_and_changes_given_fields_only(cast: Any, posting: Any, emails_to: Any) -> None:
    answer = cast.client(None).post("/api/v1/settings/notices", headers=cast.api("anna"), json={"answer": "never"})
    assert answer.status_code == 204
    thread = posting.start("anna")
    posting.reply("bram", thread)
    assert emails_to("anna") == []
    posting.reply("bram", thread, "Dag @Anna Adem")
    assert [email.kind for email in emails_to("anna")] == ["notices/mention"]


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/settings/notices", data={"mention": "never"}).location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mention": "soms"}, "mention"),
        ({"digest": "once"}, "digest"),
        ({"weekday": 5}, "weekday"),
        ({"answer": 1}, "answer"),
    ],
)
def test_bad_input_names_the_field(cast: Any, given: dict[str, Any], field: str) -> None:
    answer = cast.client(None).post("/api/v1/settings/notices", headers=cast.api("anna"), json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    page = cast.client("anna").post("/settings/notices", data=given)
    assert page.status_code == 422
    assert f'id="f-{field}-error"' in page.text


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/settings/notices", data={"mention": "never"})
    entry = journal_entries("notices.choose")[-1]
    assert (entry.person_id, entry.details) == (cast.anna, {"mention": "never"})
