"""Curation: threads.pin, threads.unpin, threads.close, threads.reopen, threads.feature, threads.unfeature,
threads.retitle, threads.move, threads.hide, threads.unhide, threads.retract, threads.answer, threads.unanswer,
posts.hide, posts.unhide."""

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
def test_works(cast: Any, thread: Any, noun: str, field: str, on: str, off: str, who: str) -> None:
    assert cast.client(who).post(f"/threads/{thread.id}/{noun}").status_code == 303
    assert cast.client(who).post(f"/threads/{thread.id}/{noun}/delete").status_code == 303


@pytest.mark.parametrize(("noun", "field", "on", "off"), STATES)
@pytest.mark.parametrize("who", ["eva", "fons"])
def test_works_by_api(cast: Any, thread: Any, app: Any, noun: str, field: str, on: str, off: str, who: str) -> None:
    assert api(app, cast, who, "PUT", f"/threads/{thread.id}/{noun}").json[field] is True
    assert api(app, cast, who, "PUT", f"/threads/{thread.id}/{noun}").json[field] is True
    assert api(app, cast, who, "DELETE", f"/threads/{thread.id}/{noun}").json[field] is False


@pytest.mark.parametrize(("noun", "field", "on", "off"), STATES)
def test_is_journalled(
    cast: Any, thread: Any, app: Any, journal_entries: Any, noun: str, field: str, on: str, off: str
) -> None:
    for method, verb in (("PUT", on), ("DELETE", off)):
        api(app, cast, "eva", method, f"/threads/{thread.id}/{noun}")
        assert journal_entries(verb)


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
@pytest.mark.parametrize("who", ["chris", "jan", "hans"])
def test_stranger_gets_404(cast: Any, thread: Any, app: Any, method: str, noun: str, sent: Any, who: str) -> None:
    assert api(app, cast, who, method, f"/threads/{thread.id}/{noun}", **sent).status_code == 404


@pytest.mark.parametrize(("method", "noun", "sent"), ACTS)
@pytest.mark.parametrize("who", ["anna", "dina", "gerda"])
def test_wrong_role_gets_403(cast: Any, thread: Any, app: Any, method: str, noun: str, sent: Any, who: str) -> None:
    assert api(app, cast, who, method, f"/threads/{thread.id}/{noun}", **sent).status_code == 403


def test_closed_thread_is_read_only(cast: Any, thread: Any, app: Any) -> None:
    api(app, cast, "eva", "PUT", f"/threads/{thread.id}/closure")
    assert api(app, cast, "anna", "POST", f"/threads/{thread.id}/posts", body="x").status_code == 403
    assert cast.client("anna").get(f"/threads/{thread.id}").status_code == 200


