"""Documents to take along: published minutes as PDF, the list of a meeting, and its badges on A4."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
from playwright.sync_api import expect

from cop.base.export import missing
from tests.browser.conftest import Browsers
from tests.product import Product

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 800}


def test_minutes_are_downloaded_as_pdf(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    if missing("pdf"):
        pytest.skip(missing("pdf"))
    page = browsers.open("Willemijn", f"{_meeting(product, people, 'past')}/minutes", viewport=PHONE)
    with page.expect_download() as started:
        page.get_by_role("region", name="Downloaden").get_by_role("link", name="PDF").click()
    assert re.fullmatch(r"verslag-[a-z0-9-]+-2017-\d\d-\d\d\.pdf", started.value.suggested_filename)
    assert pypdf.PdfReader(started.value.path()).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_list_and_badges_of_a_meeting(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    page = browsers.open("Marijke", f"{_meeting(product, people, 'coming')}/answers", viewport=PHONE)
    with page.expect_download() as started:
        page.get_by_role("link", name="Downloaden als Excel").click()
    assert started.value.suggested_filename.endswith(".xlsx")
    page.get_by_role("link", name="Badges afdrukken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Badges")
    badges = page.locator(".name-badge")
    expect(badges.first).to_be_visible()
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == -(-badges.count() // 10)
    assert [round(float(length)) for length in printed.pages[0].mediabox[2:]] == [595, 842]  # A4, in points
    assert "Wie komt er" not in printed.pages[0].extract_text()


def _meeting(product: Product, people: dict[str, int], when: str) -> str:
    """Return the address of a meeting of the story: the last workshop, which has minutes, or the symposium."""
    listed = product.ask(people["Willemijn"], f"/meetings{'?show=past' if when == 'past' else ''}")
    title = "Werkatelier voor bestuurders" if when == "past" else "Slotsymposium"
    return str(next(one["url"] for one in listed["items"] if one["title"] == title))
