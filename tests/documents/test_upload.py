"""files.upload: a new document; of a known name, a new version or a document of its own."""

from __future__ import annotations

import io
import re
import threading
import uuid
from typing import Any

import pytest
from flask import Flask

from cop.base import files
from cop.base.action import transaction
from cop.base.db import db
from cop.documents.routes import sharing
from cop.society.memberships import Membership
from tests.conftest import SeparateApp
from tests.documents.conftest import TEXT, docx, form, picture


def test_works(cast: Any) -> None:
    answer = cast.client("anna").post("/communities/een/files", **form((TEXT, "Verslag.txt"), (docx(), "Model.docx")))
    assert answer.status_code == 303, answer.text
    assert answer.location == "/communities/een/documents"
    browser = cast.client("bram")
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert "Verslag.txt" in page.text
    assert "Model.docx" in page.text


def test_works_by_api(cast: Any, library: Any) -> None:
    shared = library.share("anna", "Model.docx", docx(), remark="Eerste")
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
    listed = library.ask("bram", "/communities/een/files").json
    assert [(f["id"], f["size"]) for f in listed["items"]] == [(shared["id"], shared["size"])]


def test_same_name_asks(library: Any) -> None:
    first = library.share("anna", "Model.txt")
    asked = library.share("bram", "MODEL.txt", b"Beter.\n", status=409)
    assert asked["detail"].startswith("Er staat al “MODEL.txt” (van Anna Adem, ")
    assert asked["detail"].endswith("Nieuwe versie van dat document, of een eigen document?")
    assert list(asked["errors"]) == ["file"]
    assert (asked["file"], asked["version"], asked["number"]) == (first["id"], first["version"], 1)
    assert [f["number"] for f in library.ask("anna", "/communities/een/files").json["items"]] == [1]


def test_same_name_as_a_new_version(library: Any) -> None:
    first = library.share("anna", "Model.txt")
    again = library.share(
        "bram", "MODEL.txt", b"Beter.\n", remark="Korter", same_name="version", base_version=first["version"]
    )
    assert (again["id"], again["number"]) == (first["id"], 2)
    assert [v["author"]["name"] for v in again["versions"]] == ["Bram Baan", "Anna Adem"]
    other = library.share("anna", "Model.txt", b"Nog beter.\n", same_name="version", base_version=1, status=409)
    assert other["saved_by"] == "Bram Baan"
    assert other["version"] == again["version"]


def test_same_name_as_a_document_of_its_own(library: Any) -> None:
    first = library.share("anna", "Model.txt")
    own = [library.share("bram", "Model.txt", b"%d" % n, same_name="own") for n in range(2)]
    assert [file["title"] for file in own] == ["Model (2).txt", "Model (3).txt"]
    assert len({first["id"], *(file["id"] for file in own)}) == 3
    assert library.ask("anna", f"/files/{first['id']}").json["number"] == 1


def test_file_that_waits_for_a_choice_is_sent_once(cast: Any, library: Any) -> None:
    library.share("anna", "Model.txt")
    asked = library.share("bram", "Model.txt", b"Beter.\n", status=409)

    def answer(who: str, **fields: Any) -> Any:
        return cast.client(None).post(
            "/api/v1/communities/een/files", headers=cast.api(who), data={"stored": asked["stored"], **fields}
        )

    assert "file" in answer("anna", same_name="own").json["errors"]  # the key is Bram's
    assert answer("bram", same_name="neither").status_code == 422
    own = answer("bram", same_name="own")
    assert (own.status_code, own.json["title"], own.json["size"]) == (201, "Model (2).txt", 7)
    assert answer("bram").status_code == 409
    bad = cast.client(None).post(
        "/api/v1/communities/een/files", headers=cast.api("bram"), data={"stored": "verzonnen"}
    )
    assert bad.json["errors"] == {"file": "Dit bestand is er niet meer. Kies het opnieuw."}


