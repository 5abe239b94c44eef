"""Strategies that generate input from the OpenAPI document: valid, nearly valid and far from valid."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

# Ordinary and hostile input.
AWKWARD = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "x\udfffy",
    "../../etc/passwd",
    "%2e%2e%2f",
    "\u202eomgekeerd\u202c",
    "👩🏽‍🚒" * 20,
    "<script>alert(1)</script>",
    "'; DROP TABLE person; --",
    "{{7*7}}",
    "\r\nBcc: x@y.example",
    "nul\x00teken",
    "\u200b",
    "\ufeff",
    "İ" * 50,
    "a" * 201,
    "a" * 5_000,
    "-1",
    "1e999",
    "2017-13-45",
    "null",
    "[]",
]
TEXT = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=30))
ANYTHING = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False), TEXT
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=4,
)


class Drawing:
    """Strategies for the schemas of one document."""

    def __init__(self, document: Schema):
        self.schemas: dict[str, Schema] = document["components"]["schemas"]

    def fitting(self, schema: Schema) -> st.SearchStrategy[Any]:
        """Generate values that the schema allows."""
        if "$ref" in schema:
            return self.fitting(self.schemas[schema["$ref"].rpartition("/")[2]])
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return st.one_of([self.fitting(one) for one in schema[several]])
        if "allOf" in schema:
            return self._object(
                {"properties": {n: p for one in schema["allOf"] for n, p in self._properties(one).items()}}
            )
        return self._of_type(schema)

    def _properties(self, schema: Schema) -> dict[str, Schema]:
        found: Schema = self.schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        return found.get("properties", {})

    def _of_type(self, schema: Schema) -> st.SearchStrategy[Any]:
        match schema.get("type"):
            case "null":
                return st.none()
            case "boolean":
                return st.booleans()
            case "integer":
                low, high = schema.get("minimum", -(2**31)), schema.get("maximum", 2**31)
                return st.one_of(st.integers(low, min(high, low + 20)), st.integers(low, high), st.just(high))
            case "number":
                return st.floats(allow_nan=False, allow_infinity=False)
            case "array":
                return st.lists(self.fitting(schema.get("items", {})), max_size=min(schema.get("maxItems", 4), 4))
            case "object":
                return self._object(schema)
            case "string":
                return self._string(schema)
        return ANYTHING

    def _string(self, schema: Schema) -> st.SearchStrategy[Any]:
        match schema.get("format"):
            case "uuid":
                return st.uuids().map(str)
            case "date":
                return st.dates().map(str)
        if "pattern" in schema:
            return st.from_regex(schema["pattern"], fullmatch=True).map(
                lambda s: s.rstrip("\n")[: schema.get("maxLength", 60)]
            )
        longest = schema.get("maxLength", 200)
        return st.one_of(
            st.text(min_size=schema.get("minLength", 0), max_size=min(longest, 40)), st.just("a" * min(longest, 20_000))
        )

    def _object(self, schema: Schema) -> st.SearchStrategy[Any]:
        named = {name: self.fitting(one) for name, one in schema.get("properties", {}).items()}
        if not named and isinstance(more := schema.get("additionalProperties"), dict):
            return st.dictionaries(st.text(max_size=10), self.fitting(more), max_size=3)
        required = set(schema.get("required", []))
        return st.fixed_dictionaries(
            {n: s for n, s in named.items() if n in required},
            optional={n: s for n, s in named.items() if n not in required},
        )

    def near(self, schema: Schema) -> st.SearchStrategy[Any]:
        """Generate a nearly valid object: some fields are wrong, some missing, some unknown."""
        resolved: Schema = {
            "properties": {
                **self._properties(schema),
                **{name: one for part in schema.get("allOf", []) for name, one in self._properties(part).items()},
            }
        }
        named = {
            name: st.one_of(self.fitting(one), self.fitting(one), self.fitting(one), TEXT, ANYTHING)
            for name, one in resolved["properties"].items()
        }
        stray = dict.fromkeys(("is_admin", "author_id", "community_id", "created_at", "état"), ANYTHING)
        return (
            st.fixed_dictionaries({}, optional={**named, **stray})
            if named
            else st.dictionaries(TEXT, ANYTHING, max_size=2)
        )
