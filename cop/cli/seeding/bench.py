"""The data of the benchmarks, inserted in bulk, because the verbs would take an hour."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, insert

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import Base, db
from cop.base.files import LARGEST, Blob, Store
from cop.base.text import Text
from cop.chat.models import ensure_room
from cop.cli import bench_data
from cop.cli.bench_data import CATEGORIES, Topic
from cop.documents.models import File, Version
from cop.search.filling import index_all
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.programmes import Community, Programme
from cop.things import Body, Thing
from cop.threads.models import Thread

ORGANISATIONS = 30
CHUNK = 200  # texts per task of a rendering process
Row = dict[str, Any]


def fill(posts: int, people: int, files: int, messages: int, report: Callable[[str], None]) -> None:
    """Fill an empty database with three communities of everybody, their threads, rooms and files, all indexed."""
    topics, said = list(bench_data.topics(posts)), list(bench_data.messages(messages))
    report(f"rendering {posts} posts and {messages} messages …")
    sources = [post.markdown for topic in topics for post in topic.posts] + [source for _who, source in said]
    rendered = iter(_rendered(sources))
    report(f"keeping {files} files …")
    blobs = [_kept(number) for number in range(1, files + 1)]
    report("adding rows …")
    with transaction():
        members = _people(people)
        communities = _communities(members)
        for topic in topics:
            _thread(topic, communities[topic.category], members, [next(rendered) for _ in topic.posts])
        for index, community in enumerate(communities):
            _files(community, members, blobs[index :: len(communities)])
        _messages(communities, members, [who for who, _source in said], list(rendered))
        report("indexing …")
        index_all()


def _rendered(sources: Sequence[str]) -> list[Text]:
    """Render the texts on all cores of the machine."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(_render, sources, chunksize=CHUNK))


def _render(source: str) -> Text:
    return text.render(source, "markdown")


def _kept(number: int) -> Blob:
    store: Store = current_app.extensions["files"]
    body = f"Notitie {number}\n\n{bench_data.VOCABULARY}".encode()
    return store.keep(store.spool(io.BytesIO(body), LARGEST, f"notitie-{number}.txt"))


def _people(number: int) -> list[Person]:
    """Insert lid001@bench.example and so on, who have all entered and belong to an organisation."""
    organisations = [Organisation(kind="municipality", name=f"Gemeente {n}") for n in range(1, ORGANISATIONS + 1)]
    db.session.add_all(organisations)
    db.session.flush()
    people = [
        Person(
            mail=f"lid{n:03d}@bench.example",
            name=f"Lid {n:03d}",
            state="active",
            entered=clock.now(),
            organisation_id=organisations[n % ORGANISATIONS].id,
        )
        for n in range(1, number + 1)
    ]
    db.session.add_all(people)
    db.session.flush()
    works = [{"person_id": one.id, "organisation_id": one.organisation_id} for one in people]
    db.session.execute(insert(Affiliation), works)
    return people


def _communities(members: Iterable[Person]) -> list[Community]:
    """Insert a community for each category, with everybody as a member; its slug is the first word of its name."""
    programme = Programme(slug="bench", name="Meting", phase="deepening")
    db.session.add(programme)
    db.session.flush()
    communities = [
        Community(programme_id=programme.id, slug=name.split()[0].lower(), name=name, position=position)
        for position, name in enumerate(CATEGORIES, start=1)
    ]
    db.session.add_all(communities)
    db.session.flush()
    db.session.execute(
        insert(Membership),
        [
            {"person_id": member.id, "community_id": community.id, "role": "member"}
            for community in communities
            for member in members
        ],
    )
    return communities


def _thing(kind: str, community: Community, author: Person, made: datetime, **more: Any) -> Row:
    return {
        "kind": kind,
        "audience_id": community.audience_id,
        "author_id": author.id,
        "author_role": "member",
        "organisation_id": author.organisation_id,
        "made": made,
        **more,
    }


def _add(own_model: type[Base], things: list[Row], own: list[Row], key: str = "id") -> list[int]:
    """Add things, each a row of the spine and one of its own table, where its id stands in `key`; return their ids."""
    spine, table = cast(Table, Thing.__table__), cast(Table, own_model.__table__)
    nothing_shown = {"changes": ()}  # the numbers of versions and positions are among the given columns
    ids = list(
        db.session.scalars(
            insert(spine).returning(spine.c.id, sort_by_parameter_order=True), things, execution_options=nothing_shown
        )
    )
    rows = [{key: id, **row} for id, row in zip(ids, own, strict=True)]
    db.session.execute(insert(table), rows, execution_options=nothing_shown)
    return ids


def _written(rendered: Text) -> Row:
    return {
        "source": rendered.source,
        "format": rendered.format,
        "html": rendered.html,
        "plain": rendered.plain,
        "text_version": text.VERSION,
    }


def _thread(topic: Topic, community: Community, members: Sequence[Person], rendered: list[Text]) -> None:
    """Insert a thread with all its posts."""
    authors = [members[post.person % len(members)] for post in topic.posts]
    made = [datetime.fromtimestamp(post.written_at, UTC) for post in topic.posts]
    number = len(topic.posts)
    spine = _thing("thread", community, authors[0], made[0], title=topic.title, last_seq=number, version=number + 1)
    [thread] = _add(
        Thread,
        [spine],
        [
            {
                "audience_id": community.audience_id,
                "author_id": authors[0].id,
                "thread_kind": "experience",
                "replies": number - 1,
                "last_at": made[-1],
                "last_author_id": authors[-1].id,
                "last_post": number,
            }
        ],
    )
    _add(
        Body,
        [
            _thing("post", community, author, at, parent_id=thread, seq=seq, changed=seq)
            for seq, (author, at) in enumerate(zip(authors, made, strict=True), start=1)
        ],
        [_written(one) for one in rendered],
        key="thing_id",
    )


def _messages(
    communities: Sequence[Community], members: Sequence[Person], who: Sequence[int], rendered: Sequence[Text]
) -> None:
    """Insert the messages of the rooms, one a minute until now, in each room in turn."""
    now, rooms = clock.now(), [ensure_room(community) for community in communities]
    things = []
    for number, person in enumerate(who):
        turn = number % len(rooms)
        room = rooms[turn]
        room.last_seq += 1
        room.version += 1
        things.append(
            _thing(
                "message",
                communities[turn],
                members[person % len(members)],
                now - timedelta(minutes=len(who) - number),
                parent_id=room.id,
                seq=room.last_seq,
                changed=room.last_seq,
            )
        )
    db.session.flush()
    if things:
        _add(Body, things, [_written(one) for one in rendered], key="thing_id")


def _files(community: Community, members: Sequence[Person], blobs: Sequence[Blob]) -> None:
    """Insert the files of a community, one an hour."""
    if not blobs:
        return
    now = clock.now()
    things, own, versions = [], [], []
    for number, blob in enumerate(blobs, start=1):
        author, made, name = members[number % len(members)], now - timedelta(hours=number), f"Notitie {number}.txt"
        held = {"sha256": blob.sha256, "size": blob.size, "media_type": blob.media_type}
        things.append(_thing("file", community, author, made, title=name))
        own.append(
            {
                **held,
                "audience_id": community.audience_id,
                "name_key": name.lower(),
                "saved": made,
                "editor_id": author.id,
            }
        )
        versions.append({**held, "number": 1, "name": name, "person_id": author.id, "made": made})
    ids = _add(File, things, own)
    db.session.execute(insert(Version), [{"file_id": id, **row} for id, row in zip(ids, versions, strict=True)])
