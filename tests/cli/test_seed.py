"""cop seed and the first start: the demonstration and the bench data."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from bench import workload
from cop import create_app
from cop.agenda.models import VOTES, MeetingQuestion, QuestionVote, blocks_of, questions_of
from cop.applications.actions.applying import composition_words
from cop.applications.actions.keeping import erased_after, last_announcement
from cop.attendance.models import attended
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.jobs import Job
from cop.base.questionnaires import answers_of, newest_version, problems
from cop.chat.models import Message, Room
from cop.cli import bench_data, seed
from cop.cli import demo as story
from cop.cli.demo import Demo
from cop.cli.seeding import frontrunners, magic_mix
from cop.cli.seeding.stage import turn_to
from cop.config import Settings
from cop.documents.models import File, Version
from cop.flags.models import Flag, FlagCase
from cop.intake.models import AcceptedApplication, Application, Call, Decision, Review, newest_snapshot
from cop.meeting_rooms.models import MeetingRoom, room_of
from cop.meetings.guests import MeetingGuest
from cop.meetings.models import Invitee, Meeting, seats
from cop.minutes.models import Minutes
from cop.notices.models import Notice, NoticeChoice
from cop.outcomes.models import Outcome
from cop.polls.models import Poll, standings
from cop.pulse.models import Pulse, results_of
from cop.search.filling import count_missing
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Programme
from cop.things import Body, Follow, Mark, Reaction, Revision, Thing, ThingLink, body_of
from cop.threads.models import Post, Thread
from cop.uses.models import ThingUse
from tests.conftest import Client

HERE = "zachte-landing"  # a community with a hidden post, an edited post and a thread harvested from the chat


def reduced() -> Demo:
    """Return the demonstration with the posts and files of one community only."""
    whole = story.load()
    return replace(
        whole,
        threads=tuple(one for one in whole.threads if one.community == HERE),
        rooms=tuple(one for one in whole.rooms if one.community == HERE),
        documents=tuple(one for one in whole.documents if one.community == HERE),
    )


@pytest.fixture(scope="module")
def demo() -> Demo:
    return reduced()


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory: pytest.TempPathFactory, tables: Path, demo: Demo) -> Iterator[Flask]:
    """Return a platform in demo mode, seeded with the story."""
    folder = tmp_path_factory.mktemp("played")
    shutil.copyfile(tables, folder / "cop.sqlite3")
    app = create_app(Settings.read({}, mode="demo", data=folder, base_url="http://localhost"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "load", lambda: demo)
        seed.fill(app)
    clock.shift(timedelta(0))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo_context(demo_app: Flask) -> Iterator[None]:
    with demo_app.app_context():
        yield


def count(kind: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(kind).where(*conditions)) or 0


def call_of(programme: str) -> Call:
    return db.session.scalars(select(Call).join(Programme).where(Programme.slug == programme)).one()


def entered(app: Flask, mail: str) -> Client:
    """Return the browser of somebody of the cast."""
    browser = Client(app, app.response_class)
    with app.app_context():
        id = person(mail).id
    assert browser.post("/sign-in/as", data={"person": id}).status_code == 303
    return browser


def person(mail: str) -> Person:
    return db.session.scalars(select(Person).where(Person.mail.startswith(mail))).one()


@pytest.mark.usefixtures("demo_context")
class TestTheStory:
    def test_everybody_has_their_role(self, demo: Demo) -> None:
        # The coach and the reviewers of the second programme, and the reviewers of the first.
        others = len(magic_mix.STORY["people"]) + len(frontrunners.STORY["reviewers"])
        assert count(Person, Person.entered.is_not(None), Person.state == "active") == len(demo.people) + others
        roles = [role for one in demo.people for role in one.communities.values() if role != "team"]
        assert count(Membership) == len(roles)
        team = select(Person.name).join(TeamMember, TeamMember.person_id == Person.id)
        assert set(db.session.scalars(team)) >= {one.name for one in demo.people if "team" in one.communities.values()}

    def test_the_second_programme_has_an_open_call_with_applications_in_every_state(self, demo: Demo) -> None:
        call = call_of("leerkring-magic-mix")
        assert call.open_at(demo.now)
        assert call.programme.published
        here = Application.call_id == call.id
        assert sorted(db.session.scalars(select(Application.state).where(here))) == [
            "draft",
            "submitted",
            "submitted",
            "unverified",
            "withdrawn",
        ]
        states = select(Review.state).join(Application).where(here)
        assert sorted(db.session.scalars(states)) == ["assigned"] * 3 + ["done"] * 3
        decided = (
            select(Decision.outcome, Decision.mail_state).join(Application).where(here, Decision.outcome != "none")
        )
        assert db.session.execute(decided).all() == [("admit", "draft")]

    def test_the_call_of_the_first_programme_is_finished(self, demo: Demo) -> None:
        call = call_of("weer-thuis-in-de-wijk")
        assert call.closes is not None
        assert not call.open_at(demo.now)
        assert call.round_closed is not None
        here = Application.call_id == call.id
        outcomes = [*["admit"] * 10, *["refuse"] * 2, "reserve"]
        assert sorted(filter(None, db.session.scalars(select(Application.outcome).where(here)))) == outcomes
        decided = db.session.scalars(select(Decision).join(Application).where(here)).all()
        assert sorted(one.outcome for one in decided) == outcomes
        assert {one.mail_state for one in decided} == {"sent"}
        assert not any("{" in one.subject + one.text for one in decided)
        assert call.cap == call.admitted == sum(one.holds_place for one in decided) == 10
        reviews = db.session.scalars(select(Review).join(Application).where(here)).all()
        assert (len(reviews), {one.state for one in reviews}) == (26, {"done"})
        assert all(
            call.opens <= one.submitted < call.closes for one in db.session.scalars(select(Application).where(here))
        )

    def test_what_was_sent_in_fits_the_form_of_the_call(self) -> None:
        call = call_of("weer-thuis-in-de-wijk")
        assert newest_version(call.questionnaire_id).parsed == frontrunners.FORM
        for application in db.session.scalars(select(Application).where(Application.call_id == call.id)):
            sent = newest_snapshot(application)
            assert problems(sent.parsed, sent.answers, {}) == {}
            assert composition_words(sent.parsed, sent.answers) == ""
            assert sent.answers == {key: one.value for key, one in answers_of(application.answering_id).items()}
            assert application.answering.draft == application.answering.submitted

    def test_every_partnership_comes_from_an_admitted_application(self, demo: Demo) -> None:
        accepted = db.session.scalars(select(AcceptedApplication)).all()
        partnerships = {one.partnership for one in accepted if one.partnership is not None}
        assert {one.name for one in partnerships} == {one.name for one in demo.partnerships}
        assert count(Partnership) == len(accepted) == 10
        for one in accepted:
            assert one.partnership is not None
            assert one.application.outcome == "admit"
            assert one.application.title.split(", ") == [row.name for row in one.partnership.organisations]
            members = {person.mail for person in one.partnership.people}
            assert {contact.mail for contact in one.application.contacts} <= members
            assert one.entered is not None

    def test_the_finished_call_outlives_the_sweeper(self) -> None:
        call = call_of("weer-thuis-in-de-wijk")
        clock.shift(timedelta(0))
        shift = story.load().now + timedelta(days=180) - clock.now()
        clock.shift(shift)
        try:
            last = last_announcement(call)
            ends = [
                erased_after(one, one.deadline, last)
                for one in db.session.scalars(select(Application).where(Application.call_id == call.id))
            ]
            assert all(end is None or end > clock.now() for end in ends)
            assert sum(end is not None for end in ends) == 2
        finally:
            clock.shift(timedelta(0))

    def test_applicants_resume_from_the_cast_page(self, demo_app: Flask) -> None:
        browser = Client(demo_app, demo_app.response_class)
        links = re.findall(r'href="(/calls/[^"]+/entry\?key=([^"]+))"', browser.get("/sign-in").text)
        assert len(links) == 5
        for link, key in links:
            entered = browser.post(link.partition("?")[0], data={"key": key})
            assert browser.get(entered.location).status_code == 200

    def test_all_posts_and_files_exist(self, demo: Demo) -> None:
        posts = [post for thread in demo.threads for post in thread.posts]
        messages = [message for room in demo.rooms for message in room.messages]
        closures = [thread for thread in demo.threads if thread.closure]
        minutes = count(Thread, Thread.thread_kind == "minutes")
        assert minutes == count(Minutes, Minutes.published > 0) > 0
        assert count(Thread) == len(demo.threads) + minutes
        assert count(Post) == len(posts) + len(closures) + minutes
        rooms = [room.name for room in demo.rooms]
        of_meetings = select(MeetingRoom.room_id)
        ordinary = select(Room.title).where(Room.last_seq > 0, Room.id.not_in(of_meetings))
        assert db.session.scalars(ordinary).all() == rooms
        assert count(Message, Message.parent_id.not_in(of_meetings)) == len(messages)
        assert count(File) == len(demo.documents)
        assert count(Version) == sum(len(one.versions) for one in demo.documents)
        assert count(Reaction) == sum(len(who) for one in [*posts, *messages] for who in one.reactions.values())

    def test_posts_have_the_times_of_the_story(self, demo: Demo) -> None:
        made = {one.title: one.made for one in db.session.scalars(select(Thread))}
        for one in demo.threads:
            assert timedelta(0) <= made[one.title] - one.at < timedelta(seconds=5)
        assert db.session.scalar(select(func.max(Thing.made))) < demo.now

    def test_posts_have_their_moderation_states(self, demo: Demo) -> None:
        posts = [post for thread in demo.threads for post in thread.posts]
        assert count(Post, Post.state == "hidden", Post.reason != "") == sum(post.hidden is not None for post in posts)
        edited = db.session.scalars(select(Post).where(Post.edited.is_not(None))).all()
        assert len(edited) == count(Revision) == sum(post.edited is not None for post in posts) > 0
        for post in edited:
            before = db.session.scalars(select(Revision).where(Revision.thing_id == post.id)).one()
            source = body_of(post).source
            assert source.startswith(before.source)
            assert len(before.source) < len(source)

    def test_threads_have_their_states(self, demo: Demo) -> None:
        assert count(Thread, Thread.answer_id.is_not(None)) == sum(one.answer is not None for one in demo.threads)
        assert count(ThingLink, ThingLink.kind == "source") == sum(one.source is not None for one in demo.threads)
        for thread in db.session.scalars(select(Thread)):
            posts = db.session.scalars(select(Post).where(Post.parent_id == thread.id).order_by(Post.seq)).all()
            assert thread.replies == len(posts) - 1
            assert thread.last_seq >= max(post.changed for post in posts)
            assert thread.last_author_id == posts[-1].author_id
            assert abs(thread.last_at - posts[-1].made) < timedelta(seconds=1)

    def test_no_mail_is_sent(self) -> None:
        assert (count(Email), count(Job), count(NoticeChoice)) == (0, 0, 0)

    def test_reading_marks_match_the_story(self, demo: Demo) -> None:
        ids = {one.title: one.id for one in db.session.scalars(select(Thread))}
        places = {one.key: (ids[one.title], len(one.posts) - 1) for one in demo.threads}
        mails = {one.mail: one.id for one in db.session.scalars(select(Person))}
        people = {one.key: mails[one.mail] for one in demo.people}
        for mark in (one for one in demo.thread_marks if one.place in places):
            thread_id, last = places[mark.place]
            saved = db.session.get_one(Mark, (people[mark.person], thread_id))
            seqs = db.session.scalars(select(Post.seq).where(Post.parent_id == thread_id).order_by(Post.seq)).all()
            read = sum(seq <= saved.seq for seq in seqs)
            assert read == (len(seqs) if mark.number == last else mark.number + 1), mark

    def test_unread_posts_have_notices(self) -> None:
        waiting = db.session.execute(
            select(Notice.id)
            .join(Mark, (Mark.person_id == Notice.person_id) & (Mark.thing_id == Notice.place_id))
            .join(Thing, Thing.id == Notice.thing_id)
            .where(Notice.read.is_(None), Thing.seq <= Mark.seq)
        ).all()
        assert waiting == []
        assert count(Notice, Notice.read.is_(None)) > 0
        assert count(Notice, Notice.person_id == person("w.voorbeeld@").id) > 0
        assert count(Follow) > 0

    def test_mentions_and_documents_are_links(self) -> None:
        assert count(Body, Body.html.contains('class="mention"')) > 0
        assert count(Body, Body.html.contains('href="/files/')) > 0
        assert count(Body, Body.html.contains("document:")) == 0

    def test_everything_is_indexed_and_the_check_passes(self) -> None:
        assert count_missing() == 0


def test_the_team_looks_back_on_the_call_and_participants_see_nothing_of_it(demo_app: Flask) -> None:
    with demo_app.app_context():
        call = call_of("weer-thuis-in-de-wijk")
        title, url, programme = call.title, call.url, call.programme.url
        refused = select(Application.reference).where(Application.call_id == call.id, Application.outcome == "refuse")
        reference = db.session.scalars(refused).first()
    pages = [
        f"{programme}/calls",
        f"{url}/applications",
        f"{url}/decisions",
        f"/applications/{reference}/dossier",
        f"/applications/{reference}/decision",
    ]
    marijke = entered(demo_app, "m.rondvraag@")
    shown = {page: marijke.get(page) for page in pages}
    assert [answer.status_code for answer in shown.values()] == [200] * 5
    assert title in shown[pages[0]].text
    assert "Gemeente Wachtbeek" in shown[pages[1]].text
    assert "Gemeente Overmorgen" in shown[pages[2]].text
    for mail in ("w.voorbeeld@", "p.demo@", "h.terzijde@"):
        browser = entered(demo_app, mail)
        assert [browser.get(page).status_code for page in pages] == [403, *[404] * 4], mail
        for page in ("/", pages[0], programme, f"{programme}/directory"):
            assert title not in browser.get(page).text, page
    outside = Client(demo_app, demo_app.response_class)
    assert [outside.get(page).status_code for page in pages] == [303] * 5


def test_a_date_poll_of_the_team_is_open(demo_app: Flask, demo: Demo) -> None:
    with demo_app.app_context():
        poll = db.session.scalars(select(Poll)).one()
        assert poll.status == "open"
        assert [(one.yes, one.rather_not, one.no) for one in standings(poll)] == [(2, 0, 0), (1, 1, 0), (1, 0, 1)]
        assert count(Email, Email.kind.startswith("polls/")) == 0


def test_the_year_of_meetings_is_held_and_the_symposium_comes(demo_app: Flask, demo: Demo) -> None:
    turn_to(demo.now)
    with demo_app.app_context():
        rows = db.session.execute(select(Meeting.meeting_kind, Meeting.status).order_by(Meeting.starts)).all()
        held = [("kick_off", "held"), *[("thematic", "held")] * 3]
        assert [tuple(row) for row in rows] == [*held, ("symposium", "announced")]
        symposium = db.session.scalars(select(Meeting).where(Meeting.status == "announced")).one()
        counted = seats(symposium.id)
        assert (counted.yes, counted.waiting, counted.maybe, counted.no) == (30, 4, 3, 2)
        assert counted.open >= 4
        waiting = select(Invitee.place).where(Invitee.answer == "waiting").order_by(Invitee.place)
        assert db.session.scalars(waiting).all() == [1, 2, 3, 4]
        answered = db.session.scalars(select(Invitee.answered).where(Invitee.answered.is_not(None))).all()
        assert max(answered) < clock.now()  # type: ignore[type-var, operator]
        address = symposium.url
        assert count(Email, Email.kind.startswith("meetings/")) == 0
        assert count(MeetingGuest, MeetingGuest.meeting_id == symposium.id) == 1
    member = entered(demo_app, "w.voorbeeld@waterveen.example")
    home = member.get("/").text
    assert "Slotsymposium" in home.partition("Volgende bijeenkomst")[2].partition("</section>")[0]
    assert f'action="{address}/answer"' in home
    assert "De Kantelaar, Waterveen" in member.get("/programmes/weer-thuis-in-de-wijk/meetings?show=past").text
    team = entered(demo_app, "m.rondvraag@")
    assert "Bijeenkomst 5 van 5" in team.get(address).text


def test_meetings_have_programmes_and_questions(demo_app: Flask, demo: Demo) -> None:
    turn_to(demo.now)
    with demo_app.app_context():
        for meeting in db.session.scalars(select(Meeting)).all():
            blocks, questions = blocks_of(meeting.id), questions_of(meeting.id)
            assert blocks[-1].ends <= meeting.ends, meeting.title
            assert any(question.block_id for question in questions), meeting.title
            assert all(question.made < clock.now() for question in questions)
        given = (
            select(func.count())
            .select_from(QuestionVote)
            .join(MeetingQuestion, MeetingQuestion.id == QuestionVote.question_id)
        )
        of_each = given.group_by(MeetingQuestion.meeting_id, QuestionVote.person_id)
        assert max(db.session.scalars(of_each)) <= VOTES
        address = db.session.scalars(select(Meeting).where(Meeting.status == "announced")).one().url
    shown = entered(demo_app, "w.voorbeeld@waterveen.example").get(address).text
    assert "Wie houdt de kring bij elkaar" in shown


def test_the_meetings_that_were_held_have_attendance(demo_app: Flask, demo: Demo) -> None:
    with demo_app.app_context():
        for meeting in db.session.scalars(select(Meeting)).all():
            held, there = meeting.status == "held", attended(meeting.id)
            assert bool(there) == held, meeting.title
            coming = select(Invitee.person_id).where(Invitee.meeting_id == meeting.id, Invitee.answer == "yes")
            assert not held or len(there) < len(list(db.session.scalars(coming))), "somebody did not come"


def test_the_meetings_left_outcomes_and_actions(demo_app: Flask, demo: Demo) -> None:
    turn_to(demo.now)
    marked = sum(said.outcome for talk in demo.rooms for said in talk.messages)
    assert marked
    with demo_app.app_context():
        kinds = db.session.execute(
            select(Outcome.outcome_kind, Outcome.status, func.count()).group_by(Outcome.outcome_kind, Outcome.status)
        ).all()
        assert {(kind, status): n for kind, status, n in kinds} == {
            ("outcome", ""): 2 + marked,
            ("decision", ""): 3,
            ("action", "open"): 4,
            ("action", "done"): 2,
            ("action", "dropped"): 1,
        }
        assert db.session.scalar(select(func.count()).where(ThingLink.kind == "outcome")) == marked
        assert count(Email, Email.kind.startswith("outcomes/")) == 0
        symposium = db.session.scalars(select(Meeting).where(Meeting.status == "announced")).one().url
    member = entered(demo_app, "w.voorbeeld@waterveen.example")
    assert "Een voorstel maken" in member.get(symposium).text.partition("Nog open van de vorige keer")[2]


def test_a_held_meeting_has_its_chat_a_round_and_photos(demo_app: Flask, demo: Demo) -> None:
    turn_to(demo.now)
    member = entered(demo_app, "w.voorbeeld@waterveen.example")
    with demo_app.app_context():
        held = db.session.scalars(select(Meeting).where(Meeting.title == "Werkatelier voor bestuurders")).one()
        room, url = room_of(held.id), held.url
        assert room is not None
        said = select(func.count()).where(Thing.parent_id == room.id)
        assert (room.closed is not None, db.session.scalar(said)) == (True, 4)
        coming = db.session.scalars(select(Meeting).where(Meeting.status == "announced")).one().url
    shown = member.get(url).text
    assert all(words in shown for words in ("Lees de chat", "Wat neemt u mee naar uw eigen bestuur?", "alle 2 foto’s"))
    picture = re.findall(r'src="(/photos/\d+/picture\?size=small)"', shown)[0]
    assert 1_000 < len(member.get(picture).data) < 40_000
    assert "Tijdens de bijeenkomst" not in member.get(coming).text


def test_the_questions_after_meetings_were_answered(demo_app: Flask, demo: Demo) -> None:
    turn_to(demo.now)
    with demo_app.app_context():
        held = db.session.scalars(select(Meeting).where(Meeting.status == "held").order_by(Meeting.starts)).all()
        assert [results_of(meeting.id).answers for meeting in held] == [7, 6, 5, 3]
        assert all(pulse.sealed and pulse.closed for pulse in db.session.scalars(select(Pulse)))
        assert count(Email, Email.kind.startswith("pulse/")) == 0
        address, few = held[2].url, held[3].url
    member, coach = (
        entered(demo_app, mail) for mail in ("w.voorbeeld@waterveen.example", "m.rondvraag@platform31.example")
    )
    assert "<dd>4</dd>" in member.get(f"{address}/pulse").text
    assert "Bewijs van deelname" in member.get(f"{address}/certificate").text
    assert "minder dan vijf antwoorden" in coach.get(f"{few}/pulse").text


def test_everybody_sees_the_public_page_with_the_partners_that_agree(demo_app: Flask) -> None:
    outside = Client(demo_app, demo_app.response_class)
    front = outside.get("/").text
    assert '<a href="/programmes/weer-thuis-in-de-wijk">' in front
    assert '<a href="/programmes/leerkring-magic-mix">' in front
    page = outside.get("/programmes/weer-thuis-in-de-wijk").text
    for words in ("gewone straat", "Startbijeenkomst", "Slotsymposium", "m.rondvraag@platform31.example"):
        assert words in page
    assert "Samenwerking Papierwoude" in page
    assert "Samenwerking Waterveen" not in page
    assert frontrunners.STORY["call"]["title"] not in page


def test_clock_continues_after_the_story(demo_app: Flask, demo: Demo) -> None:
    create_app(demo_app.config["COP"])
    try:
        assert timedelta(0) <= clock.now() - demo.now < timedelta(minutes=5)
    finally:
        clock.shift(timedelta(0))


def test_the_whole_story_can_be_played(platform: Any) -> None:
    done = platform.cop("seed", "demo")
    assert done.exit_code == 0, done.output
    done = platform.cop("check", "--deep")
    assert done.exit_code == 0, done.output
    with platform.app().app_context():
        unread = {
            one: count(Notice, Notice.person_id == person(one).id, Notice.read.is_(None))
            for one in ("w.voorbeeld@", "e.hypothese@", "m.rondvraag@", "b.verzonnen@")
        }
        waits = select(FlagCase.state, Flag.reason).join(Flag, Flag.case_id == FlagCase.id)
        assert [tuple(row) for row in db.session.execute(waits)] == [("open", "privacy")]
    assert all(0 < number < 10 for number in unread.values()), unread


def test_seed_needs_an_empty_database(platform: Any) -> None:
    with platform.app().app_context(), transaction():
        db.session.add(Person(mail="anna@proef.example"))
    for what in ("demo", "bench"):
        done = platform.cop("seed", what)
        assert done.exit_code == 1
        assert "an empty one" in done.output


def test_seed_needs_tables(platform: Any, tmp_path: Path) -> None:
    platform.move(tmp_path / "other")
    done = platform.cop("seed", "bench")
    assert done.exit_code == 1
    assert "cop migrate" in done.output


def test_first_start_plays_the_demonstration(
    platform: Any, monkeypatch: pytest.MonkeyPatch, demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(story, "load", lambda: demo)
    platform.env["COP_MODE"] = "demo"
    app = platform.app()
    seed.start(app, empty=False)
    assert app.config["COP"].demo_clock.exists()
    assert "demonstration" in capsys.readouterr().out
    seed.start(app, empty=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("mode", ["development", "production"])
def test_first_start_without_people(platform: Any, mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    platform.env["COP_MODE"] = mode
    app = platform.app()
    seed.start(app, empty=True)
    address = capsys.readouterr().out.split()[-1]
    assert address.startswith("http://localhost/sign-in/")
    browser = app.test_client()
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert browser.post(address.removeprefix("http://localhost"), headers=headers).status_code == 303
    with app.app_context(), transaction():
        person("").entered = clock.now()
    seed.start(app, empty=True)
    assert capsys.readouterr().out == ""


def test_bench_data_matches_the_other_systems() -> None:
    digest = hashlib.sha256()
    for topic in bench_data.topics(20_000):
        digest.update(f"{topic.category} {topic.title}".encode())
        for post in topic.posts:
            digest.update(f"{post.person} {post.written_at} {post.markdown}".encode())
    assert digest.hexdigest() == "c76c04aa4e5461be9abd4ff5781d7c759815b87ddcc1c61b82126a9cb24dfbab"
    assert (bench_data.CATEGORIES, bench_data.RARE) == (workload.CATEGORIES, workload.RARE)


def test_small_bench(platform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_data, "LONG_TOPICS", {0: 12})
    done = platform.cop("seed", "bench", "--posts", 70, "--people", 7, "--files", 4, "--messages", 10)
    assert done.exit_code == 0, done.output
    done = platform.cop("check", "--deep")
    assert done.exit_code == 0, done.output
    with platform.app().app_context():
        assert list(db.session.scalars(select(Community.slug).order_by(Community.position))) == [
            "uitstroom",
            "zorg",
            "samenwerking",
        ]
        assert (count(Person), count(Membership)) == (7, 21)
        assert [row.replies for row in db.session.scalars(select(Thread).order_by(Thread.id))] == [11, 49, 7]
        assert (count(Post), count(File), count(Message), count(Room)) == (70, 4, 10, 3)
        assert list(db.session.scalars(select(Room.last_seq).order_by(Room.id))) == [4, 3, 3]
        assert db.session.scalar(select(Person.mail).order_by(Person.id).limit(1)) == "lid001@bench.example"
        assert count_missing() == 0
    browser = platform.app().test_client()
    token = platform.cop("token", "lid005@bench.example").stdout.strip()
    answer = browser.get("/api/v1/communities/zorg/threads", headers={"Authorization": f"Bearer {token}"})
    assert [thread["replies"] for thread in answer.json["items"]] == [49]


def test_three_partnerships_used_each_thing(demo_app: Flask, demo: Demo) -> None:
    turn_to(demo.now)
    team = entered(demo_app, "m.rondvraag@platform31.example")
    with demo_app.app_context():
        used = set(db.session.scalars(select(ThingUse.thing_id)))
    assert used
    for thing in used:
        page = team.get(f"/things/{thing}/uses").text
        assert "Dit is gebruikt door 3 samenwerkingen." in page


def test_meetings_have_threads_and_documents(demo_app: Flask, demo: Demo) -> None:
    turn_to(demo.now)
    team = entered(demo_app, "m.rondvraag@platform31.example")
    checklist = "Checklist eerste 100 dagen"
    expected = {"Slotsymposium": [checklist, "Aankondiging: slotsymposium"], "Startbijeenkomst": [checklist]}
    for title, words in expected.items():
        with demo_app.app_context():
            url = db.session.scalars(select(Meeting).where(Meeting.title == title)).one().url
        shown = team.get(url).text.partition('id="materials"')[2].partition("</section>")[0]
        assert all(word in shown for word in words), title
