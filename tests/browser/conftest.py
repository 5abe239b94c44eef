"""The product in a real browser: one server, a context for each person, and a check for errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.product import CHROMIUM, FLAGS, Product

expect.set_options(timeout=15_000)  # as the pages: other tests may take the processors
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Transitions are off while a page is examined, so that colours are final.
STILL = """
const still = new CSSStyleSheet()
still.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }")
document.adoptedStyleSheets = [still]
"""
VIOLATIONS = """
window.violations = []
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
  violations.push([violatedDirective, blockedURI, sample].join(" ")))
"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Return the options of Debian's Chromium, without requests of its own."""
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"no browser: {CHROMIUM} is not there (apt install chromium)")
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve the demonstration for the whole run."""
    with Product(tmp_path_factory.mktemp("demo"), COP_RATE_LIMITS="off") as served:
        yield served


@pytest.fixture(scope="session")
def people(product: Product) -> dict[str, int]:
    """Return the ids of the people of the demonstration by first name."""
    return {name.split()[0]: id for name, id in product.cast().items()}


class Browsers:
    """The browser contexts of a test, one for each person, and their errors."""

    def __init__(self, browser: Browser, product: Product, people: dict[str, int]):
        self.browser, self.product, self.people = browser, product, people
        self.contexts: list[BrowserContext] = []
        self.pages: list[Page] = []  # pages with JavaScript, which can report errors
        self.errors: list[str] = []

    def open(
        self, who: str | None = None, path: str = "/", *, language: str = "nl", axe: bool = False, **options: Any
    ) -> Page:
        """Open an address as a person (by first name), or signed out without a name.

        With `axe`, axe can run in the page; this bypasses the content security policy.
        """
        context = self.browser.new_context(
            **{
                "base_url": self.product.address,
                "locale": "nl-NL",
                "viewport": {"width": 1280, "height": 900},
                "bypass_csp": axe,
                "service_workers": "block",  # tests cannot intercept the requests of a service worker
                **options,
            }
        )
        self.contexts.append(context)
        cookies = {"cop-language": language} | ({"cop": self.product.session(self.people[who])} if who else {})
        context.add_cookies(
            [{"name": name, "value": value, "url": self.product.address} for name, value in cookies.items()]
        )
        context.add_init_script(VIOLATIONS)
        if axe:
            context.add_init_script(path=AXE)
            context.add_init_script(STILL)
        page = context.new_page()
        if options.get("java_script_enabled", True):
            self.pages.append(page)
        page.set_default_timeout(15_000)
        self.watch(page, who or "gast")
        page.goto(path)
        return page

    def watch(self, page: Page, who: str) -> None:
        """Record the errors of a page."""
        page.on("pageerror", lambda error: self.errors.append(f"{who} {page.url}: {error}"))
        page.on("console", lambda line: self.note(page, who, line))

    def note(self, page: Page, who: str, line: ConsoleMessage) -> None:
        """Record an error of the console, except for a 4xx status, which tests request on purpose."""
        if line.type == "error" and "the server responded with a status of 4" not in line.text:
            self.errors.append(f"{who} {page.url}: {line.text}")

    def wrong(self) -> list[str]:
        """Return the errors and policy violations since the last call."""
        for page in self.pages:
            if page.url.startswith(self.product.address):
                self.errors += page.evaluate("() => (window.violations ?? []).splice(0)")
        errors, self.errors = self.errors, []
        return errors

    def leave(self) -> list[str]:
        """Close the browsers; return the errors since the last call."""
        wrong = self.wrong()
        for context in self.contexts:
            context.close()
        self.contexts, self.pages = [], []
        return wrong

    def close(self) -> None:
        """Close the browsers and fail if there were errors."""
        assert self.leave() == []


@pytest.fixture
def browsers(browser: Browser, product: Product, people: dict[str, int]) -> Iterator[Browsers]:
    """Return browsers for a test; fail at the end if there were errors."""
    opened = Browsers(browser, product, people)
    yield opened
    opened.close()


def findings(page: Page, rules: list[str] = WCAG, part: str = "html") -> list[str]:
    """Return the violations that axe finds in a page or a part of it; the page was opened with `axe=True`.

    A page that Turbo replaces meanwhile is examined once more: it carries attributes then that are not ours.
    """
    found: dict[str, Any] = {}
    while not found.get("settled"):
        page.locator("html:not([aria-busy])").wait_for(state="attached")
        found = page.evaluate(
            """async ([part, runOnly]) => {
              const body = document.body
              const found = await axe.run(part, { runOnly, resultTypes: ["violations"], preload: false, selectors: false })
              const settled = body === document.body && !document.documentElement.hasAttribute("aria-busy")
              return { settled, violations: found.violations }
            }""",
            [part, rules],
        )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]
