"""The index contains every searchable thing once, and nothing that was removed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, func, insert, select, text

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db, is_sqlite
from cop.documents.models import File, Version
from cop.search.filling import count_missing, index_all, rebuild
from cop.search.models import Entry, create_index, drop_index
from cop.society.people import Person
from cop.things import Body, Thing

if TYPE_CHECKING:
    from tests.search.conftest import World

BENCH = """
woning cliënt gemeente corporatie zorg begeleiding traject uitstroom buurt bewoner huurder afspraak regie wijkteam
convenant opvang herstel netwerk pilot budget schuld sleutel huurcontract signaal team plan
"""


def entries(world: World) -> dict[tuple[int | None, int | None], tuple[str, str, str]]:
    with world.cast.app.app_context():
        rows = db.session.scalars(select(Entry).order_by(Entry.id))
        return {(row.thing_id, row.person_id): (row.kind, row.title, row.plain) for row in rows}


@pytest.fixture
def written(world: World) -> dict[str, int]:
    """Create one of every kind and return their ids."""
    thread = world.start("anna", "Nazorg", "Wie belt er?")
    return {
        "thread": thread,
        "post": world.reply("bram", thread, "Het wijkteam belt."),
        "file": world.share("dina", "Model.txt", "Een voorbeeld"),
        "message": world.send_message("bram", "Hallo allemaal"),
    }


def test_verbs_keep_the_index_up_to_date(world: World, written: dict[str, int]) -> None:
    before = entries(world)
    assert {before[id, None] for id in written.values()} == {
        ("question", "Nazorg", "Wie belt er?"),
        ("post", "", "Het wijkteam belt."),
        ("file", "Model.txt", "Een voorbeeld"),
        ("message", "", "Hallo allemaal"),
    }
    assert before[None, world.cast.dina] == ("person", "Dina Deskundig", "Kennisinstituut Proef")
    with world.cast.app.app_context(), transaction():
        assert count_missing() == 0
        assert rebuild() == len(before)
    assert entries(world) == before
    assert world.found("anna", "belt") == [written["post"], written["thread"]]


def test_missing_entries_are_counted_and_added(world: World, written: dict[str, int]) -> None:
    before = entries(world)
    with world.cast.app.app_context(), transaction():
        db.session.execute(delete(Entry).where(Entry.thing_id.in_((written["post"], written["message"]))))
        db.session.execute(delete(Entry).where(Entry.person_id == world.cast.anna))
        assert count_missing() == 3
    assert world.found("anna", "wijkteam") == []
    with world.cast.app.app_context(), transaction():
        assert (index_all(), index_all(), count_missing()) == (3, 0, 0)
    assert entries(world) == before
    assert world.found("anna", "wijkteam") == [written["post"]]


def test_entries_without_words_count_as_missing(world: World, written: dict[str, int]) -> None:
    with world.cast.app.app_context(), transaction():
        entries_count = db.session.scalar(select(func.count()).select_from(Entry))
        drop_index(db.session.connection())
        create_index(db.session.connection())
        assert (count_missing(), rebuild(), count_missing()) == (entries_count, entries_count, 0)
    assert world.found("anna", "wijkteam") == [written["post"]]


def test_removed_thing_leaves_no_words(world: World) -> None:
    file = world.share("dina", "Nachtegaal.txt", draft=True)
    with world.cast.app.app_context(), transaction():
        for table, key in ((Version.__table__, "file_id"), (File.__table__, "id"), (Thing.__table__, "id")):
            db.session.execute(delete(table).where(table.c[key] == file), execution_options={"changes": ()})
        assert db.session.scalar(select(func.count()).where(Entry.thing_id == file)) == 0
        if is_sqlite():
            assert db.session.execute(text("SELECT * FROM search_fts WHERE search_fts MATCH 'nachtegaal'")).all() == []


def test_person_who_has_not_entered_is_not_indexed(world: World) -> None:
    with world.cast.app.app_context(), transaction():
        db.session.add(Person(mail="lies@proef.example", name="Lies Laat", state="invited"))
        db.session.flush()
        assert index_all() == 0


def test_rebuilding_the_index_changes_nothing(world: World, written: dict[str, int]) -> None:
    with world.cast.app.app_context(), transaction():
        create_index(db.session.connection())
    assert world.found("anna", "wijkteam") == [written["post"]]


@pytest.mark.slow
def test_index_of_20000_posts_is_fast(world: World) -> None:
    """20,000 posts are indexed within a minute, and common and rare words are found quickly; the limits are loose, for
    a busy machine."""
    words = BENCH.split()
    thread = world.start("anna", "Het lange gesprek")
    posts = [" ".join(words[(n * 7 + i * (n % 5 + 1)) % len(words)] for i in range(70)) for n in range(20_000)]
    posts[::100] = [f"{post} warmtekluis" for post in posts[::100]]
    common = {
        "kind": "post",
        "audience_id": world.cast.audiences.one,
        "parent_id": thread,
        "author_id": world.cast.bram,
        "author_role": "member",
        "state": "live",
        "title": "",
        "reason": "",
        "version": 1,
        "made": clock.now(),
        "last_seq": 0,
    }
    written = {"source": "", "format": "plain", "html": "", "text_version": 1}
    with world.cast.app.app_context(), transaction():
        first = (db.session.scalar(select(func.max(Thing.id))) or 0) + 1
        db.session.execute(
            insert(Thing.__table__),
            [{**common, "id": first + n, "seq": n + 2, "changed": n + 2} for n in range(len(posts))],
            execution_options={"changes": ()},
        )
        db.session.execute(
            insert(Body.__table__),
            [{**written, "thing_id": first + n, "plain": plain} for n, plain in enumerate(posts)],
            execution_options={"changes": ()},
        )
        assert _took(index_all) < 60
    for query, most in (("warmtekluis", 0.5), ("begeleiding", 1), ("woning zorg -sleutel", 1), ("van:bram huur", 1)):
        assert min(_took(world.found, "anna", query) for _try in range(3)) < most, query
    assert "Meer dan 1.000 resultaten" in world.cast.client("anna").get("/search?q=woning").text


def _took(do: Any, *given: Any) -> float:
    """Return the seconds that a call takes."""
    begun = time.perf_counter()
    assert do(*given)
    return time.perf_counter() - begun
