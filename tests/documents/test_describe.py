"""files.describe: the uploader or a moderator changes name, description or folder."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def file(library: Any) -> int:
    return library.share("anna", "Model.txt")["id"]


def test_works(cast: Any, file: int) -> None:
    answer = cast.client("anna").post(
        f"/files/{file}",
        data={
            "title": "Model huisregels.txt",
            "description": "Voor een gemengd complex.\r\nMag u overnemen.",
            "folder": "0",
            "base_version": "1",
        },
    )
    assert answer.status_code == 303, answer.text
    page = cast.client("bram").get(answer.location).text
    assert "Model huisregels.txt" in page
    assert "Voor een gemengd complex.\nMag u overnemen." in page


def test_works_by_api(library: Any, file: int) -> None:
    folder = library.ask("eva", "/communities/een/folders", "post", json={"name": "Regels"}).json["id"]
    answer = library.ask("eva", f"/files/{file}", "patch", json={"folder": folder, "base_version": 1})
    assert answer.status_code == 200, answer.text
    assert (answer.json["folder"], answer.json["title"]) == (folder, "Model.txt")
    assert (answer.json["version"], answer.json["number"]) == (2, 1)
    assert [f["id"] for f in library.ask("anna", f"/communities/een/files?folder={folder}").json["items"]] == [file]
    assert (
        library.ask("anna", f"/files/{file}", "patch", json={"folder": None, "base_version": 2}).json["folder"] is None
    )


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(library: Any, file: int, who: str) -> None:
    assert library.ask(who, f"/files/{file}", "patch", json={"title": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["gerda", "bram"])
def test_wrong_role_gets_403(library: Any, file: int, who: str) -> None:
    assert library.ask(who, f"/files/{file}", "patch", json={"title": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "x" * 2001}, "description"),
        ({"folder": 99_999}, "folder"),
        ({"folder": "boven"}, "folder"),
        ({"base_version": -1}, "base_version"),
    ],
)
def test_bad_input_names_the_field(library: Any, file: int, given: dict[str, Any], field: str) -> None:
    answer = library.ask("anna", f"/files/{file}", "patch", json={"base_version": 1, **given})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert library.ask("anna", f"/files/{file}").json["version"] == 1


def test_bad_input_names_the_field_in_the_form(cast: Any, file: int) -> None:
    page = cast.client("anna").post(f"/files/{file}", data={"title": "", "description": "Mijn toelichting"})
    assert page.status_code == 422
    assert "Mijn toelichting" in page.text
    assert 'id="f-title-error"' in page.text


def test_name_is_unique_per_folder(library: Any, file: int) -> None:
    library.share("anna", "Ander.txt")
    answer = library.ask("anna", f"/files/{file}", "patch", json={"title": "ander.txt", "base_version": 1})
    assert answer.status_code == 422
    assert "al een document met deze naam" in answer.json["errors"]["title"]


def test_edit_conflict_shows_both_versions(cast: Any, library: Any, file: int) -> None:
    library.ask("eva", f"/files/{file}", "patch", json={"title": "Van Eva.txt", "base_version": 1})
    answer = library.ask("anna", f"/files/{file}", "patch", json={"title": "Van Anna.txt", "base_version": 1})
    assert answer.status_code == 409
    assert (answer.json["saved_by"], answer.json["title"]) == ("Eva Even", "Van Eva.txt")
    page = cast.client("anna").post(f"/files/{file}", data={"title": "Van Anna.txt", "base_version": "1"})
    assert page.status_code == 409
    assert "Van Eva.txt" in page.text
    assert 'value="Van Anna.txt"' in page.text


def test_attachment_can_become_a_document(cast: Any, library: Any) -> None:
    id = library.share("anna", "Model.docx.txt", draft=1)["id"]
    given = {"folder": 0, "base_version": 1}
    assert "folder" in library.ask("anna", f"/files/{id}", "patch", json=given).json["errors"]  # a draft
    library.ask(
        "anna",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie", "files": [id]},
    )
    browser = cast.client("bram")
    assert f'href="/files/{id}"' not in browser.get("/communities/een/documents").text
    assert f'href="/files/{id}"' in browser.get("/communities/een/documents?show=attachments").text
    given["base_version"] = library.ask("anna", f"/files/{id}").json["version"]
    assert library.ask("anna", f"/files/{id}", "patch", json=given).json["attached"] is False
    assert f'href="/files/{id}"' in browser.get("/communities/een/documents").text


def test_is_journalled(cast: Any, library: Any, journal_entries: Any, file: int) -> None:
    library.ask("eva", f"/files/{file}", "patch", json={"title": "Geheim.txt", "base_version": 1})
    entry = journal_entries("files.describe")[-1]
    assert (entry.person_id, entry.details) == (cast.eva, {"file": file, "folder": None, "version": 1})
