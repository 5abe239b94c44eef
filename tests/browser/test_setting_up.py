"""Setting up a programme in a real browser: a coach alone, from her mail to a partnership, and every act undone or gone."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (360, 780))
number = count(1)
LONG = "Woonstichting_" + "zonderspatie" * 15  # 194 letters


def flash(page: Page, words: str) -> None:
    """Expect a message after an act."""
    expect(page.locator("#flash")).to_contain_text(words)


def fits(page: Page) -> None:
    """Expect a page that does not scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.fixture(params=SIZES, ids=("desktop", "phone"))
def coach(request: pytest.FixtureRequest, browsers: Browsers, product: Product) -> Page:
    """Return the page of a coach who was added to the team of a new programme by an administrator, and signed in from
    her mail; the programme is `mix-<n>`."""
    n = next(number)
    width, height = request.param
    iris = browsers.open("Iris", "/programmes/new", viewport={"width": width, "height": height})
    iris.get_by_label("Naam").fill(f"Mix {n}")
    iris.get_by_label("Vrij").check()
    iris.get_by_role("button", name="Programma maken").click()
    flash(iris, "Voeg nu het programmateam toe")
    iris.get_by_role("link", name="Iemand toevoegen").click()
    iris.get_by_label("Mailadres").fill(f"coach{n}@mix.example")
    iris.get_by_role("button", name="Toevoegen en mailen").click()
    expect(iris.locator("#f-name-error")).to_contain_text("nieuw op het platform")
    iris.get_by_label("Naam").fill("Cora Coach")
    iris.get_by_role("button", name="Toevoegen en mailen").click()
    flash(iris, "Cora Coach hoort nu bij het programmateam en krijgt daarover een mail.")
    text = product.post.wait(f"coach{n}@").get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = re.search(r"/sign-in/\S+", text)
    assert link, text
    page = browsers.open(None, link[0], viewport={"width": width, "height": height})
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Uw naam").or_(page.get_by_label("Naam")).first.fill("Cora Coach")
    for box in ("rules", "privacy"):
        page.locator(f"#f-{box}").check()
    page.locator("main form").get_by_role("button").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Mix {n}")
    return page


@presses("communities.add", "organisations.merge", "programmes.add", "programmes.edit")
def test_a_coach_sets_up_a_programme_alone(coach: Page) -> None:
    programme = coach.url
    expect(coach.locator("ol.checklist .is-done")).to_have_count(1)
    coach.get_by_role("link", name="Praktijkgemeenschap openen").click()
    coach.get_by_label("Naam").fill(f"Samen wonen {programme[-6:]}")
    coach.get_by_role("button", name="Praktijkgemeenschap openen").click()
    flash(coach, "is geopend. Nodig nu deelnemers uit.")
    for name, kind in (("Woonstede", "Woningcorporatie"), ("Woonsteede", "Woningcorporatie"), (LONG, "Verhuurder")):
        coach.goto("/organisations")
        coach.get_by_label("Naam").fill(name)
        coach.get_by_label("Soort").select_option(kind)
        coach.get_by_role("button", name="Toevoegen").click()
        flash(coach, f"{name} is toegevoegd.")
        fits(coach)
    coach.goto(f"{programme}/partnerships/new")
    coach.get_by_label("Naam").fill("Mix aan de Vecht")
    coach.get_by_role("button", name="Toevoegen").click()
    expect(coach.locator("#f-organisations-error")).to_have_text("Kies ten minste één organisatie.")
    coach.get_by_label("Woonsteede").check()
    coach.get_by_role("button", name="Toevoegen").click()
    flash(coach, "De samenwerking Mix aan de Vecht is toegevoegd.")
    # One of the organisations was recorded twice.
    coach.get_by_role("link", name="Woonsteede").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("Woonsteede")
    coach.get_by_role("link", name="Verwijderen").click()
    expect(coach.locator(".bullets")).to_have_text("1 samenwerking")
    coach.get_by_role("link", name="Samenvoegen").click()
    coach.get_by_label("Samenvoegen met").select_option("Woonstede")
    coach.get_by_role("button", name="Bekijk wat er gebeurt").click()
    expect(coach.locator(".effects")).to_contain_text("Mix aan de Vecht")
    coach.get_by_role("button", name="Samenvoegen").click()
    flash(coach, "Woonsteede is samengevoegd met Woonstede.")
    coach.goto(f"{programme}/edit")
    coach.get_by_label("Waar gaat het over?").fill("Gemengd wonen.")
    coach.get_by_role("button", name="Opslaan").click()
    flash(coach, "zijn opgeslagen.")
    coach.goto(programme)
    expect(coach.locator("ol.checklist li:not(.is-done)")).to_have_count(1)
    expect(coach.get_by_role("link", name="Deelnemers uitnodigen")).to_be_visible()


