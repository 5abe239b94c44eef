"""The day of a meeting in a browser: its chat, a round that is answered on a phone, and photos."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cop.base import clock
from cop.cli import demo
from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
PHONE = {"width": 360, "height": 800}


@pytest.fixture
def meeting(product: Product, people: dict[str, int]) -> str:
    """The address of a meeting of the community that begins within the hour."""
    starts = clock.local(demo.load().now + timedelta(minutes=55))
    times = {"starts": f"{starts:%Y-%m-%dT%H:%M}", "ends": f"{starts + timedelta(hours=3):%Y-%m-%dT%H:%M}"}
    given = {"title": "Vandaag bij elkaar", "kind": "other", **times}
    status, made = product.call(people["Marijke"], "POST", f"{HOUSING}/meetings", given)
    assert status == 201, made
    assert product.call(people["Marijke"], "PUT", f"{made['url']}/announcement")[0] == 200
    return str(made["url"])


def press(page: Page, name: str) -> None:
    """Press a button or follow a link of the page."""
    main = page.locator("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def flash(page: Page, words: str) -> None:
    """Expect a message after an act."""
    expect(page.locator("#flash")).to_contain_text(words)


def undo(page: Page) -> None:
    """Press the button in the message that undoes what it reports."""
    page.locator("#flash").get_by_role("button", name="Ongedaan maken").click()


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@presses("rooms.open", "rooms.close", "rounds.start", "rounds.answer", "rounds.withdraw", "rounds.close")
@presses("rounds.reopen", "rounds.remove", "rounds.restore")
def test_a_round_is_answered_on_a_phone(browsers: Browsers, meeting: str) -> None:
    coach = browsers.open("Marijke", meeting, axe=True, viewport=PHONE)
    press(coach, "Open de chat nu")
    expect(coach.get_by_role("heading", level=1)).to_have_text("Vandaag bij elkaar")
    coach.goto(meeting)
    coach.get_by_label("Wat is de vraag?").fill("Wat neemt u vandaag mee?")
    press(coach, "Rondje beginnen")
    flash(coach, "Het rondje is begonnen.")

    member = browsers.open("Willemijn", meeting, axe=True, viewport=PHONE)
    accessible(member)
    member.get_by_label("Uw antwoord op deze vraag").fill("Eerst bellen.")
    press(member, "Antwoord geven")
    flash(member, "Uw antwoord staat erbij.")
    expect(coach.locator("#rounds-now")).to_contain_text("Eerst bellen.")  # without a reload
    press(member, "Antwoord intrekken")
    flash(member, "Uw antwoord is ingetrokken.")
    expect(coach.locator("#rounds-now")).to_contain_text("0 antwoorden")
    member.get_by_label("Uw antwoord op deze vraag").fill("Nog niet klaar")

    accessible(coach)
    press(coach, "Rondje sluiten")
    flash(coach, "Het rondje is gesloten.")
    expect(member.locator("[data-other]")).to_be_visible()
    expect(member.get_by_label("Uw antwoord op deze vraag")).to_have_value("Nog niet klaar")
    coach.get_by_role("link", name="Wat neemt u vandaag mee?").click()
    accessible(coach)
    press(coach, "Weer openen")
    flash(coach, "Het rondje is weer open.")
    press(coach, "Rondje verwijderen")
    flash(coach, "Het rondje is verwijderd.")
    undo(coach)
    flash(coach, "Het rondje staat er weer")
    press(coach, "Chat sluiten")
    flash(coach, "De chat is gesloten.")
    press(coach, "Lees de chat van deze bijeenkomst")
    expect(coach.locator("cop-chat")).to_contain_text("Deze chat is gesloten")
    accessible(coach)


@presses("photos.add", "photos.remove", "photos.restore")
def test_photos_from_a_phone(browsers: Browsers, meeting: str) -> None:
    page = browsers.open("Willemijn", meeting, axe=True, viewport=PHONE)
    press(page, "Foto’s toevoegen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Foto’s")
    accessible(page)
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "JPEG")
    page.locator("#f-photo").set_input_files({"name": "tuin.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    page.locator("#f-alt").fill("Een tuin met bonen.")
    page.locator("#f-nobody").check()
    press(page, "Toevoegen")
    flash(page, "De foto staat erbij")
    expect(page.get_by_role("img", name="Een tuin met bonen.")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Verwijderen: Een tuin").click()
    flash(page, "De foto is verwijderd.")
    undo(page)
    flash(page, "De foto staat er weer.")
    expect(page.get_by_role("img", name="Een tuin met bonen.")).to_be_visible()
