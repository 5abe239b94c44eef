"""Every act of a meeting in a browser: planned, announced, answered on the page and by mail, moved and cancelled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import presses
from tests.product import Product

pytestmark = [pytest.mark.browser]

HOUSING = "/communities/woningvoorraad"
PHONE = {"width": 360, "height": 800}


def plan(page: Page, title: str) -> None:
    """Fill in the form of a new meeting and save the draft."""
    page.locator("#f-title").fill(title)
    for name, value in (("starts_day", "12 januari 2018"), ("starts_time", "9.30"), ("ends_time", "15.30")):
        page.locator(f"#f-{name}").fill(value)
    press(page, "Concept opslaan")
    expect(page.locator("#flash")).to_contain_text("Het concept is opgeslagen")


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one."""
    main = page.locator("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def fits(page: Page) -> None:
    """Expect a page that does not scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def mailed_link(product: Product, title: str, name: str) -> str:
    """Return the address of the button ‘Ja’ in somebody's invitation."""
    text = product.post.wait(name, f"Uitnodiging: {title}").get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"(/rsvp/\S+answer=yes)", text)
    assert found, text
    return found[1]


@presses(
    "meetings.plan",
    "meetings.edit",
    "meetings.announce",
    "meetings.rsvp",
    "meetings.rsvp_by_mail",
    "meetings.move",
    "meetings.cancel",
)
def test_from_draft_to_cancelled(browsers: Browsers, product: Product) -> None:
    page = browsers.open("Marijke", f"{HOUSING}/meetings", viewport=PHONE)
    press(page, "Nieuwe bijeenkomst")
    plan(page, "Plaats maken samen")
    fits(page)
    press(page, "Wijzigen")
    page.locator("#f-capacity").fill("1")
    press(page, "Opslaan")
    expect(page.locator("#flash")).to_contain_text("De bijeenkomst is gewijzigd.")
    press(page, "Aankondigen")
    expect(page.get_by_role("heading", name="Bijeenkomst aankondigen")).to_be_visible()
    press(page, "Aankondigen en mailen")
    expect(page.locator("#flash")).to_contain_text("De bijeenkomst is aangekondigd.")
    page.get_by_label("Ja").check()
    press(page, "Antwoord opslaan")
    expect(page.locator("main")).to_contain_text("1 van 1 plaatsen bezet")
    fits(page)
    guest = browsers.open(None, mailed_link(product, "Plaats maken samen", "Willemijn"), viewport=PHONE)
    press(guest, "Antwoord opslaan")
    expect(guest.locator("main")).to_contain_text("U staat vooraan op de wachtlijst.")
    fits(guest)
    press(page, "Verplaatsen")
    page.locator("#f-starts_time").fill("10.00")
    press(page, "Verplaatsen en mailen")
    expect(page.locator("main")).to_contain_text("Laat weten of u dan kunt")
    press(page, "Afzeggen")
    page.locator("#f-reason").fill("Storm")
    press(page, "Afzeggen en mailen")
    expect(page.locator("main")).to_contain_text("Deze bijeenkomst gaat niet door")


@presses("meetings.plan_for_programme", "meetings.plan_for_partnership", "meetings.remove")
def test_a_programme_and_a_partnership_plan(browsers: Browsers) -> None:
    page = browsers.open("Marijke", "/programmes/weer-thuis-in-de-wijk/meetings/new")
    plan(page, "Voor allen")
    press(page, "Verwijderen")
    expect(page.get_by_role("heading", name="Voor allen verwijderen?")).to_be_visible()
    press(page, "Verwijderen")
    expect(page.locator("#flash")).to_contain_text("Het concept is verwijderd.")
    page.goto(page.url.partition("/programmes")[0] + "/partnerships/1/meetings/new")
    plan(page, "Voor het duo")


SUPPLY = "Nieuwe en tijdelijke goedkope woningvoorraad"
DIRECTION = "Procesregie"
LANDING = "Zachte landing in de wijk"


@presses("meetings.plan_for_programme", "meetings.edit", "meetings.remove")
def test_some_communities_of_a_programme_are_chosen(browsers: Browsers) -> None:
    page = browsers.open("Marijke", "/programmes/weer-thuis-in-de-wijk/meetings/new")
    page.get_by_label(SUPPLY, exact=True).check()
    page.get_by_label(DIRECTION, exact=True).check()
    plan(page, "Voor twee")
    expect(page.locator("main")).to_contain_text(f"{SUPPLY} + {DIRECTION}")
    press(page, "Wijzigen")
    expect(page.get_by_label(DIRECTION, exact=True)).to_be_checked()
    page.get_by_label(DIRECTION, exact=True).uncheck()
    page.get_by_label(LANDING, exact=True).check()
    press(page, "Opslaan")
    expect(page.locator("main")).to_contain_text(f"{SUPPLY} + {LANDING}")
    press(page, "Verwijderen")
    press(page, "Verwijderen")
