"""The access review in a browser: the coach ticks who may stay, takes one back, ends a guest, and confirms everybody."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = pytest.mark.browser

AT_WIDTHS = pytest.mark.parametrize("width", WIDTHS)


def add_guest(product: Product, person: int) -> None:
    """Make somebody a guest of the first thread for a term."""
    with closing(sqlite3.connect(product.data / "cop.sqlite3", timeout=30)) as database, database:
        database.execute(
            "INSERT INTO guest (person_id, thing_id, role, until, made)"
            " VALUES (?, (SELECT min(id) FROM thread), 'reader', '2099-12-31', '2017-01-02 00:00:00')",
            (person,),
        )


@AT_WIDTHS
@presses("access_review.confirm", "access_review.withdraw", "access_review.end_guest", "access_review.restore_guest")
def test_a_coach_reviews_access(browsers: Browsers, width: int) -> None:
    add_guest(browsers.product, browsers.people["Willemijn"])
    page = browsers.open(
        "Marijke", "/programmes/weer-thuis-in-de-wijk/edit", axe=True, viewport={"width": width, "height": 800}
    )
    page.get_by_role("link", name="Toegang nakijken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Toegang nakijken")
    page.get_by_label("Willemijn Voorbeeld", exact=True).check()
    page.get_by_role("button", name="Bevestig wat is aangevinkt").click()
    expect(page.locator("#flash")).to_contain_text("De toegang van 1 persoon is bevestigd.")
    page.get_by_role("button", name="Bevestiging van Willemijn Voorbeeld intrekken").click()
    expect(page.locator("#flash")).to_contain_text("De bevestiging is ingetrokken.")
    page.get_by_role("button", name="Toegang beëindigen: Willemijn Voorbeeld").click()
    expect(page.locator("#flash")).to_contain_text("Willemijn Voorbeeld is geen gast meer.")
    page.locator("#flash").get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#flash")).to_contain_text("Willemijn Voorbeeld is weer gast.")
    page.get_by_role("button", name="Toegang beëindigen: Willemijn Voorbeeld").click()
    expect(page.locator("#flash")).to_contain_text("Willemijn Voorbeeld is geen gast meer.")
    page.get_by_role("button", name="Bevestig iedereen").click()
    expect(page.locator("#flash")).to_contain_text("De toegang van iedereen is bevestigd.")
    expect(page.locator("main")).to_contain_text(re.compile("Laatst afgerond op .* door "))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = page.evaluate("async () => (await axe.run('main')).violations.map((one) => one.id)")
    assert found == []
