"""Moderators curate: threads.pin, .unpin, .close, .reopen, .feature, .unfeature, .retitle, .move, .hide, .unhide,
.retract, posts.hide, posts.unhide; threads.answer and .unanswer by who asked."""

from __future__ import annotations

from typing import Any

import pytest


def api(app: Any, cast: Any, who: str, method: str, path: str, **sent: Any) -> Any:
    return app.test_client().open(
        f"/api/v1{path}", method=method, headers=cast.api(who), **({"json": sent} if sent else {})
    )


STATES = [
    ("pin", "pinned", "threads.pin", "threads.unpin"),
    ("closure", "closed", "threads.close", "threads.reopen"),
    ("feature", "featured", "threads.feature", "threads.unfeature"),
]


@pytest.mark.parametrize(("noun", "field", "on", "off"), STATES)
@pytest.mark.parametrize("who", ["eva", "fons"])
def test_states(
    cast: Any, thread: Any, app: Any, told: Any, noun: str, field: str, on: str, off: str, who: str
) -> None:
    assert api(app, cast, who, "PUT", f"/threads/{thread.id}/{noun}").json[field] is True
    assert api(app, cast, who, "PUT", f"/threads/{thread.id}/{noun}").json[field] is True
    assert api(app, cast, who, "DELETE", f"/threads/{thread.id}/{noun}").json[field] is False
    assert told(on)
    assert told(off)
    assert cast.client(who).post(f"/threads/{thread.id}/{noun}").status_code == 303
    assert cast.client(who).post(f"/threads/{thread.id}/{noun}/delete").status_code == 303


ACTS = [
    ("PUT", "pin", {}),
    ("DELETE", "pin", {}),
    ("PUT", "closure", {}),
    ("DELETE", "closure", {}),
    ("PUT", "feature", {}),
    ("DELETE", "feature", {}),
    ("POST", "move", {"community": "twee"}),
    ("PUT", "hiding", {"reason": "x"}),
    ("DELETE", "hiding", {}),
]


@pytest.mark.parametrize(("method", "noun", "sent"), ACTS)
@pytest.mark.parametrize(
    ("who", "status"), [("chris", 404), ("jan", 404), ("hans", 404), ("anna", 403), ("dina", 403), ("gerda", 403)]
)
def test_only_moderators(
    cast: Any, thread: Any, app: Any, method: str, noun: str, sent: Any, who: str, status: int
) -> None:
    assert api(app, cast, who, method, f"/threads/{thread.id}/{noun}", **sent).status_code == status


def test_closed_is_read_not_written(cast: Any, thread: Any, app: Any) -> None:
    api(app, cast, "eva", "PUT", f"/threads/{thread.id}/closure")
    assert api(app, cast, "anna", "POST", f"/threads/{thread.id}/posts", body="x").status_code == 403
    assert cast.client("anna").get(f"/threads/{thread.id}").status_code == 200


def test_retitle(cast: Any, thread: Any, app: Any, told: Any) -> None:
    assert api(app, cast, "anna", "PATCH", f"/threads/{thread.id}", title="Nazorg").json["title"] == "Nazorg"
    assert api(app, cast, "bram", "PATCH", f"/threads/{thread.id}", title="x").status_code == 403
    assert api(app, cast, "chris", "PATCH", f"/threads/{thread.id}", title="x").status_code == 404
    assert list(api(app, cast, "eva", "PATCH", f"/threads/{thread.id}", title=" ").json["errors"]) == ["title"]
    assert len(told("threads.retitle")) == 1


def test_move(cast: Any, thread: Any, app: Any, told: Any) -> None:
    assert (
        api(app, cast, "eva", "POST", f"/threads/{thread.id}/move", community="twee").status_code == 422
    )  # unseen there
    assert api(app, cast, "fons", "POST", f"/threads/{thread.id}/move", community="twee").json["community"] == cast.two
    assert cast.client("anna").get(f"/threads/{thread.id}").status_code == 404
    assert cast.client("anna").get(f"/posts/{thread.reply}").status_code == 404
    assert "Onze huismeester" in cast.client("chris").get(f"/threads/{thread.id}").text
    assert told("threads.move")[-1].details == {"before": cast.one, "after": cast.two}


