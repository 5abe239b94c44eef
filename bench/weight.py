"""The weight of a page in a real browser, on a first and a repeat visit.

Weights are gzip -6 of the body, in kB of 1,000 bytes, whatever encoding it was sent in.
"""

from __future__ import annotations

import base64
import gzip
import shutil
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, sync_playwright

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STATIC = ("Stylesheet", "Script", "Font", "Image")


@dataclass
class Resource:
    """One response: its kind, its weight in bytes, and whether it came over the network."""

    kind: str
    weight: int = 0
    fetched: bool = True


class Visit:
    """The resources the browser loads while it opens one address."""

    def __init__(self, devtools: CDPSession) -> None:
        self.resources: dict[str, Resource] = {}
        self.cached: set[str] = set()
        devtools.on("Network.requestServedFromCache", lambda event: self.cached.add(event["requestId"]))
        devtools.on("Network.responseReceived", self._received)

    def _received(self, event: dict) -> None:
        response = event["response"]
        if response["url"].startswith("http"):
            fetched = not response.get("fromDiskCache") and event["requestId"] not in self.cached
            self.resources[event["requestId"]] = Resource(event["type"], fetched=fetched)

    def of(self, *kinds: str) -> list[Resource]:
        """Return the resources of these kinds that came over the network."""
        return [resource for resource in self.resources.values() if resource.fetched and resource.kind in kinds]

    def kilobytes(self, *kinds: str) -> float:
        """Return their total weight in kB."""
        return round(sum(resource.weight for resource in self.of(*kinds)) / 1000, 2)


def weigh(twenty: str, fifty: str, chat: str, cookie: str) -> dict[str, float]:
    """Return the figures of a thread page of 20 rows, on a first and a repeat visit, of one of 50, and of a chat room.

    The chat room is somebody's first page too: it is opened in a browser that has nothing yet.
    """
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        context, another = (_signed_in(browser, twenty, cookie) for _ in range(2))
        first, again, long = (_visit(context, address) for address in (twenty, twenty, fifty))
        room = _visit(another, chat)
        browser.close()
    everything = {resource.kind for visit in (first, again) for resource in visit.resources.values()}
    return {
        "page of 20": first.kilobytes("Document"),
        "page of 50": long.kilobytes("Document"),
        "css": first.kilobytes("Stylesheet"),
        "js": first.kilobytes("Script"),
        "js of a chat": room.kilobytes("Script"),
        "first visit": first.kilobytes(*everything),
        "first visit requests": len(first.of(*everything)),
        "repeat visit": again.kilobytes(*everything),
        "repeat visit static": len(again.of(*STATIC)),
    }


def _signed_in(browser: Browser, address: str, cookie: str) -> BrowserContext:
    """Return a new profile of the browser with the cookies of a session at the host of `address`."""
    context = browser.new_context()
    url = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    pairs = [pair.partition("=") for pair in cookie.split("; ")]
    context.add_cookies([{"name": name, "value": value, "url": url} for name, _, value in pairs])
    return context


def _visit(context: BrowserContext, address: str) -> Visit:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    visit = Visit(devtools)
    page.goto(address, wait_until="networkidle")
    for id, resource in visit.resources.items():
        resource.weight = len(gzip.compress(_body(devtools, id), 6))
    page.close()
    return visit


def _body(devtools: CDPSession, id: str) -> bytes:
    found = devtools.send("Network.getResponseBody", {"requestId": id})
    return base64.b64decode(found["body"]) if found["base64Encoded"] else found["body"].encode()
