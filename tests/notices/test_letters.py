"""The mail at once: to whom, what it says, how mail programs thread it, and how it is taken back while it waits."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.email import to_message
from cop.people import actions as people
from cop.society.people import Person
from cop.threads import actions as threads
from cop.threads.models import Post, Thread


def test_a_mention(cast: Any, say: Any, letters: Any) -> None:
    thread = say.start("bram", title="Wie belt na zes maanden?", body="Weet u dit, @Anna Adem? Wij **bellen** niet.")
    (letter,) = letters("anna")
    assert letter.kind == "notices/mention"
    assert letter.subject == "Bram Baan noemt u in ‘Wie belt na zes maanden?’"
    for said in (
        "Beste Anna Adem,",
        "‘Eerste kring’",
        "Bram Baan, Gemeente Proefdam:",
        "Weet u dit, @Anna Adem? Wij bellen niet.",
        f"http://localhost/posts/{thread + 1}",
    ):
        assert said in letter.text, said
    assert f'href="http://localhost/posts/{thread + 1}"' in letter.html
    assert "Gemeente Proefdam" in letter.html
    assert letters("bram") == []


def test_an_answer(cast: Any, say: Any, letters: Any) -> None:
    thread = say.start("anna")
    post = say.reply("dina", thread, "Zo doet Aedes het. " * 40)
    (letter,) = letters("anna")
    assert letter.subject == "Dina Deskundig reageert op uw vraag ‘Wie heeft een convenant?’"
    assert "Dina Deskundig, Kennisinstituut Proef:" in letter.text
    assert f"http://localhost/posts/{post}" in letter.text
    assert len(letter.text) < 1_500  # the beginning, not all of it
    say.reply("bram", thread)
    assert [one.kind for one in letters("anna")] == ["notices/answer"] * 2


def test_a_reply_is_not_mailed(cast: Any, say: Any, letters: Any) -> None:
    thread = say.start("anna")
    say.reply("bram", thread)
    say.reply("eva", thread)
    assert letters("bram") == []


def test_in_english(cast: Any, say: Any, letters: Any, by: Any) -> None:
    by("anna", people.set_language, Person, cast.anna, language="en")
    say.start("bram", title="Titel", body="Dag @Anna Adem")
    (letter,) = letters("anna")
    assert letter.subject == "Bram Baan mentions you in ‘Titel’"
    assert "Dear Anna Adem," in letter.text
    assert "Read on and reply:" in letter.text
    for dutch in ("Beste", "Lees verder", "praktijkgemeenschap", "omdat"):
        assert dutch not in letter.text
        assert dutch not in letter.html


def test_mail_programs_thread_it(cast: Any, app: Any, say: Any, letters: Any) -> None:
    thread = say.start("anna")
    posts = [say.reply("bram", thread), say.reply("eva", thread)]
    with app.app_context():
        written = [to_message(letter) for letter in letters("anna")]
    assert (
        {one["References"] for one in written}
        == {one["In-Reply-To"] for one in written}
        == {f"<thread-{thread}@localhost>"}
    )
    assert [one["Message-ID"] for one in written] == [f"<post-{post}-{cast.anna}@localhost>" for post in posts]
    assert {one["List-Id"] for one in written} == {"<een.localhost>"}
    assert {one["Auto-Submitted"] for one in written} == {"auto-generated"}


def test_a_title_adds_no_header(cast: Any, app: Any, say: Any, letters: Any) -> None:
    say.start("bram", title="Dag\r\nBcc: ander@proef.example", body="Dag @Anna Adem")
    with app.app_context():
        written = to_message(letters("anna")[-1])
    assert written["Bcc"] is None
    assert len(written["Subject"].splitlines()) == 1


def test_hostile_words_stay_words(cast: Any, say: Any, letters: Any) -> None:
    say.start("bram", title='"><script>alert(1)</script>', body="Dag @Anna Adem <img src=x onerror=alert(1)>")
    assert "<script" not in letters("anna")[-1].html
    assert "<img" not in letters("anna")[-1].html


def test_from_the_chat_only_who_is_not_in_it(cast: Any, app: Any, say: Any, letters: Any) -> None:
    from datetime import timedelta

    from cop.base import clock
    from cop.base.action import transaction
    from cop.base.db import db
    from cop.chat.models import Message, enter

    message_id = say.chat("bram", "Bent u er, @Anna Adem?")
    (letter,) = letters("anna")
    assert f"http://localhost/messages/{message_id}" in letter.text
    with app.app_context(), transaction():
        room = db.session.get_one(Message, message_id).parent_id
        enter(room, cast.anna, "hier", clock.now() + timedelta(minutes=1))
    say.chat("bram", "Ja, @Anna Adem!")
    assert len(letters("anna")) == 1


@pytest.mark.parametrize("act", ["retract", "hide_post", "hide_thread"])
def test_what_was_taken_away_is_not_mailed_any_more(cast: Any, say: Any, letters: Any, by: Any, act: str) -> None:
    thread, other = say.start("anna"), say.start("anna")
    post, stays = say.reply("bram", thread, "Met een naam erin."), say.reply("bram", other)
    assert len(letters("anna")) == 2
    if act == "retract":
        by("bram", threads.POSTS.retract, Post, post)
    elif act == "hide_post":
        by("eva", threads.POSTS.hide, Post, post, reason="Namen")
    else:
        by("eva", threads.hide_thread, Thread, thread, reason="Namen")
    assert [letter.headers["Message-ID"] for letter in letters("anna")] == [f"<post-{stays}-{cast.anna}@localhost>"]


def test_a_retracted_message_is_not_mailed(cast: Any, say: Any, letters: Any, by: Any) -> None:
    from cop.chat import actions as chat
    from cop.chat.models import Message

    by("bram", chat.MESSAGES.retract, Message, say.chat("bram", "Dag @Anna Adem"))
    assert letters("anna") == []


def test_a_try_with_the_same_key_mails_once(cast: Any, letters: Any) -> None:
    sent = {"title": "Dag", "body": "Dag @Anna Adem", "client_id": "00000000-0000-4000-8000-000000000001"}
    for _try in range(2):
        assert cast.client("bram").post("/communities/een/threads", data=sent).status_code == 303
    assert len(letters("anna")) == 1
