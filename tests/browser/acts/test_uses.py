"""Every act on uses, in a browser: saying what was used, what came of it, and what answered a question."""

from __future__ import annotations

from uuid import uuid4

import pytest
from itsdangerous import URLSafeSerializer
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

HOUSING = "/communities/woningvoorraad"


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def experience(product: Product, person: int) -> tuple[str, str]:
    """Return the address of a new thread of somebody and the id of its first post."""
    given = {"title": f"Onze huisregels {uuid4().hex[:8]}", "body": "Zo doen wij het.", "kind": "experience"}
    status, thread = product.call(person, "POST", f"{HOUSING}/threads", given)
    assert status == 201, thread
    return str(thread["url"]), str(product.ask(person, f"{thread['url']}/posts")["items"][0]["id"])


@presses(
    "uses.report",
    "uses.edit",
    "uses.withdraw",
    "uses.restore",
    "uses.follow_up",
    "uses.clear_outcome",
    "uses.follow_up_by_mail",
)
def test_a_post_is_used_and_its_outcome_told(
    browsers: Browsers, product: Product, people: dict[str, int], width: int
) -> None:
    thread, post = experience(product, people["Bas"])
    phone = {"width": width, "height": 800}
    page = browsers.open("Willemijn", thread, axe=True, viewport=phone)
    page.locator("cop-acts-menu:defined, cop-thread:defined").first.wait_for(state="attached")
    page.locator(f"#post-{post}").locator("[data-act=acts]").click()
    page.get_by_role("menu").get_by_text("Ik heb dit gebruikt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wie gebruikte dit?")
    accessible(page)
    page.get_by_label("Wat hebt u aangepast?").fill("Punt 4 is eruit.")
    page.get_by_label("Waarvoor hebt u dit gebruikt?").fill("Zij heeft 111222333")
    press(page, "Laat weten")
    expect(page.locator("#f-purpose-error")).to_be_visible()
    expect(page.get_by_label("Wat hebt u aangepast?")).to_have_value("Punt 4 is eruit.")
    page.get_by_label("Waarvoor hebt u dit gebruikt?").fill("Ons nieuwe complex")
    page.get_by_label("Voor welke samenwerking?").select_option(label="Samenwerking Waterveen")
    press(page, "Laat weten")
    expect(page.locator("#flash")).to_contain_text("De schrijver hoort het binnen een week")
    expect(page.locator("main")).to_contain_text("Dit is gebruikt door 1 samenwerking.")
    accessible(page)
    page.goto(thread)
    expect(page.locator(".thread-head")).to_contain_text("Het eerste bericht is gebruikt door 1 samenwerking")

    page.get_by_role("link", name="gebruikt door 1 samenwerking").click()
    page.get_by_role("link", name="Ons nieuwe complex").click()
    accessible(page)
    use = page.url.rpartition("/")[2]
    page.get_by_label("Waarvoor hebt u dit gebruikt?").fill("Ons oude complex")
    press(page, "Opslaan")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ons oude complex")
    page.get_by_label("Deels opgelost").check()
    page.get_by_label("In één regel").fill("Het is rustiger.")
    press(page, "Antwoord opslaan")
    expect(page.locator("main .facts")).to_contain_text("Het is rustiger.")
    press(page, "Mijn antwoord weghalen")
    expect(page.locator("main .facts")).not_to_contain_text("Deels opgelost")

    signer = URLSafeSerializer([product.environment["COP_SECRET_KEY"]], salt="use-outcome")
    link = f"/used/{signer.dumps([int(use), people['Willemijn']])}"
    mailed = browsers.open(None, f"{link}?outcome=solved", axe=True, viewport=phone)
    expect(mailed.get_by_label("Opgelost", exact=True)).to_be_checked()
    accessible(mailed)
    press(mailed, "Antwoord opslaan")
    expect(mailed.locator("main")).to_contain_text("U hebt geantwoord.")

    page.reload()
    expect(page.locator("main .facts")).to_contain_text("Opgelost")
    press(page, "Intrekken")
    expect(page.locator("#flash")).to_contain_text("telt niet meer mee")
    expect(page.locator("main")).not_to_contain_text("gebruikt door")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("main")).to_contain_text("Dit is gebruikt door 1 samenwerking.")


@presses("uses.answers")
def test_a_thread_answers_a_question(browsers: Browsers, product: Product, people: dict[str, int], width: int) -> None:
    thread, _post = experience(product, people["Bas"])
    phone = {"width": width, "height": 800}
    page = browsers.open("Willemijn", f"/things/{thread.rpartition('/')[2]}/answered", axe=True, viewport=phone)
    accessible(page)
    page.get_by_label("Welke vraag wilde u stellen?").fill("Wie heeft huisregels?")
    press(page, "Laat weten")
    expect(page.locator("#flash")).to_contain_text("Wij tellen dat mee")
    expect(page.locator(".thread-head")).to_contain_text("Dit beantwoordde 1 vraag van anderen.")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".thread-head")).not_to_contain_text("beantwoordde")
