"""Pages: templates compiled once per language, rendered in full or filled into a cached page."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import lru_cache
from threading import Lock
from typing import Any

from cachetools import LRUCache
from flask import Flask, current_app, g, request, url_for
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined, nodes, select_autoescape
from jinja2.utils import missing
from markupsafe import Markup

from cop.base import clock, mail_addresses, words
from cop.base.forms import Typed
from cop.base.text import editable, excerpt
from cop.base.web.inlining import inline
from cop.base.web.negotiation import cookie

INDENT = re.compile(r"\n[ \t]+")
TARGET = re.compile(r'target="([\w-]+)"')
MEGABYTE = 1024 * 1024
SKELETONS = 8 * MEGABYTE  # of pages without what differs between readers
SMALL = 100  # bytes, about, of a value that is not text
# Cached slots are bytes: half the size of a text with a dash in it, and sent as they are.
SlotText = str | bytes


class StrictNames(StrictUndefined):
    """An undefined name, or a column that a row lacks: rendering it, or testing it, fails.

    A missing key of a dictionary is empty as usual: form errors, drafts and counts have the keys that apply.
    """

    def __new__(cls, hint: str | None = None, obj: Any = missing, name: str | None = None, *more: Any) -> Undefined:  # type: ignore[misc]
        if isinstance(obj, dict):
            return Undefined(hint, obj, name, *more)
        return super().__new__(cls)


class Pages(Environment):
    """The templates of one language; its words become constants when they are compiled."""

    def __init__(self, lang: str, asset: Callable[[str], str], **options: Any):
        super().__init__(
            autoescape=select_autoescape(("html",)),
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.do"],
            **options,
        )
        self.lang, self.asset = lang, asset

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        plain = (name or "").endswith(".txt")  # the text part of an email
        if not plain:
            source = INDENT.sub("\n", source)  # indentation is for readers of the template
        folded: nodes.Template = words.FoldWords(self.lang, plain, self.asset).visit(
            super()._parse(source, name, filename)
        )
        return inline(folded, name, self)


def open_pages(app: Flask, folder: str) -> None:
    """Create the environment of each language, with the filters and globals of every template.

    Outside production a template that names what it was not given, or a column that its row lacks, fails.
    """
    room = int(app.config["COP"].body_cache) * MEGABYTE
    bodies.resize(room)
    skeletons.resize(SKELETONS if room else 0)
    app.extensions["pages"] = {}
    settings, assets = app.config["COP"], app.extensions["assets"]
    for lang in words.LANGUAGES:
        pages = Pages(
            lang,
            assets.address,
            loader=FileSystemLoader(folder),
            auto_reload=app.debug,
            cache_size=-1,
            undefined=Undefined if settings.mode == "production" else StrictNames,
        )
        pages.filters |= {
            "day": words.day,
            "weekday": words.weekday,
            "moment": words.moment,
            "short": words.short,
            "month": words.month,
            "whole_month": words.whole_month,
            "readable_mail": mail_addresses.readable,
            "ago": words.ago,
            "hour": words.hour,
            "initials": words.initials,
            "excerpt": excerpt,
            "editable": editable,
            "rfc3339": clock.rfc3339,
        }
        pages.globals |= {
            "asset": assets.address,
            "scripts": assets.scripts,
            "url_for": url_for,
            "language": lang,
            "languages": words.LANGUAGES,
            "site_name": settings.site_name,
            "demo": settings.demo,
            "base_url": settings.base_url,
            "contact": settings.contact,
            "now": clock.now,
            "whole_days": clock.whole_days,
        }
        app.extensions["pages"][lang] = pages
        # Fetched when somebody starts to write or chooses a file, so that pages do not carry them.
        for part in ("composer", "editor", "pictures", "upload"):
            json = pages.get_template(f"shared/{part}_words.json").render()
            assets.add(f"words/{part}.{lang}.json", json.encode())


def nonce() -> str:
    """Return the CSP nonce of the current response."""
    here = g._get_current_object()
    if "nonce" not in here:
        here.nonce = os.urandom(16).hex()
    return str(here.nonce)


def context(app: Flask, provider: Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, SlotText]]]) -> None:
    """Register a context provider of every full page.

    It is called with the page's context and returns more of it (the viewer) and texts for slots (the navigation).
    """
    app.extensions.setdefault("page_context", []).append(provider)


def render(template: str, **given: Any) -> str:
    """Render a template in the language of this request."""
    pages: Pages = current_app.extensions["pages"][words.language.get()]
    return pages.get_template(template).render(**given)


@lru_cache
def stream_targets(template: str) -> frozenset[str]:
    """Return the ids of the elements that a stream changes."""
    pages: Pages = next(iter(current_app.extensions["pages"].values()))
    assert pages.loader is not None
    return frozenset(TARGET.findall(pages.loader.get_source(pages, template)[0]))


def fragment(template: str, **given: Any) -> Markup:
    """Render a part of a page that is the same for everybody who may see it."""
    return Markup(render(template, **given))


class BodyCache:
    """Rendered bodies by key, at most `largest` bytes together; the least recently used is dropped first."""

    def __init__(self, largest: int = 0) -> None:
        self.lock = Lock()  # a hit changes the order, and may not do so while another thread drops a body
        self.resize(largest)

    def resize(self, largest: int) -> None:
        """Start anew with room for `largest` bytes; 0 caches nothing."""
        with self.lock:
            self.bodies: LRUCache[Hashable, Any] = LRUCache(largest, getsizeof=weight)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return the body under `key`, made when it is not there."""
        with self.lock:
            try:
                return self.bodies[key]
            except KeyError:
                pass
        body = make()
        with self.lock, suppress(ValueError):  # a body larger than the whole cache
            self.bodies.setdefault(key, body)
        return body

    def clear(self) -> None:
        """Drop all bodies."""
        with self.lock:
            self.bodies.clear()


