"""minutes.export: published minutes as a file, for those who may read them and with what they may see."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pypdf
import pytest
from PIL import Image

from cop.base.export import missing, running
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from tests.conftest import go_to
from tests.minutes.conftest import START


@pytest.fixture(autouse=True)
def needs_pandoc() -> None:
    if missing("odt"):
        pytest.skip(missing("odt"))


@pytest.fixture
def published(minutes: Any, save: Any, ask: Any) -> Any:
    """Two versions: the second has a link to another text."""
    save("eva", minutes.blocks[2], "De eerste tekst.", 1)
    ask("eva", "put", f"{minutes.api}/publication")
    save("eva", minutes.blocks[2], "De tweede tekst, met [een besluit](/outcomes/3).", 2)
    ask("eva", "put", f"{minutes.api}/publication", change="Met het besluit.")
    return minutes


def text_of(answer: Any) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
        return re.sub("<[^>]+>", " ", opened.read("content.xml").decode())


def test_works(published: Any, cast: Any, read: Any) -> None:
    page = read("anna", published.url)
    assert f'href="{published.url}/export/odt?version=2"' in page
    assert "apt install" not in page
    answer = cast.client("anna").get(f"{published.url}/export/odt")
    assert answer.status_code == 200
    assert answer.content_type == "application/vnd.oasis.opendocument.text"
    day = f"{START:%Y-%m-%d}"
    assert f'attachment; filename="verslag-plaats-maken-{day}.odt"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = text_of(answer)
    for part in (
        "Verslag van Plaats maken",
        "Aanwezigen",
        "Anna Adem",
        "De tweede tekst",
        "Met het besluit.",
        "Versie 2",
    ):
        assert part in shown, part
    with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
        assert "/outcomes/3" in opened.read("content.xml").decode()
    first = cast.client("anna").get(f"{published.url}/export/odt?version=1")
    assert f'filename="verslag-plaats-maken-{day}-versie-1.odt"' in first.headers["Content-Disposition"]
    assert "De eerste tekst" in text_of(first)
    assert "besluit" not in text_of(first)


def test_works_by_api_in_parts_and_once(published: Any, cast: Any, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that has the file gets 304 without any work; the file is the same for every reader."""
    url = f"{published.api}/export/docx"
    answer = ask("anna", "get", url)
    assert answer.status_code == 200
    part = cast.client("eva").get(url, headers={"Range": "bytes=2-9", "If-Range": answer.headers["ETag"]})
    assert (part.status_code, part.data) == (206, answer.data[2:10])
    assert cast.client("eva").get(url, headers={"Range": "bytes=99999999-"}).status_code == 416
    monkeypatch.setattr(running, "PROGRAM", "/nergens")
    again = cast.client("bram").get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert ask("anna", "get", f"{published.api}/export/docx?version=1").status_code == 503


def test_pdf(published: Any, cast: Any) -> None:
    if missing("pdf"):
        pytest.skip(missing("pdf"))
    answer = cast.client("anna").get(f"{published.url}/export/pdf")
    assert answer.content_type == "application/pdf"
    page = pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "Bladzijde 1 van 1" in page
    assert "/outcomes/3)" in page


def test_pictures_are_those_that_the_reader_may_see(
    minutes: Any, save: Any, ask: Any, cast: Any, app: Any, run_as: Any
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    made = cast.client("eva").post(
        "/api/v1/communities/een/files",
        data={"file": (io.BytesIO(out.getvalue()), "plattegrond.png")},
        content_type="multipart/form-data",
    )
    assert made.status_code == 201, made.text
    file = made.json["id"]
    save("eva", minutes.blocks[2], f"![De plattegrond](/files/{file}/content)", 1)
    ask("eva", "put", f"{minutes.api}/publication")
    with zipfile.ZipFile(io.BytesIO(cast.client("anna").get(f"{minutes.url}/export/odt").data)) as opened:
        assert [name for name in opened.namelist() if name.startswith("Pictures/")]
        assert "<svg:desc>De plattegrond</svg:desc>" in opened.read("content.xml").decode()
    assert ask("eva", "delete", f"/api/v1/files/{file}").status_code < 300
    after = cast.client("anna").get(f"{minutes.url}/export/odt")
    with zipfile.ZipFile(io.BytesIO(after.data)) as opened:
        assert not [name for name in opened.namelist() if name.startswith("Pictures/")]
    assert "De plattegrond" in text_of(after)


def test_stranger_gets_404(published: Any, ask: Any, minutes: Any) -> None:
    for who in ("chris", "hans"):
        assert ask(who, "get", f"{published.api}/export/odt").status_code == 404
    assert ask("anna", "get", f"{published.api}/export/odt?version=3").status_code == 404
    assert ask("anna", "get", f"{published.api}/export/exe").status_code == 404
    ask("eva", "delete", f"{published.api}/publication")
    for who in ("anna", "eva"):
        assert ask(who, "get", f"{published.api}/export/odt").status_code == 404


def test_bad_input_names_the_field(published: Any, ask: Any) -> None:
    answer = ask("anna", "get", f"{published.api}/export/odt?version=x")
    assert answer.status_code == 422
    assert "version" in answer.json["errors"]


def test_what_cannot_be_made_is_told_to_the_team_only(
    published: Any, read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "pandoc", lambda: "")
    running._without_pandoc.cache_clear()
    try:
        for who, told in (("anna", False), ("eva", True)):
            page = read(who, published.url)
            assert "/export/odt" not in page
            assert ("cop[office]" in page) is told
    finally:
        running._without_pandoc.cache_clear()


def test_a_cancelled_meeting_keeps_its_published_minutes(published: Any, run_as: Any, ask: Any, read: Any) -> None:
    """What the page shows can be downloaded, whatever became of the meeting."""
    go_to(START)
    run_as("eva", meetings.cancel, Meeting, published.id, reason="Ziek")
    page = ask("anna", "get", published.api).status_code
    assert ask("anna", "get", f"{published.api}/export/odt").status_code == page
