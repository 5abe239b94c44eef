"""cop seed, and the first start: a demonstration that is alive, and the data of the bench."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from bench import workload
from cop import create_app
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.jobs import Job
from cop.chat.models import Message, Room
from cop.cli import bench_data, seed
from cop.cli import demo as story
from cop.cli.demo import Demo
from cop.config import Settings
from cop.documents.models import File, Version
from cop.notices.models import Notice, NoticeChoice
from cop.search.filling import count_missing
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Body, Follow, Mark, Reaction, Revision, Thing, ThingLink, body_of
from cop.threads.models import Post, Thread

HERE = "zachte-landing"  # one community, which has a hidden post, an edited one, and a thread that grew from the chat


def reduced() -> Demo:
    """The demonstration with what was said and brought in one community only."""
    whole = story.load()
    return replace(
        whole,
        threads=tuple(one for one in whole.threads if one.community == HERE),
        rooms=tuple(one for one in whole.rooms if one.community == HERE),
        documents=tuple(one for one in whole.documents if one.community == HERE),
    )


@pytest.fixture(scope="module")
def told() -> Demo:
    return reduced()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, tables: Path, told: Demo) -> Iterator[Flask]:
    """A platform in demo mode into which the story was played."""
    folder = tmp_path_factory.mktemp("played")
    shutil.copyfile(tables, folder / "cop.sqlite3")
    app = create_app(Settings.read({}, mode="demo", data=folder, base_url="http://localhost"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "load", lambda: told)
        seed.fill(app)
    clock.shift(timedelta(0))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def inside(played: Flask) -> Iterator[None]:
    with played.app_context():
        yield


def count(kind: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(kind).where(*conditions)) or 0


def person(mail: str) -> Person:
    return db.session.scalars(select(Person).where(Person.mail.startswith(mail))).one()


@pytest.mark.usefixtures("inside")
class TestTheStory:
    def test_everybody_is_in_with_their_role(self, told: Demo) -> None:
        assert count(Person, Person.entered.is_not(None), Person.state == "active") == len(told.people)
        roles = [role for one in told.people for role in one.communities.values() if role != "team"]
        assert count(Membership) == len(roles)
        assert count(TeamMember) == len({one.key for one in told.people if "team" in one.communities.values()})

    def test_everything_was_said_and_brought(self, told: Demo) -> None:
        posts = [post for thread in told.threads for post in thread.posts]
        messages = [message for room in told.rooms for message in room.messages]
        closures = [thread for thread in told.threads if thread.closure]
        assert count(Thread) == len(told.threads)
        assert count(Post) == len(posts) + len(closures)
        rooms = [room.name for room in told.rooms]
        assert db.session.scalars(select(Room.title).where(Room.last_seq > 0)).all() == rooms
        assert count(Message) == len(messages)
        assert count(File) == len(told.documents)
        assert count(Version) == sum(len(one.versions) for one in told.documents)
        assert count(Reaction) == sum(len(who) for one in [*posts, *messages] for who in one.reactions.values())

    def test_at_the_moment_of_the_story(self, told: Demo) -> None:
        made = {one.title: one.made for one in db.session.scalars(select(Thread))}
        for one in told.threads:
            assert timedelta(0) <= made[one.title] - one.at < timedelta(seconds=5)
        assert db.session.scalar(select(func.max(Thing.made))) < told.now

    def test_what_was_done_to_posts(self, told: Demo) -> None:
        posts = [post for thread in told.threads for post in thread.posts]
        assert count(Post, Post.state == "hidden", Post.reason != "") == sum(post.hidden is not None for post in posts)
        edited = db.session.scalars(select(Post).where(Post.edited.is_not(None))).all()
        assert len(edited) == count(Revision) == sum(post.edited is not None for post in posts) > 0
        for post in edited:
            before = db.session.scalars(select(Revision).where(Revision.thing_id == post.id)).one()
            source = body_of(post).source
            assert source.startswith(before.source)
            assert len(before.source) < len(source)

    def test_what_threads_rest_on(self, told: Demo) -> None:
        assert count(Thread, Thread.answer_id.is_not(None)) == sum(one.answer is not None for one in told.threads)
        assert count(ThingLink, ThingLink.kind == "source") == sum(one.source is not None for one in told.threads)
        for thread in db.session.scalars(select(Thread)):
            posts = db.session.scalars(select(Post).where(Post.parent_id == thread.id).order_by(Post.seq)).all()
            assert thread.replies == len(posts) - 1
            assert thread.last_seq >= max(post.changed for post in posts)
            assert (thread.last_at, thread.last_author_id) == (posts[-1].made, posts[-1].author_id)

    def test_nobody_gets_mail(self) -> None:
        assert (count(Email), count(Job), count(NoticeChoice)) == (0, 0, 0)

    def test_people_have_read_as_far_as_the_story_says(self, told: Demo) -> None:
        ids = {one.title: one.id for one in db.session.scalars(select(Thread))}
        places = {one.key: (ids[one.title], len(one.posts) - 1) for one in told.threads}
        mails = {one.mail: one.id for one in db.session.scalars(select(Person))}
        people = {one.key: mails[one.mail] for one in told.people}
        for mark in (one for one in told.thread_marks if one.place in places):
            place, last = places[mark.place]
            kept = db.session.get_one(Mark, (people[mark.person], place))
            seqs = db.session.scalars(select(Post.seq).where(Post.parent_id == place).order_by(Post.seq)).all()
            read = sum(seq <= kept.seq for seq in seqs)
            assert read == (len(seqs) if mark.number == last else mark.number + 1), mark

    def test_notices_wait_for_what_was_not_read(self) -> None:
        waiting = db.session.execute(
            select(Notice.id)
            .join(Mark, (Mark.person_id == Notice.person_id) & (Mark.thing_id == Notice.place_id))
            .join(Thing, Thing.id == Notice.thing_id)
            .where(Notice.read.is_(None), Thing.seq <= Mark.seq)
        ).all()
        assert waiting == []
        assert count(Notice, Notice.read.is_(None)) > 0
        assert count(Notice, Notice.person_id == person("w.voorbeeld@").id) > 0
        assert count(Follow) > 0

    def test_mentions_and_documents_are_links(self) -> None:
        assert count(Body, Body.html.contains('class="mention"')) > 0
        assert count(Body, Body.html.contains('href="/files/')) > 0
        assert count(Body, Body.html.contains("document:")) == 0

    def test_everything_is_found_and_whole(self) -> None:
        assert count_missing() == 0


def test_its_clock_goes_on_from_the_end_of_the_story(played: Flask, told: Demo) -> None:
    create_app(played.config["COP"])
    try:
        assert timedelta(0) <= clock.now() - told.now < timedelta(minutes=5)
    finally:
        clock.shift(timedelta(0))


def test_the_whole_story_can_be_played(place: Any) -> None:
    done = place.cop("seed", "demo")
    assert done.exit_code == 0, done.output
    done = place.cop("check", "--deep")
    assert done.exit_code == 0, done.output
    with place.app().app_context():
        unread = {
            one: count(Notice, Notice.person_id == person(one).id, Notice.read.is_(None))
            for one in ("w.voorbeeld@", "e.hypothese@", "m.rondvraag@", "b.verzonnen@")
        }
    assert all(0 < number < 10 for number in unread.values()), unread


def test_wants_an_empty_database(place: Any) -> None:
    with place.app().app_context(), transaction():
        db.session.add(Person(mail="anna@proef.example"))
    for what in ("demo", "bench"):
        done = place.cop("seed", what)
        assert done.exit_code == 1
        assert "an empty one" in done.output


def test_wants_a_database_with_tables(place: Any, tmp_path: Path) -> None:
    place.move(tmp_path / "other")
    done = place.cop("seed", "bench")
    assert done.exit_code == 1
    assert "cop migrate" in done.output


def test_the_first_start_of_a_demonstration(
    place: Any, monkeypatch: pytest.MonkeyPatch, told: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(story, "load", lambda: told)
    place.env["COP_MODE"] = "demo"
    app = place.app()
    seed.start(app, empty=False)
    assert app.config["COP"].demo_clock.exists()
    assert "demonstration" in capsys.readouterr().out
    seed.start(app, empty=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("mode", ["development", "production"])
def test_the_first_start_without_anybody(place: Any, mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    place.env["COP_MODE"] = mode
    app = place.app()
    seed.start(app, empty=True)
    address = capsys.readouterr().out.split()[-1]
    assert address.startswith("http://localhost/sign-in/")
    browser = app.test_client()
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert browser.post(address.removeprefix("http://localhost"), headers=headers).status_code == 303
    with app.app_context(), transaction():
        person("").entered = clock.now()
    seed.start(app, empty=True)
    assert capsys.readouterr().out == ""


def test_the_bench_has_the_data_of_the_other_systems() -> None:
    digest = hashlib.sha256()
    for topic in bench_data.topics(20_000):
        digest.update(f"{topic.category} {topic.title}".encode())
        for post in topic.posts:
            digest.update(f"{post.person} {post.written_at} {post.markdown}".encode())
    assert digest.hexdigest() == "c76c04aa4e5461be9abd4ff5781d7c759815b87ddcc1c61b82126a9cb24dfbab"
    assert (bench_data.CATEGORIES, bench_data.RARE) == (workload.CATEGORIES, workload.RARE)


def test_the_bench_in_small(place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_data, "LONG_TOPICS", {0: 12})
    done = place.cop("seed", "bench", "--posts", 70, "--people", 7, "--files", 4, "--messages", 10)
    assert done.exit_code == 0, done.output
    done = place.cop("check", "--deep")
    assert done.exit_code == 0, done.output
    with place.app().app_context():
        assert list(db.session.scalars(select(Community.slug).order_by(Community.position))) == [
            "uitstroom",
            "zorg",
            "samenwerking",
        ]
        assert (count(Person), count(Membership)) == (7, 21)
        assert [row.replies for row in db.session.scalars(select(Thread).order_by(Thread.id))] == [11, 49, 7]
        assert (count(Post), count(File), count(Message), count(Room)) == (70, 4, 10, 3)
        assert list(db.session.scalars(select(Room.last_seq).order_by(Room.id))) == [4, 3, 3]
        assert db.session.scalar(select(Person.mail).order_by(Person.id).limit(1)) == "lid001@bench.example"
        assert count_missing() == 0
    browser = place.app().test_client()
    token = place.cop("token", "lid005@bench.example").stdout.strip()
    answer = browser.get("/api/v1/communities/zorg/threads", headers={"Authorization": f"Bearer {token}"})
    assert [thread["replies"] for thread in answer.json["items"]] == [49]
