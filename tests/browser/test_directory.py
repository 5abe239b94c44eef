"""The directory of the demonstration in a real browser: its filters and its map, and the import of municipalities."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses

pytestmark = pytest.mark.browser

DIRECTORY = "/programmes/weer-thuis-in-de-wijk/directory"
SIZES = ({"width": 1280, "height": 900}, {"width": 360, "height": 780})


def checked(page: Page) -> None:
    """Expect a page that does not scroll sideways and that axe has nothing to say about."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert findings(page) == []


@pytest.mark.parametrize("size", SIZES, ids=("desktop", "phone"))
def test_somebody_finds_a_colleague(browsers: Browsers, size: dict[str, int]) -> None:
    page = browsers.open("Willemijn", "/programmes/weer-thuis-in-de-wijk", axe=True, viewport=size)
    page.get_by_role("link", name="Wie is wie").click()
    checked(page)
    page.get_by_label("Naam, functie, organisatie of thema").fill("proefhoek")
    page.get_by_role("search", name="Zoeken in wie is wie").get_by_role("button", name="Zoek").click()
    expect(page.get_by_role("link", name="Bas Verzonnen")).to_be_visible()
    page.get_by_role("link", name="Toon alles").click()
    tabs = page.get_by_role("navigation", name="Onderdelen van wie is wie")
    tabs.get_by_role("link", name="Samenwerkingen").click()
    tiles = page.locator(".tiles li")
    expect(tiles).to_have_count(12)
    boxes = [tile.bounding_box() for tile in tiles.all()]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes if box}) == 1  # equal tiles
    checked(page)
    tile = page.locator("a.tile").first
    number = int(re.sub(r"\D", "", tile.inner_text()))
    tile.click()
    expect(page.locator("#list ~ span")).to_contain_text(str(number))
    expect(page.locator("a.tile[aria-current]")).to_have_count(1)
    page.get_by_role("link", name="Toon heel Nederland").click()
    expect(page.locator("a.tile[aria-current]")).to_have_count(0)
    tabs.get_by_role("link", name="Wie weet wat").click()
    checked(page)
    tabs.get_by_role("link", name="Kent u hen al?").click()
    checked(page)


@presses("municipalities.import", "municipalities.remove")
@pytest.mark.parametrize("size", SIZES, ids=("desktop", "phone"))
def test_municipalities_come_from_a_file(browsers: Browsers, size: dict[str, int], tmp_path: Path) -> None:
    page = browsers.open("Iris", "/organisations", axe=True, viewport=size)
    page.get_by_role("link", name="Gemeenten importeren").click()
    wrong, right = tmp_path / "fout.csv", tmp_path / "goed.csv"
    wrong.write_text("code;naam;provincie\nGM9981;Schijndorp;Atlantis\nGM9982;;Utrecht\n")
    right.write_text("code;naam;provincie\nGM9981;Schijndorp;Utrecht\n")
    page.get_by_label("CSV-bestand").set_input_files(wrong)
    page.get_by_role("button", name="Importeren").click()
    expect(page.get_by_text("Regel 2: Atlantis is geen provincie.")).to_be_visible()
    expect(page.get_by_text("Regel 3: vul de naam van de gemeente in.")).to_be_visible()
    checked(page)
    page.get_by_label("CSV-bestand").set_input_files(right)
    page.get_by_role("button", name="Importeren").click()
    expect(page.locator("#flash")).to_contain_text("1 gemeente toegevoegd")
    checked(page)
    page.get_by_role("button", name="Schijndorp verwijderen").click()
    expect(page.locator("#flash")).to_contain_text("Schijndorp is verwijderd")
    expect(page.get_by_role("button", name="Schijndorp verwijderen")).to_have_count(0)
