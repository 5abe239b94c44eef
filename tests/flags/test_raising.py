"""flags.raise, flags.edit and flags.withdraw: who may flag what, once, and who hears of it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from cop.flags.actions import MOST
from tests.flags.conftest import SECRET

TEXT = "Haar naam en straat staan erin."


def test_works(cast: Any, written: SimpleNamespace, read: Any, notices: Any) -> None:
    page = read("anna", f"/posts/{written.post}/acts")
    assert f'href="/things/{written.post}/flag"' in page
    assert "Meld dit bericht" in read("anna", f"/things/{written.post}/flag")
    client = cast.client("anna")
    answer = client.post(
        f"/things/{written.post}/flag", data={"reason": "privacy", "text": TEXT}, follow_redirects=True
    )
    assert "Dank u. De moderator bekijkt het" in answer.text
    assert "Wacht op de moderator" in answer.text
    assert "Wacht op de moderator" in read("anna", "/flags")
    assert {who: notices(who) for who in ("eva", "fons", "anna", "bram", "jan")} == {
        "eva": ["flag"],
        "fons": ["flag"],
        "anna": [],
        "bram": [],
        "jan": [],
    }
    page = read("eva", "/notices")
    assert "Er is iets gemeld in Eerste kring" in page
    assert "Anna" not in page


@pytest.mark.parametrize("what", ["opening", "post", "message", "file", "thread"])
def test_works_by_api(ask: Any, flag: Any, written: SimpleNamespace, desk: Any, what: str) -> None:
    made = flag("gerda", getattr(written, what), text=TEXT)
    assert (made["state"], made["reason"], made["text"], made["word"]) == ("open", "privacy", TEXT, "")
    assert ask("gerda", "get", made["url"]).json == made
    (row,) = desk()
    assert [(one["name"], one["text"]) for one in row["flags"]] == [("Gerda Gids", TEXT)]
    assert row["number"] == 1


def test_works_for_a_member(ask: Any, cast: Any, read: Any, desk: Any, notices: Any) -> None:
    url = f"/communities/een/members/{cast.bram}/flag"
    assert f'href="{url}"' in read("anna", f"/people/{cast.bram}")
    for own in (cast.anna, cast.fons):
        assert "/flag" not in read("anna", f"/people/{own}"), "oneself, and the team, who decides"
    assert ask("anna", "post", url, reason="rude").status_code == 201
    assert ask("anna", "post", f"/communities/een/members/{cast.fons}/flag", reason="rude").status_code == 404
    assert [row["about"] for row in desk()] == [f"/communities/een/members/{cast.bram}"]
    assert notices("fons") == ["flag"]


def test_again_says_so_and_can_be_changed(
    ask: Any, cast: Any, flag: Any, written: SimpleNamespace, desk: Any, notices: Any
) -> None:
    made = flag()
    again = ask("anna", "post", f"/things/{written.post}/flag", reason="rude")
    assert (again.status_code, again.json["code"]) == (409, "flagged")
    page = cast.client("anna").post(f"/things/{written.post}/flag", data={"reason": "rude"}).text
    assert "U hebt dit al gemeld" in page
    assert f'action="{made["url"]}"' in page
    assert ask("anna", "patch", made["url"], text=TEXT).json["text"] == TEXT
    flag("dina", reason="rude")
    (row,) = desk()
    assert (row["number"], [one["name"] for one in row["flags"]]) == (2, ["Anna Adem", "Dina Deskundig"])
    assert notices("eva") == ["flag"]  # one for each thing


def test_withdrawing_takes_it_from_the_desk(ask: Any, flag: Any, desk: Any, notices: Any) -> None:
    first, second = flag(), flag("dina")
    assert ask("anna", "delete", first["url"]).json["state"] == "withdrawn"
    assert [row["number"] for row in desk()] == [1]
    assert ask("anna", "patch", first["url"], text=TEXT).status_code == 409
    ask("dina", "delete", second["url"])
    assert ask("dina", "delete", second["url"]).status_code == 200
    assert (desk(), notices("eva")) == ([], [])
    flag()
    assert [row["number"] for row in desk()] == [1]


def test_wrong_role_gets_403(ask: Any, written: SimpleNamespace, cast: Any, read: Any) -> None:
    for thing in (written.post, written.message, written.file):
        assert ask("bram", "post", f"/things/{thing}/flag", reason="rude").status_code == 403
    assert ask("bram", "post", f"/communities/een/members/{cast.bram}/flag", reason="rude").status_code == 403
    assert "Meld dit" not in read("bram", f"/posts/{written.post}/acts")


def test_stranger_gets_404(ask: Any, flag: Any, written: SimpleNamespace) -> None:
    made = flag()
    for who in ("chris", "hans", "jan", "iris"):
        assert ask(who, "post", f"/things/{written.post}/flag", reason="rude").status_code == 404
    for who in ("bram", "dina", "eva", "fons", "chris", "iris"):
        assert ask(who, "get", made["url"]).status_code == 404
        assert ask(who, "patch", made["url"], text=TEXT).status_code == 404
        assert ask(who, "delete", made["url"]).status_code == 404


def test_bad_input_names_the_field(ask: Any, cast: Any, flag: Any, written: SimpleNamespace) -> None:
    url = f"/things/{written.post}/flag"
    assert set(ask("anna", "post", url, reason="zomaar").json["errors"]) == {"reason"}
    assert set(ask("anna", "post", url, reason="rude", text="x" * 501).json["errors"]) == {"text"}
    answer = cast.client("anna").post(url, data={"text": TEXT})
    assert answer.status_code == 422
    assert 'id="f-reason-error"' in answer.text
    assert TEXT in answer.text
    made = flag()
    assert set(ask("anna", "patch", made["url"], reason="zomaar").json["errors"]) == {"reason"}


def test_only_what_is_shown_can_be_flagged(ask: Any, written: SimpleNamespace) -> None:
    ask("bram", "delete", f"/posts/{written.post}")
    assert ask("anna", "post", f"/things/{written.post}/flag", reason="rude").json["code"] == "gone"


def test_somebody_cannot_flag_without_end(ask: Any, flag: Any, written: SimpleNamespace) -> None:
    for _time in range(MOST):
        ask("anna", "delete", flag()["url"])
    refused = ask("anna", "post", f"/things/{written.post}/flag", reason="rude")
    assert refused.status_code == 429
    flag("dina")


def test_is_journalled(ask: Any, flag: Any, journal: Any) -> None:
    made = flag(text=TEXT)
    ask("anna", "patch", made["url"], text=f"{TEXT}!")
    ask("anna", "delete", made["url"])
    entries = [entry for verb in ("raise", "edit", "withdraw") for entry in journal(f"flags.{verb}")]
    assert len(entries) == 3
    assert entries[0]["flag"] == made["id"]
    assert TEXT not in json.dumps(entries)
    assert SECRET not in json.dumps(entries)
