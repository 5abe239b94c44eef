"""The data of the growth workload: sets that differ in one number only, filled once and copied for more people.

Beside what `cop seed bench` inserts, a set has what a community collects while it is used: questions, of which half are
open, documents in folders, and for each reader a visit ten days ago, reading marks, follows and notices in the same share of the threads.
"""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from bench.product import Installation, installation
from bench.serving import free_port

CAUGHT_UP, READER, COACH = 1, 2, 4  # ids of people: one read everything, one half of it, one leads the programme
FEWEST = 40  # people of the sets from which the others are copied


@dataclass(frozen=True)
class Size:
    """The numbers of posts, people and files of a set."""

    posts: int
    people: int
    files: int

    @property
    def name(self) -> str:
        return f"{self.posts // 1000}k-{self.people}"


SMALL, BIG = (20_000, 1_000), (200_000, 10_000)
SIZES = [Size(posts, people, files) for posts, files in (SMALL, BIG) for people in (FEWEST, 500, 2_000)]


def fill(folder: Path, size: Size) -> Installation:
    """Return the installation with a set, filled unless an earlier run did that."""
    own = folder / "growth" / size.name
    installed = installation(own, free_port(), COP_DATABASE_URL="")
    if (own / "filled").exists():
        installed.cop("migrate")  # an earlier run may have filled it with an earlier model
        return installed
    shutil.rmtree(own, ignore_errors=True)
    if size.people > FEWEST:
        smaller = fill(folder, Size(size.posts, FEWEST, size.files))
        shutil.copytree(smaller.folder / "product", own / "product")
        add_people(database_of(installed), size.people - FEWEST)
    else:
        own.mkdir(parents=True)
        installed.cop("migrate")
        installed.cop("seed", "bench", *_options(size))
        use(database_of(installed))
    (own / "filled").touch()
    return installed


def _options(size: Size) -> list[str]:
    return ["--posts", str(size.posts), "--people", str(size.people), "--files", str(size.files)]


def database_of(installed: Installation) -> Path:
    """Return the file with the SQLite database of an installation."""
    return installed.folder / "product" / "cop.sqlite3"


def use(database: Path) -> None:
    """Add what people leave behind while they use a platform: answers, folders, marks, follows and notices."""
    with sqlite3.connect(database) as on:
        on.executescript(_USE)
        for person in (CAUGHT_UP, READER):
            on.executescript(_READING.format(person=person, share=1 if person == CAUGHT_UP else 2))


def add_people(database: Path, number: int) -> None:
    """Add people of the communities who read and write nothing yet."""
    with sqlite3.connect(database) as on:
        (first,) = on.execute("SELECT max(id) + 1 FROM person").fetchone()
        for statement in _inserts_of_people(on):
            on.execute(statement, {"first": first, "number": number})


_NUMBERED = """
CREATE TEMP TABLE numbered AS SELECT id, row_number() OVER (ORDER BY id) AS n, audience_id, author_id, last_seq
  FROM thing WHERE kind = 'thread';
"""
_USE = f"""
{_NUMBERED}
UPDATE thread SET thread_kind = 'question' WHERE id IN (SELECT id FROM numbered WHERE n % 4 = 0);
UPDATE thread SET answer_id = (SELECT id FROM thing WHERE parent_id = thread.id AND seq = 2)
  WHERE id IN (SELECT id FROM numbered WHERE n % 8 = 0);
UPDATE thread SET pinned = last_at WHERE id IN (SELECT id FROM numbered WHERE n <= 6);
UPDATE thread SET featured = last_at WHERE id IN (SELECT id FROM numbered WHERE n BETWEEN 7 AND 12);
INSERT INTO folder (audience_id, name, made)
  SELECT audience.id, 'Map ' || n.value, CURRENT_TIMESTAMP FROM audience, json_each('[1, 2, 3, 4, 5, 6]') AS n
  WHERE audience.community_id IS NOT NULL;
INSERT INTO team_member (programme_id, person_id) SELECT id, {COACH} FROM programme;
UPDATE file SET folder_id = (SELECT folder.id FROM folder JOIN thing ON thing.audience_id = folder.audience_id
  WHERE thing.id = file.id AND folder.name = 'Map ' || (file.id % 6 + 1)) WHERE id % 2 = 0;
DROP TABLE numbered;
"""
_READING = f"""
{_NUMBERED}
INSERT INTO mark (person_id, thing_id, seq) SELECT {{person}}, id, last_seq FROM numbered WHERE n % {{share}} = 0
  ON CONFLICT DO NOTHING;
INSERT INTO follow (person_id, thing_id, muted) SELECT {{person}}, id, n % 50 = 0 FROM numbered WHERE n % 2 = 0
  ON CONFLICT DO NOTHING;
INSERT INTO visit (person_id, at) VALUES ({{person}}, datetime('now', '-10 days') || '.000000')
  ON CONFLICT DO NOTHING;
INSERT INTO notice (person_id, reason, place_id, thing_id, actor_id, audience_id, times, at, read)
  SELECT {{person}}, 'reply', id, id, author_id, audience_id, 1, (SELECT last_at FROM thread WHERE id = numbered.id),
  CASE WHEN n % 10 THEN CURRENT_TIMESTAMP END FROM numbered;
DROP TABLE numbered;
"""
_NUMBERS = "WITH RECURSIVE more(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM more WHERE n + 1 < :number) "


def _inserts_of_people(on: sqlite3.Connection) -> list[str]:
    """Return the inserts of new people and of what every person has: copies of the rows of person 3."""
    inserts = []
    for table, own in (
        ("person", {"id": ":first + n", "mail": "'meer' || n || '@bench.example'", "name": "'Meer ' || n"}),
        ("affiliation", {"id": None, "person_id": ":first + n"}),
        ("membership", {"id": None, "person_id": ":first + n"}),
    ):
        columns = [row[1] for row in on.execute(f"PRAGMA table_info({table})")]
        values = {name: own.get(name, f"model.{name}") for name in columns}
        values = {name: value for name, value in values.items() if value is not None}
        key = "id" if table == "person" else "person_id"
        inserts.append(
            f"INSERT INTO {table} ({', '.join(values)}) {_NUMBERS}"
            f"SELECT {', '.join(values.values())} FROM more, {table} AS model WHERE model.{key} = 3"
        )
    return inserts
