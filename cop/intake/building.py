"""The form of a call as the team builds it: the form to start from, and the steps that change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from cop.base.errors import Invalid
from cop.base.questionnaires import Block, Composition, Condition, Criterion, Definition, Option, Part, Section
from cop.base.words import _

STEPS = (
    "add_section",
    "edit_section",
    "add_block",
    "edit_block",
    "add_criterion",
    "edit_criterion",
    "move_up",
    "move_down",
    "remove",
    "compose",
)
FRONTRUNNERS = Composition(
    parts=[Part(kinds=["municipality"]), Part(kinds=["housing", "care"])],
    least=2,
)


def starting_form(composition: str) -> Definition:
    """Return the form that a new call starts with: who apply, and what they want to work on."""
    form = Definition(composition=FRONTRUNNERS if composition == "frontrunners" else Composition(least=1))
    form.sections = [
        Section(
            key=form.next_key("s"),
            title=_("Wie doen mee"),
            blocks=[
                Block(
                    key=form.next_key("b"),
                    kind="organisations",
                    label=_("Welke organisaties vragen samen aan?"),
                    required=True,
                )
            ],
        ),
        Section(
            key=form.next_key("s"),
            title=_("Uw opgave"),
            blocks=[
                Block(
                    key=form.next_key("b"),
                    kind="long",
                    label=_("Aan welke opgave wilt u werken?"),
                    required=True,
                    limit=300,
                )
            ],
        ),
    ]
    return form


def changed(form: Definition, step: Mapping[str, Any]) -> Definition:
    """Return the form after one step; raise Invalid when the step does not fit."""
    name = step.get("step", "")
    if name not in STEPS:
        raise Invalid(errors={"step": _("Kies een van de mogelijkheden.")})
    key = step.get("key") or ""
    try:
        _CHANGES[name](form, key, step)
        return Definition.model_validate(form.model_dump())
    except ValidationError:
        raise Invalid(errors={"label": _("Dit past niet in het formulier. Controleer wat u hebt ingevuld.")}) from None


def _add_section(form: Definition, key: str, step: Mapping[str, Any]) -> None:
    form.sections.append(Section(key=form.next_key("s"), title=_label(step), intro=step.get("help") or ""))


def _edit_section(form: Definition, key: str, step: Mapping[str, Any]) -> None:
    section = _one(form.sections, key)
    section.title, section.intro = _label(step), step.get("help") or ""
    section.show_if = _condition(step)


def _add_block(form: Definition, key: str, step: Mapping[str, Any]) -> None:
    section = _one(form.sections, step.get("section") or "")
    section.blocks.append(_block(form, None, step))


def _edit_block(form: Definition, key: str, step: Mapping[str, Any]) -> None:
    for section in form.sections:
        for at, block in enumerate(section.blocks):
            if block.key == key:
                section.blocks[at] = _block(form, block, step)
                return
    raise _gone()


def _block(form: Definition, former: Block | None, step: Mapping[str, Any]) -> Block:
    kind = former.kind if former else step.get("kind") or "short"
    options = _options(form, former, step.get("options") or "") if kind == "choice" else []
    if kind == "choice" and not [option for option in options if not option.retired]:
        raise Invalid(errors={"options": _("Noem ten minste één mogelijkheid, elke op een eigen regel.")})
    return Block(
        key=former.key if former else form.next_key("b"),
        kind=kind,
        label=_label(step),
        help=step.get("help") or "",
        required=bool(step.get("required")),
        personal=bool(step.get("personal")) or kind == "people",
        audience="team" if step.get("team_only") else "reviewers",
        limit=step.get("limit") or None,
        several=bool(step.get("several")),
        options=options,
        show_if=_condition(step),
    )


def _options(form: Definition, former: Block | None, lines: str) -> list[Option]:
    """Return the options of a choice, one from each line; one whose line is gone is retired."""
    labels = list(dict.fromkeys(line.strip()[:300] for line in lines.splitlines() if line.strip()))
    before = {option.label: option for option in (former.options if former else [])}
    kept = [Option(key=before[label].key if label in before else form.next_key("o"), label=label) for label in labels]
    retired = [option.model_copy(update={"retired": True}) for label, option in before.items() if label not in labels]
    return [*kept, *retired]


def _condition(step: Mapping[str, Any]) -> Condition | None:
    """Return the condition `block:option` of a step."""
    block, _colon, option = (step.get("show_if") or "").partition(":")
    return Condition(block=block, among=[option]) if block and option else None


def _add_criterion(form: Definition, key: str, step: Mapping[str, Any]) -> None:
    form.criteria.append(Criterion(key=form.next_key("c"), text=_label(step), weight=step.get("weight") or 1))


def _edit_criterion(form: Definition, key: str, step: Mapping[str, Any]) -> None:
    criterion = _one(form.criteria, key)
    criterion.text, criterion.weight = _label(step), step.get("weight") or 1


def _move(by: int) -> Callable[[Definition, str, Mapping[str, Any]], None]:
    def move(form: Definition, key: str, step: Mapping[str, Any]) -> None:
        for parts in _lists(form):
            at = next((i for i, part in enumerate(parts) if part.key == key), None)
            if at is not None:
                to = min(max(at + by, 0), len(parts) - 1)
                parts.insert(to, parts.pop(at))
                return
        raise _gone()

    return move


def _remove(form: Definition, key: str, step: Mapping[str, Any]) -> None:
    for parts in _lists(form):
        for part in parts:
            if part.key == key:
                if isinstance(part, Section) and part.blocks:
                    raise Invalid(errors={f"block-{key}": _("Haal eerst de vragen uit dit onderdeel weg.")})
                parts.remove(part)
                return
    raise _gone()


def _compose(form: Definition, key: str, step: Mapping[str, Any]) -> None:
    match step.get("composition"):
        case "frontrunners":
            form.composition = FRONTRUNNERS.model_copy(deep=True)
        case "kinds":
            kinds = step.get("kinds") or []
            if not kinds:
                raise Invalid(errors={"kinds": _("Kies ten minste één soort organisatie.")})
            form.composition = Composition(parts=[Part(kinds=kinds)], least=1)
        case _:
            form.composition = Composition()


_CHANGES: dict[str, Callable[[Definition, str, Mapping[str, Any]], None]] = {
    "add_section": _add_section,
    "edit_section": _edit_section,
    "add_block": _add_block,
    "edit_block": _edit_block,
    "add_criterion": _add_criterion,
    "edit_criterion": _edit_criterion,
    "move_up": _move(-1),
    "move_down": _move(1),
    "remove": _remove,
    "compose": _compose,
}


def _lists(form: Definition) -> list[list[Any]]:
    return [form.sections, *(section.blocks for section in form.sections), form.criteria]


def _one(parts: list[Any], key: str) -> Any:
    found = next((part for part in parts if part.key == key), None)
    if found is None:
        raise _gone()
    return found


def _gone() -> Invalid:
    return Invalid(errors={"key": _("Dit onderdeel staat niet meer op het formulier.")})


def _label(step: Mapping[str, Any]) -> str:
    label: str = (step.get("label") or "").strip()
    if not label:
        raise Invalid(errors={"label": _("Vul dit in.")})
    return label[:300]
