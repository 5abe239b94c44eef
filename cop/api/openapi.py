"""The OpenAPI 3.1 document, generated from the endpoints and their input and output models."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app, g
from pydantic.json_schema import models_json_schema

from cop.base.web import ENDPOINTS, Endpoint
from cop.base.web.guards import Error

REF = "#/components/schemas/{model}"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ID = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
REFUSALS = {
    "400": "The request is malformed.",
    "401": "Not signed in, or the token is not valid.",
    "403": "You can see this, but you may not do it.",
    "404": "Not found, or not visible to you.",
    "422": "A field is not valid; `errors` says which and how to correct it.",
    "429": "Too many requests; `Retry-After` says when.",
}


def operations() -> list[tuple[Endpoint, str, str]]:
    """Return (endpoint, method, path) of every endpoint that responds with JSON, ordered by path."""
    found = []
    for endpoint in ENDPOINTS.values():
        for method, rule in endpoint.rules:
            if method != "GET" or endpoint.gives or endpoint.json:
                found.append((endpoint, method, re.sub(r"<(?:[a-z]+:)?(\w+)>", r"{\1}", rule)))
    return sorted(found, key=lambda o: (o[2], METHODS.index(o[1])))


def document() -> dict[str, Any]:
    """Return the whole document, generated once per app: it takes 50 ms, and anybody may request it."""
    cache = current_app.extensions
    if "openapi" not in cache:
        cache["openapi"] = _generate()
    return cache["openapi"]


def _generate() -> dict[str, Any]:
    """Generate the document."""
    settings = current_app.config["COP"]
    models = {m for d in ENDPOINTS.values() for m in (d.takes, d.asks, d.gives) if m} | {Error}
    # Two features may have models of one name; pydantic then names both by their module.
    refs, schemas = models_json_schema(
        [(m, "validation") for m in sorted(models, key=lambda m: (m.__name__, m.__module__))], ref_template=REF
    )
    g.refs = {model: ref for (model, _mode), ref in refs.items()}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint, method, path in operations():
        paths.setdefault(path, {})[method.lower()] = operation(endpoint, method, path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": settings.site_name,
            "version": "1.0.0",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            "description": "The same endpoints as the pages, responding with JSON. Send a bearer token.",
        },
        "servers": [{"url": f"{settings.base_url}/api/v1"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def operation(endpoint: Endpoint, method: str, path: str) -> dict[str, Any]:
    """Return one operation: its parameters, request body and responses."""
    described: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": (endpoint.view.__doc__ or endpoint.name).strip().split("\n")[0],
        "tags": [endpoint.name.partition(".")[0]],
        "parameters": [_in_path(name, path) for name in re.findall(r"{(\w+)}", path)] + _in_query(endpoint),
        "responses": {
            str(_status(endpoint)): _success(endpoint),
            **{s: _refusal(words) for s, words in REFUSALS.items()},
        },
    }
    if endpoint.takes and "client_id" in endpoint.takes.model_fields:
        described["responses"]["409"] = _refusal("The client_id was used for other content, or elsewhere; see `code`.")
    if endpoint.takes and "base_version" in endpoint.takes.model_fields:
        described["responses"]["409"] = _refusal("It has changed since `base_version`; nothing was overwritten.")
        if method == "PATCH":
            described["responses"]["428"] = _refusal("`base_version` is missing.")
    if method != "GET" and (endpoint.takes or endpoint.files):
        described["requestBody"] = {"required": True, "content": _body(endpoint)}
    if endpoint.open:
        described["security"] = []
    return described


def _in_path(name: str, path: str) -> dict[str, Any]:
    number = name in ("id", "person", "number")
    return {"name": name, "in": "path", "required": True, "schema": ID if number else {"type": "string"}}


def _in_query(endpoint: Endpoint) -> list[dict[str, Any]]:
    if not endpoint.asks:
        return []
    schema = endpoint.asks.model_json_schema(ref_template=REF)
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": field}
        for name, field in schema["properties"].items()
    ]


def _status(endpoint: Endpoint) -> int:
    return endpoint.status if endpoint.gives or endpoint.json else 204


def _success(endpoint: Endpoint) -> dict[str, Any]:
    if not endpoint.gives:
        return {"description": "Done."}
    one = g.refs[endpoint.gives]
    link = {"type": ["string", "null"]}
    schema = (
        one
        if not endpoint.many
        else {
            "type": "object",
            "required": ["items", "next", "prev"],
            "properties": {"items": {"type": "array", "items": one}, "next": link, "prev": link},
        }
    )
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}


def _body(endpoint: Endpoint) -> dict[str, Any]:
    schema: dict[str, Any] = g.refs[endpoint.takes] if endpoint.takes else {"type": "object"}
    if not endpoint.files:
        return {"application/json": {"schema": schema}}
    files = {"type": "object", "properties": {name: {"type": "string", "format": "binary"} for name in endpoint.files}}
    return {"multipart/form-data": {"schema": {"allOf": [schema, files]} if endpoint.takes else files}}


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/problem+json": {"schema": g.refs[Error]}}}
