"""What people of the demo used of each other, and what came of it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import partial
from typing import Any

from cop import access
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, utc
from cop.things import Thing
from cop.uses import actions
from cop.uses.models import ThingUse, partnerships_of, standing

Table = dict[str, Any]
STORY: list[Table] = tomllib.loads((FILES.parent / "uses.toml").read_text())["uses"]


def events(stage: Stage) -> Iterator[Event]:
    """Yield what was used and what it brought; a part of the story may lack it."""
    documents = {one.key for one in stage.demo.documents}
    talks = {one.key for one in stage.demo.threads}
    for told in STORY:
        if told.get("document") in documents or told.get("thread") in talks:
            yield Event(utc(told["at"]), 1, partial(_use, stage, told))
            if "outcome" in told:
                yield Event(utc(told["followed"]), 1, partial(_follow_up, stage, told))


def _thing(stage: Stage, told: Table) -> Thing:
    return stage.files[told["document"]] if "document" in told else stage.posts[told["thread"], 0]


def _partnership(stage: Stage, told: Table) -> int:
    """Return the partnership of who used it in the programme of the thing, 0 for none."""
    programme = access.audience(access.SYSTEM, _thing(stage, told).audience_id).programme_id
    return next((id for id, _name in partnerships_of(stage.people[told["by"]].id, programme)), 0)


def _use(stage: Stage, told: Table) -> ThingUse:
    return actions.report(
        stage.people[told["by"]],
        _thing(stage, told),
        purpose=told["purpose"],
        changed=told.get("changed", ""),
        partnership=_partnership(stage, told),
    )


def _follow_up(stage: Stage, told: Table) -> None:
    person, thing = stage.people[told["by"]], _thing(stage, told)
    use = standing(person.id, thing.id, _partnership(stage, told) or None)
    assert use is not None
    actions.follow_up(person, use, outcome=told["outcome"], remark=told["remark"])
