"""`cop import mbox`: threads, texts, dates and files of mail archives."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from cop.base.db import db
from cop.cli.importing.mail_text import as_html, own_lines
from cop.documents.models import File
from cop.society.people import Person
from cop.things import Body, ImportOrigin, attachments
from cop.threads.models import Post, Thread
from tests.cast import create_cast
from tests.cli.conftest import Platform
from tests.cli.mails import many, nasty, save


@pytest.fixture
def cast(platform: Platform) -> Any:
    """Return the cast, on the platform of the command."""
    with platform.app().app_context():
        return create_cast()


@pytest.fixture
def run(platform: Platform, cast: Any, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that imports mails and returns the report."""

    def imported(mails: list[bytes], *options: str) -> Any:
        path = save(tmp_path / "lijst.mbox", mails)
        done = platform.cop("import", "mbox", path, "--community", "een", "--json", *options)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    return imported


def posts(title: str) -> list[Any]:
    """Return the posts of the thread with a title: html, made, name of the author and reply_to_id."""
    thread = db.session.scalars(select(Thread).where(Thread.title == title)).one()
    rows = select(Post.id, Post.made, Body.html, Body.reply_to_id, Person.name).join(Body, Body.thing_id == Post.id)
    rows = rows.outerjoin(Person, Person.id == Post.author_id).where(Post.parent_id == thread.id).order_by(Post.seq)
    return list(db.session.execute(rows))


def test_threads_of_a_nasty_archive(platform: Platform, run: Any, cast: Any) -> None:
    report = run(nasty())
    with platform.app().app_context():
        titles = set(db.session.scalars(select(Thread.title)))
        assert titles == {
            *(
                "Huismeester?",
                "Café op de hoek",
                "Geen tekenset",
                "Rare tekenset",
                "Zonder nummer van zichzelf",
                "Rare datum",
            ),
            *(
                "Toekomst",
                "Alleen HTML",
                "Bijlagen",
                "Tussenin",
                "nieuws",
                "Vloeiend",
                "Nummer",
                "Namens",
                "Zonder begin",
                "Leeg",
            ),
        }
        talk = posts("Huismeester?")
        assert [post.name for post in talk] == ["Anna Adem", "Bram Baan", None, "Bram Baan"], "the last by its subject"
        assert [post.reply_to_id for post in talk] == [None, talk[0].id, talk[1].id, None]
        assert talk[0].made == datetime(2015, 3, 2, 9, tzinfo=UTC)
        assert talk[1].made > talk[0].made, "an answer is not older than its question"
        assert [post.reply_to_id for post in posts("Zonder begin")] == [None, posts("Zonder begin")[0].id]
    reasons = {one["reason"]: one["number"] for one in report["left_out"]}
    assert reasons == {
        "automatic answers": 1,
        "reports of mail that was not delivered": 1,
        "the same mail twice": 1,
        "programs": 1,
        "empty": 1,
    }
    assert report["personal_numbers"] == [{"place": "mail 18", "kind": "bsn"}]
    assert report["authors"]["unmatched"] == {"olga@elders.example": 2}


def test_texts_are_what_their_authors_wrote(platform: Platform, run: Any) -> None:
    run(nasty())
    with platform.app().app_context():
        first, answer, outlook, _late = (post.html for post in posts("Huismeester?"))
        assert first == (
            "<p>Beste allen,</p><p>Wie heeft er een huismeester die iedere week met de bewoners belt en die daar al langer "
            "mee werkt?</p><p>- een<br>- twee</p><p>Groet,<br>Anna</p>"
        )
        assert answer == (
            "<p>Wij wel.</p><blockquote><p>Wie heeft er een huismeester</p></blockquote><p>Zie boven. Bel gerust.</p>"
        )
        assert outlook == "<p>Bij ons ook.</p>"
        assert posts("Alleen HTML")[0].html.startswith(
            '<p>Dit is <strong>belangrijk</strong>: <a href="https://elders.example"'
        )
        assert not any(word in posts("Alleen HTML")[0].html for word in ("schreef", "oud", "script", "alert", "img"))
        assert "Het nieuws zelf." in posts("nieuws")[0].html, "a forwarded mail is what is told"
        forwarded = posts("Tussenin")[0].html
        assert "Ter informatie." in forwarded
        assert "<blockquote><p>Doorgestuurd bericht: Tussenin</p><p>De middelste mail.</p><blockquote>" in forwarded
        assert "De binnenste mail." in forwarded
        assert posts("Vloeiend")[0].html == "<p>Een zin die doorloopt.</p><p>From hier verder en door.</p>"
        assert "persoonsnummer" in posts("Nummer")[0].html
        assert posts("Leeg")[0].html == "<p>Dit bericht is niet geïmporteerd.</p>"


