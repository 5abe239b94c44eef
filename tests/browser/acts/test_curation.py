"""What moderators do to keep threads in order, by the controls of their pages, and what readers see of it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts.test_threads import PLACE, flash, sized, undo
from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.browser.writing import write
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]


def shot(page: Page, name: str) -> None:
    """Assert that a page is no wider than the screen, and keep a picture where somebody asked for them."""
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("COP_TEST_SHOTS"):
        page.screenshot(path=Path(folder) / f"curation-{name}-{width}.png", full_page=True)


@pytest.fixture
def pair(product: Product, people: dict[str, int]) -> list[dict[str, Any]]:
    """Return two questions by Willemijn, each with two replies by Elsa (`posts`)."""
    made = []
    for title in ("Bellen", "Huiseigenaren bereiken"):
        given = {"kind": "question", "title": f"{title} {uuid4().hex[:8]}", "body": f"Wie weet iets over {title}?"}
        _status, thread = product.call(people["Willemijn"], "POST", f"{PLACE}/threads", given)
        posts = [
            product.call(people["Elsa"], "POST", f"{thread['url']}/posts", {"body": words})[1]["id"]
            for words in ("Wij bellen elke week met vaste mensen.", "En wij schrijven eerst een brief.")
        ]
        made.append({**thread, "posts": posts})
    return made


def title(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


@presses("threads.merge", "threads.unmerge")
def test_moderator_merges_and_takes_apart(browsers: Browsers, pair: Any, width: int) -> None:
    one, other = pair
    reader = sized(browsers, "Elsa", one["url"], width)
    reader.locator("cop-thread:defined").wait_for(state="attached")
    page = sized(browsers, "Marijke", f"{one['url']}/curation", width)
    page.get_by_role("link", name="Samenvoegen, verwijzen, vanzelf sluiten of rustiger maken").click()
    expect(title(page)).to_have_text("Dit gesprek ordenen")
    shot(page, "arranging")
    page.get_by_label("Het andere gesprek").fill("/threads/999999")
    page.get_by_role("button", name="Samenvoegen", exact=True).click()
    expect(page.locator(".errors")).to_contain_text("Hier staat geen gesprek dat u mag zien.")
    page.get_by_label("Het andere gesprek").fill(other["url"])
    page.get_by_role("button", name="Samenvoegen", exact=True).click()
    expect(title(page)).to_have_text(other["title"])
    expect(flash(page)).to_contain_text("Samengevoegd.")
    expect(page.locator(".thread-head")).to_contain_text("Hierin staat sinds")
    expect(page.locator("#posts > article")).to_have_count(6)
    expect(page.get_by_text(f"Eerder het begin van het gesprek “{one['title']}”")).to_be_visible()
    shot(page, "merged")

    # Who was reading goes on there, and what they were typing lands there.
    expect(reader.get_by_text("Dit gesprek is samengevoegd met een ander.")).to_be_visible()
    write(reader, "Ik was nog aan het typen.")
    reader.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(title(reader)).to_have_text(other["title"])
    expect(reader.locator("#posts > article", has_text="Ik was nog aan het typen.")).to_have_count(1)
    reader.goto(one["url"])
    expect(reader).to_have_url(re.compile(rf"{other['url']}\?.*#post-\d+$"))

    page.goto(f"{other['url']}/arranging")
    page.get_by_role("button", name=f"Weer losmaken: {one['title']}").click()
    expect(flash(page)).to_contain_text("is weer een eigen gesprek.")
    expect(title(page)).to_have_text(one["title"])
    expect(page.locator("#posts > article")).to_have_count(3)
    reader.goto(one["url"])
    expect(title(reader)).to_have_text(one["title"])


@presses("threads.split", "threads.move_posts")
def test_moderator_splits_and_moves_posts(browsers: Browsers, pair: Any, width: int) -> None:
    one, other = pair
    page = sized(browsers, "Marijke", f"{one['url']}/curation", width)
    page.get_by_role("link", name="Splitsen of berichten verplaatsen").click()
    page.get_by_label("En wij schrijven eerst een brief.").check()
    page.get_by_role("button", name="Afsplitsen").click()
    expect(page.locator(".errors")).to_contain_text("Titel")
    shot(page, "splitting")
    expect(page.get_by_label("En wij schrijven eerst een brief.")).to_be_checked()
    page.get_by_label("Titel").fill("Brieven schrijven")
    page.get_by_role("button", name="Afsplitsen").click()
    expect(title(page)).to_have_text("Brieven schrijven")
    expect(page.locator(".thread-head")).to_contain_text(f"Afgesplitst van {one['title']}")
    expect(page.locator("#posts > article")).to_have_count(1)
    page.locator(".thread-head").get_by_role("link", name=one["title"]).click()
    expect(page.locator(".thread-head")).to_contain_text(
        "1 bericht staat nu in Brieven schrijven (het stond na dit bericht)"
    )
    shot(page, "split")

    page.goto(f"{one['url']}/splitting")
    page.get_by_label("Wij bellen elke week met vaste mensen.").check()
    page.get_by_label("Het andere gesprek").fill(other["url"])
    page.get_by_role("button", name="Verplaatsen", exact=True).click()
    expect(title(page)).to_have_text(other["title"])
    expect(page.locator("#posts > article")).to_have_count(4)
    undo(page)
    expect(title(page)).to_have_text(one["title"])
    expect(page.locator("#posts > article")).to_have_count(2)


@presses(
    "threads.close_at",
    "threads.keep_open",
    "threads.mark_duplicate",
    "threads.slow",
    "threads.unmark_duplicate",
    "threads.unslow",
)
def test_moderator_refers_closes_and_slows_down(browsers: Browsers, pair: Any, width: int) -> None:
    one, other = pair
    page = sized(browsers, "Marijke", f"{one['url']}/arranging", width)
    marks = page.locator(".thread-head .marks")
    page.get_by_label("Laatste dag").fill("31 december 2018")
    page.get_by_role("button", name="Dag vastleggen").click()
    expect(marks).to_contain_text("Sluit na maandag 31 december 2018")
    page.goto(f"{one['url']}/arranging")
    page.get_by_role("button", name="Toch open laten").click()
    expect(marks).not_to_contain_text("Sluit na")

    page.goto(f"{one['url']}/arranging")
    page.get_by_label("Hoeveel tijd tussen twee reacties van dezelfde persoon?").select_option("60")
    page.get_by_role("button", name="Tijd vastleggen").click()
    expect(marks).to_contain_text("60 minuten tussen uw reacties")
    elsa = sized(browsers, "Elsa", one["url"], width)
    write(elsa, "Nog even dit.")
    elsa.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(elsa.locator(".errors")).to_contain_text("U kunt weer reageren op")
    expect(elsa.locator("cop-editor .ProseMirror")).to_contain_text("Nog even dit.")
    shot(elsa, "slow")
    page.goto(f"{one['url']}/arranging")
    page.get_by_role("button", name="Weer meteen laten reageren").click()
    expect(marks).not_to_contain_text("minuten tussen")
    elsa.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(elsa.locator("#posts > article", has_text="Nog even dit.")).to_have_count(1)

    page.goto(f"{one['url']}/arranging")
    page.get_by_label("Het andere gesprek").fill(other["url"])
    page.get_by_role("button", name="Sluiten en verwijzen").click()
    expect(flash(page)).to_contain_text(f"Gesloten, met een verwijzing naar “{other['title']}”.")
    expect(marks).to_contain_text("Gesloten")
    expect(page.locator(".thread-head")).to_contain_text(f"Dit gesprek gaat verder in {other['title']}")
    page.locator(".thread-head").get_by_role("link", name=other["title"]).click()
    expect(page.locator(".thread-head")).to_contain_text(f"Hetzelfde stond in {one['title']}")
    page.goto(f"{one['url']}/arranging")
    page.get_by_role("button", name="Verwijzing weghalen").click()
    expect(marks).not_to_contain_text("Gesloten")


@presses("notes.edit", "notes.remove", "notes.write", "notes.write_on_member")
def test_moderators_keep_notes(browsers: Browsers, people: dict[str, int], pair: Any, width: int) -> None:
    page = sized(browsers, "Marijke", f"{pair[0]['url']}/curation", width)
    page.get_by_role("link", name="Notities van moderatoren").click()
    page.get_by_role("textbox", name="Notitie").fill("Gebeld over de toon.\nZij past haar bericht aan.")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Zij past haar bericht aan.")).to_be_visible()
    shot(page, "notes")
    page.get_by_role("link", name="Wijzigen of weggooien").click()
    expect(page).to_have_url(re.compile(r"/notes/\d+$"))
    page.get_by_role("textbox", name="Notitie").fill("Gebeld, en opgelost.")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Gebeld, en opgelost.")).to_be_visible()
    page.get_by_role("link", name="Wijzigen of weggooien").click()
    page.get_by_text("Deze notitie weggooien").click()
    page.get_by_role("button", name="Ja, gooi weg").click()
    expect(flash(page)).to_contain_text("De notitie is weggegooid.")
    expect(page.get_by_text("Nog geen notities")).to_be_visible()

    page.goto(f"{PLACE}/members/{people['Elsa']}")
    page.get_by_role("link", name="Notities bekijken").click()
    expect(page).to_have_url(re.compile(r"/notes$"))
    page.get_by_role("textbox", name="Notitie").fill("Helpt graag met welkom heten.")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Helpt graag met welkom heten.")).to_be_visible()
    undo(page)
    expect(page.get_by_text("Nog geen notities")).to_be_visible()


def test_everybody_reads_what_moderators_did(
    browsers: Browsers, product: Product, people: dict[str, int], pair: Any, width: int
) -> None:
    product.call(people["Marijke"], "PUT", f"{pair[0]['url']}/closure")
    page = sized(browsers, "Gerrit", PLACE, width)
    page.get_by_role("link", name="Wat moderatoren deden").click()
    expect(title(page)).to_have_text("Wat moderatoren deden")
    row = page.locator(".entries li", has_text=pair[0]["title"])
    expect(row).to_contain_text("Gesprek gesloten:")
    expect(row).to_contain_text("door het programmateam")
    shot(page, "log")
    row.get_by_role("link", name=pair[0]["title"]).click()
    expect(title(page)).to_have_text(pair[0]["title"])
