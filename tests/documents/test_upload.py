"""files.upload: a file is shared, known by its content, and by its name the next version of what was there."""

from __future__ import annotations

import io
import threading
import uuid
from typing import Any

import pytest

from cop.base import files
from cop.documents.routes import sharing
from tests.conftest import Committing
from tests.documents.conftest import TEXT, docx, form, picture


def test_works_without_script(cast: Any) -> None:
    answer = cast.client("anna").post("/communities/een/files", **form((TEXT, "Verslag.txt"), (docx(), "Model.docx")))
    assert answer.status_code == 303, answer.text
    assert answer.location == "/communities/een/documents"
    browser = cast.client("bram")
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert "Verslag.txt" in page.text
    assert "Model.docx" in page.text


def test_by_api(cast: Any, shelf: Any) -> None:
    shared = shelf.share("anna", "Model.docx", docx(), remark="Eerste")
    assert shared["kind"] == "file"
    assert shared["title"] == "Model.docx"
    assert shared["media_type"].endswith("wordprocessingml.document")
    assert (shared["version"], shared["number"], shared["state"], shared["folder"]) == (1, 1, "live", None)
    assert shared["author"] == {
        "id": cast.anna,
        "name": "Anna Adem",
        "organisation": "Woonstichting Proef",
        "role": "member",
    }
    assert [(v["number"], v["remark"]) for v in shared["versions"]] == [(1, "Eerste")]
    listed = shelf.ask("bram", "/communities/een/files").json
    assert [(f["id"], f["size"]) for f in listed["items"]] == [(shared["id"], shared["size"])]


def test_the_same_name_is_a_new_version_and_says_so(cast: Any, shelf: Any) -> None:
    first = shelf.share("anna", "Model.txt")
    again = shelf.share("bram", "MODEL.txt", b"Beter.\n", remark="Korter")
    assert again["id"] == first["id"]
    assert again["number"] == 2
    assert [v["author"]["name"] for v in again["versions"]] == ["Bram Baan", "Anna Adem"]
    browser = cast.client("anna")
    browser.post("/communities/een/files", **form((b"Nog beter.\n", "Model.txt")))
    page = browser.get("/communities/een/documents").text
    assert "dit is nu versie 3" in page
    assert page.count('class="document-name"') == 1


def test_a_name_is_one_document_per_folder(shelf: Any, cast: Any) -> None:
    folder = shelf.ask("anna", "/communities/een/folders", "post", json={"name": "Regels"}).json
    outside, inside = shelf.share("anna"), shelf.share("anna", folder=folder["id"])
    assert outside["id"] != inside["id"]
    assert inside["folder"] == folder["id"]
    answer = shelf.share("anna", folder=99_999, status=422)
    assert answer["errors"] == {"folder": "Deze map bestaat niet meer. Kies een andere."}


def test_a_retry_with_the_same_key_changes_nothing(shelf: Any) -> None:
    key = str(uuid.uuid4())
    first, again = shelf.share("anna", client_id=key), shelf.share("anna", client_id=key)
    assert (first["id"], again["number"]) == (again["id"], 1)
    assert "client_id" in shelf.share("bram", client_id=key, status=422)["errors"]


@pytest.mark.parametrize("who", ["chris", "hans", "jan"])
def test_stranger_finds_nothing(who: str, cast: Any) -> None:
    for slug in ("een", "bestaat-niet"):
        answer = cast.client(who).post(f"/communities/{slug}/files", **form((TEXT, "a.txt")))
        assert answer.status_code == 404, slug


def test_wrong_role(cast: Any, told: Any) -> None:
    assert cast.client("gerda").post("/communities/een/files", **form((TEXT, "a.txt"))).status_code == 403
    assert told("denied")[-1].person_id == cast.gerda


def test_signed_out(cast: Any) -> None:
    assert cast.client(None).post("/communities/een/files", **form((TEXT, "a.txt"))).status_code == 303
    assert cast.client("kees").post("/communities/een/files", **form((TEXT, "a.txt"))).status_code == 303


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (b"", "leeg.txt", 422, "Dit bestand is leeg."),
        (b"MZ" + b"\0" * 100, "brief.docx", 422, "Programma's en scripts kunt u hier niet delen, ook niet in een zip."),
        (b"echo", "a.ps1", 422, "Programma's en scripts kunt u hier niet delen, ook niet in een zip."),
        (b"\0\1\2\3" * 20, "raar.bin", 422, "Dit soort bestand kunt u hier niet delen."),
        (b"PK\3\4kapot", "a.docx", 422, "Dit bestand is beschadigd of onvolledig."),
        (b"a" * (files.LIMITS[files.Kind.TEXT] + 1), "log.txt", 413, "Dit bestand is te groot. Hoogstens 10 MB."),
    ],
    ids=["empty", "program", "script", "unknown", "damaged", "limit+1"],
)
def test_what_is_not_taken_names_the_file_and_the_fix(
    shelf: Any, content: bytes, name: str, status: int, words: str
) -> None:
    answer = shelf.share("anna", name, content, status=status)
    assert answer["errors"] == {"file": f"“{name}”: {words}"}
    assert shelf.ask("anna", "/communities/een/files").json["items"] == []


