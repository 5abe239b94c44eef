"""Numbers that may not be written down, beside the field; and what is removed and reported, by the one who wrote it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts.test_chat import choose as choose_for_message
from tests.browser.acts.test_chat import enter, message, say
from tests.browser.acts.test_threads import choose
from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.browser.writing import write
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]
BSN = "111222333"
WORDS = "Hier staat een burgerservicenummer (BSN). Haal het weg"


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for them."""
    if folder := os.environ.get("COP_TEST_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)  # type: ignore[index]


@pytest.fixture
def thread(product: Product, people: dict[str, int]) -> dict[str, Any]:
    """Return a question by Willemijn with a reply by herself."""
    given = {"kind": "question", "title": f"Lek {uuid4().hex[:8]}", "body": "Wie weet het?"}
    made: dict[str, Any]
    _status, made = product.call(people["Willemijn"], "POST", "/communities/woningvoorraad/threads", given)
    _status, reply = product.call(people["Willemijn"], "POST", f"{made['url']}/posts", {"body": "Jan is ziek."})
    return {**made, "reply": reply["url"]}


def test_reply_and_its_draft_say_so_and_keep_the_text(browsers: Browsers, thread: Any, width: int) -> None:
    page = browsers.open("Willemijn", thread["url"], viewport={"width": width, "height": 700})
    write(page, f"Zij heeft {BSN}.")
    expect(page.locator(".composer .saved")).to_contain_text(f"Niet bewaard als concept. {WORDS}")
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(page.locator(".errors")).to_contain_text(WORDS)
    expect(page.locator("cop-editor .ProseMirror")).to_contain_text(f"Zij heeft {BSN}.")
    shot(page, "reply")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("cop-editor .ProseMirror").fill("Zij wil verhuizen.")
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(page.locator("#posts > article", has_text="Zij wil verhuizen.")).to_have_count(1)


def test_chat_says_so_beside_the_composer_and_keeps_the_text(browsers: Browsers, width: int) -> None:
    page = enter(browsers, "Willemijn", width)
    mark = f"k{uuid4().hex[:6]}"
    page.locator("#f-message").fill(f"{mark} {BSN}")
    expect(page.locator(".composer-unkept")).to_contain_text(WORDS)
    shot(page, "chat")
    page.get_by_role("button", name="Versturen").click()
    expect(page.locator("#sending")).to_contain_text(WORDS)
    expect(page.locator("#sending")).to_contain_text(mark)
    page.reload()
    expect(page.locator("#sending")).to_contain_text(mark)
    expect(message(page, mark)).to_have_count(0)


@presses("breaches.report", "breaches.note", "breaches.close", "breaches.reopen")
def test_author_removes_and_administrator_closes(browsers: Browsers, thread: Any, width: int) -> None:
    page = browsers.open("Willemijn", thread["reply"], viewport={"width": width, "height": 700})
    choose(page.locator("#posts > article", has_text="Jan is ziek."), "Verwijder en meld …")
    expect(page.get_by_role("heading", level=1)).to_have_text("Verwijder en meld")
    page.get_by_role("button", name="Verwijder en meld").click()
    expect(page.locator(".errors")).to_contain_text("Wat stond er?")
    page.get_by_label("Iets over gezondheid, zorg of strafzaken").check()
    shot(page, "form")
    page.get_by_role("button", name="Verwijder en meld").click()
    expect(page.locator("#flash")).to_contain_text("De tekst is overal verwijderd")
    expect(page.locator("#posts")).to_contain_text("Deze tekst is verwijderd, omdat er persoonsgegevens in stonden.")
    page.reload()
    expect(page.locator("#posts")).not_to_contain_text("Jan is ziek.")

    desk = browsers.open("Iris", "/operations", viewport={"width": width, "height": 700})
    desk.get_by_role("link", name="Datalekken").click()
    shot(desk, "list")
    desk.get_by_role("link", name=re.compile("^Bericht in ")).first.click()
    expect(desk.locator(".facts")).to_contain_text("Iets over gezondheid, zorg of strafzaken")
    desk.get_by_label("Wat voor stap is dit?").select_option("authority")
    desk.get_by_label("Wat is er gedaan?").fill("Gemeld onder nummer Z12.")
    desk.get_by_role("button", name="Bewaar").click()
    expect(desk.locator("#flash")).to_have_text("Uw aantekening is bewaard.")
    expect(desk.get_by_text("Gemeld onder nummer Z12.")).to_be_visible()
    shot(desk, "note")
    desk.get_by_label("Waarom kan deze melding dicht?").fill("Iedereen is gebeld.")
    desk.get_by_role("button", name="Sluit af").click()
    expect(desk.locator("#flash")).to_contain_text("De melding is afgesloten.")
    expect(desk.get_by_text("Deze melding is afgesloten. Reden: Iedereen is gebeld.")).to_be_visible()
    desk.get_by_role("button", name="Weer openen").click()
    expect(desk.locator("#flash")).to_have_text("De melding is weer open.")
    expect(desk.get_by_role("button", name="Sluit af")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


def test_author_removes_a_message(browsers: Browsers, width: int) -> None:
    page = enter(browsers, "Elsa", width)
    mark = f"k{uuid4().hex[:6]}"
    say(page, f"{mark} is ziek")
    choose_for_message(message(page, mark), "Verwijder en meld …")
    page.get_by_label("Iets over gezondheid, zorg of strafzaken").check()
    page.get_by_role("button", name="Verwijder en meld").click()
    expect(page).to_have_url(re.compile("/rooms/"))
    expect(page.locator("#messages")).not_to_contain_text(mark)
