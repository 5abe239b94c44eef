"""A page that was seen before is not shown as it was while it is fetched: what is typed into it would be lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Browsers

pytestmark = pytest.mark.browser

FORM = "/communities/woningvoorraad/meetings/new"


def test_nothing_is_typed_into_an_old_page(browsers: Browsers) -> None:
    page = browsers.open("Marijke", FORM)
    page.locator("#f-title").wait_for()
    page.get_by_role("link", name="Annuleren").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Nieuwe bijeenkomst")

    waiting: list[Route] = []
    page.route(f"**{FORM}", lambda route: waiting.append(route))
    page.locator(f"main a[href='{FORM}']").first.click()
    while not waiting:
        page.wait_for_timeout(20)
    page.wait_for_timeout(200)  # a preview is rendered in the next frames
    expect(page.locator("#f-title")).to_have_count(0)
    waiting[0].continue_()
    page.locator("#f-title").fill("Samen kijken")
    page.wait_for_timeout(200)
    expect(page.locator("#f-title")).to_have_value("Samen kijken")