def test_larger_than_any_request(cast: Any, shelf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "LARGEST_REQUEST", 5_000_000)
    answer = shelf.share("anna", "a.txt", b"a" * 5_000_001, status=413)
    assert answer["detail"] == "Dit is te groot om in één keer te versturen."
    page = cast.client("anna").post("/communities/een/files", **form((b"a" * 5_000_001, "a.txt")))
    assert page.status_code == 413
    assert "Kies bestanden" in page.text


def test_a_stranger_is_not_given_room(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not share hears so without their upload being read."""
    monkeypatch.setattr(sharing, "_uploaded_files", lambda: pytest.fail("read"))
    assert cast.client("chris").post("/communities/een/files", **form((b"a" * 5_000_000, "a.txt"))).status_code == 404
    assert cast.client("gerda").post("/communities/een/files", **form((b"a" * 5_000_000, "a.txt"))).status_code == 413


@pytest.mark.parametrize("data", [{}, {"file": "tekst"}, {"file": (io.BytesIO(b""), "")}])
def test_no_file(cast: Any, data: dict[str, Any]) -> None:
    answer = cast.client(None).post("/api/v1/communities/een/files", headers=cast.api("anna"), data=data)
    assert answer.status_code == 422
    assert answer.json["errors"] == {"file": "Kies eerst een bestand."}


def test_some_are_taken_and_the_others_are_named(cast: Any) -> None:
    answer = cast.client("anna").post(
        "/communities/een/files",
        **form((TEXT, "Goed.txt"), (b"", "Leeg.txt"), (b"MZ\0\0", "Fout.exe"), (b"Ook goed", "Beter.txt")),
    )
    assert answer.status_code == 422
    assert "2 bestanden zijn gedeeld." in answer.text
    for name in ("Goed.txt", "Beter.txt", "“Leeg.txt”: Dit bestand is leeg.", "“Fout.exe”"):
        assert name in answer.text


def test_at_most_twenty(cast: Any, shelf: Any) -> None:
    sent = [(b"x%d" % n, f"{n}.txt") for n in range(21)]
    answer = cast.client("anna").post("/communities/een/files", **form(*sent))
    assert answer.status_code == 422
    assert "Hoogstens 20 bestanden tegelijk" in answer.text
    assert cast.client("anna").post("/communities/een/files", **form(*sent[:20])).status_code == 303
    assert len(shelf.ask("anna", "/communities/een/files").json["items"]) == 20
    two = cast.client(None).post("/api/v1/communities/een/files", headers=cast.api("anna"), **form(*sent[:2]))
    assert two.json["errors"] == {"file": "Stuur één bestand per verzoek."}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("map/submap/Verslag.txt", "Verslag.txt"),
        ("regel\r\nSet-Cookie: a=b.txt", None),
        ("op\u202etxt.exe.txt", "optxt.exe.txt"),
        ("🏠 thuis.txt", "🏠 thuis.txt"),
        ("e" * 300 + ".txt", "e" * 196 + ".txt"),
        ('zo"n naam.txt', 'zo"n naam.txt'),
        ("..", "bestand"),
    ],
)
def test_hostile_names(cast: Any, shelf: Any, name: str, title: str | None) -> None:
    shared = shelf.share("anna", name)
    assert title is None or shared["title"] == title
    assert not set("\r\n\u202e/\\") & set(shared["title"])
    answer = cast.client("bram").get(shared["content"], buffered=True)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert "Set-Cookie" not in answer.headers
    assert cast.client("bram").get("/communities/een/documents").status_code == 200
    assert cast.client("bram").get(shared["url"]).status_code == 200


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "foto.jpg"),
        (b"<html><script>alert(1)</script></html>", "verslag.txt"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "tekening.svg"),
        (b"<?xml version='1.0'?><x/>", "a.xml"),
    ],
)
def test_disguised_content_is_never_shown(cast: Any, shelf: Any, content: bytes, name: str) -> None:
    shared = shelf.share("anna", name, content)
    answer = cast.client("bram").get(shared["content"], buffered=True)
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "<img" not in cast.client("bram").get(shared["url"]).text


def test_a_name_that_promises_something_else_is_said(cast: Any, shelf: Any) -> None:
    shared = shelf.share("anna", "foto.docx", picture())
    assert "een ander soort bestand dan de naam zegt" in cast.client("bram").get(shared["url"]).text


def test_two_at_once_make_one_document(committing: Committing, tmp_path: Any) -> None:
    """Both uploads of one name arrive at the same moment; one is the first version, the other the second."""
    from tests.documents.real import Real

    real = Real(committing, tmp_path)
    gate = threading.Barrier(4)

    def share(n: int) -> None:
        gate.wait()
        for round in range(3):
            real.share(f"tekst {n} {round}".encode(), "Model.txt")

    crowd = [threading.Thread(target=share, args=(n,)) for n in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert real.versions() == {"Model.txt": 12}
    real.close()


def test_told_to_the_journal(cast: Any, shelf: Any, told: Any) -> None:
    shared = shelf.share("anna")
    entry = told("files.upload")[-1]
    assert (entry.person_id, entry.community_id) == (cast.anna, cast.one)
    assert entry.details == {"file": shared["id"], "folder": None, "version": 1}
