"""The state of the demo while it is played: the rows made so far, by their keys in the story."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, or_, select

from cop.base import clock, text
from cop.base.db import db
from cop.base.email import Email
from cop.base.jobs import Job
from cop.base.text import Text
from cop.chat.models import Message
from cop.cli.demo import Demo, linked
from cop.documents.models import File, Folder
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Reaction, Thing
from cop.threads.models import Post, Thread


@dataclass(frozen=True, order=True)
class Event:
    """An event of the demo; of two at the same moment the one with the lower `turn` is first."""

    at: datetime
    turn: int
    happen: Callable[[], object] = field(compare=False)


@dataclass
class Stage:
    """The rows made so far, by the keys with which the story refers to them."""

    demo: Demo
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    posts: dict[tuple[str, int], Post] = field(default_factory=dict)  # by thread and number
    places: dict[str, Thing] = field(default_factory=dict)  # threads and rooms
    reached: dict[tuple[str, int], int] = field(default_factory=dict)  # place and number → its last seq then
    folders: dict[str, Folder] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    messages: dict[tuple[str, int], Message] = field(default_factory=dict)  # by room and number
    sources: dict[str, Message] = field(default_factory=dict)  # messages that became threads

    def written(self, body: str) -> Text:
        """Render Markdown of the story, with the addresses of the documents it links to."""
        return text.render(linked(body, lambda key: f"/files/{self.files[key].id}"), "markdown")

    def react(self, thing: Thing, reactions: Mapping[str, tuple[str, ...]]) -> None:
        """Insert reactions to a thing as rows, because the verbs would double the time of the whole demo."""
        db.session.execute(
            insert(Reaction),
            [
                {"thing_id": thing.id, "person_id": self.people[key].id, "kind": kind}
                for kind, people in reactions.items()
                for key in people
            ],
            execution_options={"changes": [thing.id]},
        )

    def curator(self, community: str) -> Person:
        """Return the moderator of a community, or else a member of the programme team."""
        roles: Mapping[str, str] = {one.key: one.communities.get(community, "") for one in self.demo.people}
        key = next((key for role in ("moderator", "team") for key, has in roles.items() if has == role))
        return self.people[key]


def utc(local: datetime) -> datetime:
    """Return a moment of the story, which is in Dutch time, in UTC."""
    return local.replace(tzinfo=clock.AMSTERDAM).astimezone(UTC)


def turn_to(moment: datetime) -> timedelta:
    """Set the clock of this process to `moment`, from where it runs on; return the shift."""
    clock.shift(timedelta(0))
    by = moment - clock.now()
    clock.shift(by)
    return by


def drop_mails(*kinds: str) -> None:
    """Drop the mails whose kinds begin so: they are of weeks ago, and what they link to is on the cast page."""
    told = or_(*(Email.kind.startswith(kind) for kind in kinds))
    mails = list(db.session.scalars(select(Email.id).where(told)))
    waiting = db.session.scalars(select(Job).where(Job.name == "mail.send", Job.state == "waiting")).all()
    for job in waiting:
        if job.arguments[0] in mails:
            db.session.delete(job)
    db.session.flush()
    db.session.execute(delete(Email).where(Email.id.in_(mails)))
