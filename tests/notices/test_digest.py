"""The daily mail: ten days in a row, and its limits."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.notices.digest import next_morning
from cop.notices.models import NoticeMailed
from cop.notices.overview import MOST
from cop.people import actions as people
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.threads import actions as threads
from cop.threads.models import Post, Thread

# A Friday to a Sunday: 10 to 19 November 2017.
EVENING_BEFORE = "2017-11-09 18:00"
DAYS = [f"2017-11-{day}" for day in range(10, 20)]


@pytest.fixture
def digests(emails_to: Any) -> Any:
    """Return a function that lists the daily mails to a person, oldest first: `digests('gerda')`."""
    return lambda who: emails_to(who, "notices/digest")


@pytest.fixture
def daily_mail_only(cast: Any, advance_to: Any) -> None:
    """Set the time to Thursday evening; Anna and Bram want everything by the daily mail."""
    advance_to(EVENING_BEFORE)
    for who in ("anna", "bram"):
        answer = cast.client(None).post(
            "/api/v1/settings/notices", headers=cast.api(who), json={"mention": "daily", "answer": "daily"}
        )
        assert answer.status_code == 204


def read(cast: Any, who: str, thread: int) -> None:
    seq = cast.client(None).get(f"/api/v1/threads/{thread}", headers=cast.api(who)).json["seq"]
    cast.client(None).put(f"/api/v1/threads/{thread}/mark", headers=cast.api(who), json={"seq": seq})


@pytest.mark.usefixtures("daily_mail_only")
def test_ten_days(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    """Someone posts every day; Gerda only reads the mail."""
    texts: dict[str, str] = {}
    thread = posting.start("anna", title="Doorlopend gesprek")
    for day in DAYS:
        advance_to(f"{day} 06:59")
        before = len(digests("gerda"))
        advance_to(f"{day} 07:01")
        weekday = datetime.fromisoformat(day).weekday()
        assert len(digests("gerda")) - before == (1 if weekday < 5 else 0), day
        advance_to(f"{day} 12:00")
        texts[day] = f"Gezegd op de {day[-2:]}e"
        posting.reply("bram", thread, texts[day])
        advance_to(f"{day} 20:00")
        assert len(digests("gerda")) - before == (1 if weekday < 5 else 0), day
    mails = digests("gerda")
    assert len(mails) == 6  # Friday, Monday to Friday
    assert all(email.text.count("Doorlopend gesprek\n") == 1 for email in mails)
    # Of several posts since the last mail the newest is quoted, each once over all ten days.
    quoted = [[words for words in texts.values() if words in email.text] for email in mails]
    assert quoted == [
        [],
        ["Gezegd op de 12e"],
        ["Gezegd op de 13e"],
        ["Gezegd op de 14e"],
        ["Gezegd op de 15e"],
        ["Gezegd op de 16e"],
    ]
    assert "3 nieuwe berichten" in mails[1].text  # of Friday, Saturday and Sunday
    assert "1 nieuw bericht\n" in mails[2].text


@pytest.mark.usefixtures("daily_mail_only")
def test_nothing_new_sends_no_mail(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    thread = posting.start("anna")
    advance_to("2017-11-10 07:01")
    assert len(digests("gerda")) == 1
    for day in ("13", "14", "15"):
        advance_to(f"2017-11-{day} 07:01")
    assert len(digests("gerda")) == 1
    read(cast, "bram", thread)
    assert digests("anna") == []  # all posts were her own


@pytest.mark.usefixtures("daily_mail_only")
def test_digest_is_grouped_newest_first_with_authors(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    first = posting.start("anna", title="Eerste gesprek", kind="experience", body="Zo ging het.")
    posting.start("eva", title="Tweede gesprek", kind="experience", body="En zo.")
    posting.reply("bram", first, "Herkenbaar.")
    posting.reply("dina", first, "Hier ook, bij Aedes.")
    advance_to("2017-11-10 07:01")
    (email,) = digests("gerda")
    assert email.subject == "Nieuw: Eerste gesprek, en 1 andere"
    assert email.text.index("Eerste gesprek\n") < email.text.index("Tweede gesprek\n")
    assert "Eerste kring · 3 nieuwe berichten" in email.text
    assert "Dina Deskundig, Kennisinstituut Proef: Hier ook, bij Aedes." in email.text
    assert "Herkenbaar." not in email.text
    assert f"http://localhost/posts/{first + 1}" in email.text  # a link to the first unread post
    assert "Dina Deskundig" in email.html
    assert f'href="http://localhost/posts/{first + 1}"' in email.html


@pytest.mark.usefixtures("daily_mail_only")
def test_read_posts_are_left_out(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    one, two = posting.start("anna", title="Gelezen"), posting.start("anna", title="Ongelezen")
    read(cast, "gerda", one)
    advance_to("2017-11-10 07:01")
    assert "Ongelezen" in digests("gerda")[0].text
    assert "Gelezen\n" not in digests("gerda")[0].text
    posting.reply("bram", one, "Nieuw hierin.")
    posting.reply("bram", two, "En hierin.")
    read(cast, "gerda", two)
    advance_to("2017-11-13 07:01")
    assert "Nieuw hierin." in digests("gerda")[1].text
    assert "En hierin." not in digests("gerda")[1].text


@pytest.mark.usefixtures("daily_mail_only")
def test_posts_mailed_at_once_are_left_out(
    cast: Any, advance_to: Any, posting: Any, digests: Any, emails_to: Any
) -> None:
    thread = posting.start("bram", title="Gesprek", body="Dag @Dina Deskundig, wat vindt u?")
    assert len(emails_to("dina")) == 1
    posting.reply("eva", thread, "En u, @Dina Deskundig?")  # one notice, but a mail for each mention
    assert len(emails_to("dina")) == 2
    advance_to("2017-11-10 07:01")
    assert digests("dina") == []
    posting.reply("anna", thread, "Dit was nog niet gemaild.")
    advance_to("2017-11-13 07:01")
    (email,) = digests("dina")
    assert "1 nieuw bericht\n" in email.text
    assert "Dit was nog niet gemaild." in email.text


@pytest.mark.usefixtures("daily_mail_only")
def test_mentions_can_come_by_the_daily_mail(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    posting.start("eva", title="Gesprek", body="Dag @Anna Adem, een vraag.")
    posting.chat("eva", "Bent u er, @Anna Adem?")
    advance_to("2017-11-10 07:01")
    (email,) = digests("anna")
    assert "VOOR U" in email.text
    assert "Eva Even noemt u in ‘Gesprek’" in email.text
    assert "Eva Even, Kennisinstituut Proef: Dag @Anna Adem, een vraag." in email.text
    assert "Bent u er, @Anna Adem?" in email.text
    assert "/messages/" in email.text
    assert email.text.count("een vraag.") == 1
    advance_to("2017-11-13 07:01")
    assert len(digests("anna")) == 1


@pytest.mark.usefixtures("daily_mail_only")
def test_muted_threads_and_never_send_nothing(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    muted = posting.start("eva", title="Gedempt")
    posting.start("eva", title="Gewoon")
    cast.client(None).put(f"/api/v1/things/{muted}/muting", headers=cast.api("gerda"))
    cast.client(None).post("/api/v1/settings/notices", headers=cast.api("dina"), json={"digest": "never"})
    advance_to("2017-11-10 07:01")
    assert "Gedempt" not in digests("gerda")[0].text
    assert digests("dina") == []


@pytest.mark.usefixtures("daily_mail_only")
def test_thread_muted_later_is_left_out(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    advance_to(EVENING_BEFORE)
    thread = posting.start("eva", title="Wie belt er?", body="Dag @Bram Baan en @Anna Adem")
    cast.client("bram").post(f"/things/{thread}/muting")
    advance_to("2017-11-10 07:01")
    assert digests("bram") == []
    assert "Wie belt er?" in digests("anna")[0].text


@pytest.mark.usefixtures("daily_mail_only")
def test_other_communities_are_left_out(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    posting.start("chris", title="Van de tweede kring", community=cast.two)
    posting.start("eva", title="Van de eerste kring")
    advance_to("2017-11-10 07:01")
    for who, has, lacks in (("gerda", "eerste", "tweede"), ("jan", "tweede", "eerste")):
        assert f"Van de {has} kring" in digests(who)[0].text
        assert f"Van de {lacks} kring" not in digests(who)[0].text
    assert "Van de eerste kring" in digests("fons")[0].text
    assert "Van de tweede kring" in digests("fons")[0].text
    for who in ("hans", "kees", "iris"):
        assert digests(who) == [], who


@pytest.mark.usefixtures("daily_mail_only")
def test_hidden_and_retracted_posts_are_left_out(
    cast: Any, advance_to: Any, posting: Any, digests: Any, run_as: Any
) -> None:
    kept, hidden = posting.start("eva", title="Blijft"), posting.start("anna", title="Verborgen")
    post = posting.reply("bram", kept, "Met een naam erin.")
    run_as("bram", threads.POSTS.retract, Post, post)
    run_as("eva", threads.hide_thread, Thread, hidden, reason="Dubbel")
    advance_to("2017-11-10 07:01")
    (email,) = digests("gerda")
    assert "Blijft" in email.text
    assert "naam erin" not in email.text
    assert "Verborgen" not in email.text


@pytest.mark.usefixtures("daily_mail_only")
def test_ended_term_ends_the_mail(cast: Any, app: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    with app.app_context(), transaction():
        membership = db.session.scalars(select(Membership).where(Membership.person_id == cast.dina)).one()
        membership.until = datetime(2017, 11, 9).date()
    posting.start("eva")
    advance_to("2017-11-10 07:01")
    assert digests("dina") == []


@pytest.mark.usefixtures("daily_mail_only")
def test_job_that_runs_twice_mails_once(cast: Any, app: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    posting.start("eva")
    advance_to("2017-11-10 07:01")
    with app.app_context():
        jobs.JOBS["notices.digest"]()
        jobs.run_due()
    assert len(digests("gerda")) == 1


@pytest.mark.usefixtures("daily_mail_only")
def test_worker_waits_for_a_working_day(cast: Any, app: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    advance_to("2017-11-16 07:01")
    posting.start("eva", title="Van donderdag")
    advance_to("2017-11-18 10:00")  # no worker ran on Friday morning
    assert digests("gerda") == []
    advance_to("2017-11-20 07:01")
    assert "Van donderdag" in digests("gerda")[0].text


@pytest.mark.usefixtures("daily_mail_only")
def test_long_digest_shows_the_newest_and_counts_the_rest(
    cast: Any, advance_to: Any, posting: Any, digests: Any
) -> None:
    for n in range(MOST + 3):
        posting.start("eva", title=f"Gesprek {n:02}")
    advance_to("2017-11-10 07:01")
    (email,) = digests("gerda")
    assert email.subject == f"Nieuw: Gesprek 14, en {MOST + 2} andere"
    assert "Gesprek 03\n" in email.text
    assert "Gesprek 02\n" not in email.text
    assert "En in nog 3 gesprekken is iets nieuws: http://localhost/" in email.text


@pytest.mark.usefixtures("daily_mail_only")
def test_first_digest_covers_a_day_and_later_ones_a_week(
    cast: Any, app: Any, advance_to: Any, posting: Any, digests: Any
) -> None:
    posting.start("eva", title="Van vandaag")
    with app.app_context(), transaction():
        newcomer = Person(mail="nieuw@proef.example", name="Nina", state="active", entered=clock.now())
        db.session.add(newcomer)
        db.session.flush()
        db.session.add(Membership(person_id=newcomer.id, community_id=cast.one, role="member"))
        cast.nina = newcomer.id
    cast.client(None).post("/api/v1/settings/notices", headers=cast.api("gerda"), json={"digest": "never"})
    for day in ("2017-11-10", "2017-11-20", "2017-12-01"):
        advance_to(f"{day} 06:00", work=False)
        posting.start("eva", title=f"Van {day}")
    cast.client(None).post("/api/v1/settings/notices", headers=cast.api("gerda"), json={"digest": "daily"})
    advance_to("2017-12-01 07:01")
    for who in ("gerda", "nina"):
        (email,) = digests(who)
        assert "Van 2017-12-01" in email.text
        assert "Van 2017-11-20" not in email.text
        assert "Van vandaag" not in email.text


@pytest.mark.usefixtures("daily_mail_only")
def test_digest_in_english_with_unsubscribe_link(
    cast: Any, advance_to: Any, posting: Any, digests: Any, run_as: Any
) -> None:
    run_as("gerda", people.set_language, Person, cast.gerda, language="en")
    posting.start("eva", title="Titel")
    advance_to("2017-11-10 07:01")
    (email,) = digests("gerda")
    assert email.subject == "New: Titel"
    for dutch in ("nieuw", "Beste", "gesprek", "dagelijkse"):
        assert dutch not in email.text.replace("Eerste kring", ""), dutch
        assert dutch not in email.html, dutch
    assert email.headers["List-Id"] == "<digest.localhost>"
    stop = email.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert cast.client(None).post(stop).status_code == 200
    posting.start("eva", title="Nog een")
    advance_to("2017-11-13 07:01")
    assert len(digests("gerda")) == 1


@pytest.mark.usefixtures("daily_mail_only")
def test_lost_access_withdraws_a_waiting_mail(
    cast: Any, app: Any, advance_to: Any, posting: Any, digests: Any, monkeypatch: Any
) -> None:
    monkeypatch.setitem(jobs.JOBS, "mail.send", lambda id: None)  # the mail server is down
    posting.start("eva")
    advance_to("2017-11-10 07:01")
    assert len(digests("gerda")) == 1
    cast.client(None).delete(f"/api/v1/communities/een/members/{cast.gerda}", headers=cast.api("eva"))
    assert digests("gerda") == []


def test_records_of_sent_mail_are_deleted(cast: Any, app: Any, advance_to: Any, posting: Any) -> None:
    advance_to(EVENING_BEFORE)
    posting.start("eva", body="Dag @Anna Adem")
    with app.app_context():
        assert db.session.query(NoticeMailed).count() == 1
    advance_to("2017-12-01 07:01")
    with app.app_context():
        assert db.session.query(NoticeMailed).count() == 0


def test_failed_mail_does_not_stop_the_others(
    cast: Any, app: Any, advance_to: Any, posting: Any, digests: Any, monkeypatch: Any
) -> None:
    advance_to(EVENING_BEFORE)
    posting.start("eva")
    whole = jobs.JOBS["notices.digest_one"]

    def broken(person: int) -> None:
        if person == cast.dina:
            raise RuntimeError("broken")
        whole(person)

    monkeypatch.setitem(jobs.JOBS, "notices.digest_one", broken)
    advance_to("2017-11-10 07:01")
    assert digests("dina") == []
    assert len(digests("gerda")) == 1


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2017-11-09 18:00", "2017-11-10 07:00"),
        ("2017-11-10 06:59", "2017-11-10 07:00"),
        ("2017-11-10 07:00", "2017-11-13 07:00"),
        ("2017-11-11 12:00", "2017-11-13 07:00"),
        ("2017-10-27 12:00", "2017-10-30 07:00"),
        ("2018-03-23 12:00", "2018-03-26 07:00"),
    ],
)
def test_next_morning_is_a_working_day_at_seven(now: str, then: str) -> None:
    """The digest is sent on working days at seven, Amsterdam time, in summer and winter."""
    moment, wanted = (datetime.fromisoformat(text).replace(tzinfo=clock.AMSTERDAM) for text in (now, then))
    assert next_morning(moment) == wanted


def test_one_digest_per_person(cast: Any, app: Any, advance_to: Any, posting: Any) -> None:
    advance_to(EVENING_BEFORE)
    for n in range(3):
        posting.start("eva", title=f"Gesprek {n}")
    advance_to("2017-11-10 07:01")
    with app.app_context():
        people_mailed = list(db.session.scalars(select(Email.person_id).where(Email.kind == "notices/digest")))
    assert sorted(people_mailed) == sorted([cast.anna, cast.bram, cast.dina, cast.gerda, cast.fons])


@pytest.mark.usefixtures("daily_mail_only")
def test_weekly_overview_comes_on_its_day(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    choice = {"digest": "weekly", "weekday": 2}  # Wednesday
    cast.client(None).post("/api/v1/settings/notices", headers=cast.api("gerda"), json=choice)
    posting.start("eva", title="Van donderdag")
    for day in ("10", "13", "14"):
        advance_to(f"2017-11-{day} 07:01")
        posting.start("eva", title=f"Van de {day}e")
    assert digests("gerda") == []
    advance_to("2017-11-15 07:01")
    (email,) = digests("gerda")
    for title in ("Van donderdag", "Van de 10e", "Van de 14e"):
        assert f"{title}\n" in email.text
    assert "op woensdag om 7 uur" in email.html
    posting.start("eva", title="Een week later")
    advance_to("2017-11-22 07:01")
    assert len(digests("gerda")) == 2
    assert "Van de 14e" not in digests("gerda")[1].text


@pytest.mark.usefixtures("daily_mail_only")
def test_what_was_said_to_the_reader_is_readable_in_full(
    cast: Any, advance_to: Any, posting: Any, digests: Any
) -> None:
    long = " ".join(f"Zin {n} van een lang antwoord." for n in range(40))
    thread = posting.start("anna", title="Mijn vraag")
    posting.reply("bram", thread, f"Dag @Anna Adem,\n\n{long}\n\nGroet, Bram")
    advance_to("2017-11-10 07:01")
    (email,) = digests("anna")
    flat = " ".join(email.text.split())
    assert long in flat
    assert "Groet, Bram" in flat
    assert "Zin 39 van" in email.html


@pytest.mark.usefixtures("daily_mail_only")
def test_overview_holds_guidance_documents_and_chat(cast: Any, advance_to: Any, posting: Any, digests: Any) -> None:
    posting.start("dina", title="Zo doet u dat", kind="guidance", body="In drie stappen.")
    for n in range(5):
        posting.chat("bram", f"Bericht {n}")
    upload = {"file": (io.BytesIO(b"Een tekst."), "Model.txt")}
    made = cast.client(None).post("/api/v1/communities/een/files", headers=cast.api("bram"), data=upload)
    advance_to("2017-11-10 07:01")
    (email,) = digests("gerda")
    for heading in ("HANDREIKINGEN", "DOCUMENTEN", "CHAT"):
        assert heading in email.text
    assert "In drie stappen." in email.text
    assert "Model.txt" in email.text
    assert f"http://localhost/files/{made.json['id']}" in email.text
    assert "5 nieuwe berichten" in email.text
    assert [n for n in range(5) if f"Bericht {n}" in email.text] == [2, 3, 4]
    assert "Model.txt" not in (digests("bram")[0].text if digests("bram") else "")
    new = {"file": (io.BytesIO(b"Andere tekst."), "Model.txt"), "base_version": "1"}
    cast.client(None).post(f"/api/v1/files/{made.json['id']}/versions", headers=cast.api("bram"), data=new)
    advance_to("2017-11-13 07:01")
    second = digests("gerda")[1].text
    assert "nieuwe versie" in second
    assert "Bericht 4" not in second