def test_works_by_api_for_retitle(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    assert (
        api(app, cast, "anna", "PATCH", f"/threads/{thread.id}", title="Nazorg", base_version=1).json["title"]
        == "Nazorg"
    )
    assert len(journal_entries("threads.retitle")) == 1


def test_two_titles_at_once_get_409_and_replies_do_not(cast: Any, thread: Any, app: Any) -> None:
    path = f"/threads/{thread.id}"
    read = api(app, cast, "anna", "GET", path).json["version"]
    api(app, cast, "bram", "POST", f"{path}/posts", body="Nog een reactie.")
    assert api(app, cast, "anna", "PATCH", path, title="Nazorg", base_version=read).status_code == 200
    refused = api(app, cast, "eva", "PATCH", path, title="Nazorg na verhuizing", base_version=read)
    assert (refused.status_code, refused.json["title"]) == (409, "Nazorg")
    assert api(app, cast, "eva", "PATCH", path, title="Later", base_version=refused.json["version"]).status_code == 200


def test_stranger_gets_404_for_retitle(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "chris", "PATCH", f"/threads/{thread.id}", title="x").status_code == 404


def test_wrong_role_gets_403_for_retitle(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "bram", "PATCH", f"/threads/{thread.id}", title="x").status_code == 403


def test_bad_input_names_the_field_for_retitle(cast: Any, thread: Any, app: Any) -> None:
    assert list(api(app, cast, "eva", "PATCH", f"/threads/{thread.id}", title=" ").json["errors"]) == ["title"]


def test_bad_input_names_the_field_for_move(cast: Any, thread: Any, app: Any) -> None:
    answer = api(app, cast, "eva", "POST", f"/threads/{thread.id}/move", community="twee")
    assert answer.status_code == 422  # Eva cannot see that community


def test_works_by_api_for_move(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    assert api(app, cast, "fons", "POST", f"/threads/{thread.id}/move", community="twee").json["community"] == cast.two
    assert cast.client("anna").get(f"/threads/{thread.id}").status_code == 404
    assert cast.client("anna").get(f"/posts/{thread.reply}").status_code == 404
    assert "Onze huismeester" in cast.client("chris").get(f"/threads/{thread.id}").text
    assert journal_entries("threads.move")[-1].details == {"before": cast.one, "after": cast.two}


def test_bad_input_names_the_field_for_hide(cast: Any, thread: Any, app: Any) -> None:
    assert list(api(app, cast, "eva", "PUT", f"/threads/{thread.id}/hiding", reason="").json["errors"]) == ["reason"]


def test_works_by_api_for_hide(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    api(app, cast, "eva", "PUT", f"/threads/{thread.id}/hiding", reason="Een bewoner is herkenbaar.")
    for who in ("bram", "dina", "gerda"):
        assert cast.client(who).get(f"/threads/{thread.id}").status_code == 404
        assert cast.client(who).get(f"/posts/{thread.reply}").status_code == 404
        assert "Wie belt" not in cast.client(who).get("/communities/een/threads").text
    for who in ("anna", "eva", "fons"):
        assert "Een bewoner is herkenbaar." in cast.client(who).get(f"/threads/{thread.id}").text
    api(app, cast, "eva", "DELETE", f"/threads/{thread.id}/hiding")
    assert cast.client("bram").get(f"/threads/{thread.id}").status_code == 200
    assert journal_entries("threads.hide")[-1].details == {}
    assert journal_entries("threads.unhide")


def test_stranger_gets_404_for_posts_hide(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "chris", "PUT", f"/posts/{thread.reply}/hiding", reason="x").status_code == 404


@pytest.mark.parametrize("who", ["anna", "gerda"])
def test_wrong_role_gets_403_for_posts_hide(cast: Any, thread: Any, app: Any, who: str) -> None:
    assert api(app, cast, who, "PUT", f"/posts/{thread.reply}/hiding", reason="x").status_code == 403


def test_works_by_api_for_posts_hide(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    assert (
        api(app, cast, "eva", "PUT", f"/posts/{thread.reply}/hiding", reason="Naam van een bewoner").json["html"] == ""
    )
    page = cast.client("anna").get(f"/threads/{thread.id}").text
    assert "huismeester" not in page
    assert "Naam van een bewoner" in page
    assert "huismeester" in cast.client("eva").get(f"/posts/{thread.reply}/acts").text
    assert api(app, cast, "bram", "POST", f"/posts/{thread.reply}/restoring").json["state"] == "hidden"
    assert api(app, cast, "eva", "DELETE", f"/posts/{thread.reply}/hiding").json["state"] == "live"
    assert (len(journal_entries("posts.hide")), len(journal_entries("posts.unhide"))) == (1, 1)


def test_stranger_gets_404_for_answer(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "chris", "PUT", f"/threads/{thread.id}/answer", post=thread.reply).status_code == 404


def test_wrong_role_gets_403_for_answer(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "bram", "PUT", f"/threads/{thread.id}/answer", post=thread.reply).status_code == 403


def test_bad_input_names_the_field_for_answer(cast: Any, thread: Any, app: Any) -> None:
    answer = api(app, cast, "anna", "PUT", f"/threads/{thread.id}/answer", post=thread.opening)
    assert list(answer.json["errors"]) == ["post"]


def test_works_by_api_for_answer(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    assert (
        api(app, cast, "anna", "PUT", f"/threads/{thread.id}/answer", post=thread.reply).json["answer"] == thread.reply
    )
    assert 'id="answer"' not in cast.client("gerda").get(f"/threads/{thread.id}").text  # it is the first reply
    later = api(app, cast, "bram", "POST", f"/threads/{thread.id}/posts", body="En de wijkverpleegkundige.").json["id"]
    api(app, cast, "anna", "PUT", f"/threads/{thread.id}/answer", post=later)
    page = cast.client("gerda").get(f"/threads/{thread.id}").text
    assert page.index('id="answer"') < page.index(f'id="post-{thread.reply}"') < page.index(f'id="post-{later}"')
    assert api(app, cast, "eva", "DELETE", f"/threads/{thread.id}/answer").json["answer"] is None
    assert (len(journal_entries("threads.answer")), len(journal_entries("threads.unanswer"))) == (2, 1)


def test_thread_with_replies_cannot_be_retracted(cast: Any, thread: Any, app: Any) -> None:
    assert list(api(app, cast, "anna", "DELETE", f"/threads/{thread.id}").json["errors"]) == ["thread"]


def test_works_by_api_for_retract(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    lonely = api(app, cast, "anna", "POST", "/communities/een/threads", title="Alleen", body="x").json["id"]
    assert api(app, cast, "eva", "DELETE", f"/threads/{lonely}").status_code == 403
    assert api(app, cast, "anna", "DELETE", f"/threads/{lonely}").json["state"] == "retracted"
    assert cast.client("bram").get(f"/threads/{lonely}").status_code == 404
    assert journal_entries("threads.retract")


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_retracted_thread_is_gone_for_its_author_too(cast: Any, app: Any, who: str) -> None:
    made = api(app, cast, "anna", "POST", "/communities/een/threads", title="Ingetrokken", body="x").json
    (opening,) = api(app, cast, "anna", "GET", f"{made['url']}/posts").json["items"]
    api(app, cast, "anna", "DELETE", made["url"])
    reader = cast.client(who)
    assert [reader.get(path).status_code for path in (made["url"], opening["url"])] == [404, 404]
    assert "Ingetrokken" not in reader.get("/communities/een/threads").text


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
def test_role_decides_who_starts_guidance_and_announcements(
    cast: Any, app: Any, who: str, kind: str, status: int
) -> None:
    answer = api(app, cast, who, "POST", "/communities/een/threads", title="x", body="y", kind=kind)
    assert answer.status_code == status


def test_text_of_a_forbidden_kind_is_not_lost(cast: Any) -> None:
    sent = {"title": "Mijn titel", "body": "Mijn tekst", "kind": "announcement"}
    answer = cast.client("anna").post("/communities/een/threads", data=sent)
    assert answer.status_code == 403
    assert "Mijn titel" in answer.text
    assert "Mijn tekst" in answer.text


def test_curation_page_depends_on_the_role(cast: Any, thread: Any) -> None:
    assert "Verplaatsen" in cast.client("fons").get(f"/threads/{thread.id}/curation").text
    assert "Verplaatsen" not in cast.client("anna").get(f"/threads/{thread.id}/curation").text
    assert cast.client("chris").get(f"/threads/{thread.id}/curation").status_code == 404
