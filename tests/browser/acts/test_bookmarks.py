"""Every act on bookmarks and on what one has read in a browser, on a phone and on a desk."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

PLACE = "/communities/woningvoorraad"


@pytest.fixture
def thread(product: Product, people: dict[str, int]) -> dict[str, Any]:
    """Return a question by Willemijn with a reply by Elsa."""
    given = {"kind": "question", "title": f"Bewaar {uuid4().hex[:8]}", "body": "Wie weet het?"}
    made: dict[str, Any]
    _status, made = product.call(people["Willemijn"], "POST", f"{PLACE}/threads", given)
    _status, reply = product.call(people["Elsa"], "POST", f"{made['url']}/posts", {"body": "Wij weten het al jaren."})
    return {**made, "reply": reply["url"]}


def unread(page: Page, title: str) -> Any:
    """Return the mark of a thread in the list, which is there when something in it was not read."""
    return page.locator("li.thread-row", has_text=title).locator(".mark-new")


@presses("threads.unread_from", "threads.read_all", "threads.unread_all")
def test_what_was_read_is_unread_again(browsers: Browsers, thread: dict[str, Any], width: int) -> None:
    page = browsers.open("Joris", thread["url"], viewport={"width": width, "height": 700})
    page.locator("cop-thread:defined").wait_for(state="attached")
    with page.expect_response(lambda answer: answer.url.endswith("/mark")):
        page.locator("#posts > article").last.scroll_into_view_if_needed()
    page.goto(f"{PLACE}/threads")
    expect(unread(page, thread["title"])).to_have_count(0)
    page.goto(thread["url"])
    page.locator("cop-thread:defined").wait_for(state="attached")
    page.locator("#posts > article").last.get_by_role("link", name="Meer opties").click()
    page.get_by_role("menuitem", name="Ongelezen vanaf hier").click()
    expect(page.locator("#flash")).to_contain_text("vanaf dit bericht weer ongelezen")
    expect(page).to_have_url(re.compile(f"{PLACE}/threads#main$"))
    expect(unread(page, thread["title"])).to_have_text("1 nieuw")
    page.get_by_role("button", name="Alles gelezen").click()
    expect(page.locator("#flash")).to_contain_text("als gelezen gemarkeerd")
    expect(page.locator(".mark-new")).to_have_count(0)
    undo(page)
    expect(page.locator("#flash")).to_contain_text("weer ongelezen")
    expect(unread(page, thread["title"])).to_have_text("1 nieuw")


def undo(page: Page) -> None:
    page.locator("#flash").get_by_role("button", name="Ongedaan maken").click()


@presses("bookmarks.add", "bookmarks.edit", "bookmarks.remove", "bookmarks.restore")
def test_a_reply_is_kept_with_a_note_and_found_again(browsers: Browsers, thread: dict[str, Any], width: int) -> None:
    page = browsers.open("Joris", thread["url"], viewport={"width": width, "height": 700})
    page.locator("cop-thread:defined").wait_for(state="attached")
    page.locator("#posts > article").last.get_by_role("link", name="Meer opties").click()
    page.get_by_role("menuitem", name="Bladwijzer").click()
    page.get_by_label("Aantekening").fill("Navragen bij Elsa")
    page.get_by_label("Herinnering").fill("gisteren")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_label("Aantekening")).to_have_value("Navragen bij Elsa")
    page.get_by_label("Herinnering").fill("4 mei 2099")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("#flash")).to_contain_text("Bewaard bij uw bladwijzers.")
    expect(page).to_have_url(re.compile(f"{thread['url']}"))

    page.goto("/bookmarks?show=reminders")
    row = page.locator(".entries > li", has_text=thread["title"])
    expect(row).to_contain_text("Navragen bij Elsa")
    row.get_by_role("link", name="Wijzigen").click()
    page.get_by_label("Aantekening").fill("Al gedaan")
    page.get_by_role("button", name="Opslaan").click()
    expect(row).to_contain_text("Al gedaan")
    row.get_by_role("link", name="Wijzigen").click()
    page.get_by_role("button", name="Bladwijzer verwijderen").click()
    expect(page.locator("#flash")).to_contain_text("De bladwijzer is verwijderd.")
    expect(row).to_have_count(0)
    undo(page)
    expect(row).to_contain_text("Al gedaan")
    page.reload()
    expect(row).to_have_count(1)


@presses("notices.choose_level", "notices.choose_level_in")
def test_what_one_hears_is_chosen_for_a_community_and_a_thread(
    browsers: Browsers, thread: dict[str, Any], width: int
) -> None:
    page = browsers.open("Joris", f"{PLACE}/threads", viewport={"width": width, "height": 700})
    page.get_by_role("link", name="Meldingen instellen").click()
    page.get_by_label("Samenvatting").check()
    page.get_by_label("Tot en met").fill("eergisteren")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_label("Samenvatting")).to_be_checked()
    page.get_by_label("Tot en met").fill("4 mei 2099")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#flash")).to_contain_text("Uw keuze over meldingen is opgeslagen.")
    page.goto(f"/things/{thread['id']}/level")
    page.get_by_label("Stil").check()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#flash")).to_contain_text("Uw keuze over meldingen is opgeslagen.")
    page.goto("/settings/levels")
    expect(page.locator(".entries > li", has_text=thread["title"])).to_contain_text("Stil")
    expect(page.get_by_text("Samenvatting tot en met")).to_be_visible()
    page.goto(f"{PLACE}/level")
    page.get_by_label("Geen eigen keuze").check()
    page.get_by_label("Tot en met").fill("")
    page.get_by_role("button", name="Opslaan").click()
    page.goto("/settings/levels")
    expect(page.get_by_text("Samenvatting tot en met")).to_have_count(0)
