"""Who is told what when something happens in threads, the chat and documents: each of one thing, in one line."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from cop.base.db import db
from cop.notices.models import Notice
from cop.threads import actions as threads
from cop.threads.models import Post, Thread


def test_the_asker_hears_of_an_answer_and_followers_of_a_reply(cast: Any, say: Any, notices: Any) -> None:
    thread = say.start("anna")
    say.reply("bram", thread)
    assert notices("anna") == [("answer", 1)]
    assert notices("bram") == []
    say.reply("eva", thread)
    assert notices("bram") == [("reply", 1)]
    assert notices("dina") == []


def test_the_asker_of_no_question_follows(cast: Any, say: Any, notices: Any) -> None:
    thread = say.start("anna", kind="experience")
    say.reply("bram", thread)
    assert notices("anna") == [("reply", 1)]


def test_much_in_one_thread_is_one_line(cast: Any, say: Any, notices: Any) -> None:
    thread = say.start("anna")
    for who in ("bram", "eva", "bram"):
        say.reply(who, thread)
    assert notices("anna") == [("answer", 3)]
    page = cast.client("anna").get("/notices").text
    assert "3 reacties op uw vraag ‘Wie heeft een convenant?’" in page
    assert page.count("notice-row") == 1


def test_read_and_told_anew_is_a_new_line(cast: Any, say: Any, notices: Any) -> None:
    thread = say.start("anna")
    say.reply("bram", thread)
    cast.client("anna").post("/notices/reading")
    say.reply("eva", thread)
    assert notices("anna") == [("answer", 1)]
    assert cast.client("anna").get("/notices").text.count('<li class="notice-row') == 2


def test_the_mentioned_are_told_so_and_nothing_else(cast: Any, say: Any, notices: Any) -> None:
    thread = say.start("anna", body="Wat vindt u, @Dina Deskundig?")
    assert notices("dina") == [("mention", 1)]
    say.reply("bram", thread, "Dat weet @Anna Adem.")
    assert notices("anna") == [("mention", 1)]  # not told of an answer as well
    assert notices("dina") == [("reply", 1), ("mention", 1)]  # who is mentioned follows from then on


def test_who_is_mentioned_by_a_correction_is_told_once(cast: Any, say: Any, notices: Any, letters: Any) -> None:
    thread = say.start("anna", body="Wat vindt u, @Dina Deskundig?")
    post = cast.client("anna").get(f"/api/v1/threads/{thread}/posts").json["items"][0]["id"]
    for body in ("En u, @Dina Deskundig en @Bram Baan?", "En u, @Dina Deskundig en @Bram Baan? Graag."):
        assert cast.client("anna").patch(f"/api/v1/posts/{post}", json={"body": body}).status_code == 200
    assert notices("dina") == [("mention", 1)]
    assert notices("bram") == [("mention", 1)]
    assert len(letters("bram")) == 1


def test_nobody_is_told_of_themselves(cast: Any, say: Any, notices: Any) -> None:
    thread = say.start("anna", body="Ik, @Anna Adem, vraag dit.")
    say.reply("anna", thread, "Ik dus, @Anna Adem.")
    assert notices("anna") == []


@pytest.mark.parametrize("whom", ["Chris Ceder", "Hans Heen", "Kees Klaar", "Jan Juist", "Iris Inzicht"])
def test_who_may_not_read_here_is_not_told(cast: Any, say: Any, notices: Any, letters: Any, whom: str) -> None:
    say.start("anna", body=f"Dag @{whom}")
    who = whom.split()[0].lower()
    assert notices(who) == []
    assert letters(who) == []


def test_a_reader_is_told_like_everybody(cast: Any, say: Any, notices: Any) -> None:
    thread = say.start("anna", body="Leest u mee, @Gerda Gids?")
    assert notices("gerda") == [("mention", 1)]
    assert cast.client("gerda").post(f"/things/{thread}/following").status_code == 303
    say.reply("bram", thread)
    assert notices("gerda") == [("reply", 1), ("mention", 1)]


def test_an_announcement_goes_to_the_whole_circle(cast: Any, say: Any, notices: Any) -> None:
    say.start("eva", kind="announcement", body="Komt u ook, @Bram Baan?")
    assert notices("bram") == [("mention", 1)]
    for who in ("anna", "dina", "gerda", "fons"):
        assert notices(who) == [("announcement", 1)], who
    for who in ("eva", "chris", "jan", "hans", "kees", "iris"):
        assert notices(who) == [], who


def test_a_muted_thread_is_silent(cast: Any, say: Any, notices: Any, letters: Any) -> None:
    thread = say.start("anna")
    cast.client("anna").post(f"/things/{thread}/muting")
    say.reply("bram", thread, "Wat vindt u, @Anna Adem?")
    assert notices("anna") == []
    assert letters("anna") == []
    cast.client("anna").post(f"/things/{thread}/following/delete")
    say.reply("bram", thread)
    assert notices("anna") == [("answer", 1)]


def test_who_lost_access_hears_nothing_of_their_own_question(cast: Any, say: Any, notices: Any, letters: Any) -> None:
    thread = say.start("anna")
    cast.client("eva").post(f"/communities/een/members/{cast.anna}/delete")
    post = say.reply("bram", thread, "Dit blijft onder ons.")
    cast.client("eva").post(f"/threads/{thread}/answer", data={"post": post})
    cast.client("eva").post(f"/threads/{thread}/hiding", data={"reason": "Dubbel"})
    assert notices("anna") == []
    assert letters("anna") == []


def test_whose_answer_was_accepted(cast: Any, say: Any, notices: Any) -> None:
    thread = say.start("anna")
    post = say.reply("bram", thread)
    cast.client("anna").post(f"/threads/{thread}/answer", data={"post": post})
    assert notices("bram") == [("accepted", 1)]
    assert "Uw reactie is gekozen als antwoord" in cast.client("bram").get("/notices").text


def test_whose_post_was_hidden(cast: Any, say: Any, notices: Any, by: Any) -> None:
    thread = say.start("anna")
    post = say.reply("bram", thread)
    by("eva", threads.POSTS.hide, Post, post, reason="Namen")
    assert notices("bram") == [("hidden", 1)]
    assert "Een moderator verborg uw bericht" in cast.client("bram").get("/notices").text


def test_of_a_hidden_thread_only_its_author_still_hears(cast: Any, say: Any, notices: Any, by: Any) -> None:
    thread = say.start("anna", body="Dag @Dina Deskundig")
    say.reply("bram", thread)
    by("eva", threads.hide_thread, Thread, thread, reason="Namen")
    assert notices("dina") == []
    assert notices("anna") == [("hidden", 1), ("answer", 1)]
    assert cast.client("dina").get("/notices/unread", headers={"Accept": "application/json"}).json == {"unread": 0}


def test_a_moved_thread_takes_along_who_may_read_there(
    cast: Any, say: Any, notices: Any, letters: Any, app: Any
) -> None:
    thread = say.start("anna", body="Dag @Bram Baan en @Fons Feit")
    assert len(letters("bram")) == 1
    answer = cast.client("fons").post(f"/threads/{thread}/move", data={"community": "twee"})
    assert answer.status_code == 303
    assert notices("bram") == []
    assert letters("bram") == []  # it waited, and would lead nowhere
    assert notices("fons") == [("mention", 1)]
    assert len(letters("fons")) == 1
    assert notices("anna") == []  # she may not read it there
    with app.app_context():
        assert set(db.session.scalars(select(Notice.audience_id))) == {cast.audiences.two}
    say.reply("chris", thread, "Wat is dit?")
    assert notices("anna") == notices("bram") == []
    assert notices("fons") == [("reply", 1), ("mention", 1)]


def test_who_may_read_there_is_told_of_the_move(cast: Any, say: Any, notices: Any) -> None:
    cast.client("jan").post("/communities/twee/members", data={"mail": "anna@proef.example"})
    thread = say.start("anna")
    cast.client("fons").post(f"/threads/{thread}/move", data={"community": "twee"})
    assert notices("anna") == [("moved", 1)]
    assert "is verplaatst" in cast.client("anna").get("/notices").text


def test_mentioned_in_the_chat(cast: Any, say: Any, notices: Any) -> None:
    message = say.chat("bram", "Bent u er, @Anna Adem?")
    assert notices("anna") == [("mention", 1)]
    say.chat("bram", "@Anna Adem?")
    assert notices("anna") == [("mention", 2)]
    listed = cast.client(None).get("/api/v1/notices", headers=cast.api("anna")).json["items"]
    assert listed[0]["url"] == f"/messages/{message + 1}"


@pytest.fixture
def api_file(cast: Any) -> Any:
    """`api_file('anna', '/communities/een/files', b'Tekst', client_id=key)`: uploads and gives the file's id."""

    def put(who: str, path: str, content: bytes, **more: str) -> int:
        data = {"file": (io.BytesIO(content), "Huisregels.txt"), **more}
        answer = cast.client(None).post(f"/api/v1{path}", headers=cast.api(who), data=data)
        assert answer.status_code in (200, 201), answer.text
        return answer.json["id"]

    return put


