"""files.content: the bytes of a file, whole or in part, for people who may currently read it."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.society.memberships import Membership
from tests.documents.conftest import TEXT, picture


@pytest.fixture
def file(library: Any) -> int:
    id = library.share("anna", "Model.txt", TEXT)["id"]
    library.replace("anna", id, b"0123456789", "Model nieuw.txt")
    return id


def test_current_and_older_versions(library: Any, file: int) -> None:
    answer = library.ask("gerda", f"/files/{file}/content")
    assert (answer.status_code, answer.data) == (200, b"0123456789")
    assert answer.content_type == "text/plain"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Length"] == "10"
    assert 'filename="Model.txt"' in answer.headers["Content-Disposition"]
    older = library.ask("gerda", f"/files/{file}/content?version=1")
    assert older.data == TEXT
    assert 'filename="Model (versie 1).txt"' in older.headers["Content-Disposition"]


def test_unchanged_content_gets_304(cast: Any, library: Any, file: int) -> None:
    first = library.ask("bram", f"/files/{file}/content")
    again = library.ask("bram", f"/files/{file}/content", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    library.replace("anna", file, b"anders")
    changed = library.ask("bram", f"/files/{file}/content", headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.data) == (200, b"anders")


@pytest.mark.parametrize(("asked", "data"), [("2-4", b"234"), ("-3", b"789"), ("7-", b"789"), ("0-99", b"0123456789")])
def test_range_is_served(library: Any, file: int, asked: str, data: bytes) -> None:
    answer = library.ask("bram", f"/files/{file}/content", headers={"Range": f"bytes={asked}"})
    assert (answer.status_code, answer.data) == (206, data)
    assert answer.headers["Content-Range"].endswith("/10")
    assert int(answer.headers["Content-Length"]) == len(data)


def test_range_beyond_the_end_gets_416(library: Any, file: int) -> None:
    assert library.ask("bram", f"/files/{file}/content", headers={"Range": "bytes=10-"}).status_code == 416


def test_range_of_a_changed_file_returns_the_whole_file(library: Any, file: int) -> None:
    tag = library.ask("bram", f"/files/{file}/content").headers["ETag"]
    asked = {"Range": "bytes=2-4", "If-Range": tag}
    assert library.ask("bram", f"/files/{file}/content", headers=asked).status_code == 206
    library.replace("anna", file, b"anders")
    assert library.ask("bram", f"/files/{file}/content", headers=asked).data == b"anders"


def test_head_request(cast: Any, file: int) -> None:
    answer = cast.client("bram").head(f"/files/{file}/content", buffered=True)
    assert (answer.status_code, answer.data, answer.headers["Content-Length"]) == (200, b"", "10")


@pytest.mark.parametrize("who", ["chris", "hans", "jan", "iris"])
def test_stranger_gets_404(cast: Any, library: Any, file: int, who: str) -> None:
    nothing = library.ask(who, "/files/99999/content")
    for address in (f"/files/{file}/content", f"/files/{file}/content?version=1", f"/files/{file}"):
        answer = library.ask(who, address)
        assert (answer.status_code, answer.data) == (404, nothing.data)
        page, missing = cast.client(who).get(address), cast.client(who).get("/files/99999")
        assert page.status_code == missing.status_code == 404
        assert "Model" not in page.text
    assert "ETag" not in answer.headers


def test_signed_out_must_sign_in(cast: Any, file: int) -> None:
    for id in (file, 99_999):
        assert cast.client(None).get(f"/files/{id}/content").location == f"/sign-in?next=/files/{id}/content"
        assert cast.client("kees").get(f"/files/{id}/content").status_code == 303


def test_removed_member_loses_access_at_once(app: Any, cast: Any, library: Any, file: int) -> None:
    tag = library.ask("bram", f"/files/{file}/content").headers["ETag"]
    with app.app_context(), transaction():
        db.session.query(Membership).filter_by(person_id=cast.bram).update({"ended": clock.now()})
    for headers in ({}, {"If-None-Match": tag}, {"Range": "bytes=0-1"}):
        assert library.ask("bram", f"/files/{file}/content", headers=headers).status_code == 404


@pytest.mark.parametrize("version", ["0", "99", "x", "-1", "1.5", "99999999999999"])
def test_unknown_version_gets_404(library: Any, file: int, version: str) -> None:
    assert library.ask("bram", f"/files/{file}/content?version={version}").status_code in (404, 422)


@pytest.mark.parametrize("suffix", ["%2e%2e", "/", "::$DATA", "."])
def test_altered_addresses_get_404(cast: Any, file: int, suffix: str) -> None:
    for address in (f"/files/{file}{suffix}/content", f"/files/{file}/content{suffix}"):
        assert cast.client("chris").get(address, follow_redirects=True).status_code == 404


def test_pictures_are_inline_and_other_files_attachments(cast: Any, library: Any) -> None:
    shown = library.share("anna", "Gevel.jpg", picture())
    answer = cast.client("bram").get(shown["content"], buffered=True)
    assert (answer.content_type, answer.headers["Content-Disposition"][:7]) == ("image/jpeg", "inline;")
    assert f'<img src="/files/{shown["id"]}/picture' in cast.client("bram").get(shown["url"]).text
