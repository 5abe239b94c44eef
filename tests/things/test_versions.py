"""Versions and live positions rise by themselves: a verb that forgets them cannot be written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, update

from cop.access.rules import RULES, members
from cop.base.action import VERBS, action
from cop.base.db import db
from cop.base.fast.prepared import PreparedWrite
from cop.society.people import Person
from cop.things import Body, Reaction, Thing, body_of
from cop.threads.models import Post, Thread


@pytest.fixture
def scratch() -> Iterator[Any]:
    """`scratch(function)`: a verb that runs a function and says nothing of versions."""

    def make(change: Any) -> Any:
        @action("scratch.change", quiet=True)
        def verb(person: Person, thing: Thing, **given: Any) -> None:
            change(thing)

        return verb

    RULES["scratch.change"] = members
    yield make
    RULES.pop("scratch.change")
    VERBS.pop("scratch.change", None)


@pytest.fixture
def thread(app: Any, cast: Any) -> int:
    """The id of a thread with an opening and a reply."""
    started = cast.client(None).post(
        "/api/v1/communities/een/threads", headers=cast.api("anna"), json={"title": "Vraag", "body": "Wie?"}
    )
    id = int(started.json["id"])
    cast.client(None).post(f"/api/v1/threads/{id}/posts", headers=cast.api("bram"), json={"body": "Wij"})
    return id


def numbers(app: Any, id: int) -> tuple[int, int]:
    """Return version and last_seq of a thing."""
    with app.app_context():
        thing = db.session.get_one(Thing, id, populate_existing=True)
        return thing.version, thing.last_seq


def test_changed_column_raises_the_version_of_a_place(app: Any, run_as: Any, scratch: Any, thread: int) -> None:
    version, last = numbers(app, thread)

    def retitle(thing: Thread) -> None:
        thing.title = "Een andere vraag"

    run_as("anna", scratch(retitle), Thread, thread)
    assert numbers(app, thread) == (version + 1, last + 1)


def test_changed_text_moves_the_post_and_raises_both_versions(app: Any, run_as: Any, scratch: Any, thread: int) -> None:
    with app.app_context():
        post = db.session.query(Post).filter_by(parent_id=thread, seq=2).one()
        id, own = post.id, post.version
    version, last = numbers(app, thread)

    def rewrite(thing: Post) -> None:
        body_of(thing).html = "<p>Anders</p>"

    run_as("bram", scratch(rewrite), Post, id)
    assert numbers(app, thread) == (version + 1, last + 1)
    with app.app_context():
        post = db.session.get_one(Post, id, populate_existing=True)
        assert (post.version, post.seq, post.changed) == (own + 1, 2, last + 1)


def test_added_row_that_the_page_shows_counts_as_a_change(
    app: Any, run_as: Any, cast: Any, scratch: Any, thread: int
) -> None:
    version, last = numbers(app, thread)

    def react(thing: Thread) -> None:
        post = db.session.query(Post).filter_by(parent_id=thing.id, seq=1).one()
        db.session.add(Reaction(thing_id=post.id, person_id=cast.bram, kind="thanks"))

    run_as("anna", scratch(react), Thread, thread)
    assert numbers(app, thread) == (version + 1, last + 1)


def test_verb_without_a_change_raises_nothing(app: Any, run_as: Any, scratch: Any, thread: int) -> None:
    before = numbers(app, thread)
    run_as("anna", scratch(lambda thing: None), Thread, thread)
    assert numbers(app, thread) == before


@pytest.mark.parametrize(
    "statement",
    [
        lambda id: update(Thing).where(Thing.id == id).values(title="x"),
        lambda id: update(Thread).where(Thread.id == id).values(replies=9),
        lambda id: update(Body).where(Body.thing_id == id).values(html=""),
        lambda id: delete(Reaction).where(Reaction.thing_id == id),
    ],
)
def test_bulk_statement_that_names_no_thing_is_refused(run_as: Any, scratch: Any, thread: int, statement: Any) -> None:
    verb = scratch(lambda thing: db.session.execute(statement(thing.id)))
    with pytest.raises(RuntimeError, match="names no thing"):
        run_as("anna", verb, Thread, thread)


def test_bulk_statement_counts_for_the_thing_it_names(app: Any, run_as: Any, scratch: Any, thread: int) -> None:
    version, last = numbers(app, thread)

    def retitle(thing: Thread) -> None:
        change = update(Thing).where(Thing.id == thing.id).values(title="Anders")
        db.session.execute(change, execution_options={"changes": [thing.id]})

    run_as("anna", scratch(retitle), Thread, thread)
    assert numbers(app, thread) == (version + 1, last + 1)


def test_prepared_write_that_names_no_thing_is_refused(run_as: Any, scratch: Any, thread: int) -> None:
    with pytest.raises(TypeError, match="whose page it changes"):
        PreparedWrite(update(Thing).where(Thing.id == bindparam("thing")).values(title="x"))
    close = PreparedWrite(lambda: update(Thread.__table__).where(Thread.__table__.c.id == thread).values(replies=2))
    with pytest.raises(TypeError, match="whose page it changes"):
        run_as("anna", scratch(lambda thing: close.run()), Thread, thread)


def test_prepared_write_counts_for_the_thing_it_names(app: Any, run_as: Any, scratch: Any, thread: int) -> None:
    retitle = PreparedWrite(update(Thing).where(Thing.id == bindparam("id")).values(title="x"), changes="id")
    version, last = numbers(app, thread)
    run_as("anna", scratch(lambda thing: retitle.run(id=thing.id)), Thread, thread)
    assert numbers(app, thread) == (version + 1, last + 1)
