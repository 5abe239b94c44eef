"""Verbs of choosing among questions: people vote, the team puts the chosen ones on a block."""

from __future__ import annotations

from cop.agenda.actions.asking import check_open, count_votes, reread
from cop.agenda.actions.locking import lock_agenda
from cop.agenda.models import AgendaBlock, MeetingQuestion, QuestionVote, VoteLimit, most_votes, votes_left
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _, n_
from cop.meetings.models import Meeting
from cop.society.people import Person


@action("questions.vote")
def vote(person: Person, question: MeetingQuestion) -> MeetingQuestion:
    """Vote for a question; twice is once.

    Raise Conflict for one's own, a hidden one, when the person has no vote left, or when the meeting is over.
    """
    reread(question)
    check_open(question.meeting)
    if question.person_id == person.id:
        raise Conflict(_("Dit is uw eigen vraag. Stem op vragen van anderen."))
    if question.hidden is not None:
        raise Conflict(_("Deze vraag is verborgen."))
    if db.session.get(QuestionVote, (question.id, person.id)) is None:
        if not votes_left(person, question.meeting_id):
            most = most_votes(question.meeting_id)
            raise Conflict(
                n_(
                    "U hebt uw stem al gebruikt. Trek die eerst in.",
                    "U hebt uw %(n)s stemmen al gebruikt. Trek er eerst een in.",
                    most,
                )
            )
        db.session.add(QuestionVote(question_id=question.id, person_id=person.id))
        db.session.flush()
        count_votes(question)
    return question


@action("questions.unvote")
def unvote(person: Person, question: MeetingQuestion) -> MeetingQuestion:
    """Take a vote back. Raise Conflict when the meeting is over."""
    reread(question)
    check_open(question.meeting)
    found = db.session.get(QuestionVote, (question.id, person.id))
    if found is not None:
        db.session.delete(found)
        db.session.flush()
        count_votes(question)
    return question


@action("questions.set_votes")
def set_votes(person: Person, meeting: Meeting, *, votes: int) -> VoteLimit:
    """Set how many votes each person has at a meeting; who gave more keeps them."""
    lock_agenda(meeting)
    if meeting.status != "draft":
        check_open(meeting)
    limit = db.session.get(VoteLimit, meeting.id)
    if limit is None:
        limit = VoteLimit(meeting_id=meeting.id, votes=votes)
        db.session.add(limit)
    limit.votes = votes
    detail(votes=votes)
    return limit


@action("questions.place")
def place(person: Person, question: MeetingQuestion, *, block: int) -> MeetingQuestion:
    """Put a question on a block of its meeting, or on another. Raise Invalid for a block that is not there."""
    reread(question)
    found = db.session.get(AgendaBlock, block)
    if found is None or found.meeting_id != question.meeting_id or found.removed is not None:
        raise Invalid(errors={"block": _("Kies een onderdeel uit de lijst.")})
    if question.hidden is not None:
        raise Conflict(_("Deze vraag is verborgen."))
    question.block_id = block
    detail(block=block)
    return question


@action("questions.unplace")
def unplace(person: Person, question: MeetingQuestion) -> MeetingQuestion:
    """Take a question off its block."""
    reread(question)
    question.block_id = None
    return question
