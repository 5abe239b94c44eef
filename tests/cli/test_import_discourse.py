"""imports.begin, imports.write, imports.end, imports.withdraw and imports.undo, by `cop import discourse` and `cop import undo`."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.journal import JournalEntry
from cop.documents.models import File
from cop.notices.models import Notice
from cop.search.models import Entry
from cop.society.people import Person
from cop.things import Body, ImportOrigin, ImportRun, Thing
from cop.threads import actions
from cop.threads.models import Post, Thread, opening_post
from tests.cast import create_cast
from tests.cli.conftest import Platform
from tests.cli.forum import Forum, large, small

ROOT = Path(__file__).parents[2]
MEMBERS = {"anna": "anna@proef.example", "bram": "bram@proef.example"}


@pytest.fixture
def cast(platform: Platform) -> Any:
    """Return the cast, on the platform of the command."""
    with platform.app().app_context():
        return create_cast()


@pytest.fixture
def run(platform: Platform, cast: Any, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that imports a forum and returns the report."""

    def imported(forum: Forum, *options: str, community: str = "een") -> Any:
        path = forum.save(tmp_path / "forum.tar.gz")
        done = platform.cop("import", "discourse", path, "--community", community, "--json", *options)
        assert done.exit_code == 0, done.output
        import json

        return json.loads(done.stdout)

    return imported


def thread_of(key: str) -> Thread:
    """Return the thread that a topic became."""
    id = db.session.scalars(select(ImportOrigin.thing_id).where(ImportOrigin.key == key)).one()
    return db.session.get_one(Thread, id)


def posts_of(thread: Thread) -> list[Post]:
    return list(db.session.scalars(select(Post).where(Post.parent_id == thread.id).order_by(Post.seq)))


def html_of(key: str) -> str:
    id = db.session.scalars(select(ImportOrigin.thing_id).where(ImportOrigin.key == key)).one()
    return db.session.get_one(Body, id).html


def id_of(key: str) -> int:
    return db.session.scalars(select(ImportOrigin.thing_id).where(ImportOrigin.key.startswith(key))).one()


