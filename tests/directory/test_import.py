"""municipalities.import and municipalities.remove, by page, API and command."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cop.base.db import db
from cop.base.errors import Invalid
from cop.cli.municipalities import municipalities
from cop.directory.municipality_lists import parse
from cop.society.regions import Municipality, towns

LIST = """code;naam;provincie;van;tot;opvolger
GM9901;Waterveen;Drenthe;;31-12-2018;9902
9902;Veenkanten;NL-DR;1-1-2019;;
GM9903;’s-Proefland;Fryslân;;;
"""
HEAD = "code;naam;provincie;van;tot;opvolger\n"


def send(cast: Any, content: str | bytes = LIST, who: str = "iris", api: bool = True) -> Any:
    body = content.encode() if isinstance(content, str) else content
    data = {"file": (io.BytesIO(body), "gemeenten.csv")}
    if api:
        return cast.client(None).post("/api/v1/municipalities", data=data, headers=cast.api(who))
    return cast.client(who).post("/municipalities", data=data, content_type="multipart/form-data")


def test_works(app: Any, cast: Any) -> None:
    client = cast.client("iris")
    answer = client.post("/municipalities", data={"file": (io.BytesIO(LIST.encode()), "gemeenten.csv")})
    assert answer.location == "/municipalities"
    page = client.get("/municipalities").text
    assert "3 gemeenten toegevoegd" in page
    assert "daarna Veenkanten" in page
    with app.app_context():
        row = db.session.get_one(Municipality, "GM9901")
        assert (row.until, row.successor_code) == (date(2018, 12, 31), "GM9902")
        assert (towns()["GM9901"].successor, towns()["GM9903"].province) == ("Veenkanten", "fr")


def test_works_by_api(cast: Any) -> None:
    assert send(cast).json == {"added": 3, "changed": 0, "unchanged": 0}
    assert send(cast, LIST.replace("Veenkanten", "De Veenkanten")).json == {"added": 0, "changed": 1, "unchanged": 2}
    listed = cast.client(None).get("/api/v1/municipalities?q=veenkanten", headers=cast.api("iris")).json["items"]
    assert listed == [
        {
            "code": "GM9902",
            "name": "De Veenkanten",
            "province": "dr",
            "starts": "2019-01-01",
            "until": None,
            "successor": None,
        }
    ]


def test_works_by_command(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cop.cli.municipalities.create_app", lambda: app)
    (tmp_path / "gemeenten.csv").write_text(LIST)
    ran = CliRunner().invoke(municipalities, [str(tmp_path / "gemeenten.csv")])
    assert (ran.exit_code, ran.output) == (0, "3 added, 0 changed, 0 as they were.\n")
    (tmp_path / "fout.csv").write_text(f"{HEAD}x;Waterveen;Drenthe;;;\n")
    ran = CliRunner().invoke(municipalities, [str(tmp_path / "fout.csv")])
    assert ran.exit_code == 1
    assert "Regel 2: x is geen gemeentecode" in ran.output


def test_wrong_role_gets_403(cast: Any) -> None:
    assert send(cast, who="fons").status_code == 403
    assert send(cast, who="anna", api=False).status_code == 403


def test_stranger_gets_404(cast: Any) -> None:
    assert cast.client("fons").get("/municipalities").status_code == 404
    send(cast)
    assert cast.client("iris").post("/municipalities/GM0000/delete").status_code == 404


def test_bad_input_names_the_field(app: Any, cast: Any) -> None:
    answer = cast.client(None).post("/api/v1/municipalities", headers=cast.api("iris"))
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["file"])
    content = f"{HEAD}GM9901;Waterveen;Atlantis;;;\nGM9902;;Drenthe;;;\nGM9903;Proefland;Drenthe;;;\n"
    answer = send(cast, content)
    assert answer.status_code == 422
    assert answer.json["errors"]["file"].split("\n") == [
        "Regel 2: Atlantis is geen provincie.",
        "Regel 3: vul de naam van de gemeente in.",
    ]
    shown = send(cast, content, api=False)
    assert shown.status_code == 422
    assert "Er is niets opgeslagen" in shown.text
    assert "Regel 3: vul de naam van de gemeente in." in shown.text
    with app.app_context():
        assert db.session.scalars(select(Municipality)).all() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("PK\x03\x04", "geen CSV-bestand"),
        ("naam\nWaterveen\n", "namen van de kolommen"),
        (HEAD, "staat geen gemeente"),
        (f"{HEAD}12345;A;Drenthe;;;\n", "Regel 2: 12345 is geen gemeentecode"),
        (f"{HEAD}1;A;Drenthe;;;\n\n1;B;Drenthe;;;\n", "Regel 4: GM0001 staat ook op regel 2"),
        (f"{HEAD}1;A;Drenthe;31-2-2018;;\n", "Regel 2: 31-2-2018 is geen datum"),
        (f"{HEAD}1;A;Drenthe;1-1-2019;1-1-2018;\n", "Regel 2: de laatste dag ligt voor de eerste dag"),
        (
            f"{HEAD}1;A;Drenthe;;;2\n2;B;Drenthe;;;\n",
            "Regel 2: een gemeente met een opvolger heeft ook een laatste dag",
        ),
        (f"{HEAD}1;A;Drenthe;;1-1-2018;2\n", "Regel 2: de opvolger GM0002 staat niet in dit bestand"),
        (f"{HEAD}1;A;Drenthe;;1-1-2018;1\n", "Regel 2: GM0001 is langs een omweg"),
        (f"{HEAD}1;A;Drenthe;;1-1-2018;2\n2;B;Drenthe;;1-1-2018;1\n", "Regel 3: GM0002 is langs een omweg"),
        (f"{HEAD}1;A;Drenthe;;;;;;x\n", "Regel 2: deze regel heeft meer kolommen"),
        (HEAD + "".join(f"{n};;Drenthe;;;\n" for n in range(30)), "En nog 10 regels met een fout."),
    ],
)
def test_what_is_wrong_is_named_by_line(content: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(content.encode(), {})
    assert said in refused.value.errors["file"]


def test_excel_and_commas_are_read() -> None:
    (row,) = parse('\ufeff"Code","Name","Province"\r\n"GM9901","Waterveen","Noord-Brabant"\r\n'.encode(), {})
    assert (row.code, row.province) == ("GM9901", "nb")
    (row,) = parse("code\tnaam\tprovincie\n9901\tSúdproef\tNoord Holland\n".encode("utf-16"), {})
    assert (row.name, row.province) == ("Súdproef", "nh")


def test_a_successor_that_is_known_already_is_enough() -> None:
    assert parse(f"{HEAD}1;A;Drenthe;;1-1-2018;2\n".encode(), {"GM0002": None})
    with pytest.raises(Invalid):
        parse(f"{HEAD}1;A;Drenthe;;1-1-2018;2\n".encode(), {"GM0002": "GM0001"})


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    send(cast)
    assert journal_entries("municipalities.import")[-1].details == {"added": 3, "changed": 0}
    cast.client("iris").post("/municipalities/GM9903/delete")
    assert journal_entries("municipalities.remove")[-1].details == {"code": "GM9903"}


def test_works_for_removal(app: Any, cast: Any) -> None:
    send(cast)
    client = cast.client("iris")
    refused = client.post("/municipalities/GM9902/delete")
    assert refused.status_code == 409
    assert "opvolger van een andere" in refused.text
    town = f"/api/v1/organisations/{cast.organisations[1]}"
    assert cast.client(None).patch(town, headers=cast.api("iris"), json={"municipality": "GM9903"}).status_code == 200
    assert client.post("/municipalities/GM9903/delete").status_code == 409
    cast.client(None).patch(town, headers=cast.api("iris"), json={"municipality": ""})
    for code in ("GM9903", "GM9901", "GM9902"):
        assert client.post(f"/municipalities/{code}/delete").location == "/municipalities"
    assert "Nog geen gemeenten" in client.get("/municipalities").text


def test_pages_of_the_list_follow_each_other(cast: Any) -> None:
    send(cast)
    first = cast.client(None).get("/api/v1/municipalities?limit=2", headers=cast.api("iris")).json
    assert [row["code"] for row in first["items"]] == ["GM9901", "GM9902"]
    rest = cast.client(None).get(first["next"], headers=cast.api("iris")).json
    assert ([row["code"] for row in rest["items"]], rest["next"]) == (["GM9903"], None)
