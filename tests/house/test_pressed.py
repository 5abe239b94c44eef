"""Every verb with a control is pressed in a browser: a browser test says so by `@presses("threads.close")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cop.api.openapi import operations

pytestmark = pytest.mark.usefixtures("all_features")

BROWSER = Path(__file__).parents[1] / "browser"
# Verbs that no page runs, and why.
WITHOUT_CONTROL = {
    "members.invite": "the form on the page of members invites one or several: members.invite_several",
}
# Verbs that no browser test presses yet, by feature.
PENDING: dict[str, tuple[str, ...]] = {}


def presses(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield (test, verb) for the `@presses` of the tests of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "presses":
                    yield from ((node.name, ast.literal_eval(verb)) for verb in mark.args)


def test_every_verb_is_pressed_in_a_browser() -> None:
    found = [one for path in BROWSER.rglob("test_*.py") for one in presses(ast.parse(path.read_text()))]
    pressed = {verb for _test, verb in found}
    verbs = {endpoint.name for endpoint, method, _path in operations() if method != "GET"} - WITHOUT_CONTROL.keys()
    assert sorted(pressed - verbs) == [], "presses of verbs that are none"
    pending = {f"{feature}.{verb}" for feature, rest in PENDING.items() for verb in rest}
    assert sorted(verbs - pressed - pending) == [], "verbs that no browser test presses"
    assert sorted(pending & pressed | pending - verbs) == [], "pending verbs that are pressed, or are none"


def test_only_tests_press() -> None:
    """Assert that what says it presses a verb is run."""
    for path in BROWSER.rglob("*.py"):
        named = {test for test, _verb in presses(ast.parse(path.read_text()))}
        assert all(test.startswith("test_") for test in named), path
        assert not named or path.name.startswith("test_"), path
