"""Answers: the same result as a page, a Turbo stream or JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, jsonify, redirect, request
from pydantic import BaseModel

from cop.base.errors import NotFound
from cop.base.web import pages
from cop.base.web.negotiation import STREAM, requested_format

FLASH_COOKIE = "cop-told"


@dataclass
class Slice:
    """A stretch of a list: its items and the keys to go on in both ways, None at an end."""

    items: Sequence[Any]
    next: Any = None
    prev: Any = None


def flash(words: str) -> None:
    """Shows `words` once, on the page that follows."""
    g.told = words


def json(model: type[BaseModel] | None, result: Any, status: int = 200) -> Response:
    """`result` as JSON by `model`."""
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
    """What the one who asked can read: `result` as JSON, else the stream, else a redirect `to`, else the page.

    `context` gives what only a stream or a page needs.
    """
    form = requested_format()
    if form == "json":
        if page and result is None and request.method == "GET":
            raise NotFound()  # a page, which programs have no use for
        if callable(result):
            result = result()
        response = json(g.endpoint.gives, result, status)
        if status == 201 and to:
            response.headers["Location"] = to
        return response
    if form == "stream" and stream:
        given |= context() if context else {}
        return Response(pages.render(stream, **given), status=status, content_type=f"{STREAM}; charset=utf-8")
    if to is not None:
        return redirect(to, 302 if request.method == "GET" else 303)  # type: ignore[return-value]
    assert page, "an answer to a browser is a page or a redirect"
    given |= context() if context else {}
    return Response(pages.page(page, **given), status=status, content_type="text/html; charset=utf-8")


def respond_list(listed: Slice, *, page: str | None = None, stream: str | None = None, **given: Any) -> Response:
    """A list: JSON `{items, next, prev}` whose links carry the keys, else the stream or the page with `listed`."""
    if requested_format() != "json":
        return respond(page=page, stream=stream, listed=listed, **given)
    model = g.endpoint.gives
    items = [
        model.model_validate(item, from_attributes=True).model_dump(mode="json", by_alias=True) for item in listed.items
    ]
    onward = "changed_after" if "changed_after" in request.args else "after"  # one goes on as one began
    return _plain_json({"items": items, "next": link(**{onward: listed.next}), "prev": link(before=listed.prev)})


def link(**keys: Any) -> str | None:
    """This address with another paging key; None where there is no further page."""
    ((name, value),) = keys.items()
    if value is None:
        return None
    kept = {k: v for k, v in request.args.items() if k not in ("after", "before", "changed_after")}
    return f"{request.path}?{urlencode({**kept, name: value})}"


def _plain_json(value: Any) -> Response:
    return jsonify(value)
