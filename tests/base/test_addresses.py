"""Rules that share their parts, and whose builders are compiled when an address is built."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import Map, Rule

from cop.base.web.addresses import LightRule

GIVEN = [
    ("/threads/<int:id>", {"id": 7}),
    ("/threads/<int:id>", {"id": 7, "before": "é &", "limit": 2}),
    ("/files/<path:name>", {"name": "a/b c.pdf"}),
    ("/communities/<slug>/", {"slug": "een"}),
    ("/", {}),
]


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(("rule", "values"), GIVEN)
def test_addresses_are_those_of_werkzeug(rule: str, values: dict[str, Any], unknown: bool) -> None:
    built = [
        Map([kind(rule, endpoint="it")]).bind("localhost").build("it", dict(values), append_unknown=unknown)
        for kind in (LightRule, Rule)
    ]
    assert built[0] == built[1]


def test_nothing_is_compiled_before_an_address_is_built(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    stock = Rule._compile_builder
    monkeypatch.setattr(
        Rule, "_compile_builder", lambda self, *args: (compiled.append(self.rule), stock(self, *args))[1]
    )
    assert all(type(rule) is LightRule for rule in app.url_map.iter_rules())
    addresses = Map([LightRule("/rooms/<int:id>", endpoint="room")]).bind("localhost")
    assert compiled == []
    assert [addresses.build("room", {"id": id}) for id in (1, 2)] == ["/rooms/1", "/rooms/2"]
    assert compiled == ["/rooms/<int:id>"]


def test_equal_parts_of_rules_are_one(app: Any) -> None:
    parts = [part for rule in app.url_map.iter_rules() for part in rule._parts]
    assert len({id(part) for part in parts}) == len({repr(part) for part in parts}) < len(parts) / 4
