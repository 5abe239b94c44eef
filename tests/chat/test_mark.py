"""rooms.mark: a person's reading position."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("who", ["bram", "gerda", "dina", "fons"])
def test_works(cast: Any, room: int, send_message: Any, who: str) -> None:
    send_message("anna", "Een")
    send_message("anna", "Twee")
    browser = cast.client(who)
    assert browser.post(f"/rooms/{room}/mark", data={"seq": "1"}).status_code == 303
    assert 'data-mark="1"' in browser.get(f"/rooms/{room}").text


def test_works_by_api_forward_only_up_to_the_end(cast: Any, api: Any, room: int, send_message: Any) -> None:
    send_message("anna", "Een")
    send_message("anna", "Twee")
    for seq, mark in ((1, 1), (99, 2), (1, 2)):
        assert api("bram", "PUT", f"/rooms/{room}/mark", seq=seq).status_code == 204
        assert f'data-mark="{mark}"' in cast.client("bram").get(f"/rooms/{room}").text


@pytest.mark.parametrize("who", ["chris", "hans", "iris"])
def test_stranger_gets_404(api: Any, room: int, who: str) -> None:
    assert api(who, "PUT", f"/rooms/{room}/mark", seq=1).status_code == 404


@pytest.mark.parametrize("seq", [-1, "x", None, 2**31])
def test_bad_input_names_the_field(api: Any, room: int, seq: Any) -> None:
    answer = api("bram", "PUT", f"/rooms/{room}/mark", seq=seq)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["seq"]


def test_is_not_journalled(cast: Any, room: int, send_message: Any, journal_entries: Any) -> None:
    send_message("anna", "Een")
    cast.client("bram").post(f"/rooms/{room}/mark", data={"seq": "1"})
    assert journal_entries("rooms.mark") == []
