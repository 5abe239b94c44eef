"""Signs in to the product as a person does: opens the one-time address and presses its button."""

from __future__ import annotations

from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener


class PostForms(HTMLParser):
    """Parser that collects the POST forms of a page: action and hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = given.get("method", "").lower() == "post"
            if self.inside:
                self.forms.append((given.get("action", ""), {}))
        elif tag in ("input", "button") and self.inside and "name" in given:
            self.forms[-1][1][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def sign_in(link: str) -> str:
    """Follow a one-time sign-in address and return the Cookie header of the session it opens."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    with browser.open(link, timeout=30) as page:
        action, fields = _entry_form(page.read().decode(), link)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(link))
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    with browser.open(Request(action, urlencode(fields).encode(), headers), timeout=30):
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _entry_form(page: str, link: str) -> tuple[str, dict[str, str]]:
    parser = PostForms()
    parser.feed(page)
    for action, fields in parser.forms:
        address = urljoin(link, action)
        if urlsplit(address).path in (urlsplit(link).path, "/sign-in") or "/sign-in/" in address:
            return address, fields
    raise RuntimeError(f"{link} shows no form to sign in with")
