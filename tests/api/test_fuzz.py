"""No input leads to a status of 500 or above; a refusal is a problem document and changes nothing."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import TestResponse

from cop.api.openapi import document, operations
from cop.base.db import Base, db
from cop.base.web import ENDPOINTS, Endpoint, rate_limits
from cop.people import passwords
from tests.api.schema import Drawing
from tests.house.world import address, build, undone

EXAMPLES = 10  # per operation; the whole should take half a minute per database
PEOPLE = ("anna", "eva", "chris")  # member, moderator, stranger
# Tables that count attempts or record denials may grow on a refusal.
COUNTED = [
    name
    for name in sorted(Base.metadata.tables)
    if name not in ("journal_entry", "journal_head", "attempt") and not name.startswith("search_")
]
ROWS = text("SELECT " + ", ".join(f"(SELECT count(*) FROM {name}) AS {name}" for name in COUNTED))
SHARES = 4  # the world is built once for each share of the operations


class Fuzz:
    """Requests to one world; each response is checked and rolled back."""

    def __init__(self, app: Flask, cast: Any):
        self.app, self.cast, self.world = app, cast, build(app, cast)
        with app.test_request_context():
            self.document = document()
        self.drawing = Drawing(self.document)
        self.before = self.rows()

    def rows(self) -> dict[str, int]:
        """Return the number of rows of each table."""
        return dict(db._app_engines[self.app][None].execute(ROWS).one()._mapping)

    def send(self, who: str, method: str, path: str, **given: Any) -> TestResponse:
        """Send a request, check the response, and roll back."""
        rate_limits.reset()
        with undone(self.app):
            answer = self.cast.client(None).open(
                f"/api/v1{path}", method=method, headers={**self.cast.api(who), **given.pop("headers", {})}, **given
            )
            case = f"{who} {method} {path[:200]} {str(given)[:400]}: {answer.status_code}"
            assert answer.status_code < 500 or path.startswith("/readyz"), f"{case} {answer.text[:300]}"
            if answer.status_code >= 400:
                hold_to_problem(answer, case)
                assert self.rows() == self.before, f"{case}: refused, yet rows changed"
            answer.close()
            return answer


def hold_to_problem(answer: TestResponse, case: str) -> None:
    """Check that a refusal is problem+json and that a 422 names its fields."""
    assert answer.content_type == "application/problem+json", case
    problem = answer.json
    assert problem["status"] == answer.status_code, case
    assert problem["title"], case
    assert all(isinstance(words, str) and words for words in problem["errors"].values()), case
    if answer.status_code == 422:
        assert problem["errors"] or problem["detail"], f"{case}: what is wrong?"


@pytest.fixture
def fuzz(app: Flask, cast: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fuzz]:
    # Hashing takes 50 ms on purpose, and is not tested here.
    monkeypatch.setattr(passwords, "hash", lambda password: f"kept:{len(password)}")
    return Fuzz(app, cast)


def requests(fuzz: Fuzz, endpoint: Endpoint, method: str, path: str) -> st.SearchStrategy[dict[str, Any]]:
    """Generate a request to an operation: a mostly existing address, a mostly valid query and body."""
    operation = fuzz.document["paths"][path][method.lower()]
    rule = next(
        rule for m, rule in endpoint.rules if m == method and re.sub(r"<(?:[a-z]+:)?(\w+)>", r"{\1}", rule) == path
    )
    there = address(rule, fuzz.world)
    stray = st.sampled_from(
        ["0", "1", "999999", str(2**31), str(2**64), "-1", "x", "%00", "%ff", "..%2f..", "a" * 300, "één"]
    )
    path_of = st.one_of(
        st.just(there),
        st.just(there),
        st.just(there),
        stray.map(lambda value: re.sub(r"\{\w+\}", lambda _found: value, path)),
    )
    drawn: dict[str, st.SearchStrategy[Any]] = {"who": st.sampled_from(PEOPLE), "path": path_of}
    query = {p["name"]: p["schema"] for p in operation["parameters"] if p["in"] == "query"}
    if query:
        drawn["query"] = fuzz.drawing.near({"properties": query})
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        schema = content["application/json"]["schema"]
        drawn["json"] = st.one_of(fuzz.drawing.fitting(schema), fuzz.drawing.near(schema))
    elif "multipart/form-data" in content:
        drawn["form"] = fuzz.drawing.near(content["multipart/form-data"]["schema"])
    return st.fixed_dictionaries(drawn)


def plain(value: Any) -> str:
    """Return a generated value as a form or an address holds it."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace").decode()


