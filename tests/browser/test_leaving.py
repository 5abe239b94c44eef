"""Leaving in a browser: the coach sees what ends and who takes over, confirms, and takes it back."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = pytest.mark.browser

AT_WIDTHS = pytest.mark.parametrize("width", WIDTHS)


def invited(product: Product, width: int) -> int:
    """Return the id of somebody who takes part in a community since now."""
    mail = f"lara-{width}@wonen.example"
    product.command("people", "invite", mail, "--community", "procesregie", "--name", f"Lara Vertrek {width}")
    return next(
        int(row["id"]) for row in json.loads(product.command("people", "list", "--json")) if row["mail"] == mail
    )


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@AT_WIDTHS
@presses("people.leave", "people.preview_leaving", "people.hand_over", "people.come_back")
def test_a_coach_reports_that_somebody_left(browsers: Browsers, product: Product, width: int) -> None:
    person, name = invited(product, width), f"Lara Vertrek {width}"
    coach = browsers.open(
        "Marijke", f"/communities/procesregie/members/{person}", viewport={"width": width, "height": 800}
    )
    coach.get_by_role("link", name="Bekijk wat er eindigt").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("Uit dienst")
    fits(coach)
    coach.get_by_label("Als ‘Oud-deelnemer’").check()
    coach.get_by_role("button", name="Bekijk wat er gebeurt").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("Dit gebeurt er")
    expect(coach.locator("main")).to_contain_text("Er is nog geen opvolger.")
    fits(coach)
    coach.get_by_role("button", name="Bevestig: uit dienst").click()
    expect(coach.locator("#flash")).to_contain_text(f"{name} is uit dienst.")
    expect(coach.locator("main")).to_contain_text("Er is geen opvolger aangewezen.")
    expect(coach.locator("main")).not_to_contain_text(name)
    # Somebody who is new to the platform takes over.
    coach.get_by_label("Mailadres").fill(f"opvolger-{width}@wonen.example")
    coach.get_by_role("button", name="Overdragen en mailen").click()
    expect(coach.locator("#f-name-error")).to_contain_text("Vul de naam in.")
    coach.get_by_label("Naam", exact=False).fill("Olga Opvolger")
    coach.get_by_role("button", name="Overdragen en mailen").click()
    expect(coach.locator("#flash")).to_contain_text("Olga Opvolger neemt het over")
    product.post.wait(f"opvolger-{width}@wonen.example", "")
    fits(coach)
    coach.locator("main").get_by_role("button", name="Ongedaan maken").click()
    expect(coach.locator("#flash")).to_contain_text(f"{name} doet weer mee.")
    expect(coach.get_by_role("heading", level=1)).to_have_text(name)
    fits(coach)
