"""guidance.draft, guidance.edit, guidance.remove and guidance.restore: who writes, and that nothing is overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.guidance.conftest import LIST, TEXTS


def test_works(read: Any, send: Any) -> None:
    assert f'href="{LIST}/new"' in read("dina", LIST)
    assert f'href="{LIST}/new"' not in read("anna", LIST)
    answer = send("dina", LIST, title="Eerst de buren")
    assert answer.status_code == 303
    page = read("dina", answer.location)
    assert "Het concept staat klaar" not in page  # the message is on the next page of the browser itself
    url = answer.location.removesuffix("/edit")
    given = {**TEXTS, **{f"{name}_base": 1 for name in TEXTS}, "title": "Eerst bellen", "base_title": "Eerst de buren"}
    assert send("dina", url, **given).location == url
    page = read("anna", url)
    assert "<strong>eerst</strong>" in page
    assert "Dit is een concept" in page
    assert "Eerst bellen" in read("anna", LIST)


def test_works_by_api(ask: Any, draft: dict[str, Any]) -> None:
    assert (draft["status"], draft["version"], draft["owner"]) == ("draft", 0, "Dina Deskundig")
    assert [one["name"] for one in draft["sections"] if one["html"]] == ["situation", "works", "steps"]
    assert [one["id"] for one in ask("anna", "get", LIST).json["items"]] == [draft["id"]]
    assert ask("eva", "patch", draft["url"], title="Van Eva").json["title"] == "Van Eva"
    assert ask("dina", "delete", draft["url"]).status_code == 204
    assert ask("anna", "get", draft["url"]).status_code == 404
    assert ask("anna", "get", LIST).json["items"] == []
    assert ask("dina", "post", f"{draft['url']}/restoring").json["id"] == draft["id"]
    assert ask("anna", "get", draft["url"]).status_code == 200


def test_removing_can_be_undone_in_the_browser(cast: Any, draft: dict[str, Any]) -> None:
    browser = cast.client("dina")
    page = browser.post(f"{draft['url']}/delete", follow_redirects=True).text
    assert f'action="{draft["url"]}/restoring"' in page
    assert "Het concept staat er weer." in browser.post(f"{draft['url']}/restoring", follow_redirects=True).text


def test_two_people_never_overwrite_each_other(ask: Any, send: Any, draft: dict[str, Any]) -> None:
    url = draft["url"]
    assert ask("eva", "patch", url, works="Van Eva.", works_base=2).status_code == 200
    other = ask("dina", "patch", url, works="Van Dina.", works_base=2, why="Omdat.", why_base=1)
    assert (other.status_code, other.json["code"], set(other.json["errors"])) == (409, "changed", {"works"})
    assert other.json["sections"]["works"]["source"] == "Van Eva."
    assert all(not one["source"] for one in ask("dina", "get", url).json["sections"] if one["name"] == "why")
    page = send("dina", url, works="Van Dina.", works_base=2)
    assert page.status_code == 409
    assert "Van Eva." in page.text
    assert "Van Dina." in page.text
    assert 'name="works_base" value="3"' in page.text
    assert ask("dina", "patch", url, works="Samen.", works_base=3).status_code == 200
    # Another section than that of the other is no conflict.
    assert ask("eva", "patch", url, why="Omdat.", why_base=1).status_code == 200
    retitled = ask("dina", "patch", url, title="Anders", base_title="Iets van vroeger")
    assert set(retitled.json["errors"]) == {"title"}
    assert ask("dina", "patch", url, why="Zonder versie.").status_code == 428


def test_a_section_can_be_emptied(ask: Any, send: Any, read: Any, draft: dict[str, Any]) -> None:
    send("dina", draft["url"], title=draft["title"], situation="", situation_base=2)
    assert ask("dina", "get", draft["url"]).json["sections"][0]["html"] == ""
    assert "Situatie" not in read("anna", draft["url"]).partition("<form")[0]


def test_stranger_gets_404(ask: Any, draft: dict[str, Any]) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert ask(who, "post", LIST, title="Nee").status_code == 404
        assert ask(who, "get", draft["url"]).status_code == 404
        assert ask(who, "patch", draft["url"], title="Nee").status_code == 404
        assert ask(who, "delete", draft["url"]).status_code == 404
        assert ask(who, "post", f"{draft['url']}/restoring").status_code == 404


def test_wrong_role_gets_403(ask: Any, draft: dict[str, Any]) -> None:
    for who in ("anna", "bram", "gerda"):
        assert ask(who, "post", LIST, title="Nee").status_code == 403
        assert ask(who, "patch", draft["url"], title="Nee").status_code == 403
        assert ask(who, "delete", draft["url"]).status_code == 403
        assert ask(who, "post", f"{draft['url']}/restoring").status_code == 403


def test_bad_input_names_the_field(ask: Any, send: Any, draft: dict[str, Any]) -> None:
    assert set(ask("dina", "post", LIST, title=" ").json["errors"]) == {"title"}
    assert set(ask("dina", "patch", draft["url"], title="").json["errors"]) == {"title"}
    bsn = ask("dina", "patch", draft["url"], works="Haar nummer is 111222333.", works_base=2)
    assert set(bsn.json["errors"]) == {"works"}
    page = send("dina", draft["url"], title="", works="Een nieuwe tekst.", works_base=2)
    assert page.status_code == 422
    assert "Een nieuwe tekst." in page.text


@pytest.mark.usefixtures("draft")
def test_is_journalled(ask: Any, journalled: Any, draft: dict[str, Any]) -> None:
    assert journalled("guidance.draft") == ("Dina Deskundig", {"card": draft["id"]})
    assert journalled("guidance.edit") == ("Dina Deskundig", {"sections": 3})
    ask("dina", "delete", draft["url"])
    ask("dina", "post", f"{draft['url']}/restoring")
    assert journalled("guidance.remove")[0] == journalled("guidance.restore")[0] == "Dina Deskundig"


def test_only_what_was_never_adopted_is_removed(ask: Any, adopted: dict[str, Any]) -> None:
    assert ask("dina", "delete", adopted["url"]).status_code == 409
    fixed = ask("dina", "patch", adopted["url"], works="Anders.", works_base=2)
    assert (fixed.status_code, fixed.json["code"]) == (409, "fixed")
