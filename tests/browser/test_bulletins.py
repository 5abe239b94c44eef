"""The weekly bulletin in a browser: from the desk to a draft, read as a mail, sent, corrected, withdrawn and put back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import presses

pytestmark = pytest.mark.browser


def write(page: Page, words: str) -> None:
    """Add a line to the text in the editor."""
    page.locator("cop-editor:defined").wait_for(state="attached")
    page.locator("cop-editor").evaluate("editor => editor.focus()")
    field = page.locator("cop-editor .ProseMirror")
    expect(field).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(words)


@presses(
    "bulletins.draft",
    "bulletins.save",
    "bulletins.send",
    "bulletins.correct",
    "bulletins.withdraw",
    "bulletins.restore",
    "bulletins.remove",
)
def test_a_coach_sends_a_bulletin(browsers: Browsers) -> None:
    page = browsers.open("Marijke", "/coach")
    page.get_by_role("link", name=re.compile("^Nieuw weekbericht")).first.click()
    page.get_by_label("Woningvoorraad").check()
    page.get_by_role("button", name="Concept maken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Weekbericht bewerken")
    page.get_by_label("Onderwerp").fill("Drie dingen voor vrijdag")
    write(page, "Hallo buren! ")
    expect(page.locator(".saved")).to_contain_text("Opgeslagen")
    page.reload()
    expect(page.get_by_label("Onderwerp")).to_have_value("Drie dingen voor vrijdag")
    page.get_by_role("button", name="Opslaan en bekijken").click()
    expect(page.locator("main .prose")).to_contain_text("Hallo buren!")
    page.get_by_text("Toon de tekst van de mail").click()
    expect(page.locator(".answer-text")).to_contain_text("buren!")

    page.get_by_role("button", name="Weggooien").click()
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#flash")).to_contain_text("Het concept staat er weer.")
    page.get_by_role("button", name="Weekbericht versturen").click()
    expect(page.locator("#flash")).to_contain_text("Het weekbericht is verstuurd.")
    address = page.url

    reader = browsers.open("Willemijn", "/programmes/weer-thuis-in-de-wijk")
    reader.get_by_role("link", name="Weekberichten").click()
    reader.get_by_role("link", name="Drie dingen voor vrijdag").click()
    expect(reader.locator("main .prose")).to_contain_text("Hallo buren!")
    expect(reader.get_by_role("button", name="Intrekken")).to_have_count(0)

    page.get_by_role("link", name="Corrigeren").click()
    write(page, "Let op: het is donderdag. ")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("main")).to_contain_text("gecorrigeerd op")
    reader.reload()
    expect(reader.locator("main")).to_contain_text("gecorrigeerd op")
    expect(reader.locator("main .prose").first).to_contain_text("het is donderdag")

    page.get_by_role("button", name="Intrekken").click()
    expect(page.locator("#flash")).to_contain_text("Het weekbericht is ingetrokken.")
    reader.reload()
    expect(reader.locator("main")).not_to_contain_text("donderdag")
    page.goto(address)
    page.get_by_role("button", name="Terugzetten").click()
    expect(page.locator("#flash")).to_contain_text("Het weekbericht staat er weer.")
