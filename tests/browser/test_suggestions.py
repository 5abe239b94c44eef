"""Suggestions while typing, and the shortcuts of every page, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Browsers

pytestmark = pytest.mark.browser


def test_search_suggests_and_opens_by_keyboard(browsers: Browsers) -> None:
    page = browsers.open("Bas")
    field, options = page.locator("#search"), page.locator("cop-suggest [role=option]")
    page.locator("cop-notices:defined").wait_for(state="attached")  # the scripts of the page are there
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    page.keyboard.type("conv")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("enant")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("suggestions-"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/threads/"))


def test_shortcuts_are_listed(browsers: Browsers) -> None:
    page = browsers.open("Bas", "/notices")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Sneltoetsen")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("/?")
    expect(page.locator("#search")).to_have_value("/?")


def test_similar_threads_are_shown_below_the_title(browsers: Browsers) -> None:
    page = browsers.open("Bas", "/communities/procesregie/threads/new")
    page.get_by_label("Titel").press_sequentially("Wie heeft een convenant over uitstroom")
    expect(page.locator("cop-similar a").first).to_be_visible()
