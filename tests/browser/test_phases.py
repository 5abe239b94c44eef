"""Publishing a programme and moving it through its phases in a real browser, as its team; a stranger reads along."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (360, 780))
number = count(1)


def flash(page: Page, words: str) -> None:
    """Expect a message after an act."""
    expect(page.locator("#flash")).to_contain_text(words)


def checked(page: Page) -> None:
    """Expect a page that does not scroll sideways and that axe has nothing to say about."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert findings(page) == []


@pytest.fixture(params=SIZES, ids=("desktop", "phone"))
def team(request: pytest.FixtureRequest, browsers: Browsers, product: Product) -> Page:
    """Return the page of a new programme, as the administrator who made it; it is `open-<n>`."""
    width, height = request.param
    page = browsers.open("Iris", "/programmes/new", axe=True, viewport={"width": width, "height": height})
    page.get_by_label("Naam").fill(f"Open {next(number)}")
    page.get_by_role("button", name="Programma maken").click()
    flash(page, "Het programma is gemaakt")
    page.goto(page.url.removesuffix("/edit"))
    return page


@presses("programmes.edit_public", "programmes.publish", "programmes.unpublish", "programmes.set_logo")
def test_a_public_page_is_written_read_and_taken_away(team: Page, browsers: Browsers, tmp_path: Path) -> None:
    address = team.url
    name = team.get_by_role("heading", level=1).inner_text()
    team.goto(f"{address}/public")
    checked(team)
    team.get_by_label("Waar gaat het over?").fill("Wij zoeken **koplopers**.")
    team.get_by_label("Dag 1", exact=True).fill("12 januari 2027")
    team.get_by_label("Wat er is op dag 1").fill("Startbijeenkomst")
    team.get_by_label("Mailadres").fill("carla@proef.example")
    team.get_by_role("button", name="Concept opslaan").click()
    flash(team, "Het concept is opgeslagen")
    drawing = tmp_path / "logo.png"
    Image.new("RGB", (300, 100), "teal").save(drawing)
    team.get_by_label("Afbeelding").set_input_files(drawing)
    team.get_by_role("button", name="Logo opslaan").click()
    flash(team, "Het logo is opgeslagen")
    stranger = browsers.open(None, "/sign-in", axe=True)
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Inloggen")
    team.get_by_role("link", name="Voorbeeld bekijken").click()
    expect(team.get_by_text("Dit is een voorbeeld")).to_be_visible()
    checked(team)
    team.get_by_role("link", name="Terug naar het concept").click()
    team.get_by_role("button", name="Openbaar maken", exact=True).click()
    flash(team, "De pagina is openbaar")
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text(name)
    expect(stranger.get_by_text("Startbijeenkomst")).to_be_visible()
    checked(stranger)
    stranger.goto("/")
    expect(stranger.get_by_role("link", name=name)).to_be_visible()
    checked(stranger)
    team.get_by_role("button", name="Logo verwijderen").click()
    flash(team, "Het logo is verwijderd")
    team.get_by_role("button", name="Niet meer openbaar").click()
    flash(team, "De pagina is niet meer openbaar")
    stranger.goto(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Inloggen")


@presses("programmes.enter_phase")
def test_a_phase_begins_and_the_archive_is_undone(team: Page) -> None:
    address = team.url
    team.goto(f"{address}/phase")
    checked(team)
    team.get_by_label("Oogst").check()
    team.get_by_role("button", name="Fase beginnen").click()
    flash(team, "De nieuwe fase")
    expect(team.get_by_role("heading", name="In deze fase: Oogst")).to_be_visible()
    expect(team.locator(".steps [aria-current]")).to_contain_text("Oogst")
    checked(team)
    team.goto(f"{address}/phase")
    team.get_by_label("Archief").check()
    team.get_by_role("button", name="Fase beginnen").click()
    flash(team, "staat nu in het archief")
    expect(team.locator("main .notice")).to_contain_text("staat in het archief")
    team.goto(f"{address}/phase")
    team.get_by_label("Afsluiting").check()
    team.get_by_role("button", name="Fase beginnen").click()
    flash(team, "De nieuwe fase")
    expect(team.locator("main")).not_to_contain_text("staat in het archief")


@presses("files.publish", "files.unpublish")
def test_a_document_is_made_public_and_closed_again(browsers: Browsers) -> None:
    page = browsers.open("Marijke", "/communities/woningvoorraad/documents", axe=True)
    expect(page.locator("cop-upload:defined").first).to_be_attached()
    plan = {"name": "Openbaar plan.txt", "mimeType": "text/plain", "buffer": b"Voor iedereen."}
    page.locator("cop-upload input[type=file]").set_input_files(plan)
    page.locator(".document-name a", has_text="Openbaar plan.txt").click()
    page.locator("summary", has_text="openbaar maken").click()
    page.get_by_role("button", name="Openbaar maken").click()
    flash(page, "is openbaar zodra de pagina van het programma openbaar is")
    expect(page.get_by_text("van dit document is openbaar")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="Niet meer openbaar").click()
    flash(page, "is niet meer openbaar")
