"""The day of a meeting in a browser: the coach keeps the list on a phone, a member scans the code, the screen follows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.browser.setting_up import DESKTOP, PHONE, flash, look
from tests.product import Product

pytestmark = pytest.mark.browser


def announced(product: Product, people: dict[str, int]) -> str:
    """Announce a meeting that begins within the hour, by the clock of the demonstration, with a programme; return the
    address of its page."""
    coach = people["Marijke"]
    given: dict[str, Any] = {"title": "De dag zelf", "kind": "other"}
    given |= {"starts": "2017-12-04T09:20", "ends": "2017-12-04T12:00"}
    status, made = product.call(coach, "POST", "/communities/woningvoorraad/meetings", given)
    assert status == 201, made
    url = str(made["url"])
    assert product.call(coach, "PUT", f"{url}/announcement", {})[0] == 200
    assert product.call(coach, "POST", f"{url}/blocks", {"kind": "news", "minutes": 60})[0] == 201
    assert product.call(people["Willemijn"], "PUT", f"{url}/answer", {"answer": "yes"})[0] == 200
    return url


@presses("attendance.mark", "attendance.unmark", "meetings.attend")
def test_the_day_of_a_meeting(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    meeting = announced(product, people)
    coach = browsers.open("Marijke", meeting, axe=True, viewport=PHONE)
    coach.get_by_role("link", name="De dag leiden").click()
    expect(coach.get_by_role("heading", name="Straks")).to_be_visible()
    expect(coach.locator(".day-timer")).to_have_text(re.compile(r"^\d+:\d\d"))
    expect(coach.get_by_role("link", name="0 van 1 aanwezig")).to_be_visible()
    look(coach, "attendance-day")

    wall = browsers.open("Marijke", f"{meeting}/screen", axe=True, viewport=DESKTOP)
    expect(wall.locator("#wall-state")).to_contain_text("0 aanwezig")
    address = wall.locator(".qr-address").inner_text()
    for scheme in ("light", "dark"):
        wall.emulate_media(color_scheme=scheme)
        assert findings(wall) == [], scheme

    member = browsers.open("Willemijn", "/here/" + address.partition("/here/")[2], axe=True, viewport=PHONE)
    look(member, "attendance-scan")
    member.get_by_role("button", name="Ik ben er").click()
    flash(member, "U staat op de lijst.")
    expect(wall.locator("#wall-state")).to_contain_text("1 aanwezig")
    expect(coach.get_by_role("link", name="1 van 1 aanwezig")).to_be_visible()

    coach.get_by_role("link", name="1 van 1 aanwezig").click()
    own = coach.locator("#attendance li").filter(has_text="Willemijn")
    expect(own).to_contain_text("zelf gemeld")
    own.get_by_role("button", name="Wissen").click()
    expect(coach.locator("#attendance-count")).to_have_text("0 van 1 aanwezig")
    expect(wall.locator("#wall-state")).to_contain_text("0 aanwezig")
    own.get_by_role("button", name="Kwam later").click()
    expect(own.locator("strong")).to_have_text("Kwam later")
    look(coach, "attendance-list")
    search = coach.get_by_label("Naam of organisatie")
    search.fill("Elsa")
    expect(own).to_be_hidden()
    search.press("Enter")
    other = coach.locator("#attendance li").first
    other.get_by_role("button", name="Is er").click()
    expect(other.locator("strong")).to_have_text("Is er")
    expect(wall.locator("#wall-state")).to_contain_text("2 aanwezig")

    wall.context.set_offline(True)
    assert product.call(people["Marijke"], "PATCH", meeting, {"title": "De dag zelf, vervolgd"})[0] == 200
    wall.context.set_offline(False)
    expect(wall.get_by_role("heading", level=1)).to_have_text("De dag zelf, vervolgd", timeout=15_000)
    wall.keyboard.press("Escape")
    expect(wall).to_have_url(re.compile("/day$"))


def test_without_javascript(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    meeting = announced(product, people)
    coach = browsers.open("Marijke", f"{meeting}/day", java_script_enabled=False, viewport=PHONE)
    expect(coach.locator("#day-state")).to_contain_text("We beginnen om 09.20 uur.")
    expect(coach.locator(".day-timer")).to_be_hidden()
    coach.get_by_role("link", name="0 van 1 aanwezig").click()
    coach.get_by_role("button", name="Is er: Willemijn").click()
    flash(coach, "aanwezig.")
    expect(coach.locator("#attendance-count")).to_have_text("1 van 1 aanwezig")
    coach.get_by_label("Naam of organisatie").fill("xyzzy")
    coach.get_by_role("button", name="Zoeken").click()
    expect(coach.locator("#attendance")).to_contain_text("Op de lijst staat niemand die zo heet.")
    code = browsers.open("Marijke", f"{meeting}/attendance/code", java_script_enabled=False)
    path = "/here/" + code.locator(".qr-address").inner_text().partition("/here/")[2]
    stranger = browsers.open(None, path, java_script_enabled=False, viewport=PHONE)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Inloggen")
    assert "scan%3D" in stranger.url or "scan=" in stranger.url
