"""The daily mail: ten days of it, and what it must never do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.notices.digest import MOST, next_morning
from cop.notices.models import NoticeMailed
from cop.people import actions as people
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.threads import actions as threads
from cop.threads.models import Post, Thread

# A Friday to a Sunday: 10 to 19 November 2017.
EVENING_BEFORE = "2017-11-09 18:00"
DAYS = [f"2017-11-{day}" for day in range(10, 20)]


@pytest.fixture
def digests(letters: Any) -> Any:
    """`digests('gerda')`: the daily mails somebody got, the oldest first."""
    return lambda who: letters(who, "notices/digest")


@pytest.fixture
def quiet(cast: Any, at: Any) -> None:
    """Thursday evening; the first morning to come is Friday's. Anna and Bram want all by the daily mail."""
    at(EVENING_BEFORE)
    for who in ("anna", "bram"):
        answer = cast.client(None).post(
            "/api/v1/settings/notices", headers=cast.api(who), json={"mention": "daily", "answer": "daily"}
        )
        assert answer.status_code == 204


def read(cast: Any, who: str, thread: int) -> None:
    seq = cast.client(None).get(f"/api/v1/threads/{thread}", headers=cast.api(who)).json["seq"]
    cast.client(None).put(f"/api/v1/threads/{thread}/mark", headers=cast.api(who), json={"seq": seq})


@pytest.mark.usefixtures("quiet")
def test_ten_days(cast: Any, at: Any, say: Any, digests: Any) -> None:
    """Somebody writes every day; Gerda reads along by mail alone."""
    said: dict[str, str] = {}
    thread = say.start("anna", title="Doorlopend gesprek")
    for day in DAYS:
        at(f"{day} 06:59")
        before = len(digests("gerda"))
        at(f"{day} 07:01")
        weekday = datetime.fromisoformat(day).weekday()
        assert len(digests("gerda")) - before == (1 if weekday < 5 else 0), day
        at(f"{day} 12:00")
        said[day] = f"Gezegd op de {day[-2:]}e"
        say.reply("bram", thread, said[day])
        at(f"{day} 20:00")
        assert len(digests("gerda")) - before == (1 if weekday < 5 else 0), day
    mails = digests("gerda")
    assert len(mails) == 6  # Friday, Monday to Friday
    assert all(letter.text.count("Doorlopend gesprek\n") == 1 for letter in mails)
    # Of several posts since the last mail the newest is quoted; each once, over all ten days.
    quoted = [[words for words in said.values() if words in letter.text] for letter in mails]
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


@pytest.mark.usefixtures("quiet")
def test_nothing_new_no_mail(cast: Any, at: Any, say: Any, digests: Any) -> None:
    thread = say.start("anna")
    at("2017-11-10 07:01")
    assert len(digests("gerda")) == 1
    for day in ("13", "14", "15"):
        at(f"2017-11-{day} 07:01")
    assert len(digests("gerda")) == 1
    read(cast, "bram", thread)
    assert digests("anna") == []  # it was all her own


@pytest.mark.usefixtures("quiet")
def test_grouped_newest_first_with_who_said_it(cast: Any, at: Any, say: Any, digests: Any) -> None:
    first = say.start("anna", title="Eerste gesprek", kind="experience", body="Zo ging het.")
    say.start("eva", title="Tweede gesprek", kind="experience", body="En zo.")
    say.reply("bram", first, "Herkenbaar.")
    say.reply("dina", first, "Hier ook, bij Aedes.")
    at("2017-11-10 07:01")
    (letter,) = digests("gerda")
    assert letter.subject == "Nieuw: Eerste gesprek, en 1 andere"
    assert letter.text.index("Eerste gesprek\n") < letter.text.index("Tweede gesprek\n")
    assert "Eerste kring · 3 nieuwe berichten" in letter.text
    assert "Dina Deskundig, Kennisinstituut Proef: Hier ook, bij Aedes." in letter.text
    assert "Herkenbaar." not in letter.text
    assert f"http://localhost/posts/{first + 1}" in letter.text  # to the first that is new
    assert "Dina Deskundig" in letter.html
    assert f'href="http://localhost/posts/{first + 1}"' in letter.html


