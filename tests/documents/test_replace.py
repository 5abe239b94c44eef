"""files.replace: a new version, with a check for conflicts."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest

from tests.documents.conftest import TEXT, docx, picture


def test_works(cast: Any, library: Any) -> None:
    file = library.share("anna")
    answer = cast.client("bram").post(
        f"/files/{file['id']}/versions",
        data={"file": (io.BytesIO(b"Punt drie erbij."), "anders.txt"), "base_version": "1", "remark": "Punt drie"},
    )
    assert answer.status_code == 303, answer.text
    page = cast.client("anna").get(answer.location)
    assert "Punt drie" in page.text
    assert "Bram Baan" in page.text
    assert page.text.count('id="version-') == 2


def test_works_by_api(library: Any) -> None:
    file = library.share("anna", content=TEXT)
    again = library.replace("bram", file["id"], b"Nieuw.\n", base_version=1, remark="Korter")
    assert (again["version"], again["number"], again["size"]) == (2, 2, 7)
    assert [(v["number"], v["remark"], v["size"]) for v in again["versions"]] == [(2, "Korter", 7), (1, "", len(TEXT))]
    assert library.ask("anna", f"/files/{file['id']}/content").data == b"Nieuw.\n"
    assert library.ask("anna", f"/files/{file['id']}/content?version=1").data == TEXT


def test_edit_conflict_gets_409(cast: Any, library: Any) -> None:
    file = library.share("anna")
    library.replace("bram", file["id"], b"Van Bram.\n", base_version=1)
    answer = library.replace("anna", file["id"], b"Van Anna.\n", base_version=1, status=409)
    assert (answer["version"], answer["number"], answer["saved_by"]) == (2, 2, "Bram Baan")
    assert "Bram Baan heeft dit document gewijzigd nadat u het opende" in answer["detail"]
    page = cast.client("anna").post(
        f"/files/{file['id']}/versions",
        data={"file": (io.BytesIO(b"Van Anna.\n"), "a.txt"), "base_version": "1", "remark": "Mijn zin"},
    )
    assert page.status_code == 409
    assert "Er is niets overschreven" in page.text
    assert 'value="Mijn zin"' in page.text
    assert 'name="base_version" value="2"' in page.text  # the next attempt is based on the current version
    assert library.ask("anna", f"/files/{file['id']}/content").data == b"Van Bram.\n"
    assert library.replace("anna", file["id"], b"Van Anna.\n", base_version=2)["number"] == 3


def test_retry_with_the_same_key_changes_nothing(library: Any) -> None:
    file, key = library.share("anna"), str(uuid.uuid4())
    library.replace("anna", file["id"], client_id=key, base_version=1)
    assert library.replace("anna", file["id"], client_id=key, base_version=1)["number"] == 2
    other = library.replace("anna", file["id"], b"Iets anders.", client_id=key, base_version=2, status=409)
    assert (other["code"], other["number"]) == ("repeated_key", 2)
    another = library.share("anna", "Ander.txt")
    answer = library.replace("anna", another["id"], client_id=key, base_version=1, status=409)
    assert (answer["code"], list(answer["errors"])) == ("key_in_use", ["client_id"])
    assert library.ask("anna", another["url"]).json["number"] == 1


def test_extension_follows_the_content(library: Any) -> None:
    file = library.share("anna", "Huisregels.txt")
    assert library.replace("anna", file["id"], docx(), "regels.docx")["title"] == "Huisregels.docx"


@pytest.mark.parametrize("who", ["chris", "hans", "jan"])
def test_stranger_gets_404(library: Any, who: str) -> None:
    library.replace(who, library.share("anna")["id"], status=404)


@pytest.mark.parametrize("who", ["gerda"])
def test_wrong_role_gets_403(library: Any, who: str) -> None:
    library.replace(who, library.share("anna")["id"], status=403)


def test_bad_input_names_the_field(library: Any) -> None:
    id = library.share("anna")["id"]
    answer = library.replace("anna", id, base_version=0, status=422)
    assert answer["errors"] == {"base_version": "Dit is geen geldig getal."}
    assert library.replace("anna", id, remark="x" * 201, status=422)["errors"] == {"remark": "Hoogstens 200 tekens."}
    assert "file" in library.replace("anna", id, b"", status=422)["errors"]
    assert library.ask("anna", f"/files/{id}").json["number"] == 1


def test_trashed_file_cannot_be_replaced(library: Any) -> None:
    id = library.share("anna")["id"]
    library.ask("anna", f"/files/{id}", "delete")
    assert "prullenbak" in library.replace("anna", id, status=422)["errors"]["file"]


def test_posts_show_the_new_name(cast: Any, library: Any) -> None:
    """Cached posts that show the file's name are rendered again."""
    file = library.share("anna", "Foto.png", picture("PNG"))
    thread = library.ask(
        "anna",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie", "files": [file["id"]]},
    ).json
    assert "Foto.png" in cast.client("bram").get(thread["url"]).text
    library.replace("anna", file["id"], picture("JPEG"), "Foto.jpg")
    assert "Foto.jpg" in cast.client("bram").get(thread["url"]).text


def test_is_journalled(cast: Any, library: Any, journal_entries: Any) -> None:
    id = library.share("anna")["id"]
    library.replace("bram", id)
    entry = journal_entries("files.replace")[-1]
    assert (entry.person_id, entry.object_kind, entry.object_id) == (cast.bram, "file", id)
    assert entry.details == {"file": id, "folder": None, "version": 2}
    library.share("anna", same_name="version")
    assert journal_entries("files.replace")[-1].details["version"] == 3
