"""Threads in real browsers: the menu of a post, reactions, quoting, live replies, focus, and what follows each form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import presses
from tests.browser.writing import write
from tests.product import Product

pytestmark = pytest.mark.browser

PLACE = "/communities/woningvoorraad"
SOON = 8_000  # milliseconds within which others see a change


@pytest.fixture
def thread(product: Product, people: dict[str, int]) -> dict[str, Any]:
    """Return a question by Willemijn with a reply by Elsa."""
    made: dict[str, Any]
    _status, made = product.call(
        people["Willemijn"],
        "POST",
        f"{PLACE}/threads",
        {"kind": "question", "title": f"Proef {uuid4().hex[:8]}", "body": "Wie weet het?"},
    )
    _status, reply = product.call(people["Elsa"], "POST", f"{made['url']}/posts", {"body": "Wij weten het."})
    return {**made, "reply": reply["id"]}


def post(page: Page, words: str) -> Locator:
    return page.locator("#posts > article", has_text=words)


def choose(page: Page, post: Locator, line: str) -> None:
    """Choose a line of the menu of a post."""
    page.locator("cop-thread:defined").wait_for(state="attached")
    post.get_by_role("link", name="Meer opties").click()
    page.get_by_role("menuitem", name=line).click()


def test_menu_by_keyboard(browsers: Browsers, thread: dict[str, Any]) -> None:
    page = browsers.open("Elsa", thread["url"])
    page.locator("cop-thread:defined").wait_for(state="attached")
    more = post(page, "Wij weten het").get_by_role("link", name="Meer opties")
    more.focus()
    page.wait_for_load_state("networkidle")  # the script of the menu is there
    page.keyboard.press("ArrowDown")
    menu = page.get_by_role("menu", name="Meer opties")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("End")
    expect(menu.get_by_role("menuitem", name="Verwijder en meld")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name="Kopieer de link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(more).to_be_focused()
    more.click()
    expect(menu).to_be_visible()
    page.mouse.click(5, 5)  # beside it
    expect(menu).to_have_count(0)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_menu_stays_on_the_screen(browsers: Browsers, thread: dict[str, Any], width: int) -> None:
    page = browsers.open("Marijke", thread["url"], viewport={"width": width, "height": 640})
    page.locator("cop-thread:defined").wait_for(state="attached")  # before, the link leads to a page of its own
    post(page, "Wij weten het").get_by_role("link", name="Meer opties").click()
    box = page.get_by_role("menu").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 640
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@presses("posts.react", "posts.unreact")
def test_reaction_takes_one_press_and_names_who_reacted(browsers: Browsers, thread: dict[str, Any]) -> None:
    willemijn, elsa = browsers.open("Willemijn", thread["url"]), browsers.open("Elsa", thread["url"])
    useful = post(willemijn, "Wij weten het").get_by_role("button", name="Nuttig")
    useful.click()
    expect(useful).to_have_attribute("aria-pressed", "true")
    expect(useful).to_have_accessible_name("Nuttig 1")
    expect(useful).to_be_focused()
    other = post(elsa, "Wij weten het").get_by_role("button", name="Nuttig 1")
    expect(other).to_have_attribute("aria-pressed", "false", timeout=SOON)
    other.hover()
    expect(elsa.get_by_role("tooltip")).to_have_text("Nuttig: Willemijn Voorbeeld")
    choose(elsa, post(elsa, "Wij weten het"), "Wie waardeerden dit?")
    expect(elsa.get_by_role("dialog", name="Wie waardeerden dit?")).to_contain_text("Willemijn Voorbeeld")
    elsa.keyboard.press("Escape")
    expect(elsa.get_by_role("dialog")).to_have_count(0)
    useful.click()
    expect(useful).to_have_accessible_name("Nuttig")
    expect(useful).to_have_attribute("aria-pressed", "false")


@presses("posts.edit")
def test_edit_leads_back_to_the_post(browsers: Browsers, thread: dict[str, Any]) -> None:
    page = browsers.open("Elsa", thread["url"])
    choose(page, post(page, "Wij weten het"), "Bewerken")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bericht bewerken")
    write(page, "Zeker weten. ")
    page.get_by_role("button", name="Opslaan").click()
    changed = page.locator(f"#post-{thread['reply']}")
    expect(changed).to_be_focused()
    expect(changed).to_contain_text("Zeker weten.")
    expect(changed.get_by_role("link", name="Bewerkt")).to_be_visible()
    expect(page.locator("#flash")).to_have_text("Uw bericht is gewijzigd.")


@presses("posts.restore", "posts.retract")
def test_retracted_post_can_be_put_back_at_once(browsers: Browsers, thread: dict[str, Any]) -> None:
    page = browsers.open("Elsa", thread["url"])
    choose(page, post(page, "Wij weten het"), "Intrekken")
    gone = page.locator(f"#post-{thread['reply']}")
    expect(gone).to_contain_text("U hebt dit bericht ingetrokken.")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(gone.get_by_role("button", name="Ongedaan maken")).to_be_focused()
    page.keyboard.press("Enter")
    expect(gone).to_contain_text("Wij weten het.")
    expect(gone.get_by_role("link", name="Meer opties")).to_be_focused()
    expect(page.locator("#flash")).to_have_text("Uw bericht staat er weer.")


@presses("posts.hide", "posts.unhide")
def test_hiding_asks_its_reason_in_a_small_dialog(browsers: Browsers, thread: dict[str, Any]) -> None:
    page = browsers.open("Marijke", thread["url"])
    more = post(page, "Wij weten het").get_by_role("link", name="Meer opties")
    choose(page, post(page, "Wij weten het"), "Verbergen …")
    dialog = page.get_by_role("dialog", name="Het bericht van Elsa Hypothese verbergen")
    expect(dialog.get_by_label("Waarom verbergt u dit?")).to_be_focused()
    dialog.get_by_role("button", name="Annuleren").click()
    expect(dialog).to_have_count(0)
    expect(more).to_be_focused()
    choose(page, post(page, "Wij weten het"), "Verbergen …")
    page.keyboard.type("   ")
    page.keyboard.press("Enter")
    expect(dialog.locator(".field-error")).to_be_visible()
    dialog.get_by_label("Waarom verbergt u dit?").fill("Test")
    dialog.get_by_role("button", name="Verbergen").click()
    gone = page.locator(f"#post-{thread['reply']}")
    expect(gone).to_contain_text("Reden: Test")
    expect(page.locator("#flash")).to_contain_text("Het bericht van Elsa Hypothese is verborgen.")
    gone.get_by_role("button", name="Weer tonen").click()
    expect(gone).to_contain_text("Wij weten het.")


@presses("threads.answer", "threads.unanswer")
def test_answer_shows_at_once_to_everybody(browsers: Browsers, thread: dict[str, Any]) -> None:
    willemijn, elsa = browsers.open("Willemijn", thread["url"]), browsers.open("Elsa", thread["url"])
    expect(elsa.locator("#answered")).to_be_hidden()
    choose(willemijn, post(willemijn, "Wij weten het"), "Dit is het antwoord")
    expect(willemijn.locator("#answered")).to_be_visible()
    expect(elsa.locator("#answered")).to_be_visible(timeout=SOON)
    expect(willemijn.locator("#flash")).to_contain_text("is nu het antwoord op de vraag")
    willemijn.reload()
    expect(willemijn.locator("#posts .post-answer")).to_have_count(1)  # it is not shown twice in a row
    choose(willemijn, post(willemijn, "Wij weten het"), "Toch niet het antwoord")
    expect(willemijn.locator("#answered")).to_be_hidden()
    expect(elsa.locator("#answered")).to_be_hidden(timeout=SOON)


def test_quote_brings_the_reply_in_view_with_a_way_back(browsers: Browsers, thread: dict[str, Any]) -> None:
    page = browsers.open("Willemijn", thread["url"], viewport={"width": 360, "height": 500})
    post(page, "Wij weten het").locator("[data-act=quote]").click()
    editor = page.locator("cop-editor .ProseMirror")
    expect(editor).to_be_focused()
    expect(editor.locator("blockquote")).to_contain_text("Wij weten het.")
    expect(editor.locator("blockquote")).to_be_in_viewport()
    page.get_by_role("link", name="Terug naar het bericht van Elsa Hypothese").click()
    expect(page.locator(f"#post-{thread['reply']}")).to_be_in_viewport()
    expect(page.locator(".quote-back")).to_have_count(0)


@presses("threads.reply")
def test_reply_is_counted_announced_and_focused(browsers: Browsers, thread: dict[str, Any]) -> None:
    willemijn, elsa = browsers.open("Willemijn", thread["url"]), browsers.open("Elsa", thread["url"])
    write(willemijn, "Dank u wel.")
    willemijn.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(post(willemijn, "Dank u wel.")).to_be_focused()
    expect(willemijn.locator("#said")).to_have_text("Uw reactie is geplaatst.")
    expect(willemijn.locator("#replies")).to_have_text("2 reacties")
    expect(elsa.locator("#replies")).to_have_text("2 reacties", timeout=SOON)
    expect(elsa.locator("#said")).to_have_text("Nieuwe reactie van Willemijn Voorbeeld")


def test_missed_changes_arrive_after_an_absence(
    browsers: Browsers, product: Product, people: dict[str, int], thread: dict[str, Any]
) -> None:
    page = browsers.open("Willemijn", thread["url"])
    expect(post(page, "Wij weten het")).to_be_visible()
    page.wait_for_timeout(1_500)
    page.context.set_offline(True)
    for n in range(3):
        product.call(people["Elsa"], "POST", f"{thread['url']}/posts", {"body": f"Intussen {n}."})
    product.call(people["Elsa"], "PATCH", f"/posts/{thread['reply']}", {"body": "Wij weten meer.", "base_version": 1})
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    expect(page.locator("#posts > article", has_text="Intussen")).to_have_count(3, timeout=40_000)
    expect(post(page, "Wij weten meer.")).to_be_visible()
    browsers.errors = [error for error in browsers.errors if "ERR_" not in error and "WebSocket" not in error]


def test_back_shows_no_read_thread_as_new(
    browsers: Browsers, product: Product, people: dict[str, int], thread: dict[str, Any]
) -> None:
    product.call(people["Willemijn"], "PUT", f"{thread['url']}/mark", {"seq": 1})
    product.call(people["Elsa"], "POST", f"{thread['url']}/posts", {"body": "Nieuw."})
    page = browsers.open("Willemijn", f"{PLACE}/threads")
    row = page.locator("li.thread-row", has_text=thread["title"])
    expect(row.locator(".mark-new")).to_have_text(re.compile("nieuw"))
    row.get_by_role("heading").get_by_role("link").click()
    expect(page.locator("#first-unread")).to_be_in_viewport()
    expect(post(page, "Wie weet het?")).to_be_attached()  # the thread opens whole
    with page.expect_response(re.compile(r"/mark$")):
        pass
    page.go_back()
    expect(row).to_be_visible()
    expect(row.locator(".mark-new")).to_have_count(0)


def test_reader_of_the_accessibility_tree_finds_each_post(browsers: Browsers, thread: dict[str, Any]) -> None:
    page = browsers.open("Willemijn", thread["url"])
    names = re.compile(r"^Bericht van (Willemijn Voorbeeld|Elsa Hypothese), ")
    expect(page.get_by_role("article", name=names)).to_have_count(2)
    expect(page.get_by_role("heading", level=2, name=names)).to_have_count(2)
    expect(page.get_by_role("toolbar", name="Bij dit bericht")).to_have_count(2)
    # Each post takes two stops: its author, and the toolbar in which the arrow keys go on.
    expect(page.locator("#posts .byline-when").first).to_have_attribute("tabindex", "-1")
    page.locator("#posts > article").first.focus()
    stops = []
    while page.evaluate("Boolean(document.activeElement.closest('#posts'))"):
        stops.append(page.evaluate("document.activeElement.innerText"))
        page.keyboard.press("Tab")
    assert len(stops) == 5, stops  # the first is the post itself
    page.locator("#posts > article").last.get_by_role("button", name="Bedankt").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#posts > article").last.get_by_role("button", name="Nuttig")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("#posts > article").last.get_by_role("link", name="Meer opties")).to_be_focused()
    page.get_by_role("link", name="Naar het reactieveld").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reply")).to_be_focused()


Press = Callable[[Page], None]
# What a moderator can press on the page of curation, and the message that follows on the page of the thread.
CURATION: dict[str, tuple[Press, str]] = {
    "pin": (lambda page: page.get_by_role("button", name="Vastzetten").click(), "is vastgezet."),
    "feature": (lambda page: page.get_by_role("button", name="Uitlichten", exact=True).click(), "is uitgelicht."),
    "close": (lambda page: page.get_by_role("button", name="Sluiten").click(), "is gesloten."),
    "hide": (
        lambda page: (
            page.get_by_label("Reden").fill("Test"),
            page.get_by_role("button", name="Gesprek verbergen").click(),
        )[1],
        "is verborgen.",
    ),
}


@pytest.mark.parametrize("act", CURATION)
def test_curation_says_what_it_did_and_offers_to_undo_it(browsers: Browsers, thread: dict[str, Any], act: str) -> None:
    press, words = CURATION[act]
    page = browsers.open("Marijke", f"{thread['url']}/curation")
    press(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(thread["title"])
    expect(page.locator("#flash")).to_contain_text(f"Het gesprek “{thread['title']}” {words}")
    page.locator("#flash").get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#flash")).not_to_contain_text(words)
    expect(page.get_by_role("heading", level=1)).to_have_text(thread["title"])


# What can be pressed on the page of acts of a post, which has no list of posts: it leads back to the post.
ACTS = {"Nuttig": "Elsa", "Intrekken": "Elsa", "Dit is het antwoord": "Willemijn"}


@pytest.mark.parametrize("button", ACTS)
def test_act_on_the_page_of_acts_leads_back_to_the_post(
    browsers: Browsers, thread: dict[str, Any], button: str
) -> None:
    page = browsers.open(ACTS[button], f"/posts/{thread['reply']}/acts")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(f"#post-{thread['reply']}")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(rf"{thread['url']}\?after=0#post-{thread['reply']}$"))
