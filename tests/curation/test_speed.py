"""Merging two threads of a thousand posts takes less than two seconds, and every address leads on."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import insert, select

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.search.filling import index_all
from cop.society.programmes import Community
from cop.things import Body, Mark, Thing
from cop.threads.models import Thread

MANY = 1_000
LONGEST = 2.0  # seconds


def make(app: Any, cast: Any, title: str) -> int:
    """Return a thread with as many posts, each with its text, that everybody has read."""
    with app.app_context(), transaction():
        one = db.session.get_one(Community, cast.one)
        start = clock.now() - timedelta(days=30)
        thread = Thread(
            audience_id=one.audience_id,
            author_id=cast.anna,
            title=title,
            thread_kind="question",
            replies=MANY - 1,
            last_post=MANY,
            last_seq=MANY,
            last_at=start,
        )
        db.session.add(thread)
        db.session.flush()
        rows = [
            {
                "kind": "post",
                "audience_id": one.audience_id,
                "parent_id": thread.id,
                "author_id": cast.bram,
                "author_role": "member",
                "title": "",
                "state": "live",
                "reason": "",
                "version": 1,
                "made": start + timedelta(minutes=n),
                "seq": n,
                "changed": n,
                "last_seq": 0,
            }
            for n in range(1, MANY + 1)
        ]
        db.session.execute(insert(Thing.__table__), rows, execution_options={"changes": []})
        ids = list(db.session.scalars(select(Thing.id).where(Thing.parent_id == thread.id).order_by(Thing.seq)))
        words = f"Wij bellen huiseigenaren elke week. {title}"
        bodies = [
            {
                "thing_id": id,
                "text_version": text.VERSION,
                "source": words,
                "format": "plain",
                "html": f"<p>{words}</p>",
                "plain": words,
            }
            for id in ids
        ]
        db.session.execute(insert(Body.__table__), bodies, execution_options={"changes": []})
        for who in ("gerda", "dina", "fons"):
            db.session.add(Mark(person_id=getattr(cast, who), thing_id=thread.id, seq=MANY))
        db.session.flush()
        index_all()
        return thread.id


def test_merging_two_long_threads(app: Any, cast: Any, ask: Any, placed: Any) -> None:
    a, b = make(app, cast, "Eerste"), make(app, cast, "Tweede")
    posts = [id for id, _seq in placed(a)]
    begin = perf_counter()
    answer = ask("eva", "post", f"/threads/{a}/merge", into=f"/threads/{b}")
    took = perf_counter() - begin
    assert answer.status_code == 200, answer.text
    assert answer.json["replies"] == 2 * MANY - 1
    assert took < LONGEST, f"{took:.2f} s"
    print(f"merge of {MANY} posts: {took:.3f} s")
    moved = placed(b)
    assert [id for id, _seq in moved[MANY:]] == posts
    assert [seq for _id, seq in moved] == sorted({seq for _id, seq in moved})
    for id in (posts[0], posts[MANY // 2], posts[-1]):
        assert cast.client("gerda").get(f"/posts/{id}").headers["Location"].startswith(f"/threads/{b}?")
        assert ask("gerda", "get", f"/posts/{id}").json["thread"] == b
    assert ask("gerda", "get", f"/threads/{a}").json["moved_to"] == f"/threads/{b}"
    begin = perf_counter()
    assert ask("eva", "delete", f"/threads/{b}/merges/{a}").status_code == 200
    print(f"unmerge: {perf_counter() - begin:.3f} s")
    begin = perf_counter()
    split = ask("eva", "post", f"/threads/{a}/split", title="Helft", since=posts[MANY // 2])
    assert split.status_code == 201, split.text
    print(f"split of half: {perf_counter() - begin:.3f} s")
