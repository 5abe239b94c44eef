"""A date poll in a browser: made and opened by a coach, answered on the page and by mail, chosen and announced."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = [pytest.mark.browser]

HOUSING = "/communities/woningvoorraad"
PHONE = {"width": 360, "height": 800}


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one."""
    main = page.locator("main")
    main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def said(page: Page, words: str) -> None:
    """Expect a message after a verb."""
    expect(page.locator("#flash")).to_contain_text(words)


def fits(page: Page) -> None:
    """Expect an accessible page that does not scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert findings(page) == [], page.url


def fill(page: Page, title: str) -> None:
    """Fill in the form of a new poll and save the draft."""
    page.locator("#f-title").fill(title)
    for number, day in ((1, "15 januari 2018"), (2, "16 januari 2018"), (3, "17 januari 2018")):
        page.locator(f"#f-option_{number}_starts_day").fill(day)
        page.locator(f"#f-option_{number}_starts_time").fill("9.30")
    press(page, "Concept opslaan")
    said(page, "Het concept is opgeslagen")


def mailed_link(product: Product, title: str, name: str) -> str:
    """Return the address in somebody's mail about a poll."""
    mail = product.post.wait(name, f"Wanneer kunt u? {title}").get_body(("plain",))
    found = re.search(r"(/vote/\S+)", mail.get_content())  # type: ignore[union-attr]
    assert found
    return found[1]


def choose(page: Page, *answers: str) -> None:
    """Answer the options in their order."""
    for number, answer in enumerate(answers):
        page.locator(".poll-option").nth(number).get_by_label(answer, exact=True).check()
    press(page, "Antwoord opslaan")
    said(page, "Uw antwoord is opgeslagen")


@presses(
    "polls.make",
    "polls.edit",
    "polls.open",
    "polls.require",
    "polls.vote",
    "polls.vote_by_mail",
    "polls.remind",
    "polls.choose",
)
def test_from_poll_to_announced_meeting(browsers: Browsers, product: Product) -> None:
    title = "Samen een dag zoeken"
    coach = browsers.open("Marijke", f"{HOUSING}/meetings", axe=True)
    press(coach, "Datum prikken")
    fill(coach, title)
    press(coach, "Wijzigen")
    coach.locator("#f-venue").fill("De Kantelaar")
    fits(coach)
    press(coach, "Opslaan")
    said(coach, "De datumprikker is gewijzigd.")
    press(coach, "Wie moet erbij zijn?")
    coach.get_by_label(re.compile("^Willemijn")).check()
    press(coach, "Opslaan")
    said(coach, "Opgeslagen wie erbij moet zijn.")
    press(coach, "Openen")
    press(coach, "Openen en mailen")
    said(coach, "De datumprikker is open.")

    member = browsers.open("Bas", f"{HOUSING}/meetings", axe=True, viewport=PHONE)
    press(member, title)
    choose(member, "Nee", "Ja", "Liever niet")
    fits(member)
    guest = browsers.open(None, mailed_link(product, title, "Willemijn"), axe=True, viewport=PHONE)
    choose(guest, "Nee", "Ja", "Nee")
    fits(guest)

    coach.reload()
    expect(coach.locator("ol.entries li").first).to_contain_text("16 januari 2018")
    expect(coach.locator("main")).to_contain_text("Moet erbij zijn maar kan niet: Willemijn")
    fits(coach)
    coach.set_viewport_size(PHONE)  # type: ignore[arg-type]
    fits(coach)
    press(coach, "Herinnering mailen")
    said(coach, "krijgen een herinnering per mail")
    coach.get_by_role("link", name="Kies deze datum").first.click()
    press(coach, "Kiezen en aankondigen")
    said(coach, "De datum is gekozen.")
    member.reload()
    press(member, "Naar de bijeenkomst")
    expect(member.locator("main")).to_contain_text("16 januari 2018")
    expect(member.get_by_role("link", name="Deze datum is gekozen met een datumprikker.")).to_be_visible()


@presses("polls.make_for_programme", "polls.make_for_partnership", "polls.remove", "polls.withdraw")
def test_a_poll_is_removed_or_withdrawn(browsers: Browsers) -> None:
    page = browsers.open("Marijke", "/programmes/weer-thuis-in-de-wijk/polls/new", viewport=PHONE)
    fill(page, "Voor allen")
    press(page, "Verwijderen")
    expect(page.get_by_role("heading", name="Voor allen verwijderen?")).to_be_visible()
    press(page, "Verwijderen")
    said(page, "Het concept is verwijderd.")
    page.goto(page.url.partition("/programmes")[0] + "/partnerships/1/polls/new")
    fill(page, "Voor het duo")
    press(page, "Openen")
    press(page, "Openen en mailen")
    press(page, "Intrekken")
    expect(page.get_by_role("heading", name="Datumprikker intrekken")).to_be_visible()
    press(page, "Intrekken")
    said(page, "De datumprikker is ingetrokken.")
    press(page, "Opnieuw openen")
    press(page, "Openen en mailen")
    said(page, "De datumprikker is open.")
