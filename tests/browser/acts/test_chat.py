"""Every act on a chat room and its messages in a browser, on a phone and on a desk."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

ROOM = "/communities/woningvoorraad/rooms"


def enter(browsers: Browsers, who: str, width: int) -> Page:
    """Open the room of the community as a person."""
    page = browsers.open(who, ROOM, viewport={"width": width, "height": 700})
    expect(page.locator(".room-state[role=status]")).to_have_text("Verbonden")
    return page


def message(page: Page, words: str) -> Locator:
    return page.locator("#messages > .message", has_text=words)


def say(page: Page, words: str) -> None:
    page.locator("#f-message").fill(words)
    page.get_by_role("button", name="Versturen").click()
    expect(message(page, words)).to_have_count(1)


def choose(shown: Locator, line: str) -> None:
    """Choose a line of the menu of a message; the menu is wholly on the screen."""
    page = shown.page
    shown.hover()
    shown.locator(".message-acts [data-act=acts]").click()
    menu = page.get_by_role("menu", name="Meer opties")
    box, screen = menu.bounding_box(), page.viewport_size
    assert box
    assert screen
    assert 0 <= box["x"] <= box["x"] + box["width"] <= screen["width"]
    assert 0 <= box["y"] <= box["y"] + box["height"] <= screen["height"]
    menu.get_by_role("menuitem", name=line).or_(menu.get_by_role("menuitemcheckbox", name=line)).click()


@presses(
    "messages.edit", "messages.react", "messages.redact", "messages.restore", "messages.retract", "messages.say",
    "messages.unreact",
)  # fmt: skip
def test_author_edits_reacts_and_retracts(browsers: Browsers, width: int) -> None:
    mark = f"k{uuid4().hex[:6]}"
    page = enter(browsers, "Elsa", width)
    say(page, f"{mark} eerst")
    id = message(page, mark).get_attribute("data-id")
    own = page.locator(f"#message-{id}")
    choose(own, "Bewerken")
    page.get_by_role("textbox", name="Uw tekst wijzigen").fill(f"{mark} daarna")
    page.get_by_role("button", name="Opslaan").click()
    expect(own).to_contain_text("Bewerkt")
    choose(own, "Hartje")
    liked = own.get_by_role("button", name="Hartje 1")
    expect(liked).to_have_attribute("aria-pressed", "true")
    page.reload()
    liked.click()
    expect(liked).to_have_count(0)

    choose(own, "Eerdere versies")
    expect(page.get_by_role("heading", level=1)).to_have_text("Elsa Hypothese schreef")
    page.get_by_text("Eerdere versies verwijderen").click()
    button = page.get_by_role("button", name="Ja, verwijder de eerdere versies")
    button.click()
    expect(button).to_have_count(0)
    page.goto(f"/messages/{id}/acts")
    page.locator("#history summary").first.click()
    expect(page.locator("#history")).to_contain_text("De tekst van deze versie is verwijderd.")

    page.goto(ROOM)
    choose(own, "Intrekken")
    expect(own).not_to_contain_text(mark)
    page.reload()
    choose(own, "Terugzetten")
    expect(own).to_contain_text(f"{mark} daarna")


@presses("messages.hide", "messages.unhide")
def test_moderator_hides_and_shows(browsers: Browsers, width: int) -> None:
    mark = f"v{uuid4().hex[:6]}"
    elsa, marijke = enter(browsers, "Elsa", width), enter(browsers, "Marijke", width)
    say(elsa, f"{mark} een naam")
    shown = marijke.locator(f"#{message(elsa, mark).get_attribute('id')}")
    choose(shown, "Verbergen …")
    marijke.get_by_label("Waarom verbergt u dit?").fill("Er staat een naam in")
    marijke.get_by_role("dialog").get_by_role("button", name="Verbergen").click()
    expect(marijke.locator("#flash")).to_contain_text("Het chatbericht van Elsa Hypothese is verborgen.")
    marijke.reload()
    expect(shown).to_contain_text("Reden: Er staat een naam in")
    choose(shown, "Weer tonen")
    expect(message(elsa, mark)).to_have_count(1)


@presses("notices.mute", "notices.unfollow", "rooms.harvest", "rooms.mark")
def test_room_is_muted_read_and_harvested(browsers: Browsers, width: int) -> None:
    mark = f"o{uuid4().hex[:6]}"
    elsa = enter(browsers, "Elsa", width)
    say(elsa, f"{mark} wie helpt?")
    gerrit = browsers.open("Gerrit", ROOM, viewport={"width": width, "height": 700}, java_script_enabled=False)
    gerrit.get_by_role("button", name="Bijgewerkt tot hier").click()
    gerrit.goto(ROOM)
    expect(gerrit.get_by_role("button", name="Bijgewerkt tot hier")).to_have_count(0)

    page = enter(browsers, "Samira", width)
    mute = page.get_by_role("button", name="Meldingen dempen")
    words = page.locator("form[data-mute] [role=status]")
    info = page.locator(".room-info-button")
    for pressed, said in (("true", "geen meldingen meer"), ("false", "een melding als iemand u noemt")):
        if info.is_visible():
            info.click()
        mute.click()
        expect(mute).to_have_attribute("aria-pressed", pressed)
        expect(words).to_contain_text(said)
        page.reload()
        if info.is_visible():
            info.click()
        expect(mute).to_have_attribute("aria-pressed", pressed)
        page.reload()

    page.get_by_role("link", name="Berichten kiezen").click()
    message(page, f"{mark} wie helpt?").get_by_role("checkbox").check()
    expect(page.locator(".room-select")).to_contain_text("1 bericht gekozen")
    page.get_by_role("link", name="Annuleren").click()
    expect(page.get_by_role("button", name="Maak hier een gesprek van")).to_be_hidden()
    page.get_by_role("link", name="Berichten kiezen").click()
    message(page, f"{mark} wie helpt?").get_by_role("checkbox").check()
    page.get_by_role("button", name="Maak hier een gesprek van").click()
    expect(page.locator("#flash")).to_contain_text("De gekozen berichten staan klaar.")
    expect(page.locator("#f-body")).to_have_value(re.compile(f"{mark} wie helpt"))
