"""Guidance: a card with its sections, sources, comments and adopted versions.

The kind of thing is called `card`: `guidance` is a kind of thread.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, Table, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.meetings import answer_links
from cop.society.people import Person
from cop.things import Thing, shown_on

# draft: being written · review: somebody was asked to review it · adopted: it holds · expired: it holds no more.
# A card that was adopted before and is a draft or in review again is being revised: readers see its adopted version.
Status = Literal["draft", "review", "adopted", "expired"]
SectionName = Literal["situation", "whom", "works", "why", "caution", "steps"]
SECTIONS: tuple[SectionName, ...] = ("situation", "whom", "works", "why", "caution", "steps")
# changed: it says something else since it was taken · hidden, retracted, moved: readers do not see it ·
# erased: it was removed as a data breach
Mark = Literal["", "changed", "hidden", "retracted", "moved", "erased"]
# The kind of link to a source, by the kind of thing: that of a text is shown on its page, which is cached by version.
LINKS = {"post": "guidance", "message": "guidance", "outcome": "basis", "file": "basis"}
LONGEST = 1000  # characters of a comment, remark or reason
EXCERPT = 400  # characters of a source
MOST_SOURCES = 60
PAGE = 20


class Card(Thing):
    """Guidance. The title and the sections are those of the work; `CardVersion` has what was adopted.

    number: of the newest adopted version, 0 before the first. review_by: until when that holds without a look at it.
    reminded: the `review_by` of which the owner was mailed. plain: the words of the adopted version, for search.
    """

    __tablename__ = "card"
    __table_args__ = (  # type: ignore[assignment]  # not those of things
        Index("ix_card_due", "status", "review_by"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    status: Mapped[str] = mapped_column(String(8), default="draft")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: any moderator
    review_asked: Mapped[datetime | None]
    approved: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int] = mapped_column(default=0)
    adopted: Mapped[datetime | None]
    review_by: Mapped[date | None]
    reminded: Mapped[date | None]
    expired: Mapped[datetime | None]
    expiry_reason: Mapped[str] = mapped_column(Text, default="")
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("card.id"), index=True)
    plain: Mapped[str] = mapped_column(Text, default="")

    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])

    __mapper_args__ = {"polymorphic_identity": "card", "inherit_condition": id == Thing.id}

    @property
    def url(self) -> str:
        return f"/guidance/{self.id}"

    @property
    def editable(self) -> bool:
        """Whether its text is being written."""
        return self.status in ("draft", "review")

    @property
    def revised(self) -> bool:
        """Whether a new version of it is being written."""
        return self.editable and self.number > 0


class _OfCard:
    """What a part has from its card, for the rules of its verbs."""

    @property
    def audience_id(self) -> int:
        return self.card.audience_id  # type: ignore[attr-defined,no-any-return]

    @property
    def owner_id(self) -> int | None:
        return self.card.owner_id  # type: ignore[attr-defined,no-any-return]


@shown_on("card_id")
class CardSection(Base):
    """The text of a section; `version` is that on which an edit is based."""

    __tablename__ = "card_section"

    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(12), primary_key=True)
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    plain: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    edited: Mapped[datetime | None]


@shown_on("card_id")
class CardSource(_OfCard, Base):
    """A thing on which a card rests, as it was when it was taken.

    section: the one that it supports, "" for the whole card. excerpt: the words that were carried over; they are shown only
    while `mark` is "". named: whether its author is credited by name. version, digest: of what it said. mark: what happened
    to it since; left: when it was left out.
    """

    __tablename__ = "card_source"
    __table_args__ = (Index("uq_card_source", "card_id", "thing_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"))
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    section: Mapped[str] = mapped_column(String(12), default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    named: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(10), default="")
    marked: Mapped[datetime | None]
    added: Mapped[datetime] = mapped_column(default=clock.now)
    left: Mapped[datetime | None]

    card: Mapped[Card] = relationship(foreign_keys=[card_id])
    thing: Mapped[Thing] = relationship(foreign_keys=[thing_id])

    @property
    def url(self) -> str:
        return f"/guidance/sources/{self.id}"


@shown_on("card_id")
class CardComment(_OfCard, Base):
    """What somebody said about a section of a card, "" for the whole, until its owner settled it."""

    __tablename__ = "card_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"), index=True)
    section: Mapped[str] = mapped_column(String(12), default="")
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    settled: Mapped[datetime | None]
    removed: Mapped[datetime | None]

    card: Mapped[Card] = relationship(foreign_keys=[card_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])

    @property
    def url(self) -> str:
        return f"/guidance/comments/{self.id}"


@shown_on("card_id")
class CardVersion(Base):
    """A version as it was adopted.

    content: its title, its sections as {name: {source, html, plain}}, and the ids of its sources. These say who wrote what:
    names can be withdrawn from them, and words of a source that is gone are in no version.
    """

    __tablename__ = "card_version"

    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])


CARD: Table = Card.__table__  # type: ignore[assignment]
SOURCE: Table = CardSource.__table__  # type: ignore[assignment]
THING = Thing.__table__


def sections_of(card_id: int) -> dict[str, CardSection]:
    """Return the sections of a card by their names, in their order."""
    found = {one.name: one for one in db.session.scalars(select(CardSection).where(CardSection.card_id == card_id))}
    return {name: found[name] for name in SECTIONS if name in found}


def versions_of(card_id: int) -> list[CardVersion]:
    """Return the adopted versions of a card, the newest first."""
    found = select(CardVersion).where(CardVersion.card_id == card_id).order_by(CardVersion.number.desc())
    return list(db.session.scalars(found))


def comments_of(card_id: int) -> list[CardComment]:
    """Return the comments on a card, the oldest first; those that were removed are left out."""
    found = select(CardComment).where(CardComment.card_id == card_id, CardComment.removed.is_(None))
    return list(db.session.scalars(found.order_by(CardComment.id)))


def find_source(person: Person, id: int) -> CardSource:
    """Return a source of a card that the person may see; raise NotFound for others, and for one that was left out."""
    found = db.session.get(CardSource, id)
    if found is None or found.left is not None:
        raise NotFound
    access.find(person, Card, found.card_id)
    return found


def find_comment(person: Person, id: int) -> CardComment:
    """Return a comment on a card that the person may see; raise NotFound for others, and for one that was removed."""
    found = db.session.get(CardComment, id)
    if found is None or found.removed is not None:
        raise NotFound
    access.find(person, Card, found.card_id)
    return found


def find_removed(person: Person, id: int) -> Card:
    """Return a card that the person may see, or may put back; else raise NotFound."""
    found = db.session.get(Card, id)
    own = access.rights(person)
    if found is None or own.role(found.audience_id) is None:
        raise NotFound
    if found.state != "live" and found.owner_id != person.id and not own.plans(found.audience_id):
        raise NotFound
    return found


def possible_reviewers(card: Card) -> list[tuple[int, str]]:
    """Return who can review a card, by name: its experts, moderators and team, except its owner."""
    found = db.session.execute(
        select(Person)
        .where(access.readers_of(card.audience_id), Person.state == "active", Person.name != "")
        .order_by(Person.name, Person.id)
    ).scalars()
    return [(one.id, one.name) for one in found if one.id != card.owner_id and may_review(one, card.audience_id)]


def may_review(person: Person, audience_id: int) -> bool:
    """Return whether somebody is an expert, moderator or team here."""
    return access.rights(person).role(audience_id) in ("expert", *access.CURATORS)


def possible_owners(audience_id: int) -> list[tuple[int, str]]:
    """Return the people of an audience who can own a card, by name."""
    found = db.session.execute(
        select(Person.id, Person.name)
        .where(access.readers_of(audience_id), Person.state == "active", Person.name != "")
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name) for row in found]


# The link in the mail

LINK = "guidance-confirmation"


def confirmation_token(card_id: int, person_id: int) -> str:
    """Return the signed token by which the owner of a card says whether it holds."""
    return answer_links.sign(LINK, card_id, person_id)


def read_confirmation_token(token: str) -> tuple[Card, Person] | None:
    """Return the card and its owner of a token; None unless it is valid and they still own it and may see it."""
    found = answer_links.read(LINK, token)
    if found is None:
        return None
    id, person = found
    card: Card | None = db.session.scalar(select(Card).where(Card.id == id, access.visible_to(person, Card)))
    return (card, person) if card is not None and card.owner_id == person.id else None
