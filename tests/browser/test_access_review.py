"""The access review in a browser: the coach ticks who may stay, takes one back, and confirms everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers
from tests.browser.presses import presses

pytestmark = pytest.mark.browser

WIDTHS = pytest.mark.parametrize("width", [360, 1280])


@WIDTHS
@presses("access_review.confirm", "access_review.withdraw")
def test_a_coach_reviews_access(browsers: Browsers, width: int) -> None:
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
    page.get_by_role("button", name="Bevestig iedereen").click()
    expect(page.locator("#flash")).to_contain_text("De toegang van iedereen is bevestigd.")
    expect(page.locator("main")).to_contain_text(re.compile("Laatst afgerond op .* door "))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = page.evaluate("async () => (await axe.run('main')).violations.map((one) => one.id)")
    assert found == []
