"""Every act on threads, posts and drafts in a browser, on a phone and on a desk: what shows afterwards and after a reload."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.browser.writing import write
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

PLACE = "/communities/woningvoorraad"


@pytest.fixture
def thread(product: Product, people: dict[str, int]) -> dict[str, Any]:
    """Return a question by Willemijn with a reply by Elsa."""
    given = {"kind": "question", "title": f"Druk {uuid4().hex[:8]}", "body": "Wie weet het?"}
    made: dict[str, Any]
    _status, made = product.call(people["Willemijn"], "POST", f"{PLACE}/threads", given)
    _status, reply = product.call(people["Elsa"], "POST", f"{made['url']}/posts", {"body": "Wij weten het."})
    return {**made, "reply": reply["url"]}


def sized(browsers: Browsers, who: str, path: str, width: int) -> Page:
    """Open a page in a window of this width."""
    return browsers.open(who, path, viewport={"width": width, "height": 700})


def choose(post: Locator, line: str) -> None:
    """Choose a line of the menu of a post; the menu is wholly on the screen."""
    page = post.page
    page.locator("cop-thread:defined").wait_for(state="attached")  # before, the link leads to a page of its own
    post.get_by_role("link", name="Meer opties").click()
    menu = page.get_by_role("menu", name="Meer opties")
    box, screen = menu.bounding_box(), page.viewport_size
    assert box
    assert screen
    assert 0 <= box["x"] <= box["x"] + box["width"] <= screen["width"]
    assert 0 <= box["y"] <= box["y"] + box["height"] <= screen["height"]
    menu.get_by_role("menuitem", name=line).click()


def flash(page: Page) -> Locator:
    return page.locator("#flash")


def undo(page: Page) -> None:
    flash(page).get_by_role("button", name="Ongedaan maken").click()


@presses("threads.start", "threads.reply", "threads.retitle", "threads.retract")
def test_author_starts_replies_retitles_and_retracts(browsers: Browsers, width: int) -> None:
    title = f"Begin {uuid4().hex[:8]}"
    page = sized(browsers, "Willemijn", f"{PLACE}/threads/new", width)
    page.get_by_label("Praktijkervaring").check()
    page.get_by_label("Titel").fill(title)
    write(page, "Zo deden wij het.")
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("#posts > article")).to_contain_text("Zo deden wij het.")
    address = page.url.partition("?")[0].partition("#")[0]

    page.goto(f"{address}/curation")
    page.get_by_label("Titel").fill(f"{title}, beter")
    page.get_by_role("button", name="Titel wijzigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{title}, beter")
    page.goto(f"{address}/curation")
    page.get_by_text("Dit gesprek intrekken").click()
    expect(page.get_by_text("U kunt dit niet ongedaan maken.")).to_be_visible()
    page.get_by_role("button", name="Ja, trek dit gesprek in").click()
    expect(page).to_have_url(re.compile(f"{PLACE}/threads$"))
    expect(flash(page)).to_have_text(f"Uw gesprek “{title}, beter” is ingetrokken.")
    expect(page.get_by_role("link", name=title)).to_have_count(0)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")

    page.goto(f"{PLACE}/threads/new")
    page.get_by_label("Titel").fill(f"{title} opnieuw")
    write(page, "Met een reactie.")
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{title} opnieuw")
    write(page, "En nog iets.")
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(page.locator("#posts > article", has_text="En nog iets.")).to_be_focused()
    page.reload()
    expect(page.locator("#posts > article")).to_have_count(2)
    expect(page.locator("#replies")).to_have_text("1 reactie")


STATES = [
    ("Vastzetten", "is vastgezet.", "Vastgezet", "Losmaken", "is losgemaakt."),
    ("Uitlichten", "is uitgelicht.", "Uitgelicht", "Niet meer uitlichten", "is niet meer uitgelicht."),
    ("Sluiten", "is gesloten.", "Gesloten", "Heropenen", "is heropend."),
]


@presses(
    "threads.close",
    "threads.feature",
    "threads.hide",
    "threads.move",
    "threads.pin",
    "threads.reopen",
    "threads.unfeature",
    "threads.unhide",
    "threads.unpin",
)
def test_moderator_curates(browsers: Browsers, thread: dict[str, Any], width: int) -> None:
    page = sized(browsers, "Marijke", thread["url"], width)
    page.locator(".thread-head summary").click()
    page.get_by_role("link", name="Beheer van dit gesprek").click()
    marks = page.locator(".thread-head .marks")
    for on, set_words, mark, off, unset_words in STATES:
        page.get_by_role("button", name=on, exact=True).click()
        expect(flash(page)).to_contain_text(f"Het gesprek “{thread['title']}” {set_words}")
        page.reload()
        expect(marks).to_contain_text(mark)
        page.goto(f"{thread['url']}/curation")
        page.get_by_role("button", name=off, exact=True).click()
        expect(flash(page)).to_contain_text(unset_words)
        expect(marks).not_to_contain_text(mark)
        undo(page)
        expect(marks).to_contain_text(mark)
        undo(page)
        expect(marks).not_to_contain_text(mark)
        page.goto(f"{thread['url']}/curation")

    page.get_by_label("Naar welke praktijkgemeenschap?").select_option("zachte-landing")
    page.get_by_role("button", name="Verplaatsen", exact=True).click()
    expect(flash(page)).to_contain_text("staat nu in Zachte landing in de wijk. Oude adressen blijven werken.")
    expect(page.locator(".community-name")).to_have_text("Zachte landing in de wijk")
    undo(page)
    expect(page.locator(".community-name")).not_to_have_text("Zachte landing in de wijk")

    page.goto(f"{thread['url']}/curation")
    page.get_by_label("Reden").fill("Er staat een naam in")
    page.get_by_role("button", name="Gesprek verbergen").click()
    expect(flash(page)).to_contain_text("is verborgen.")
    expect(page.get_by_text("Dit gesprek is verborgen. Reden: Er staat een naam in")).to_be_visible()
    elsa = sized(browsers, "Elsa", thread["url"], width)
    expect(elsa.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")
    page.goto(f"{thread['url']}/curation")
    page.get_by_role("button", name="Weer tonen").click()
    expect(flash(page)).to_contain_text("is weer te zien.")
    elsa.reload()
    expect(elsa.get_by_role("heading", level=1)).to_have_text(thread["title"])


@presses("notices.follow", "notices.mute", "notices.unfollow")
def test_reader_follows_and_mutes(browsers: Browsers, thread: dict[str, Any], width: int) -> None:
    page = sized(browsers, "Gerrit", thread["url"], width)
    button = page.locator(".thread-follow button:visible")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(flash(page)).to_contain_text("nu.")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text("U volgt dit gesprek")
    button.click()
    expect(flash(page)).to_contain_text("niet meer.")
    for line, words in (
        ("Geen meldingen meer", "U krijgt hierover geen meldingen meer."),
        ("Weer meldingen krijgen", f"U volgt “{thread['title']}” niet meer."),
    ):
        page.locator(".thread-head summary").click()
        page.get_by_role("button", name=line).click()
        expect(flash(page)).to_contain_text(words)
        page.reload()
    page.locator(".thread-head summary").click()
    expect(page.get_by_role("button", name="Geen meldingen meer")).to_be_visible()


@presses(
    "posts.edit",
    "posts.hide",
    "posts.react",
    "posts.redact",
    "posts.restore",
    "posts.retract",
    "posts.unhide",
    "posts.unreact",
    "threads.answer",
    "threads.unanswer",
)
def test_acts_of_a_post(browsers: Browsers, thread: dict[str, Any], width: int) -> None:
    elsa = sized(browsers, "Elsa", thread["url"], width)
    post = elsa.locator(f"#post-{thread['reply'].rpartition('/')[2]}")
    choose(post, "Bewerken")
    expect(elsa.get_by_role("heading", level=1)).to_have_text("Bericht bewerken")
    write(elsa, "Zeker. ")
    elsa.get_by_role("button", name="Opslaan").click()
    expect(post).to_contain_text("Zeker.")
    expect(post.get_by_role("link", name="Bewerkt")).to_be_visible()
    choose(post, "Eerdere versies")
    elsa.get_by_text("Eerdere versies verwijderen").click()
    button = elsa.get_by_role("button", name="Ja, verwijder de eerdere versies")
    button.click()
    expect(button).to_have_count(0)
    elsa.goto(f"{thread['reply']}/acts")
    elsa.locator("#history summary").first.click()
    expect(elsa.locator("#history")).to_contain_text("De tekst van deze versie is verwijderd.")
    expect(elsa.locator("#history")).not_to_contain_text("Wij weten het.")
    elsa.goto(thread["url"])
    choose(post, "Intrekken")
    expect(post).to_contain_text("U hebt dit bericht ingetrokken.")
    elsa.reload()
    choose(post, "Terugzetten")
    expect(post).to_contain_text("Zeker.")

    willemijn = sized(browsers, "Willemijn", thread["url"], width)
    post = willemijn.locator(f"#post-{thread['reply'].rpartition('/')[2]}")
    for name, other in (("Bedankt", "Bedankt 1"), ("Bedankt 1", "Bedankt")):
        willemijn.locator("cop-thread:defined").wait_for(state="attached")  # before, the button leads to a new page
        post.get_by_role("button", name=name, exact=True).click()
        expect(post.get_by_role("button", name=other, exact=True)).to_be_focused()
        willemijn.reload()
        expect(post.get_by_role("button", name=other, exact=True)).to_be_visible()
    choose(post, "Dit is het antwoord")
    expect(willemijn.locator("#answered")).to_be_visible()
    willemijn.reload()
    expect(willemijn.locator("#answered")).to_be_visible()
    choose(post, "Toch niet het antwoord")
    expect(willemijn.locator("#answered")).to_be_hidden()

    marijke = sized(browsers, "Marijke", thread["url"], width)
    post = marijke.locator(f"#post-{thread['reply'].rpartition('/')[2]}")
    choose(post, "Verbergen …")
    marijke.get_by_label("Waarom verbergt u dit?").fill("Er staat een naam in")
    marijke.get_by_role("dialog").get_by_role("button", name="Verbergen").click()
    expect(flash(marijke)).to_contain_text("is verborgen.")
    marijke.reload()
    expect(post).to_contain_text("Reden: Er staat een naam in")
    choose(post, "Weer tonen")
    expect(post).to_contain_text("Zeker.")


@presses("drafts.drop", "drafts.restore", "drafts.save")
def test_draft_is_thrown_away_and_restored(browsers: Browsers, width: int) -> None:
    title = f"Half {uuid4().hex[:8]}"
    page = sized(browsers, "Gerrit", f"{PLACE}/threads/new", width)
    page.get_by_label("Titel").fill(title)
    with page.expect_response(lambda got: "/drafts/" in got.url and "Nog niet af" in (got.request.post_data or "")):
        write(page, "Nog niet af")
    expect(page.locator(".saved")).to_contain_text("Opgeslagen om")
    page.goto("/drafts")
    row = page.locator(".draft-row", has_text=title)
    expect(row).to_contain_text("Nog niet af")
    row.get_by_role("button", name="weggooien").click()
    expect(flash(page)).to_contain_text(f"Uw concept ‘{title}’ is weggegooid.")
    expect(row).to_have_count(0)
    undo(page)
    expect(flash(page)).to_have_text("Uw concept staat er weer.")
    row.get_by_role("link", name=title).click()
    expect(page.get_by_label("Titel")).to_have_value(title)
    expect(page.locator("cop-editor .ProseMirror")).to_contain_text("Nog niet af")
    page.goto("/drafts")
    page.locator(".draft-row", has_text=title).get_by_role("button", name="weggooien").click()
    expect(flash(page)).to_contain_text("is weggegooid.")
    page.reload()
    expect(row).to_have_count(0)


@presses("threads.mark")
def test_reader_catches_up_without_scripts(browsers: Browsers, thread: dict[str, Any], width: int) -> None:
    page = browsers.open("Gerrit", thread["url"], java_script_enabled=False, viewport={"width": width, "height": 700})
    page.get_by_role("button", name="Bijgewerkt tot hier").click()
    page.goto(f"{PLACE}/threads")
    row = page.locator("li.thread-row", has_text=thread["title"])
    expect(row).to_be_visible()
    expect(row.locator(".mark-new")).to_have_count(0)


@presses("communities.set_form", "communities.drop_form")
def test_questions_are_set_answered_and_turned_off(browsers: Browsers, width: int) -> None:
    marijke = sized(browsers, "Marijke", f"{PLACE}/threads/new", width)
    marijke.get_by_role("link", name="Vragen bij een nieuw gesprek instellen").click()
    marijke.get_by_role("textbox", name="Tweede vraag").fill("")
    marijke.get_by_role("textbox", name="Derde vraag").fill("Wat hebt u nodig?")
    marijke.get_by_role("button", name="Opslaan").click()
    expect(flash(marijke)).to_contain_text("krijgt nu deze vragen")
    page = sized(browsers, "Fatima", f"{PLACE}/threads/new", width)
    page.get_by_label("Titel").fill(f"Vragen {uuid4().hex[:8]}")
    expect(page.get_by_label("Wat hebt u al geprobeerd?")).to_be_hidden()
    wanted = page.get_by_label("Wat hebt u nodig?")
    page.get_by_label("Praktijkervaring").check()
    expect(wanted).to_be_hidden()
    page.get_by_label("Vraag", exact=False).first.check()
    wanted.fill("Een voorbeeld van een convenant")
    page.get_by_label("Praktijkervaring").check()
    expect(wanted).to_be_visible()  # something was typed there
    page.get_by_label("Vraag", exact=False).first.check()
    expect(page.locator(".saved")).to_contain_text("Opgeslagen")
    page.reload()
    expect(wanted).to_have_value("Een voorbeeld van een convenant")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Plaatsen").click()
    expect(page.get_by_role("heading", name="Wat hebt u nodig?")).to_be_visible()
    expect(page.locator("article").first).to_contain_text("Een voorbeeld van een convenant")
    marijke.get_by_role("button", name="Vragen uitzetten").click()
    expect(flash(marijke)).to_contain_text("De vragen staan uit.")
    undo(marijke)
    expect(marijke.get_by_role("textbox", name="Derde vraag")).to_have_value("Wat hebt u nodig?")
    marijke.get_by_role("button", name="Vragen uitzetten").click()
    expect(marijke.get_by_role("button", name="Vragen uitzetten")).to_have_count(0)
