"""Without a network: our own page in the reader's language, and what was asked for as soon as it is back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
# What the browser keeps of us: the addresses below it, without their hashes.
KEPT = """async () => {
  const found = []
  for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname)
  return found
}"""


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    """Home of somebody whose browser has the worker by now; what it says about the network is what the test is about."""
    opened = desk.open("Willemijn", service_workers="allow")
    opened.evaluate("async () => { await navigator.serviceWorker.ready }")
    yield opened
    opened.context.set_offline(False)
    desk.wrong()


def offline(page: Page) -> None:
    """The page is ours, whole and styled."""
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent offline")
    assert page.evaluate("() => getComputedStyle(document.querySelector('.masthead')).display") == "flex"
    assert page.evaluate("async () => (await document.fonts.load('600 1rem Literata')).length") >= 1
    assert page.evaluate("async () => (await fetch(document.querySelector('use').href.baseVal)).ok")


def test_a_link_and_the_way_back(page: Page) -> None:
    """A link is a visit of Turbo, which opens the address itself when it gets no answer."""
    page.context.set_offline(True)
    page.locator("#main-nav").get_by_role("link", name="Woningvoorraad").click()
    offline(page)
    page.get_by_role("link", name="Opnieuw proberen").click()
    offline(page)
    page.context.set_offline(False)
    page.get_by_role("link", name="Opnieuw proberen").click()
    expect(page).to_have_url(re.compile(f"{HOUSING}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("oningvoorraad")


def test_an_address_that_is_typed(page: Page) -> None:
    page.context.set_offline(True)
    page.goto(f"{HOUSING}/threads?kind=question")
    offline(page)
    page.context.set_offline(False)
    page.get_by_role("link", name="Opnieuw proberen").click()
    expect(page).to_have_url(re.compile(r"/threads\?kind=question$"))
    expect(page.locator(".thread-row").first).to_be_visible()


def test_another_language_from_then_on(page: Page) -> None:
    page.goto("/help")
    page.locator(".masthead-person summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    english = """async () => {
      const page = await caches.match("/offline", { ignoreVary: true })
      return /<html lang="en"/.test(await page?.text())
    }"""
    for _try in range(50):
        if page.evaluate(english):
            break
        page.wait_for_timeout(100)
    page.context.set_offline(True)
    page.goto("/notices")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")


def test_a_file_is_still_saved(page: Page, product: Product, people: dict[str, int]) -> None:
    """A download is a visit as well, and goes past the worker as it came."""
    page.goto(product.ask(people["Willemijn"], f"{HOUSING}/files")["items"][0]["url"])
    with page.expect_download() as saved:
        page.get_by_role("link", name="Downloaden").first.click()
    assert saved.value.path().stat().st_size > 0


def test_nothing_else_is_kept(page: Page) -> None:
    page.goto(f"{HOUSING}/threads")
    page.goto("/notices")
    kept = sorted(re.sub(r"^/static/\w+/", "", path) for path in page.evaluate(KEPT))
    assert kept == ["/offline", "css/app.css", "fonts/literata.woff2", "img/favicon.svg", "img/icons.svg"]
    shown = page.evaluate("""async () => (await caches.match("/offline", { ignoreVary: true })).text()""")
    assert "Willemijn" not in shown


ADDRESSES = {
    "another worker": """() => navigator.serviceWorker.register("/static/x.js")""",
    "ours from elsewhere": """() => navigator.serviceWorker.register(new URL("/offline.js", location).href + "?x")""",
    "ours as a script": """() => { document.createElement("script").src = "/offline.js" }""",
    "ours as a worker of the page": """() => { new Worker("/offline.js") }""",
}


@pytest.mark.parametrize("attempt", ADDRESSES)
def test_no_other_script_gets_an_address(attempt: str, page: Page) -> None:
    said = page.evaluate(
        f"async () => {{ try {{ await ({ADDRESSES[attempt]})() }} catch (error) {{ return error.name }} }}"
    )
    assert said == "TypeError"
    assert len(page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map(String)")) == 1
