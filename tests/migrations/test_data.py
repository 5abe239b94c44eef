"""The migrations since the last release keep the data: down to its schema and up again, with the demo and bench data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import inspect, select, text

from cop import access, create_app
from cop.base import clock, journal
from cop.base.action import transaction
from cop.base.attempts import Attempt
from cop.base.db import db, integrity_errors
from cop.base.email import Email
from cop.base.jobs import Job, Recurring
from cop.base.live.revocations import Revocation
from cop.base.text import render
from cop.chat.actions import MESSAGES
from cop.chat.models import Message, Presence, Room
from cop.cli import bench_data, seed
from cop.cli.migrate import config, differences, upgrade
from cop.cli.migration import Schema, schema
from cop.cli.seeding import bench
from cop.notices.models import Digest, NoticeChoice, NoticeMailed
from cop.search.filling import count_missing
from cop.search.find import find
from cop.society.audience import Audience, Guest
from cop.society.credentials import new_link, new_session, new_token
from cop.society.invitations import Invitation
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.things import Body, Corrections, Thing, ThingLink, drafts_of, save_draft
from cop.threads import actions as threads
from cop.threads.actions import POSTS
from cop.threads.models import Post, Thread
from tests.conftest import clear_caches, settings
from tests.databases import Databases

RELEASED = "20261122_ground"  # the schema of the last release
Rows = dict[str, list[dict[str, Any]]]
Columns = dict[str, set[str]]  # of each table of the last release; what a later migration adds is not compared

# Table now: its name in the last release.
RENAMED = {
    "cache_version": "stamp",
    "revocation": "live_cut",
    "email": "outbox",
    "attempt": "limit_mark",
    "journal_entry": "journal",
    "one_time_link": "link",
}
COLUMNS = {("cache_version", "token"): "word", ("invitation", "email_id"): "letter_id"}
EDITED = "<p>Een <em>andere</em> tekst.</p>"
TEXT = ("source", "format", "html", "plain", "text_version", "reply_to_id")


@contextmanager
def running(address: str, folder: Path) -> Iterator[Flask]:
    """Yield an app that starts on this database, with no more in memory than a new process has."""
    clear_caches()
    app = create_app(settings(folder, database_url=address))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def read() -> Rows:
    """Return every row of every table, the full text included, in the order of their values."""
    with db.engine.connect() as connection:
        tables = {name: f'SELECT * FROM "{name}"' for name in inspect(connection).get_table_names()}
        if connection.dialect.name == "sqlite":
            tables = {name: ask for name, ask in tables.items() if not name.startswith("search_fts_")}
            tables["search_fts"] = "SELECT rowid, * FROM search_fts"
        return {
            name: in_order([dict(row) for row in connection.execute(text(ask)).mappings()])
            for name, ask in tables.items()
            if name != "alembic_version"
        }


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(sorted(row.items())))


def shape() -> Schema:
    with db.engine.connect() as connection:
        return schema(connection)


def former(table: str, column: str) -> str:
    """Return the name of a column in the last release."""
    return "community_id" if column == "audience_id" else COLUMNS.get((table, column), column)


def without_what_goes(rows: Rows) -> Rows:
    """Return the rows without what the way down removes: meetings, outcomes, guidance, and the empty chat rooms of partnerships.

    Those rooms are made again on the way up. Minutes become announcements, the rooms of meetings ordinary ones, and guests
    people whose account ended.
    """
    elsewhere = {row["id"] for row in rows["audience"] if row["kind"] == "partnership"}
    rooms = {row["id"] for row in rows["thing"] if row["kind"] == "room" and row["audience_id"] in elsewhere}
    meetings = {row["id"] for row in rows["thing"] if row["kind"] in ("meeting", "outcome", "card")}
    entries = {row["id"] for row in rows["search_entry"] if row["thing_id"] in meetings}
    announced = [row | {"thread_kind": row["thread_kind"].replace("minutes", "announcement")} for row in rows["thread"]]
    people = [row | {"state": row["state"].replace("guest", "deactivated")} for row in rows["person"]]
    rows = rows | {"thread": in_order(announced), "person": in_order(people)}
    gone = {
        "thing": ("id", rooms | meetings),
        "thing_link": ("from_id", meetings),
        "room": ("id", rooms),
        "search_entry": ("id", entries),
        "search_fts": ("rowid", entries),
        "notice": ("place_id", meetings),
    }
    return {
        table: [row for row in found if row[gone[table][0]] not in gone[table][1]] if table in gone else found
        for table, found in rows.items()
    }


def as_released(now: Rows, columns: Columns) -> Rows:
    """Return the rows that the schema of the last release has for the rows of today."""
    now = without_what_goes(now)
    owners = {row["id"]: row["community_id"] for row in now["audience"]}
    kinds = {row["id"]: row["kind"] for row in now["thing"]}
    became = {row["to_id"]: row["from_id"] for row in now["thing_link"] if row["kind"] == "source"}
    then: Rows = {"post": [], "message": []}
    for table, rows in now.items():
        if known := columns.get(RENAMED.get(table, table)):
            then[RENAMED.get(table, table)] = [
                {
                    former(table, column): owners[value] if column == "audience_id" else value
                    for column, value in row.items()
                    if former(table, column) in known
                }
                for row in rows
            ]
    for row in now["body"]:
        id = row["thing_id"]
        own = {"id": id, **{column: row[column] for column in TEXT}, "text_version": 1}
        then[kinds[id]].append(own | ({"became_id": became.get(id)} if kinds[id] == "message" else {}))
    then["follow"] = [
        {"person_id": row["person_id"], "thing_id": row["thing_id"], "muted": int(row["level"] == "silent")}
        for row in now["follow"]
    ]
    for row in then["thing"]:
        if row["kind"] == "room" and row["title"] == "Chat":
            row["title"] = "Live gesprek"
    then["job"] = without_picture_jobs(then["job"])
    if "search_fts" in now:  # its words are written anew in the form of either release
        then["search_fts"] = [{"rowid": row["rowid"]} for row in now["search_fts"]]
    then["search_entry"] = without_full_text(then["search_entry"])
    then["revision"] = [
        {"post_id": row["thing_id"], **{name: row[name] for name in row if name in columns["revision"]}}
        for row in now["revision"]
        if kinds[row["thing_id"]] == "post"
    ]
    return {table: in_order(rows) for table, rows in then.items()}


def without_picture_jobs(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the jobs without those that make small copies of pictures, which the last release does not know."""
    return [job for job in jobs if job["name"] not in ("documents.pictures", "documents.all_pictures")]


