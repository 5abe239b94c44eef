"""What coaches and the people whom they invite do on an empty platform, by browser and mail."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.product import Product

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}


def look(page: Page, name: str) -> None:
    """Expect a page without findings of axe that fits a phone and a desktop; `name` is for whoever takes pictures."""
    before = page.viewport_size or DESKTOP
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, size)
        assert findings(page) == [], (name, size)
    page.set_viewport_size(before)


def flash(page: Page, words: str) -> None:
    """Expect a message after an act."""
    expect(page.locator("#flash")).to_contain_text(words)


def mailed_link(product: Product, mail: str, about: str = "") -> str:
    """Return the path of the one-time link in the newest mail to an address."""
    text = product.post.wait(mail, about).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"/sign-in/\S+", text)
    assert found, text
    return found[0]


def enter(browsers: Browsers, link: str, name: str, size: dict[str, int] = DESKTOP, welcome: str = "") -> Page:
    """Open a one-time link and complete the first-entry page."""
    page = browsers.open(None, link, axe=True, viewport=size)
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Uw voor- en achternaam").fill(name)
    if welcome:
        look(page, welcome)
    for box in ("rules", "privacy"):
        page.locator(f"#f-{box}").check()
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Welkom")
    return page


def add_organisations(page: Page, *organisations: tuple[str, str]) -> None:
    """Record organisations, each with its kind."""
    for name, kind in organisations:
        page.goto("/organisations")
        page.get_by_label("Naam").fill(name)
        page.get_by_label("Soort").select_option(kind)
        page.get_by_role("button", name="Toevoegen").click()
        flash(page, f"{name} is toegevoegd.")


def add_community(page: Page, programme: str, name: str) -> None:
    """Open a community in a programme."""
    page.goto(f"{programme}/communities/new")
    page.get_by_label("Naam").fill(name)
    page.get_by_role("button", name="Praktijkgemeenschap openen").click()
    flash(page, f"De praktijkgemeenschap {name} is geopend.")


def add_partnership(page: Page, programme: str, name: str, *organisations: str) -> None:
    """Record a partnership of organisations."""
    page.goto(f"{programme}/partnerships/new")
    page.get_by_label("Naam").fill(name)
    for organisation in organisations:
        page.get_by_label(organisation).check()
    page.get_by_role("button", name="Toevoegen").click()
    flash(page, f"De samenwerking {name} is toegevoegd.")


def start(browsers: Browsers, product: Product) -> tuple[Page, Page]:
    """Return the pages of the first administrator, and of the coach whom they added to the team of a new programme."""
    link = re.search(r"comes in here.*?(/sign-in/\S+)", product.output())
    assert link, product.output()
    admin = enter(browsers, link[1], "Iris Beheer")
    look(admin, "admin-home")
    admin.goto("/programmes")
    look(admin, "programmes-empty")
    admin.get_by_role("link", name="Nieuw programma").first.click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Nieuw programma")
    look(admin, "programme-new")
    admin.get_by_label("Naam").fill("Weer thuis in de wijk")
    admin.get_by_role("button", name="Programma maken").click()
    flash(admin, "Voeg nu het programmateam toe")
    look(admin, "programme-made")
    admin.get_by_role("link", name="Iemand toevoegen").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Iemand toevoegen aan het programmateam")
    admin.get_by_label("Mailadres").fill("cora@weerthuis.example")
    admin.get_by_label("Naam").fill("Cora Coach")
    look(admin, "team-new")
    admin.get_by_role("button", name="Toevoegen en mailen").click()
    flash(admin, "Cora Coach hoort nu bij het programmateam en krijgt daarover een mail.")
    coach = enter(browsers, mailed_link(product, "cora@"), "Cora Coach", welcome="coach-welcome")
    expect(coach.get_by_role("heading", level=1)).to_have_text("Weer thuis in de wijk")
    return admin, coach
