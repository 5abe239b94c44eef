"""Minutes in browsers: a coach begins them, two write at once, they are published, read on a phone, printed, withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import presses
from tests.browser.setting_up import PHONE, flash, look
from tests.product import Product

pytestmark = pytest.mark.browser


def announced(product: Product, people: dict[str, int]) -> str:
    """Announce a meeting of today, by the clock of the demonstration; return the address of its page."""
    given: dict[str, Any] = {"title": "Buren aan tafel", "kind": "thematic"}
    given |= {"starts": "2017-12-04T14:00:00Z", "ends": "2017-12-04T16:00:00Z"}
    made, meeting = product.call(people["Marijke"], "POST", "/communities/woningvoorraad/meetings", given)
    assert made == 201, meeting
    status, said = product.call(people["Marijke"], "PUT", f"/meetings/{meeting['id']}/announcement", {})
    assert status == 200, said
    return f"/meetings/{meeting['id']}"


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one."""
    main = page.locator("main")
    main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def write(page: Page, words: str) -> None:
    """Type in the editor of a block."""
    page.locator("cop-block:defined").wait_for(state="attached")
    page.locator("#f-body").focus()
    expect(page.locator("cop-editor .ProseMirror")).to_be_focused()
    page.keyboard.type(words)


@presses(
    "minutes.begin",
    "minutes.share",
    "minutes.add",
    "minutes.move",
    "minutes.remove",
    "minutes.restore",
    "minutes.hold",
    "minutes.release",
    "minutes.take_over",
    "minutes.edit",
    "minutes.publish",
    "minutes.withdraw",
)
def test_minutes_from_the_first_word_to_the_readers(
    browsers: Browsers, product: Product, people: dict[str, int]
) -> None:
    meeting = announced(product, people)
    coach = browsers.open("Marijke", meeting, axe=True)
    press(coach, "Verslag beginnen")
    expect(coach.get_by_role("heading", name="Intervisie")).to_be_visible()
    press(coach, "Deelnemers laten meeschrijven")
    flash(coach, "Deelnemers kunnen meeschrijven.")
    coach.get_by_label("Nieuw blok").fill("Projectbezoek")
    press(coach, "Blok toevoegen")
    write(coach, "Wij liepen langs de tuin.")
    press(coach, "Opslaan")
    flash(coach, "Het blok is opgeslagen.")
    coach.get_by_role("button", name="Omhoog: Projectbezoek").click()
    expect(coach.locator(".minutes-block h2").nth(5)).to_have_text("Projectbezoek")
    coach.get_by_role("button", name="Weghalen: Projectbezoek").click()
    coach.get_by_role("button", name="Ongedaan maken").click()
    flash(coach, "Het blok staat er weer.")
    look(coach, "minutes-write")

    # two write in two blocks, and each sees who writes where
    member = browsers.open("Willemijn", f"{meeting}/minutes/edit", axe=True)
    member.get_by_role("link", name="Schrijven in Intervisie").click()
    write(member, "Wie betaalt het beheer?")
    expect(coach.locator("main")).to_contain_text("Willemijn")
    expect(coach.locator(".minutes-holder")).to_have_count(1)
    expect(member.locator(".saved")).to_contain_text("Concept bewaard")
    member.reload()
    expect(member.locator("cop-editor .ProseMirror")).to_contain_text("Wie betaalt het beheer?")
    write(member, " En hoe?")

    # the coach takes the block over and saves: both texts are there
    coach.get_by_role("link", name="Schrijven in Intervisie").click()
    write(coach, "Drie tafels.")
    expect(coach.locator(".minutes-held")).to_contain_text("schrijft nu in dit blok")
    press(coach, "Overnemen")
    flash(coach, "U schrijft nu in dit blok.")
    expect(member.locator(".minutes-held")).to_contain_text("heeft dit blok overgenomen")
    expect(coach.locator("cop-editor .ProseMirror")).to_contain_text("Drie tafels.")
    press(coach, "Opslaan")
    flash(coach, "Het blok is opgeslagen.")
    expect(member.locator(".composer-status")).to_contain_text("heeft dit blok intussen gewijzigd")
    member.context.set_offline(True)  # a save without a connection waits for it
    press(member, "Opslaan")
    expect(member.locator(".composer-status")).to_contain_text("Geen verbinding. Typ gerust door")
    member.context.set_offline(False)
    conflict = member.locator(".minutes-conflict")
    expect(conflict).to_contain_text("Drie tafels.")
    browsers.wrong()  # the errors of the lost connection
    look(member, "minutes-conflict")
    press(member, "Beide teksten houden")
    expect(member.locator("cop-editor .ProseMirror")).to_contain_text("Drie tafels.")
    press(member, "Opslaan")
    expect(coach.locator("main")).to_contain_text("En hoe?")
    expect(coach.locator("main")).to_contain_text("Drie tafels.")

    press(coach, "Nalezen en publiceren")
    look(coach, "minutes-publication")
    press(coach, "Publiceren")
    flash(coach, "Het verslag is gepubliceerd.")
    reader = browsers.open("Willemijn", meeting, axe=True, viewport=PHONE)
    reader.get_by_role("link", name="Lees het verslag").click()
    expect(reader.locator("main .prose")).to_contain_text("Drie tafels.")
    look(reader, "minutes-show")
    reader.emulate_media(media="print")
    expect(reader.locator(".page-acts")).to_be_hidden()
    expect(reader.locator("main .prose")).to_be_visible()
    reader.emulate_media(media="screen")
    press(reader, "Reageren")
    reader.locator("#f-body").focus()
    expect(reader.locator("cop-editor .ProseMirror")).to_be_focused()
    reader.keyboard.type("Dank voor het verslag.")
    reader.get_by_role("button", name="Plaatsen").click()
    expect(reader.locator("#posts")).to_contain_text("Dank voor het verslag.")

    press(coach, "Verder schrijven")
    press(coach, "Verslag intrekken")
    flash(coach, "Het verslag is ingetrokken.")
    reader.goto(meeting)
    expect(reader.get_by_role("link", name="Lees het verslag")).to_have_count(0)