def without_full_text(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of the search index without what PostgreSQL finds them by, which each release writes anew."""
    return [{name: row[name] for name in row if not name.startswith("search_fts")} for row in entries]


def without_what_is_lost(rows: Rows, columns: Columns) -> Rows:
    """Return the rows without what the last release has no room for; an audience is known by its owner."""
    rows = without_what_goes(rows)
    owners = {row["id"]: str({k: v for k, v in row.items() if k != "id"}) for row in rows["audience"]}
    kinds = {row["id"]: row["kind"] for row in rows["thing"]}
    kept = {
        table: [
            {
                column: owners[value] if column == "audience_id" else value
                for column, value in row.items()
                if former(table, column) in known
            }
            for row in found
        ]
        for table, found in rows.items()
        if (known := columns.get(RENAMED.get(table, table)))
    }
    kept["job"] = without_picture_jobs(kept["job"])
    kept["search_entry"] = without_full_text(kept["search_entry"])
    if "search_fts" in rows:
        # Its scopes name audiences, which have other ids.
        kept["search_fts"] = [{name: row[name] for name in ("rowid", "words")} for row in rows["search_fts"]]
    kept["audience"] = [{"owner": owner} for owner in owners.values()]
    kept["body"] = rows["body"]
    kept["revision"] = [row | {"redacted": None} for row in rows["revision"] if kinds[row["thing_id"]] == "post"]
    return {table: in_order(found) for table, found in kept.items()}


def by_api(app: Flask, token: str) -> Callable[..., Any]:
    """Return a function that requests an address of the API as the owner of a token."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def request(path: str, **json: Any) -> Any:
        method = "POST" if json else "GET"
        answer = app.test_client().open(f"/api/v1{path}", method=method, headers=headers, json=json or None)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer.json

    return request


STAYS = Membership.ended.is_(None) & Membership.until.is_(None)


def member() -> Person:
    """Return a member who may write."""
    members = select(Person).join(Membership).where(STAYS, Membership.role == "member", Person.state == "active")
    return db.session.scalars(members.order_by(Person.id).limit(1)).one()


def everything_served(app: Flask, token: str, word: str) -> dict[str, Any]:
    """Return what a member gets of every thread and room that they can see, and of a search, by address."""
    get = by_api(app, token)
    with app.app_context():
        communities = select(Community.slug).join(Membership).where(Membership.person_id == member().id)
        slugs = db.session.scalars(communities.where(STAYS)).all()
        db.session.remove()
    served = {}
    for slug in slugs:
        for what in ("threads", "rooms", "files"):
            path = f"/communities/{slug}/{what}"
            served[path] = get(path)
            for item in served[path]["items"] if what == "files" else ():
                for lost in ("width", "height", "alt"):  # of pictures: a job finds them again
                    item.pop(lost)
            inner = {"threads": "posts", "rooms": "messages"}.get(what)
            for item in served[path]["items"][:10] if inner else ():
                served[f"/{what}/{item['id']}/{inner}"] = get(f"/{what}/{item['id']}/{inner}")
    served["search"] = found(get, word)
    return served


def found(get: Callable[..., Any], word: str) -> list[str]:
    """Return the titles of all that is found: how rare a word is, and so the order, follows from what else there is."""
    items: list[Any] = []
    path = f"/search?q={word}&type=gesprek"
    while path:
        page = get(path)
        items += page["items"]
        path = (page["next"] or "").removeprefix("/api/v1")
    return sorted({item["title"] for item in items})


def add_what_the_seed_lacks(person: Person) -> None:
    """Add a row to each table that the seeded data leaves empty, and every text that goes into a revision."""
    now = clock.now()
    mail = Email(kind="programmes/team", address="x@y.example", subject="S", text="T", html="H", headers={"A": "b"})
    mail.made = now
    db.session.add(mail)
    db.session.flush()
    community = db.session.scalars(select(Community).order_by(Community.id.desc()).limit(1)).one()
    thread = db.session.scalars(select(Thread).order_by(Thread.id).limit(1)).one()
    db.session.add_all(
        [
            Attempt(key="k", start=now, count=3),
            Revocation(origin="o", kind="person", person_id=person.id, at=now),
            Job(name="notices.digest", arguments=[1], due=now, made=now),
            Invitation(person_id=person.id, community_id=community.id, role="member", email_id=mail.id),
            Digest(person_id=person.id, upto=1),
            NoticeMailed(person_id=person.id, thing_id=thread.id),
            Presence(room_id=first_room().id, person_id=person.id, process="p", until=now),
            NoticeChoice(person_id=person.id, kind="reply", how="mail"),
            Guest(person_id=person.id, thing_id=thread.id, role="expert", until=date(2027, 1, 1)),
        ]
    )
    if not drafts_of(person, "new:1"):
        save_draft(person, uuid4(), place="new:1", fields={"body": "x"}, revision=1)
    if db.session.get(Recurring, "uploads.sweep") is None:
        db.session.add(Recurring(name="uploads.sweep", due=now))
    new_link(person, "sign-in")
    edited = [edit_one(Post, POSTS), edit_one(Post, POSTS), edit_one(Message, MESSAGES)]
    POSTS.redact(db.session.get_one(Person, edited[0].author_id), edited[0])
    if not db.session.scalar(select(ThingLink.to_id).where(ThingLink.kind == "source").limit(1)):
        message = db.session.scalars(select(Message).order_by(Message.id).limit(1)).one()
        db.session.add(ThingLink(from_id=thread.id, to_id=message.id, kind="source"))


def edit_one(kind: type[Any], verbs: Corrections[Any]) -> Any:
    """Edit a text that was not edited yet, as its author, and return it."""
    for one in db.session.scalars(select(kind).where(kind.state == "live", kind.edited.is_(None)).order_by(kind.id)):
        author = db.session.get_one(Person, one.author_id)
        if access.may(author, f"{verbs.plural}.edit", one):
            return verbs.edit(author, one, text=render("Een *andere* tekst.", "markdown"))
    raise AssertionError("nobody may edit their text")


def fill_bench(app: Flask) -> None:
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench_data, "LONG_TOPICS", {0: 300})
        bench.fill(2_000, 50, 20, 1_000, lambda _line: None)


