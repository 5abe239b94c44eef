"""Responses: one result as a page, a Turbo stream or JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from flask import Response, g, jsonify, redirect, request
from pydantic import BaseModel

from cop.base.errors import NotFound
from cop.base.web import pages
from cop.base.web.negotiation import STREAM, can_place, requested_format

FLASH_COOKIE = "cop-flash"
T = TypeVar("T")
Cursor = int | str | None


@dataclass
class Slice(Generic[T]):
    """A part of a list: its items, and the cursors of the parts after and before it, None at an end."""

    items: Sequence[T]
    next: Cursor = None
    prev: Cursor = None


class Flash(NamedTuple):
    """A message shown once, with the form that undoes what it reports."""

    words: str
    undo: str | None = None  # the URL that the button "Ongedaan maken" posts to
    fields: dict[str, str] = {}  # the hidden fields of that form; never changed


def flash(words: str, undo: str | None = None, **fields: object) -> None:
    """Show `words` once, on the next page; with `undo`, a button beside them posts the fields to that URL."""
    g.flash = Flash(words, undo, {name: str(value) for name, value in fields.items()})


def json(model: type[BaseModel] | None, result: Any, status: int = 200) -> Response:
    """Return `result` as JSON, by its output model."""
    if result is None or model is None:
        return Response(status=204 if status in (200, 201) else status, content_type="application/json")
    body = result if isinstance(result, BaseModel) else model.model_validate(result, from_attributes=True)
    return Response(body.model_dump_json(by_alias=True), status=status, content_type="application/json")


def respond(
    result: Any = None,
    *,
    page: str | None = None,
    stream: str | None = None,
    to: str | None = None,
    status: int = 200,
    context: Callable[[], dict[str, Any]] | None = None,
    **given: Any,
) -> Response:
    """Respond in the format of the request: `result` as JSON, else the stream, else a redirect `to`, else the page.

    A stream is for a page that has the elements it changes; it takes a flash message along. `context` returns what only a
    stream or a page needs.
    """
    form = requested_format()
    if form == "json":
        if page and result is None and request.method == "GET":
            raise NotFound()  # a page without a JSON form
        if callable(result):
            result = result()
        response = json(g.endpoint.gives, result, status)
        if status == 201 and to:
            response.headers["Location"] = to
        return response
    writing = request.method not in ("GET", "HEAD")
    if form == "stream" and stream and can_place(pages.stream_targets(stream)):
        given |= context() if context else {}
        streams = pages.render(stream, **given)
        if writing and (said := g.pop("flash", None)):
            streams += pages.render("shared/flash.stream.html", flash=said)
        return _stream(streams, status)
    if form == "stream" and writing and to is not None and "#" in to:
        return _stream(
            pages.render("shared/visit.stream.html", to=to), status
        )  # fetch() drops the fragment of a redirect
    if to is not None:
        return redirect(to, 302 if request.method == "GET" else 303)  # type: ignore[return-value]  # Werkzeug's class
    assert page, "the response to a browser is a page or a redirect"
    given |= context() if context else {}
    return Response(pages.page(page, **given), status=status, content_type="text/html; charset=utf-8")


def _stream(streams: str, status: int) -> Response:
    return Response(streams, status=status, content_type=f"{STREAM}; charset=utf-8")


def respond_list(listed: Slice[T], *, page: str | None = None, stream: str | None = None, **given: Any) -> Response:
    """Respond with a list: JSON `{items, next, prev}` with links, else the stream or the page with `listed`."""
    if requested_format() != "json":
        return respond(page=page, stream=stream, listed=listed, **given)
    model = g.endpoint.gives
    items = [
        model.model_validate(item, from_attributes=True).model_dump(mode="json", by_alias=True) for item in listed.items
    ]
    onward = "changed_after" if "changed_after" in request.args else "after"
    return jsonify({"items": items, "next": link(**{onward: listed.next}), "prev": link(before=listed.prev)})


def link(**keys: Cursor) -> str | None:
    """Return this URL with another cursor, or None where there is no further part."""
    ((name, value),) = keys.items()
    if value is None:
        return None
    others = {k: v for k, v in request.args.items() if k not in ("after", "before", "changed_after")}
    return f"{request.path}?{urlencode({**others, name: value})}"