def test_page_asks_for_each_file_whose_name_is_taken(cast: Any, library: Any) -> None:
    """Without JavaScript too: the files that arrived are not sent again."""
    for name in ("Een.txt", "Twee.txt"):
        library.share("anna", name)
    browser = cast.client("bram")
    sent = ((b"1", "Een.txt"), (b"2", "Nieuw.txt"), (b"3", "Twee.txt"), (b"", "Leeg.txt"))
    answer = browser.post("/communities/een/files", **form(*sent))
    assert answer.status_code == 409
    assert answer.text.count('class="choice-of-version"') == 2
    for words in (
        "Er staat al “Een.txt” (van Anna Adem",
        "“Nieuw.txt” is gedeeld.",
        "“Leeg.txt”: Dit bestand is leeg.",
    ):
        assert words in answer.text
    for choice, left in (("version", 1), ("own", 0)):
        page = answer.text.partition('class="choice-of-version"')[2].partition("</section>")[0]
        fields = re.findall(r'name="(\w+)" value="([^"]+)"', page)
        data = {
            "stored": [value for name, value in fields if name == "stored"],
            "base_version": dict(fields)["base_version"],
            "same_name": choice,
        }
        answer = browser.post("/communities/een/files", data=data)
        assert answer.status_code == (409 if left else 303)
    titles = {f["title"]: f["number"] for f in library.ask("anna", "/communities/een/files").json["items"]}
    assert titles == {"Een.txt": 2, "Nieuw.txt": 1, "Twee.txt": 1, "Twee (2).txt": 1}


def test_name_is_unique_per_folder(library: Any, cast: Any) -> None:
    folder = library.ask("anna", "/communities/een/folders", "post", json={"name": "Regels"}).json
    outside, inside = library.share("anna"), library.share("anna", folder=folder["id"])
    assert outside["id"] != inside["id"]
    assert inside["folder"] == folder["id"]
    answer = library.share("anna", folder=99_999, status=422)
    assert answer["errors"] == {"folder": "Deze map bestaat niet meer. Kies een andere."}


def test_retry_with_the_same_key_changes_nothing(library: Any) -> None:
    key = str(uuid.uuid4())
    first, again = library.share("anna", client_id=key), library.share("anna", client_id=key)
    assert (first["id"], again["number"]) == (again["id"], 1)
    other = library.share("anna", content=b"Iets anders.", client_id=key, status=409)
    assert (other["code"], other["file"]) == ("repeated_key", first["id"])
    assert "client_id" in other["errors"]
    assert "stored" not in other  # nothing to choose
    assert library.share("bram", client_id=key, status=409)["code"] == "key_in_use"
    assert library.ask("anna", "/communities/een/files").json["items"][0]["number"] == 1


def test_key_belongs_to_one_community(app: Flask, library: Any, cast: Any) -> None:
    key = str(uuid.uuid4())
    library.share("anna", client_id=key)
    with app.app_context(), transaction():
        db.session.add(Membership(person_id=cast.anna, community_id=cast.two, role="member"))
    answer = library.share("anna", to="twee", client_id=key, status=409)
    assert (answer["code"], list(answer["errors"])) == ("key_in_use", ["client_id"])
    assert library.ask("anna", "/communities/twee/files").json["items"] == []


@pytest.mark.parametrize("who", ["chris", "hans", "jan"])
def test_stranger_gets_404(who: str, cast: Any) -> None:
    for slug in ("een", "bestaat-niet"):
        answer = cast.client(who).post(f"/communities/{slug}/files", **form((TEXT, "a.txt")))
        assert answer.status_code == 404, slug


def test_wrong_role_gets_403(cast: Any, journal_entries: Any) -> None:
    assert cast.client("gerda").post("/communities/een/files", **form((TEXT, "a.txt"))).status_code == 403
    assert journal_entries("denied")[-1].person_id == cast.gerda


def test_signed_out_must_sign_in(cast: Any) -> None:
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
def test_bad_input_names_the_field_and_the_file(
    library: Any, content: bytes, name: str, status: int, words: str
) -> None:
    answer = library.share("anna", name, content, status=status)
    assert answer["errors"] == {"file": f"“{name}”: {words}"}
    assert library.ask("anna", "/communities/een/files").json["items"] == []


