"""Outcomes in a browser: an action from the chat until it is done, and outcomes of a meeting and a post."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
PHONE = {"width": 360, "height": 800}
WORDS = "De foto’s van de binnentuin delen"


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one."""
    main = page.locator("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def announced(product: Product, people: dict[str, int]) -> str:
    """Return the address of a meeting of the community that is coming."""
    given = {"title": "Een jaar later", "kind": "other", "starts": "2018-02-01T10:00", "ends": "2018-02-01T12:00"}
    status, made = product.call(people["Marijke"], "POST", f"{HOUSING}/meetings", given)
    assert status == 201, made
    assert product.call(people["Marijke"], "PUT", f"{made['url']}/announcement")[0] == 200
    return str(made["url"])


@presses("outcomes.mark", "tasks.finish", "tasks.postpone", "tasks.drop", "tasks.reopen")
def test_an_action_from_the_chat_until_it_is_done(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    meeting = announced(product, people)
    rooms = product.call(people["Marijke"], "GET", f"{HOUSING}/rooms")[1]["items"]  # other tests open more of them
    page = browsers.open("Marijke", min(rooms, key=lambda room: room["id"])["url"], axe=True)
    said = page.locator(".message").filter(has_text="Ik hoop op").last
    page.locator("cop-chat:defined").wait_for(state="attached")  # before, the link leads to a page of its own
    said.hover()
    said.locator("[data-act=acts]").click()
    page.get_by_role("menu").get_by_text("Opbrengst vastleggen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Opbrengst vastleggen")
    accessible(page)
    page.get_by_label(re.compile("^Actie")).check()
    page.get_by_label("Wat is er afgesproken of geleerd?").fill(WORDS)
    page.get_by_label("Wie doet dit?").select_option(label="Willemijn Voorbeeld")
    page.get_by_label("Wanneer is het klaar?").fill("1 november 2017")
    press(page, "Vastleggen")
    expect(page.locator("#f-due-error")).to_contain_text("Deze datum is voorbij")
    page.get_by_label("Wanneer is het klaar?").fill("20 december 2017")
    press(page, "Vastleggen")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS)
    page.get_by_role("link", name="een chatbericht").click()
    expect(page.locator(".message").filter(has_text="Ik hoop op").last).to_contain_text(f"Opbrengst: {WORDS}")

    owner = browsers.open("Willemijn", "/", axe=True, viewport=PHONE)
    promised = owner.get_by_role("region", name="Wat ik beloofde")
    accessible(owner)
    promised.get_by_role("link", name=f"Later: {WORDS}").click()
    accessible(owner)
    owner.get_by_label("Nieuwe datum").fill("12 januari 2018")
    owner.get_by_label("Waarom later?").fill("De tuin is nog kaal.")
    press(owner, "Uitstellen")
    expect(owner.locator("#flash")).to_contain_text("nieuwe datum")
    action = owner.url

    page.goto(meeting)
    before = page.get_by_role("region", name="Nog open van de vorige keer")
    expect(before.get_by_role("listitem").filter(has_text=WORDS)).to_contain_text("12 januari 2018")
    accessible(page)

    owner.goto("/")
    promised.get_by_role("button", name=f"Gedaan: {WORDS}").click()
    expect(owner.locator("#flash")).to_contain_text("gedaan")
    press(owner, "Weer openen")
    press(owner, "Laten vervallen")
    owner.get_by_label("Waarom gaat het niet door?").fill("Er is al een foto.")
    press(owner, "Laten vervallen")
    expect(owner).to_have_url(action)
    expect(owner.locator("main")).to_contain_text("Er is al een foto.")
    press(owner, "Weer openen")
    press(owner, "Gedaan")
    expect(owner.locator("main")).to_contain_text("gedaan op")
    page.reload()
    expect(page.locator("main")).not_to_contain_text(WORDS)


@presses("outcomes.mark_at_meeting", "outcomes.mark_post", "outcomes.edit", "outcomes.remove", "outcomes.restore")
def test_outcomes_of_a_meeting_and_a_post(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    meeting = announced(product, people)
    page = browsers.open("Willemijn", meeting, axe=True, viewport=PHONE)
    press(page, "Opbrengst vastleggen")
    page.get_by_label(re.compile("^Besluit")).check()
    page.get_by_label("Wat is er afgesproken of geleerd?").fill("Wij beginnen om tien uur.")
    press(page, "Vastleggen")
    press(page, "Wijzigen")
    page.get_by_label("Wat is er afgesproken of geleerd?").fill("Wij beginnen om elf uur.")
    press(page, "Opslaan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wij beginnen om elf uur.")
    press(page, "Verwijderen")
    expect(page.get_by_role("region", name="Opbrengsten, besluiten en acties")).not_to_contain_text("elf uur")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#flash")).to_contain_text("De opbrengst staat er weer.")

    thread = product.ask(people["Willemijn"], f"{HOUSING}/threads")["items"][0]["url"]
    post = product.ask(people["Willemijn"], f"{thread}/posts")["items"][0]["url"]
    page.goto(f"{post}/acts")
    press(page, "Opbrengst vastleggen")
    page.get_by_label("Wat is er afgesproken of geleerd?").fill("Zo kan het ook.")
    press(page, "Vastleggen")
    page.get_by_role("link", name="een bericht in een gesprek").click()
    expect(page.locator("main")).to_contain_text("Opbrengst: Zo kan het ook.")
    page.goto(f"{HOUSING}/outcomes")
    accessible(page)
    page.get_by_label("Soort").select_option(label="Besluit")
    press(page, "Tonen")
    expect(page.locator("main .entries")).to_contain_text("Wij beginnen om elf uur.")
    expect(page.locator("main .entries")).not_to_contain_text("Zo kan het ook.")
