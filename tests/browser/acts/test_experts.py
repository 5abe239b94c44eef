"""Every act on questions to experts in a browser: asking, deciding on the page and by mail, and guests of one thread."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

PLACE = "/communities/woningvoorraad"


def sized(browsers: Browsers, who: str | None, path: str, width: int) -> Page:
    """Open a page in a window of this width."""
    return browsers.open(who, path, axe=True, viewport={"width": width, "height": 700})


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def flash(page: Page) -> Locator:
    return page.locator("#flash")


def titled(words: str) -> str:
    return f"{words} {uuid4().hex[:8]}"


def go(page: Page, path: str) -> None:
    at = urlsplit(page.url)
    page.goto(f"{at.scheme}://{at.netloc}{path}")


def ask_new(page: Page, title: str, expert: str) -> None:
    """Ask an expert a new question, and expect where it is."""
    go(page, f"{PLACE}/expert")
    page.get_by_label("Uw vraag in één zin").fill(title)
    page.get_by_label("Uw vraag", exact=True).fill("Wij weten het niet.")
    option = page.get_by_label("Aan wie?").locator("option").filter(has_text=expert)
    page.get_by_label("Aan wie?").select_option(value=option.get_attribute("value"))
    press(page, "Vraag stellen")
    expect(flash(page)).to_contain_text(f"Uw vraag ligt bij {expert}")


def mailed(product: Product, name: str, title: str, purpose: str) -> str:
    """Return the link in the mail of an expert about a question."""
    mail = product.post.wait(name, f"Een vraag aan u: {title}").get_body(("plain",))
    found = re.search(rf"(/expert/{purpose}/\S+)", mail.get_content())  # type: ignore[union-attr]
    assert found
    return found[1]


@presses("experts.ask", "experts.withdraw", "experts.ask_new", "experts.accept", "experts.decline", "experts.hand_on")
def test_a_question_is_asked_accepted_handed_on_and_declined(
    browsers: Browsers, product: Product, people: dict[str, int], width: int
) -> None:
    given = {"kind": "question", "title": titled("Weet een expert dit"), "body": "Wij niet."}
    _status, made = product.call(people["Willemijn"], "POST", f"{PLACE}/threads", given)
    asker = sized(browsers, "Willemijn", made["url"], width)
    asker.locator("cop-thread:defined").wait_for(state="attached")
    asker.locator(".page-acts summary").click()
    asker.get_by_role("link", name="Vraag een expert").click()
    asker.get_by_label("Aan wie?").select_option(label="Elsa Hypothese (Trimbos-instituut)")
    press(asker, "Vraag stellen")
    expect(flash(asker)).to_contain_text("Uw vraag ligt bij Elsa Hypothese")
    press(asker, "Intrekken")
    expect(flash(asker)).to_contain_text("Ingetrokken. Uw vraag blijft staan.")

    title = titled("Een nieuwe vraag")
    ask_new(asker, title, "Elsa Hypothese")
    request = asker.url
    expert = sized(browsers, "Elsa", "/expert", width)
    one = expert.locator("main li").filter(has_text=title)
    expect(one).to_contain_text("Wij weten het niet.")
    one.get_by_role("button", name="Ik beantwoord deze vraag").click()
    expect(flash(expert)).to_contain_text("De vrager ziet dat u antwoordt")
    asker.reload()
    expect(asker.locator("main")).to_contain_text("Elsa Hypothese (Trimbos-instituut) antwoordt, uiterlijk")
    expert.get_by_text("Doorgeven aan een collega").click()
    colleague = expert.get_by_label("Aan wie?").locator("option").filter(has_text="Wouter")
    expert.get_by_label("Aan wie?").select_option(value=colleague.get_attribute("value"))
    press(expert, "Doorgeven")
    expect(flash(expert)).to_contain_text("De vraag ligt nu bij uw collega")

    other = sized(browsers, "Wouter", request, width)
    other.get_by_text("Ik kan niet antwoorden").click()
    other.get_by_label("Een andere reden").check()
    press(other, "Afslaan")
    expect(other.locator("main")).to_contain_text("Schrijf kort waarom u deze vraag niet beantwoordt.")
    other.get_by_label("Toelichting").fill("Dit hoort bij de gemeente.")
    press(other, "Afslaan")
    expect(flash(other)).to_contain_text("Dank u voor uw bericht")
    asker.reload()
    expect(asker.locator("main")).to_contain_text("Dit hoort bij de gemeente.")


@presses("experts.accept_by_mail", "experts.decline_by_mail", "experts.hand_on_by_mail", "experts.answer_by_mail")
def test_an_expert_decides_and_answers_by_the_links_in_the_mail(
    browsers: Browsers, product: Product, width: int
) -> None:
    first, second = titled("Uit de trein"), titled("Naar een ander")
    asker = sized(browsers, "Willemijn", PLACE, width)
    ask_new(asker, first, "Elsa Hypothese")
    train = sized(browsers, None, mailed(product, "e.hypothese", first, "asked"), width)
    press(train, "Ik beantwoord deze vraag")
    expect(flash(train)).to_contain_text("De vrager ziet dat u antwoordt")
    train.get_by_label("Uw antwoord").fill("Begin met tellen wie er wacht.")
    press(train, "Plaatsen")
    expect(flash(train)).to_contain_text("Uw antwoord is geplaatst")
    asker.reload()
    asker.get_by_role("link", name="Lees het antwoord").click()
    expect(asker.locator("#posts")).to_contain_text("Begin met tellen wie er wacht.")

    ask_new(asker, second, "Elsa Hypothese")
    go(train, mailed(product, "e.hypothese", second, "asked"))
    train.get_by_text("Doorgeven aan een collega").click()
    colleague = train.get_by_label("Aan wie?").locator("option").filter(has_text="Wouter")
    train.get_by_label("Aan wie?").select_option(value=colleague.get_attribute("value"))
    press(train, "Doorgeven")
    expect(flash(train)).to_contain_text("Deze vraag ligt niet meer bij u")
    go(train, mailed(product, "w.stelling", second, "asked"))
    train.get_by_text("Ik kan niet antwoorden").click()
    train.get_by_label("Geen tijd").check()
    press(train, "Afslaan")
    expect(flash(train)).to_contain_text("Deze vraag ligt niet meer bij u")
    asker.reload()
    expect(asker.locator("main")).to_contain_text("Geen expert kan deze vraag nu beantwoorden")


@presses("experts.invite_guest", "experts.extend_guest", "experts.end_guest")
def test_a_guest_is_invited_extended_and_ended(
    browsers: Browsers, product: Product, people: dict[str, int], width: int
) -> None:
    given = {"kind": "question", "title": titled("Wie van buiten"), "body": "Wij zoeken iemand."}
    _status, made = product.call(people["Willemijn"], "POST", f"{PLACE}/threads", given)
    page = sized(browsers, "Marijke", f"{made['url']}/guests", width)
    name = titled("Petra Peil").replace("0", "o")
    page.get_by_label("Naam").fill("Petra Peil")
    page.get_by_label("Mailadres").fill(f"{name.rpartition(' ')[2]}@elders.example")
    page.get_by_label("Tot en met").fill("1 februari 2018")
    press(page, "Uitnodigen")
    expect(flash(page)).to_contain_text("De uitnodiging is verstuurd")
    go(page, f"{made['url']}/guests")
    guest = page.locator("main li").filter(has_text="Petra Peil")
    guest.locator("summary").click()
    guest.get_by_label("Laatste dag van Petra Peil").fill("1 maart 2018")
    guest.get_by_role("button", name="Opslaan").click()
    expect(flash(page)).to_contain_text("1 maart 2018")
    page.locator("main li").filter(has_text="Petra Peil").locator("summary").click()
    press(page, "Nu beëindigen")
    expect(flash(page)).to_contain_text("Deze gast kan het gesprek niet meer zien")
    expect(page.locator("main")).not_to_contain_text("Petra Peil")
