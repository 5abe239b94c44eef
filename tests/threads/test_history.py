"""posts.acts: what each edit of a post changed."""

from __future__ import annotations

import re
from typing import Any

import pytest


@pytest.fixture
def post(cast: Any) -> int:
    """The id of a post by Anna that was edited twice; the second edit is of its form only."""
    thread = cast.client(None).post(
        "/api/v1/communities/een/threads",
        headers=cast.api("anna"),
        json={"title": "Vraag", "body": "Wij maken tien huizen"},
    )
    listed = cast.client(None).get(f"/api/v1{thread.json['url']}/posts", headers=cast.api("anna"))
    id = int(listed.json["items"][0]["id"])
    edit(cast, id, 1, "Wij maken twintig huizen af")
    return id


def edit(cast: Any, id: int, version: int, body: str) -> None:
    given = {"body": body, "base_version": version}
    answer = cast.client(None).patch(f"/api/v1/posts/{id}", headers=cast.api("anna"), json=given)
    assert answer.status_code == 200, answer.text


def history(cast: Any, post: int, who: str = "bram") -> str:
    page = cast.client(who).get(f"/posts/{post}/acts").text
    return re.sub(r"\s+", " ", page[page.index('id="history"') :])


def test_history_shows_what_was_added_and_taken_away_in_words_too(cast: Any, post: int) -> None:
    shown = history(cast, post)
    assert '<del><span class="hidden">Weg: </span>tien </del>' in shown
    assert '<ins><span class="hidden">Nieuw: </span>twintig </ins>' in shown
    assert "De hele tekst van toen" in shown
    assert "<p>Wij maken tien huizen</p>" in shown


def test_change_of_form_is_said(cast: Any, post: int) -> None:
    edit(cast, post, 2, "Wij maken **twintig** huizen af")
    shown = history(cast, post)
    assert "De woorden bleven gelijk" in shown
    assert shown.count("<ins>") == 2  # those of the edit before


def test_removed_versions_say_so_and_show_no_difference(cast: Any, post: int) -> None:
    """The first edit after a removal is compared again; what went before can't be."""
    cast.client(None).put(f"/api/v1/posts/{post}/redaction", headers=cast.api("eva"))
    shown = history(cast, post)
    assert "De tekst van deze versie is verwijderd." in shown
    assert "<ins>" not in shown
    edit(cast, post, 2, "Wij maken dertig huizen af")
    shown = history(cast, post)
    assert "tien huizen" not in shown
    assert "</span>dertig </ins>" in shown


def test_text_of_an_edit_is_escaped(cast: Any, post: int) -> None:
    edit(cast, post, 2, "Wij maken `<b>twintig</b>` huizen af")
    assert "&lt;b&gt;twintig&lt;/b&gt; </ins>" in history(cast, post)


def test_post_that_was_not_edited_says_so(cast: Any) -> None:
    thread = cast.client(None).post(
        "/api/v1/communities/een/threads", headers=cast.api("anna"), json={"title": "Vraag", "body": "Hoe dan?"}
    )
    listed = cast.client(None).get(f"/api/v1{thread.json['url']}/posts", headers=cast.api("anna")).json["items"]
    assert "Dit bericht is niet bewerkt." in history(cast, listed[0]["id"])
