"""Threads and their posts, and the questions asked of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Row, Select, Text, bindparam, func, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from cop import access, things
from cop.base import clock
from cop.base.db import Base, Moment, db
from cop.base.ready import Ready
from cop.base.web import Page
from cop.people.models import Organisation, Person
from cop.things import Mark, Stretches, Thing

ThreadKind = Literal["question", "experience", "guidance", "announcement"]
PAGE = 50


class Thread(Thing):
    """A thread in a community; its opening is its first post."""

    __tablename__ = "thread"

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    thread_kind: Mapped[str]
    pinned: Mapped[datetime | None]
    closed: Mapped[datetime | None]
    featured: Mapped[datetime | None]
    answer_id: Mapped[int | None]  # the accepted post, of a question
    replies: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    last_author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __mapper_args__ = {"polymorphic_identity": "thread"}

    @property
    def url(self) -> str:
        return f"/threads/{self.id}"


class Post(Thing):
    """A post in a thread, with its text as written and as rendered."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    format: Mapped[str]
    html: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    text_version: Mapped[int]
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))

    __mapper_args__ = {"polymorphic_identity": "post", "inherit_condition": id == Thing.id}

    @property
    def url(self) -> str:
        return f"/posts/{self.id}"

    @property
    def thread_id(self) -> int | None:
        return self.parent_id


class Revision(Base):
    """An earlier text of a post."""

    __tablename__ = "revision"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    format: Mapped[str]
    html: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime]


POST = Post.__table__
THREAD = Thread.__table__
THING = Thing.__table__
PERSON = Person.__table__
ORGANISATION = Organisation.__table__


def _posts() -> Select[Any]:
    """Posts as rows with their authors, by Core: the hot page reads them by the thousand."""
    return select(
        THING.c.id,
        THING.c.seq,
        THING.c.changed,
        THING.c.state,
        THING.c.reason,
        THING.c.version,
        THING.c.made,
        THING.c.edited,
        THING.c.author_id,
        THING.c.author_role,
        THING.c.community_id,
        THING.c.parent_id.label("thread_id"),
        POST.c.html,
        POST.c.reply_to_id,
        PERSON.c.name.label("author_name"),
        PERSON.c.photo.label("author_photo"),
        ORGANISATION.c.name.label("organisation_name"),
    ).select_from(
        THING.join(POST, POST.c.id == THING.c.id)
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
    )


# Where the last post of a thread stands that can be read. What is new to somebody is a post behind their mark; an edit,
# a reaction or a moved pin also takes a seq, but is nothing to come back for. One step in an index.
_LAST = THING.alias("last_post")
LAST_POST = (
    select(_LAST.c.seq)
    .where(_LAST.c.parent_id == THING.c.id, _LAST.c.kind == "post", _LAST.c.state == "live")
    .order_by(_LAST.c.seq.desc())
    .limit(1)
    .correlate(THING)
    .scalar_subquery()
)

# A thread as its page shows it, for `:person` with these rights, and how far they are with it; in one question.
_SHOWN = Ready(
    select(
        *(THING.c[name] for name in ("id", "title", "state", "reason", "version", "made", "last_seq", "community_id")),
        *(THING.c[name] for name in ("author_id", "author_role", "organisation_id", "parent_id")),
        *(
            THREAD.c[name]
            for name in ("thread_kind", "pinned", "closed", "featured", "answer_id", "replies", "last_at")
        ),
        PERSON.c.name.label("author_name"),
        ORGANISATION.c.name.label("organisation_name"),
        func.coalesce(LAST_POST, 0).label("last_post"),
        *things.mine_of(THING.c.id),
    )
    .select_from(
        THING.join(THREAD, THREAD.c.id == THING.c.id)
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
    )
    .where(THING.c.id == bindparam("id"), access.SEEN)
)


def shown(person: Person, id: int) -> Row[Any]:
    """A thread as a row of `_SHOWN`; 404 for who may not see it."""
    return access.find_row(person, _SHOWN, id=id, place=f"thread:{id}")


_COUNT = Ready(
    update(Thread)
    .where(THREAD.c.id == bindparam("thread"))
    .values(replies=THREAD.c.replies + 1, last_at=bindparam("at", type_=Moment), last_author_id=bindparam("author"))
)