def weight(body: Any) -> int:
    """Return about how many bytes a cached body takes; of a tuple, that of its texts."""
    if isinstance(body, tuple):
        return sum(weight(piece) for piece in body)
    return len(body) if isinstance(body, (str, bytes, PageSkeleton)) else SMALL


class PageSkeleton:
    """A rendered page without its slots: the texts between them, and their names."""

    def __init__(self, rendered: str):
        pieces = rendered.split(MARK)
        self.texts, self.names = [text.encode() for text in pieces[::2]], pieces[1::2]

    def __len__(self) -> int:
        return sum(map(len, self.texts))

    def filled(self, slots: dict[str, SlotText]) -> bytes:
        """Return the page of one reader."""
        pieces = [self.texts[0]]
        for name, text in zip(self.names, self.texts[1:], strict=True):
            filled = slots[name]
            pieces += (filled if isinstance(filled, bytes) else filled.encode(), text)
        return b"".join(pieces)


bodies = BodyCache()
skeletons = BodyCache(SKELETONS)


def cached(key: tuple[Hashable, ...], make: Callable[[], Any]) -> Any:
    """Return a cached body; `key` holds all versions on which it depends. Access is checked before this.

    Without the cache version of people and rights, as outside a request, it is made anew.
    """
    if (token := g.get("cache_token")) is None:
        return make()
    return bodies.get((words.language.get(), token, *key), make)


NOTHING_TYPED = Typed()
MARK = f"\x1b{secrets.token_hex(8)}\x1b"  # random in every process, so that nobody can write it


class Slots:
    """The parts of a page that differ between its readers, by name.

    A template says `{{ slot('name') }}`. In a page that is rendered for one reader the text of the slot stands there;
    in a skeleton, which is cached for all readers, a mark that is replaced for each of them.
    """

    def __init__(self, slots: dict[str, SlotText], skeleton: bool):
        self.slots, self.skeleton = slots, skeleton

    def __call__(self, name: str) -> Markup:
        if self.skeleton:
            return Markup(f"{MARK}{name}{MARK}")
        filled = self.slots[name]
        return Markup(filled.decode() if isinstance(filled, bytes) else filled)


def page(
    template: str, *, shell: tuple[Hashable, ...] | None = None, slots: dict[str, SlotText] | None = None, **given: Any
) -> str | bytes:
    """Render a full page: the template with the context that the layout needs.

    With `shell`, all versions on which the page depends, it is cached without the texts of its `slots`.
    """
    here = g._get_current_object()  # the proxy resolves it for every attribute
    theme, token, flash = cookie("cop-theme"), here.get("cache_token"), here.pop("flash", None)
    known: dict[str, Any] = {"path": request.path, "theme": theme, "typed": here.get("typed", NOTHING_TYPED)}
    filled: dict[str, SlotText] = {
        "nonce": nonce(),
        "flash": render("shared/_flash.html", flash=flash) if flash else "",
    }
    for provider in current_app.extensions.get("page_context", []):
        more, own = provider(known | given)
        known |= more
        filled |= own
    filled |= slots or {}
    if shell is None or token is None:
        return render(template, **{**known, "slot": Slots(filled, False), **given})
    key = (words.language.get(), token, theme, known["viewer"] is None, template, *shell)
    made: PageSkeleton = skeletons.get(
        key, lambda: PageSkeleton(render(template, **{**known, "slot": Slots(filled, True), **given}))
    )
    return made.filled(filled)


def part(template: str, key: tuple[Hashable, ...] | None, given: Callable[[], dict[str, Any]]) -> str:
    """Render a part of a page with the context that `given` returns.

    It is cached where `key` and the cache version of people and rights are all that it depends on.
    """
    if key is None or (token := g.get("cache_token")) is None:
        return render(template, **given())
    return str(skeletons.get((words.language.get(), token, template, *key), lambda: render(template, **given())))


def part_skeleton(template: str, key: tuple[Hashable, ...], given: Callable[[], dict[str, Any]]) -> PageSkeleton:
    """Return a part of a page with slots that are filled for each reader; cached as `part` is."""

    def make() -> PageSkeleton:
        return PageSkeleton(render(template, slot=Slots({}, True), **given()))

    if (token := g.get("cache_token")) is None:
        return make()
    made: PageSkeleton = skeletons.get((words.language.get(), token, template, *key), make)
    return made
