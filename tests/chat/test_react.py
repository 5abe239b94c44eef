"""messages.react and messages.unreact: reactions to messages."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from cop.things import REACTIONS
from cop.things.forms import React


def test_works(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Tip")
    assert cast.client("bram").post(f"{message['url']}/reactions/thanks").status_code == 303
    page = cast.client("dina").get(f"/rooms/{room}").text
    assert f'formaction="{message["url"]}/reactions/thanks" data-people="{cast.bram}"' in page
    assert "Bedankt <b>1</b></button>" in page
    assert cast.client("bram").post(f"{message['url']}/reactions/thanks/delete").status_code == 303
    assert "Bedankt <b>1</b></button>" not in cast.client("dina").get(f"/rooms/{room}").text


def test_works_by_api_once_per_kind(cast: Any, room: int, api: Any, send_message: Any, list_messages: Any) -> None:
    message = send_message("anna", "Tip")

    def shown() -> list[str]:
        page = cast.client("dina").get(f"/rooms/{room}").text
        return [" ".join(found) for found in re.findall(r"<button [^>]*data-people[^>]*>([^<]+) <b>(\d+)</b>", page)]

    for kind in ("useful", "useful", "idea"):
        assert api("bram", "PUT", f"{message['url']}/reactions/{kind}").status_code == 200
    assert list_messages("dina")[0]["changed"] == 4
    assert shown() == ["Nuttig 1", "Goed idee 1"]
    assert api("bram", "DELETE", f"{message['url']}/reactions/useful").status_code == 200
    assert shown() == ["Goed idee 1"]


def test_reactions_look_the_same_as_in_threads(cast: Any, api: Any, send_message: Any) -> None:
    """The page names the people who reacted; pressing one's own reaction takes it back."""
    thread = api("anna", "POST", "/communities/een/threads", kind="question", title="Wie?", body="Tip").json["id"]
    post = api("anna", "GET", f"/threads/{thread}/posts").json["items"][0]["url"]
    pages = []
    for thing in (post, send_message("anna", "Tip")["url"]):
        for who, kind in (("dina", "thanks"), ("bram", "thanks"), ("bram", "idea")):
            assert api(who, "PUT", f"{thing}/reactions/{kind}").status_code == 200
        page = cast.client("bram").get(f"{thing}/acts").text
        start, end = page.index('id="react"'), page.index("</section>", page.index('id="react"'))
        pages.append(re.sub(r"<svg.*?</svg>", "", page[start:end]).replace(thing, ""))
        assert "Bedankt: <bdi>Bram Baan</bdi>, <bdi>Dina Deskundig</bdi></li>" in page
        assert f'formaction="{thing}/reactions/thanks/delete"' in page
        assert f'formaction="{thing}/reactions/agree"' in page
        assert "Bedankt: <bdi>Bram Baan" in cast.client("gerda").get(f"{thing}/acts").text  # a reader
        assert "/reactions/" not in cast.client("gerda").get(f"{thing}/acts").text
    assert pages[0] == pages[1]


def test_emoji_has_a_name(cast: Any, room: int, api: Any, send_message: Any) -> None:
    message = send_message("anna", "Tip")
    assert api("bram", "PUT", f"{message['url']}/reactions/heart").status_code == 200
    page = cast.client("dina").get(f"/rooms/{room}").text
    assert '<span aria-hidden="true">❤️</span><span class="hidden">Hartje</span> <b>1</b></button>' in page


def test_kinds_are_shared_with_threads() -> None:
    assert get_args(React.model_fields["kind"].annotation) == REACTIONS


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(api: Any, send_message: Any, who: str) -> None:
    message = send_message("anna", "Tip")
    for method in ("PUT", "DELETE"):
        assert api(who, method, f"{message['url']}/reactions/thanks").status_code == 404


@pytest.mark.parametrize("who", ["gerda"])
def test_wrong_role_gets_403(api: Any, send_message: Any, who: str) -> None:
    message = send_message("anna", "Tip")
    for method in ("PUT", "DELETE"):
        assert api(who, method, f"{message['url']}/reactions/thanks").status_code == 403


def test_bad_input_names_the_field(api: Any, send_message: Any) -> None:
    answer = api("bram", "PUT", f"{send_message('anna', 'Tip')['url']}/reactions/applause")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["kind"]


def test_is_not_journalled(cast: Any, send_message: Any, journal_entries: Any) -> None:
    message = send_message("anna", "Tip")
    cast.client("bram").post(f"{message['url']}/reactions/thanks")
    cast.client("bram").post(f"{message['url']}/reactions/thanks/delete")
    assert journal_entries("messages.react") == journal_entries("messages.unreact") == []
