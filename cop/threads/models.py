"""Threads and posts, and the queries on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, column_property, mapped_column

from cop import access, things
from cop.base import clock
from cop.base.db import UtcDateTime, db
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.base.fast.rows import set_loaded
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Body, Follow, KeysetPager, Mark, Thing, ThingLink
from cop.things.forms import PAGE

# Questions without an accepted answer that can still be answered.
OPEN = "thread_kind = 'question' AND answer_id IS NULL AND closed IS NULL"
MOST_NEW = 100  # unread posts that are counted in a list

ThreadKind = Literal["question", "experience", "guidance", "announcement", "minutes"]


class Thread(Thing):
    """A thread in a community; its opening text is its first post."""

    __tablename__ = "thread"

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    # Copies of columns of the spine, which the session keeps the same: an index of lists holds columns of one table.
    audience_id: Mapped[int] = column_property(mapped_column("audience_id", Integer, nullable=False), Thing.audience_id)
    author_id: Mapped[int | None] = column_property(mapped_column("author_id", Integer, nullable=True), Thing.author_id)
    thread_kind: Mapped[str]
    pinned: Mapped[datetime | None]
    closed: Mapped[datetime | None]
    featured: Mapped[datetime | None]
    answer_id: Mapped[int | None]  # the accepted post, of a question
    replies: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Position of the last live post; 1 is the opening. A thread is unread while the reader's mark is behind this: an edit,
    # a reaction or a pin also takes a seq, but makes nothing unread.
    last_post: Mapped[int] = mapped_column(default=1)
    closes: Mapped[datetime | None]  # when it closes by itself
    pace: Mapped[int] = mapped_column(default=0, server_default="0")  # minutes between two replies of one person

    __mapper_args__ = {"polymorphic_identity": "thread"}

    @property
    def url(self) -> str:
        return f"/threads/{self.id}"


class Post(Thing):
    """A post in a thread; its text is its body."""

    __mapper_args__ = {"polymorphic_identity": "post"}

    @property
    def url(self) -> str:
        return f"/posts/{self.id}"


BODY = Body.__table__
THREAD = Thread.__table__
ACTIVITY = (THREAD.c.last_at, THREAD.c.id)  # the order of a list


def _index(name: str, *columns: ColumnElement[Any], where: str | None = None) -> None:
    """Add an index by which a list of the threads of an audience is read in its order."""
    only = sql(where) if where else None
    Index(f"ix_thread_{name}", THREAD.c.audience_id, *columns, postgresql_where=only, sqlite_where=only)


_index("active", *ACTIVITY)
_index("kind", THREAD.c.thread_kind, *ACTIVITY)
_index("started", THREAD.c.author_id, *ACTIVITY)
_index("newest", THREAD.c.id)
_index("answered", THREAD.c.id, where="answer_id IS NOT NULL")
_index("pinned", *ACTIVITY, where="pinned IS NOT NULL")
_index("featured", THREAD.c.featured, where="featured IS NOT NULL")
_index("open", *ACTIVITY, where=OPEN)
_index("waiting", THREAD.c.replies, THREAD.c.id, where=OPEN)
# The same as a condition; `OPEN` is for indexes.
UNSETTLED = (THREAD.c.thread_kind == "question") & THREAD.c.answer_id.is_(None) & THREAD.c.closed.is_(None)
THING = Thing.__table__
PERSON = Person.__table__
FOLLOW = Follow.__table__
LINK = ThingLink.__table__
ORGANISATION = Organisation.__table__


class PostRow(NamedTuple):
    """A post with its text, the names of its author and the outcome marked from it."""

    id: int
    seq: int
    changed: int
    state: str
    reason: str
    title: str  # that of a thread which this post opened before it was merged into this one
    version: int
    made: datetime
    edited: datetime | None
    author_id: int | None
    author_role: str
    audience_id: int
    thread_id: int
    html: str
    reply_to_id: int | None
    author_name: str | None
    author_photo: str | None
    organisation_name: str | None
    outcome_id: int | None
    outcome_title: str | None


PAGER = KeysetPager(
    "post",
    PostRow,
    select(
        THING.c.id,
        THING.c.seq,
        THING.c.changed,
        THING.c.state,
        THING.c.reason,
        THING.c.title,
        THING.c.version,
        THING.c.made,
        THING.c.edited,
        THING.c.author_id,
        THING.c.author_role,
        THING.c.audience_id,
        THING.c.parent_id.label("thread_id"),
        BODY.c.html,
        BODY.c.reply_to_id,
        PERSON.c.name.label("author_name"),
        PERSON.c.photo.label("author_photo"),
        ORGANISATION.c.name.label("organisation_name"),
        things.OUTCOME.id.label("outcome_id"),
        things.OUTCOME.title.label("outcome_title"),
    ).select_from(
        THING.join(BODY, BODY.c.thing_id == THING.c.id)
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
        .outerjoin(things.OUTCOME, things.newest_outcome(THING))
    ),
)


class ThreadRow(NamedTuple):
    """A thread as its page shows it, with the state of the reader in it."""

    id: int
    title: str
    state: str
    reason: str
    version: int
    made: datetime
    last_seq: int
    audience_id: int
    community_id: int | None
    author_id: int | None
    author_role: str
    organisation_id: int | None
    parent_id: int | None
    thread_kind: str
    pinned: datetime | None
    closed: datetime | None
    featured: datetime | None
    answer_id: int | None
    replies: int
    last_at: datetime
    author_name: str | None
    organisation_name: str | None
    last_post: int  # position of the last live post
    closes: datetime | None
    pace: int
    mark: int | None
    level: str | None
    draft: things.DraftFields | None

    @property
    def last_day(self) -> date | None:
        """The last day on which people can reply, of a thread that closes by itself."""
        return clock.last_date(self.closes) if self.closes else None


_SHOWN = access.VisibleQuery(
    select(
        *(THING.c[name] for name in ("id", "title", "state", "reason", "version", "made", "last_seq", "audience_id")),
        things.community_of(THING.c.audience_id).label("community_id"),
        *(THING.c[name] for name in ("author_id", "author_role", "organisation_id", "parent_id")),
        *(
            THREAD.c[name]
            for name in ("thread_kind", "pinned", "closed", "featured", "answer_id", "replies", "last_at")
        ),
        PERSON.c.name.label("author_name"),
        ORGANISATION.c.name.label("organisation_name"),
        THREAD.c.last_post,
        THREAD.c.closes,
        THREAD.c.pace,
        *things.reader_columns(THING.c.id),
    )
    .select_from(
        THING.join(THREAD, THREAD.c.id == THING.c.id)
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
    )
    .where(THING.c.id == bindparam("id")),
    row=ThreadRow,
)


def shown(person: Person, id: int) -> ThreadRow:
    """Return a thread as its page shows it; raise NotFound unless the person may see it."""
    return access.find_row(person, _SHOWN, id=id, place=f"thread:{id}")


_COUNT = PreparedWrite(
    update(Thread)
    .where(THREAD.c.id == bindparam("thread"))
    .values(
        replies=THREAD.c.replies + 1,
        last_at=bindparam("at", type_=UtcDateTime),
        last_author_id=bindparam("author"),
        last_post=bindparam("seq", type_=Integer),
    ),
    changes="",  # the new post raises the version of its thread
)


def count_reply(thread: Thread, post: Post) -> None:
    """Update a thread's reply count, last activity and last post."""
    _COUNT.run(thread=thread.id, at=post.made, author=post.author_id, seq=post.seq)
    set_loaded(thread, "replies", thread.replies + 1)
    set_loaded(thread, "last_at", post.made)
    set_loaded(thread, "last_author_id", post.author_id)
    set_loaded(thread, "last_post", post.seq)


