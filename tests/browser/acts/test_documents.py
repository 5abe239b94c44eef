"""Every act on documents and folders that asks for words, in a browser: names, explanation and place."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

SHELF = "/communities/procesregie/documents"


def shelf(browsers: Browsers, width: int) -> Page:
    """Open the documents of a community as its moderator."""
    return browsers.open("Priya", SHELF, viewport={"width": width, "height": 700})


def upload(page: Page, name: str) -> None:
    """Share a text file by the page and open it."""
    page.get_by_text("Document toevoegen").click()
    page.get_by_label("Kies bestanden").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": b"Eerste versie."}]
    )
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


@presses("folders.add", "folders.rename", "folders.remove")
def test_folder_is_made_renamed_and_removed(browsers: Browsers, width: int) -> None:
    page, name = shelf(browsers, width), f"Map {uuid4().hex[:8]}"
    page.locator("summary", has_text="Nieuwe map").click()
    page.get_by_label("Naam van de map").fill(name)
    page.get_by_role("button", name="Map maken").click()
    expect(page.locator(".folder-head")).to_contain_text(name)
    page.reload()
    page.get_by_label("Meer opties voor deze map").click()
    page.get_by_label("Naam van de map").first.fill(f"{name} met een langere naam")
    page.get_by_role("button", name="Naam wijzigen").click()
    expect(page.locator(".folder-head")).to_contain_text(f"{name} met een langere naam")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(SHELF)
    page.locator("summary", has_text="Nieuwe map").click()
    page.get_by_label("Naam van de map").fill(f"{name} met een langere naam")
    page.get_by_role("button", name="Map maken").click()
    expect(page.locator("#f-name-error")).to_be_visible()
    expect(page.get_by_label("Naam van de map")).to_have_value(f"{name} met een langere naam")
    page.get_by_role("heading", level=1).click()  # the menu lies over the list
    page.get_by_role("link", name=f"{name} met een langere naam").click()
    page.get_by_label("Meer opties voor deze map").click()
    page.get_by_role("button", name="Lege map verwijderen").click()
    expect(page.locator("#flash")).to_contain_text("is verwijderd.")
    expect(page.get_by_role("link", name=f"{name} met een langere naam")).to_have_count(0)


@presses("files.describe", "files.trash", "files.untrash")
def test_document_is_described_trashed_and_taken_back(browsers: Browsers, width: int) -> None:
    page, name = shelf(browsers, width), f"stuk-{uuid4().hex[:8]}.txt"
    upload(page, name)
    page.locator(".document-describe summary").click()
    page.get_by_label("Naam", exact=True).fill("  ")
    page.get_by_role("textbox", name="Toelichting").fill("Vrij te gebruiken.")
    page.locator(".document-describe").get_by_role("button", name="Opslaan").click()
    expect(page.locator("#f-title-error")).to_be_visible()
    expect(page.get_by_role("textbox", name="Toelichting")).to_have_value("Vrij te gebruiken.")
    page.get_by_label("Naam", exact=True).fill(f"Beter {name}")
    page.locator(".document-describe").get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Beter {name}")
    page.reload()
    expect(page.locator("main")).to_contain_text("Vrij te gebruiken.")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(SHELF)
    page.get_by_label(f"Meer opties voor Beter {name}").click()
    page.get_by_role("button", name="Naar de prullenbak").locator("visible=true").click()
    expect(page.get_by_role("link", name=f"Beter {name}")).to_have_count(0)
    page.goto(f"{SHELF}/trash")
    page.locator("li, tr").filter(has_text=f"Beter {name}").get_by_role("button", name="Terugzetten").click()
    expect(page.locator("#flash")).to_contain_text(name)
    page.goto(SHELF)
    expect(page.get_by_role("link", name=f"Beter {name}")).to_be_visible()
