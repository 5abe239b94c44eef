"""The yardstick: the least that Flask, Jinja and SQLite can do for the same pages.

It reads the signed-in person from the database, selects twenty rows, renders them, and nothing else.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import Any

from flask import Flask, abort, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_socketio import SocketIO, emit, join_room
from markupsafe import escape

from bench.yardstick_data import connect

ROWS = 20
PERSON_OF_SESSION = "SELECT person.* FROM session JOIN person ON person.id = person_id WHERE token = ?"
TOPICS = (
    "SELECT topic.id, title, updated_at, person.name AS author, category.name AS category FROM topic"
    " JOIN person ON person.id = person_id JOIN category ON category.id = category_id"
)
POSTS = (
    "SELECT post.id, topic_id, written_at, html, person_id, person.name AS author FROM post"
    " JOIN person ON person.id = person_id"
)

own = threading.local()


def database() -> sqlite3.Connection:
    """Return this thread's connection, opened on first use."""
    if not hasattr(own, "database"):
        own.database = connect(os.environ["YARDSTICK_DATABASE"])
    return own.database


def rows(sql: str, *values: object) -> list[sqlite3.Row]:
    """Return all rows of a query."""
    return database().execute(sql, values).fetchall()


def one(sql: str, *values: object) -> sqlite3.Row:
    """Return the one row of a query, else abort with 404."""
    return database().execute(sql, values).fetchone() or abort(404)


def sign_in() -> None:
    """Load the person of the cookie or bearer token, else abort with 401."""
    if request.path == "/healthz":
        return
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = bearer or request.cookies.get("session", "")
    g.person = database().execute(PERSON_OF_SESSION, (token,)).fetchone() or abort(401)


def healthz() -> ResponseReturnValue:
    """Report that requests are served."""
    return "ok"


def home() -> ResponseReturnValue:
    """Show the topics with the newest posts."""
    topics = rows(f"{TOPICS} ORDER BY updated_at DESC LIMIT ?", ROWS)
    return render_template("topics.html", title="Wat vraagt mijn aandacht", topics=topics)


def topic_list(id: int) -> ResponseReturnValue:
    """Show the newest topics of one category."""
    category = one("SELECT * FROM category WHERE id = ?", id)
    topics = rows(f"{TOPICS} WHERE category_id = ? ORDER BY updated_at DESC LIMIT ?", id, ROWS)
    return render_template("topics.html", title=category["name"], topics=topics)


def thread(id: int) -> ResponseReturnValue:
    """Show twenty posts after a given one, found by key at any depth."""
    topic = one("SELECT * FROM topic WHERE id = ?", id)
    after = request.args.get("after", 0, int)
    posts = rows(f"{POSTS} WHERE topic_id = ? AND post.id > ? ORDER BY post.id LIMIT ?", id, after, ROWS)
    return render_template("posts.html", title=topic["title"], posts=posts, topic=topic)


def reply(id: int) -> ResponseReturnValue:
    """Store a post with one INSERT, synced to disk before the response."""
    row = database().execute(
        "INSERT INTO post (topic_id, person_id, written_at, html) VALUES (?, ?, datetime(), ?)",
        (id, g.person["id"], f"<p>{escape(request.form['body'])}</p>"),
    )
    return redirect(f"/threads/{id}#post-{row.lastrowid}", 303)


def search() -> ResponseReturnValue:
    """Show the twenty posts that match the words best."""
    query = request.args["q"]
    posts = rows(
        f"{POSTS} JOIN post_words ON post_words.rowid = post.id WHERE post_words MATCH ?"
        " ORDER BY bm25(post_words) LIMIT ?",
        query,
        ROWS,
    )
    return render_template("posts.html", title=query, posts=posts)


def say(id: int) -> ResponseReturnValue:
    """Store a message with its number in the room, then send it to everybody in it."""
    message: dict[str, Any] = request.get_json()
    html = f"<p>{escape(message['body'])}</p>"
    (row,) = rows(
        "INSERT INTO message (room_id, seq, client_id, person_id, html)"
        " SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4 FROM message WHERE room_id = ?1 RETURNING id, seq",
        id,
        message["client_id"],
        g.person["id"],
        html,
    )
    place = f"room:{id}"
    event = {"place": place, "seq": row["seq"], "verb": "chat.send", "id": row["id"], "html": html}
    live.emit("told", event, to=place)
    return event, 201


def enter(auth: dict[str, str] | None) -> bool:
    """Return whether the token names a person, which accepts the socket."""
    return database().execute(PERSON_OF_SESSION, ((auth or {}).get("token", ""),)).fetchone() is not None


def join(data: dict[str, str]) -> dict[str, object]:
    """Put the socket in a room and return the latest number in it."""
    join_room(data["place"])
    room = data["place"].removeprefix("room:")
    return {"ok": True, "seq": one("SELECT coalesce(max(seq), 0) FROM message WHERE room_id = ?", room)[0]}


def echo(text: str) -> None:
    """Send the text back."""
    emit("echo", text)


live = SocketIO(async_mode="threading")


def create_app() -> Flask:
    """Return the WSGI application; YARDSTICK_DATABASE names its seeded database."""
    app = Flask("yardstick", root_path=os.path.dirname(__file__))
    app.before_request(sign_in)
    app.get("/healthz")(healthz)
    app.get("/")(home)
    app.get("/communities/<int:id>/threads")(topic_list)
    app.get("/threads/<int:id>")(thread)
    app.post("/threads/<int:id>/posts")(reply)
    app.get("/search")(search)
    app.post("/api/v1/rooms/<int:id>/messages")(say)
    live.on_event("connect", enter)
    live.on_event("join", join)
    live.on_event("echo", echo)
    live.init_app(app)
    return app
