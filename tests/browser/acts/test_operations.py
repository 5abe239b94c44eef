"""Every act of administration in a browser: failed mail, failed jobs, unused files and the journal."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]


@pytest.fixture
def failed(product: Product, people: dict[str, int], width: int) -> str:
    """Add a failed mail, a failed job and an unused file; return the address of the mail."""
    address = f"weg{width}@voorbeeld.example"
    made = "2017-11-01 09:00:00.000000"
    with closing(sqlite3.connect(product.data / "cop.sqlite3", timeout=30)) as database, database:
        database.execute(
            "INSERT INTO email (kind, address, name, subject, text, html, headers, state, error, made)"
            " VALUES ('people/link', ?, '', ?, 'Tekst', '<p>', '{}', 'failed', '550 unknown', ?)",
            (address, f"Niet bezorgd {width}", made),
        )
        database.execute(
            "INSERT INTO job (name, arguments, state, error, due, tries, made) VALUES (?, ?, 'dead', ?, ?, 8, ?)",
            ("people.link", json.dumps([people["Wim"], "/"]), "OSError: weg", made, made),
        )
    content = f"vergeten {width}".encode()
    digest = hashlib.sha256(content).hexdigest()
    file = product.data / "files" / digest[:2] / digest[2:4] / digest
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    os.utime(file, (0, 0))
    return address


@presses("jobs.revive", "mail.resend", "uploads.sweep")
def test_failures_are_mended(browsers: Browsers, product: Product, failed: str, width: int) -> None:
    page = browsers.open("Iris", "/operations", viewport={"width": width, "height": 700})
    mail = page.locator("#mail li", has_text=failed)
    mail.get_by_role("button", name="Opnieuw versturen").click()
    expect(page.locator("#flash")).to_have_text("De mail wordt opnieuw verstuurd.")
    product.post.wait(failed, f"Niet bezorgd {width}")
    page.reload()
    expect(mail).to_have_count(0)
    page.locator("#jobs li").get_by_role("button", name="Opnieuw proberen").click()
    expect(page.locator("#flash")).to_have_text("De taak wordt opnieuw geprobeerd.")
    expect(page.get_by_text("Geen mislukte taken.")).to_be_visible()
    product.post.wait("w.tussenstap@proefdrecht.example", "Inloggen")
    page.get_by_role("button", name="Nu opruimen").click()
    expect(page.locator("#flash")).to_contain_text("verwijderd.")
    expect(page.get_by_text("Geen ongebruikte bestanden.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_journal_is_filtered(browsers: Browsers, width: int) -> None:
    page = browsers.open("Iris", "/operations/journal", viewport={"width": width, "height": 700})
    page.get_by_label("Wat er gebeurde").select_option("threads.start")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator(".wide-table tbody tr").nth(1)).to_be_visible()
    page.locator(".wide-table summary").first.click()
    expect(page.locator(".wide-table code").first).to_have_text("threads.start")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