def count_reply(thread: Thread, post: Post) -> None:
    """Has a thread count a reply and stand where its newest activity puts it, in the running unit."""
    _COUNT.run(thread=thread.id, at=post.made, author=post.author_id)
    set_committed_value(thread, "replies", thread.replies + 1)
    set_committed_value(thread, "last_at", post.made)
    set_committed_value(thread, "last_author_id", post.author_id)


def revisions(post_id: int) -> list[Revision]:
    """The earlier texts of a post, newest first."""
    return list(
        db.session.scalars(select(Revision).where(Revision.post_id == post_id).order_by(Revision.version.desc()))
    )


STRETCHES = Stretches("post", _posts())


def post_rows(ids: list[int]) -> list[Any]:
    """These posts as rows, in the order of their place."""
    return STRETCHES.these(ids)


def posts(
    thread_id: int,
    *,
    after: int | None = None,
    before: int | None = None,
    changed_after: int | None = None,
    limit: int = PAGE,
) -> Page:
    """A stretch of a thread's posts by position (without a key the first), or what changed since a seq."""
    if changed_after is not None:
        return STRETCHES.changed(thread_id, changed_after, limit)
    if before is not None:
        return STRETCHES.before(thread_id, before, limit)
    return STRETCHES.after(thread_id, after or 0, limit)


def threads(
    condition: Any, person_id: int, *, after: str | None = None, kind: str | None = None, limit: int = 20
) -> Page:
    """Threads for which `condition` holds, newest activity first, pinned ones on top of the first page.

    Rows carry `mark`: how far the person has read, and `last_post`, so that unread shows. The key is `<microseconds>-<id>`.
    """
    author, last = aliased(PERSON), aliased(PERSON)
    ask = (
        select(
            THING.c.id,
            THING.c.title,
            THING.c.state,
            THING.c.made,
            THING.c.last_seq,
            THING.c.author_role,
            THING.c.community_id,
            THREAD.c.thread_kind,
            THREAD.c.pinned,
            THREAD.c.closed,
            THREAD.c.featured,
            THREAD.c.answer_id,
            THREAD.c.replies,
            THREAD.c.last_at,
            author.c.name.label("author_name"),
            author.c.id.label("author_id"),
            ORGANISATION.c.name.label("organisation_name"),
            last.c.name.label("last_author_name"),
            func.coalesce(LAST_POST, 0).label("last_post"),
            Mark.__table__.c.seq.label("mark"),
        )
        .select_from(
            THING.join(THREAD, THREAD.c.id == THING.c.id)
            .outerjoin(author, author.c.id == THING.c.author_id)
            .outerjoin(last, last.c.id == THREAD.c.last_author_id)
            .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
            .outerjoin(
                Mark.__table__, (Mark.__table__.c.thing_id == THING.c.id) & (Mark.__table__.c.person_id == person_id)
            )
        )
        .where(condition)
        .order_by(THREAD.c.last_at.desc(), THING.c.id.desc())
        .limit(limit + 1)
    )
    if kind:
        ask = ask.where(THREAD.c.thread_kind == kind)
    if after:
        at, id = _key(after)
        ask = ask.where((THREAD.c.last_at < at) | ((THREAD.c.last_at == at) & (THING.c.id < id)))
    rows = list(db.session.execute(ask))
    more, rows = len(rows) > limit, rows[:limit]
    return Page(rows, next=_key_of(rows[-1]) if more else None)


def _key_of(row: Any) -> str:
    return f"{int(row.last_at.timestamp() * 1_000_000)}-{row.id}"


def _key(key: str) -> tuple[datetime, int]:
    from datetime import UTC, timedelta

    from cop.base.errors import Invalid
    from cop.base.words import _

    micro, _dash, id = key.partition("-")
    if not (micro.isdecimal() and id.isdecimal() and len(micro) < 18 and len(id) < 11):
        raise Invalid(errors={"after": _("Deze bladwijzer klopt niet. Begin vooraan.")})
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micro)), int(id)


def count_posts(thread_id: int) -> int:
    """How many posts stand in a thread."""
    return db.session.scalar(select(func.count()).where(THING.c.parent_id == thread_id, THING.c.kind == "post")) or 0
