"""Every page, in both languages, light and dark, on a phone and on a desk: accessible, whole, and in its own language."""

from __future__ import annotations

import pytest

pytest.skip("written, not yet run to its end on a quiet machine", allow_module_level=True)


import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import COLOUR, WCAG, Desk, findings
from tests.product import Product

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (360, 780))
# Give-aways: what frameworks, libraries and tired people leave behind on a Dutch page.
ENGLISH = re.compile(
    r"\b(Submit|Loading|Untitled|Search|Settings|Please|Reply|Unread|Delete|Cancel|Edit|Close|Save|Next|Previous"
    r"|Members|Threads|Upload|Files|No results|You have|Not found|Sign in|Error|undefined|None|null|NaN|True|False)\b"
)
ISO_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
# What people wrote may hold any word; what the product says is what is left.
WRITTEN = ".prose, .excerpt, bdi, [lang], code, kbd, textarea, option, .byline, #api"


@dataclass
class Known:
    """Addresses of the demonstration that hold numbers."""

    product: Product
    people: dict[str, int]

    def first(self, who: str, path: str, test: Callable[[Any], bool] = lambda _item: True) -> Any:
        """The first item of a list that somebody sees."""
        return next(item for item in self.product.ask(self.people[who], path)["items"] if test(item))

    def thread(self, test: Callable[[Any], bool] = lambda _item: True) -> Any:
        return self.first("Willemijn", "/communities/woningvoorraad/threads?limit=100", test)

    def post(self, who: str) -> str:
        """The address of a post of somebody."""
        for thread in self.product.ask(self.people[who], "/communities/woningvoorraad/threads?limit=100")["items"]:
            for post in self.product.ask(self.people[who], f"{thread['url']}/posts")["items"]:
                if post["author"]["id"] == self.people[who] and post["state"] == "live":
                    return str(post["url"])
        raise AssertionError(f"{who} wrote nothing")

    def file(self) -> Any:
        return self.first("Willemijn", "/communities/woningvoorraad/files", lambda file: file["number"] > 1)

    def room(self) -> str:
        return str(self.first("Willemijn", "/communities/woningvoorraad/rooms")["url"])

    def message(self) -> str:
        return str(self.first("Willemijn", f"{self.room()}/messages")["url"])


W, M, I = "Willemijn", "Marijke", "Iris"
PAGES: dict[str, tuple[str | None, Callable[[Known], str]]] = {
    "front": (None, lambda k: "/"),
    "sign-in": (None, lambda k: "/sign-in"),
    "sign-in, code": (None, lambda k: "/sign-in/code"),
    "sign-in, used link": (None, lambda k: "/sign-in/dit-is-geen-link"),
    "help": (None, lambda k: "/help"),
    "contact": (None, lambda k: "/contact"),
    "privacy": (None, lambda k: "/privacy"),
    "accessibility": (None, lambda k: "/accessibility"),
    "house rules": (None, lambda k: "/house-rules"),
    "unsubscribe, not there": (None, lambda k: "/unsubscribe/x"),
    "home": (W, lambda k: "/"),
    "home of a moderator": (M, lambda k: "/"),
    "communities": (W, lambda k: "/communities"),
    "community": (W, lambda k: "/communities/woningvoorraad"),
    "threads": (W, lambda k: "/communities/woningvoorraad/threads"),
    "threads, questions": (W, lambda k: "/communities/woningvoorraad/threads?kind=question"),
    "new thread": (W, lambda k: "/communities/woningvoorraad/threads/new"),
    "thread, answered": (W, lambda k: k.thread(lambda t: t["answer"])["url"]),
    "thread, pinned": (W, lambda k: k.thread(lambda t: t["pinned"])["url"]),
    "thread, long": (
        W,
        lambda k: max(
            k.product.ask(k.people[W], "/communities/woningvoorraad/threads?limit=100")["items"],
            key=lambda t: t["replies"],
        )["url"],
    ),
    "thread, for a reader": ("Hanneke", lambda k: k.thread(lambda t: not t["closed"])["url"]),
    "thread, curation": (M, lambda k: k.thread()["url"] + "/curation"),
    "post, acts": (W, lambda k: k.post(W) + "/acts"),
    "post, acts of a moderator": (M, lambda k: k.post(W) + "/acts"),
    "post, edit": (W, lambda k: k.post(W) + "/edit"),
    "documents": (W, lambda k: "/communities/woningvoorraad/documents"),
    "documents, attachments": (W, lambda k: "/communities/woningvoorraad/documents?show=attachments"),
    "documents, trash": (W, lambda k: "/communities/woningvoorraad/documents/trash"),
    "document": (W, lambda k: k.file()["url"]),
    "room": (W, lambda k: k.room()),
    "room, choosing": (W, lambda k: k.room() + "?choose=1"),
    "message, acts": (W, lambda k: k.message() + "/acts"),
    "members": (W, lambda k: "/communities/woningvoorraad/members"),
    "members, for a moderator": (M, lambda k: "/communities/woningvoorraad/members"),
    "members, invitations": (M, lambda k: "/communities/woningvoorraad/invitations"),
    "member": (M, lambda k: f"/communities/woningvoorraad/members/{k.people[W]}"),
    "community, settings": (M, lambda k: "/communities/woningvoorraad/edit"),
    "search, empty": (W, lambda k: "/search"),
    "search, hits": (W, lambda k: "/search?q=convenant"),
    "search, none": (W, lambda k: "/search?q=zwemvliezen"),
    "notices": (W, lambda k: "/notices"),
    "notices, settings": (W, lambda k: "/settings/notices"),
    "settings": (W, lambda k: "/settings"),
    "profile, own": (W, lambda k: f"/people/{k.people[W]}"),
    "profile": (W, lambda k: f"/people/{k.people['Elsa']}"),
    "organisation": (W, lambda k: f"/organisations/{_organisation(k)}"),
    "programmes": (W, lambda k: "/programmes"),
    "programme": (W, lambda k: "/programmes/weer-thuis-in-de-wijk"),
    "programme, settings": (I, lambda k: "/programmes/weer-thuis-in-de-wijk/edit"),
    "partnership": (W, lambda k: "/partnerships/1"),
    "partnership, settings": (I, lambda k: "/partnerships/1/edit"),
    "people": (I, lambda k: "/people"),
    "organisations": (I, lambda k: "/organisations"),
    "organisation, settings": (I, lambda k: f"/organisations/{_organisation(k)}/edit"),
    "operations": (I, lambda k: "/operations"),
    "operations, journal": (I, lambda k: "/operations/journal"),
    "api": (W, lambda k: "/api"),
    "mailbox": (None, lambda k: "/dev/mail"),
    "403": ("Hanneke", lambda k: "/communities/woningvoorraad/threads/new"),
    "404": (W, lambda k: "/threads/999999"),
}