def test_mentioned_by_a_correction_in_the_chat(cast: Any, say: Any, notices: Any) -> None:
    said = say.chat("anna", "Dag")
    for body in ("Dag @Bram Baan", "Dag @Bram Baan!"):
        assert cast.client("anna").patch(f"/api/v1/messages/{said}", json={"body": body}).status_code == 200
    assert notices("bram") == [("mention", 1)]


def test_a_new_version_of_a_file(cast: Any, notices: Any, api_file: Any) -> None:
    file = api_file("anna", "/communities/een/files", b"Eerste tekst.")
    assert cast.client("bram").post(f"/things/{file}/following").status_code == 303
    api_file("anna", f"/files/{file}/versions", b"Tweede tekst.")
    assert notices("bram") == [("version", 1)]
    assert notices("anna") == []
    page = cast.client("bram").get("/notices").text
    assert "Anna Adem plaatste een nieuwe versie van" in page
    api_file("bram", f"/files/{file}/versions", b"Derde tekst.")
    assert notices("anna") == [("version", 1)]
    cast.client("anna").post(f"/files/{file}/delete")
    assert notices("bram") == notices("anna") == []


def test_a_repeated_upload_is_told_once(cast: Any, notices: Any, api_file: Any) -> None:
    def follow(who: str, file: int, way: str = "") -> None:
        assert cast.client(who).post(f"/things/{file}/following{way}").status_code == 303

    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    file = api_file("anna", "/communities/een/files", b"Eerste tekst.", client_id=first)
    follow("anna", file, "/delete")
    follow("bram", file)
    assert api_file("anna", "/communities/een/files", b"Eerste tekst.", client_id=first) == file
    for _time in range(2):
        api_file("eva", f"/files/{file}/versions", b"Tweede tekst.", client_id=second)
    assert notices("anna") == []
    assert notices("bram") == [("version", 1)]


def test_who_shares_by_the_same_name_follows_too(cast: Any, notices: Any, api_file: Any) -> None:
    file = api_file("anna", "/communities/een/files", b"Eerste tekst.")
    assert api_file("bram", "/communities/een/files", b"Tweede tekst.") == file
    assert notices("anna") == [("version", 1)]
    api_file("eva", f"/files/{file}/versions", b"Derde tekst.")
    assert notices("bram") == [("version", 1)]


def test_who_was_deactivated_hears_nothing_more(cast: Any, say: Any, notices: Any, letters: Any) -> None:
    say.start("anna", body="Dag @Bram Baan")
    assert notices("bram")
    assert letters("bram")
    cast.client("iris").post(f"/people/{cast.bram}/deactivation")
    assert notices("bram") == []
    assert letters("bram") == []


def test_reading_the_thread_reads_what_was_said_of_it(cast: Any, say: Any, notices: Any) -> None:
    thread, other = say.start("anna"), say.start("anna")
    post = say.reply("bram", thread)
    say.reply("bram", other)
    cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": post})
    assert notices("anna") == [("answer", 1)]
