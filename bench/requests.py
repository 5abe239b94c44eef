"""HTTP requests as bytes, built before the measurement."""

from __future__ import annotations

import json
import uuid
from urllib.parse import urlencode

# Placeholder of a client_id, of the same length, so that Content-Length stays correct.
CLIENT_ID = "00000000-0000-4000-8000-000000000000"

# 260 characters, a usual length.
REPLY = (
    "Hier werkt het als de corporatie en het wijkteam samen de sleutels geven: een nieuwe huurder kent dan "
    "twee vaste gezichten en belt eerder. Na zes weken gaat een van beiden langs, en wat dan blijkt komt "
    "in het plan. Zijn er gemeenten waar dit al langer zo gaat?"
)


def get(host: str, path: str, headers: dict[str, str]) -> bytes:
    """Return a GET request on a keep-alive connection."""
    return _request("GET", host, path, headers, b"")


def post_form(host: str, path: str, headers: dict[str, str], fields: dict[str, str]) -> bytes:
    """Return a form submission as a browser on the same origin sends it."""
    own = {
        "Origin": f"http://{host}",
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return _request("POST", host, path, headers | own, urlencode(fields).encode())


def post_json(host: str, path: str, headers: dict[str, str], value: object) -> bytes:
    """Return a JSON request as an API client sends it."""
    own = {"Content-Type": "application/json", "Accept": "application/json"}
    return _request("POST", host, path, headers | own, json.dumps(value).encode())


def with_new_client_id(request: bytes) -> bytes:
    """Return the request with a fresh client_id in place of the placeholder, if it has one."""
    if CLIENT_ID.encode() not in request:
        return request
    return request.replace(CLIENT_ID.encode(), str(uuid.uuid4()).encode())


def _request(method: str, host: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    headers = {"Host": host, **headers}
    if method != "GET":
        headers["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
