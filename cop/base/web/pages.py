"""Pages: one compiled set of templates per language, and the bodies worth keeping."""

from __future__ import annotations

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

INDENT = re.compile(r"\n[ \t]+")
MEGABYTE = 1024 * 1024


class Pages(Environment):
    """The templates of one language, its words folded in when they are compiled."""

    def __init__(self, lang: str, **options: Any):
        super().__init__(
            autoescape=select_autoescape(("html",)),
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.do"],
            **options,
        )
        self.lang = lang

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        plain = (name or "").endswith(".txt")  # a mail's text is no HTML
        if not plain:
            source = INDENT.sub("\n", source)  # it is for who reads the template, not for who reads the page
        return words.Fold(self.lang, plain).visit(super()._parse(source, name, filename))


def open_pages(app: Flask, folder: str) -> None:
    """Makes the environments; what every template knows stands here."""
    kept.largest = int(app.config["COP"].body_cache) * MEGABYTE
    app.extensions["pages"] = {}
    for lang in words.LANGUAGES:
        pages = Pages(lang, loader=FileSystemLoader(folder), auto_reload=app.debug, cache_size=-1)
        pages.filters |= {
            "day": words.day,
            "moment": words.moment,
            "short": words.short,
            "ago": words.ago,
            "hour": words.hour,
            "rfc3339": clock.rfc3339,
        }
        assets = app.extensions["assets"]
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
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def context(app: Flask, provider: Callable[[], dict[str, Any]]) -> None:
    """What `provider` gives is known to every full page (the viewer, the navigation)."""
    app.extensions.setdefault("page_context", []).append(provider)


def render(template: str, plain: bool = False, **given: Any) -> str:
    """A template in the language of this request; `plain` for text that is not HTML."""
    return current_app.extensions["pages"][words.language.get()].get_template(template).render(**given)


def fragment(template: str, **given: Any) -> Markup:
    """A part that is the same for all who may see it."""
    return Markup(render(template, **given))


def page(template: str, **given: Any) -> str:
    """A full page: the template with everything the layout needs."""
    known: dict[str, Any] = {
        "nonce": nonce(),
        "path": request.path,
        "theme": request.cookies.get("cop-theme"),
        "typed": g.get("typed") or Typed(),
        "told": g.pop("told", None),
    }
    for provider in current_app.extensions.get("page_context", []):
        known |= provider()
    return render(template, **{**known, **given})


class Kept:
    """Bodies by key, the least used dropped first when their sum grows past `largest` bytes; at 0 none is kept."""

    def __init__(self) -> None:
        self.largest, self.size = 0, 0
        self.bodies: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The body under `key`, made when it is not there."""
        with self.lock:
            if key in self.bodies:
                self.bodies.move_to_end(key)
                return self.bodies[key]
        body = make()
        with self.lock:
            if key not in self.bodies:
                self.bodies[key] = body
                self.size += len(body)
            while self.size > self.largest and self.bodies:
                _key, dropped = self.bodies.popitem(last=False)
                self.size -= len(dropped)
        return body

    def clear(self) -> None:
        with self.lock:
            self.bodies.clear()
            self.size = 0


kept = Kept()


def cached(key: tuple[Hashable, ...], make: Callable[[], Any]) -> Any:
    """A body that only the versions in `key` can change, per language; asked after access was checked."""
    return kept.get((words.language.get(), *key), make)
