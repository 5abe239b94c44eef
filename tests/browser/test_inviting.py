"""Inviting people and keeping the list of members, in a browser: every form is pressed and what follows is asserted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser
MEMBERS = "/communities/procesregie/members"
SIZES = [{"width": 1280, "height": 900}, {"width": 320, "height": 640}]


def fits(page: Page) -> bool:
    """Return whether nothing is wider than the window."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))


def said(page: Page) -> str:
    """Return the message on the page."""
    return page.locator(".flash span").first.inner_text()


@pytest.mark.parametrize("size", SIZES)
@presses("members.preview", "members.invite_several")
def test_wrong_line_is_corrected_before_anything_is_sent(
    browsers: Browsers, product: Product, size: dict[str, int]
) -> None:
    mail = f"nina{size['width']}@waterveen.example"
    page = browsers.open("Priya", MEMBERS, axe=True, viewport=size)
    page.locator("#invite summary").click()
    page.get_by_label("Mailadressen").fill(f"Nieuw, Nina <{mail}>\nzomaar iemand\nbeheer@ander.example <y@weg.example>")
    page.get_by_role("button", name="Lijst controleren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uitnodigingen controleren")
    expect(page.get_by_text("2 regels kloppen niet.")).to_be_visible()
    assert findings(page) == []
    assert fits(page)
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_role("alert").first).to_contain_text("2 regels kloppen niet. Er is nog niets verstuurd.")
    page.get_by_label("Naam op regel 1").fill("Nina Nieuw")
    page.get_by_label("zomaar iemand overslaan").check()
    page.get_by_label("beheer@ander.example overslaan").check()
    page.get_by_role("button", name="Opnieuw controleren").click()
    page.get_by_role("button", name="1 uitnodiging versturen").click()
    expect(page).to_have_url(re.compile(f"{MEMBERS}$"))
    assert said(page) == f"De uitnodiging aan {mail} is onderweg."
    email = product.post.wait(mail, "Uitnodiging voor ‘Procesregie’")
    link = re.search(r"http://\S+/sign-in/\S+", email.get_body(("plain",)).get_content())[0]  # type: ignore[union-attr,index]
    newcomer = browsers.open(None, link.removeprefix(product.address))
    newcomer.get_by_role("button", name="Ga verder").click()
    newcomer.get_by_label("Naam").first.fill("Nina Nieuw")
    for box in newcomer.locator("input[type=checkbox][required]").all():
        box.check()
    newcomer.get_by_role("button", name="Ga verder").or_(newcomer.locator("main form button[type=submit]")).last.click()
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Procesregie")
    newcomer.goto(link)  # used, and opened again by its owner
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Procesregie")
    other = browsers.open("Bas", link.removeprefix(product.address))
    expect(other.get_by_role("heading", level=1)).to_have_text("Deze link is voor iemand anders")
    assert "Nina" not in other.content()


@pytest.mark.parametrize("script", [True, False])
@presses("members.correct", "members.resend", "members.restore", "members.revoke")
def test_invitation_is_corrected_withdrawn_and_restored(browsers: Browsers, script: bool) -> None:
    mail = f"piet-{script}@waterveen.example".lower()
    page = browsers.open("Priya", MEMBERS, java_script_enabled=script)
    page.locator("#invite summary").click()
    page.get_by_label("Mailadressen").fill(f"Piet Piters <{mail}>")
    page.get_by_role("button", name="Lijst controleren").click()
    page.get_by_role("button", name="1 uitnodiging versturen").click()
    row = page.locator("li.invited").filter(has_text=mail)
    row.locator("summary").click()
    row.get_by_label("Naam").fill("Piet Pieters")
    row.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".flash")).to_contain_text("De gegevens van Piet Pieters zijn opgeslagen.")
    row.get_by_role("button", name="intrekken").click()
    expect(page.locator(".flash")).to_contain_text("De uitnodiging aan Piet Pieters is ingetrokken.")
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".flash")).to_contain_text("De uitnodiging aan Piet Pieters geldt weer.")
    row.get_by_role("button", name="Opnieuw sturen").click()
    expect(page.locator(".flash")).to_contain_text(f"De uitnodiging aan {mail} is onderweg.")


@pytest.mark.parametrize("size", SIZES)
def test_removal_is_undone_on_the_page(browsers: Browsers, size: dict[str, int]) -> None:
    page = browsers.open("Priya", MEMBERS, viewport=size)
    page.get_by_role("link", name="Deelname van Karin Zetfout wijzigen").click()
    page.get_by_role("button", name="Karin Zetfout verwijderen").click()
    expect(page.locator(".flash")).to_contain_text("Karin Zetfout doet niet meer mee in Procesregie.")
    expect(page.get_by_role("link", name="Karin Zetfout")).to_have_count(0)
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".flash")).to_contain_text("Karin Zetfout doet weer mee in Procesregie.")
    expect(page.get_by_role("link", name="Karin Zetfout", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_members_are_searched_and_ordered(browsers: Browsers, size: dict[str, int]) -> None:
    page = browsers.open("Priya", MEMBERS, axe=True, viewport=size)
    assert findings(page) == []
    assert fits(page)
    page.get_by_label("Naam, functie of organisatie").fill("zetfout")
    page.get_by_role("search", name="Deelnemers zoeken").get_by_role("button", name="Zoek").click()
    expect(page).to_have_url(re.compile("q=zetfout"))
    expect(page.locator("table.members tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Toon iedereen").click()
    expect(page.locator("table.members tbody tr")).not_to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download als CSV").click()
    assert download.value.suggested_filename == "deelnemers-procesregie.csv"


@presses("members.add_partners")
def test_partners_are_added_to_a_community(browsers: Browsers) -> None:
    page = browsers.open("Marijke", MEMBERS, viewport=SIZES[1])
    page.locator("#partners summary").click()
    boxes = page.locator("#partners input[type=checkbox]")
    for box in boxes.all()[1:]:
        box.uncheck()
    page.get_by_role("button", name="Toevoegen").click()
    expect(page.locator(".flash")).to_contain_text("1 partner doet nu mee in Procesregie en krijgt een mail.")
