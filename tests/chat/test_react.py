"""messages.react and messages.unreact: everybody can say thanks in one press."""

from __future__ import annotations

from typing import Any

import pytest


def test_works_as_a_plain_form(cast: Any, room: int, say: Any) -> None:
    said = say("anna", "Tip")
    assert cast.client("bram").post(f"{said['url']}/reactions/thanks").status_code == 303
    page = cast.client("dina").get(f"/rooms/{room}").text
    assert f'action="{said["url"]}/reactions/thanks" data-people="{cast.bram}"' in page
    assert 'aria-label="Dank: 1"' in page
    assert cast.client("bram").post(f"{said['url']}/reactions/thanks/delete").status_code == 303
    assert 'aria-label="Dank: 1"' not in cast.client("dina").get(f"/rooms/{room}").text


def test_by_api_each_kind_once(cast: Any, api: Any, say: Any, listed: Any) -> None:
    said = say("anna", "Tip")

    def shown(label: str) -> bool:
        return f'aria-label="{label}"' in cast.client("dina").get(f"{said['url']}/acts").text

    for kind in ("useful", "useful", "idea"):
        assert api("bram", "PUT", f"{said['url']}/reactions/{kind}").status_code == 200
    assert listed("dina")[0]["changed"] == 4
    assert all(map(shown, ("Nuttig: 1", "Goed idee: 1", "Dank: 0")))
    assert api("bram", "DELETE", f"{said['url']}/reactions/useful").status_code == 200
    assert shown("Nuttig: 0")


@pytest.mark.parametrize(("who", "status"), [("gerda", 403), ("chris", 404), ("hans", 404)])
def test_others_may_not(api: Any, say: Any, who: str, status: int) -> None:
    said = say("anna", "Tip")
    for method in ("PUT", "DELETE"):
        assert api(who, method, f"{said['url']}/reactions/thanks").status_code == status


def test_bad_input(api: Any, say: Any) -> None:
    answer = api("bram", "PUT", f"{say('anna', 'Tip')['url']}/reactions/applause")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["kind"]


def test_leaves_no_trace_in_the_journal(cast: Any, say: Any, told: Any) -> None:
    said = say("anna", "Tip")
    cast.client("bram").post(f"{said['url']}/reactions/thanks")
    cast.client("bram").post(f"{said['url']}/reactions/thanks/delete")
    assert told("messages.react") == told("messages.unreact") == []
