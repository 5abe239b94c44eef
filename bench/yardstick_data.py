"""The yardstick's tables, and seeding them with the workload."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from markdown_it import MarkdownIt

from bench.workload import CATEGORIES, PEOPLE, Topic

SCHEMA = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE session (token TEXT PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person);
CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE topic (
    id INTEGER PRIMARY KEY, category_id INTEGER NOT NULL REFERENCES category, title TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person, updated_at TEXT NOT NULL
);
CREATE INDEX topic_newest ON topic (updated_at);
CREATE INDEX topic_newest_of_category ON topic (category_id, updated_at);
CREATE TABLE post (
    id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL REFERENCES topic,
    person_id INTEGER NOT NULL REFERENCES person, written_at TEXT NOT NULL, html TEXT NOT NULL
);
CREATE INDEX post_of_topic ON post (topic_id, id);
CREATE VIRTUAL TABLE post_words USING fts5 (words, content = '');
CREATE TABLE message (
    id INTEGER PRIMARY KEY, room_id INTEGER NOT NULL, seq INTEGER NOT NULL, client_id TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person, html TEXT NOT NULL
);
CREATE INDEX message_of_room ON message (room_id, seq);
"""


def connect(file: str | Path) -> sqlite3.Connection:
    """Open the database as the product does: WAL, every commit synced to disk before it is acknowledged."""
    database = sqlite3.connect(file, isolation_level=None)
    database.row_factory = sqlite3.Row
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 5000"):
        database.execute(f"PRAGMA {pragma}")
    return database


def token_of(name: str) -> str:
    """Return the session token of a seeded person, known beforehand so that the bench need not sign in."""
    return f"yardstick-{name}"


def seed(file: Path, topics: Iterable[Topic]) -> None:
    """Create the tables in a new file and fill them in one transaction; post ids count from 1 in order."""
    database = connect(file)
    database.executescript(SCHEMA)
    database.execute("BEGIN")
    database.executemany("INSERT INTO person VALUES (?, ?)", enumerate(PEOPLE, 1))
    database.executemany(
        "INSERT INTO session VALUES (?, ?)", ((token_of(name), id) for id, name in enumerate(PEOPLE, 1))
    )
    database.executemany("INSERT INTO category VALUES (?, ?)", enumerate(CATEGORIES, 1))
    for id, topic in enumerate(topics, 1):
        _insert(database, id, topic)
    database.execute("COMMIT")
    database.close()


def _insert(database: sqlite3.Connection, id: int, topic: Topic) -> None:
    first, last = topic.posts[0], topic.posts[-1]
    database.execute(
        "INSERT INTO topic VALUES (?, ?, ?, ?, ?)",
        (id, topic.category + 1, topic.title, first.person + 1, _time(last.written_at)),
    )
    markdown = MarkdownIt("commonmark", {"html": False})
    for post in topic.posts:
        row = database.execute(
            "INSERT INTO post (topic_id, person_id, written_at, html) VALUES (?, ?, ?, ?)",
            (id, post.person + 1, _time(post.written_at), markdown.render(post.markdown)),
        )
        words = (row.lastrowid, post.markdown)
        database.execute("INSERT INTO post_words (rowid, words) VALUES (?, ?)", words)


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
