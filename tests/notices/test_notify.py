"""Who is notified of events in threads, chat and documents; one notice per subject."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import jobs
from cop.base.db import db
from cop.notices.listeners import threads as listeners
from cop.notices.models import Notice
from cop.threads import actions as threads
from cop.threads.models import Post, Thread


def test_asker_is_notified_of_an_answer_and_followers_of_a_reply(cast: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna")
    posting.reply("bram", thread)
    assert notices("anna") == [("answer", 1)]
    assert notices("bram") == []
    posting.reply("eva", thread)
    assert notices("bram") == [("reply", 1)]
    assert notices("dina") == []


def test_followers_beyond_the_first_are_notified_by_a_job(
    app: Any, cast: Any, posting: Any, notices: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job stands in the transaction of the reply; run again, it counts nobody twice."""
    monkeypatch.setattr(listeners, "FIRST", 1)
    thread = posting.start("anna", kind="experience")
    posting.reply("bram", thread)
    posting.reply("dina", thread)
    followers = ("anna", "bram", "dina")
    before = {who: notices(who) for who in followers}
    post = posting.reply("eva", thread)
    told = [who for who in followers if notices(who) != before[who]]
    assert len(told) == 1
    with app.app_context():
        jobs.run_due()
        listeners.notify_followers(post)
    assert [notices(who) for who in followers] == [[("reply", 3)], [("reply", 2)], [("reply", 1)]]


