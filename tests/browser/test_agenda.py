"""The agenda of a meeting in a browser: the coach builds the day, members ask and vote, the coach chooses; also without
JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import presses
from tests.browser.setting_up import PHONE, flash, look

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"


def press(page: Page, name: str) -> None:
    """Press the first button, or follow the link that looks like one, whose name begins so."""
    named = re.compile(f"^{re.escape(name)}")
    main = page.locator("main")
    main.get_by_role("button", name=named).or_(main.get_by_role("link", name=named)).first.click()


def runs(page: Page, *hours: str) -> None:
    """Expect these hours of the blocks of a programme."""
    expect(page.locator(".agenda-time")).to_have_text([f"{one} uur" for one in hours])


def plan(page: Page, title: str) -> str:
    """Plan and announce a meeting from 9.30 to 16.30; return its address."""
    page.goto(f"{HOUSING}/meetings/new")
    page.locator("#f-title").fill(title)
    for name, value in (("starts_day", "12 januari 2018"), ("starts_time", "9.30"), ("ends_time", "16.30")):
        page.locator(f"#f-{name}").fill(value)
    press(page, "Concept opslaan")
    flash(page, "Het concept is opgeslagen")
    return page.url


@presses(
    "agenda.fill",
    "agenda.add",
    "agenda.edit",
    "agenda.move",
    "agenda.remove",
    "agenda.restore",
    "meetings.ask",
    "questions.edit",
    "questions.vote",
    "questions.unvote",
    "questions.place",
    "questions.unplace",
    "questions.hide",
    "questions.restore",
    "questions.set_votes",
    "questions.withdraw",
    "preparation.tick",
    "preparation.untick",
)
def test_from_an_empty_day_to_a_question_on_it(browsers: Browsers) -> None:
    coach = browsers.open("Marijke", HOUSING, axe=True)
    meeting = plan(coach, "Een dag met vragen")
    press(coach, "Programma maken")
    press(coach, "Gebruikelijke dag invullen")
    flash(coach, "De gebruikelijke dag staat in het programma.")
    runs(coach, "09.30 tot 10.15", "10.15 tot 12.00", "12.00 tot 13.00", "13.00 tot 15.00", "15.00 tot 16.30")
    look(coach, "agenda-programme")
    coach.get_by_role("link", name="Intervisie wijzigen").click()
    expect(coach.get_by_role("heading", level=1)).to_have_text("Onderdeel wijzigen")
    coach.get_by_label("Minuten").fill("90")
    coach.get_by_label("Wie leidt dit?").fill("Stefan Kladde")
    press(coach, "Opslaan")
    flash(coach, "Het onderdeel is gewijzigd.")
    runs(coach, "09.30 tot 10.15", "10.15 tot 11.45", "11.45 tot 12.45", "12.45 tot 14.45", "14.45 tot 16.15")
    up = coach.get_by_role("button", name="Intervisie naar boven")
    up.focus()
    coach.keyboard.press("Enter")
    expect(coach.locator(".agenda h3").first).to_have_text("Intervisie")
    coach.get_by_role("button", name="Pauze verwijderen").click()
    flash(coach, "Het onderdeel is verwijderd.")
    coach.get_by_role("button", name="Ongedaan maken").click()
    flash(coach, "Het onderdeel staat er weer.")
    coach.get_by_label("Soort").select_option("own")
    coach.get_by_label("Titel").fill("Napraten")
    press(coach, "Toevoegen")
    flash(coach, "Het onderdeel is toegevoegd.")
    expect(coach.locator(".notice")).to_contain_text("30 minuten langer dan de bijeenkomst")
    coach.goto(f"{meeting}/announcement")
    press(coach, "Aankondigen en mailen")
    flash(coach, "De bijeenkomst is aangekondigd.")
    coach.get_by_role("button", name="Gedaan: Sprekers").click()
    expect(coach.locator("#preparation")).to_contain_text("Marijke")
    look(coach, "agenda-meeting")
    coach.get_by_role("button", name="Toch niet: Sprekers").click()
    expect(coach.get_by_role("button", name="Gedaan: Sprekers")).to_be_visible()

    member = browsers.open("Willemijn", meeting, axe=True, viewport=PHONE)
    member.get_by_label("Wat is uw vraag?").fill("Wie betaald de huismeester?")
    press(member, "Vraag insturen")
    flash(member, "Uw vraag staat erbij.")
    press(member, "Wijzigen of intrekken")
    expect(member.get_by_role("heading", level=1)).to_have_text("Vraag")
    member.get_by_label("Wat is uw vraag?").fill("Wie betaalt de huismeester?")
    look(member, "agenda-question")
    press(member, "Opslaan")
    flash(member, "Uw vraag is gewijzigd.")

    coach.goto(f"{meeting}/questions")
    press(coach, "Stem op")
    expect(coach.get_by_role("button", name="Stem terugnemen")).to_be_visible()
    press(coach, "Stem terugnemen")
    press(coach, "Stem op")
    coach.get_by_label("Stemmen per persoon").fill("5")
    press(coach, "Aantal opslaan")
    flash(coach, "Het aantal stemmen is gewijzigd.")
    look(coach, "agenda-questions")
    press(coach, "Beheren")
    coach.get_by_label("Onderdeel").select_option(label="09.30 Intervisie")
    press(coach, "In het programma zetten")
    flash(coach, "De vraag staat in het programma.")
    member.goto(meeting)
    expect(member.locator("#programme")).to_contain_text("Wie betaalt de huismeester?")
    press(coach, "Beheren")
    press(coach, "Uit het programma halen")
    flash(coach, "De vraag staat niet meer in het programma.")
    press(coach, "Beheren")
    coach.get_by_label("Reden").fill("Noem geen namen")
    press(coach, "Verbergen")
    flash(coach, "De vraag is verborgen.")
    member.reload()
    expect(member.locator("#questions")).to_contain_text("Noem geen namen")
    coach.get_by_role("button", name="Ongedaan maken").click()
    flash(coach, "De vraag staat er weer.")
    member.goto(meeting)
    press(member, "Wijzigen of intrekken")
    press(member, "Vraag intrekken")
    flash(member, "Uw vraag is ingetrokken.")
    member.get_by_role("link", name="Deelnemerslijst").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Deelnemerslijst")


def test_works_without_javascript(browsers: Browsers) -> None:
    coach = browsers.open("Marijke", HOUSING, java_script_enabled=False)
    meeting = plan(coach, "Een dag zonder script")
    coach.goto(f"{meeting}/agenda")
    press(coach, "Gebruikelijke dag invullen")
    coach.get_by_role("button", name="Actualiteiten naar beneden").click()
    expect(coach.locator(".agenda h3").first).to_have_text("Intervisie")
    coach.goto(f"{meeting}/announcement")
    press(coach, "Aankondigen en mailen")
    member = browsers.open("Willemijn", meeting, java_script_enabled=False, viewport=PHONE)
    member.get_by_label("Wat is uw vraag?").fill("Hoe lang mag tijdelijk duren?")
    press(member, "Vraag insturen")
    expect(member.locator("#questions")).to_contain_text("Hoe lang mag tijdelijk duren?")
    coach.goto(meeting)
    press(coach, "Stem op")
    expect(coach.locator("#questions")).to_contain_text("1 stem")