def options(drawn: dict[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    """Return the options of the test client for a generated request."""
    given: dict[str, Any] = {}
    if "query" in drawn:
        given["query_string"] = {name: plain(value) for name, value in drawn["query"].items()}
    if "json" in drawn:
        given |= {"data": json.dumps(drawn["json"]), "content_type": "application/json"}
    if "form" in drawn:
        fields: dict[str, Any] = {name: plain(value) for name, value in drawn["form"].items()}
        names = {name: fields.pop(name, "blad.txt") for name in endpoint.files}
        given["data"] = fields | {name: (io.BytesIO(b"%PDF-1.4 niets"), text) for name, text in names.items()}
    return given


@pytest.mark.parametrize("share", range(SHARES))
def test_generated_requests(share: int, fuzz: Fuzz) -> None:
    for endpoint, method, path in operations()[share::SHARES]:
        attempt(fuzz, endpoint, method, path)


def attempt(fuzz: Fuzz, endpoint: Endpoint, method: str, path: str) -> None:
    """Send generated requests to one operation; check successful responses against their schema."""
    responses = fuzz.document["paths"][path][method.lower()]["responses"]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn=requests(fuzz, endpoint, method, path))
    def once(drawn: dict[str, Any]) -> None:
        answer = fuzz.send(drawn["who"], method, drawn["path"], **options(drawn, endpoint))
        content = responses.get(str(answer.status_code), {}).get("content", {})
        if answer.status_code < 300 and "application/json" in content:
            schema = content["application/json"]["schema"]
            jsonschema.validate(answer.json, {**schema, "components": fuzz.document["components"]})

    once()


# Hand-picked input


def writing(step: int = 1) -> list[tuple[Endpoint, str, str]]:
    """Return every `step`th operation that takes JSON."""
    found = [
        (endpoint, method, rule)
        for endpoint in ENDPOINTS.values()
        if endpoint.takes and not endpoint.files
        for method, rule in endpoint.rules
    ]
    return found[::step]


HAND_PICKED: dict[str, tuple[bytes, str, set[int]]] = {
    "no JSON": (b'{"title": ', "application/json", {400}),
    "not UTF-8": (b'{"title": "\xff\xfe"}', "application/json", {400}),
    "an array": (b"[1, 2, 3]", "application/json", {400}),
    "a string": (b'"title"', "application/json", {400}),
    "a number of 5,000 digits": (b'{"kind": ' + b"9" * 5_000 + b"}", "application/json", {400}),
    "very deep": (b'{"fields": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "application/json", {400, 413}),
    "as text": (b"{}", "text/plain", {400}),
    "as XML": (b"<a/>", "application/xml", {400}),
    "JSON called a form": (b'{"title": "x"}', "application/x-www-form-urlencoded", set()),
    "a form of 200 parts": (b"&".join(b"title=%d" % n for n in range(200)), "application/x-www-form-urlencoded", set()),
    "2,000 parts": (b"&".join(b"x%d=1" % n for n in range(2_000)), "application/x-www-form-urlencoded", set()),
    "a broken multipart": (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x", set()),
    "a multipart without boundary": (b"x", "multipart/form-data", set()),
    "5 MB": (b'{"title": "' + b"a" * 5_000_000 + b'"}', "application/json", {413}),
}


def test_unreadable_bodies_are_refused(fuzz: Fuzz) -> None:
    for case, (body, content_type, expected) in HAND_PICKED.items():
        for endpoint, method, rule in writing(9):
            answer = fuzz.send("anna", method, address(rule, fuzz.world), data=body, content_type=content_type)
            assert not expected or answer.status_code in expected, f"{case} to {endpoint.name}: {answer.status_code}"


def test_nul_and_surrogates_are_refused_in_every_field(fuzz: Fuzz) -> None:
    for endpoint, method, rule in writing():
        assert endpoint.takes
        # `next` is never refused: a foreign address falls back to home.
        texts = [
            name
            for name, field in endpoint.takes.model_fields.items()
            if "str" in str(field.annotation) and name != "next"
        ]
        for words in ("a\0b", "x\udfffy") if texts else ():
            answer = fuzz.send("anna", method, address(rule, fuzz.world), json=dict.fromkeys(texts, words))
            if answer.status_code not in (403, 404):
                assert answer.status_code == 422, f"{endpoint.name} {words!r}: {answer.status_code}"
                assert set(answer.json["errors"]) & set(texts), f"{endpoint.name} {words!r}: {answer.json['errors']}"


def test_malformed_addresses_are_not_found(fuzz: Fuzz) -> None:
    by_path = {path: method for _door, method, path in operations() if "{" in path}
    for path, method in by_path.items():
        for value in (str(2**31), "9" * 400, "%00%ff", "%2e%2e%2f" + quote("é")):
            fuzz.send("anna", method, re.sub(r"\{\w+\}", lambda _found: value, path), json={})  # noqa: B023


def test_unknown_ids_get_404(fuzz: Fuzz) -> None:
    """Only the input is validated before the thing is looked up."""
    for endpoint, method, path in operations():
        if "{id}" in path:
            answer = fuzz.send("iris", method, path.replace("{id}", "999999999"), json={})
            assert answer.status_code in ({404, 422} if endpoint.takes else {404}), (
                f"{method} {path}: {answer.status_code}"
            )


def test_wrong_type_names_the_field(fuzz: Fuzz) -> None:
    """Send an object for a text, a number, a list or a choice."""
    for endpoint, method, rule in writing():
        assert endpoint.takes
        names = {name for name in endpoint.takes.model_fields if name != "next"}
        answer = fuzz.send("anna", method, address(rule, fuzz.world), json={name: {"a": [1]} for name in names})
        if names:
            assert answer.status_code == 422, f"{endpoint.name}: {answer.status_code}"
            # A free-form dict may accept this value.
            assert {name for name in names if "dict" not in str(endpoint.takes.model_fields[name].annotation)} <= set(
                answer.json["errors"]
            ), f"{endpoint.name}: {answer.json['errors']}"


def test_texts_are_returned_unchanged(fuzz: Fuzz) -> None:
    """`../` is text and emoji keep their joiners; titles lose controls of direction, bodies keep them."""
    for title in (
        "../../etc/passwd",
        "👩🏽‍🚒 en 🏘️",
        "<b>vet</b>",
        "'; DROP TABLE person; --",
        "{{7*7}}",
    ):
        path = address("/communities/<slug>/threads", fuzz.world)
        answer = fuzz.send("anna", "POST", path, json={"title": title, "body": "x"})
        assert answer.status_code == 201
        assert answer.json["title"] == title
    turned = "\u202eomgekeerd\u202c"
    assert fuzz.send("anna", "POST", path, json={"title": turned, "body": "x"}).json["title"] == "omgekeerd"
    path = address("/threads/<int:id>/posts", fuzz.world)
    assert turned in fuzz.send("anna", "POST", path, json={"body": f"Wat is {turned}?"}).json["html"]


NAMES = {
    "../../verslag.txt": "verslag.txt",
    "map/verslag.txt": "verslag.txt",
    "\u202etxt.exe": None,
    "een\r\nSet-Cookie: x.txt": None,
    'een"aanhaling.txt': None,
    "é" * 300 + ".txt": None,
    "CON.txt": None,
}


def test_file_names_are_cleaned(fuzz: Fuzz) -> None:
    """Folders, bidi marks and line ends are removed from file names."""
    path = address("/communities/<slug>/files", fuzz.world)
    for name, shown in NAMES.items():
        answer = fuzz.send("anna", "POST", path, data={"file": (io.BytesIO(b"Een blad."), name)})
        assert answer.status_code in (201, 422), name
        if answer.status_code == 201:
            title = answer.json["title"]
            assert not re.search(r"[\x00-\x1f/\\\u202a-\u202e\u2066-\u2069]", title)
            assert len(title) <= 200
            assert shown is None or title == shown


def test_unknown_fields_change_nothing(fuzz: Fuzz) -> None:
    """Author, community, state and dates cannot be set by a client."""
    path = address("/communities/<slug>/threads", fuzz.world)
    mine = {
        "title": "Vraag",
        "body": "Tekst",
        "author_id": fuzz.cast.bram,
        "community_id": fuzz.cast.two,
        "audience_id": fuzz.cast.audiences.two,
        "state": "hidden",
        "pinned": True,
        "featured": True,
        "made": "2001-01-01",
        "role": "moderator",
        "is_admin": True,
        "id": 1,
    }
    answer = fuzz.send("anna", "POST", path, json=mine)
    assert answer.status_code == 201
    assert answer.json["author"]["id"] == fuzz.cast.anna
    assert (answer.json["community"], answer.json["state"], answer.json["pinned"]) == (fuzz.cast.one, "live", False)
    assert not answer.json["created_at"].startswith("2001")


def test_fuzz_detects_a_bad_response(fuzz: Fuzz) -> None:
    """Check the check: a refusal that is not a problem document fails."""
    broken = SimpleNamespace(content_type="text/html", json=None, status_code=400)
    with pytest.raises(AssertionError):
        hold_to_problem(broken, "broken")  # type: ignore[arg-type]