_POST = THING.alias("post")
_LAST_POST = PreparedWrite(
    update(Thread)
    .where(THREAD.c.id == bindparam("thread"))
    .values(
        last_post=func.coalesce(
            select(_POST.c.seq)
            .where(_POST.c.parent_id == bindparam("thread"), _POST.c.kind == "post", _POST.c.state == "live")
            .order_by(_POST.c.seq.desc())
            .limit(1)
            .scalar_subquery(),
            0,
        )
    )
    .returning(THREAD.c.last_post),
    changes="",  # the post that was hidden or shown raises the version of its thread
)


def find_last_post(thread: Thread) -> None:
    """Update the position of a thread's last live post, after a post was hidden, retracted or shown again."""
    (row,) = _LAST_POST.rows(thread=thread.id)
    set_loaded(thread, "last_post", row.last_post)


def address(post: Post) -> str:
    """Return the address of a post in its thread."""
    return f"/threads/{post.parent_id}?after={max(0, post.seq - 10)}#post-{post.id}"


def post_rows(ids: Iterable[int]) -> list[PostRow]:
    """Return the posts with these ids, by position."""
    return PAGER.with_ids(ids)


def posts(
    thread_id: int,
    *,
    after: int | None = None,
    before: int | None = None,
    changed_after: int | None = None,
    limit: int = PAGE,
) -> Slice[PostRow]:
    """Return a slice of a thread's posts by position, by default the first, or those that changed after a seq."""
    if changed_after is not None:
        return PAGER.changed(thread_id, changed_after, limit)
    if before is not None:
        return PAGER.before(thread_id, before, limit)
    return PAGER.after(thread_id, after or 0, limit)


