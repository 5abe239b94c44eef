"""Hostile text in every field, read in a real browser: nothing runs, and the page stays complete."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser import hostile
from tests.browser.conftest import Browsers
from tests.product import Product

pytestmark = pytest.mark.browser

POSTS = 100  # per thread page
# The allow-list, repeated here on purpose: the product's own list is not used.
ALLOWED = {
    "a": ["href", "rel", "class"],
    "img": ["src", "alt", "loading", "width", "height"],
    "ol": ["start", "dir"],
    "th": ["scope", "colspan", "rowspan", "dir"],
    "td": ["colspan", "rowspan", "dir"],
    **{name: ["dir"] for name in ("p", "h2", "h3", "h4", "ul", "li", "blockquote")},
    **{name: [] for name in ("br", "pre", "code", "strong", "em", "s", "u", "hr", "table", "thead", "tbody", "tr")},
}

# Faults of the page: inside `.prose` (and `.message-text`, `.hit-text`) only the allow-list may occur, parsed twice;
# around it the page must be as rendered.
ORACLE = """(allowed) => {
  const wrong = []
  const look = (root, where) => {
    for (const one of root.querySelectorAll("*")) {
      const name = one.localName
      if (!(name in allowed)) { wrong.push(`${where}: <${name}>`); continue }
      if (one.namespaceURI !== "http://www.w3.org/1999/xhtml") wrong.push(`${where}: ${name} of another namespace`)
      for (const { name: attribute } of one.attributes)
        if (!allowed[name].includes(attribute)) wrong.push(`${where}: ${name}[${attribute}]`)
      if (name === "a" && one.hasAttribute("href")) {
        const way = new URL(one.getAttribute("href"), location.href)
        if (!["http:", "https:", "mailto:"].includes(way.protocol)) wrong.push(`${where}: ${one.getAttribute("href")}`)
        if (way.protocol !== "mailto:" && way.origin !== location.origin && one.rel !== "noopener nofollow ugc") wrong.push(`${where}: rel of ${way}`)
      }
      if (one.hasAttribute("dir") && !["auto", "rtl"].includes(one.dir)) wrong.push(`${where}: dir=${one.dir}`)
      if (name === "img" && new URL(one.getAttribute("src") ?? "", location.href).origin !== location.origin) wrong.push(`${where}: ${one.src}`)
    }
  }
  for (const written of document.querySelectorAll(".prose, .hit-text")) {
    const within = written.cloneNode(true)
    for (const ours of within.querySelectorAll("bdi, mark")) ours.replaceWith(...ours.childNodes)
    look(within, "once")
    const again = document.createElement("template")
    again.innerHTML = within.innerHTML
    look(again.content, "parsed again")
  }
  for (const text of document.querySelectorAll("bdi, title, h1, .byline-name"))
    for (const one of text.querySelectorAll("*:not(mark, bdi, span, svg, use)")) wrong.push(`text holds <${one.localName}>`)
  if (window.hit !== undefined) wrong.push("something ran")
  if (!document.querySelector("body > footer.page-footer > nav a[href='/help']")) wrong.push("the end of the page is not there")
  if (document.querySelectorAll("base, iframe, object, embed, frame, frameset, applet").length) wrong.push("a foreign frame")
  if (document.querySelectorAll("script:not([nonce])").length) wrong.push("a foreign script")
  for (const form of document.forms) if (new URL(form.action).origin !== location.origin) wrong.push(`a form to ${form.action}`)
  for (const one of document.querySelectorAll("*")) for (const { name, value } of one.attributes) if (/^on|^srcdoc$/.test(name) || (name === "style" && value)) wrong.push(`${one.localName}[${name}]`)
  return [...new Set(wrong)].slice(0, 20)
}"""


@pytest.fixture(scope="module")
def payloads() -> list[str]:
    return hostile.payloads()


class Victim:
    """A reader of hostile text, and every unexpected action of the browser."""

    def __init__(self, browsers: Browsers):
        self.page = browsers.open("Bas", "/help")
        self.desk, self.foreign, self.dialogs = browsers, [], 0
        self.page.on("dialog", self.shown)
        self.page.on("request", self.asked)

    foreign: list[str]

    def shown(self, dialog: object) -> None:
        self.dialogs += 1
        dialog.dismiss()  # type: ignore[attr-defined]

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.desk.product.address, "data:,")):
            self.foreign.append(request.url)

    def read(self, path: str) -> Page:
        """Open a page and check that its content has no effect."""
        self.page.goto(path)
        wrong = self.page.evaluate(ORACLE, ALLOWED)
        wrong += [f"the policy had to stop it: {one}" for one in self.desk.wrong()]
        wrong += [f"asked for {one}" for one in self.foreign] + ["a dialog"] * self.dialogs
        assert not wrong, f"{path}: {wrong}"
        return self.page


@pytest.fixture(scope="module")
def victim(browser: Browser, product: Product, people: dict[str, int]) -> Iterator[Victim]:
    browsers = Browsers(browser, product, people)
    yield Victim(browsers)
    browsers.close()


@pytest.fixture(scope="module")
def attacker(people: dict[str, int]) -> int:
    return people["Lotte"]


def thread(product: Product, who: int, title: str, body: str = "x") -> int:
    """Return the id of a new thread in a community of Lotte and Bas."""
    status, made = product.call(who, "POST", "/communities/procesregie/threads", {"title": title, "body": body})
    assert status == 201, made
    return int(made["id"])


def some(payloads: list[str], most: int, longest: int = 9_000) -> list[str]:
    """Return at most this many payloads with special characters, spread over all."""
    fit = [one for one in payloads if 3 < len(one) <= longest and re.search(r"[<>\"'&:]", one)]
    return fit[:: math.ceil(len(fit) / most)]


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_hostile_post_bodies_are_harmless(
    form: str, product: Product, payloads: list[str], victim: Victim, attacker: int
) -> None:
    for start in range(0, len(payloads), POSTS - 1):
        place = thread(product, attacker, f"Vijandige tekst {form} {start}")
        posted = 1
        for payload in payloads[start : start + POSTS - 1]:
            status, problem = product.call(
                attacker, "POST", f"/threads/{place}/posts", {"body": payload, "format": form}
            )
            assert status in (201, 422), f"{payload!r}: {status} {problem}"
            posted += status == 201
        page = victim.read(f"/threads/{place}?limit=100")
        assert page.locator("#posts > article.post").count() == posted


def test_hostile_titles_are_harmless(product: Product, payloads: list[str], victim: Victim, attacker: int) -> None:
    places = []
    for payload in some(payloads, 100, longest=200):
        given = {"title": payload, "body": "x"}
        status, made = product.call(attacker, "POST", "/communities/procesregie/threads", given)
        assert status in (201, 422), f"{payload!r}: {status} {made}"
        if status == 201:
            places.append(made["id"])
    assert len(places) > 60
    page = victim.read("/communities/procesregie/threads?limit=100")
    shown = page.evaluate("() => document.querySelectorAll('main bdi').length")
    assert shown >= min(len(places), 90)
    for place in places[::12]:
        victim.read(f"/threads/{place}")
        victim.read(f"/threads/{place}/curation")
    victim.read("/")
    victim.read("/communities/procesregie")


def test_hostile_chat_messages_are_harmless(
    product: Product, payloads: list[str], victim: Victim, attacker: int
) -> None:
    room = product.ask(attacker, "/communities/procesregie/rooms")["items"][0]["url"]
    for payload in some(payloads, 100):
        status, problem = product.call(attacker, "POST", f"{room}/messages", {"body": payload[:9_000]})
        assert status in (201, 422), f"{payload!r}: {problem}"
    victim.read(f"{room}?limit=100")


def test_hostile_live_updates_are_harmless(
    product: Product, payloads: list[str], victim: Victim, attacker: int
) -> None:
    """Live updates are parsed in another way than the page."""
    room = product.ask(attacker, "/communities/procesregie/rooms")["items"][0]["url"]
    page = victim.read(room)
    page.locator(".room-state[role=status]", has_text="Verbonden").wait_for()
    for payload in some(payloads, 40):
        product.call(attacker, "POST", f"{room}/messages", {"body": payload[:9_000], "format": "html"})
    product.call(attacker, "POST", f"{room}/messages", {"body": "dit was alles"})
    page.get_by_text("dit was alles").wait_for()
    assert page.evaluate(ORACLE, ALLOWED) == []
    assert victim.desk.wrong() + victim.foreign == []


def test_hostile_profiles_are_harmless(
    product: Product, payloads: list[str], victim: Victim, people: dict[str, int]
) -> None:
    me = people["Mirjam"]
    before = product.ask(me, "/me")["name"]
    try:
        for payload in some(payloads, 20, longest=100):
            status, problem = product.call(
                me,
                "PATCH",
                "/settings",
                {"name": payload, "function": payload, "bio": payload, "themes": [payload[:60]]},
            )
            assert status in (200, 204, 422), problem
            victim.read(f"/people/{me}")
        victim.read("/communities/zachte-landing/members")
        victim.read("/communities/zachte-landing")
    finally:
        product.call(me, "PATCH", "/settings", {"name": before, "function": "", "bio": "", "themes": []})


def test_hostile_document_names_are_harmless(
    product: Product, payloads: list[str], victim: Victim, people: dict[str, int]
) -> None:
    marijke = people["Marijke"]
    file = product.ask(marijke, "/communities/procesregie/files")["items"][0]
    for payload in some(payloads, 20, longest=200):
        version = product.ask(marijke, file["url"])["version"]
        given = {"title": payload, "description": payload, "base_version": version}
        status, problem = product.call(marijke, "PATCH", file["url"], given)
        assert status in (200, 204, 422), problem
        victim.read(file["url"])
    victim.read("/communities/procesregie/documents?sort=recent")
    given = {name: file[name] for name in ("title", "description")}
    given["base_version"] = product.ask(marijke, file["url"])["version"]
    product.call(marijke, "PATCH", file["url"], given)


def test_hostile_queries_are_harmless(payloads: list[str], victim: Victim) -> None:
    for payload in some(payloads, 50, longest=300):
        victim.read(f"/search?q={quote(payload.encode('utf-8', 'replace'))}")


def test_check_detects_injected_content(browsers: Browsers) -> None:
    """Check the check: injected content would be detected."""
    page = browsers.open("Bas", "/notices")
    page.evaluate("""() => {
      const written = document.createElement("div")
      written.className = "prose"
      document.querySelector("main").append(written)
      written.innerHTML = '<a href="javascript:1">x</a><b id="socket">y</b><svg><a>z</a></svg><img src="https://evil.example/x">'
      for (const one of document.querySelectorAll("footer")) one.remove()
    }""")
    found = page.evaluate(ORACLE, ALLOWED)
    browsers.wrong()
    assert {"once: javascript:1", "once: <b>", "once: <svg>", "the end of the page is not there"} <= set(found)
