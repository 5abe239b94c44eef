"""Every act of a coach and an administrator on what exists already: communities, roles, partnerships and the team."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

PROGRAMME = "/programmes/weer-thuis-in-de-wijk"
ADMINISTRATOR = "Jolanda"


def sized(browsers: Browsers, who: str, path: str, width: int) -> Page:
    return browsers.open(who, path, viewport={"width": width, "height": 700})


def flash(page: Page) -> Locator:
    return page.locator("#flash")


def fits(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


@presses("communities.edit")
def test_community_is_corrected(browsers: Browsers, width: int) -> None:
    page = sized(browsers, "Marijke", f"{PROGRAMME}/edit", width)
    page.get_by_role("link", name="Procesregie wijzigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Praktijkgemeenschap wijzigen")
    before = page.get_by_role("textbox", name="Naam").input_value()
    page.get_by_role("textbox", name="Naam").fill("  ")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#f-name-error")).to_be_visible()
    page.get_by_role("textbox", name="Naam").fill(before)
    page.get_by_label("Waar gaat het over?").fill(f"Regie over uitstroom, breedte {width}.")
    page.get_by_role("button", name="Opslaan").click()
    expect(flash(page)).to_contain_text("zijn opgeslagen.")
    page.goto("/communities/procesregie")
    expect(page.locator("main")).to_contain_text(f"Regie over uitstroom, breedte {width}.")
    assert fits(page)


@presses("communities.join", "members.remove")
def test_administrator_reads_along_and_stops(
    browsers: Browsers, product: Product, people: dict[str, int], width: int
) -> None:
    """A member of another community becomes an administrator, for the time of the test."""
    administration = f"/people/{people[ADMINISTRATOR]}/administration"
    product.call(people["Iris"], "PUT", administration)
    page = sized(browsers, ADMINISTRATOR, PROGRAMME, width)
    page.get_by_role("button", name="Meelezen als beheerder in Procesregie").click()
    expect(page.get_by_role("button", name="Meelezen als beheerder in Procesregie")).to_have_count(0)
    page.goto("/communities/procesregie/members")
    page.get_by_role("link", name=f"Deelname van {ADMINISTRATOR}").click()
    page.get_by_role("button", name="Ik doe niet meer mee").click()
    expect(flash(page)).to_contain_text("U doet niet meer mee in Procesregie.")
    page.goto(PROGRAMME)
    expect(page.get_by_role("button", name="Meelezen als beheerder in Procesregie")).to_be_visible()
    product.call(people["Iris"], "DELETE", administration)


@presses("members.change")
def test_role_of_a_member_is_changed(browsers: Browsers, width: int) -> None:
    page = sized(browsers, "Priya", "/communities/procesregie/members", width)
    change = page.get_by_role("link", name="Deelname van Karin Zetfout wijzigen")
    change.click()
    page.get_by_role("radio", name="Expert").check()
    page.get_by_label("Expert tot en met").fill("overmorgen")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#f-until-error")).to_be_visible()
    page.get_by_label("Expert tot en met").fill("31-12-2030")
    page.get_by_role("button", name="Opslaan").click()
    row = page.locator("tr").filter(has_text="Karin Zetfout")
    expect(row).to_contain_text("Expert")
    change.click()
    expect(page.get_by_label("Expert tot en met")).to_have_value("31-12-2030")
    page.get_by_role("radio", name="Deelnemer").check()
    page.get_by_label("Expert tot en met").fill("")
    page.get_by_role("button", name="Opslaan").click()
    expect(row).not_to_contain_text("Expert")


@presses("organisations.add", "organisations.edit", "organisations.remove")
def test_organisation_is_added_corrected_and_removed(browsers: Browsers, width: int) -> None:
    page, name = sized(browsers, "Marijke", "/organisations", width), f"Woonhuis {uuid4().hex[:8]}"
    page.get_by_role("textbox", name="Naam").fill(name)
    page.get_by_label("Soort").select_option("Woningcorporatie")
    page.get_by_role("button", name="Toevoegen").click()
    expect(flash(page)).to_contain_text(f"{name} is toegevoegd.")
    page.get_by_role("link", name="Wijzigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Organisatie wijzigen")
    page.get_by_role("textbox", name="Naam").fill("")
    page.get_by_role("button", name="Opslaan").click()
    assert page.locator("#f-name").evaluate("field => !field.validity.valid")
    page.get_by_role("textbox", name="Naam").fill(f"{name} en omstreken")
    page.get_by_label("Regio").fill("Utrecht")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} en omstreken")
    expect(page.locator("main")).to_contain_text("Utrecht")
    assert fits(page)
    page.get_by_role("link", name="Verwijderen").click()
    page.get_by_role("button", name="Verwijderen", exact=True).click()
    expect(flash(page)).to_contain_text("is verwijderd.")


@presses("partnerships.add", "partnerships.edit", "partnerships.remove")
def test_partnership_is_added_corrected_and_removed(browsers: Browsers, width: int) -> None:
    page, name = sized(browsers, "Marijke", f"{PROGRAMME}/partnerships/new", width), f"Duo {uuid4().hex[:8]}"
    page.get_by_role("textbox", name="Naam").fill(name)
    page.get_by_role("checkbox", name="Gemeente Waterveen Gemeente").check()
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.locator("#f-organisations-error")).to_be_visible()
    page.get_by_role("checkbox", name="Woonstichting De Proefhoek Woningcorporatie").check()
    page.get_by_role("button", name="Toevoegen").click()
    expect(flash(page)).to_contain_text(f"De samenwerking {name} is toegevoegd.")
    page.get_by_role("link", name="Wijzigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samenwerking wijzigen")
    page.get_by_role("textbox", name="Naam").fill(f"{name} Waterveen")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} Waterveen")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} Waterveen")
    assert fits(page)
    page.get_by_role("link", name="Verwijderen").click()
    page.get_by_role("button", name="Verwijderen", exact=True).click()
    expect(flash(page)).to_contain_text("is verwijderd.")


@presses("team.add", "team.remove")
def test_team_gains_and_loses_somebody(browsers: Browsers, width: int) -> None:
    page = sized(browsers, "Marijke", f"{PROGRAMME}/team/new", width)
    page.get_by_label("Mailadres").fill(f"tom{width}@waterveen.example")
    page.get_by_role("textbox", name="Naam").fill(f"Tom Team {width}")
    page.get_by_role("button", name="Toevoegen en mailen").click()
    expect(flash(page)).to_contain_text(f"Tom Team {width} hoort nu bij het programmateam en krijgt daarover een mail.")
    page.reload()
    page.get_by_role("button", name=f"Verwijderen uit het programmateam: Tom Team {width}").click()
    expect(flash(page)).to_contain_text(f"Tom Team {width}")
    expect(page.get_by_role("button", name=f"Verwijderen uit het programmateam: Tom Team {width}")).to_have_count(0)
