"""The definition of a questionnaire: sections with blocks, criteria, and the rule for the organisations that answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Kind = Literal["short", "long", "choice", "number", "date", "file", "organisations", "people", "agreement"]
KINDS: tuple[Kind, ...] = (
    "short",
    "long",
    "choice",
    "number",
    "date",
    "file",
    "organisations",
    "people",
    "agreement",
)
Key = Annotated[str, StringConstraints(pattern=r"^[a-z]\d{1,5}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class _Part(BaseModel):
    """Base class of the parts of a definition; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Condition(_Part):
    """A part is shown when the earlier choice `block` has one of the options `among`."""

    block: Key
    among: Annotated[list[Key], Field(min_length=1, max_length=50)]


class Option(_Part):
    """An option of a choice; a retired one is not offered any more, and kept where it was chosen."""

    key: Key
    label: Label
    retired: bool = False


class Block(_Part):
    """One question; `limit` is in words, or in files and rows where the kind has those."""

    key: Key
    kind: Kind
    label: Label
    help: Words = ""
    required: bool = False
    personal: bool = False  # holds personal data: only for the team and the one who answers
    audience: Literal["reviewers", "team"] = "reviewers"
    limit: Annotated[int, Field(ge=1, le=5000)] | None = None
    several: bool = False  # of a choice
    options: Annotated[list[Option], Field(max_length=50)] = []
    show_if: Condition | None = None

    @property
    def open_to_reviewers(self) -> bool:
        """Whether reviewers read the answer."""
        return self.audience == "reviewers" and not self.personal


class Section(_Part):
    """A page of the questionnaire."""

    key: Key
    title: Label
    intro: Words = ""
    blocks: Annotated[list[Block], Field(max_length=60)] = []
    show_if: Condition | None = None


class Criterion(_Part):
    """What the one who answers ticks and explains, and a reviewer judges with a weight."""

    key: Key
    text: Label
    weight: Annotated[int, Field(ge=1, le=10)] = 1


class Part(_Part):
    """A number of organisations of some kinds that a composition needs."""

    kinds: Annotated[list[str], Field(min_length=1, max_length=10)]
    min: Annotated[int, Field(ge=1, le=20)] = 1


class Composition(_Part):
    """The rule for the organisations: each of `parts`, and so many in total."""

    parts: Annotated[list[Part], Field(max_length=10)] = []
    least: Annotated[int, Field(ge=0, le=20)] = 0


class Definition(_Part):
    """A whole questionnaire. Keys are never given twice: `last` is the number of the last one."""

    sections: Annotated[list[Section], Field(max_length=30)] = []
    criteria: Annotated[list[Criterion], Field(max_length=30)] = []
    composition: Composition = Composition()
    last: Annotated[int, Field(ge=0, le=99999)] = 0

    @model_validator(mode="after")
    def _consistent(self) -> Definition:
        keys = list(self._keys())
        if len(keys) != len(set(keys)):
            raise ValueError("a key is given twice")
        self.last = max([self.last, *(int(key[1:]) for key in keys)])
        seen: dict[str, set[str]] = {}
        for section in self.sections:
            _require_earlier(section.show_if, seen)
            for block in section.blocks:
                _require_earlier(block.show_if, seen)
                if block.kind == "choice":
                    if not block.options:
                        raise ValueError("a choice has options")
                    seen[block.key] = {option.key for option in block.options}
        return self

    def _keys(self) -> Iterator[str]:
        for section in self.sections:
            yield section.key
            for block in section.blocks:
                yield block.key
                yield from (option.key for option in block.options)
        yield from (criterion.key for criterion in self.criteria)

    @property
    def blocks(self) -> list[Block]:
        """Every block, in order."""
        return [block for section in self.sections for block in section.blocks]

    def block(self, key: str) -> Block | None:
        """Return the block with this key."""
        return next((block for block in self.blocks if block.key == key), None)

    def next_key(self, letter: str) -> str:
        """Return a key that was never given."""
        self.last += 1
        return f"{letter}{self.last}"


def _require_earlier(condition: Condition | None, seen: Mapping[str, set[str]]) -> None:
    """Raise ValueError unless a condition names an earlier choice and options of it: so there are no cycles."""
    if condition and not set(condition.among) <= seen.get(condition.block, set()):
        raise ValueError("a condition names an earlier choice and its options")


def visible_sections(definition: Definition, answers: Mapping[str, Any]) -> list[tuple[Section, list[Block]]]:
    """Return the sections that are shown for these answers, each with its blocks that are.

    A condition on a hidden choice does not hold.
    """
    shown: set[str] = set()
    found = []
    for section in definition.sections:
        if not _holds(section.show_if, shown, answers):
            continue
        blocks = []
        for block in section.blocks:
            if _holds(block.show_if, shown, answers):
                shown.add(block.key)
                blocks.append(block)
        found.append((section, blocks))
    return found


def active_blocks(definition: Definition, answers: Mapping[str, Any]) -> list[Block]:
    """Return the blocks that are shown for these answers."""
    return [block for _section, blocks in visible_sections(definition, answers) for block in blocks]


def _holds(condition: Condition | None, shown: set[str], answers: Mapping[str, Any]) -> bool:
    if condition is None:
        return True
    chosen = answers.get(condition.block) or []
    return condition.block in shown and bool(set(chosen) & set(condition.among))
