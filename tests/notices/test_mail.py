"""Immediate mail: recipients, content, threading headers, and withdrawal while it waits."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.email import to_message
from cop.people import actions as people
from cop.society.people import Person
from cop.threads import actions as threads
from cop.threads.models import Post, Thread


def test_mention_is_mailed(cast: Any, posting: Any, emails_to: Any) -> None:
    thread = posting.start(
        "bram", title="Wie belt na zes maanden?", body="Weet u dit, @Anna Adem? Wij **bellen** niet."
    )
    (email,) = emails_to("anna")
    assert email.kind == "notices/mention"
    assert email.subject == "Bram Baan noemt u in ‘Wie belt na zes maanden?’"
    for expected in (
        "Beste Anna Adem,",
        "‘Eerste kring’",
        "Bram Baan, Gemeente Proefdam:",
        "Weet u dit, @Anna Adem? Wij bellen niet.",
        f"http://localhost/posts/{thread + 1}",
    ):
        assert expected in email.text, expected
    assert f'href="http://localhost/posts/{thread + 1}"' in email.html
    assert "Gemeente Proefdam" in email.html
    assert emails_to("bram") == []


def test_answer_is_mailed(cast: Any, posting: Any, emails_to: Any) -> None:
    thread = posting.start("anna")
    post = posting.reply("dina", thread, "Zo doet Aedes het. " * 40)
    (email,) = emails_to("anna")
    assert email.subject == "Dina Deskundig reageert op uw vraag ‘Wie heeft een convenant?’"
    assert "Dina Deskundig, Kennisinstituut Proef:" in email.text
    assert f"http://localhost/posts/{post}" in email.text
    assert len(email.text) < 1_500  # only an excerpt
    posting.reply("bram", thread)
    assert [one.kind for one in emails_to("anna")] == ["notices/answer"] * 2


def test_reply_is_not_mailed(cast: Any, posting: Any, emails_to: Any) -> None:
    thread = posting.start("anna")
    posting.reply("bram", thread)
    posting.reply("eva", thread)
    assert emails_to("bram") == []


def test_mail_in_english(cast: Any, posting: Any, emails_to: Any, run_as: Any) -> None:
    run_as("anna", people.set_language, Person, cast.anna, language="en")
    posting.start("bram", title="Titel", body="Dag @Anna Adem")
    (email,) = emails_to("anna")
    assert email.subject == "Bram Baan mentions you in ‘Titel’"
    assert "Dear Anna Adem," in email.text
    assert "Read on and reply:" in email.text
    for dutch in ("Beste", "Lees verder", "praktijkgemeenschap", "omdat"):
        assert dutch not in email.text
        assert dutch not in email.html


def test_mail_has_threading_headers(cast: Any, app: Any, posting: Any, emails_to: Any) -> None:
    thread = posting.start("anna")
    posts = [posting.reply("bram", thread), posting.reply("eva", thread)]
    with app.app_context():
        written = [to_message(email) for email in emails_to("anna")]
    assert (
        {one["References"] for one in written}
        == {one["In-Reply-To"] for one in written}
        == {f"<thread-{thread}@localhost>"}
    )
    assert [one["Message-ID"] for one in written] == [f"<post-{post}-{cast.anna}@localhost>" for post in posts]
    assert {one["List-Id"] for one in written} == {"<een.localhost>"}
    assert {one["Auto-Submitted"] for one in written} == {"auto-generated"}


def test_title_cannot_add_a_header(cast: Any, app: Any, posting: Any, emails_to: Any) -> None:
    posting.start("bram", title="Dag\r\nBcc: ander@proef.example", body="Dag @Anna Adem")
    with app.app_context():
        written = to_message(emails_to("anna")[-1])
    assert written["Bcc"] is None
    assert len(written["Subject"].splitlines()) == 1


def test_hostile_text_is_escaped(cast: Any, posting: Any, emails_to: Any) -> None:
    posting.start("bram", title='"><script>alert(1)</script>', body="Dag @Anna Adem <img src=x onerror=alert(1)>")
    assert "<script" not in emails_to("anna")[-1].html
    assert "<img" not in emails_to("anna")[-1].html


def test_chat_mentions_are_mailed_to_absent_people_only(cast: Any, app: Any, posting: Any, emails_to: Any) -> None:
    from datetime import timedelta

    from cop.base import clock
    from cop.base.action import transaction
    from cop.base.db import db
    from cop.chat.models import Message, enter

    message_id = posting.chat("bram", "Bent u er, @Anna Adem?")
    (email,) = emails_to("anna")
    assert f"http://localhost/messages/{message_id}" in email.text
    with app.app_context(), transaction():
        room = db.session.get_one(Message, message_id).parent_id
        enter(room, cast.anna, "hier", clock.now() + timedelta(minutes=1))
    posting.chat("bram", "Ja, @Anna Adem!")
    assert len(emails_to("anna")) == 1


@pytest.mark.parametrize("act", ["retract", "hide_post", "hide_thread"])
def test_withdrawn_post_is_not_mailed(cast: Any, posting: Any, emails_to: Any, run_as: Any, act: str) -> None:
    thread, other = posting.start("anna"), posting.start("anna")
    post, stays = posting.reply("bram", thread, "Met een naam erin."), posting.reply("bram", other)
    assert len(emails_to("anna")) == 2
    if act == "retract":
        run_as("bram", threads.POSTS.retract, Post, post)
    elif act == "hide_post":
        run_as("eva", threads.POSTS.hide, Post, post, reason="Namen")
    else:
        run_as("eva", threads.hide_thread, Thread, thread, reason="Namen")
    mails = [email.headers["Message-ID"] for email in emails_to("anna") if email.kind != "notices/ruling"]
    assert mails == [f"<post-{stays}-{cast.anna}@localhost>"]


def test_retracted_message_is_not_mailed(cast: Any, posting: Any, emails_to: Any, run_as: Any) -> None:
    from cop.chat import actions as chat
    from cop.chat.models import Message

    run_as("bram", chat.MESSAGES.retract, Message, posting.chat("bram", "Dag @Anna Adem"))
    assert emails_to("anna") == []


def test_retry_with_the_same_key_mails_once(cast: Any, emails_to: Any) -> None:
    sent = {"title": "Dag", "body": "Dag @Anna Adem", "client_id": "00000000-0000-4000-8000-000000000001"}
    for _try in range(2):
        assert cast.client("bram").post("/communities/een/threads", data=sent).status_code == 303
    assert len(emails_to("anna")) == 1
