"""messages.react and messages.unreact: everybody can say thanks in one press."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from cop.things import REACTIONS
from cop.things.forms import React


def test_works_as_a_plain_form(cast: Any, room: int, say: Any) -> None:
    said = say("anna", "Tip")
    assert cast.client("bram").post(f"{said['url']}/reactions/thanks").status_code == 303
    page = cast.client("dina").get(f"/rooms/{room}").text
    assert f'action="{said["url"]}/reactions/thanks" data-kind="thanks" data-people="{cast.bram}"' in page
    assert "<button>Dank 1</button>" in page
    assert cast.client("bram").post(f"{said['url']}/reactions/thanks/delete").status_code == 303
    assert "<button>Dank 1</button>" not in cast.client("dina").get(f"/rooms/{room}").text


def test_by_api_each_kind_once(cast: Any, room: int, api: Any, say: Any, listed: Any) -> None:
    said = say("anna", "Tip")

    def shown() -> list[str]:
        return re.findall(r"<button>([^<]+ \d+)</button>", cast.client("dina").get(f"/rooms/{room}").text)

    for kind in ("useful", "useful", "idea"):
        assert api("bram", "PUT", f"{said['url']}/reactions/{kind}").status_code == 200
    assert listed("dina")[0]["changed"] == 4
    assert shown() == ["Nuttig 1", "Goed idee 1"]
    assert api("bram", "DELETE", f"{said['url']}/reactions/useful").status_code == 200
    assert shown() == ["Goed idee 1"]


def test_the_same_words_and_ways_as_in_threads(cast: Any, api: Any, say: Any) -> None:
    """Who reacted stands by name where one reacts; what I chose is pressed, and pressing it takes it back."""
    thread = api("anna", "POST", "/communities/een/threads", kind="question", title="Wie?", body="Tip").json["id"]
    post = api("anna", "GET", f"/threads/{thread}/posts").json["items"][0]["url"]
    pages = []
    for thing in (post, say("anna", "Tip")["url"]):
        for who, kind in (("dina", "thanks"), ("bram", "thanks"), ("bram", "idea")):
            assert api(who, "PUT", f"{thing}/reactions/{kind}").status_code == 200
        page = cast.client("bram").get(f"{thing}/acts").text
        start, end = page.index('id="react"'), page.index("</section>", page.index('id="react"'))
        pages.append(re.sub(r"<svg.*?</svg>", "", page[start:end]).replace(thing, ""))
        assert "<li>Dank: <bdi>Bram Baan</bdi>, <bdi>Dina Deskundig</bdi></li>" in page
        assert f'action="{thing}/reactions/thanks/delete"' in page
        assert f'action="{thing}/reactions/agree"' in page
        assert "Dank: <bdi>Bram Baan" in cast.client("gerda").get(f"{thing}/acts").text  # who only reads
        assert "/reactions/" not in cast.client("gerda").get(f"{thing}/acts").text
    assert pages[0] == pages[1]


def test_one_set_of_kinds() -> None:
    assert get_args(React.model_fields["kind"].annotation) == REACTIONS


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
