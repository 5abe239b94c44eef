"""Reactions of people to a thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base, db, upsert
from cop.base.fast.prepared import PreparedQuery
from cop.society.people import Person
from cop.things.spine import Thing
from cop.things.versions import shown_on

REACTIONS = (
    *("thanks", "useful", "agree", "idea"),  # Bedankt · Nuttig · Herken ik · Goed idee
    *("thumbs", "heart", "laugh", "cheer", "wow", "care"),  # 👍 ❤️ 😂 🎉 😮 🙏
)


@shown_on("thing_id")
class Reaction(Base):
    """A reaction of a person to a thing; of each kind one at most."""

    __tablename__ = "reaction"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)


class ReactionRow(NamedTuple):
    """A reaction of a person to a thing."""

    thing_id: int
    kind: str
    person_id: int


_REACTIONS = PreparedQuery(
    select(Reaction.thing_id, Reaction.kind, Reaction.person_id)
    .where(Reaction.thing_id.in_(bindparam("ids", expanding=True)))
    .order_by(Reaction.thing_id, Reaction.kind, Reaction.person_id),
    row=ReactionRow,
)


def react(thing: Thing, person: Person, kind: str, on: bool = True) -> None:
    """Add a reaction, or remove it."""
    keys = {"thing_id": thing.id, "person_id": person.id, "kind": kind}
    if on:
        upsert(Reaction, keys, {}, changes=[thing.id])
    else:
        db.session.execute(delete(Reaction).filter_by(**keys), execution_options={"changes": [thing.id]})


def reactions(ids: Iterable[int]) -> dict[int, dict[str, list[int]]]:
    """Return the ids of the people who reacted, by thing and kind of reaction."""
    by: dict[int, dict[str, list[int]]] = {}
    for thing, kind, person in _REACTIONS.rows(ids=list(ids)):
        by.setdefault(thing, {}).setdefault(kind, []).append(person)
    return by


def reactors(id: int) -> dict[str, dict[int, str]]:
    """Return the people who reacted to a thing, by kind of reaction: their names by id."""
    by: dict[str, dict[int, str]] = {}
    for kind, person, name in db.session.execute(
        select(Reaction.kind, Person.id, Person.name)
        .join(Person, Person.id == Reaction.person_id)
        .where(Reaction.thing_id == id)
        .order_by(Person.name, Person.id)
    ):
        by.setdefault(kind, {})[person] = name
    return by
