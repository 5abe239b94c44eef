"""Home and the bell in a real browser: live updates, and everything within two clicks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, WebSocketRoute, expect

from tests.browser.conftest import Browsers
from tests.product import Product

pytestmark = pytest.mark.browser


def unread(page: Page) -> int:
    """Return the count of the bell, or 0."""
    bell = page.locator("#unread")
    return int(bell.inner_text()) if bell.is_visible() else 0


@pytest.fixture
def mention(product: Product, people: dict[str, int]) -> Any:
    """Return a function with which Bas mentions a person in a new thread: `mention('Willemijn Voorbeeld')` returns its
    address."""

    def start(name: str) -> str:
        status, made = product.call(
            people["Bas"],
            "POST",
            "/communities/woningvoorraad/threads",
            {"kind": "question", "title": f"Weet {name} dit?", "body": f"Weet u dit, @{name}?"},
        )
        assert status == 201, made
        return str(made["url"])

    return start


def connected(page: Page, path: str) -> list[str]:
    """Open a page, wait until its socket is connected, and return the growing list of its socket addresses."""
    sockets: list[str] = []
    frames: list[str | bytes] = []

    def opened(socket: WebSocket) -> None:
        sockets.append(socket.url)
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.on("websocket", opened)
    page.goto(path)
    for _try in range(200):
        if any(str(frame).startswith("40") for frame in frames):  # Socket.IO accepted the connection
            return sockets
        page.wait_for_timeout(50)
    raise AssertionError("no live connection")


def test_bell_updates_on_every_open_page(browsers: Browsers, mention: Any) -> None:
    page = browsers.open("Willemijn", "about:blank")
    other = page.context.new_page()
    lines = [connected(page, "/"), connected(other, "/communities/woningvoorraad/threads")]
    before = unread(page)
    mention("Willemijn Voorbeeld")
    for open in (page, other):
        expect(open.locator("#unread")).to_have_text(str(before + 1))
        expect(open).to_have_title(re.compile(rf"^\({before + 1}\) "))
        expect(open.get_by_role("link", name=f"Meldingen, {before + 1} ongelezen")).to_be_visible()
    assert [len(sockets) for sockets in lines] == [1, 1]  # one socket per page


def test_opening_a_notice_marks_it_read(browsers: Browsers, mention: Any) -> None:
    page = browsers.open("Fatima", "about:blank")
    connected(page, "/settings/notices")
    other = page.context.new_page()
    before = unread(page)
    mention("Fatima Fictief")
    expect(page.locator("#unread")).to_have_text(str(before + 1))
    connected(other, "/notices")
    other.get_by_role("link", name="Bas Verzonnen noemt u").first.click()
    expect(other.get_by_role("heading", name="Weet Fatima Fictief dit?")).to_be_visible()
    expect(page.locator("#unread")).to_have_text(str(before))
    expect(other.locator("#unread")).to_have_text(str(before))
    if before == 0:
        expect(page.locator("#unread")).to_be_hidden()
        expect(page).not_to_have_title(re.compile(r"^\("))


def test_bell_catches_up_after_reconnecting(browsers: Browsers, mention: Any) -> None:
    page = browsers.open("Samira", "about:blank")
    lines: list[WebSocketRoute] = []
    cut = False

    def line(route: WebSocketRoute) -> None:
        if cut:
            route.close()
        else:
            route.connect_to_server()
            lines.append(route)

    page.route_web_socket(re.compile("/socket.io/"), line)
    page.goto("/communities/woningvoorraad/rooms")
    state = page.locator(".room-state[role=status]")
    expect(state).to_have_text("Verbonden")
    before = unread(page)
    mention("Samira Proefpersoon")
    expect(page.locator("#unread")).to_have_text(str(before + 1))  # connected
    cut = True
    lines[-1].close()
    expect(state).not_to_have_text("Verbonden")
    mention("Samira Proefpersoon")
    page.wait_for_timeout(1_500)  # long enough for a possible update
    assert unread(page) == before + 1
    cut = False
    expect(page.locator("#unread")).to_have_text(str(before + 2), timeout=25_000)
    browsers.errors.clear()  # the browser reports the lost connection


@pytest.mark.parametrize("script", [True, False])
def test_home_leads_to_a_new_question_in_two_clicks(browsers: Browsers, script: bool) -> None:
    page = browsers.open("Elsa", java_script_enabled=script)
    page.get_by_role("link", name="Stel een vraag").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waar stelt u uw vraag?")
    page.get_by_role("main").get_by_role("link", name="Zachte landing in de wijk").click()
    expect(page).to_have_url(re.compile(r"/communities/zachte-landing/threads/new\?kind=question$"))
    assert page.locator("input[name=kind][value=question]").is_checked()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/communities/woningvoorraad",
        "/communities/woningvoorraad/members",
        "/notices",
        "/programmes/weer-thuis-in-de-wijk",
        "/programmes/weer-thuis-in-de-wijk/edit",
        "/partnerships/1/edit",
    ],
)
@pytest.mark.parametrize("width", [320, 360])
def test_pages_fit_a_narrow_screen(browsers: Browsers, path: str, width: int) -> None:
    page = browsers.open("Marijke", path, viewport={"width": width, "height": 800})
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0