@pytest.mark.usefixtures("quiet")
def test_nothing_that_was_read(cast: Any, at: Any, say: Any, digests: Any) -> None:
    one, two = say.start("anna", title="Gelezen"), say.start("anna", title="Ongelezen")
    read(cast, "gerda", one)
    at("2017-11-10 07:01")
    assert "Ongelezen" in digests("gerda")[0].text
    assert "Gelezen\n" not in digests("gerda")[0].text
    say.reply("bram", one, "Nieuw hierin.")
    say.reply("bram", two, "En hierin.")
    read(cast, "gerda", two)
    at("2017-11-13 07:01")
    assert "Nieuw hierin." in digests("gerda")[1].text
    assert "En hierin." not in digests("gerda")[1].text


@pytest.mark.usefixtures("quiet")
def test_nothing_that_was_mailed_at_once(cast: Any, at: Any, say: Any, digests: Any, letters: Any) -> None:
    thread = say.start("bram", title="Gesprek", body="Dag @Dina Deskundig, wat vindt u?")
    assert len(letters("dina")) == 1
    say.reply("eva", thread, "En u, @Dina Deskundig?")  # bundled in one notice, a mail each
    assert len(letters("dina")) == 2
    at("2017-11-10 07:01")
    assert digests("dina") == []
    say.reply("anna", thread, "Dit was nog niet gemaild.")
    at("2017-11-13 07:01")
    (letter,) = digests("dina")
    assert "1 nieuw bericht\n" in letter.text
    assert "Dit was nog niet gemaild." in letter.text


@pytest.mark.usefixtures("quiet")
def test_who_wants_mentions_by_the_daily_mail(cast: Any, at: Any, say: Any, digests: Any) -> None:
    say.start("eva", title="Gesprek", body="Dag @Anna Adem, een vraag.")
    say.chat("eva", "Bent u er, @Anna Adem?")
    at("2017-11-10 07:01")
    (letter,) = digests("anna")
    assert "VOOR U" in letter.text
    assert "Eva Even noemt u in ‘Gesprek’" in letter.text
    assert "Eva Even, Kennisinstituut Proef: Dag @Anna Adem, een vraag." in letter.text
    assert "Bent u er, @Anna Adem?" in letter.text
    assert "/messages/" in letter.text
    assert letter.text.count("een vraag.") == 1
    at("2017-11-13 07:01")
    assert len(digests("anna")) == 1


@pytest.mark.usefixtures("quiet")
def test_muted_and_never(cast: Any, at: Any, say: Any, digests: Any) -> None:
    muted = say.start("eva", title="Gedempt")
    say.start("eva", title="Gewoon")
    cast.client(None).put(f"/api/v1/things/{muted}/muting", headers=cast.api("gerda"))
    cast.client(None).post("/api/v1/settings/notices", headers=cast.api("dina"), json={"digest": "never"})
    at("2017-11-10 07:01")
    assert "Gedempt" not in digests("gerda")[0].text
    assert digests("dina") == []


@pytest.mark.usefixtures("quiet")
def test_what_was_muted_since_is_left_out(cast: Any, at: Any, say: Any, digests: Any) -> None:
    at(EVENING_BEFORE)
    thread = say.start("eva", title="Wie belt er?", body="Dag @Bram Baan en @Anna Adem")
    cast.client("bram").post(f"/things/{thread}/muting")
    at("2017-11-10 07:01")
    assert digests("bram") == []
    assert "Wie belt er?" in digests("anna")[0].text


