"""The threads and documents of a meeting in a browser: found by title and by address, removed and put back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
PHONE = {"width": 360, "height": 800}
QUESTION = "Welke gemeenten werken met een contingent, en hoe bepaal je het aantal?"


@pytest.fixture
def meeting(product: Product, people: dict[str, int]) -> str:
    """The address of a meeting of the community that is coming."""
    given = {"title": "Samen lezen", "kind": "other", "starts": "2018-02-08T10:00", "ends": "2018-02-08T12:00"}
    status, made = product.call(people["Marijke"], "POST", f"{HOUSING}/meetings", given)
    assert status == 201, made
    assert product.call(people["Marijke"], "PUT", f"{made['url']}/announcement")[0] == 200
    return str(made["url"])


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def materials(page: Page) -> Locator:
    """Return the section of the meeting's page."""
    return page.get_by_role("region", name="Stukken en gesprekken bij deze bijeenkomst")


@presses("meeting_materials.attach", "meeting_materials.attach_address", "meeting_materials.detach")
@pytest.mark.parametrize("javascript", [True, False])
def test_materials_are_attached_and_detached(
    browsers: Browsers, product: Product, meeting: str, javascript: bool
) -> None:
    page = browsers.open("Marijke", meeting, axe=javascript, viewport=PHONE, java_script_enabled=javascript)
    expect(materials(page)).to_contain_text("Nog niets.")
    materials(page).get_by_role("link", name="Stuk of gesprek toevoegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stuk of gesprek toevoegen")
    page.get_by_label("Zoek op titel").fill("contingent")
    page.locator("main").get_by_role("button", name="Zoeken").click()
    expect(page.get_by_role("heading", name="Gevonden")).to_be_visible()
    if javascript:
        accessible(page)
    page.get_by_role("button", name=f"Toevoegen: {QUESTION}").click()
    expect(page.locator("#flash")).to_contain_text("Iedereen die is uitgenodigd, kan het openen.")
    expect(materials(page).get_by_role("listitem")).to_contain_text([QUESTION])

    materials(page).get_by_role("link", name="Stuk of gesprek toevoegen").click()
    page.get_by_label("Adres van een gesprek of document").fill("https://elders.example/threads/1")
    page.locator("main").get_by_role("button", name="Toevoegen", exact=True).click()
    expect(page.locator("#f-address-error")).to_contain_text("niet van dit platform")
    if javascript:
        accessible(page)
    document = product.ask(browsers.people["Marijke"], f"{HOUSING}/files?limit=1")["items"][0]
    page.get_by_label("Adres van een gesprek of document").fill(f"{product.address}{document['url']}")
    page.locator("main").get_by_role("button", name="Toevoegen", exact=True).click()
    expect(materials(page).get_by_role("listitem")).to_contain_text([QUESTION, document["title"]])
    if javascript:
        accessible(page)

    materials(page).get_by_role("link", name=QUESTION).click()
    line = page.locator("main p").filter(has_text="Hoort bij bijeenkomst Samen lezen op donderdag 8 februari 2018")
    if javascript:
        accessible(page)
    line.first.get_by_role("link", name="Samen lezen").click()
    expect(page).to_have_url(re.compile(r"/meetings/\d+$"))

    materials(page).get_by_role("button", name=f"Weghalen: {QUESTION}").click()
    expect(page.locator("#flash")).to_contain_text("Weggehaald bij de bijeenkomst.")
    expect(materials(page).get_by_role("listitem")).to_contain_text([document["title"]])
    page.locator("#flash").get_by_role("button", name="Ongedaan maken").click()
    expect(materials(page).get_by_role("listitem")).to_contain_text([document["title"], QUESTION])
