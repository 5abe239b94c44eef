"""Every act on notices in a browser, on a phone and on a desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]


@pytest.fixture
def mentions(product: Product, people: dict[str, int], width: int) -> list[str]:
    """Mention Joris in two threads and return their titles."""
    titles = [f"Genoemd {width} {n}" for n in (1, 2)]
    for title in titles:
        given = {"kind": "question", "title": title, "body": "Wat vindt u, @Joris Bedacht?"}
        status, _made = product.call(people["Bas"], "POST", "/communities/woningvoorraad/threads", given)
        assert status == 201
    return titles


def unread(page: Page) -> int:
    """Return the count of the bell, or 0."""
    bell = page.locator("#unread")
    return int(bell.inner_text()) if bell.is_visible() else 0


@presses("notices.read", "notices.reopen")
def test_notices_are_read_and_reopened(browsers: Browsers, mentions: list[str], width: int) -> None:
    page = browsers.open("Joris", "/notices", viewport={"width": width, "height": 700})
    before = unread(page)
    assert before >= 2
    group = page.locator(".notice-group", has_text=mentions[0])
    group.get_by_role("button", name=f"Gelezen: {mentions[0]}").click()
    expect(page.locator("#flash")).to_contain_text("1 melding is als gelezen gemarkeerd.")
    expect(group.locator(".is-unread")).to_have_count(0)
    page.reload()
    expect(page.locator("#unread")).to_have_text(str(before - 1))
    page.get_by_role("button", name="Alles gelezen").click()
    expect(page.locator("#flash")).to_contain_text("als gelezen gemarkeerd.")
    expect(page.locator(".is-unread")).to_have_count(0)
    expect(page.locator("#unread")).to_be_hidden()
    page.locator("#flash").get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#unread")).to_have_text(str(before - 1))
    page.get_by_role("navigation", name="Welke meldingen").get_by_role("link", name="Ongelezen").click()
    expect(page.locator(".notice-row")).to_have_count(before - 1)
    page.get_by_role("button", name="Alles gelezen").click()
    expect(page.locator("#flash")).to_contain_text("als gelezen gemarkeerd.")
    page.reload()
    expect(page.get_by_role("button", name="Alles gelezen")).to_have_count(0)
    page.goto("/notices?show=unread")
    expect(page.get_by_text("Geen meldingen in deze selectie")).to_be_visible()
    page.get_by_role("link", name="Alle meldingen").click()
    expect(page.locator(".notice-row").first).to_be_visible()


@presses("notices.choose")
def test_choices_about_mail_are_kept(browsers: Browsers, width: int) -> None:
    page = browsers.open("Joris", "/settings/notices", viewport={"width": width, "height": 700})
    chosen = {
        "Iemand noemt u": "never",
        "Iemand reageert op uw vraag": "daily",
        "Overzicht van wat nieuw is": "weekly",
        "Op welke dag": "3",
    }
    for label, value in chosen.items():
        page.get_by_label(label).select_option(value)
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#flash")).to_have_text("Uw keuzes over mail zijn opgeslagen.")
    page.reload()
    for label, value in chosen.items():
        expect(page.get_by_label(label)).to_have_value(value)


@presses("notices.unsubscribe")
def test_mail_is_stopped_from_the_mail(
    browsers: Browsers, product: Product, people: dict[str, int], width: int
) -> None:
    who, mail = ("Samira Proefpersoon", "s.proefpersoon@") if width == 360 else ("Gerrit Maquette", "g.maquette@")
    given = {"kind": "question", "title": f"Stop {width}", "body": f"Wat vindt u, @{who}?"}
    product.call(people["Bas"], "POST", "/communities/woningvoorraad/threads", given)
    address = str(product.post.wait(mail, f"Stop {width}")["List-Unsubscribe"]).strip("<>")
    page = browsers.open(None, address.removeprefix(product.address), viewport={"width": width, "height": 700})
    expect(page.get_by_text("Wilt u geen mail meer krijgen als iemand u noemt?")).to_be_visible()
    page.get_by_role("button", name="Stop deze mail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gelukt")
    page.get_by_role("link", name="Alle keuzes over mail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    settings = browsers.open(who.split()[0], "/settings/notices")
    expect(settings.get_by_label("Iemand noemt u")).to_have_value(re.compile("never"))
