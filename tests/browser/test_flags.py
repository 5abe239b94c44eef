"""Flags in a browser: a member flags a post from its menu, the moderator decides on the desk, and the member hears it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.browser.writing import write
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
PHONE = {"width": 360, "height": 800}
WORDS = "Hier staat wie het is."


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def post_by(product: Product, person: int, words: str) -> tuple[str, str]:
    """Return the addresses of a new thread and of its reply, by somebody."""
    status, thread = product.call(
        person, "POST", f"{HOUSING}/threads", {"title": "Een verhaal", "body": "Zo ging het."}
    )
    assert status == 201, thread
    status, post = product.call(person, "POST", f"{thread['url']}/posts", {"body": words})
    assert status == 201, post
    return str(thread["url"]), str(post["url"])


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


@presses("flags.raise", "rulings.make", "flags.reopen", "flags.edit", "flags.withdraw")
def test_a_post_is_flagged_hidden_and_its_flagger_hears(
    browsers: Browsers, product: Product, people: dict[str, int]
) -> None:
    thread, url = post_by(product, people["Bas"], "De buurman van nummer 12 is opgenomen.")
    post = url.rpartition("/")[2]
    page = browsers.open("Willemijn", thread, axe=True, viewport=PHONE)
    said = page.locator(f"#post-{post}")
    page.locator("cop-acts-menu:defined, cop-thread:defined").first.wait_for(state="attached")
    said.locator("[data-act=acts]").click()
    page.get_by_role("menu").get_by_text("Meld dit bericht").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meld dit bericht")
    accessible(page)
    page.get_by_label(re.compile("^Persoonsgegevens van een cliënt")).check()
    page.get_by_label("Toelichting").fill("Wie is dit?")
    press(page, "Melden")
    expect(page.locator("#flash")).to_contain_text("De moderator bekijkt het")
    accessible(page)
    page.get_by_label("Toelichting").fill(WORDS)
    press(page, "Opslaan")
    expect(page.locator("#flash")).to_contain_text("opgeslagen")
    press(page, "Melding intrekken")
    expect(page.locator("#flash")).to_contain_text("ingetrokken")
    page.get_by_role("link", name="Opnieuw melden").click()
    page.get_by_label(re.compile("^Persoonsgegevens van een cliënt")).check()
    page.get_by_label("Toelichting").fill(WORDS)
    press(page, "Melden")
    expect(page.locator("main")).to_contain_text("Wacht op de moderator")

    desk = browsers.open("Marijke", "/notices", axe=True, viewport=PHONE)
    desk.get_by_role("link", name="Er is iets gemeld in").first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Te modereren")
    accessible(desk)
    case = desk.locator("li").filter(has_text="nummer 12").filter(has_text="Een verhaal")
    expect(case).to_contain_text(WORDS)
    case.locator("summary").filter(has_text="Antwoorden aan de melder").click()
    case.get_by_label("Uw bericht aan de melder").fill("Wij kijken ernaar.")
    case.get_by_role("button", name="Opgelost").click()
    expect(desk.locator("#flash")).to_contain_text("Afgehandeld")
    desk.get_by_role("button", name="Ongedaan maken").click()
    expect(desk.locator("#flash")).to_contain_text("weer op uw lijst")
    accessible(desk)
    desk.locator("summary").filter(has_text="Verbergen").click()
    desk.get_by_label("Waarom verbergt u dit?").fill("Persoonsgegevens")
    press(desk, "Verbergen")
    expect(desk.locator("#flash")).to_contain_text("Afgehandeld")
    expect(desk.locator("main")).not_to_contain_text("nummer 12")

    page.goto("/notices")
    page.get_by_role("link", name="Uw melding is bekeken: verborgen").first.click()
    expect(page.locator("main .entries")).to_contain_text("Verborgen")
    accessible(page)
    page.goto(thread)
    expect(page.locator("main")).not_to_contain_text("nummer 12")


@presses("flags.raise_for_member")
def test_a_member_is_flagged_from_their_page(browsers: Browsers, people: dict[str, int]) -> None:
    page = browsers.open("Willemijn", f"/people/{people['Joris']}", axe=True, viewport=PHONE)
    page.get_by_role("link", name=re.compile("^Meld Joris .* bij de moderator$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meld deze deelnemer")
    accessible(page)
    page.get_by_label(re.compile("^Onheus")).check()
    press(page, "Melden")
    expect(page.locator("#flash")).to_contain_text("De moderator bekijkt het")
    press(page, "Melding intrekken")
    expect(page.locator("#flash")).to_contain_text("ingetrokken")


@presses("threads.reply")
def test_an_author_is_asked_about_an_address(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    thread, _url = post_by(product, people["Bas"], "Hoe ging het verder?")
    page = browsers.open("Willemijn", thread, axe=True, viewport=PHONE)
    write(page, "Zij woont nu op Dorpsstraat 12.")
    press(page, "Plaatsen")
    why = page.get_by_label("Waarom kan dit blijven staan?")
    expect(why).to_be_visible()
    expect(page.locator("main")).to_contain_text("Wij zagen: een adres.")
    expect(page.locator("cop-editor")).to_contain_text("Dorpsstraat 12")
    accessible(page)
    why.fill("Het is het adres van het complex.")
    press(page, "Plaatsen")
    expect(page.locator("#posts")).to_contain_text("Zij woont nu op Dorpsstraat 12.")
    expect(page.get_by_label("Waarom kan dit blijven staan?")).to_have_count(0)

    desk = browsers.open("Marijke", "/desk", axe=True, viewport=PHONE)
    case = desk.locator("li").filter(has_text="Het is het adres van het complex.")
    accessible(desk)
    case.locator("summary").filter(has_text="Laten staan").click()
    case.get_by_role("button", name="Er is niets nodig").click()
    expect(desk.locator("#flash")).to_contain_text("Afgehandeld")
    expect(desk.locator("main")).not_to_contain_text("Het is het adres van het complex.")


@presses("rulings.withdraw", "rulings.appeal", "rulings.withdraw_appeal", "rulings.decide", "rulings.reconsider")
def test_an_author_is_asked_appeals_and_another_moderator_decides(
    browsers: Browsers, product: Product, people: dict[str, int]
) -> None:
    _thread, url = post_by(product, people["Bas"], "De buurvrouw van nummer 14 is verhuisd.")
    status, _flag = product.call(
        people["Willemijn"], "POST", f"/things/{url.rpartition('/')[2]}/flag", {"reason": "privacy"}
    )
    assert status == 201
    desk = browsers.open("Marijke", "/desk", axe=True, viewport=PHONE)
    case = desk.locator("li").filter(has_text="nummer 14")
    case.locator("summary").filter(has_text="De schrijver vragen").click()
    case.get_by_label("Wat moet er anders?").fill("Laat het huisnummer weg.")
    case.get_by_role("button", name="Vraag versturen").click()
    expect(desk.locator("#flash")).to_contain_text("Uw vraag is verstuurd")
    expect(desk.locator("main")).not_to_contain_text("nummer 14")
    desk.get_by_role("button", name="Ongedaan maken").click()
    expect(desk.locator("main")).to_contain_text("Ingetrokken")
    accessible(desk)
    desk.goto("/desk")
    case.locator("summary").filter(has_text="Waarschuwen").click()
    case.get_by_label("Waarvoor waarschuwt u?").fill("Noem geen huisnummers.")
    case.get_by_role("button", name="Waarschuwing versturen").click()
    expect(desk.locator("#flash")).to_contain_text("De waarschuwing is verstuurd")

    page = browsers.open("Bas", "/rulings", axe=True, viewport=PHONE)
    accessible(page)
    page.get_by_role("link", name="Gewaarschuwd").first.click()
    expect(page.locator("main")).to_contain_text("Noem geen huisnummers.")
    accessible(page)
    page.get_by_label("Uw bezwaar").fill("Het nummer is verzonnen.")
    press(page, "Bezwaar versturen")
    expect(page.locator("#flash")).to_contain_text("Een andere moderator bekijkt het")
    press(page, "Bezwaar intrekken")
    expect(page.locator("#flash")).to_contain_text("ingetrokken")
    page.get_by_label("Uw bezwaar").fill("Het nummer is toch verzonnen.")
    press(page, "Bezwaar versturen")
    expect(page.locator("#flash")).to_contain_text("Een andere moderator bekijkt het")

    other = browsers.open("Tom", "/desk", axe=True, viewport=PHONE)
    other.get_by_role("link", name=re.compile("^Bas")).first.click()
    accessible(other)
    other.get_by_label("Het besluit blijft staan").check()
    other.get_by_label("Aan de deelnemer").fill("Ook een verzonnen nummer maakt mensen ongerust.")
    press(other, "Beslissen")
    expect(other.locator("#flash")).to_contain_text("De deelnemer krijgt bericht")
    press(other, "Opnieuw beslissen")
    expect(other.locator("#flash")).to_contain_text("wacht weer op een besluit")