def _organisation(known: Known) -> int:
    return int(known.first("Iris", "/organisations")["id"])


@pytest.fixture(scope="module")
def known(product: Product, people: dict[str, int]) -> Known:
    return Known(product, people)


class Tour:
    """One browser window for each reader and language, in which page after page is opened."""

    def __init__(self, desk: Desk):
        self.desk = desk
        self.windows: dict[tuple[str | None, str], Page] = {}

    def open(self, who: str | None, language: str, path: str) -> Page:
        """The page at `path`, as `who` reads it; without movement, so that colours stand still."""
        window = self.windows.get((who, language))
        if window is None:
            window = self.desk.open(who, path, language=language, axe=True, reduced_motion="reduce")
            self.windows[who, language] = window
        else:
            window.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
            window.goto(path)
        return window


@pytest.fixture(scope="module")
def tour(browser: Browser, product: Product, people: dict[str, int]) -> Iterator[Tour]:
    desk = Desk(browser, product, people)
    yield Tour(desk)
    desk.close()


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, known: Known, tour: Tour) -> None:
    who, path = PAGES[name]
    wrong: list[str] = []
    for language in ("nl", "en"):
        page = tour.open(who, language, path(known))
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("main h1").count() == 1, "one heading says what the page is"
        wrong += [f"{language} {one}" for one in _in_every_light(page)]
        if language == "nl":
            wrong += _foreign(page)
    wrong += tour.desk.wrong()
    assert not wrong, "\n" + "\n".join(dict.fromkeys(wrong))


def _in_every_light(page: Page) -> list[str]:
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate(DRAWN)
            found += [f"{scheme} {width}: {one}" for one in findings(page, WCAG if scheme == "light" else COLOUR)]
    page.set_viewport_size({"width": 320, "height": 640})
    if wide := page.evaluate(WIDER):
        found.append(f"320 px: wider than the screen: {wide}")
    return found


# A change of scheme is over when nothing moves any more: what inherits a colour follows a frame after its parent.
DRAWN = """async () => {
  for (let still = 0; still < 2; still++) {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
    if (document.getAnimations().length) still = 0
  }
}"""
WIDER = """() => {
  const screen = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= screen) return ""
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > screen + 1)
  return `${document.documentElement.scrollWidth} px: ` + wide.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" … ")
}"""


def _foreign(page: Page) -> list[str]:
    """English words, and dates as machines write them, in what the product itself says."""
    said = page.evaluate(
        """(written) => {
      const copy = document.body.cloneNode(true)
      for (const one of copy.querySelectorAll(written + ", script, style, svg")) one.remove()
      const attributes = [...copy.querySelectorAll("[aria-label], [title], [placeholder], [alt]")]
        .flatMap((one) => ["aria-label", "title", "placeholder", "alt"].map((name) => one.getAttribute(name) ?? ""))
      return [copy.textContent, document.title, ...attributes].join("\\n")
    }""",
        WRITTEN,
    )
    lines = [line.strip() for line in said.split("\n") if line.strip()]
    return [f"not Dutch: {line[:120]}" for line in lines if ENGLISH.search(line)] + [
        f"a date for machines: {line[:120]}" for line in lines if ISO_DATE.search(line)
    ]
