"""Endpoints of the API feature: the OpenAPI document and its page."""

from __future__ import annotations

import json

from flask import Response

from cop.api.openapi import document, operations
from cop.base.web import Routes, endpoint, respond

routes = Routes("api", __name__)


@routes.get("/openapi.json")
@endpoint("api.document", open=True)
def openapi() -> Response:
    """Return the OpenAPI 3.1 document."""
    return Response(json.dumps(document(), ensure_ascii=False), content_type="application/json")


@routes.get("/api")
@endpoint("api.show")
def show() -> Response:
    """Show the OpenAPI document as a page."""
    made = document()
    listed = [(method, path, made["paths"][path][method.lower()]) for _endpoint, method, path in operations()]
    groups: dict[str, list[tuple[str, str, dict[str, object]]]] = {}
    for method, path, operation in listed:
        groups.setdefault(operation["tags"][0], []).append((method, path, operation))
    return respond(page="api/show.html", groups=sorted(groups.items()), schemas=made["components"]["schemas"])
