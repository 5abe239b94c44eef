"""posts.edit, posts.retract, posts.restore, posts.react, posts.unreact: one's own posts."""

from __future__ import annotations

from typing import Any

import pytest


def api(app: Any, cast: Any, who: str, method: str, path: str, **sent: Any) -> Any:
    return app.test_client().open(
        f"/api/v1{path}", method=method, headers=cast.api(who), **({"json": sent} if sent else {})
    )


def test_edit_keeps_history(cast: Any, thread: Any, app: Any) -> None:
    answer = api(app, cast, "bram", "PATCH", f"/posts/{thread.reply}", body="De huismeester én wij.", base_version=1)
    assert (answer.status_code, answer.json["version"]) == (200, 2)
    assert "Onze huismeester." in cast.client("anna").get(f"/posts/{thread.reply}/acts").text


def test_edit_by_form(cast: Any, thread: Any) -> None:
    form = cast.client("bram").get(f"/posts/{thread.reply}/edit")
    assert "Onze huismeester." in form.text
    answer = cast.client("bram").post(f"/posts/{thread.reply}", data={"body": "Anders", "base_version": "1"})
    assert answer.status_code == 302 or answer.status_code == 303
    assert "Anders" in cast.client("anna").get(f"/threads/{thread.id}").text


def test_two_who_save_the_same_version(cast: Any, thread: Any, app: Any) -> None:
    api(app, cast, "bram", "PATCH", f"/posts/{thread.reply}", body="Eerst", base_version=1)
    second = api(app, cast, "bram", "PATCH", f"/posts/{thread.reply}", body="Daarna", base_version=1)
    assert (second.status_code, second.json["version"]) == (409, 2)
    page = cast.client("bram").post(f"/posts/{thread.reply}", data={"body": "Daarna", "base_version": "1"})
    assert page.status_code == 409
    assert "Eerst" in page.text
    assert "Daarna" in page.text


def test_retract_and_put_back(cast: Any, thread: Any, app: Any) -> None:
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
@pytest.mark.parametrize(
    ("who", "status"), [("chris", 404), ("hans", 404), ("anna", 403), ("eva", 403), ("gerda", 403)]
)
def test_only_the_author(cast: Any, thread: Any, app: Any, method: str, path: str, who: str, status: int) -> None:
    assert api(app, cast, who, method, f"/posts/{thread.reply}{path}", body="x").status_code == status


@pytest.mark.parametrize("who", ["anna", "dina", "eva", "fons"])
def test_react(cast: Any, thread: Any, app: Any, who: str) -> None:
    assert api(app, cast, who, "PUT", f"/posts/{thread.reply}/reactions/thanks").status_code == 200
    assert api(app, cast, who, "PUT", f"/posts/{thread.reply}/reactions/thanks").status_code == 200
    assert f'data-people="{getattr(cast, who)}"' in cast.client("bram").get(f"/threads/{thread.id}").text
    assert api(app, cast, who, "DELETE", f"/posts/{thread.reply}/reactions/thanks").status_code == 200
    assert f'data-people="{getattr(cast, who)}"' not in cast.client("bram").get(f"/threads/{thread.id}").text


def test_react_refused(cast: Any, thread: Any, app: Any) -> None:
    assert api(app, cast, "chris", "PUT", f"/posts/{thread.reply}/reactions/thanks").status_code == 404
    assert api(app, cast, "gerda", "PUT", f"/posts/{thread.reply}/reactions/thanks").status_code == 403
    assert api(app, cast, "anna", "PUT", f"/posts/{thread.reply}/reactions/hoera").status_code == 422


def test_journal(cast: Any, thread: Any, app: Any, told: Any) -> None:
    api(app, cast, "bram", "PATCH", f"/posts/{thread.reply}", body="x")
    api(app, cast, "bram", "DELETE", f"/posts/{thread.reply}")
    api(app, cast, "bram", "POST", f"/posts/{thread.reply}/restoring")
    api(app, cast, "bram", "PUT", f"/posts/{thread.reply}/reactions/idea")
    assert [len(told(v)) for v in ("posts.edit", "posts.retract", "posts.restore", "posts.react")] == [1, 1, 1, 0]
    assert "huismeester" not in str([e.details for e in told("posts.edit")])