_AUTHOR, _LAST_AUTHOR, MARK = PERSON.alias(), PERSON.alias(), Mark.__table__
_NEW = THING.alias("new_post")
# How many posts the reader has not read in a thread that they opened before; no more are counted than a list shows.
_COUNT_NEW = (
    select(func.count())
    .select_from(
        select(literal(1).label("new"))
        .where(_NEW.c.parent_id == THING.c.id, _NEW.c.kind == "post", _NEW.c.state == "live", _NEW.c.seq > MARK.c.seq)
        .limit(MOST_NEW)
        .correlate(THING, MARK)
        .subquery()
    )
    .correlate(THING, MARK)
    .scalar_subquery()
)


class ListedThread(NamedTuple):
    """A thread in a list; unread while `mark`, the reader's, is less than `last_post`."""

    id: int
    title: str
    state: str
    version: int
    made: datetime
    last_seq: int
    author_role: str
    audience_id: int
    community_id: int | None
    thread_kind: str
    pinned: datetime | None
    closed: datetime | None
    featured: datetime | None
    answer_id: int | None
    replies: int
    last_at: datetime
    author_name: str | None
    author_id: int | None
    organisation_name: str | None
    last_author_name: str | None
    last_author_id: int | None
    last_post: int
    mark: int | None
    new: int  # unread posts, up to MOST_NEW; 0 where the reader has never opened the thread


def _unanswered(query: Select[Any]) -> Select[Any]:
    return query.where(sql(OPEN))


def _unanswered_pinned(query: Select[Any]) -> Select[Any]:
    return query.where(_PINNED_KIND == "question", THREAD.c.answer_id.is_(None), THREAD.c.closed.is_(None))


def _mine(query: Select[Any]) -> Select[Any]:
    return query.where(THREAD.c.author_id == bindparam("person"))


def _followed(query: Select[Any]) -> Select[Any]:
    return query.where(
        select(FOLLOW.c.thing_id)
        .where(FOLLOW.c.person_id == bindparam("person"), FOLLOW.c.thing_id == THREAD.c.id, FOLLOW.c.level == "all")
        .exists()
    )


# Pinned threads are few and have an index; by a kind as it is, a database would go through all threads of that kind.
_PINNED_KIND = THREAD.c.thread_kind.concat("")
_SHOWING: dict[str | None, Callable[[Select[Any]], Select[Any]]] = {
    None: lambda query: query,
    "unanswered": _unanswered,
    "mine": _mine,
    "following": _followed,
}


@cache
def _listed(pinned: bool, kind: bool, after: bool, show: str | None, sort: str) -> access.VisibleQuery[ListedThread]:
    """Return the query for the threads of `:audience` that `:person` sees, with these conditions."""
    query: Select[Any] = (
        select(
            *(
                THING.c[name]
                for name in ("id", "title", "state", "version", "made", "last_seq", "author_role", "audience_id")
            ),
            things.community_of(THING.c.audience_id).label("community_id"),
            *(
                THREAD.c[name]
                for name in ("thread_kind", "pinned", "closed", "featured", "answer_id", "replies", "last_at")
            ),
            _AUTHOR.c.name.label("author_name"),
            _AUTHOR.c.id.label("author_id"),
            ORGANISATION.c.name.label("organisation_name"),
            _LAST_AUTHOR.c.name.label("last_author_name"),
            _LAST_AUTHOR.c.id.label("last_author_id"),
            THREAD.c.last_post,
            MARK.c.seq.label("mark"),
            case((MARK.c.seq.is_not(None), _COUNT_NEW), else_=0).label("new"),
        )
        .select_from(
            THING.join(THREAD, THREAD.c.id == THING.c.id)
            .outerjoin(_AUTHOR, _AUTHOR.c.id == THING.c.author_id)
            .outerjoin(_LAST_AUTHOR, _LAST_AUTHOR.c.id == THREAD.c.last_author_id)
            .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
            .outerjoin(MARK, (MARK.c.thing_id == THING.c.id) & (MARK.c.person_id == bindparam("person")))
        )
        .where(THREAD.c.audience_id == bindparam("audience"))
        .order_by(*(column.desc() for column in ((THREAD.c.id,) if sort == "newest" else ACTIVITY)))
        .limit(bindparam("most", type_=Integer))
    )
    query = (_unanswered_pinned if pinned and show == "unanswered" else _SHOWING[show])(query)
    if pinned:
        query = query.where(THREAD.c.pinned.is_not(None))
    if kind:
        query = query.where((_PINNED_KIND if pinned else THREAD.c.thread_kind) == bindparam("kind"))
    if after and sort == "newest":
        query = query.where(THREAD.c.id < bindparam("id", type_=Integer))
    elif after:
        query = query.where(
            tuple_(*ACTIVITY) < tuple_(bindparam("at", type_=UtcDateTime), bindparam("id", type_=Integer))
        )
    return access.VisibleQuery(query, row=ListedThread)