def fill_demo(app: Flask) -> None:
    """Seed the demo, and move what was published for a whole programme to a community: the last release knows no other."""
    seed.fill(app)
    with app.app_context(), transaction():
        coach = db.session.scalars(select(Person).where(Person.mail.startswith("m.rondvraag"))).one()
        elsewhere = select(Thread).join(Audience, Audience.id == Thread.audience_id).where(Audience.kind != "community")
        for thread in db.session.scalars(elsewhere).all():
            threads.move(coach, thread, community="procesregie")


SEEDS = {"demo": fill_demo, "bench": fill_bench}
# A word of each: a search looks at so many rows of a common one, meetings among them, which go on the way down.
WORDS = {"demo": "wachtlijst", "bench": "woning"}


@pytest.fixture(scope="module", params=SEEDS)
def journey(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """Seed a database, and bring it down to the schema of the last release and up again; return what stood there."""
    folder = tmp_path_factory.mktemp("journey")
    with databases.empty("journey", folder) as address:
        seen = SimpleNamespace(seeded=request.param)
        with running(address, folder) as app:
            with app.app_context():
                command.upgrade(config(), RELEASED)
                released = shape()
                seen.columns = {table: {column[0] for column in one["columns"]} for table, one in released.items()}
                seen.columns.get("search_fts", set()).add("rowid")
                upgrade(app)
                current = shape()
                SEEDS[request.param](app)
                clock.shift(timedelta(0))
                with transaction():
                    person = member()
                    add_what_the_seed_lacks(person)
                    seen.person, seen.token, seen.cookie = person.id, new_token(person), new_session(person)
            # Outside the context: a test client reuses the person of an open one.
            seen.served = everything_served(app, seen.token, WORDS[seen.seeded])
            with app.app_context():
                seen.before = read()
                command.downgrade(config(), RELEASED)
                seen.then, seen.released = read(), (released, shape())
                seen.broken_then = integrity_errors(thorough=True)
        with running(address, folder) as app:
            upgrade(app)
            with app.app_context():
                seen.after, seen.current = read(), (current, shape())
            seen.app, seen.served_again = app, everything_served(app, seen.token, WORDS[seen.seeded])
            yield seen


def test_the_schemas_are_the_same(journey: SimpleNamespace) -> None:
    for wanted, found in (journey.released, journey.current):
        assert {table for table in wanted.keys() | found.keys() if wanted.get(table) != found.get(table)} == set()
    with journey.app.app_context(), db.engine.connect() as connection:
        assert differences(connection) == []


def test_the_demo_has_rows_in_every_table(journey: SimpleNamespace) -> None:
    if journey.seeded != "demo":
        pytest.skip("the bench data leaves tables empty")
    empty = {table for table, rows in journey.before.items() if not rows}
    assert {table for table in empty if RENAMED.get(table, table) in journey.columns} == set()


def test_the_last_release_finds_its_rows(journey: SimpleNamespace) -> None:
    expected = as_released(journey.before, journey.columns)
    assert journey.then.keys() == expected.keys()
    for table, rows in expected.items():
        found = journey.then[table]
        if table == "search_fts":
            assert any(row["title_exact"] for row in found)
            found = in_order([{"rowid": row["rowid"]} for row in found])
        elif table == "search_entry":
            found = in_order(without_full_text(found))
        assert found == rows, table
    assert journey.broken_then == []


def test_a_post_a_message_and_their_history_as_the_last_release_reads_them(journey: SimpleNamespace) -> None:
    with journey.app.app_context():
        edited = db.session.scalars(
            select(Post).join(Body, Body.thing_id == Post.id).where(Body.html == EDITED).order_by(Post.id)
        ).first()
        link = db.session.scalars(select(ThingLink).where(ThingLink.kind == "source").order_by(ThingLink.to_id)).first()
        assert edited is not None
        assert link is not None
        community, version = edited.community_id, edited.version
        db.session.remove()
    then = journey.then
    (thing,) = (row for row in then["thing"] if row["id"] == edited.id)
    assert (thing["kind"], thing["community_id"], thing["version"]) == ("post", community, version)
    assert [row["html"] for row in then["post"] if row["id"] == edited.id] == [EDITED]
    assert [row["version"] for row in then["revision"] if row["post_id"] == edited.id] == [version - 1]
    assert [row["became_id"] for row in then["message"] if row["id"] == link.to_id] == [link.from_id]
    assert [row["subject"] for row in then["outbox"] if row["kind"] == "programmes/team"] == ["S"]
    assert {row["letter_id"] for row in then["invitation"]} >= {row["id"] for row in then["outbox"]}


def test_every_row_is_there_again(journey: SimpleNamespace) -> None:
    before, after = (without_what_is_lost(rows, journey.columns) for rows in (journey.before, journey.after))
    assert before.keys() == after.keys()
    for table, rows in before.items():
        assert after[table] == rows, table


def test_what_the_last_release_has_no_room_for_is_lost(journey: SimpleNamespace) -> None:
    kinds = {row["id"]: row["kind"] for row in journey.before["thing"]}
    before, after = journey.before, journey.after
    assert (len(before["guest"]), after["guest"]) == (1, [])
    assert {kinds[row["thing_id"]] for row in before["revision"]} == {"post", "message"}
    assert {kinds[row["thing_id"]] for row in after["revision"]} == {"post"}
    assert [row["source"] for row in before["revision"] if row["redacted"]] == [""]
    assert [row["source"] for row in after["revision"] if row["redacted"]] == []
    assert len([row for row in after["revision"] if row["source"] == ""]) == 1


def test_nothing_is_broken(journey: SimpleNamespace) -> None:
    with journey.app.app_context():
        assert integrity_errors(thorough=True) == []
        assert journal.first_broken_entry() is None
        assert count_missing() == 0


def test_every_address_serves_the_same(journey: SimpleNamespace) -> None:
    assert len(journey.served) > 20
    before = json.dumps(journey.served).replace('"kind": "minutes"', '"kind": "announcement"')  # as on the way down
    assert without_rooms_of_meetings(journey.served_again, journey.served) == json.loads(before)
    assert journey.served["search"]


def without_rooms_of_meetings(now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Return what is served without the rooms that were closed and not listed: they are ordinary ones now."""
    lists = [path for path in now if path.endswith("/rooms")]
    listed = {path: {room["id"] for room in before[path]["items"]} for path in lists}
    added = {room["id"] for path in lists for room in now[path]["items"] if room["id"] not in listed[path]}
    kept = {path: shown for path, shown in now.items() if path not in {f"/rooms/{id}/messages" for id in added}}
    for path in lists:
        kept[path] = now[path] | {"items": [room for room in now[path]["items"] if room["id"] in listed[path]]}
    return kept


def test_pages_serve(journey: SimpleNamespace) -> None:
    browser = journey.app.test_client()
    browser.set_cookie("cop", journey.cookie)
    with journey.app.app_context():
        mine = select(Community).join(Membership).where(Membership.person_id == journey.person).limit(1)
        community = db.session.scalars(mine).one()
        things = (first_room(), *map(last, (Thread, Post)), community, community.programme)
        pages = [one.url for one in things]
        db.session.remove()
    for page in ("/", "/notices", "/search?q=woning", *pages):
        answer = browser.get(page, follow_redirects=True, headers={"Accept": "text/html"})
        assert answer.status_code == 200, (page, answer.text)


def first_room() -> Room:
    """Return the chat room that was made first, of a community."""
    room = db.session.scalars(select(Room).order_by(Room.id)).first()
    assert room is not None
    return room


def last(kind: type[Any]) -> Any:
    """Return the newest row of a kind."""
    return db.session.scalars(select(kind).order_by(kind.id.desc()).limit(1)).one()


def test_new_rows_follow_the_old_ones(journey: SimpleNamespace) -> None:
    with journey.app.app_context():
        newest, thread = last(Thing).id, db.session.scalars(select(Thread).where(Thread.closed.is_(None))).first()
        assert thread is not None
        db.session.remove()
    post = by_api(journey.app, journey.token)(f"/threads/{thread.id}/posts", body="Na de *overgang*.")
    assert post["id"] == newest + 1
    with journey.app.app_context():
        with transaction():
            person, programme = db.session.get_one(Person, journey.person), last(Programme)
            ids = {kind: last(kind).id for kind in (Email, Revocation, journal.JournalEntry)}
            community = Community(programme_id=programme.id, slug="nieuw", name="Nieuw", position=99)
            more = [
                Email(kind="k", address="x", subject="", text="", html="", headers={}, made=clock.now()),
                Revocation(origin="o", kind="person", person_id=person.id, at=clock.now()),
            ]
            db.session.add_all([community, *more])
            new_link(person, "sign-in")
        assert community.audience_id not in {row["id"] for row in journey.after["audience"]}
        assert [one.id - ids[type(one)] for one in more] == [1, 1]
        assert journal.first_broken_entry() is None
        assert find(db.session.get_one(Person, journey.person), "overgang").hits[0].url == post["url"]
        db.session.remove()


def test_a_thing_of_a_programme_stops_the_way_down(journey: SimpleNamespace) -> None:
    with journey.app.app_context():
        room = first_room()
        id, before = room.id, room.audience_id
        with transaction():
            programme = db.session.scalars(select(Audience.id).where(Audience.kind == "programme")).first()
            db.session.get_one(Room, id).audience_id = programme
        db.session.remove()
        now = read()
        with pytest.raises(RuntimeError, match=r"1 rows of thing stand for a programme"):
            command.downgrade(config(), RELEASED)
        assert read() == now
        with transaction():
            db.session.get_one(Room, id).audience_id = before
