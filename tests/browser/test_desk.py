"""The coach's desk: a mail to a silent partnership, a signal put off and brought back, and the settings, by keyboard."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

PHONE, DESKTOP = {"width": 360, "height": 780}, {"width": 1280, "height": 900}


@presses("coach.write", "coach.set_aside", "coach.bring_back", "coach.configure")
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_coach_acts_on_what_the_desk_shows(browsers: Browsers, size: dict[str, int]) -> None:
    page = browsers.open("Marijke", "/", axe=True, viewport=size)
    page.locator(".masthead-person summary").click()
    page.get_by_role("link", name="Coach", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat vraagt uw aandacht?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []

    page.locator("main").get_by_role("link", name="Instellingen").first.click()
    page.get_by_label("Weken stilte").fill("1")
    page.get_by_label("Schoolvakanties").select_option("")
    assert findings(page) == []
    page.get_by_role("button", name="Opslaan").press("Enter")
    expect(page.locator("#flash")).to_contain_text("De instellingen zijn opgeslagen.")

    signal = page.locator("main li.signal").first
    key = signal.get_attribute("id")
    signal.get_by_role("button", name="Een week uitstellen").press("Enter")
    expect(page.locator("#flash")).to_contain_text("Dit is uitgesteld.")
    page.locator("main details summary").first.press("Enter")
    page.locator(f"#{key}").get_by_role("button", name="Terugzetten").press("Enter")
    expect(page.locator("#flash")).to_contain_text("Dit staat weer in de lijst.")

    to_write = page.locator("main li.signal").filter(has=page.get_by_role("link", name="Mail schrijven")).first
    key = to_write.get_attribute("id")
    to_write.get_by_role("link", name="Mail schrijven").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mail schrijven")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []
    page.get_by_label("Onderwerp").fill("Hoe gaat het bij u?")
    page.get_by_role("button", name="Mail versturen").press("Enter")
    expect(page.locator("#flash")).to_contain_text("Uw mail is verstuurd")
    expect(page.locator(f"#{key}")).to_contain_text("Gemaild op")


def run_sql(product: Product, *statements: str) -> None:
    with closing(sqlite3.connect(product.data / "cop.sqlite3", timeout=30)) as database, database:
        for statement in statements:
            database.execute(statement)


@presses("coach.invite_again")
def test_a_coach_invites_somebody_again_on_the_desk(browsers: Browsers) -> None:
    run_sql(
        browsers.product,
        "INSERT INTO person (mail, name, function, bio, phone, mail_shown, themes, language, is_admin, state, epoch, made)"
        " VALUES ('tom@team.example', 'Tom Team', '', '', '', 0, '[]', 'nl', 0, 'invited', 0, '2017-01-02 00:00:00')",
        "INSERT INTO team_member (programme_id, person_id, since) SELECT programme.id, person.id, person.made"
        " FROM programme, person WHERE slug = 'weer-thuis-in-de-wijk' AND mail = 'tom@team.example'",
    )
    page = browsers.open("Marijke", "/coach")
    page.get_by_role("button", name="Opnieuw uitnodigen: Tom Team").click()
    expect(page.locator("#flash")).to_contain_text("De uitnodiging aan Tom Team is opnieuw verstuurd.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat vraagt uw aandacht?")
    expect(page.get_by_role("button", name="Opnieuw uitnodigen: Tom Team")).to_have_count(0)
    tom = "(SELECT id FROM person WHERE mail = 'tom@team.example')"
    run_sql(
        browsers.product,
        f"DELETE FROM team_member WHERE person_id = {tom}",
        "UPDATE person SET state = 'deactivated' WHERE mail = 'tom@team.example'",
    )