@pytest.mark.usefixtures("quiet")
def test_only_of_one_s_own_communities(cast: Any, at: Any, say: Any, digests: Any) -> None:
    say.start("chris", title="Van de tweede kring", community=cast.two)
    say.start("eva", title="Van de eerste kring")
    at("2017-11-10 07:01")
    for who, has, lacks in (("gerda", "eerste", "tweede"), ("jan", "tweede", "eerste")):
        assert f"Van de {has} kring" in digests(who)[0].text
        assert f"Van de {lacks} kring" not in digests(who)[0].text
    assert "Van de eerste kring" in digests("fons")[0].text
    assert "Van de tweede kring" in digests("fons")[0].text
    for who in ("hans", "kees", "iris"):
        assert digests(who) == [], who


@pytest.mark.usefixtures("quiet")
def test_nothing_that_was_taken_away(cast: Any, at: Any, say: Any, digests: Any, by: Any) -> None:
    kept, hidden = say.start("eva", title="Blijft"), say.start("anna", title="Verborgen")
    post = say.reply("bram", kept, "Met een naam erin.")
    by("bram", threads.POSTS.retract, Post, post)
    by("eva", threads.hide_thread, Thread, hidden, reason="Dubbel")
    at("2017-11-10 07:01")
    (letter,) = digests("gerda")
    assert "Blijft" in letter.text
    assert "naam erin" not in letter.text
    assert "Verborgen" not in letter.text


@pytest.mark.usefixtures("quiet")
def test_a_term_that_ended_ends_the_mail_too(cast: Any, app: Any, at: Any, say: Any, digests: Any) -> None:
    with app.app_context(), transaction():
        membership = db.session.scalars(select(Membership).where(Membership.person_id == cast.dina)).one()
        membership.until = datetime(2017, 11, 9).date()
    say.start("eva")
    at("2017-11-10 07:01")
    assert digests("dina") == []


@pytest.mark.usefixtures("quiet")
def test_a_job_that_runs_twice_mails_once(cast: Any, app: Any, at: Any, say: Any, digests: Any) -> None:
    say.start("eva")
    at("2017-11-10 07:01")
    with app.app_context():
        jobs.JOBS["notices.digest"]()
        jobs.run_due()
    assert len(digests("gerda")) == 1


@pytest.mark.usefixtures("quiet")
def test_a_worker_that_comes_back_at_the_weekend_waits(cast: Any, app: Any, at: Any, say: Any, digests: Any) -> None:
    at("2017-11-16 07:01")
    say.start("eva", title="Van donderdag")
    at("2017-11-18 10:00")  # Friday morning was missed
    assert digests("gerda") == []
    at("2017-11-20 07:01")
    assert "Van donderdag" in digests("gerda")[0].text


@pytest.mark.usefixtures("quiet")
def test_of_much_the_newest_and_how_much_more(cast: Any, at: Any, say: Any, digests: Any) -> None:
    for n in range(MOST + 3):
        say.start("eva", title=f"Gesprek {n:02}")
    at("2017-11-10 07:01")
    (letter,) = digests("gerda")
    assert letter.subject == f"Nieuw: Gesprek 14, en {MOST + 2} andere"
    assert "Gesprek 03\n" in letter.text
    assert "Gesprek 02\n" not in letter.text
    assert "En in nog 3 gesprekken is iets nieuws: http://localhost/" in letter.text


