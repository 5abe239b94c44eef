"""A small world with one of everything in the first community, mostly made by Anna; and its addresses."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from PIL import Image
from sqlalchemy import func, select

from cop import things
from cop.access import SYSTEM
from cop.access_review import actions as access_review
from cop.agenda import actions as agenda
from cop.agenda.models import MeetingQuestion
from cop.attendance.codes import token_of
from cop.attendance.models import Attendance
from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.files import Blob
from cop.base.jobs import Job
from cop.base.journal import JournalEntry
from cop.base.web.pages import bodies
from cop.bookmarks import actions as bookmarks
from cop.breaches import actions as breaches
from cop.bulletins import actions as bulletins
from cop.calendars import actions as calendars
from cop.chat import actions as chat
from cop.chat.models import Message, Room, ensure_room
from cop.coach import actions as coach
from cop.curation import actions as curation
from cop.curation.actions import notes
from cop.documents import actions as documents
from cop.experts import actions as experts
from cop.experts.models import answer_token as expert_token
from cop.experts.models import decide_token, turn_of
from cop.flags import actions as flags
from cop.guidance import actions as guidance
from cop.guidance.models import Card, CardSource, confirmation_token
from cop.leaving import actions as leaving
from cop.meeting_materials import actions as materials
from cop.meeting_rooms import actions as rooms
from cop.meeting_rooms.actions.picturing import Copies
from cop.meeting_rooms.models import MeetingPhoto
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting, MeetingDay, MeetingSeries, answer_token
from cop.members import actions as members
from cop.minutes import actions as minutes
from cop.minutes.models import Block
from cop.notices import emails
from cop.notices.models import Notice
from cop.outcomes import actions as outcomes
from cop.partnerships import actions as partnerships
from cop.partnerships.models import new_check_in_link, this_month
from cop.people import actions as people
from cop.polls import actions as polls
from cop.polls.forms import Slot
from cop.polls.models import answer_token as poll_token
from cop.polls.models import options_of
from cop.programmes import actions as programmes
from cop.pulse import actions as pulse
from cop.pulse.models import answer_token as pulse_token
from cop.society.audience import Guest
from cop.society.credentials import Token, new_link
from cop.society.invitations import Invitation
from cop.society.memberships import Membership, membership_of
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership, Programme
from cop.society.regions import Municipality
from cop.threads import actions as threads
from cop.threads.models import Post, Thread
from cop.uses import actions as uses
from cop.uses.models import answer_token as outcome_token
from tests.house import calls


def _text(words: str) -> text.Text:
    return text.render(words, "markdown")


def _blob(app: Any, content: str | bytes) -> Blob:
    store = app.extensions["files"]
    bytes_ = content.encode() if isinstance(content, str) else content
    spooled = store.spool(io.BytesIO(bytes_), 1_000, "blad.txt")
    return store.keep(spooled)


def build(app: Any, cast: Any) -> SimpleNamespace:
    """Create the world in the running test and return the ids and secrets for its addresses."""
    with app.app_context(), transaction():
        anna, bram, eva, fons = (
            db.session.get_one(Person, getattr(cast, name)) for name in ("anna", "bram", "eva", "fons")
        )
        one = db.session.get_one(Community, cast.one)
        w = SimpleNamespace(
            slug=one.slug,
            programme_slug="proef",
            community=one.id,
            person=bram.id,
            reaction="thanks",
            organisation=cast.organisations[0],
            organisations=cast.organisations[:2],
            older=1,
            form_kind="question",
            upload=b"Een blad met tekst.",
        )
        _threads(w, anna, bram, eva, one)
        threads.set_form(eva, one, kind=w.form_kind, wanted="Wat zoekt u?")
        _bookmarks(w, anna)
        _chat(w, anna, eva, one)
        _documents(app, w, anna, bram, one)
        _programme(app, w, fons, eva, one, cast)
        _meetings(w, anna, eva, one)
        _day(app, w, anna, eva)
        _outcomes(w, anna, bram)
        _guidance(w, anna, eva, fons, one)
        _polls(w, anna, eva, one)
        _flags(w, anna, bram, eva, one)
        _uses(w, anna)
        _experts(w, anna, eva, one)
        _bulletins(w, fons, one)
        calls.build(w, fons, db.session.get_one(Programme, cast.programme), _blob(app, "Een plan."))
        w.notice = db.session.scalars(select(Notice.id).where(Notice.person_id == anna.id)).first()
        w.token = db.session.scalars(select(Token.id).where(Token.person_id == anna.id)).first()
        w.unsubscribe = emails.token(anna.id, "digest")
        w.link, w.code = new_link(bram, "sign-in")
        w.mail_link, _code = new_link(anna, "mail-new", address="anna.nieuw@proef.example")
        _operations(w)
        _breach(w, anna)
        w.draft = str(uuid4())
        for person in db.session.scalars(select(Person)).all():
            things.save_draft(person, w.draft, place="new:1", fields={"body": "Nog niet af"}, revision=1)
        w.messages = [w.message, w.said]
        w.entry = db.session.scalar(select(func.max(JournalEntry.id)))
        return w


def _threads(w: SimpleNamespace, anna: Person, bram: Person, eva: Person, one: Community) -> None:
    thread = threads.start(anna, one, kind="question", title="Wie heeft een convenant?", text=_text("Wij zoeken."))
    w.thread, w.place = thread.id, f"thread:{thread.id}"
    w.opening = db.session.scalars(select(Post.id).where(Post.parent_id == thread.id)).one()
    w.answer = threads.reply(bram, thread, text=_text("Wij hebben er een, @Anna Adem.")).id
    w.post, w.retracted, w.hidden = (
        threads.reply(anna, thread, text=_text(words)).id for words in ("Dank.", "Vergissing.", "Een naam.")
    )
    threads.POSTS.retract(anna, db.session.get_one(Post, w.retracted))
    threads.POSTS.hide(eva, db.session.get_one(Post, w.hidden), reason="Persoonsgegevens")
    w.alone = threads.start(anna, one, kind="experience", title="Nog niemand", text=_text("Zo ging het.")).id
    secret = threads.start(anna, one, kind="experience", title="Verborgen gesprek", text=_text("Zo ging het niet."))
    w.hidden_thread = threads.hide_thread(eva, secret, reason="Dubbel").id
    _curation(w, anna, eva, one, thread)


def _curation(w: SimpleNamespace, anna: Person, eva: Person, one: Community, thread: Thread) -> None:
    def start(title: str) -> Thread:
        return threads.start(anna, one, kind="question", title=title, text=_text("Weet iemand dit?"))

    other = start("Een ander gesprek")
    gone = start("Hetzelfde gesprek")
    curation.merge(eva, thread, thread=gone)
    w.moving = [w.answer]
    w.other_thread, w.merged = other.url, gone.id
    w.repeated = curation.mark_duplicate(eva, start("Nog eens hetzelfde"), into=other).id
    w.note = notes.write(eva, thread, text="Gebeld over de toon.").id


def _bulletins(w: SimpleNamespace, fons: Person, one: Community) -> None:
    sent, draft, withdrawn = (bulletins.draft(fons, one.programme, community=one.slug) for _number in range(3))
    for bulletin in (sent, withdrawn):
        bulletins.send(fons, bulletin)
    bulletins.withdraw(fons, withdrawn)
    w.bulletin, w.draft_bulletin, w.withdrawn_bulletin = sent.id, draft.id, withdrawn.id
    w.bulletin_version, w.draft_version = sent.version, draft.version


def _bookmarks(w: SimpleNamespace, anna: Person) -> None:
    w.bookmark = bookmarks.add(anna, db.session.get_one(Post, w.answer), note="Nog vragen.").id
    w.removed_bookmark = bookmarks.remove(anna, bookmarks.add(anna, db.session.get_one(Post, w.post))).id


def _chat(w: SimpleNamespace, anna: Person, eva: Person, one: Community) -> None:
    room = ensure_room(one)
    w.room = room.id
    w.message, w.said, w.hidden_message, w.retracted_message = (
        chat.say(anna, room, text=_text(words)).id for words in ("Dag allemaal", "Tot straks", "Een naam", "Oeps")
    )
    chat.MESSAGES.retract(anna, db.session.get_one(Message, w.retracted_message))
    chat.MESSAGES.hide(eva, db.session.get_one(Message, w.hidden_message), reason="Persoonsgegevens")


def _documents(app: Any, w: SimpleNamespace, anna: Person, bram: Person, one: Community) -> None:
    w.folder = documents.add_folder(anna, one, name="Modellen").id
    file = documents.upload(anna, one, blob=_blob(app, "een"), name="model.txt")
    documents.publish(SYSTEM, file)
    documents.replace(bram, file, blob=_blob(app, "twee"), name="model.txt")
    w.file, w.file_version = file.id, file.version
    gone = documents.upload(anna, one, blob=_blob(app, "drie"), name="oud.txt")
    w.trashed = documents.trash(anna, gone).id
    drawing = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawing, "PNG")
    w.picture = documents.upload(anna, one, blob=_blob(app, drawing.getvalue()), name="foto.png").id


def _programme(app: Any, w: SimpleNamespace, fons: Person, eva: Person, one: Community, cast: Any) -> None:
    programme = db.session.get_one(Programme, cast.programme)
    w.invitation = members.invite(eva, one, mail="nieuw@proef.example", name="Nina Nieuw").id
    w.partnership = partnerships.add(
        fons, programme, name="Duo Proefdam", organisations=cast.organisations[:2], people=[cast.anna, cast.bram]
    ).id
    _partnership(w, fons, db.session.get_one(Person, cast.anna), db.session.get_one(Partnership, w.partnership))
    w.newcomer = db.session.get_one(Invitation, w.invitation).person_id
    w.invited_signal = f"invitation-{w.newcomer}"
    db.session.get_one(Invitation, w.invitation).sent = clock.now() - timedelta(days=30)
    w.removed = cast.hans
    partner = Person(mail="paul@proef.example", name="Paul Partner", state="active", entered=clock.now())
    db.session.add(partner)
    db.session.flush()
    db.session.add(PartnerPerson(partnership_id=w.partnership, person_id=partner.id))
    w.partners = [partner.id]
    guest = Guest(person_id=partner.id, thing_id=w.alone, role="reader")
    ended = Guest(person_id=partner.id, thing_id=w.thread, role="reader", ended=clock.now())
    db.session.add_all([guest, ended])
    db.session.flush()
    w.guest, w.ended_guest = guest.id, ended.id
    w.left = _left(cast.one)
    w.empty_community = programmes.add_community(fons, programme, name="Lege kring").slug
    empty = programmes.add_programme(SYSTEM, None, name="Leeg programma")
    w.empty_programme = empty.slug
    programmes.team_add(SYSTEM, empty, member=fons.id)
    access_review.confirm(fons, programme, people=[eva.id])
    for one_of in (programme, empty):
        programmes.edit_public(SYSTEM, one_of, what="Waar het over gaat.")
    programmes.publish(SYSTEM, empty)
    programmes.edit_public(SYSTEM, empty, criteria="Waarop wij kiezen.")
    drawing = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawing, "PNG")
    programmes.set_logo(SYSTEM, empty, logo=_blob(app, drawing.getvalue()).sha256)
    w.municipality_list = b"code;naam;provincie\nGM9902;Proefdam;Drenthe"
    db.session.add(Municipality(code="GM9901", name="Proefveen", province="dr"))
    w.municipality = "GM9901"
    w.spare_organisation = people.add_organisation(fons, None, name="Dubbele organisatie", kind="other").id
    second = Person(mail="tess@proef.example", name="Tess Team", state="active", entered=clock.now())
    db.session.add(second)
    db.session.flush()
    w.teammate = programmes.team_add(SYSTEM, programme, member=second.id).id


def _meetings(w: SimpleNamespace, anna: Person, eva: Person, one: Community) -> None:
    starts = clock.now() + timedelta(days=40)
    given: dict[str, Any] = {"kind": "thematic", "starts": starts, "ends": starts + timedelta(hours=6)}
    first, second = (MeetingDay(starts + timedelta(days=n), starts + timedelta(days=n, hours=6)) for n in (0, 7))
    w.series, w.draft_series = (
        meetings.plan_series(eva, one, title="Een reeks", kind="other", days=[first, second]).id for _number in range(2)
    )
    meetings.announce_series(eva, db.session.get_one(MeetingSeries, w.series))
    w.draft_meeting = meetings.plan(eva, one, title="Een concept", **given).id
    meeting = meetings.announce(eva, meetings.plan(eva, one, title="Een bijeenkomst", **given))
    w.block = agenda.add(eva, meeting, kind="news", minutes=45, leader="Anna Adem").id
    agenda.add(eva, meeting, kind="break", minutes=15)
    w.question = agenda.ask(anna, meeting, text="Wie betaalt het beheer?").id
    w.other_question = agenda.ask(db.session.get_one(Person, w.teammate), meeting, text="Een casus?", kind="case").id
    agenda.place(eva, db.session.get_one(MeetingQuestion, w.question), block=w.block)
    w.preparation = "room"
    feed, w.feed_secret = calendars.make_feed(anna, anna)
    w.feed = feed.id
    materials.attach(eva, meeting, thing=db.session.get_one(Thread, w.thread))
    w.material_address = f"/threads/{w.thread}"
    w.meeting, w.rsvp = meeting.id, answer_token(meeting.id, anna.id)
    meetings.rsvp(anna, meeting, answer="yes")
    w.meeting_guest = meetings.invite_guest(eva, meeting, name="Gast van Buiten", mail="gast@elders.example").person_id
    taken = meetings.announce(eva, meetings.plan(eva, one, title="Een bijeenkomst met aanmeldingen", **given))
    for name in ("gerda", "anna", "bram", "dina", "eva", "fons"):
        meetings.rsvp(
            db.session.scalars(select(Person).where(Person.mail == f"{name}@proef.example")).one(), taken, answer="yes"
        )
    w.answered_meeting = taken.id
    _minutes(w, eva, one, given)
    w.file_format = "odt"  # the quickest to make
    w.code_of_day = token_of(w.silent_meeting, clock.today())
    _afterwards(w, anna, eva, one, given)


def _afterwards(w: SimpleNamespace, anna: Person, eva: Person, one: Community, given: dict[str, Any]) -> None:
    """Add meetings that are over, at which Anna and Bram were: after one the questions were sent, after one not yet, and
    after one they are off."""
    for name in ("asked_meeting", "over_meeting", "unasked_meeting"):
        meeting = meetings.announce(eva, meetings.plan(eva, one, title="Een bijeenkomst van gisteren", **given))
        meeting.starts, meeting.ends = clock.now() - timedelta(hours=26), clock.now() - timedelta(hours=25)
        meeting.status = "held"
        day = clock.local(meeting.starts).date()
        for id in (anna.id, w.person):
            db.session.add(Attendance(meeting_id=meeting.id, person_id=id, day=day, state="present", at=clock.now()))
        setattr(w, name, meeting.id)
    db.session.flush()
    asked = db.session.get_one(Meeting, w.asked_meeting)
    pulse.ask(eva, asked)
    pulse.skip(eva, db.session.get_one(Meeting, w.unasked_meeting))
    pulse.answer(anna, asked, useful="yes")
    w.pulse = pulse_token(asked.id, anna.id)


def _minutes(w: SimpleNamespace, eva: Person, one: Community, given: dict[str, Any]) -> None:
    """Add meetings of today: one with published minutes, one of which the minutes are written, and one without."""
    for name in ("published_meeting", "written_meeting", "silent_meeting"):
        meeting = meetings.announce(eva, meetings.plan(eva, one, title="Een bijeenkomst van vandaag", **given))
        meeting.starts, meeting.ends = clock.now(), clock.now() + timedelta(hours=6)
        setattr(w, name, meeting.id)
        if name == "silent_meeting":
            continue
        written = minutes.begin(eva, meeting)
        block = db.session.scalars(select(Block).where(Block.minutes_id == meeting.id).order_by(Block.position)).first()
        minutes.edit(eva, block, title="Aanwezig", text=_text("Iedereen was er."), base_version=1)
        if name == "published_meeting":
            minutes.publish(eva, written)
        else:
            w.written_block, w.holder = block.id, str(uuid4())
            w.removed_block = minutes.remove(eva, minutes.add(eva, written, title="Nog iets")).id


def _day(app: Any, w: SimpleNamespace, anna: Person, eva: Person) -> None:
    """Add a chat, rounds and photos to a meeting of today."""
    meeting = db.session.get_one(Meeting, w.silent_meeting)
    rooms.open_room(eva, meeting)
    removed = rooms.start(eva, meeting, prompt="Vergissing?")
    w.removed_round = rooms.remove(eva, removed).id
    w.closed_round = rooms.close(eva, rooms.start(eva, meeting, prompt="Hoe kwam u hier?")).id
    w.round = rooms.answer(anna, rooms.start(eva, meeting, prompt="Wat neemt u mee?"), text="Geduld").id
    drawing = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawing, "WEBP")
    digest = _blob(app, drawing.getvalue()).sha256
    w.photo, w.removed_photo = (
        rooms.add_photo(anna, meeting, alt="Een tuin", photo=Copies(digest, digest, 40, 30)).id for _number in range(2)
    )
    rooms.remove_photo(anna, db.session.get_one(MeetingPhoto, w.removed_photo))
    w.photo_file = drawing.getvalue()


def _outcomes(w: SimpleNamespace, anna: Person, bram: Person) -> None:
    post, message = db.session.get_one(Post, w.post), db.session.get_one(Message, w.message)
    due = clock.today() + timedelta(days=9)
    w.later_day = (due + timedelta(days=9)).isoformat()
    w.outcome = outcomes.mark(anna, post, kind="action", text="De buren bellen", owner=bram.id, due=due).id
    done = outcomes.mark(anna, message, kind="action", text="De sleutels halen", owner=bram.id, due=due)
    w.done_outcome = outcomes.finish(bram, done).id
    w.removed_outcome = outcomes.remove(anna, outcomes.mark(anna, post, kind="decision", text="Toch niet")).id


def _guidance(w: SimpleNamespace, anna: Person, eva: Person, fons: Person, one: Community) -> None:
    """Make guidance in each of its states; Anna owns it."""

    def made(*verbs: Callable[[Card], object]) -> int:
        card = guidance.draft(eva, one, title="Zo doet u dat")
        written = {"works": guidance.Written(_text("Bel eerst."), 1)}
        guidance.edit(eva, guidance.assign(eva, card, owner=anna.id), text=written)
        for verb in verbs:
            verb(card)
        return card.id

    def asked(card: Card) -> object:
        return guidance.review(anna, card)

    def approved(card: Card) -> object:
        return guidance.advise(eva, asked(card), advice="approved")

    def adopted(card: Card) -> object:
        return guidance.adopt(anna, approved(card))

    post = db.session.get_one(Post, w.post)
    w.card, w.post_url = made(lambda card: guidance.take(eva, post, card=card)), f"/posts/{w.post}"
    card = db.session.get_one(Card, w.card)
    w.card_source = db.session.scalars(select(CardSource.id).where(CardSource.card_id == w.card)).one()
    w.card_comment = guidance.comment(anna, card, text="Noem ook de buren.").id
    w.card_in_review, w.approved_card, w.adopted_card = made(asked), made(approved), made(adopted)
    w.revised_card = made(lambda card: guidance.revise(anna, adopted(card)))
    w.expired_card = made(lambda card: guidance.expire(anna, adopted(card), reason="Oud."))
    w.removed_card = made(lambda card: guidance.remove(anna, card))
    w.card_answer = confirmation_token(w.adopted_card, anna.id)


def _flags(w: SimpleNamespace, anna: Person, bram: Person, eva: Person, one: Community) -> None:
    flag = flags.raise_flag(anna, db.session.get_one(Post, w.answer), reason="wrong", text="Dit klopt niet.")
    w.flag, w.flag_case = flag.id, flag.case_id
    member = membership_of(bram.id, one.id)
    assert member is not None
    ruled = flags.raise_flag(anna, member, reason="rude").case
    w.ruled_case = flags.make_ruling(eva, ruled, ruling="dismiss", word="Wij spraken hem.").id
    told = {"kind": "warn", "audience": one.audience_id, "by": None, "reason": "Noem geen namen."}
    rulings = [flags.tell(SYSTEM, anna, **told) for _ in range(3)]
    for one_of_them in rulings[1:]:
        flags.appeal(anna, one_of_them, appeal="Ik noemde niemand.")
    flags.decide(eva, rulings[2], upheld=True, word="Toch wel.")
    w.ruling, w.appealed_ruling, w.decided_ruling = (row.id for row in rulings)


def _uses(w: SimpleNamespace, anna: Person) -> None:
    answer = db.session.get_one(Post, w.answer)
    withdrawn = uses.report(anna, answer, purpose="Vergissing", partnership=w.partnership)
    w.withdrawn_use = uses.withdraw(anna, withdrawn).id
    w.use = uses.report(anna, answer, purpose="Ons eigen convenant").id
    w.used = outcome_token(w.use, anna.id)


def _experts(w: SimpleNamespace, anna: Person, eva: Person, one: Community) -> None:
    w.open_question = threads.start(anna, one, kind="question", title="Wie weet het?", text=_text("Wij niet.")).id
    thread = threads.start(anna, one, kind="question", title="Wie is de expert?", text=_text("Dina?"))
    request = experts.ask(anna, thread)
    w.expert_thread, w.expert_request = thread.id, request.id
    turn = turn_of(request)
    assert turn is not None
    w.asked_expert, w.answering_expert = decide_token(turn), expert_token(turn)
    until = clock.today() + timedelta(days=30)
    guest = experts.invite_guest(eva, thread, mail="peil@elders.example", name="Petra Peil", until=until)
    w.thread_guest, w.thread_guest_person = guest.id, guest.person_id


def _polls(w: SimpleNamespace, anna: Person, eva: Person, one: Community) -> None:
    days = [Slot(clock.now() + timedelta(days=n)) for n in (30, 31)]
    w.draft_poll = polls.make(eva, one, title="Een concept", kind="other", options=days).id
    poll = polls.open(eva, polls.make(eva, one, title="Een datum", kind="other", options=days))
    w.poll_option = options_of(poll.id)[0].id
    polls.vote(anna, poll, votes={w.poll_option: "yes"})
    w.poll_days, w.expected = [clock.rfc3339(day.starts) for day in days], [anna.id]
    w.poll, w.vote = poll.id, poll_token(poll.id, anna.id)


def _left(community: int) -> int:
    """Return a person who left, of whom nobody took over."""
    person = Person(mail="lara@proef.example", name="Lara Vertrokken", state="active", entered=clock.now())
    db.session.add(person)
    db.session.flush()
    db.session.add(Membership(person_id=person.id, community_id=community, role="member"))
    db.session.flush()
    leaving.leave(SYSTEM, person)
    return person.id


def _partnership(w: SimpleNamespace, fons: Person, anna: Person, duo: Partnership) -> None:
    partnerships.describe(anna, duo, goal="Tien woningen.")
    partnerships.describe(anna, duo, goal="Twintig woningen.", help_wanted="Wie heeft een convenant?")
    check_in = partnerships.open_month(SYSTEM, duo, month=this_month())
    w.check_in_link = new_check_in_link(check_in, anna)
    w.signal, w.partner_person = f"silent-{duo.id}", [anna.id]
    coach.set_aside(fons, duo.programme, key=w.signal, since=clock.today())


def _operations(w: SimpleNamespace) -> None:
    email = Email(
        kind="people/link",
        address="x@proef.example",
        subject="x",
        text="x",
        html="x",
        headers={},
        state="failed",
        made=clock.now(),
    )
    job = Job(name="mail.send", arguments=[0], state="dead", due=clock.now(), tries=9, made=clock.now())
    db.session.add_all([email, job])
    db.session.flush()
    w.email, w.job = email.id, job.id


def _breach(w: SimpleNamespace, anna: Person) -> None:
    message = chat.say(anna, db.session.get_one(Room, w.room), text=_text("Haar naam is weg."))
    w.breach = breaches.report(anna, message, what=["contact"]).id
    w.closed_breach = breaches.close(SYSTEM, breaches.report(anna, message, what=["other"]), reason="Dubbel.").id


# Addresses

UNDER = {  # a part of an address → the name in the world of the value that follows
    "communities": "slug",
    "programmes": "programme_slug",
    "threads": "thread",
    "meetings": "meeting",
    "materials": "thread",
    "series": "series",
    "blocks": "block",
    "questions": "question",
    "preparation": "preparation",
    "attendance": "person",
    "here": "code_of_day",
    "outcomes": "outcome",
    "guidance": "card",
    "sources": "card_source",
    "comments": "card_comment",
    "confirmation": "card_answer",
    "expert": "expert_request",
    "asked": "asked_expert",
    "answer": "answering_expert",
    "flags": "flag",
    "desk": "flag_case",
    "rounds": "round",
    "photos": "photo",
    "polls": "poll",
    "rsvp": "rsvp",
    "vote": "vote",
    "pulse": "pulse",
    "certificates": "person",
    "calendar-feeds": "feed",
    "calendar": "feed_secret",
    "posts": "post",
    "rooms": "room",
    "messages": "message",
    "files": "file",
    "versions": "older",
    "folders": "folder",
    "things": "thread",
    "people": "person",
    "members": "person",
    "team": "teammate",
    "organisations": "organisation",
    "municipalities": "municipality",
    "partnerships": "partnership",
    "check-in": "check_in_link",
    "consents": "organisation",
    "invitations": "invitation",
    "notices": "notice",
    "tokens": "token",
    "unsubscribe": "unsubscribe",
    "sign-in": "link",
    "mail": "email",
    "mails": "email",
    "jobs": "job",
    "reactions": "reaction",
    "drafts": "draft",
    "calls": "open_call",
    "applications": "application",
    "sections": "section",
    "contacts": "contact",
    "reviewers": "reviewer",
    "reviews": "review",
    "export": "format",
    "signals": "signal",
    "forms": "form_kind",
    "guests": "guest",
    "bulletins": "bulletin",
    "breaches": "breach",
    "uses": "use",
    "used": "used",
    "merges": "merged",
    "notes": "note",
    "bookmarks": "bookmark",
    "rulings": "ruling",
}
PART = re.compile(r"(?:(\w[\w-]*)/|/)<(?:[a-z]+(?:\([^)]*\))?:)?(\w+)>")


def address(rule: str, world: SimpleNamespace, at: Mapping[str, str] | None = None) -> str:
    """Return the address of a rule in the world; `at` names the values that replace the usual ones."""

    def fill(found: re.Match[str]) -> str:
        before, name = found[1], found[2]
        if before is None:
            return "/privacy"  # the pages about the site
        return f"{before}/{getattr(world, (at or {}).get(name) or UNDER[before])}"

    return PART.sub(fill, rule)


@contextmanager
def undone(app: Any) -> Iterator[None]:
    """Roll back everything that happens inside the block."""
    step = db._app_engines[app][None].begin_nested()
    bodies.clear()
    try:
        yield
    finally:
        step.rollback()
