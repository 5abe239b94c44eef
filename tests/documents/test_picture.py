"""files.picture: a picture in three sizes, made by a job, for the people who may read its file."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from cop.base import jobs
from cop.base.db import db
from cop.things import Picture
from tests.documents.conftest import docx
from tests.documents.test_draft import post


def photograph(size: tuple[int, int] = (2400, 1600), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind)
    return out.getvalue()


@pytest.fixture
def draw(app: Flask) -> Any:
    """Return a function that runs the jobs that are due."""

    def run() -> None:
        with app.app_context():
            jobs.run_due()

    return run


def size_of(library: Any, id: int, width: int) -> tuple[str, tuple[int, int]]:
    answer = library.ask("bram", f"/files/{id}/picture?width={width}")
    assert answer.status_code == 200
    return answer.content_type, Image.open(io.BytesIO(answer.data)).size


def test_works(library: Any, draw: Any) -> None:
    id = library.share("anna", "Gevel.jpg", photograph())["id"]
    assert size_of(library, id, 320) == ("image/jpeg", (2400, 1600))  # the job has not run yet
    draw()
    assert [size_of(library, id, width) for width in (320, 960, 1920)] == [
        ("image/webp", (320, 213)),
        ("image/webp", (960, 640)),
        ("image/webp", (1920, 1280)),
    ]
    answer = library.ask("bram", f"/files/{id}/picture?width=320")
    assert 'filename="Gevel.webp"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert 'filename="Gevel.jpg"' in library.ask("bram", f"/files/{id}/content").headers["Content-Disposition"]


def test_small_picture_is_not_enlarged(library: Any, draw: Any) -> None:
    id = library.share("anna", "Logo.png", photograph((90, 60), "PNG"))["id"]
    draw()
    assert {size_of(library, id, width)[1] for width in (320, 960, 1920)} == {(90, 60)}


def test_unchanged_copy_gets_304(library: Any, draw: Any) -> None:
    id = library.share("anna", "Gevel.jpg", photograph())["id"]
    draw()
    tag = library.ask("bram", f"/files/{id}/picture?width=320").headers["ETag"]
    again = library.ask("bram", f"/files/{id}/picture?width=320", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_copy_is_as_private_as_its_file(library: Any, draw: Any) -> None:
    id = library.share("anna", "Gevel.jpg", photograph(), draft=1)["id"]
    draw()
    assert library.ask("anna", f"/files/{id}/picture").status_code == 200
    for who in ("bram", "chris", "eva", "hans"):
        assert library.ask(who, f"/files/{id}/picture").status_code == 404


def test_file_without_a_picture_gets_404(library: Any) -> None:
    for name, content in (("Model.docx", docx()), ("Blad.txt", b"Tekst.")):
        assert library.ask("anna", f"/files/{library.share('anna', name, content)['id']}/picture").status_code == 404


def test_new_version_gets_new_copies(library: Any, draw: Any) -> None:
    id = library.share("anna", "Gevel.jpg", photograph())["id"]
    draw()
    library.replace("anna", id, photograph((600, 900)), "Gevel.jpg")
    draw()
    assert size_of(library, id, 320)[1] == (320, 480)
    library.ask("anna", f"/files/{id}/versions/1/restoring", "post")
    draw()
    assert size_of(library, id, 320)[1] == (320, 213)
    library.replace("anna", id, b"Tekst.", "Gevel.txt")
    assert library.ask("anna", f"/files/{id}/picture").status_code == 404


def test_picture_that_is_cut_off_is_refused(library: Any) -> None:
    content = photograph()
    answer = library.share("anna", "Gevel.jpg", content[: len(content) // 2], status=422)
    assert answer["errors"] == {"file": "“Gevel.jpg”: Dit bestand is beschadigd of onvolledig."}


def test_picture_that_cannot_be_drawn_is_shown_as_a_file(cast: Any, library: Any, draw: Any) -> None:
    content = photograph((400, 300), "PNG")
    start = content.index(b"IDAT")
    broken = content[: start + 10] + bytes(40) + content[start + 50 :]
    file = library.share("anna", "Gevel.png", broken)
    assert file["width"] == 400
    draw()
    assert library.ask("anna", f"/files/{file['id']}").json["width"] is None
    assert library.ask("anna", f"/files/{file['id']}/picture").status_code == 404
    assert "<img" not in cast.client("bram").get(file["url"]).text


def test_picture_is_shown_in_a_post_without_a_jump(cast: Any, library: Any) -> None:
    """The page has the size of the picture before its copies are made."""
    draft = library.share("anna", "Gevel.jpg", photograph(), draft=1)
    text = library.share("anna", "Blad.txt", b"Tekst.", draft=1)
    thread = library.ask(
        "anna",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie", "files": [draft["id"], text["id"]]},
    ).json
    page = cast.client("bram").get(thread["url"]).text
    assert f'src="/files/{draft["id"]}/picture?width=960"' in page
    assert 'alt="Gevel.jpg" width="320" height="213" loading="lazy"' in page
    assert f'href="/files/{text["id"]}"><bdi>Blad.txt' in page


def test_alt_is_what_the_uploader_wrote(cast: Any, library: Any) -> None:
    draft = library.share("anna", "IMG_1.jpg", photograph(), draft=1)
    thread = post(library, "anna", draft["id"])
    version = library.ask("anna", draft["url"]).json["version"]
    given = {"alt": "Gevel met <nieuwe> kozijnen", "base_version": version}
    answer = library.ask("anna", f"/files/{draft['id']}", "patch", json=given)
    assert (answer.status_code, answer.json["alt"]) == (200, "Gevel met <nieuwe> kozijnen")
    assert 'alt="Gevel met &lt;nieuwe&gt; kozijnen"' in cast.client("bram").get(thread["url"]).text


def test_pictures_from_before_get_copies(app: Flask, library: Any, draw: Any) -> None:
    id = library.share("anna", "Gevel.jpg", photograph((500, 500)))["id"]
    with app.app_context():
        from cop.base.action import transaction

        with transaction():
            db.session.delete(db.session.get_one(Picture, id))
            jobs.later("documents.all_pictures")
    draw()
    assert size_of(library, id, 320) == ("image/webp", (320, 320))
