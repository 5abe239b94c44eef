"""Every verb is told in one sentence, has its input from a model and a door by its name, or is the house's own."""

from __future__ import annotations

import inspect
import re

import pytest

from cop import access
from cop.access import rules
from cop.base.action import VERBS, Verb
from cop.base.web import ENDPOINTS
from tests.house.matrix import ENDPOINTS as TABLE

pytestmark = pytest.mark.usefixtures("rooms")

# No door leads to these: recurring work and listeners run them as the house itself.
OWN = {"members.expire", "members.warn"}
# What a door hands its verb beside the fields of the model: made of them, of the address, or of a file that came along.
MADE = {
    "address",
    "agent",
    "blob",
    "by",
    "instead_of",
    "kept",
    "kind",
    "link",
    "member",
    "name",
    "photo",
    "place",
    "text",
}


def parameters(verb: Verb) -> set[str]:
    """What a verb is given beside the person and the thing."""
    return {p.name for p in inspect.signature(verb.run).parameters.values() if p.kind is p.KEYWORD_ONLY}


def test_verbs_take_person_thing_and_keyword_arguments() -> None:
    def in_order(verb: Verb) -> int:
        return sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in inspect.signature(verb.run).parameters.values())

    assert [name for name, verb in VERBS.items() if in_order(verb) != 2] == []


def test_every_verb_has_a_one_sentence_docstring() -> None:
    said = {name: (inspect.getdoc(verb.run) or "").split("\n\n")[0] for name, verb in VERBS.items()}
    assert {name: words for name, words in said.items() if not words.rstrip().endswith(".")} == {}


def test_every_verb_has_an_endpoint_of_its_name() -> None:
    assert set(VERBS) - set(ENDPOINTS) == OWN
    assert {name for name in OWN if access.RULES[name] is rules.system} == OWN


def test_verb_arguments_come_from_the_model_or_the_address() -> None:
    wrong = {}
    for name, verb in VERBS.items():
        door = ENDPOINTS.get(name)
        if door is not None:
            fields = set(door.takes.model_fields) if door.takes else set()
            path = {part for _method, rule in door.rules for part in re.findall(r"<(?:\w+:)?(\w+)>", rule)}
            if left := parameters(verb) - fields - path - MADE:
                wrong[name] = left
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(access.RULES))
def test_input_models_are_documented_and_match_the_table(name: str) -> None:
    door = ENDPOINTS.get(name)
    if door is not None and door.takes:
        assert inspect.getdoc(door.takes), "an input model says what it is"
        assert set(TABLE[name].sends) <= set(door.takes.model_fields) | set(door.files)