@pytest.mark.usefixtures("quiet")
def test_the_first_tells_of_a_day_and_none_of_more_than_a_week(
    cast: Any, app: Any, at: Any, say: Any, digests: Any
) -> None:
    say.start("eva", title="Van vandaag")
    with app.app_context(), transaction():
        newcomer = Person(mail="nieuw@proef.example", name="Nina", state="active", entered=clock.now())
        db.session.add(newcomer)
        db.session.flush()
        db.session.add(Membership(person_id=newcomer.id, community_id=cast.one, role="member"))
        cast.nina = newcomer.id
    cast.client(None).post("/api/v1/settings/notices", headers=cast.api("gerda"), json={"digest": "never"})
    for day in ("2017-11-10", "2017-11-20", "2017-12-01"):
        at(f"{day} 06:00", work=False)
        say.start("eva", title=f"Van {day}")
    cast.client(None).post("/api/v1/settings/notices", headers=cast.api("gerda"), json={"digest": "daily"})
    at("2017-12-01 07:01")
    for who in ("gerda", "nina"):
        (letter,) = digests(who)
        assert "Van 2017-12-01" in letter.text
        assert "Van 2017-11-20" not in letter.text
        assert "Van vandaag" not in letter.text


@pytest.mark.usefixtures("quiet")
def test_in_english_and_how_to_stop_it(cast: Any, at: Any, say: Any, digests: Any, by: Any) -> None:
    by("gerda", people.set_language, Person, cast.gerda, language="en")
    say.start("eva", title="Titel")
    at("2017-11-10 07:01")
    (letter,) = digests("gerda")
    assert letter.subject == "New: Titel"
    for dutch in ("nieuw", "Beste", "gesprek", "dagelijkse"):
        assert dutch not in letter.text.replace("Eerste kring", ""), dutch
        assert dutch not in letter.html, dutch
    assert letter.headers["List-Id"] == "<digest.localhost>"
    stop = letter.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert cast.client(None).post(stop).status_code == 200
    say.start("eva", title="Nog een")
    at("2017-11-13 07:01")
    assert len(digests("gerda")) == 1


@pytest.mark.usefixtures("quiet")
def test_access_that_was_lost_takes_a_waiting_mail_along(
    cast: Any, app: Any, at: Any, say: Any, digests: Any, monkeypatch: Any
) -> None:
    monkeypatch.setitem(jobs.JOBS, "mail.send", lambda id: None)  # the mail server is away
    say.start("eva")
    at("2017-11-10 07:01")
    assert len(digests("gerda")) == 1
    cast.client(None).delete(f"/api/v1/communities/een/members/{cast.gerda}", headers=cast.api("eva"))
    assert digests("gerda") == []


def test_what_was_mailed_is_not_kept_for_ever(cast: Any, app: Any, at: Any, say: Any) -> None:
    at(EVENING_BEFORE)
    say.start("eva", body="Dag @Anna Adem")
    with app.app_context():
        assert db.session.query(NoticeMailed).count() == 1
    at("2017-12-01 07:01")
    with app.app_context():
        assert db.session.query(NoticeMailed).count() == 0


def test_one_mail_that_fails_does_not_stop_the_others(
    cast: Any, app: Any, at: Any, say: Any, digests: Any, monkeypatch: Any
) -> None:
    at(EVENING_BEFORE)
    say.start("eva")
    whole = jobs.JOBS["notices.digest_one"]

    def broken(person: int) -> None:
        if person == cast.dina:
            raise RuntimeError("broken")
        whole(person)

    monkeypatch.setitem(jobs.JOBS, "notices.digest_one", broken)
    at("2017-11-10 07:01")
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
def test_the_next_morning(now: str, then: str) -> None:
    """A working day, seven o'clock here, in summer and in winter."""
    moment, wanted = (datetime.fromisoformat(text).replace(tzinfo=clock.AMSTERDAM) for text in (now, then))
    assert next_morning(moment) == wanted


def test_the_letters_of_a_digest_are_one_per_person(cast: Any, app: Any, at: Any, say: Any) -> None:
    at(EVENING_BEFORE)
    for n in range(3):
        say.start("eva", title=f"Gesprek {n}")
    at("2017-11-10 07:01")
    with app.app_context():
        people_mailed = list(db.session.scalars(select(Email.person_id).where(Email.kind == "notices/digest")))
    assert sorted(people_mailed) == sorted([cast.anna, cast.bram, cast.dina, cast.gerda, cast.fons])
