"""files.publish and files.unpublish: documents that everybody can download, in the version that was chosen."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.documents.models import File
from tests.documents.conftest import TEXT


@pytest.fixture
def file(library: Any) -> int:
    return int(library.share("anna", content=TEXT, name="plan.txt")["id"])


def open_programme(cast: Any) -> None:
    cast.client("fons").post("/programmes/proef/public", data={"what": "Waar het over gaat."})
    assert cast.client("fons").post("/programmes/proef/publication").status_code == 303


def download(cast: Any, id: int, who: str | None = None) -> Any:
    return cast.client(who).get(f"/public/files/{id}", buffered=True)


def test_what_is_not_marked_does_not_exist_for_strangers(cast: Any, file: int) -> None:
    open_programme(cast)
    closed, unknown = download(cast, file), download(cast, 999_999)
    assert closed.status_code == unknown.status_code == 303
    assert closed.location == f"/sign-in?next=/public/files/{file}"
    assert download(cast, file, "hans").status_code == download(cast, 999_999, "hans").status_code == 404
    assert cast.client(None).get(f"/api/v1/public/files/{file}").status_code == 401
    assert "plan" not in cast.client(None).get("/programmes/proef").text


def test_works_once_the_programme_is_public(cast: Any, file: int) -> None:
    assert cast.client("fons").post(f"/files/{file}/publication", data={"number": "1"}).status_code == 303
    assert download(cast, file).status_code == 303
    open_programme(cast)
    got = download(cast, file)
    assert (got.status_code, got.data) == (200, TEXT)
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert f'href="/public/files/{file}"' in cast.client(None).get("/programmes/proef").text
    assert f"/public/files/{file}</loc>" in cast.client(None).get("/sitemap.xml").text
    assert cast.client(None).get(f"/files/{file}").status_code == 303  # its own page stays closed
    cast.client("fons").post("/programmes/proef/publication/delete")
    assert download(cast, file).status_code == 303


def test_a_later_version_or_name_is_not_public_by_itself(cast: Any, file: int, library: Any) -> None:
    cast.client("fons").post(f"/files/{file}/publication")
    open_programme(cast)
    library.replace("anna", file, b"Vertrouwelijk", "plan.txt", base_version="1")
    version = library.ask("anna", f"/files/{file}").json["version"]
    cast.client("anna").post(f"/files/{file}", data={"title": "Geheim plan", "base_version": str(version)})
    assert download(cast, file).data == TEXT
    assert "Geheim plan" not in cast.client(None).get("/programmes/proef").text
    assert "er is een nieuwere versie" in cast.client("fons").get("/programmes/proef/public").text
    assert cast.client("fons").post(f"/files/{file}/publication", data={"number": "1"}).status_code == 409
    cast.client("fons").post(f"/files/{file}/publication", data={"number": "2"})
    assert download(cast, file).data == b"Vertrouwelijk"


def test_what_goes_to_the_trash_is_public_no_more(cast: Any, file: int) -> None:
    cast.client("fons").post(f"/files/{file}/publication")
    open_programme(cast)
    cast.client("anna").post(f"/files/{file}/delete")
    assert download(cast, file).status_code == 303
    cast.client("anna").post(f"/files/{file}/untrash")
    assert download(cast, file).status_code == 303


def test_works_by_api_and_can_be_ended(cast: Any, file: int) -> None:
    open_programme(cast)
    address = f"/api/v1/files/{file}/publication"
    assert cast.client(None).put(address, headers=cast.api("fons"), json={}).status_code == 204
    assert download(cast, file).status_code == 200
    assert cast.client(None).delete(address, headers=cast.api("fons")).status_code == 204
    assert download(cast, file).status_code == 303


def test_an_attachment_cannot_be_public(cast: Any, app: Any, file: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(File, file).attached = True
    assert cast.client("fons").post(f"/files/{file}/publication").status_code == 422


def test_stranger_gets_404(cast: Any, file: int) -> None:
    refused(cast, file, 404, "chris", "hans", "iris")


def test_wrong_role_gets_403(cast: Any, file: int) -> None:
    refused(cast, file, 403, "anna", "gerda", "eva")


def refused(cast: Any, file: int, status: int, *people: str) -> None:
    for who in people:
        assert cast.client(who).post(f"/files/{file}/publication").status_code == status, who
        assert cast.client(who).post(f"/files/{file}/publication/delete").status_code == status, who


def test_bad_input_names_the_field(cast: Any, file: int) -> None:
    answer = cast.client(None).put(
        f"/api/v1/files/{file}/publication", headers=cast.api("fons"), json={"number": "laatste"}
    )
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["number"])


def test_in_the_archive_it_can_only_be_ended(cast: Any, file: int) -> None:
    cast.client("fons").post(f"/files/{file}/publication")
    cast.client("fons").post("/programmes/proef/phase", data={"phase": "archive"})
    assert cast.client("fons").post(f"/files/{file}/publication").status_code == 403
    assert cast.client("fons").post(f"/files/{file}/publication/delete").status_code == 303


def test_is_journalled(cast: Any, file: int, journal_entries: Any) -> None:
    cast.client("fons").post(f"/files/{file}/publication")
    cast.client("fons").post(f"/files/{file}/publication/delete")
    for verb in ("publish", "unpublish"):
        assert journal_entries(f"files.{verb}")[-1].person_id == cast.fons, verb
