"""The product in a real browser: served once, a context for each person, and the errors that nobody may see."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.product import CHROMIUM, FLAGS, Product

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
VIOLATIONS = """
window.violations = []
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
  violations.push([violatedDirective, blockedURI, sample].join(" ")))
"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, without anything it would fetch for itself."""
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"no browser: {CHROMIUM} is not there (apt install chromium)")
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demonstration, served for the whole run."""
    with Product(tmp_path_factory.mktemp("demo")) as served:
        yield served


@pytest.fixture(scope="session")
def people(product: Product) -> dict[str, int]:
    """First name → id of the people of the demonstration."""
    return {name.split()[0]: id for name, id in product.cast().items()}


class Desk:
    """The browsers of a test: one context for each person, and what went wrong in them."""

    def __init__(self, browser: Browser, product: Product, people: dict[str, int]):
        self.browser, self.product, self.people = browser, product, people
        self.contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    def open(self, who: str | None = None, path: str = "/", *, language: str = "nl", **options: Any) -> Page:
        """A page of somebody (their first name), at an address of the product; signed out without a name."""
        context = self.browser.new_context(
            **{
                "base_url": self.product.address,
                "locale": "nl-NL",
                "viewport": {"width": 1280, "height": 900},
                **options,
            }
        )
        self.contexts.append(context)
        cookies = {"cop-language": language} | ({"cop": self.product.session(self.people[who])} if who else {})
        context.add_cookies(
            [{"name": name, "value": value, "url": self.product.address} for name, value in cookies.items()]
        )
        context.add_init_script(VIOLATIONS)
        page = context.new_page()
        page.set_default_timeout(15_000)
        self.watch(page, who or "gast")
        page.goto(path)
        return page

    def watch(self, page: Page, who: str) -> None:
        """Notes what a page complains of."""
        page.on("pageerror", lambda error: self.errors.append(f"{who} {page.url}: {error}"))
        page.on("console", lambda line: self.note(page, who, line))

    def note(self, page: Page, who: str, line: ConsoleMessage) -> None:
        """Notes an error of the console, except that a page is what its test asked for: not there, or refused."""
        if line.type == "error" and "the server responded with a status of 4" not in line.text:
            self.errors.append(f"{who} {page.url}: {line.text}")

    def close(self) -> None:
        """Closes the browsers; nothing may have gone wrong in them."""
        for context in self.contexts:
            for page in context.pages:
                if page.url.startswith(self.product.address):
                    self.errors += page.evaluate("() => window.violations ?? []") if scripted(page) else []
            context.close()
        assert self.errors == []


def scripted(page: Page) -> bool:
    """Whether the page runs scripts at all."""
    try:
        return bool(page.evaluate("() => true"))
    except Exception:
        return False


@pytest.fixture
def desk(browser: Browser, product: Product, people: dict[str, int]) -> Iterator[Desk]:
    """Browsers for a test; at its end nothing may have gone wrong in them."""
    opened = Desk(browser, product, people)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """`axe(page)`: what WCAG 2.2 A and AA have against the page as it stands; its context bypasses the policy."""
    source = AXE.read_text()

    def findings(page: Page) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(source)
        found = page.evaluate("""() => axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] })""")
        return [
            f"{one['id']}: {one['help']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
            for one in found["violations"]
            for node in one["nodes"][:3]
        ]

    return findings
