"""A meeting of several days in a browser, and a colleague who comes instead, on the page and by the link in the mail."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
PHONE = {"width": 360, "height": 800}


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one."""
    main = page.locator("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@presses("meetings.hand_over", "meetings.hand_over_by_mail")
def test_two_days_and_a_colleague_instead(browsers: Browsers, product: Product) -> None:
    page = browsers.open("Marijke", f"{HOUSING}/meetings/new", axe=True, viewport=PHONE)
    page.locator("#f-title").fill("Twee dagen samen")
    for name, value in (("starts_day", "12 januari 2018"), ("starts_time", "9.30"), ("ends_time", "15.30")):
        page.locator(f"#f-{name}").fill(value)
    press(page, "Nog een dag toevoegen")
    expect(page.locator("#f-day_2_starts_day")).to_be_focused()
    expect(page.locator("#f-title")).to_have_value("Twee dagen samen")
    accessible(page)
    for name, value in (("starts_day", "13 januari 2018"), ("starts_time", "10.00"), ("ends_time", "12.00")):
        page.locator(f"#f-day_2_{name}").fill(value)
    page.locator("#f-title").press("Enter")
    expect(page.locator("main")).to_contain_text("zaterdag 13 januari 2018, 10.00 tot 12.00 uur")
    press(page, "Aankondigen")
    press(page, "Aankondigen en mailen")
    expect(page.locator("#flash")).to_contain_text("De bijeenkomst is aangekondigd.")
    page.get_by_label("Ja").check()
    press(page, "Antwoord opslaan")
    expect(page.locator("#flash")).to_contain_text("U komt.")

    press(page, "Een collega gaat in mijn plaats")
    page.get_by_label("Naam van uw collega").fill("Willem")
    press(page, "Zoeken")
    expect(page.get_by_role("button", name=re.compile("^Plaats doorgeven"))).to_have_count(1)
    accessible(page)
    press(page, "Plaats doorgeven aan Willemijn")
    expect(page.locator("#flash")).to_contain_text("Uw collega krijgt een uitnodiging per mail.")
    expect(page.locator("main")).to_contain_text("U komt niet.")

    mail = product.post.wait("Willemijn", "U gaat in plaats van een collega: Twee dagen samen")
    found = re.search(r"(/rsvp/\S+answer=no)", mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert found
    guest = browsers.open(None, found[1].partition("?")[0], axe=True, viewport=PHONE)
    press(guest, "Een collega gaat in mijn plaats")
    guest.get_by_label("Naam van uw collega").fill("Marijke")
    press(guest, "Zoeken")
    expect(guest.get_by_role("button", name=re.compile("^Plaats doorgeven"))).to_have_count(1)
    accessible(guest)
    press(guest, "Plaats doorgeven aan Marijke")
    expect(guest.locator("#flash")).to_contain_text("Uw collega krijgt een uitnodiging per mail.")
    page.reload()
    expect(page.locator("main")).to_contain_text("U komt.")
