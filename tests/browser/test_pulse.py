"""The questions after a meeting in a browser: sent by the coach, answered by mail and on the page, and a certificate."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
PHONE: Any = {"width": 360, "height": 800}
TITLE = "Terugkomdag"


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one."""
    main = page.locator("main")
    main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def said(page: Page, words: str) -> None:
    expect(page.locator("#flash")).to_contain_text(words)


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.fixture
def meeting(product: Product, people: dict[str, int]) -> str:
    """The address of a meeting of the demo's last weekday, at which Willemijn and Bas were."""
    given = {"title": TITLE, "kind": "other", "starts": "2018-02-01T10:00", "ends": "2018-02-01T12:00"}
    status, made = product.call(people["Marijke"], "POST", f"{HOUSING}/meetings", given)
    assert status == 201, made
    assert product.call(people["Marijke"], "PUT", f"{made['url']}/announcement")[0] == 200
    with closing(sqlite3.connect(product.data / "cop.sqlite3", timeout=30)) as database, database:
        day = "2017-12-01"
        times = (f"{day} 09:00:00.000000", f"{day} 11:00:00.000000", made["id"])
        database.execute("UPDATE meeting SET status = 'held', starts = ?, ends = ? WHERE id = ?", times)
        rows = [(made["id"], people[who], day, "present", times[0]) for who in ("Willemijn", "Bas")]
        database.executemany(
            "INSERT INTO attendance (meeting_id, person_id, day, state, at) VALUES (?, ?, ?, ?, ?)", rows
        )
    return str(made["url"])


def mailed_link(product: Product, name: str, useful: str) -> str:
    """Return the address of a button in somebody's mail with the questions."""
    mail = product.post.wait(name, f"Hoe was het? {TITLE}").get_body(("plain",))
    found = re.search(rf"(/pulse/\S+\?useful={useful})", mail.get_content())  # type: ignore[union-attr]
    assert found
    return found[1]


@presses("pulse.skip", "pulse.resume", "pulse.ask", "pulse.answer", "pulse.withdraw")
@presses("pulse.answer_by_mail", "pulse.withdraw_by_mail")
def test_from_the_questions_to_the_answers(browsers: Browsers, product: Product, meeting: str) -> None:
    coach = browsers.open("Marijke", f"{meeting}/pulse", axe=True, viewport=PHONE)
    press(coach, "Niet versturen")
    said(coach, "niet verstuurd")
    press(coach, "Weer aanzetten")
    said(coach, "staan weer aan")
    accessible(coach)
    press(coach, "Nu versturen")
    said(coach, "De vragen gaan naar 2 mensen.")

    guest = browsers.open(None, mailed_link(product, "Bas", "partly"), axe=True, viewport=PHONE)
    expect(guest.get_by_label("Ja, deels")).to_be_checked()
    accessible(guest)
    guest.get_by_label("Wat neemt u mee?").fill("Eén adres om te bellen.")
    press(guest, "Antwoord opslaan")
    said(guest, "zonder uw naam")

    member = browsers.open("Willemijn", meeting, axe=True, viewport=PHONE)
    press(member, "Drie vragen beantwoorden")
    member.get_by_label("Nee, nauwelijks").check()
    press(member, "Antwoord opslaan")
    said(member, "zonder uw naam")
    accessible(member)

    coach.reload()
    results = coach.get_by_role("region", name="Wat er is geantwoord")
    expect(results).to_contain_text("Eén adres om te bellen.")
    expect(results).to_contain_text("2 antwoorden")
    accessible(coach)
    press(member, "Mijn antwoord verwijderen")
    said(member, "Uw antwoord is verwijderd.")
    coach.reload()
    expect(results).to_contain_text("1 antwoord")
    press(guest, "Mijn antwoord verwijderen")
    said(guest, "Uw antwoord is verwijderd.")

    member.goto(meeting)
    member.get_by_role("link", name="Uw bewijs van deelname").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("Bewijs van deelname")
    accessible(member)
    coach.goto(meeting)
    coach.get_by_role("link", name="Bewijzen van deelname").click()
    coach.get_by_role("link", name=re.compile("^Willemijn")).click()
    expect(coach.get_by_role("article")).to_contain_text("1 december 2017")