def test_hide_a_thread(cast: Any, thread: Any, app: Any, told: Any) -> None:
    assert list(api(app, cast, "eva", "PUT", f"/threads/{thread.id}/hiding", reason="").json["errors"]) == ["reason"]
    api(app, cast, "eva", "PUT", f"/threads/{thread.id}/hiding", reason="Een bewoner is herkenbaar.")
    for who in ("bram", "dina", "gerda"):
        assert cast.client(who).get(f"/threads/{thread.id}").status_code == 404
        assert cast.client(who).get(f"/posts/{thread.reply}").status_code == 404
        assert "Wie belt" not in cast.client(who).get("/communities/een/threads").text
    for who in ("anna", "eva", "fons"):
        assert "Een bewoner is herkenbaar." in cast.client(who).get(f"/threads/{thread.id}").text
    api(app, cast, "eva", "DELETE", f"/threads/{thread.id}/hiding")
    assert cast.client("bram").get(f"/threads/{thread.id}").status_code == 200
    assert told("threads.hide")[-1].details == {}
    assert told("threads.unhide")


def test_hide_a_post(cast: Any, thread: Any, app: Any, told: Any) -> None:
    for who, status in (("anna", 403), ("chris", 404), ("gerda", 403)):
        assert api(app, cast, who, "PUT", f"/posts/{thread.reply}/hiding", reason="x").status_code == status
    assert (
        api(app, cast, "eva", "PUT", f"/posts/{thread.reply}/hiding", reason="Naam van een bewoner").json["html"] == ""
    )
    page = cast.client("anna").get(f"/threads/{thread.id}").text
    assert "huismeester" not in page
    assert "Naam van een bewoner" in page
    assert "huismeester" in cast.client("eva").get(f"/posts/{thread.reply}/acts").text
    assert api(app, cast, "bram", "POST", f"/posts/{thread.reply}/restoring").json["state"] == "hidden"
    assert api(app, cast, "eva", "DELETE", f"/posts/{thread.reply}/hiding").json["state"] == "live"
    assert (len(told("posts.hide")), len(told("posts.unhide"))) == (1, 1)


def test_answer(cast: Any, thread: Any, app: Any, told: Any) -> None:
    assert api(app, cast, "bram", "PUT", f"/threads/{thread.id}/answer", post=thread.reply).status_code == 403
    assert api(app, cast, "chris", "PUT", f"/threads/{thread.id}/answer", post=thread.reply).status_code == 404
    assert list(api(app, cast, "anna", "PUT", f"/threads/{thread.id}/answer", post=thread.opening).json["errors"]) == [
        "post"
    ]
    assert (
        api(app, cast, "anna", "PUT", f"/threads/{thread.id}/answer", post=thread.reply).json["answer"] == thread.reply
    )
    page = cast.client("gerda").get(f"/threads/{thread.id}").text
    assert page.index('id="answer"') < page.index(f'id="post-{thread.reply}"')
    assert api(app, cast, "eva", "DELETE", f"/threads/{thread.id}/answer").json["answer"] is None
    assert (len(told("threads.answer")), len(told("threads.unanswer"))) == (1, 1)


def test_retract_a_thread(cast: Any, thread: Any, app: Any, told: Any) -> None:
    assert list(api(app, cast, "anna", "DELETE", f"/threads/{thread.id}").json["errors"]) == ["thread"]
    lonely = api(app, cast, "anna", "POST", "/communities/een/threads", title="Alleen", body="x").json["id"]
    assert api(app, cast, "eva", "DELETE", f"/threads/{lonely}").status_code == 403
    assert api(app, cast, "anna", "DELETE", f"/threads/{lonely}").json["state"] == "retracted"
    assert cast.client("bram").get(f"/threads/{lonely}").status_code == 404
    assert told("threads.retract")


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [
        ("anna", "guidance", 403),
        ("dina", "guidance", 201),
        ("dina", "announcement", 403),
        ("eva", "announcement", 201),
        ("fons", "guidance", 201),
    ],
)
def test_kinds_and_who_starts_them(cast: Any, app: Any, who: str, kind: str, status: int) -> None:
    answer = api(app, cast, who, "POST", "/communities/een/threads", title="x", body="y", kind=kind)
    assert answer.status_code == status


def test_text_of_a_forbidden_kind_is_not_lost(cast: Any) -> None:
    sent = {"title": "Mijn titel", "body": "Mijn tekst", "kind": "announcement"}
    answer = cast.client("anna").post("/communities/een/threads", data=sent)
    assert answer.status_code == 403
    assert "Mijn titel" in answer.text
    assert "Mijn tekst" in answer.text


def test_pages_for_who_curates(cast: Any, thread: Any) -> None:
    assert "Verplaatsen" in cast.client("fons").get(f"/threads/{thread.id}/curation").text
    assert "Verplaatsen" not in cast.client("anna").get(f"/threads/{thread.id}/curation").text
    assert cast.client("chris").get(f"/threads/{thread.id}/curation").status_code == 404