def test_too_large_request_gets_413(cast: Any, library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "LARGEST_REQUEST", 5_000_000)
    answer = library.share("anna", "a.txt", b"a" * 5_000_001, status=413)
    assert answer["detail"] == "Dit is te groot om in één keer te versturen."
    page = cast.client("anna").post("/communities/een/files", **form((b"a" * 5_000_001, "a.txt")))
    assert page.status_code == 413
    assert "Kies bestanden" in page.text


def test_upload_of_a_stranger_is_not_read(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who may not share is refused before the upload is read."""
    monkeypatch.setattr(sharing, "_uploaded_files", lambda: pytest.fail("read"))
    assert cast.client("chris").post("/communities/een/files", **form((b"a" * 5_000_000, "a.txt"))).status_code == 404
    assert cast.client("gerda").post("/communities/een/files", **form((b"a" * 5_000_000, "a.txt"))).status_code == 413


@pytest.mark.parametrize("data", [{}, {"file": "tekst"}, {"file": (io.BytesIO(b""), "")}])
def test_bad_input_names_the_field_without_a_file(cast: Any, data: dict[str, Any]) -> None:
    answer = cast.client(None).post("/api/v1/communities/een/files", headers=cast.api("anna"), data=data)
    assert answer.status_code == 422
    assert answer.json["errors"] == {"file": "Kies eerst een bestand."}


def test_refused_files_are_named_and_the_others_uploaded(cast: Any) -> None:
    answer = cast.client("anna").post(
        "/communities/een/files",
        **form((TEXT, "Goed.txt"), (b"", "Leeg.txt"), (b"MZ\0\0", "Fout.exe"), (b"Ook goed", "Beter.txt")),
    )
    assert answer.status_code == 422
    assert "2 bestanden zijn gedeeld." in answer.text
    for name in ("Goed.txt", "Beter.txt", "“Leeg.txt”: Dit bestand is leeg.", "“Fout.exe”"):
        assert name in answer.text


def test_at_most_twenty_files(cast: Any, library: Any) -> None:
    sent = [(b"x%d" % n, f"{n}.txt") for n in range(21)]
    answer = cast.client("anna").post("/communities/een/files", **form(*sent))
    assert answer.status_code == 422
    assert "Hoogstens 20 bestanden tegelijk" in answer.text
    assert cast.client("anna").post("/communities/een/files", **form(*sent[:20])).status_code == 303
    assert len(library.ask("anna", "/communities/een/files").json["items"]) == 20
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
def test_hostile_names_are_harmless(cast: Any, library: Any, name: str, title: str | None) -> None:
    shared = library.share("anna", name)
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
def test_disguised_content_is_not_shown(cast: Any, library: Any, content: bytes, name: str) -> None:
    shared = library.share("anna", name, content)
    answer = cast.client("bram").get(shared["content"], buffered=True)
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "<img" not in cast.client("bram").get(shared["url"]).text


def test_misleading_name_is_reported(cast: Any, library: Any) -> None:
    shared = library.share("anna", "foto.docx", picture())
    assert "een ander soort bestand dan de naam zegt" in cast.client("bram").get(shared["url"]).text


def test_concurrent_uploads_of_one_name_make_one_document(separate_app: SeparateApp, tmp_path: Any) -> None:
    """Of simultaneous uploads of one name one is stored, the others are asked about."""
    from tests.documents.site import DocumentSite

    site = DocumentSite(separate_app, tmp_path)
    gate = threading.Barrier(4)
    statuses: list[int] = []

    def share(n: int) -> None:
        gate.wait()
        file = (io.BytesIO(b"tekst %d" % n), "Model.txt")
        statuses.append(site.client().post("/api/v1/communities/een/files", data={"file": file}).status_code)

    crowd = [threading.Thread(target=share, args=(n,)) for n in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(statuses) == [201, 409, 409, 409]
    assert site.versions() == {"Model.txt": 1}
    site.close()


def test_is_journalled(cast: Any, library: Any, journal_entries: Any) -> None:
    shared = library.share("anna")
    entry = journal_entries("files.upload")[-1]
    assert (entry.person_id, entry.community_id) == (cast.anna, cast.one)
    assert entry.details == {"file": shared["id"], "folder": None, "version": 1}
