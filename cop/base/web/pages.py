"""Pages: one compiled set of templates per language, and the bodies worth keeping."""

from __future__ import annotations

import os
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from flask import Flask, current_app, g, request, url_for
from jinja2 import Environment, FileSystemLoader, nodes, select_autoescape
from markupsafe import Markup

from cop.base import clock, words
from cop.base.forms import Typed
from cop.base.web.inlining import inline
from cop.base.web.negotiation import cookie

INDENT = re.compile(r"\n[ \t]+")
MEGABYTE = 1024 * 1024
SMALL = 100  # bytes, about, of what is no text
# Bytes where they are kept: half the size of a text with a dash in it, and sent as they are.
Fill = str | bytes


class Pages(Environment):
    """The templates of one language, its words folded in when they are compiled."""

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
        plain = (name or "").endswith(".txt")  # a mail's text is no HTML
        if not plain:
            source = INDENT.sub("\n", source)  # it is for who reads the template, not for who reads the page
        tree = words.Fold(self.lang, plain, self.asset).visit(super()._parse(source, name, filename))
        return inline(tree, name, self)


def open_pages(app: Flask, folder: str) -> None:
    """Makes the environments; what every template knows stands here."""
    kept.largest = int(app.config["COP"].body_cache) * MEGABYTE
    app.extensions["pages"] = {}
    for lang in words.LANGUAGES:
        assets = app.extensions["assets"]
        pages = Pages(lang, assets.address, loader=FileSystemLoader(folder), auto_reload=app.debug, cache_size=-1)
        pages.filters |= {
            "day": words.day,
            "moment": words.moment,
            "short": words.short,
            "ago": words.ago,
            "hour": words.hour,
            "initials": words.initials,
            "rfc3339": clock.rfc3339,
        }
        settings = app.config["COP"]
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
        }
        app.extensions["pages"][lang] = pages
        # These words are fetched when somebody starts to write or chooses a file: a page need not carry them.
        for part in ("editor", "upload"):
            said = pages.get_template(f"shared/{part}_words.json").render()
            assets.add(f"words/{part}.{lang}.json", said.encode())


def nonce() -> str:
    """The nonce of this answer."""
    here = g._get_current_object()  # type: ignore[attr-defined]
    if "nonce" not in here:
        here.nonce = os.urandom(16).hex()
    return str(here.nonce)


def context(app: Flask, provider: Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, Fill]]]) -> None:
    """What `provider` gives is known to every full page (the viewer), and fills its slots (the navigation); it is asked
    with what the page was given."""
    app.extensions.setdefault("page_context", []).append(provider)


def render(template: str, plain: bool = False, **given: Any) -> str:
    """A template in the language of this request; `plain` for text that is not HTML."""
    return current_app.extensions["pages"][words.language.get()].get_template(template).render(**given)


def fragment(template: str, **given: Any) -> Markup:
    """A part that is the same for all who may see it."""
    return Markup(render(template, **given))


class Kept:
    """Bodies by key, the least used dropped first when their sum grows past `largest` bytes; at 0 none is kept."""

    def __init__(self) -> None:
        self.largest, self.size = 0, 0
        self.bodies: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The body under `key`, made when it is not there."""
        try:
            body = self.bodies[key]
            self.bodies.move_to_end(key)
            return body
        except KeyError:  # never kept, or dropped by another thread at this moment
            body = make()
        with self.lock:
            if key not in self.bodies:
                self.bodies[key] = body
                self.size += weight(body)
            while self.size > self.largest and self.bodies:
                _key, dropped = self.bodies.popitem(last=False)
                self.size -= weight(dropped)
        return body

    def clear(self) -> None:
        with self.lock:
            self.bodies.clear()
            self.size = 0


def weight(body: Any) -> int:
    """About how many bytes a kept body takes: of a tuple that of its texts, for the rest of it is small."""
    if isinstance(body, tuple):
        return sum(weight(piece) for piece in body)
    return len(body) if isinstance(body, (str, bytes, Shell)) else SMALL


class Shell:
    """A page without what differs between its readers: its texts, and the names of the slots between them."""

    def __init__(self, rendered: str):
        pieces = rendered.split(MARK)
        self.texts, self.names = [text.encode() for text in pieces[::2]], pieces[1::2]

    def __len__(self) -> int:
        return sum(map(len, self.texts))

    def filled(self, fills: dict[str, Fill]) -> bytes:
        """The page of one reader."""
        pieces = [self.texts[0]]
        for name, text in zip(self.names, self.texts[1:], strict=True):
            filled = fills[name]
            pieces += (filled if isinstance(filled, bytes) else filled.encode(), text)
        return b"".join(pieces)


kept = Kept()
shells = Kept()
shells.largest = 8 * MEGABYTE


def cached(key: tuple[Hashable, ...], make: Callable[[], Any]) -> Any:
    """A body that only the versions in `key` can change, and the names of people; asked after access was checked."""
    return kept.get((words.language.get(), g.get("cache_token"), *key), make)


NOTHING_TYPED = Typed()
MARK = f"\x1b{secrets.token_hex(8)}\x1b"  # nobody can write it: it is another one in every process


class Slots:
    """What differs between the readers of a page, by name.

    A template says `{{ slot('name') }}`. In a page that is made at once the slot's text stands there; in a shell, which
    is kept for all readers, a mark, which every reader's page then fills.
    """

    def __init__(self, fills: dict[str, Fill], shell: bool):
        self.fills, self.shell = fills, shell

    def __call__(self, name: str) -> Markup:
        if self.shell:
            return Markup(f"{MARK}{name}{MARK}")
        filled = self.fills[name]
        return Markup(filled.decode() if isinstance(filled, bytes) else filled)


def page(
    template: str, *, shell: tuple[Hashable, ...] | None = None, slots: dict[str, Fill] | None = None, **given: Any
) -> str | bytes:
    """A full page: the template with everything the layout needs.

    With `shell`, all versions on which the page depends, it is kept without its `slots` for whoever asks next.
    """
    here = g._get_current_object()  # type: ignore[attr-defined]  # the proxy looks it up each time
    theme, token, told = cookie("cop-theme"), here.get("cache_token"), here.pop("told", None)
    known: dict[str, Any] = {"path": request.path, "theme": theme, "typed": here.get("typed") or NOTHING_TYPED}
    fills: dict[str, Fill] = {"nonce": nonce(), "told": render("shared/_told.html", told=told) if told else ""}
    for provider in current_app.extensions.get("page_context", []):
        more, filled = provider(known | given)
        known |= more
        fills |= filled
    fills |= slots or {}
    if shell is None or token is None:
        return render(template, **{**known, "slot": Slots(fills, False), **given})
    key = (words.language.get(), token, theme, known["viewer"] is None, template, *shell)
    made = shells.get(key, lambda: Shell(render(template, **{**known, "slot": Slots(fills, True), **given})))
    return made.filled(fills)


def part(template: str, key: tuple[Hashable, ...] | None, given: Callable[[], dict[str, Any]]) -> str:
    """A part of a page, made with what `given` gives; kept under `key` where that and who is there say all of it."""
    if key is None or (token := g.get("cache_token")) is None:
        return render(template, **given())
    return str(shells.get((words.language.get(), token, template, *key), lambda: render(template, **given())))
