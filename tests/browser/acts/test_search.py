"""Search in a browser, on a phone and on a desk: words, filters, more results, and nothing found."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]


def sized(browsers: Browsers, who: str, path: str, width: int) -> Page:
    return browsers.open(who, path, viewport={"width": width, "height": 700})


def test_search_is_narrowed_and_widened(browsers: Browsers, width: int) -> None:
    page = sized(browsers, "Marijke", "/search", width)
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").fill("convenant")
    page.locator("main").get_by_role("button", name="Zoek").click()
    expect(page).to_have_url(re.compile(r"q=convenant"))
    heading = page.get_by_role("heading", name=re.compile(r"^\d+ resulta(at|ten)"))
    expect(heading).to_be_visible()
    expect(page.locator(".hits mark").first).to_be_visible()
    whole = int(heading.inner_text().split()[0])
    page.get_by_role("navigation", name="Soort").get_by_role("link", name="Documenten").click()
    expect(page.get_by_role("navigation", name="Soort").locator("[aria-current]")).to_have_text("Documenten")
    assert int(heading.inner_text().split()[0]) < whole
    page.get_by_role("navigation", name="Soort").get_by_role("link", name="Alles").click()
    expect(page.get_by_role("navigation", name="Soort").locator("[aria-current]")).to_have_text("Alles")
    page.get_by_label("Zoek in").select_option("zachte-landing")
    page.locator("main").get_by_role("button", name="Zoek").click()
    expect(page).to_have_url(re.compile(r"in=zachte-landing"))
    expect(page.get_by_label("Zoek in")).to_have_value("zachte-landing")

    page.locator("#q").fill("xyzzyxyzzy")
    page.locator("main").get_by_role("button", name="Zoek").click()
    expect(page.get_by_text("Niets gevonden")).to_be_visible()
    page.get_by_role("link", name="Zoek zonder filters").click()
    expect(page.get_by_label("Zoek in")).to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_masthead_leads_to_results(browsers: Browsers, width: int) -> None:
    page = sized(browsers, "Willemijn", "/", width)
    if width == 360:
        page.get_by_role("link", name="Zoeken").click()
        field = page.locator("#q")
    else:
        field = page.locator("#search")
    field.fill("huur")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=huur"))
    page.locator(".hits h3 a").first.click()
    expect(page).not_to_have_url(re.compile("/search"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
