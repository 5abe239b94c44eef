"""Without a network the offline page is shown in the reader's language; the requested page follows when it is back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
# The cached addresses, without their hashes.
CACHED = """async () => {
  const found = []
  for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname)
  return found
}"""


@pytest.fixture
def page(browsers: Browsers) -> Iterator[Page]:
    """Open home in a browser with the worker installed; network errors are expected here."""
    opened = browsers.open("Willemijn", service_workers="allow")
    opened.evaluate("async () => { await navigator.serviceWorker.ready }")
    yield opened
    opened.context.set_offline(False)
    browsers.wrong()


def offline(page: Page) -> None:
    """Check that the offline page is shown, complete and styled."""
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent offline")
    assert page.evaluate("() => getComputedStyle(document.querySelector('.masthead')).display") == "flex"
    assert page.evaluate("async () => (await document.fonts.load('600 1rem Literata')).length") >= 1
    assert page.evaluate("async () => (await fetch(document.querySelector('use').href.baseVal)).ok")


def test_offline_page_after_a_link_and_back(page: Page) -> None:
    """Turbo opens the address itself when a visit gets no response."""
    page.context.set_offline(True)
    page.locator("#main-nav").get_by_role("link", name="Woningvoorraad").click()
    offline(page)
    page.get_by_role("link", name="Opnieuw proberen").click()
    offline(page)
    page.context.set_offline(False)
    page.get_by_role("link", name="Opnieuw proberen").click()
    expect(page).to_have_url(re.compile(f"{HOUSING}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("oningvoorraad")


def test_offline_page_for_a_typed_address(page: Page) -> None:
    page.context.set_offline(True)
    page.goto(f"{HOUSING}/threads?kind=question")
    offline(page)
    page.context.set_offline(False)
    page.get_by_role("link", name="Opnieuw proberen").click()
    expect(page).to_have_url(re.compile(r"/threads\?kind=question$"))
    expect(page.locator(".thread-row").first).to_be_visible()


def test_offline_page_follows_the_language(page: Page) -> None:
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
    page.context.set_offline(False)
    page.goto("/help")
    page.locator(".masthead-person summary").click()
    page.get_by_role("button", name="Nederlands").click()  # she reads and is mailed in it in other tests
    expect(page.locator("html")).to_have_attribute("lang", "nl")


def test_download_bypasses_the_worker(page: Page, product: Product, people: dict[str, int]) -> None:
    """A download is a navigation, and passes the worker unchanged."""
    page.goto(product.ask(people["Willemijn"], f"{HOUSING}/files")["items"][0]["url"])
    with page.expect_download() as saved:
        page.get_by_role("link", name="Downloaden").first.click()
    assert saved.value.path().stat().st_size > 0


def test_worker_caches_nothing_else(page: Page) -> None:
    page.goto(f"{HOUSING}/threads")
    page.goto("/notices")
    cached = sorted(re.sub(r"^/static/\w+/", "", path) for path in page.evaluate(CACHED))
    assert cached == ["/offline", "css/app.css", "fonts/literata.woff2", "img/favicon.svg", "img/icons.svg"]
    shown = page.evaluate("""async () => (await caches.match("/offline", { ignoreVary: true })).text()""")
    assert "Willemijn" not in shown


ADDRESSES = {
    "another worker": """() => navigator.serviceWorker.register("/static/x.js")""",
    "ours from elsewhere": """() => navigator.serviceWorker.register(new URL("/offline.js", location).href + "?x")""",
    "ours as a script": """() => { document.createElement("script").src = "/offline.js" }""",
    "ours as a worker of the page": """() => { new Worker("/offline.js") }""",
}


@pytest.mark.parametrize("attempt", ADDRESSES)
def test_worker_allows_no_other_script(attempt: str, page: Page) -> None:
    error = page.evaluate(
        f"async () => {{ try {{ await ({ADDRESSES[attempt]})() }} catch (error) {{ return error.name }} }}"
    )
    assert error == "TypeError"
    assert len(page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map(String)")) == 1
