"""Another end of an open call in a browser: set by the team with a reason, and mailed to who is still filling in."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calls import Applicant, Team, link_in
from tests.browser.conftest import Browsers, findings
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

TEAM = "Marijke"
number = count(1)


def wrong(page: Page) -> list[str]:
    """Return whether a page scrolls sideways, and what axe finds in it."""
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*findings(page), *(["scrolls sideways"] if sideways else [])]


@presses("calls.move_deadline")
def test_team_moves_the_end_of_an_open_call(
    browsers: Browsers, product: Product, people: dict[str, int], width: int
) -> None:
    team, n = Team(product, people[TEAM]), next(number)
    call = team.open_call(f"Verzetten {n}")
    lies = Applicant(product, call, f"lies{n}@verzet.example")
    page = browsers.open(TEAM, f"{call}/edit", axe=True, viewport={"width": width, "height": 800})
    expect(page.locator("#f-opens")).to_have_count(0)  # the beginning of an open call stands
    expect(page.locator("#f-closes").get_by_label("Dag")).to_have_value("01-06-2018")
    page.locator("#f-closes").get_by_label("Dag").fill("1 december 2017")
    page.get_by_label("Reden").fill("Vakantie")
    page.get_by_role("button", name="Sluiting verzetten").click()
    expect(page.locator(".errors")).to_contain_text("Kies een moment in de toekomst.")
    expect(page.get_by_label("Reden")).to_have_value("Vakantie")
    assert wrong(page) == []
    page.locator("#f-closes").get_by_label("Dag").fill("15 juni 2018")
    page.locator("#f-closes").get_by_label("Tijd").fill("17:00")
    page.get_by_role("button", name="Sluiting verzetten").click()
    expect(page.locator("#flash")).to_contain_text("De sluiting is verzet.")
    expect(page.get_by_role("listitem").filter(has_text="Vakantie")).to_contain_text("15 juni 2018")
    expect(page.locator("#f-closes").get_by_label("Tijd")).to_have_value("17:00")
    assert wrong(page) == []

    link = link_in(product, lies.mail, "Indienen kan nu tot")
    contact = browsers.open(None, link, axe=True, viewport={"width": width, "height": 800})
    contact.get_by_role("button", name="Ga verder").click()
    expect(contact.get_by_role("heading", level=1)).to_have_text("Uw aanvraag")
    expect(contact.get_by_text("15 juni 2018")).to_be_visible()
    assert wrong(contact) == []
