"""Guests of a meeting in a browser: invited by a coach on a phone, answering by the link, corrected and uninvited."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.browser.setting_up import PHONE, flash
from tests.product import Product

pytestmark = pytest.mark.browser


@presses("meetings.invite_guest", "meetings.correct_guest", "meetings.invite_guest_again", "meetings.uninvite_guest")
def test_a_guest_is_invited(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    meeting = str(product.ask(people["Marijke"], "/meetings")["items"][0]["url"])
    page = browsers.open("Marijke", f"{meeting}/answers", axe=True, viewport=PHONE)
    page.get_by_role("link", name="Gasten", exact=True).click()
    page.get_by_label("Naam").fill("Gast van Buiten")
    page.get_by_label("Mailadres").fill("gast@elders.example")
    page.get_by_role("button", name="Uitnodigen", exact=True).click()
    flash(page, "De gast krijgt een uitnodiging per mail.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []

    page.get_by_role("link", name="Gast van Buiten").click()
    expect(page.get_by_role("heading", name="Gast van Buiten")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Organisatie").fill("Universiteit Proefstad")
    page.get_by_role("button", name="Opslaan").click()
    flash(page, "De gegevens van de gast zijn opgeslagen.")
    expect(page.locator("main")).to_contain_text("Universiteit Proefstad")
    page.get_by_role("link", name="Gast van Buiten").click()
    page.get_by_role("button", name="Opnieuw uitnodigen").click()
    flash(page, "De gast krijgt de uitnodiging opnieuw.")
    page.get_by_role("link", name="Gast van Buiten").click()
    page.get_by_role("button", name="Uitnodiging intrekken").click()
    flash(page, "De uitnodiging is ingetrokken.")
    expect(page.get_by_role("link", name=re.compile("Gast van Buiten"))).to_have_count(0)
