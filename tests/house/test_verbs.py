"""Every verb has a docstring, an input model, an endpoint of its name, and tests that answer the six questions."""

from __future__ import annotations

import ast
import inspect
import re
from inspect import Parameter
from pathlib import Path

import pytest

from cop import access
from cop.access import rules
from cop.base.action import VERBS, Verb
from cop.base.web import ENDPOINTS
from tests.house.matrix import CAST, FORBIDDEN, NOT_FOUND
from tests.house.matrix import ENDPOINTS as TABLE

pytestmark = pytest.mark.usefixtures("all_features")

# Recurring jobs, listeners and commands run these verbs as SYSTEM; they have no endpoint.
WITHOUT_ENDPOINT = {
    "applications.erase",
    "applications.expire_offer",
    "experts.drop",
    "experts.escalate",
    "experts.give_up",
    "experts.pass_on",
    "experts.put",
    "experts.remind",
    "experts.settle",
    "bookmarks.remind",
    "flags.explain",
    "flags.recall",
    "rulings.answer",
    "rulings.lapse",
    "rulings.tell",
    "flags.resolve",
    "guidance.hand_over",
    "guidance.mark_source",
    "imports.begin",
    "imports.end",
    "imports.undo",
    "imports.withdraw",
    "imports.write",
    "meetings.admit_guest",
    "meetings.erase_guests",
    "meetings.hold",
    "meetings.invite",
    "meetings.leave_out",
    "meetings.pass_on",
    "meetings.remind",
    "members.expire",
    "members.warn",
    "partnerships.close_month",
    "partnerships.open_month",
    "pulse.close",
    "tasks.hand_over",
}
# Arguments that an endpoint computes from the fields, the address or an uploaded file.
COMPUTED = {
    "address",
    "agent",
    "at",
    "attachment",
    "blob",
    "by",
    "contact",
    "day",
    "instead_of",
    "kept",
    "rows",
    "kind",
    "link",
    "member",
    "name",
    "logo",
    "photo",
    "place",
    "received",
    "text",
}


TESTS = Path(__file__).parents[1]


def parameters(verb: Verb) -> set[str]:
    """Return the names of the keyword arguments of a verb."""
    return {p.name for p in inspect.signature(verb.run).parameters.values() if p.kind is p.KEYWORD_ONLY}


def test_verbs_take_person_thing_and_keyword_arguments() -> None:
    def in_order(verb: Verb) -> int:
        kinds = [p.kind for p in inspect.signature(verb.run).parameters.values()]
        return sum(kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD) for kind in kinds)

    assert [name for name, verb in VERBS.items() if in_order(verb) != 2] == []


def test_every_verb_has_a_one_sentence_docstring() -> None:
    docstrings = {name: (inspect.getdoc(verb.run) or "").split("\n\n")[0] for name, verb in VERBS.items()}
    assert {name: words for name, words in docstrings.items() if not words.rstrip().endswith(".")} == {}


def test_every_verb_has_an_endpoint_of_its_name() -> None:
    assert set(VERBS) - set(ENDPOINTS) == WITHOUT_ENDPOINT
    assert {name for name in WITHOUT_ENDPOINT if access.RULES[name] is rules.system} == WITHOUT_ENDPOINT


def test_verb_arguments_come_from_the_model_or_the_address() -> None:
    wrong = {}
    for name, verb in VERBS.items():
        endpoint = ENDPOINTS.get(name)
        if endpoint is not None:
            fields = set(endpoint.takes.model_fields) if endpoint.takes else set()
            path = {part for _method, rule in endpoint.rules for part in re.findall(r"<(?:\w+:)?(\w+)>", rule)}
            if left := parameters(verb) - fields - path - COMPUTED:
                wrong[name] = left
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(access.RULES))
def test_input_models_are_documented_and_match_the_table(name: str) -> None:
    endpoint = ENDPOINTS.get(name)
    if endpoint is not None and endpoint.takes:
        assert inspect.getdoc(endpoint.takes), "an input model has a docstring"
        assert set(TABLE[name].sends) <= set(endpoint.takes.model_fields) | set(endpoint.files)


def questions(verb: Verb) -> set[str]:
    """Return the names of the tests that a verb needs, of the six questions that apply to it."""
    needed = {"test_works", "test_is_not_journalled" if verb.quiet else "test_is_journalled"}
    if endpoint := ENDPOINTS.get(verb.name):
        responses = {TABLE[verb.name].expected(who) for who in CAST}
        needed |= {"test_works_by_api"}
        needed |= {"test_stranger_gets_404"} if NOT_FOUND in responses else set()
        needed |= {"test_wrong_role_gets_403"} if FORBIDDEN in responses else set()
        needed |= {"test_bad_input_names_the_field"} if endpoint.takes else set()
    return needed


def answered(docstring_and_tests: list[tuple[str, list[str]]], verb: str) -> set[str]:
    """Return the questions answered by the test files that name the verb in their docstring.

    A test may add words after the name of the question, as in `test_is_journalled_for_restore`.
    """
    named = re.compile(rf"(?<![\w.]){re.escape(verb)}(?!\w)")
    question = re.compile(
        "test_(works_by_api|works|stranger_gets_404|wrong_role_gets_403|bad_input_names_the_field"
        "|is_journalled|is_not_journalled)(_|$)"
    )
    return {
        f"test_{match[1]}"
        for docstring, tests in docstring_and_tests
        if named.search(docstring)
        for test in tests
        if (match := question.match(test))
    }


def test_every_verb_answers_the_six_questions() -> None:
    trees = [ast.parse(file.read_text()) for file in TESTS.rglob("test_*.py")]
    files = [
        (ast.get_docstring(tree) or "", [node.name for node in tree.body if isinstance(node, ast.FunctionDef)])
        for tree in trees
    ]
    missing = {name: sorted(questions(verb) - answered(files, name)) for name, verb in sorted(VERBS.items())}
    assert {name: tests for name, tests in missing.items() if tests} == {}