@presses("communities.remove", "programmes.remove")
def test_removing_asks_first_or_can_be_undone(coach: Page) -> None:
    programme = coach.url
    coach.goto("/organisations")
    coach.get_by_label("Naam").fill(LONG)
    coach.get_by_role("button", name="Toevoegen").click()
    coach.get_by_role("link", name="Verwijderen").click()
    fits(coach)
    coach.get_by_role("button", name="Verwijderen").click()
    flash(coach, f"{LONG} is verwijderd.")
    fits(coach)
    coach.get_by_role("button", name="Ongedaan maken").click()
    flash(coach, f"{LONG} is toegevoegd.")
    coach.goto(f"{programme}/communities/new")
    coach.get_by_label("Naam").fill("Vergissing")
    coach.get_by_role("button", name="Praktijkgemeenschap openen").click()
    coach.get_by_role("link", name="Vergissing verwijderen").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("Vergissing verwijderen?")
    coach.get_by_role("link", name="Annuleren").click()
    coach.get_by_role("link", name="Vergissing verwijderen").click()
    coach.get_by_role("button", name="Verwijderen").click()
    flash(coach, "De praktijkgemeenschap Vergissing is verwijderd.")
    # The last of a team cannot leave.
    coach.locator("summary", has_text="Zelf stoppen").click()
    coach.get_by_role("button", name="Ik stop met dit team").click()
    expect(coach.locator("[role=alert]")).to_contain_text("laatste lid van het programmateam")
    coach.get_by_role("link", name="Dit programma verwijderen").click()
    coach.get_by_role("button", name="Verwijderen").click()
    flash(coach, "is verwijderd.")


def enter_phase(page: Page, programme: str, phase: str) -> None:
    """Start a phase of a programme by its page."""
    page.goto(f"{programme}/phase")
    page.locator(f"input[name=phase][value={phase}]").check()
    page.get_by_role("button", name="Fase beginnen").click()


def test_the_archive_and_back(coach: Page, browsers: Browsers) -> None:
    programme = coach.url
    coach.goto(f"{programme}/communities/new")
    coach.get_by_label("Naam").fill(f"Kring {programme[-6:]}")
    coach.get_by_role("button", name="Praktijkgemeenschap openen").click()
    flash(coach, "is geopend.")
    enter_phase(coach, programme, "archive")
    flash(coach, "staat nu in het archief.")
    coach.get_by_role("link", name=f"Kring {programme[-6:]}", exact=True).first.click()
    expect(coach.locator(".community-head .notice")).to_contain_text("Dit programma staat in het archief.")
    fits(coach)
    coach.goto(f"{programme}/phase")
    expect(coach.locator("main")).to_contain_text("Alleen een beheerder haalt het eruit.")
    iris = browsers.open("Iris")
    enter_phase(iris, programme, "start")
    flash(iris, "De nieuwe fase")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_steps_are_accessible(browsers: Browsers, product: Product, people: dict[str, int], scheme: str) -> None:
    n = next(number)
    status, made = product.call(people["Iris"], "POST", "/programmes", {"name": f"Stappen {n}"})
    assert status == 201, made
    page = browsers.open("Iris", made["url"], axe=True, color_scheme=scheme)
    assert findings(page) == []
    page.set_viewport_size({"width": 320, "height": 780})
    fits(page)
    assert findings(page) == []
