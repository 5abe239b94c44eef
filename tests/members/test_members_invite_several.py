"""members.invite_several and members.preview: a list is checked in a table, and invited as a whole or not at all."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from cop.partnerships import actions as partnerships
from cop.society.programmes import Programme

LIST = """Nina Nieuw <nina@proef.example>
noor@proef.example; "Jan Otto" <otto@proef.example>

anna@proef.example
NINA@proef.example
"""
PREVIEW = "/communities/een/invitations/preview"


def send(cast: Any, who: str, **given: Any) -> Any:
    return cast.client(who).post("/communities/een/invitations", data={"lines": LIST, **given})


def preview(cast: Any, lines: str, who: str = "eva", **given: Any) -> list[dict[str, Any]]:
    """Return the rows of the preview of a list, from the API."""
    answer = cast.client(None).post(f"/api/v1{PREVIEW}", headers=cast.api(who), json={"lines": lines, **given})
    assert answer.status_code == 200, answer.json
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def fields(page: str) -> dict[str, str]:
    """Return what a browser sends of the rows of the preview."""
    found = dict(re.findall(r'<input(?: type="hidden")? name="(\w+_\d+)" value="([^"]*)"', page))
    return {
        name: value.replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">") for name, value in found.items()
    }


def invited(cast: Any) -> dict[str, str]:
    listed = cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api("eva")).json["items"]
    return {one["mail"]: one["name"] for one in listed}


def test_works(cast: Any, outbox: Any) -> None:
    answer = send(cast, "eva")
    assert (answer.status_code, answer.location) == (303, "/communities/een/members")
    assert invited(cast) == {
        "nina@proef.example": "Nina Nieuw",
        "noor@proef.example": "",
        "otto@proef.example": "Jan Otto",
    }
    for mail in invited(cast):
        assert len(outbox(mail)) == 1
    assert outbox("anna@proef.example") == []


def test_result_is_reported(cast: Any) -> None:
    browser = cast.client("eva")
    page = browser.post("/communities/een/invitations", data={"lines": LIST}, follow_redirects=True).text
    assert "3 uitnodigingen zijn onderweg. 2 adressen waren al uitgenodigd of doen al mee." in page
    page = browser.post("/communities/een/invitations", data={"lines": LIST}, follow_redirects=True).text
    assert "Er is niets verstuurd." in page


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/invitations",
        headers=cast.api("eva"),
        json={"lines": "Nina <nina@proef.example>", "role": "reader"},
    )
    assert answer.status_code == 201
    assert [(one["mail"], one["role"], one["state"]) for one in answer.json["items"]] == [
        ("nina@proef.example", "reader", "pending")
    ]


def test_rows_by_api(cast: Any) -> None:
    rows = [{"mail": "nina@proef.example", "name": "Nina", "role": "meelezer", "organisation": "gemeente proefdam"}]
    answer = cast.client(None).post(
        "/api/v1/communities/een/invitations",
        headers=cast.api("eva"),
        json={"rows": [*rows, {"mail": "x", "drop": True}]},
    )
    assert [(one["mail"], one["role"]) for one in answer.json["items"]] == [("nina@proef.example", "reader")]
    assert "Gemeente Proefdam" in cast.client("eva").get("/communities/een/members").text


def test_preview_says_what_happens(cast: Any, outbox: Any) -> None:
    cast.client("eva").post("/communities/een/members", data={"mail": "wacht@proef.example"})
    lines = (
        "Nina <nina@proef.example>\nanna@proef.example\nwacht@proef.example\nnina@proef.example\n"
        "kees@proef.example\nzomaar iets\nchris@proef.example"
    )
    assert [(row["line"], row["outcome"]) for row in preview(cast, lines)] == [
        (1, "new"),
        (2, "member"),
        (3, "invited"),
        (4, "double"),
        (5, "wrong"),
        (6, "wrong"),
        (7, "known"),
    ]
    assert outbox("nina@proef.example") == []
    assert list(invited(cast)) == ["wacht@proef.example"]


def test_preview_does_not_reveal_an_account_that_the_inviter_cannot_see(cast: Any, app: Any) -> None:
    from cop.base import clock
    from cop.base.action import transaction
    from cop.base.db import db
    from cop.society.people import Person

    with app.app_context(), transaction():
        db.session.add(Person(mail="ver@weg.example", name="Ver Weg", state="active", entered=clock.now()))
    (row,) = preview(cast, "ver@weg.example")
    assert (row["outcome"], row["name"]) == ("new", "")


def test_all_communities_are_ticked_once_a_partnership_is_chosen(cast: Any, run_as: Any, outbox: Any) -> None:
    duo = run_as(
        "fons",
        partnerships.add,
        Programme,
        cast.programme,
        name="Duo Proefdam",
        organisations=cast.organisations[:2],
    )
    browser = cast.client("fons")

    def ticked(page: str) -> list[str]:
        return re.findall(r'name="communities" value="(\w+)"\s+id="place-\w+" checked', page)

    assert ticked(browser.get("/communities/een/members").text) == ["een"]
    given = {"lines": "nina@proef.example", "communities": ["", "een"]}
    alone = browser.post(PREVIEW, data={**given, "partnership": "", "partnership_before": 0}).text
    assert ticked(alone) == ["een"]
    chosen = browser.post(PREVIEW, data={**given, "partnership": duo, "partnership_before": 0}).text
    assert ticked(chosen) == ["een", "twee"]
    assert f'name="partnership_before" value="{duo}"' in chosen
    again = {**given, "partnership": duo, "partnership_before": duo}
    assert ticked(browser.post(PREVIEW, data=again).text) == ["een"]
    assert browser.post("/communities/een/invitations", data=again).status_code == 303
    (mail,) = outbox("nina@proef.example")
    assert "U hoort daar bij de samenwerking ‘Duo Proefdam’." in mail.text


def test_preview_lists_the_communities(cast: Any) -> None:
    new, anna = preview(cast, "nina@proef.example, anna@proef.example", "fons", communities=["een", "twee"])
    assert new["communities"] == ["Eerste kring", "Tweede kring"]
    assert (anna["outcome"], anna["communities"]) == ("known", ["Tweede kring"])


def test_wrong_row_is_corrected_in_the_preview(cast: Any, outbox: Any) -> None:
    browser = cast.client("eva")
    shown = browser.post(
        PREVIEW, data={"lines": "Nina Nieuw <nina@proef.example>\npiet@\nzomaar iets", "role": "reader"}
    )
    assert shown.status_code == 200
    assert "2 regels kloppen niet." in shown.text
    assert '<option value="reader" selected>' in shown.text
    given = fields(shown.text)
    assert given["name_1"] == "Nina Nieuw"
    assert given["mail_2"] == "piet@"
    refused = browser.post("/communities/een/invitations", data={**given, "role": "reader"})
    assert refused.status_code == 422
    assert "2 regels kloppen niet. Er is nog niets verstuurd." in refused.text
    assert fields(refused.text) == given
    corrected = {**given, "mail_2": "piet@proef.example", "drop_3": "1", "role": "reader"}
    assert browser.post("/communities/een/invitations", data=corrected).status_code == 303
    assert invited(cast) == {"nina@proef.example": "Nina Nieuw", "piet@proef.example": ""}
    assert outbox("zomaar") == []


def test_dropped_row_stays_dropped(cast: Any) -> None:
    page = (
        cast.client("eva").post(PREVIEW, data={"mail_1": "nina@proef.example", "name_2": "zomaar", "drop_2": "1"}).text
    )
    assert "Wordt overgeslagen" in page
    assert re.search(r'name="drop_2" value="1"[^>]* checked>', page)
    assert "1 uitnodiging versturen" in page


def test_people_are_added_to_the_list_in_the_preview(cast: Any) -> None:
    browser = cast.client("eva")
    given = fields(browser.post(PREVIEW, data={"lines": "nina@proef.example"}).text)
    shown = browser.post(PREVIEW, data={**given, "lines": "Noor <noor@proef.example>"}).text
    assert (fields(shown)["mail_1"], fields(shown)["mail_2"]) == ("nina@proef.example", "noor@proef.example")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_file_of_a_spreadsheet(cast: Any, encoding: str) -> None:
    table = "naam;e-mail;organisatie;rol\r\nZoë de Vries;zdv@proef.example;Gemeente Proefdam;meelezer\r\n"
    page = cast.client("eva").post(
        PREVIEW, data={"file": (io.BytesIO(table.encode(encoding)), "leden.csv"), "lines": ""}
    )
    assert page.status_code == 200
    given = fields(page.text)
    assert (given["name_1"], given["mail_1"], given["organisation_1"]) == (
        "Zoë de Vries",
        "zdv@proef.example",
        "Gemeente Proefdam",
    )


def test_excel_file_is_refused_with_words(cast: Any) -> None:
    page = cast.client("eva").post(
        PREVIEW, data={"file": (io.BytesIO(b"PK\x03\x04\0\0"), "leden.xlsx"), "lines": "bewaard"}
    )
    assert page.status_code == 422
    assert "Sla het in Excel op als CSV" in page.text
    assert "bewaard" in page.text


def test_unknown_organisation_is_named(cast: Any) -> None:
    (row,) = preview(cast, "naam;e-mail;organisatie\nJan;jan@proef.example;Nergens BV")
    assert row["outcome"] == "wrong"
    assert row["error"] == "De organisatie ‘Nergens BV’ kennen we niet. Kies er een uit de lijst."


def test_expert_in_a_row_needs_a_last_day(cast: Any) -> None:
    page = cast.client("eva").post(PREVIEW, data={"lines": "naam;e-mail;rol\nJan;jan@proef.example;expert"})
    assert "Geef aan tot en met welke dag deze expert meedoet." in page.text
    assert (
        cast.client("eva")
        .post("/communities/een/invitations", data=fields(page.text) | {"role_1": "expert"})
        .status_code
        == 422
    )


def test_two_hundred_people_are_checked_in_a_constant_number_of_statements(cast: Any, count_statements: Any) -> None:
    cast.client("eva").post(PREVIEW, data={"lines": "x@y.example"})  # the rights are cached from now on
    with count_statements() as few:
        cast.client("eva").post(PREVIEW, data={"lines": "x@y.example"})
    with count_statements() as many:
        answer = cast.client("eva").post(PREVIEW, data={"lines": "\n".join(f"lid{n}@y.example" for n in range(200))})
    assert answer.text.count("Krijgt een uitnodiging") == 200
    assert len(many) == len(few)


def test_one_bad_line_invites_nobody_and_keeps_the_input(cast: Any, outbox: Any) -> None:
    lines = "Nina Nieuw <nina@proef.example>\nzomaar een naam\npiet@\nkees@proef.example\n<b>x@</b>"
    page = send(cast, "eva", lines=lines, role="reader")
    assert page.status_code == 422
    assert "4 regels kloppen niet. Er is nog niets verstuurd." in page.text
    for expected in ("Hier staat geen e-mailadres.", "Dit is geen e-mailadres.", "Dit account is afgesloten."):
        assert expected in page.text
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
        ({"communities": ["twee"]}, "communities"),
    ],
)
def test_bad_input_names_the_field(cast: Any, outbox: Any, given: dict[str, Any], field: str) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/invitations", headers=cast.api("eva"), json={"lines": LIST, **given}
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert send(cast, "eva", **given).status_code == 422
    assert outbox("nina@proef.example") == []


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert send(cast, who).status_code == 404, who
        assert cast.client(who).post(PREVIEW, data={"lines": LIST}).status_code == 404, who


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        assert send(cast, who).status_code == 403, who
        assert cast.client(who).post(PREVIEW, data={"lines": LIST}).status_code == 403, who


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    send(cast, "eva")
    assert journal_entries("members.invite_several")[-1].details == {"sent": 3, "known": 2}
    assert len(journal_entries("members.invite")) == 3
