"""The guidance of the demo: one that was adopted, and one that waits for a review by a moderator."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import partial
from typing import Any

from cop.base import text
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, utc
from cop.guidance import actions
from cop.guidance.actions.keeping import year_from
from cop.guidance.models import SECTIONS, Card, comments_of

Table = dict[str, Any]
STORY: list[Table] = tomllib.loads((FILES.parent / "guidance.toml").read_text())["guidance"]


def events(stage: Stage) -> Iterator[Event]:
    """Yield what was written and adopted, by calling the verbs; a part of the story may lack its sources."""
    threads = {talk.key for talk in stage.demo.threads}
    documents = {document.key for document in stage.demo.documents}
    for number, told in enumerate(STORY):
        here = [one for one in told["sources"] if one.get("thread") in threads or one.get("document") in documents]
        if len(here) < len(told["sources"]):
            continue
        made: list[Card] = []
        yield Event(utc(told["at"]), number, partial(_write, stage, told, made))
        if "adopted" in told:
            yield Event(utc(told["adopted"]), number, partial(_adopt, stage, told, made))


def _write(stage: Stage, told: Table, made: list[Card]) -> None:
    owner, community = stage.curator(told["community"]), stage.communities[told["community"]]
    card = actions.draft(owner, community, title=told["title"])
    written = {
        name: actions.Written(text.render(told[name].strip(), "markdown"), 1) for name in SECTIONS if name in told
    }
    actions.edit(owner, card, text=written)
    for source in told["sources"]:
        if "thread" in source:
            thing: Any = stage.posts[source["thread"], source["number"]]
        else:
            thing = stage.files[source["document"]]
        actions.take(owner, thing, card=card, section=source.get("section"), excerpt=source.get("excerpt", ""))
    reviewer = stage.people[told["reviewer"]] if "reviewer" in told else None
    actions.review(owner, card, reviewer=reviewer.id if reviewer else None)
    if reviewer and "comment" in told:
        actions.comment(reviewer, card, **told["comment"])
    made.append(card)


def _adopt(stage: Stage, told: Table, made: list[Card]) -> None:
    owner, (card,) = stage.curator(told["community"]), made
    for comment in comments_of(card.id):
        actions.settle(owner, comment)
    actions.advise(stage.people[told["reviewer"]], card, advice="approved")
    due = year_from(utc(told["adopted"]).date())
    actions.adopt(owner, card, review_by=due, remark=told["remark"])
