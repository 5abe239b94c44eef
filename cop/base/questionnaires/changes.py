"""Which changes of a questionnaire are refused once there are answers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cop.base.questionnaires.answers import is_empty
from cop.base.questionnaires.counting import count_words
from cop.base.questionnaires.definition import Block, Definition, active_blocks
from cop.base.words import _


def refused_changes(
    before: Definition, after: Definition, given: Iterable[Mapping[str, Any]], *, scored: bool
) -> dict[str, str]:
    """Return why parts of `after` cannot follow `before`, in words by key.

    given: the answers of everybody who began; scored: whether a reviewer gave a score.
    """
    answered = list(given)
    wrong: dict[str, str] = {}
    if answered:
        for block in after.blocks:
            former = before.block(block.key)
            if former is not None and (words := _refusal(former, block, answered)):
                wrong[block.key] = words
        for answers in answered:
            hidden = {b.key for b in active_blocks(before, answers)} - {b.key for b in active_blocks(after, answers)}
            for key in hidden & {b.key for b in after.blocks}:
                if not is_empty(answers.get(key)):
                    wrong[key] = _("Deze voorwaarde verbergt antwoorden die al gegeven zijn. Maak een nieuw blok.")
        for block in before.blocks:
            if after.block(block.key) is None and any(not is_empty(answers.get(block.key)) for answers in answered):
                wrong[block.key] = _("“%(label)s” is al beantwoord. Dit blok blijft staan.", label=block.label)
    if scored:
        weights = {criterion.key: criterion.weight for criterion in after.criteria}
        for criterion in before.criteria:
            if weights.get(criterion.key) != criterion.weight:
                wrong[criterion.key] = _("De beoordeling is begonnen. De criteria en hun gewicht liggen nu vast.")
    return wrong


def _refusal(former: Block, block: Block, answered: list[Mapping[str, Any]]) -> str:
    if block.kind != former.kind or block.several < former.several:
        return _("Een ander soort antwoord kan niet meer. Maak een nieuw blok.")
    options = {option.key for option in block.options}
    if any(set(answers.get(block.key) or []) - options for answers in answered if block.kind == "choice"):
        return _("Deze mogelijkheid is al gekozen. Zet haar op vervallen.")
    limit = block.limit if block.kind in ("short", "long") else None
    if limit and any(count_words(answers.get(block.key) or "") > limit for answers in answered):
        return _("Er zijn al langere antwoorden. Maak een nieuw blok.")
    return ""
