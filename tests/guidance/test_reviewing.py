"""guidance.review, guidance.withdraw, guidance.advise, guidance.comment, guidance.settle, guidance.reopen and
guidance.uncomment: from a draft to an approval."""

from __future__ import annotations

from typing import Any

import pytest

from tests.guidance.conftest import LIST


def test_works(read: Any, send: Any, cast: Any, draft: dict[str, Any], notices: Any) -> None:
    url = draft["url"]
    page = read("dina", url)
    assert "Laten beoordelen" in page
    assert f'<option value="{cast.eva}">' in page
    assert f'<option value="{cast.dina}">' not in page.partition('id="f-owner"')[0], "nobody reviews their own"
    assert send("dina", f"{url}/review", reviewer=cast.eva).status_code == 303
    assert notices("eva") == ["card_review"]
    assert "vraagt u deze handreiking te beoordelen" in read("eva", "/notices")
    assert "Uw oordeel" in read("eva", url)
    assert "Uw oordeel" not in read("fons", url)
    assert send("eva", f"{url}/comments", section="works", text="Noem ook de huismeester.").status_code == 303
    page = read("dina", url)
    assert "Noem ook de huismeester." in page
    assert "bij ‘Wat werkt’" in page
    assert send("eva", f"{url}/advice", advice="changes", word="Maak de stappen korter.").status_code == 303
    assert notices("dina") == ["card_comment", "card_changes"]
    assert "Maak de stappen korter." in read("dina", url)
    assert "Laten beoordelen" in read("dina", url)


def test_works_by_api(ask: Any, cast: Any, draft: dict[str, Any], notices: Any) -> None:
    url = draft["url"]
    assert ask("dina", "put", f"{url}/review").json["reviewer"] == ""
    assert notices("eva") == notices("fons") == ["card_review"]
    assert ask("dina", "delete", f"{url}/review").json["status"] == "draft"
    ask("dina", "put", f"{url}/review", reviewer=cast.eva)
    said = ask("anna", "post", f"{url}/comments", text="Goed bruikbaar.").json
    assert (said["author"], said["settled"], said["section"]) == ("Anna Adem", False, "")
    assert ask("dina", "put", f"/guidance/comments/{said['id']}/settlement").json["settled"] is True
    assert ask("dina", "delete", f"/guidance/comments/{said['id']}/settlement").json["settled"] is False
    assert ask("anna", "delete", f"/guidance/comments/{said['id']}").status_code == 204
    assert ask("dina", "get", url).json["comments"] == []
    found = ask("eva", "put", f"{url}/advice", advice="approved").json
    assert (found["status"], found["approved"]) == ("review", True)
    assert notices("dina")[-1] == "card_approved"


def test_an_approval_is_void_when_the_text_changes(ask: Any, approved: dict[str, Any]) -> None:
    answer = ask("dina", "patch", approved["url"], why="Omdat het scheelt.", why_base=1)
    assert answer.json["approved"] is False
    assert ask("dina", "put", f"{approved['url']}/adoption").json["code"] == "unapproved"


def test_stranger_gets_404(ask: Any, reviewed: dict[str, Any]) -> None:
    url = reviewed["url"]
    said = ask("anna", "post", f"{url}/comments", text="Goed bruikbaar.").json["id"]
    for who in ("chris", "jan", "iris"):
        for method, path, given in requests(url, said):
            assert ask(who, method, path, **given).status_code == 404, path


def requests(url: str, comment: int) -> list[tuple[str, str, dict[str, str]]]:
    return [
        ("put", f"{url}/review", {}),
        ("put", f"{url}/advice", {"advice": "approved"}),
        ("post", f"{url}/comments", {"text": "Nee"}),
        ("put", f"/guidance/comments/{comment}/settlement", {}),
        ("delete", f"/guidance/comments/{comment}/settlement", {}),
        ("delete", f"/guidance/comments/{comment}", {}),
        ("delete", f"{url}/review", {}),
    ]


def test_wrong_role_gets_403(ask: Any, reviewed: dict[str, Any]) -> None:
    url = reviewed["url"]
    said = ask("anna", "post", f"{url}/comments", text="Goed bruikbaar.").json["id"]
    for method, path, given in requests(url, said):
        assert ask("gerda", method, path, **given).status_code == 403, path
        if path != f"{url}/comments":
            assert ask("bram", method, path, **given).status_code == 403, path
    for who in ("dina", "fons"):  # its owner, and somebody else than was asked
        assert ask(who, "put", f"{url}/advice", advice="approved").status_code == 403


def test_nobody_reviews_their_own(ask: Any, cast: Any) -> None:
    own = ask("eva", "post", LIST, title="Van Eva").json
    ask("eva", "patch", own["url"], works="Zo.", works_base=1)
    wrong = ask("eva", "put", f"{own['url']}/review", reviewer=cast.eva)
    assert set(wrong.json["errors"]) == {"reviewer"}
    ask("eva", "put", f"{own['url']}/review")
    assert ask("eva", "put", f"{own['url']}/advice", advice="approved").status_code == 403
    assert ask("fons", "put", f"{own['url']}/advice", advice="approved").status_code == 200


def test_bad_input_names_the_field(ask: Any, send: Any, cast: Any, draft: dict[str, Any]) -> None:
    url = draft["url"]
    for wrong in (cast.anna, cast.jan, cast.dina, 999):
        assert set(ask("dina", "put", f"{url}/review", reviewer=wrong).json["errors"]) == {"reviewer"}
    empty = ask("dina", "post", LIST, title="Leeg").json
    assert set(ask("dina", "put", f"{empty['url']}/review").json["errors"]) == {"reviewer"}
    assert set(ask("anna", "post", f"{url}/comments", text=" ").json["errors"]) == {"text"}
    assert set(ask("anna", "post", f"{url}/comments", text="x" * 1001).json["errors"]) == {"text"}
    ask("dina", "put", f"{url}/review", reviewer=cast.eva)
    assert set(ask("eva", "put", f"{url}/advice", advice="changes").json["errors"]) == {"word"}
    assert set(ask("eva", "put", f"{url}/advice", advice="misschien").json["errors"]) == {"advice"}
    page = send("anna", f"{url}/comments", text="Zij heeft 111222333, en dat hoort hier niet.")
    assert page.status_code == 422
    assert "hoort hier niet" in page.text


@pytest.mark.usefixtures("cast")
def test_is_journalled(ask: Any, journalled: Any, cast: Any, reviewed: dict[str, Any]) -> None:
    url, id = reviewed["url"], reviewed["id"]
    assert journalled("guidance.review")[1] == {"card": id, "people": [cast.eva], "why": "card_review"}
    said = ask("anna", "post", f"{url}/comments", text="Goed bruikbaar.").json["id"]
    assert journalled("guidance.comment")[1]["comment"] == said
    ask("dina", "put", f"/guidance/comments/{said}/settlement")
    ask("dina", "delete", f"/guidance/comments/{said}/settlement")
    ask("anna", "delete", f"/guidance/comments/{said}")
    ask("eva", "put", f"{url}/advice", advice="approved")
    assert journalled("guidance.advise")[1]["advice"] == "approved"
    ask("dina", "delete", f"{url}/review")
    for verb, who in (("settle", "Dina"), ("reopen", "Dina"), ("uncomment", "Anna"), ("withdraw", "Dina")):
        assert journalled(f"guidance.{verb}")[0].startswith(who)
