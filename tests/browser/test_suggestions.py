"""Suggestions while typing, and the shortcuts of every page, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

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
    expect(page.locator("cop-similar li a").first).to_be_visible()


def test_thread_that_answers_ends_the_draft(browsers: Browsers) -> None:
    """The endpoint is of another feature: here it is answered by the browser."""
    page = browsers.open("Fatima")
    page.route(
        "**/api/v1/communities/procesregie/similar?**",
        lambda route: route.fulfill(
            json={
                "items": [
                    {
                        "kind": "guidance",
                        "id": 1,
                        "url": "/threads/1",
                        "title": "Een convenant maken",
                        "noun": "Gesprek",
                        "place": "Procesregie",
                        "helps": True,
                        "answers": "/things/1/answered",
                    }
                ]
            }
        ),
    )
    sent: list[str] = []

    def answered(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=303, headers={"Location": "/communities/procesregie/threads"})

    page.route("**/things/1/answered", answered)
    page.goto("/communities/procesregie/threads/new")
    title = page.get_by_label("Titel")
    title.press_sequentially("Hoe maken wij een convenant")
    expect(page.locator("cop-similar [role=status]")).to_have_text("1 gesprek lijkt op uw titel")
    expect(title).to_be_focused()
    expect(page.locator("cop-similar small")).to_have_text("Handreiking · Procesregie")
    expect(page.locator(".saved")).to_contain_text("Opgeslagen")
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.get_by_role("button", name="Dit beantwoordt mijn vraag: Een convenant maken").click()
    expect(page).to_have_url(re.compile("/communities/procesregie/threads$"))
    assert sent == ["title=Hoe+maken+wij+een+convenant"]
    page.goto("/communities/procesregie/threads/new")
    expect(page.get_by_label("Titel")).to_have_value("")
