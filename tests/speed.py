"""Speed-ups for runs with many apps."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule


def keep_builders() -> None:
    """Make Werkzeug compile the function that builds an address once per rule instead of once per rule and app.

    The function takes the rule as an argument, so rules of the same parts can share it.
    """
    compile_builder = Rule._compile_builder
    builders: dict[tuple[Any, ...], Any] = {}

    def kept_builder(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (*rule._trace, append_unknown)
        if key not in builders:
            builders[key] = compile_builder(rule, append_unknown)
        return builders[key]

    Rule._compile_builder = kept_builder  # type: ignore[method-assign]
