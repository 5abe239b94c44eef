"""posts.edit, posts.retract, posts.restore, posts.react, posts.unreact."""

from __future__ import annotations

from typing import Any

import pytest


def api(app: Any, cast: Any, who: str, method: str, path: str, **sent: Any) -> Any:
    return app.test_client().open(
        f"/api/v1{path}", method=method, headers=cast.api(who), **({"json": sent} if sent else {})
    )


def test_works_by_api_and_keeps_the_history(cast: Any, thread: Any, app: Any) -> None:
    answer = api(app, cast, "bram", "PATCH", f"/posts/{thread.reply}", body="De huismeester én wij.", base_version=1)
    assert (answer.status_code, answer.json["version"]) == (200, 2)
    assert "Onze huismeester." in cast.client("anna").get(f"/posts/{thread.reply}/acts").text


def test_works(cast: Any, thread: Any) -> None:
    form = cast.client("bram").get(f"/posts/{thread.reply}/edit")
    assert "Onze huismeester." in form.text
    answer = cast.client("bram").post(f"/posts/{thread.reply}", data={"body": "Anders", "base_version": "1"})
    assert answer.status_code == 302 or answer.status_code == 303
    assert "Anders" in cast.client("anna").get(f"/threads/{thread.id}").text


def test_edit_conflict_gets_409(cast: Any, thread: Any, app: Any) -> None:
    api(app, cast, "bram", "PATCH", f"/posts/{thread.reply}", body="Eerst", base_version=1)
    second = api(app, cast, "bram", "PATCH", f"/posts/{thread.reply}", body="Daarna", base_version=1)
    assert (second.status_code, second.json["version"]) == (409, 2)
    page = cast.client("bram").post(f"/posts/{thread.reply}", data={"body": "Daarna", "base_version": "1"})
    assert page.status_code == 409
    assert "Eerst" in page.text
    assert "Daarna" in page.text


def test_works_by_api_for_retract_and_restore(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "bram", "DELETE", f"/posts/{thread.reply}").json["state"] == "retracted"
    for who in ("anna", "eva", "bram"):
        assert "huismeester" not in cast.client(who).get(f"/threads/{thread.id}").text
    item = (
        app.test_client()
        .get(f"/api/v1/threads/{thread.id}/posts?changed_after=2", headers=cast.api("anna"))
        .json["items"][0]
    )
    assert (item["state"], item["html"]) == ("retracted", "")
    assert "huismeester" not in cast.client("anna").get(f"/posts/{thread.reply}/acts").text
    assert "huismeester" in cast.client("bram").get(f"/posts/{thread.reply}/acts").text
    assert api(app, cast, "bram", "POST", f"/posts/{thread.reply}/restoring").json["state"] == "live"
    assert "huismeester" in cast.client("anna").get(f"/threads/{thread.id}").text


@pytest.mark.parametrize(("method", "path"), [("PATCH", ""), ("DELETE", ""), ("POST", "/restoring")])
@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(cast: Any, thread: Any, app: Any, method: str, path: str, who: str) -> None:
    assert api(app, cast, who, method, f"/posts/{thread.reply}{path}", body="x").status_code == 404


@pytest.mark.parametrize(("method", "path"), [("PATCH", ""), ("DELETE", ""), ("POST", "/restoring")])
@pytest.mark.parametrize("who", ["anna", "eva", "gerda"])
def test_wrong_role_gets_403(cast: Any, thread: Any, app: Any, method: str, path: str, who: str) -> None:
    assert api(app, cast, who, method, f"/posts/{thread.reply}{path}", body="x").status_code == 403


@pytest.mark.parametrize("who", ["anna", "dina", "eva", "fons"])
def test_works_by_api_for_react(cast: Any, thread: Any, app: Any, who: str) -> None:
    assert api(app, cast, who, "PUT", f"/posts/{thread.reply}/reactions/thanks").status_code == 200
    assert api(app, cast, who, "PUT", f"/posts/{thread.reply}/reactions/thanks").status_code == 200
    assert f'data-people="{getattr(cast, who)}"' in cast.client("bram").get(f"/threads/{thread.id}").text
    assert api(app, cast, who, "DELETE", f"/posts/{thread.reply}/reactions/thanks").status_code == 200
    assert f'data-people="{getattr(cast, who)}"' not in cast.client("bram").get(f"/threads/{thread.id}").text


def test_stranger_gets_404_for_react(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "chris", "PUT", f"/posts/{thread.reply}/reactions/thanks").status_code == 404


def test_wrong_role_gets_403_for_react(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "gerda", "PUT", f"/posts/{thread.reply}/reactions/thanks").status_code == 403


def test_bad_input_names_the_field_for_react(cast: Any, thread: Any, app: Any) -> None:
    answer = api(app, cast, "anna", "PUT", f"/posts/{thread.reply}/reactions/hoera")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["kind"])


def test_is_journalled(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    api(app, cast, "bram", "PATCH", f"/posts/{thread.reply}", body="x", base_version=1)
    api(app, cast, "bram", "DELETE", f"/posts/{thread.reply}")
    api(app, cast, "bram", "POST", f"/posts/{thread.reply}/restoring")
    assert [len(journal_entries(v)) for v in ("posts.edit", "posts.retract", "posts.restore")] == [1, 1, 1]
    assert "huismeester" not in str([e.details for e in journal_entries("posts.edit")])


def test_is_not_journalled_for_react(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    for method in ("PUT", "DELETE"):
        api(app, cast, "bram", method, f"/posts/{thread.reply}/reactions/idea")
    assert journal_entries("posts.react") == journal_entries("posts.unreact") == []
