"""A meeting of whole days, its programme by day and its series in a browser, on the screen of a phone."""

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


def fill(page: Page, **given: str) -> None:
    """Fill in fields by their names."""
    for name, value in given.items():
        page.locator(f"#f-{name}").fill(value)


def stands(page: Page, *blocks: tuple[int, str]) -> None:
    """Expect these blocks on the days of a programme."""
    for day in {number for number, _title in blocks}:
        expect(page.locator(f"section:has(> #day-{day}) .agenda h3")).to_have_text([t for n, t in blocks if n == day])


@presses("meetings.plan", "meetings.move", "meetings.edit")
def test_whole_days_are_planned_without_times(browsers: Browsers) -> None:
    page = browsers.open("Marijke", f"{HOUSING}/meetings/new", axe=True, viewport=PHONE)
    fill(page, title="Excursie naar het eiland")
    expect(page.locator("#f-starts_time")).to_be_visible()
    page.get_by_label("Hele dag").focus()
    page.keyboard.press("Space")
    expect(page.locator("#f-starts_time")).to_be_hidden()
    look(page, "whole-days-new")
    fill(page, starts_day="13 januari 2018", ends_day="12 januari 2018")
    press(page, "Concept opslaan")
    expect(page.get_by_role("alert")).to_contain_text("Het einde ligt na het begin.")
    expect(page.get_by_label("Hele dag")).to_be_checked()
    fill(page, ends_day="14 januari 2018")
    press(page, "Concept opslaan")
    flash(page, "Het concept is opgeslagen")
    expect(page.locator("main")).to_contain_text("zaterdag 13 januari 2018, hele dag")
    expect(page.locator("main")).to_contain_text("zondag 14 januari 2018, hele dag")
    look(page, "whole-days-meeting")
    meeting = page.url
    page.goto(f"{meeting}/announcement")
    press(page, "Aankondigen en mailen")
    flash(page, "De bijeenkomst is aangekondigd.")
    page.goto(f"{meeting}/moving")
    expect(page.locator("#f-ends_day")).to_have_value("13-01-2018")
    fill(page, starts_day="20 januari 2018", ends_day="", day_2_starts_day="")
    press(page, "Verplaatsen en mailen")
    expect(page.locator("main")).to_contain_text("zaterdag 20 januari 2018, hele dag")
    page.goto("/calendar?month=2018-01")
    entry = page.locator(".calendar-list li", has_text="Excursie naar het eiland")
    expect(entry).to_contain_text("hele dag")
    look(page, "whole-days-calendar")


@presses("agenda.add", "agenda.fill", "agenda.edit", "agenda.move")
def test_each_day_has_its_programme_without_javascript(browsers: Browsers) -> None:
    page = browsers.open("Marijke", f"{HOUSING}/meetings/new", viewport=PHONE, java_script_enabled=False)
    fill(page, title="Twee dagen", starts_day="12 januari 2018", starts_time="9.30", ends_time="16.30")
    press(page, "Nog een dag toevoegen")
    fill(page, day_2_starts_day="13 januari 2018", day_2_starts_time="10.00", day_2_ends_time="12.00")
    press(page, "Concept opslaan")
    flash(page, "Het concept is opgeslagen")
    meeting = page.url
    press(page, "Programma maken")
    press(page, "Gebruikelijke dag invullen op dag 2")
    flash(page, "De gebruikelijke dag staat in het programma.")
    page.get_by_label("Soort").select_option("own")
    page.get_by_label("Titel").fill("Rondgang")
    page.locator("#f-day").select_option("1")
    press(page, "Toevoegen")
    flash(page, "Het onderdeel is toegevoegd.")
    usual = ("Actualiteiten", "Intervisie", "Pauze", "Verdieping", "Projectbezoek")
    stands(page, (1, "Rondgang"), *((2, title) for title in usual))
    expect(page.locator("section:has(> #day-2) .agenda-time").first).to_contain_text("10.00 tot")
    press(page, "Rondgang naar beneden")
    stands(page, *((2, title) for title in ("Rondgang", *usual)))
    expect(page.locator(".notice")).to_contain_text("Het programma van dag 2 duurt 45 minuten langer dan die dag.")
    page.get_by_role("link", name="Rondgang wijzigen").click()
    page.locator("#f-day").select_option("1")
    press(page, "Opslaan")
    stands(page, (1, "Rondgang"), *((2, title) for title in usual))
    page.goto(f"{meeting}/edit")
    for name in ("starts_day", "starts_time", "ends_time"):
        fill(page, **{f"day_2_{name}": ""})
    press(page, "Opslaan")
    flash(page, "De bijeenkomst is gewijzigd.")
    expect(page.locator("#programme")).to_contain_text("5 onderdelen stonden op een dag die is vervallen")
    expect(page.locator("#programme .agenda h3")).to_have_text(["Rondgang", *usual])

    # With JavaScript, for what axe finds and for both sizes.
    seen = browsers.open("Marijke", f"{meeting}/edit", axe=True, viewport=PHONE)
    press(seen, "Nog een dag toevoegen")
    fill(seen, day_2_starts_day="13 januari 2018", day_2_starts_time="10.00", day_2_ends_time="12.00")
    press(seen, "Opslaan")
    flash(seen, "De bijeenkomst is gewijzigd.")
    expect(seen.locator("#programme")).to_contain_text("Dag 2: zaterdag 13 januari 2018")
    look(seen, "days-meeting")
    press(seen, "Programma wijzigen")
    stands(seen, (1, "Rondgang"), *((2, title) for title in usual))
    look(seen, "days-programme")
    seen.get_by_role("link", name="Rondgang wijzigen").click()
    expect(seen.get_by_role("heading", level=1)).to_have_text("Onderdeel wijzigen")
    look(seen, "days-block")


@presses("meetings.edit_series")
def test_a_series_gets_another_title_and_back(browsers: Browsers) -> None:
    page = browsers.open("Marijke", f"{HOUSING}/series/new", axe=True, viewport=PHONE)
    fill(page, title="Leerkring buurt", date_1="16 januari 2018", date_2="13 februari 2018")
    page.get_by_label("Hele dag").check()
    expect(page.locator("#f-begin_time")).to_be_hidden()
    look(page, "series-new")
    press(page, "Concepten opslaan")
    flash(page, "De reeks is opgeslagen als concept.")
    expect(page.locator("main")).to_contain_text("dinsdag 16 januari 2018, hele dag")
    for title, text in (("Leerkring wijk", "Twee keer over de wijk."), ("Leerkring buurt", "")):
        press(page, "Reeks wijzigen")
        expect(page.get_by_role("heading", level=1)).to_have_text("Reeks wijzigen")
        look(page, "series-edit")
        fill(page, title=title, text=text)
        press(page, "Opslaan")
        flash(page, "De reeks is gewijzigd.")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        if text:
            expect(page.locator("main")).to_contain_text(text)
            page.locator("main ol.bullets a").first.click()
            page.get_by_text("Bijeenkomst 1 van 2").click()
            expect(page.locator("main")).to_contain_text(text)
            look(page, "series-meeting")
            page.get_by_role("link", name="Alle bijeenkomsten van Leerkring wijk").click()