def test_encodings_and_dates_are_mended(platform: Platform, run: Any) -> None:
    run(nasty())
    with platform.app().app_context():
        assert posts("Café op de hoek")[0].html == "<p>Het café is om de hoek; € kost het niets.</p>"
        assert posts("Geen tekenset")[0].html == "<p>Prijs € 5, café dicht.</p>"
        assert posts("Rare tekenset")[0].html == "<p>Über alles heen</p>"
        assert posts("Café op de hoek")[0].name == "Eva Even"
        assert posts("Namens")[0].name == "Bram Baan", "a list that writes in the name of others"
        assert posts("Rare datum")[0].made == datetime(2015, 3, 8, 7, tzinfo=UTC), "as it was received"
        assert posts("Toekomst")[0].made == datetime(2015, 3, 2, 10, tzinfo=UTC), "as the archive says"


def test_files_are_attached(platform: Platform, run: Any) -> None:
    report = run(nasty())
    assert report["files"] == {"new": 1}
    with platform.app().app_context():
        post = posts("Bijlagen")[0].id
        assert [one.title for one in attachments([post])[post]] == ["verslag café.txt"]
        file = db.session.scalars(select(File)).one()
        assert (file.size, file.media_type, file.author_id, file.attached) == (2_097_152, "text/plain", None, True)


def test_again_changes_nothing(platform: Platform, run: Any) -> None:
    first = run(nasty())
    with platform.app().app_context():
        before = db.session.scalar(select(func.count()).select_from(ImportOrigin))
    again = run(nasty())
    assert set(again["posts"]) == {"same"}
    assert again["posts"]["same"] == first["posts"]["new"]
    more = run([*nasty(), *many(12)])
    assert more["posts"] == {"same": first["posts"]["new"], "new": 12}
    with platform.app().app_context():
        assert db.session.scalar(select(func.count()).select_from(ImportOrigin)) == before + 12 + 2


def test_dry_run_says_what_an_import_would_do(platform: Platform, run: Any) -> None:
    told = run(nasty(), "--dry-run")
    with platform.app().app_context():
        assert db.session.scalar(select(func.count()).select_from(Thread)) == 0
    done = run(nasty())
    assert all(
        told[name] == done[name] for name in ("posts", "topics", "files", "left_out", "personal_numbers", "authors")
    )


def test_many_mails_are_read(platform: Platform, run: Any) -> None:
    report = run(many(1_000))
    assert report["topics"] == {"new": 100}
    assert report["posts"] == {"new": 1_000}
    with platform.app().app_context():
        assert not db.session.scalar(select(func.count()).where(Body.plain.contains("schreef")))
    print(f"{report['posts_per_second']} posts per second")


def test_what_is_no_archive_is_refused(platform: Platform, cast: Any, tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("Beste allen")
    done = platform.cop("import", "mbox", path, "--community", "een")
    assert done.exit_code == 1
    assert "is it an archive in mbox?" in done.output


@pytest.mark.parametrize(
    ("mail", "own"),
    [
        ("Ja.\n\nOn Mon, 2 Mar 2015, Jan wrote:\n> Nee?\n> Ja?", "Ja."),
        ("Ja.\n\nOp 2 maart 2015 om 10:00 schreef Jan de Vries\n<jan@elders.example>:\n\n> Nee?", "Ja."),
        ("Ja.\n\n-----Oorspronkelijk bericht-----\nVan: Jan\nNee?", "Ja."),
        ("Ja.\n-- \nJan\nGemeente", "Ja."),
        (
            "Ja.\n\n-- \nYou received this message because you are subscribed to a group.\nTo unsubscribe, mail x.",
            "Ja.",
        ),
        ("> Vraag een\n\nJa.\n\n> Vraag twee\n\nNee.", "> Vraag een\n\nJa.\n\n> Vraag twee\n\nNee."),
        ("> Alleen een citaat", "> Alleen een citaat"),
        ("Van: wie was dit?\nGeen kop van een mail.", "Van: wie was dit?\nGeen kop van een mail."),
        ("Kosten -- en baten --\nvan het plan", "Kosten -- en baten --\nvan het plan"),
        ("", ""),
    ],
)
def test_what_comes_with_every_mail_is_cut(mail: str, own: str) -> None:
    assert "\n".join(own_lines(mail.split("\n"))) == own


def test_plain_text_becomes_paragraphs() -> None:
    assert as_html(["a < b", "", "> q", "> > r", "s"]) == (
        "<p>a &lt; b</p><blockquote><p>q</p><blockquote><p>r</p></blockquote></blockquote><p>s</p>"
    )
    assert as_html([">" * 3_000 + " diep"]).count("<blockquote>") < 100
