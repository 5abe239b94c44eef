"""A template, a copy and a series of meetings in a browser, on the screen of a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
OTHERS = ("/programmes/weer-thuis-in-de-wijk", "/partnerships/1")
PHONE = {"width": 360, "height": 800}


def press(page: Page, name: str) -> None:
    """Press a button or follow a link."""
    main = page.locator("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def fill(page: Page, **given: str) -> None:
    """Fill in fields by their names."""
    for name, value in given.items():
        page.locator(f"#f-{name}").fill(value)


@presses(
    "meetings.plan_series",
    "meetings.plan_series_for_programme",
    "meetings.plan_series_for_partnership",
    "meetings.announce_series",
)
def test_a_series_from_its_plan_to_its_announcement(browsers: Browsers, product: Product) -> None:
    page = browsers.open("Marijke", f"{HOUSING}/meetings/new", axe=True, viewport=PHONE)
    press(page, "Themabijeenkomst van een dag")
    expect(page.locator("#f-title")).to_have_value("Themabijeenkomst")
    accessible(page)
    fill(page, starts_day="19 maart 2018")
    press(page, "Concept opslaan")
    press(page, "Maak een kopie")
    expect(page.locator("#f-starts_time")).to_have_value("09:30")
    accessible(page)

    origin = page.evaluate("location.origin")
    page.goto(f"{origin}{HOUSING}/meetings")
    press(page, "Reeks plannen")
    fill(page, title="Leerkring op de telefoon", date_1="16 januari 2018", date_2="13 februari 2018")
    press(page, "Nog een datum toevoegen")
    expect(page.locator("#f-date_3")).to_be_focused()
    fill(page, date_3="20 maart 2018", begin_time="9.30", end_time="12.00")
    accessible(page)
    press(page, "Concepten opslaan")
    expect(page.locator("#flash")).to_contain_text("De reeks is opgeslagen als concept.")
    accessible(page)
    press(page, "Alles aankondigen")
    expect(page.locator("main")).to_contain_text("voor elke bijeenkomst een uitnodiging")
    accessible(page)
    press(page, "Aankondigen en mailen")
    expect(page.locator("#flash")).to_contain_text("3 bijeenkomsten zijn aangekondigd.")
    page.locator("main ol.bullets a").nth(1).click()
    page.get_by_text("Bijeenkomst 2 van 3").click()
    accessible(page)
    press(page, "Wijzigen")
    page.get_by_label("Reeks").select_option("Geen reeks")
    press(page, "Opslaan")
    expect(page.locator("#flash")).to_contain_text("De bijeenkomst is gewijzigd.")
    expect(page.locator("main")).not_to_contain_text("Bijeenkomst 2 van")
    product.post.wait("Willemijn", "Uitnodiging: Leerkring op de telefoon")

    for owner in OTHERS:
        page.goto(f"{origin}{owner}/series/new")
        fill(
            page,
            title="Nog een reeks",
            date_1="5 maart 2018",
            date_2="6 maart 2018",
            begin_time="10.00",
            end_time="12.00",
        )
        press(page, "Concepten opslaan")
        expect(page.locator("main")).to_contain_text("Reeks van 2 bijeenkomsten")
