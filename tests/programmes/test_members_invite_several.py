"""members.invite_several: a pasted list, all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from cop.programmes.forms import addressees

LIST = """Nina Nieuw <nina@proef.example>
noor@proef.example; "Otto, Jan" <otto@proef.example>

anna@proef.example
NINA@proef.example
"""


def send(cast: Any, who: str, **given: Any) -> Any:
    return cast.client(who).post("/communities/een/invitations", data={"lines": LIST, **given})


def invited(cast: Any) -> dict[str, str]:
    listed = cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api("eva")).json["items"]
    return {one["mail"]: one["name"] for one in listed}


def test_works(cast: Any, outbox: Any) -> None:
    answer = send(cast, "eva")
    assert (answer.status_code, answer.location) == (303, "/communities/een/members")
    assert invited(cast) == {
        "nina@proef.example": "Nina Nieuw",
        "noor@proef.example": "",
        "otto@proef.example": "Otto, Jan",
    }
    for mail in invited(cast):
        assert len(outbox(mail)) == 1
    assert outbox("anna@proef.example") == []


def test_what_became_of_it_is_said(cast: Any) -> None:
    browser = cast.client("eva")
    page = browser.post("/communities/een/invitations", data={"lines": LIST}, follow_redirects=True).text
    assert "3 uitnodigingen zijn onderweg. 2 adressen waren al uitgenodigd of doen al mee." in page
    page = browser.post("/communities/een/invitations", data={"lines": LIST}, follow_redirects=True).text
    assert "Er is niets verstuurd." in page


def test_by_api(cast: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/invitations",
        headers=cast.api("eva"),
        json={"lines": "Nina <nina@proef.example>", "role": "reader"},
    )
    assert answer.status_code == 201
    assert [(one["mail"], one["role"], one["state"]) for one in answer.json["items"]] == [
        ("nina@proef.example", "reader", "pending")
    ]


def test_one_wrong_line_stops_all_and_nothing_is_lost(cast: Any, outbox: Any) -> None:
    lines = "Nina Nieuw <nina@proef.example>\nzomaar een naam\npiet@\nkees@proef.example\n<b>x@</b>"
    page = send(cast, "eva", lines=lines, role="reader")
    assert page.status_code == 422
    assert "4 regels kloppen niet. Er is nog niets verstuurd." in page.text
    assert "Nina Nieuw &lt;nina@proef.example&gt;\nzomaar een naam\npiet@\n" in page.text
    assert '<option value="reader" selected>' in page.text
    for line, said in (
        (2, "Hier staat geen e-mailadres."),
        (3, "Dit is geen e-mailadres."),
        (4, "Dit account is afgesloten."),
    ):
        row = page.text.partition(f"<tr><td>{line}</td>")[2].partition("</tr>")[0]
        assert said in row, line
    assert "<b>x@" not in page.text
    assert invited(cast) == {}
    assert outbox("nina@proef.example") == []
    by_api = cast.client(None).post(
        "/api/v1/communities/een/invitations", headers=cast.api("eva"), json={"lines": lines}
    )
    assert [line["line"] for line in by_api.json["lines"]] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"lines": ""}, "lines"),
        ({"lines": " \n;\n"}, "lines"),
        ({"lines": "x@y.nl\n" * 201}, "lines"),
        ({"role": "team"}, "role"),
        ({"role": "expert"}, "until"),
        ({"organisation": 999999}, "organisation"),
    ],
)
def test_bad_input(cast: Any, outbox: Any, given: dict[str, Any], field: str) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/invitations", headers=cast.api("eva"), json={"lines": LIST, **given}
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert send(cast, "eva", **given).status_code == 422
    assert outbox("nina@proef.example") == []


def test_stranger_and_wrong_role(cast: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert send(cast, who).status_code == 404, who
    for who in ("anna", "dina", "gerda"):
        assert send(cast, who).status_code == 403, who


def test_told_to_the_journal(cast: Any, told: Any) -> None:
    send(cast, "eva")
    assert told("members.invite_several")[-1].details == {"sent": 3, "known": 2}
    assert len(told("members.invite")) == 3


@pytest.mark.parametrize(
    ("line", "mail", "name"),
    [
        ("anna@gemeente.nl", "anna@gemeente.nl", ""),
        ("  Anna Jansen <anna@Gemeente.NL>  ", "anna@gemeente.nl", "Anna Jansen"),
        ("Jansen, Anna <anna@gemeente.nl>,", "anna@gemeente.nl", "Jansen, Anna"),
        ("'Anna' <anna@gemeente.nl>", "anna@gemeente.nl", "Anna"),
        ("Anna Jansen\tanna@gemeente.nl", "anna@gemeente.nl", "Anna Jansen"),
        ("anna@gemeente.nl, Anna Jansen", "anna@gemeente.nl", "Anna Jansen"),
    ],
)
def test_how_a_line_may_look(line: str, mail: str, name: str) -> None:
    (one,) = addressees(line)
    assert (one.mail, one.name, one.error) == (mail, name, "")


@pytest.mark.parametrize(
    "line", ["Anna Jansen", "anna@", "<>", "Anna <anna>", "anna @gemeente.nl", "a@b", "anna@gemeente..nl"]
)
def test_what_is_no_address(app: Any, line: str) -> None:
    with app.app_context():
        (one,) = addressees(line)
    assert one.error
    assert one.text == line