def counts() -> dict[str, int]:
    """Return how much there is of what an import makes."""
    tables = {"things": Thing, "bodies": Body, "origins": ImportOrigin, "files": File, "entries": Entry}
    return {name: db.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


def test_works(platform: Platform, run: Any, cast: Any) -> None:
    report = run(small(MEMBERS))
    assert report["topics"] == {"new": 4}
    assert report["posts"] == {"new": 9}
    with platform.app().app_context():
        thread = thread_of("topic:10")
        assert (thread.title, thread.thread_kind, thread.replies) == ("Huismeester als vast gezicht", "experience", 2)
        assert thread.author_id == cast.anna
        assert thread.made == datetime(2015, 3, 2, 12, 0, 0, 123456, UTC)
        assert [post.author_id for post in posts_of(thread)] == [cast.anna, None, cast.bram]
        assert thread.last_author_id == cast.bram
        assert thread.last_at == posts_of(thread)[-1].made
        assert thread.last_post == posts_of(thread)[-1].seq == 3
        solved = thread_of("topic:11")
        assert (solved.thread_kind, solved.answer_id) == ("question", id_of("post:111"))
        assert solved.closed is not None


def test_texts_are_converted(platform: Platform, run: Any, cast: Any) -> None:
    run(small(MEMBERS))
    with platform.app().app_context():
        plan, paper = id_of("upload:1@"), id_of("upload:2@")
        opening, reply = id_of("post:100"), id_of("post:101")
        assert f'<img alt="plan" src="/files/{plan}/content">' in html_of("post:100")
        assert f'<a href="/files/{paper}">verslag.txt</a>.' in html_of("post:100")
        assert "<strong>Kom langs</strong> 😄" in html_of("post:100")
        assert f'<a href="/posts/{opening}">schreef</a>:' in html_of("post:101")
        assert "<blockquote>" in html_of("post:101")
        assert f'<a class="mention" href="/people/{cast.anna}">@Anna Adem</a>! Groet Oud-deelnemer' in html_of(
            "post:101"
        )
        assert db.session.get_one(Body, reply).reply_to_id == opening
        later = html_of("post:102")
        assert f'<a href="/posts/{id_of("post:111")}">Vraag met een antwoord</a>' in later, "a link to what came later"
        assert f'<a href="/threads/{id_of("topic:12")}">hier</a>' in later
        assert "https://elders.example/t/x/11" in later
        assert f'<a href="/threads/{id_of("topic:10")}">Eerder</a>' in html_of("post:111")
        assert "[b]code[/b] @onbekend" in html_of("post:110")
        assert "<strong>vet</strong><br>" in html_of("post:110")
        assert "bijlage niet geïmporteerd: x" in html_of("post:113")
        file = db.session.get_one(File, plan)
        assert (file.title, file.attached, file.author_id) == ("plattegrond.png", True, cast.anna)
        assert file.made == db.session.get_one(Post, opening).made


def test_nobody_is_named_without_consent(platform: Platform, run: Any) -> None:
    report = run(small(MEMBERS))
    assert report["authors"] == {"matched": 2, "unmatched": {"olga@elders.example": 3}}
    with platform.app().app_context():
        texts = " ".join(db.session.scalars(select(Body.source)))
        assert "Olga" not in texts
        assert db.session.scalar(select(func.count()).where(Post.author_id.is_(None))) == 3


def test_names_are_shown_where_the_coach_asks(platform: Platform, run: Any) -> None:
    run(small(MEMBERS), "--names")
    with platform.app().app_context():
        assert html_of("post:110").startswith("<p><em>Geïmporteerd van Olga Onbekend</em></p>")
        assert "Groet Olga Onbekend" in html_of("post:101")
        assert "Geïmporteerd" not in html_of("post:100")


def test_an_unconfirmed_address_matches_nobody(platform: Platform, run: Any) -> None:
    forum = small(MEMBERS)
    forum.topic(20, "Vals", 9, 1)
    forum.post(200, 20, 1, 9, "Ik ben Anna")
    run(forum)
    with platform.app().app_context():
        assert thread_of("topic:20").author_id is None


def test_personal_numbers_are_refused_by_place_alone(platform: Platform, run: Any) -> None:
    report = run(small(MEMBERS))
    assert [(one["place"].partition(" (")[0], one["kind"]) for one in report["personal_numbers"]] == [
        ("topic 11, post 3", "bsn"),
        ("topic 12, post 1", "iban"),
    ]
    assert not any(number in str(report) for number in ("111222333", "0417164300"))
    with platform.app().app_context():
        opening = html_of("post:120")
        assert "niet geïmporteerd, omdat er een persoonsnummer in stond" in opening
        assert thread_of("topic:12").replies == 1
        assert not any(
            number in source for source in db.session.scalars(select(Body.source)) for number in ("111222333",)
        )


def test_private_and_removed_posts_stay_out(platform: Platform, run: Any) -> None:
    report = run(small(MEMBERS))
    reasons = {one["reason"]: one["number"] for one in report["left_out"]}
    assert reasons["in private messages"] == 1
    assert reasons["in a restricted category"] == 1
    assert reasons["deleted at the source"] == 1
    assert reasons["programs"] == 1
    with platform.app().app_context():
        said = " ".join(db.session.scalars(select(Body.plain)))
        assert not any(words in said for words in ("Geheim bericht", "Alleen voor de staf", "Verwijderd", "Welcome"))


def test_categories_go_to_their_communities(platform: Platform, run: Any, cast: Any) -> None:
    report = run(small(MEMBERS), "--category", "zorg=twee", "--category", "Kantine=", "--category", "Staf=een")
    assert "in a category that is left out" in {one["reason"] for one in report["left_out"]}
    with platform.app().app_context():
        assert thread_of("topic:11").audience_id == cast.audiences.two
        assert thread_of("topic:10").audience_id == cast.audiences.one
        assert thread_of("topic:14").audience_id == cast.audiences.one


def test_unknown_category_and_community_are_refused(platform: Platform, cast: Any, tmp_path: Path) -> None:
    path = small(MEMBERS).save(tmp_path / "f.tar.gz")
    wrong = platform.cop("import", "discourse", path, "--community", "een", "--category", "Tuin=twee")
    assert wrong.exit_code == 1
    assert "no category “Tuin”; it has: Kantine, Staf, Wonen, Wonen/Zorg" in wrong.output
    assert "no community" in platform.cop("import", "discourse", path, "--community", "drie").output
    broken = tmp_path / "b.tar.gz"
    broken.write_bytes(path.read_bytes()[:2000])
    done = platform.cop("import", "discourse", broken, "--community", "een")
    assert done.exit_code == 1
    assert "damaged or not complete" in done.output
    broken.write_bytes(b"no archive at all")
    assert "no backup of Discourse" in platform.cop("import", "discourse", broken, "--community", "een").output
    with platform.app().app_context():
        assert counts()["things"] == 0


def test_a_dump_without_uploads_works(platform: Platform, cast: Any, tmp_path: Path) -> None:
    path = tmp_path / "forum.sql.gz"
    path.write_bytes(gzip.compress(small(MEMBERS).dump()))
    done = platform.cop("import", "discourse", path, "--community", "een")
    assert done.exit_code == 0
    assert "Left out, files:\n       3 not in the archive" in done.output
    with platform.app().app_context():
        assert "bijlage niet geïmporteerd: plan" in html_of("post:100")


def test_dry_run_writes_nothing(platform: Platform, run: Any) -> None:
    with platform.app().app_context():
        before = counts()
    report = run(small(MEMBERS), "--dry-run")
    assert (report["import"], report["posts"], report["topics"]) == (None, {"new": 9}, {"new": 4})
    assert report["files"] == {"new": 2}
    with platform.app().app_context():
        assert counts() == before
        assert db.session.scalar(select(func.count()).select_from(ImportRun)) == 0
    assert not [*platform.folder.glob("files/??/**/*")]
    real = run(small(MEMBERS))
    assert all(real[name] == report[name] for name in ("posts", "topics", "left_out", "personal_numbers", "authors"))
    assert run(small(MEMBERS), "--dry-run")["posts"] == {"same": 9}


def test_again_changes_nothing(platform: Platform, run: Any) -> None:
    run(small(MEMBERS))
    with platform.app().app_context():
        before = counts()
        entries = db.session.scalar(select(func.count()).select_from(JournalEntry))
    report = run(small(MEMBERS))
    assert report["posts"] == {"same": 9}
    assert report["topics"] == {"same": 4}
    with platform.app().app_context():
        assert counts() == before
        assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == entries + 1, "that it began"


def test_changes_at_the_source_follow_unless_edited_here(platform: Platform, run: Any, cast: Any) -> None:
    run(small(MEMBERS))
    with platform.app().app_context():
        own = db.session.get_one(Post, id_of("post:111"))
        with transaction():
            actions.POSTS.edit(
                db.session.get_one(Person, cast.bram), own, text=text.render("Hier verbeterd", "markdown")
            )
    forum = small(MEMBERS)
    for row in forum.rows["posts"]:
        if row["id"] in (110, 111):
            row["raw"] = "Daar verbeterd"
    forum.rows["topics"][0]["title"] = "Een nieuwe titel"
    forum.post(105, 10, 6, 1, "Een nieuwe reactie")
    report = run(forum)
    assert report["posts"] == {"new": 1, "changed": 1, "kept": 1, "same": 7}
    with platform.app().app_context():
        assert html_of("post:110") == "<p>Daar verbeterd</p>"
        assert html_of("post:111") == "<p>Hier verbeterd</p>"
        assert thread_of("topic:10").title == "Een nieuwe titel"
        assert thread_of("topic:10").replies == 3


def test_number_that_was_removed_at_the_source_comes_later(platform: Platform, run: Any) -> None:
    run(small(MEMBERS))
    forum = small(MEMBERS)
    for row in forum.rows["posts"]:
        if row["id"] in (112, 120):
            row["raw"] = "Zonder nummer"
    assert run(forum)["posts"] == {"new": 1, "changed": 1, "same": 8}
    with platform.app().app_context():
        assert html_of("post:120") == "<p>Zonder nummer</p>"


def test_author_who_enters_later_gets_their_posts(platform: Platform, run: Any, cast: Any) -> None:
    run(small(MEMBERS))
    with platform.app().app_context(), transaction():
        db.session.execute(update(Person).where(Person.id == cast.chris).values(mail="olga@elders.example"))
    report = run(small(MEMBERS))
    assert report["posts"]["claimed"] + report["posts"]["changed"] == 3, "in one of them she is mentioned"
    with platform.app().app_context():
        assert thread_of("topic:11").author_id == cast.chris
        assert db.session.get_one(Post, id_of("post:110")).author_id == cast.chris


def test_no_mail_and_no_notices(platform: Platform, run: Any, cast: Any) -> None:
    from cop.notices.overview import news

    run(small(MEMBERS))
    with platform.app().app_context():
        assert db.session.scalar(select(func.count()).select_from(Email)) == 0
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 0
        assert news(db.session.get_one(Person, cast.eva), 0) == ([], 0)


def test_members_read_what_was_imported(platform: Platform, run: Any, cast: Any) -> None:
    run(small(MEMBERS))
    with platform.app().app_context():
        id, paper = thread_of("topic:10").id, id_of("upload:2@")
    client = platform.app().test_client()
    client.set_cookie("session", cast.cookies["eva"])
    headers = {"Authorization": f"Bearer {cast.tokens['eva']}"}
    found = client.get(f"/api/v1/threads/{id}/posts", headers=headers).json
    assert [post["author"]["name"] for post in found["items"]] == ["Anna Adem", "", "Bram Baan"]
    assert client.get(f"/api/v1/files/{paper}", headers=headers).status_code == 200
    hits = client.get("/api/v1/search?q=huismeester", headers=headers).json
    assert any(hit["url"].endswith(f"/threads/{id}") for hit in hits["items"]), hits
    stranger = {"Authorization": f"Bearer {cast.tokens['chris']}"}
    assert client.get(f"/api/v1/threads/{id}/posts", headers=stranger).status_code == 404


def test_is_journalled(platform: Platform, run: Any, cast: Any) -> None:
    number = run(small(MEMBERS))["import"]
    with platform.app().app_context():
        entries = list(db.session.scalars(select(JournalEntry).where(JournalEntry.verb.startswith("imports."))))
        assert [entry.verb for entry in entries][:1] == ["imports.begin"]
        assert entries[0].details == {"import": number}
        written = [entry for entry in entries if entry.verb == "imports.write"]
        threads = set(db.session.scalars(select(Thread.id)))
        assert {entry.details["thread"] for entry in written} == threads
        assert sum(entry.details["posts"] for entry in written) == 9
        assert {entry.community_id for entry in written} == {cast.one}


def test_is_not_journalled(platform: Platform, run: Any) -> None:
    number = run(small(MEMBERS))["import"]
    with platform.app().app_context():
        assert db.session.get_one(ImportRun, number).ended is not None
        assert not db.session.scalar(select(func.count()).where(JournalEntry.verb == "imports.end"))


def test_undo_withdraws_what_nobody_used(platform: Platform, run: Any, cast: Any) -> None:
    number = run(small(MEMBERS))["import"]
    with platform.app().app_context():
        with transaction():
            person = db.session.get_one(Person, cast.bram)
            actions.reply(person, thread_of("topic:12"), text=text.render("Een reactie van hier", "markdown"))
            anna = db.session.get_one(Person, cast.anna)
            actions.POSTS.edit(anna, opening_post(thread_of("topic:15")), text=text.render("Soep", "markdown"))
        kept = {f"/threads/{thread_of(key).id}" for key in ("topic:12", "topic:15")}
    assert platform.json("import", "undo", str(number), "--dry-run")["threads"] == 2
    done = platform.json("import", "undo", str(number))
    assert (done["threads"], done["posts"], set(done["kept"])) == (2, 0, kept)
    with platform.app().app_context():
        assert {thread_of(key).state for key in ("topic:10", "topic:11")} == {"retracted"}
        assert {thread_of(key).state for key in ("topic:12", "topic:15")} == {"live"}
        assert db.session.get_one(File, id_of("upload:1@")).state == "hidden"
        verbs = list(db.session.scalars(select(JournalEntry.verb).order_by(JournalEntry.id.desc()).limit(3)))
        assert verbs == ["imports.undo", "imports.withdraw", "imports.withdraw"]
        before = counts()
    listed = platform.json("import", "list")
    assert listed[0]["undone"]
    again = run(small(MEMBERS))
    assert again["posts"]["restored"] == 6
    with platform.app().app_context():
        assert thread_of("topic:10").state == "live"
        assert db.session.get_one(File, id_of("upload:1@")).state == "live"
        assert counts() == before, "the same things are shown again"


def test_undo_of_a_later_import_takes_only_its_posts(platform: Platform, run: Any) -> None:
    first = run(small(MEMBERS))["import"]
    forum = small(MEMBERS)
    forum.post(105, 10, 6, 1, "Een nieuwe reactie")
    second = run(forum)["import"]
    done = platform.json("import", "undo", str(second))
    assert (done["threads"], done["posts"], done["kept"]) == (0, 1, [])
    with platform.app().app_context():
        assert thread_of("topic:10").state == "live"
        assert db.session.get_one(Post, id_of("post:105")).state == "retracted"
    assert platform.json("import", "undo", str(first))["threads"] == 4
    assert platform.cop("import", "undo", "99").exit_code == 1


def test_a_thousand_posts_twice(platform: Platform, run: Any) -> None:
    forum = large(1_000, ["anna@proef.example", "bram@proef.example", "x@elders.example"])
    report = run(forum)
    assert report["posts"] == {"new": 1_000}
    assert report["topics"] == {"new": 50}
    with platform.app().app_context():
        before = counts()
        assert before["bodies"] == 1_000
        assert not db.session.scalar(select(func.count()).where(ImportOrigin.pending))
        assert not db.session.scalar(select(func.count()).where(Body.html.contains("/90000000")))
    assert run(forum)["posts"] == {"same": 1_000}
    with platform.app().app_context():
        assert counts() == before
    print(f"{report['posts_per_second']} posts per second")


@pytest.mark.live
def test_killed_at_any_moment_it_can_be_run_again(platform: Platform, cast: Any, tmp_path: Path) -> None:
    path = large(600, ["anna@proef.example", "x@elders.example"], per_topic=70).save(tmp_path / "forum.tar.gz")
    env = {name: value for name, value in os.environ.items() if not name.startswith("COP_")} | platform.env
    command = [sys.executable, "-m", "cop.cli", "import", "discourse", str(path), "--community", "een", "--json"]
    seen = []
    for _kill in range(6):
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        with platform.app().app_context():
            start = counts()["bodies"]
            while counts()["bodies"] == start and process.poll() is None and time.monotonic() < deadline:
                db.session.rollback()
                time.sleep(0.01)
            db.session.rollback()
        time.sleep(random.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with platform.app().app_context():
            seen.append(counts()["bodies"])
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert seen == sorted(seen)
    assert 0 < seen[0] < 600, "it was killed while it wrote"
    with platform.app().app_context():
        assert counts()["bodies"] == 600
        assert db.session.scalar(select(func.count()).select_from(ImportRun)) == 1, "the interrupted import goes on"
        assert not db.session.scalar(select(func.count()).where(ImportOrigin.pending)), "links to later topics are made"
        for thread in db.session.scalars(select(Thread)):
            found = posts_of(thread)
            assert [post.seq for post in found] == list(range(1, len(found) + 1))
            assert thread.replies == len(found) - 1
            assert thread.last_at == max(post.made for post in found)
            assert [post.made for post in found] == sorted(post.made for post in found)
        assert not list((platform.folder / "tmp").glob("import-*")), "nothing of the archive stays behind"
    assert done.returncode == 0
