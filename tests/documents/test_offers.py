"""files.upload, whatever is offered: names, types, sizes and duplicates in random orders.

Nothing is overwritten, nothing disappears without a word, and no response is an error of ours.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.base import files
from cop.base.web import rate_limits
from tests.conftest import SeparateApp
from tests.documents.conftest import docx, form, picture
from tests.documents.site import DocumentSite

ENDINGS = ["txt", "TXT", "docx", "jpg", "png", "exe", "zip", "pdf", "", "tar.gz", "heic", "svg", "lnk"]
CONTENTS = {
    "text": b"Punt een.\n",
    "other text": b"Punt twee.\n",
    "empty": b"",
    "docx": docx(),
    "photo": picture("JPEG", "Kerkstraat 12"),
    "drawing": picture("PNG"),
    "cut off": picture("JPEG", "Kerkstraat 12")[:200],
    "program": b"MZ" + bytes(60),
    "page": b"<script>alert(1)</script>",
    "damaged zip": b"PK\3\4" + bytes(40),
    "noise": bytes(range(256)),
    "one byte too many": b"a" * (files.LIMITS[files.Kind.TEXT] + 1),
}
_rounds = count(1)
stems = st.text(
    st.one_of(st.sampled_from("abcé ñ_-.()'’\u202e\u200b/\\\"%\n\0🏠"), st.characters(exclude_categories=["Cs"])),
    max_size=12,
) | st.sampled_from(["notulen", "NOTULEN", "notulen (2)", "a" * 250, "..", "con", "Overzicht coöperatie", "cafe\u0301"])
offers = st.lists(
    st.tuples(
        st.builds(lambda stem, ending: f"{stem}.{ending}", stems, st.sampled_from(ENDINGS)),
        st.sampled_from(sorted(CONTENTS)),
        st.sampled_from([None, "version", "own"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def site(separate_app: SeparateApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentSite]:
    site = DocumentSite(separate_app, tmp_path_factory.mktemp("offers"))
    yield site
    site.close()


def listed(browser: Any, folder: int) -> dict[int, Any]:
    answer = browser.get(f"/api/v1/communities/een/files?folder={folder}&limit=100")
    return {file["id"]: file for file in answer.json["items"]}


@settings(max_examples=60, deadline=None)
@given(offered=offers)
def test_every_offer_is_stored_once_or_answered_in_words(site: DocumentSite, offered: list[Any]) -> None:
    rate_limits.reset()
    browser = site.client()
    folder = browser.post("/api/v1/communities/een/folders", json={"name": f"Ronde {next(_rounds)}"}).json["id"]
    for sent, content, same_name, draft in offered:
        before = listed(browser, folder)
        fields = {"folder": folder} | ({"same_name": same_name} if same_name else {}) | ({"draft": 1} if draft else {})
        answer = browser.post("/api/v1/communities/een/files", **form((CONTENTS[content], sent), **fields))
        after = listed(browser, folder)
        assert answer.status_code in (201, 409, 413, 422), answer.text
        if answer.status_code != 201:
            assert after == before
            assert answer.json["errors"]["file"].strip()
            assert answer.status_code != 409 or answer.json["file"] in before
            continue
        file = answer.json
        assert not set("\r\n\0/\\\u202e") & set(file["title"])
        if draft:
            assert after == before
        elif file["id"] in before:
            assert same_name == "version"
            assert file["number"] == before[file["id"]]["number"] + 1
            assert len(after) == len(before)
        else:
            assert len(after) == len(before) + 1
        titles = [one["title"].lower() for one in after.values()]
        assert len(titles) == len(set(titles))
        served = browser.get(file["content"], buffered=True)
        assert b"Kerkstraat" not in served.data
        if content in ("text", "other text", "page"):
            assert served.data == CONTENTS[content]
        assert "\n" not in unquote(served.headers["Content-Disposition"])
    for id in list(listed(browser, folder)):
        browser.delete(f"/api/v1/files/{id}")


@pytest.mark.parametrize(("first", "second"), [("café.csv", "cafe\u0301.csv"), ("Model.txt", "MODEL.TXT")])
def test_one_name_written_in_two_ways_is_one_name(site: DocumentSite, first: str, second: str) -> None:
    """macOS sends an accent as a letter of its own."""
    share = lambda name: site.client().post(
        "/api/v1/communities/een/files", data={"file": (io.BytesIO(b"a;b\n"), name)}
    )
    assert share(first).status_code == 201
    assert share(second).status_code == 409
