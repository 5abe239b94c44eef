"""Calendars in a browser: a month on a phone, on a desk and on paper, and an address to subscribe to."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses

pytestmark = [pytest.mark.browser]

PROGRAMME = "/programmes/weer-thuis-in-de-wijk"
PHONE = {"width": 360, "height": 800}
MONTH = "show=month&month=2017-12"


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def printed(page: Page) -> list[tuple[int, int]]:
    """Return the width and height of the sheets of a page on paper, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@presses("calendar.make", "calendar.revoke")
def test_a_month_on_a_phone_and_a_calendar_address(browsers: Browsers) -> None:
    page = browsers.open("Marijke", "/", axe=True, viewport=PHONE)
    page.get_by_role("region", name="Volgende bijeenkomst").get_by_role("link", name="Kalender").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn kalender")
    page.get_by_role("link", name="Maand", exact=True).click()
    expect(page.get_by_role("table", name="Bijeenkomsten in december 2017")).to_be_visible()
    accessible(page)
    day = page.locator(".calendar-count").first
    expect(page.locator(".calendar ul").first).to_be_hidden()
    day.focus()
    page.keyboard.press("Enter")
    heading = page.locator(day.get_attribute("href") or "")
    expect(heading).to_be_in_viewport()
    expect(heading).to_have_text(re.compile(r"^\w+ \d+ december 2017"))
    page.get_by_role("link", name="jan 2018").click()
    expect(page.get_by_role("heading", level=2, name="januari 2018")).to_be_visible()
    page.get_by_role("link", name="Deze maand").click()
    expect(page.get_by_role("cell").filter(has_text="vandaag")).to_have_attribute("aria-current", "date")

    page.get_by_role("link", name="Abonneren").click()
    page.get_by_role("button", name="Agenda-adres maken").click()
    shown = page.locator("main code")
    expect(shown).to_contain_text("/calendar/")
    accessible(page)
    address = shown.inner_text()
    assert page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    page.get_by_role("button", name="Adres intrekken").first.click()
    expect(page.locator("#flash")).to_contain_text("Het agenda-adres werkt niet meer")
    assert page.request.get(address).status == 404


def test_a_month_on_a_desk_and_on_paper(browsers: Browsers) -> None:
    past = "show=month&month=2017-06"  # in which no other test plans anything
    page = browsers.open("Willemijn", f"{PROGRAMME}/calendar?{past}", java_script_enabled=False)
    expect(page.locator(".calendar ul a").first).to_be_visible()
    expect(page.locator(".calendar-count").first).to_be_hidden()
    expect(page.locator(".calendar-list")).to_be_hidden()
    assert printed(page) == [(842, 595)], "one sheet, on its side"
    page.goto(f"{PROGRAMME}/calendar?month=2017-12")
    ((width, height),) = printed(page)
    assert width < height
