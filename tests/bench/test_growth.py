"""Growth is reported page by page, and people are added to a copy of a set."""

import sqlite3

from bench import growth
from bench.growth_data import FEWEST, SIZES, add_people

FOUND = {
    "home": {"20k-40": 2.0, "200k-40": 2.4, "200k-500": 2.2},
    "list": {"20k-40": 2.0, "200k-40": 2.1, "200k-500": 2.6},
    "search, common": {"20k-40": 10.0, "200k-40": 14.9, "200k-500": 12.0},
}


def test_each_page_is_compared_with_the_smallest_set():
    header, home, list_, search = growth.lines(FOUND)
    assert header.split() == ["page", "20k-40,", "ms", "200k-40", "200k-500", "bar"]
    assert home.split() == ["home", "2.00", "1.20", "1.10", "≤", "1.2"]
    assert list_.split() == ["list", "2.00", "1.05", "1.30", "≤", "1.2", "over"]
    assert search.split() == ["search,", "common", "10.00", "1.49", "1.20", "≤", "1.5"]
    assert growth.over(FOUND) == 1


def test_sets_grow_in_posts_and_in_people():
    assert {size.posts for size in SIZES} == {20_000, 200_000}
    assert {size.people for size in SIZES} == {FEWEST, 500, 2_000}
    assert len({size.name for size in SIZES}) == len(SIZES) == 6


def test_added_people_are_members_where_the_others_are(tmp_path):
    database = tmp_path / "cop.sqlite3"
    with sqlite3.connect(database) as on:
        on.executescript(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, mail TEXT, name TEXT, state TEXT);"
            "CREATE TABLE affiliation (person_id INTEGER, organisation_id INTEGER);"
            "CREATE TABLE membership (id INTEGER PRIMARY KEY, person_id INTEGER, community_id INTEGER);"
            "INSERT INTO person VALUES (1, 'a', 'A', 'active'), (3, 'c', 'C', 'active');"
            "INSERT INTO affiliation VALUES (3, 9);"
            "INSERT INTO membership VALUES (1, 3, 1), (2, 3, 2);"
        )
    add_people(database, 10)
    with sqlite3.connect(database) as on:
        assert on.execute("SELECT count(*), min(id) FROM person WHERE name LIKE 'Meer %'").fetchone() == (10, 4)
        members = on.execute("SELECT community_id, count(*) FROM membership GROUP BY community_id").fetchall()
        assert members == [(1, 11), (2, 11)]
        assert on.execute("SELECT count(*) FROM affiliation WHERE organisation_id = 9").fetchone() == (11,)
