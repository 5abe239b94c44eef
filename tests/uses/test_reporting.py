"""uses.report, uses.edit, uses.withdraw and uses.restore: who used what, for what, and for which partnership."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from tests.uses.conftest import PURPOSE

CHANGED = "Wij haalden punt 4 eruit."


def test_works(cast: Any, shared: SimpleNamespace, read: Any) -> None:
    url = f"/things/{shared.post}/uses"
    assert f'href="{url}#report"' in read("anna", f"/posts/{shared.post}/acts")
    page = read("anna", url)
    assert "Nog niemand zei dit te gebruiken" in page
    assert "Duo Proefdam" in page
    assert "Duo Proefveen" not in page, "a partnership of somebody else"
    given = {"purpose": PURPOSE, "changed": CHANGED, "partnership": str(shared.duo)}
    page = cast.client("anna").post(url, data=given, follow_redirects=True).text
    assert "De schrijver hoort het binnen een week" in page
    for words in (PURPOSE, CHANGED, "Duo Proefdam", "Dit is gebruikt door 1 samenwerking."):
        assert words in read("bram", url)
    assert f'action="{url}"' not in read("bram", url), "the author"


@pytest.mark.parametrize("what", ["post", "file"])
def test_works_by_api(ask: Any, use: Any, uses: Any, shared: SimpleNamespace, what: str) -> None:
    thing = getattr(shared, what)
    made = use("gerda", thing, changed=CHANGED, partnership=shared.duo)
    assert (made["purpose"], made["changed"], made["state"]) == (PURPOSE, CHANGED, "standing")
    assert (made["person"], made["organisation"]) == ("Gerda Gids", "Gemeente Proefdam")
    assert (made["partnership_id"], made["partnership"]) == (shared.duo, "Duo Proefdam")
    assert ask("anna", "get", made["url"]).json == made
    assert uses("anna", thing) == [made["id"]]


def test_works_for_edit(ask: Any, cast: Any, use: Any, shared: SimpleNamespace) -> None:
    made = use(changed=CHANGED)
    edited = ask("anna", "patch", made["url"], purpose="Iets anders", partnership=shared.duo).json
    assert (edited["purpose"], edited["changed"], edited["partnership_id"]) == ("Iets anders", CHANGED, shared.duo)
    page = cast.client("anna").post(
        made["url"], data={"purpose": PURPOSE, "changed": "", "partnership": "0"}, follow_redirects=True
    )
    assert "De wijziging is opgeslagen" in page.text
    edited = ask("anna", "get", made["url"]).json
    assert (edited["purpose"], edited["changed"], edited["partnership_id"]) == (PURPOSE, "", None)


def test_works_for_withdraw_and_restore(ask: Any, cast: Any, use: Any, uses: Any) -> None:
    made = use()
    page = cast.client("anna").post(f"{made['url']}/delete", follow_redirects=True).text
    assert f'action="{made["url"]}/restoring"' in page
    assert uses() == []
    assert ask("anna", "delete", made["url"]).json["state"] == "withdrawn", "a second time"
    assert ask("gerda", "get", made["url"]).status_code == 404
    assert ask("eva", "get", made["url"]).status_code == 200, "a moderator"
    assert ask("anna", "patch", made["url"], purpose="Toch").status_code == 409
    assert ask("anna", "post", f"{made['url']}/restoring").json["state"] == "standing"
    assert uses() == [made["id"]]


def test_moderator_withdraws(ask: Any, use: Any, uses: Any) -> None:
    made = use()
    assert ask("eva", "delete", made["url"]).status_code == 200
    assert uses() == []


def test_again_says_so_until_it_is_withdrawn(ask: Any, cast: Any, use: Any, uses: Any, shared: SimpleNamespace) -> None:
    made = use()
    url = f"/things/{shared.post}/uses"
    again = ask("anna", "post", url, purpose="Nog iets")
    assert (again.status_code, again.json["code"]) == (409, "used")
    page = cast.client("anna").post(url, data={"purpose": "Nog iets bijzonders"}).text
    assert "Nog iets bijzonders" in page, "what was typed stays"
    for_duo = use(partnership=shared.duo)
    assert ask("anna", "patch", made["url"], partnership=shared.duo).status_code == 409
    ask("anna", "delete", made["url"])
    anew = use()
    assert ask("anna", "post", f"{made['url']}/restoring").status_code == 409
    assert uses() == [anew["id"], for_duo["id"]]


def test_wrong_role_gets_403(ask: Any, use: Any, shared: SimpleNamespace) -> None:
    made = use()
    assert ask("bram", "post", f"/things/{shared.post}/uses", purpose=PURPOSE).status_code == 403, "the author"
    for who in ("bram", "gerda", "eva"):
        assert ask(who, "patch", made["url"], purpose="Anders").status_code == 403
    for who in ("bram", "gerda", "dina"):
        assert ask(who, "delete", made["url"]).status_code == 403
    ask("anna", "delete", made["url"])
    for who in ("bram", "gerda", "dina"):
        assert ask(who, "post", f"{made['url']}/restoring").status_code == 404


def test_stranger_gets_404(ask: Any, use: Any, shared: SimpleNamespace) -> None:
    made = use()
    for who in ("chris", "hans", "jan", "iris"):
        assert ask(who, "get", f"/things/{shared.post}/uses").status_code == 404
        assert ask(who, "post", f"/things/{shared.post}/uses", purpose=PURPOSE).status_code == 404
        for method, url in (
            ("get", made["url"]),
            ("patch", made["url"]),
            ("delete", made["url"]),
            ("post", f"{made['url']}/restoring"),
        ):
            assert ask(who, method, url).status_code == 404


def test_bad_input_names_the_field(ask: Any, cast: Any, use: Any, shared: SimpleNamespace) -> None:
    url = f"/things/{shared.post}/uses"
    for given, field in (
        ({"purpose": " "}, "purpose"),
        ({"purpose": "x" * 201}, "purpose"),
        ({"purpose": "Zij heeft 111222333"}, "purpose"),
        ({"purpose": PURPOSE, "changed": "x" * 1001}, "changed"),
        ({"purpose": PURPOSE, "partnership": shared.other}, "partnership"),
    ):
        answer = ask("anna", "post", url, **given)
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field}), given
    answer = cast.client("anna").post(url, data={"purpose": "", "changed": CHANGED})
    assert answer.status_code == 422
    assert 'id="f-purpose-error"' in answer.text
    assert CHANGED in answer.text
    made = use()
    assert set(ask("anna", "patch", made["url"], purpose="").json["errors"]) == {"purpose"}
    assert set(ask("anna", "patch", made["url"], partnership=shared.other).json["errors"]) == {"partnership"}


def test_a_question_is_not_used_but_its_answers(ask: Any, read: Any, shared: SimpleNamespace) -> None:
    assert "Ik heb dit gebruikt" not in read("gerda", f"/posts/{shared.opening}/acts")
    for thing in (shared.opening, shared.thread):
        assert ask("gerda", "post", f"/things/{thing}/uses", purpose=PURPOSE).status_code == 409


def test_what_is_not_shown_cannot_be_used(ask: Any, use: Any, uses: Any, shared: SimpleNamespace) -> None:
    made = use()
    ask("bram", "delete", f"/posts/{shared.post}")
    assert ask("gerda", "post", f"/things/{shared.post}/uses", purpose=PURPOSE).status_code == 404
    assert ask("anna", "get", made["url"]).status_code == 404
    ask("bram", "post", f"/posts/{shared.post}/restoring")
    assert uses() == [made["id"]]


def test_list_goes_on(ask: Any, use: Any, shared: SimpleNamespace) -> None:
    made = [use(who)["id"] for who in ("anna", "gerda", "dina")]
    first = ask("eva", "get", f"/things/{shared.post}/uses", limit=2).json
    rest = ask("eva", "get", first["next"].removeprefix("/api/v1")).json
    assert [row["id"] for row in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None


def test_is_journalled(ask: Any, use: Any, journal: Any, shared: SimpleNamespace) -> None:
    made = use(changed=CHANGED, partnership=shared.duo)
    ask("anna", "patch", made["url"], changed=f"{CHANGED}!")
    ask("anna", "delete", made["url"])
    ask("anna", "post", f"{made['url']}/restoring")
    entries = [entry for verb in ("report", "edit", "withdraw", "restore") for entry in journal(f"uses.{verb}")]
    assert len(entries) == 4
    assert (entries[0]["use"], entries[0]["partnership"]) == (made["id"], shared.duo)
    assert PURPOSE not in json.dumps(entries)
    assert CHANGED not in json.dumps(entries)
