"""The yardstick as a side of the comparison."""

from __future__ import annotations

from pathlib import Path

from bench import yardstick_data
from bench.serving import free_port, gunicorn, start
from bench.side import BEFORE_DEEP_PAGE, LONG_TOPIC, READ_TOPIC, READER, REPLY_TOPIC, Side
from bench.workload import COMMON, PEOPLE, RARE, topics

PATHS = {
    "home": "/",
    "list": "/communities/1/threads",
    "thread": f"/threads/{READ_TOPIC}",
    "first": f"/threads/{LONG_TOPIC}",
    "deep": f"/threads/{LONG_TOPIC}?after={BEFORE_DEEP_PAGE}",
    "search": f"/search?q={RARE}",
    "common": f"/search?q={COMMON}",
    "reply": f"/threads/{REPLY_TOPIC}/posts",
}


def serve(folder: Path, sockets: int) -> Side:
    """Seed the yardstick into `folder` unless that was done, serve it, and return it."""
    file = folder / "yardstick.sqlite3"
    if not file.exists():
        yardstick_data.seed(file, topics())
    port = free_port()
    command = gunicorn("bench.yardstick:create_app()", port, sockets)
    server = start(command, port, {"YARDSTICK_DATABASE": str(file)}, folder / "yardstick.log")
    return Side(
        name="yardstick",
        server=server,
        cookie=f"session={yardstick_data.token_of(READER)}",
        paths=PATHS,
        room=1,
        tokens=lambda count: [yardstick_data.token_of(name) for name in PEOPLE[:count]],
        count_replies=lambda: _count_replies(file),
    )


def _count_replies(file: Path) -> int:
    database = yardstick_data.connect(file)
    (count,) = database.execute("SELECT count(*) FROM post WHERE topic_id = ?", (REPLY_TOPIC,)).fetchone()
    database.close()
    return count
