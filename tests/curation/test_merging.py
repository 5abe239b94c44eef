"""threads.merge and threads.unmerge: one thread goes on in another, and everything that names it finds it there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.notices.models import Notice
from cop.society.audience import Guest
from cop.society.people import Person
from cop.things import Draft, Follow, Mark, ThingLink, save_draft
from cop.threads.models import Thread

DRAFT = "00000000-0000-4000-8000-000000000001"


def merge(ask: Any, pair: SimpleNamespace, who: str = "eva") -> Any:
    return ask(who, "post", f"/threads/{pair.a}/merge", into=f"/threads/{pair.b}")


def found(cast: Any, words: str) -> list[str]:
    answer = cast.client(None).get("/api/v1/search", query_string={"q": words}, headers=cast.api("gerda"))
    return [hit["url"] for hit in answer.json["items"]]


def test_works(cast: Any, pair: SimpleNamespace, placed: Any) -> None:
    answer = cast.client("eva").post(
        f"/threads/{pair.a}/merge", data={"into": f"/threads/{pair.b}"}, follow_redirects=True
    )
    assert "Samengevoegd. Het adres van “Wie belt huiseigenaren?”" in answer.text
    assert "Hierin staat sinds" in answer.text
    assert "Eerder het begin van het gesprek “Wie belt huiseigenaren?”" in answer.text
    assert [id for id, _seq in placed(pair.b)] == pair.b_posts + pair.a_posts
    assert placed(pair.b)[:2] == [(pair.b_posts[0], 1), (pair.b_posts[1], 2)], "positions of the other stay"
    assert placed(pair.a) == []
    assert "4 reacties" in answer.text


def test_works_by_api(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    answer = merge(ask, pair)
    assert answer.status_code == 200, answer.text
    assert (answer.json["id"], answer.json["replies"]) == (pair.b, 4)
    moved = ask("gerda", "get", f"/threads/{pair.a}")
    assert moved.status_code == 308
    assert moved.json == {"moved_to": f"/threads/{pair.b}", "post": pair.a_posts[0]}
    assert moved.headers["Location"].endswith(f"/api/v1/threads/{pair.b}")
    assert ask("gerda", "get", f"/threads/{pair.a}/posts").status_code == 308


def test_stranger_gets_404(ask: Any, pair: SimpleNamespace) -> None:
    assert merge(ask, pair, "chris").status_code == 404
    assert merge(ask, pair).status_code == 200
    assert ask("chris", "get", f"/threads/{pair.a}").status_code == 404
    assert ask("chris", "delete", f"/threads/{pair.b}/merges/{pair.a}").status_code == 404


def test_wrong_role_gets_403(ask: Any, pair: SimpleNamespace) -> None:
    assert merge(ask, pair, "anna").status_code == 403
    assert merge(ask, pair).status_code == 200
    assert ask("anna", "delete", f"/threads/{pair.b}/merges/{pair.a}").status_code == 403


def test_bad_input_names_the_field(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    for address in ("", "/files/1", f"/threads/{pair.a}", "https://elders.example/threads/1", "/threads/99999"):
        answer = ask("eva", "post", f"/threads/{pair.a}/merge", into=address)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["into"]), address
    page = cast.client("eva").post(f"/threads/{pair.a}/merge", data={"into": "/threads/99999"})
    assert page.status_code == 422
    assert 'value="/threads/99999"' in page.text


def test_is_journalled(ask: Any, pair: SimpleNamespace, journal: Any) -> None:
    merge(ask, pair)
    ask("eva", "delete", f"/threads/{pair.b}/merges/{pair.a}")
    assert journal("threads.merge") == [{"source": pair.a, "target": pair.b, "posts": 3, "whole": 1}]
    assert journal("threads.unmerge") == [{"source": pair.b, "target": pair.a, "posts": 3, "whole": 0}]


def test_old_addresses_lead_on(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    merge(ask, pair)
    gerda = cast.client("gerda")
    answer = gerda.get(f"/threads/{pair.a}")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(f"#post-{pair.a_posts[0]}")
    assert "no-store" in answer.headers["Cache-Control"] or "private" in answer.headers["Cache-Control"]
    for post in pair.a_posts:
        assert gerda.get(f"/posts/{post}").headers["Location"].startswith(f"/threads/{pair.b}?")
        assert f'id="post-{post}"' in gerda.get(f"/posts/{post}", follow_redirects=True).text


def test_a_chain_of_merges_leads_to_the_last(app: Any, cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    merge(ask, pair)
    third = ask("anna", "post", "/communities/een/threads", title="Derde", body="Nog een.").json
    assert ask("eva", "post", f"/threads/{pair.b}/merge", into=third["url"]).status_code == 200
    assert ask("gerda", "get", f"/threads/{pair.a}").json["moved_to"] == third["url"]
    assert ask("gerda", "get", f"/threads/{pair.b}").json["moved_to"] == third["url"]


def test_a_hidden_target_hides_the_redirect(ask: Any, pair: SimpleNamespace) -> None:
    merge(ask, pair)
    ask("eva", "put", f"/threads/{pair.b}/hiding", reason="Persoonsgegevens")
    assert ask("gerda", "get", f"/threads/{pair.a}").status_code == 404


def test_a_reply_on_an_old_page_lands_in_the_other(cast: Any, ask: Any, pair: SimpleNamespace, placed: Any) -> None:
    merge(ask, pair)
    data = {"body": "Ik typte nog.", "reply_to": pair.a_posts[1]}
    answer = cast.client("bram").post(f"/threads/{pair.a}/posts", data=data)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/threads/{pair.b}?")
    assert len(placed(pair.b)) == 6


def test_a_reply_at_the_same_moment_lands_in_the_other(
    app: Any, cast: Any, ask: Any, pair: SimpleNamespace, placed: Any, monkeypatch: Any
) -> None:
    """On PostgreSQL, a reply may have read the thread before the merge that it waits for."""
    from cop.threads.routes import writing

    merge(ask, pair)
    stale, once = writing.find_thread, []

    def find(person: Any, id: int) -> Any:
        if not once:
            once.append(1)
            return db.session.get_one(Thread, pair.a)
        return stale(person, id)

    monkeypatch.setattr(writing, "find_thread", find)
    answer = ask("bram", "post", f"/threads/{pair.a}/posts", body="Tegelijk.")
    assert (answer.status_code, answer.json["thread"]) == (201, pair.b)
    assert placed(pair.a) == []


def test_readers_keep_their_place(app: Any, cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    with app.app_context(), transaction():
        a, b = db.session.get_one(Thread, pair.a), db.session.get_one(Thread, pair.b)
        for who, in_a, in_b in (("gerda", a.last_seq, b.last_seq), ("fons", 2, b.last_seq), ("dina", a.last_seq, 1)):
            person = db.session.get_one(Person, getattr(cast, who))
            for thread, seq in ((a, in_a), (b, in_b)):
                db.session.merge(Mark(person_id=person.id, thing_id=thread.id, seq=seq))
        base = b.last_seq
    merge(ask, pair)
    with app.app_context():
        marks = dict(db.session.execute(select(Mark.person_id, Mark.seq).where(Mark.thing_id == pair.b)).all())
        last = db.session.get_one(Thread, pair.b).last_post
    assert marks[cast.gerda] >= last, "read both: nothing is unread"
    assert marks[cast.fons] == base + 2
    assert marks[cast.dina] == 1, "had not read the other to its end"


def test_follows_drafts_guests_and_links_go_along(app: Any, cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    with app.app_context(), transaction():
        bram, chris = db.session.get_one(Person, cast.bram), db.session.get_one(Person, cast.chris)
        save_draft(bram, DRAFT, place=f"thread:{pair.a}", fields={"body": "Half"}, revision=1)
        db.session.add(Guest(person_id=chris.id, thing_id=pair.a, role="reader"))
    assert ask("chris", "get", f"/threads/{pair.b}").status_code == 404
    merge(ask, pair)
    with app.app_context():
        assert db.session.scalar(select(Draft.place).where(Draft.id == DRAFT)) == f"thread:{pair.b}"
        follow = select(Follow.level).where(Follow.person_id == cast.bram, Follow.thing_id == pair.b)
        assert db.session.scalar(follow) == "all"
    assert ask("chris", "get", f"/threads/{pair.b}").status_code == 200
    assert ask("chris", "get", f"/threads/{pair.a}").status_code == 308
    late = {"place": f"thread:{pair.a}", "fields": {"body": "Half af"}, "revision": 2, "base": 1}
    assert ask("bram", "put", f"/drafts/{DRAFT}", **late).status_code == 204
    with app.app_context():
        assert db.session.scalar(select(Draft.place).where(Draft.id == DRAFT)) == f"thread:{pair.b}"
    assert ask("eva", "delete", f"/threads/{pair.b}/merges/{pair.a}").status_code == 200
    assert ask("chris", "get", f"/threads/{pair.b}").status_code == 404
    assert ask("chris", "get", f"/threads/{pair.a}").status_code == 200


def test_the_answer_goes_along_to_a_question_without_one(ask: Any, pair: SimpleNamespace) -> None:
    ask("anna", "put", f"/threads/{pair.a}/answer", post=pair.a_posts[1])
    assert merge(ask, pair).json["answer"] == pair.a_posts[1]
    back = ask("eva", "delete", f"/threads/{pair.b}/merges/{pair.a}")
    assert back.json["answer"] == pair.a_posts[1]
    assert ask("eva", "get", f"/threads/{pair.b}").json["answer"] is None


def test_search_finds_every_post_where_it_stands(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    merge(ask, pair)
    assert f"/posts/{pair.a_posts[0]}" in found(cast, "openingszin bellen")
    assert f"/threads/{pair.a}" not in found(cast, "bellen")
    ask("eva", "delete", f"/threads/{pair.b}/merges/{pair.a}")
    assert found(cast, "openingszin bellen") == [f"/threads/{pair.a}"]


def test_notices_go_along(app: Any, cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    merge(ask, pair)
    with app.app_context():
        places = set(db.session.scalars(select(Notice.place_id).where(Notice.person_id == cast.anna)))
    assert places == {pair.b}


def test_unmerge_restores_both(app: Any, cast: Any, ask: Any, pair: SimpleNamespace, placed: Any) -> None:
    before = placed(pair.a), placed(pair.b)
    merge(ask, pair)
    ask("anna", "patch", f"/posts/{pair.a_posts[0]}", body="Toch anders.", base_version=1)
    later = ask("bram", "post", f"/threads/{pair.b}/posts", body="Nieuw.").json["id"]
    client = cast.client("eva")
    assert "Weer losmaken: Wie belt huiseigenaren?" in client.get(f"/threads/{pair.b}/arranging").text
    page = client.post(f"/threads/{pair.b}/merges/{pair.a}/delete", follow_redirects=True)
    assert "is weer een eigen gesprek" in page.text
    assert "Toch anders." in page.text
    assert "Eerder het begin" not in page.text
    assert placed(pair.a) == before[0]
    assert placed(pair.b)[:-1] == before[1]
    assert placed(pair.b)[-1][0] == later
    assert ask("anna", "get", f"/threads/{pair.a}").json["replies"] == 2
    assert ask("anna", "get", f"/threads/{pair.b}").json["replies"] == 2
    again = ask("bram", "post", f"/threads/{pair.a}/posts", body="Verder hier.").json
    assert again["seq"] > before[0][-1][1]


def test_what_changed_meanwhile_cannot_be_unmerged(ask: Any, pair: SimpleNamespace) -> None:
    merge(ask, pair)
    split = ask("eva", "post", f"/threads/{pair.b}/split", title="Brieven", posts=[pair.a_posts[2]])
    assert split.status_code == 201, split.text
    assert ask("eva", "delete", f"/threads/{pair.b}/merges/{pair.a}").status_code == 409


def test_only_within_one_audience(app: Any, cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    other = ask("fons", "post", "/communities/twee/threads", title="Elders", body="Hier.")
    assert other.status_code == 201, other.text
    answer = ask("fons", "post", f"/threads/{pair.a}/merge", into=other.json["url"])
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["into"])


def test_links_are_copied_once(app: Any, cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    with app.app_context(), transaction():
        for thread in (pair.a, pair.b):
            db.session.add(ThingLink(from_id=pair.b_posts[1], to_id=thread, kind="source"))
        db.session.add(ThingLink(from_id=pair.b_posts[0], to_id=pair.a, kind="source"))
    merge(ask, pair)
    with app.app_context():
        links = select(ThingLink.from_id).where(ThingLink.to_id == pair.b, ThingLink.kind == "source")
        assert sorted(db.session.scalars(links)) == sorted(pair.b_posts)


def test_quotes_and_reactions_stay(app: Any, cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    quoting = ask("dina", "post", f"/threads/{pair.a}/posts", body="Ja", reply_to=pair.a_posts[1]).json["id"]
    ask("dina", "put", f"/posts/{pair.a_posts[1]}/reactions/thanks")
    merge(ask, pair)
    posts = {post["id"]: post for post in ask("gerda", "get", f"/threads/{pair.b}/posts").json["items"]}
    assert posts[quoting]["reply_to"] == pair.a_posts[1]
    assert posts[pair.a_posts[1]]["reactions"] == {"thanks": [cast.dina]}
