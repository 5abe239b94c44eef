"""Composition: whether the organisations that answer are those that the rule asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cop.base.questionnaires.definition import Composition
from cop.base.text.folding import fold_name


@dataclass(frozen=True)
class Missing:
    """So many organisations of one of these kinds are missing; no kinds: of any kind."""

    kinds: tuple[str, ...]
    number: int


def missing_parts(rule: Composition, organisations: Iterable[Mapping[str, Any]]) -> list[Missing]:
    """Return what is missing by a rule; an organisation that is named twice counts once."""
    distinct = {(fold_name(one["name"]).strip(), one.get("kind", "")) for one in organisations if one.get("name")}
    kinds = [kind for _name, kind in distinct]
    found = []
    for part in rule.parts:
        have = sum(kind in part.kinds for kind in kinds)
        if have < part.min:
            found.append(Missing(tuple(part.kinds), part.min - have))
    total = len({name for name, _kind in distinct})
    if not found and total < rule.least:
        found.append(Missing((), rule.least - total))
    return found
