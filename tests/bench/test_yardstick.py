"""The yardstick shows, finds and stores what it must, so that its figures are meaningful."""

import pytest

from bench import yardstick, yardstick_data
from bench.workload import RARE, Post, Topic


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "yardstick.sqlite3"
    rare = Post(1, 1735725600, f"Zie de {RARE}.")
    long = tuple(Post(number % 7, 1735725600 + number, f"Bericht {number}.") for number in range(60))
    yardstick_data.seed(path, [Topic(0, "Lang gesprek", long), Topic(1, "Kort gesprek", (rare,))])
    monkeypatch.setenv("YARDSTICK_DATABASE", str(path))
    yield path
    if hasattr(yardstick.own, "database"):
        yardstick.own.database.close()
        del yardstick.own.database


@pytest.fixture
def reader(file):
    client = yardstick.create_app().test_client()
    client.set_cookie("session", yardstick_data.token_of("lid091"))
    return client


def test_page_has_twenty_rows_with_authors(reader):
    page = reader.get("/threads/1").text
    assert page.count("<article") == 20
    assert "<p>Bericht 19.</p>" in page
    assert "lid006" in page
    assert "lid091" in page


def test_deep_page_continues_after_a_cursor(reader):
    page = reader.get("/threads/1?after=40").text
    assert "<p>Bericht 39.</p>" not in page
    assert "<p>Bericht 40.</p>" in page
    assert "<p>Bericht 59.</p>" in page


def test_home_and_list_show_topics(reader):
    assert "Kort gesprek" in reader.get("/").text
    listed = reader.get("/communities/1/threads").text
    assert "Lang gesprek" in listed
    assert "Kort gesprek" not in listed


def test_search_finds_one_post(reader):
    assert reader.get(f"/search?q={RARE}").text.count("<article") == 1


def test_reply_is_stored_once_and_escaped(reader, file):
    answer = reader.post("/threads/2/posts", data={"body": "<b>Dank</b>"})
    assert answer.status_code == 303
    database = yardstick_data.connect(file)
    stored = database.execute("SELECT html FROM post WHERE topic_id = 2 ORDER BY id").fetchall()
    database.close()
    assert [row["html"] for row in stored][1:] == ["<p>&lt;b&gt;Dank&lt;/b&gt;</p>"]


def test_without_a_session_nothing_is_shown(file):
    app = yardstick.create_app()
    assert app.test_client().get("/threads/1").status_code == 401


def test_commits_are_durable(file):
    database = yardstick_data.connect(file)
    full = database.execute("PRAGMA synchronous").fetchone()[0]
    mode = database.execute("PRAGMA journal_mode").fetchone()[0]
    database.close()
    assert (full, mode) == (2, "wal")