def threads(
    person: Person,
    audience_id: int,
    *,
    pinned: bool = False,
    after: str | None = None,
    kind: str | None = None,
    show: str | None = None,
    sort: str = "activity",
    limit: int = 20,
) -> Slice[ListedThread]:
    """Return the threads of an audience that the person may see; `pinned`: only pinned ones.

    show: unanswered, mine or following. sort: by newest activity, or by the newest thread.
    """
    given: dict[str, object] = {"kind": kind} if kind else {}
    if after:
        at, given["id"] = decode_cursor(after)
        given |= {"at": at} if sort == "activity" else {}
    query = _listed(pinned, bool(kind), bool(after), show, sort)
    rows = access.rows(person, query, audience=audience_id, most=limit + 1, **given)
    more, rows = len(rows) > limit, rows[:limit]
    return Slice(rows, next=encode_cursor(rows[-1].last_at, rows[-1].id) if more else None)


def opening_post(thread: Thread) -> Post:
    """Return the post with the opening text of a thread."""
    return db.session.scalars(select(Post).where(Post.parent_id == thread.id).order_by(Post.seq).limit(1)).one()


RECENT = 200  # posts of a thread that its aside looks at


class Contribution(NamedTuple):
    """Who wrote a post."""

    id: int
    author_id: int
    author_role: str
    author_name: str
    author_photo: str | None


_RECENT = PreparedQuery(
    select(
        THING.c.id,
        THING.c.author_id,
        THING.c.author_role,
        PERSON.c.name.label("author_name"),
        PERSON.c.photo.label("author_photo"),
    )
    .select_from(THING.join(PERSON, PERSON.c.id == THING.c.author_id))
    .where(THING.c.parent_id == bindparam("thread"), THING.c.kind == "post", THING.c.state == "live")
    .order_by(THING.c.seq.desc())
    .limit(RECENT),
    row=Contribution,
)


class AttachedFile(NamedTuple):
    """A file attached to a post of a thread."""

    id: int
    title: str


_FILE = THING.alias("attached")
_FILES = PreparedQuery(
    select(_FILE.c.id, _FILE.c.title)
    .select_from(
        THING.join(LINK, (LINK.c.from_id == THING.c.id) & (LINK.c.kind == "attachment")).join(
            _FILE, (_FILE.c.id == LINK.c.to_id) & (_FILE.c.audience_id == THING.c.audience_id)
        )
    )
    .where(THING.c.parent_id == bindparam("thread"), THING.c.state == "live", _FILE.c.state == "live")
    .order_by(LINK.c.id.desc())
    .limit(bindparam("most", type_=Integer)),
    row=AttachedFile,
)


def contributions(thread_id: int) -> list[Contribution]:
    """Return who wrote the newest live posts of a thread, the last one first."""
    return _RECENT.rows(thread=thread_id)


def files_in(thread_id: int, limit: int = 6) -> list[AttachedFile]:
    """Return the files that were attached last in a thread."""
    return _FILES.rows(thread=thread_id, most=limit)


def count_posts(thread_id: int) -> int:
    """Return the number of posts in a thread."""
    return db.session.scalar(select(func.count()).where(THING.c.parent_id == thread_id, THING.c.kind == "post")) or 0