def test_followers_who_read_a_reply_before_the_job_get_no_notice(
    app: Any, cast: Any, posting: Any, notices: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = posting.start("anna", kind="experience")
    posting.reply("bram", thread)
    monkeypatch.setattr(listeners, "FIRST", 0)
    posting.reply("eva", thread)
    assert cast.client("bram").put(f"/threads/{thread}/mark", json={"seq": 3}).status_code < 400
    with app.app_context():
        jobs.run_due()
    assert notices("bram") == []
    assert notices("anna") == [("reply", 2)]


def test_author_of_an_experience_follows_it(cast: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna", kind="experience")
    posting.reply("bram", thread)
    assert notices("anna") == [("reply", 1)]


def test_events_of_one_thread_share_a_notice(cast: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna")
    for who in ("bram", "eva", "bram"):
        posting.reply(who, thread)
    assert notices("anna") == [("answer", 3)]
    page = cast.client("anna").get("/notices").text
    assert "3 reacties op uw vraag" in page
    assert page.count("notice-row") == 1


def test_event_after_reading_makes_a_new_notice(cast: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna")
    posting.reply("bram", thread)
    cast.client("anna").post("/notices/reading")
    posting.reply("eva", thread)
    assert notices("anna") == [("answer", 1)]
    assert cast.client("anna").get("/notices").text.count('<li class="notice-row') == 2


def test_mentioned_people_get_only_the_mention(cast: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna", body="Wat vindt u, @Dina Deskundig?")
    assert notices("dina") == [("mention", 1)]
    posting.reply("bram", thread, "Dat weet @Anna Adem.")
    assert notices("anna") == [("mention", 1)]  # no second notice for the answer
    assert notices("dina") == [("reply", 1), ("mention", 1)]  # a mentioned person follows the thread


def test_mention_added_by_an_edit_notifies_once(cast: Any, posting: Any, notices: Any, emails_to: Any) -> None:
    thread = posting.start("anna", body="Wat vindt u, @Dina Deskundig?")
    post = cast.client("anna").get(f"/api/v1/threads/{thread}/posts").json["items"][0]["id"]
    texts = ("En u, @Dina Deskundig en @Bram Baan?", "En u, @Dina Deskundig en @Bram Baan? Graag.")
    for version, body in enumerate(texts, start=1):
        given = {"body": body, "base_version": version}
        assert cast.client("anna").patch(f"/api/v1/posts/{post}", json=given).status_code == 200
    assert notices("dina") == [("mention", 1)]
    assert notices("bram") == [("mention", 1)]
    assert len(emails_to("bram")) == 1


def test_own_events_are_not_notified(cast: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna", body="Ik, @Anna Adem, vraag dit.")
    posting.reply("anna", thread, "Ik dus, @Anna Adem.")
    assert notices("anna") == []


@pytest.mark.parametrize("whom", ["Chris Ceder", "Hans Heen", "Kees Klaar", "Jan Juist", "Iris Inzicht"])
def test_person_without_access_is_not_notified(
    cast: Any, posting: Any, notices: Any, emails_to: Any, whom: str
) -> None:
    posting.start("anna", body=f"Dag @{whom}")
    who = whom.split()[0].lower()
    assert notices(who) == []
    assert emails_to(who) == []


def test_reader_is_notified(cast: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna", body="Leest u mee, @Gerda Gids?")
    assert notices("gerda") == [("mention", 1)]
    assert cast.client("gerda").post(f"/things/{thread}/following").status_code == 303
    posting.reply("bram", thread)
    assert notices("gerda") == [("reply", 1), ("mention", 1)]


def test_announcement_notifies_the_whole_community(cast: Any, posting: Any, notices: Any) -> None:
    posting.start("eva", kind="announcement", body="Komt u ook, @Bram Baan?")
    assert notices("bram") == [("mention", 1)]
    for who in ("anna", "dina", "gerda", "fons"):
        assert notices(who) == [("announcement", 1)], who
    for who in ("eva", "chris", "jan", "hans", "kees", "iris"):
        assert notices(who) == [], who


def test_muted_thread_sends_no_notices(cast: Any, posting: Any, notices: Any, emails_to: Any) -> None:
    thread = posting.start("anna")
    cast.client("anna").post(f"/things/{thread}/muting")
    posting.reply("bram", thread, "Wat vindt u, @Anna Adem?")
    assert notices("anna") == []
    assert emails_to("anna") == []
    cast.client("anna").post(f"/things/{thread}/following/delete")
    posting.reply("bram", thread)
    assert notices("anna") == [("answer", 1)]


def test_removed_asker_is_not_notified(cast: Any, posting: Any, notices: Any, emails_to: Any) -> None:
    thread = posting.start("anna")
    cast.client("eva").post(f"/communities/een/members/{cast.anna}/delete")
    post = posting.reply("bram", thread, "Dit blijft onder ons.")
    cast.client("eva").post(f"/threads/{thread}/answer", data={"post": post})
    cast.client("eva").post(f"/threads/{thread}/hiding", data={"reason": "Dubbel"})
    assert notices("anna") == []
    assert emails_to("anna") == []


def test_author_of_an_accepted_answer_is_notified(cast: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna")
    post = posting.reply("bram", thread)
    cast.client("anna").post(f"/threads/{thread}/answer", data={"post": post})
    assert notices("bram") == [("accepted", 1)]
    assert "Uw reactie is gekozen als antwoord" in cast.client("bram").get("/notices").text


def test_author_of_a_hidden_post_is_notified(cast: Any, posting: Any, notices: Any, run_as: Any) -> None:
    thread = posting.start("anna")
    post = posting.reply("bram", thread)
    run_as("eva", threads.POSTS.hide, Post, post, reason="Namen")
    assert notices("bram") == [("hidden", 1)]
    assert "Een moderator verborg uw bericht" in cast.client("bram").get("/notices").text


def test_hidden_thread_notifies_only_its_author(cast: Any, posting: Any, notices: Any, run_as: Any) -> None:
    thread = posting.start("anna", body="Dag @Dina Deskundig")
    posting.reply("bram", thread)
    run_as("eva", threads.hide_thread, Thread, thread, reason="Namen")
    assert notices("dina") == []
    assert notices("anna") == [("hidden", 1), ("answer", 1)]
    assert cast.client("dina").get("/notices/unread", headers={"Accept": "application/json"}).json == {"unread": 0}


def test_moved_thread_keeps_followers_with_access(
    cast: Any, posting: Any, notices: Any, emails_to: Any, app: Any
) -> None:
    thread = posting.start("anna", body="Dag @Bram Baan en @Fons Feit")
    assert len(emails_to("bram")) == 1
    answer = cast.client("fons").post(f"/threads/{thread}/move", data={"community": "twee"})
    assert answer.status_code == 303
    assert notices("bram") == []
    assert emails_to("bram") == []  # the waiting notice would link to a page without access
    assert notices("fons") == [("mention", 1)]
    assert len(emails_to("fons")) == 1
    assert notices("anna") == []  # she has no access to the new community
    with app.app_context():
        assert set(db.session.scalars(select(Notice.audience_id))) == {cast.audiences.two}
    posting.reply("chris", thread, "Wat is dit?")
    assert notices("anna") == notices("bram") == []
    assert notices("fons") == [("reply", 1), ("mention", 1)]


def test_followers_with_access_are_notified_of_the_move(cast: Any, posting: Any, notices: Any) -> None:
    cast.client("jan").post("/communities/twee/members", data={"mail": "anna@proef.example"})
    thread = posting.start("anna")
    cast.client("fons").post(f"/threads/{thread}/move", data={"community": "twee"})
    assert notices("anna") == [("moved", 1)]
    assert "is verplaatst" in cast.client("anna").get("/notices").text


def test_mention_in_the_chat_is_notified(cast: Any, posting: Any, notices: Any) -> None:
    message = posting.chat("bram", "Bent u er, @Anna Adem?")
    assert notices("anna") == [("mention", 1)]
    posting.chat("bram", "@Anna Adem?")
    assert notices("anna") == [("mention", 2)]
    listed = cast.client(None).get("/api/v1/notices", headers=cast.api("anna")).json["items"]
    assert listed[0]["url"] == f"/messages/{message + 1}"


@pytest.fixture
def api_file(cast: Any) -> Any:
    """Return a function that uploads a file and returns its id: `api_file('anna', '/communities/een/files', b'Tekst',
    client_id=key)`."""

    def put(who: str, path: str, content: bytes, **more: str) -> int:
        data = {"file": (io.BytesIO(content), "Huisregels.txt"), **more}
        answer = cast.client(None).post(f"/api/v1{path}", headers=cast.api(who), data=data)
        assert answer.status_code in (200, 201), answer.text
        return answer.json["id"]

    return put


def test_mention_added_by_a_chat_edit_is_notified(cast: Any, posting: Any, notices: Any) -> None:
    message = posting.chat("anna", "Dag")
    for version, body in enumerate(("Dag @Bram Baan", "Dag @Bram Baan!"), start=1):
        given = {"body": body, "base_version": version}
        assert cast.client("anna").patch(f"/api/v1/messages/{message}", json=given).status_code == 200
    assert notices("bram") == [("mention", 1)]


def test_new_version_notifies_followers(cast: Any, notices: Any, api_file: Any) -> None:
    file = api_file("anna", "/communities/een/files", b"Eerste tekst.")
    assert cast.client("bram").post(f"/things/{file}/following").status_code == 303
    api_file("anna", f"/files/{file}/versions", b"Tweede tekst.")
    assert notices("bram") == [("version", 1)]
    assert notices("anna") == []
    page = cast.client("bram").get("/notices").text
    assert "Anna Adem plaatste een nieuwe versie" in page
    api_file("bram", f"/files/{file}/versions", b"Derde tekst.")
    assert notices("anna") == [("version", 1)]
    cast.client("anna").post(f"/files/{file}/delete")
    assert notices("bram") == notices("anna") == []


def test_repeated_upload_notifies_once(cast: Any, notices: Any, api_file: Any) -> None:
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


def test_uploader_of_a_new_version_follows_the_file(cast: Any, notices: Any, api_file: Any) -> None:
    file = api_file("anna", "/communities/een/files", b"Eerste tekst.")
    assert api_file("bram", "/communities/een/files", b"Tweede tekst.", same_name="version") == file
    assert notices("anna") == [("version", 1)]
    api_file("eva", f"/files/{file}/versions", b"Derde tekst.")
    assert notices("bram") == [("version", 1)]
    api_file("anna", f"/files/{file}/versions", b"Vierde tekst.")
    assert notices("eva") == [("version", 1)]


def test_deactivated_person_is_not_notified(cast: Any, posting: Any, notices: Any, emails_to: Any) -> None:
    posting.start("anna", body="Dag @Bram Baan")
    assert notices("bram")
    assert emails_to("bram")
    cast.client("iris").post(f"/people/{cast.bram}/deactivation")
    assert notices("bram") == []
    assert emails_to("bram") == []


def test_reading_a_thread_reads_its_notices(cast: Any, posting: Any, notices: Any) -> None:
    thread, other = posting.start("anna"), posting.start("anna")
    post = posting.reply("bram", thread)
    posting.reply("bram", other)
    cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": post})
    assert notices("anna") == [("answer", 1)]
