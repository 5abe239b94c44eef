"""files.restore: an older version becomes the newest; later versions stay."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.conftest import TEXT


@pytest.fixture
def file(library: Any) -> int:
    id = library.share("anna", content=TEXT)["id"]
    library.replace("bram", id, b"Nieuw.\n", remark="Korter")
    return id


def restore(library: Any, who: str, id: int, number: int) -> Any:
    return library.ask(who, f"/files/{id}/versions/{number}/restoring", "post")


def test_works(cast: Any, file: int) -> None:
    browser = cast.client("anna")
    answer = browser.post(f"/files/{file}/versions/1/restoring")
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "Versie 1 is teruggezet en is nu versie 3." in page
    assert "Versie 1 teruggezet." in page


def test_works_by_api(library: Any, file: int) -> None:
    answer = restore(library, "bram", file, 1)
    assert answer.status_code == 200, answer.text
    assert [(v["number"], v["restored_from"], v["remark"]) for v in answer.json["versions"]] == [
        (3, 1, "Versie 1 teruggezet."),
        (2, None, "Korter"),
        (1, None, ""),
    ]
    assert library.ask("anna", f"/files/{file}/content").data == TEXT
    assert library.ask("anna", f"/files/{file}/content?version=2").data == b"Nieuw.\n"


def test_remark_is_in_the_language_of_the_reader(library: Any, file: int) -> None:
    restore(library, "bram", file, 1)
    seen = library.ask("anna", f"/files/{file}", headers={"Accept-Language": "en"}).json
    assert seen["versions"][0]["remark"] == "Version 1 restored."


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(library: Any, file: int, who: str) -> None:
    assert restore(library, who, file, 1).status_code == 404


@pytest.mark.parametrize("who", ["gerda"])
def test_wrong_role_gets_403(library: Any, file: int, who: str) -> None:
    assert restore(library, who, file, 1).status_code == 403


@pytest.mark.parametrize("number", [2, 3, 99])
def test_only_an_earlier_version_can_be_restored(library: Any, file: int, number: int) -> None:
    answer = restore(library, "anna", file, number)
    assert answer.status_code == 422
    assert answer.json["errors"] == {"number": "Kies een eerdere versie."}


def test_is_journalled(cast: Any, library: Any, journal_entries: Any, file: int) -> None:
    restore(library, "bram", file, 1)
    entry = journal_entries("files.restore")[-1]
    assert (entry.person_id, entry.details) == (cast.bram, {"file": file, "folder": None, "version": 3})
