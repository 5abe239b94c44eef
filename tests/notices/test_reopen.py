"""notices.reopen: undo marking notices as read."""

from __future__ import annotations

from typing import Any

import pytest


def read_all(cast: Any) -> str:
    """Mark all notices of Anna as read; return when."""
    answer = cast.client(None).post("/api/v1/notices/reading", headers=cast.api("anna"), json={})
    at: str = answer.json["at"]
    return at


def test_works(cast: Any, posting: Any, notices: Any) -> None:
    posting.reply("bram", posting.start("anna"))
    at = read_all(cast)
    assert notices("anna") == []
    answer = cast.client("anna").post("/notices/reading/delete", data={"at": at})
    assert (answer.status_code, answer.location) == (303, "/notices")
    assert notices("anna") == [("answer", 1)]


def test_works_by_api(cast: Any, posting: Any, notices: Any) -> None:
    posting.reply("bram", posting.start("anna"))
    at = read_all(cast)
    for who in ("bram", "anna"):  # what others do changes nothing
        assert notices("anna") == []
        answer = cast.client(None).delete("/api/v1/notices/reading", headers=cast.api(who), json={"at": at})
        assert answer.status_code == 204
    assert notices("anna") == [("answer", 1)]


@pytest.mark.parametrize("given", [{}, {"at": "gisteren"}, {"at": "2026-05-04T12:00:00"}])
def test_bad_input_names_the_field(cast: Any, given: dict[str, Any]) -> None:
    answer = cast.client(None).delete("/api/v1/notices/reading", headers=cast.api("anna"), json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["at"])


def test_is_not_journalled(cast: Any, posting: Any, journal_entries: Any) -> None:
    posting.reply("bram", posting.start("anna"))
    cast.client("anna").post("/notices/reading/delete", data={"at": read_all(cast)})
    assert journal_entries("notices.reopen") == []
