"""Verbs of questions: asked, changed and withdrawn by who asks, hidden and restored by moderators."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from cop.agenda.actions.locking import lock_agenda
from cop.agenda.models import (
    ASKED,
    MeetingQuestion,
    QuestionKind,
    QuestionVote,
    most_votes,
    open_for_questions,
)
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict
from cop.base.words import _
from cop.meetings.models import Meeting
from cop.society.people import Person


@action("meetings.ask")
def ask(person: Person, meeting: Meeting, *, text: str, kind: QuestionKind = "question") -> MeetingQuestion:
    """Ask a question to a meeting, or offer a case for intervisie; the same words twice are one question.

    Raise Conflict unless the meeting is announced and not over, or when the person asked very many.
    """
    lock_agenda(meeting)
    check_open(meeting)
    mine = list(
        db.session.scalars(
            select(MeetingQuestion).where(
                MeetingQuestion.meeting_id == meeting.id, MeetingQuestion.person_id == person.id
            )
        )
    )
    same = next((one for one in mine if (one.kind, one.text, one.hidden) == (kind, text, None)), None)
    if same is not None:
        return same
    if len(mine) >= ASKED:
        raise Conflict(_("U hebt al %(n)s vragen gesteld. Trek er eerst een in.", n=ASKED))
    question = MeetingQuestion(meeting_id=meeting.id, person_id=person.id, kind=kind, text=text)
    db.session.add(question)
    db.session.flush()
    detail(question=question.id, kind=kind)
    return question


@action("questions.edit")
def edit_question(
    person: Person, question: MeetingQuestion, *, text: str | None = None, kind: QuestionKind | None = None
) -> MeetingQuestion:
    """Change a question of one's own. Raise Conflict when somebody voted for it, or the meeting is over."""
    reread(question)
    check_open(question.meeting)
    if question.votes:
        raise Conflict(_("Er is al op deze vraag gestemd. U kunt haar niet meer wijzigen, wel intrekken."))
    question.text = question.text if text is None else text
    question.kind = question.kind if kind is None else kind
    return question


@action("questions.withdraw")
def withdraw(person: Person, question: MeetingQuestion) -> None:
    """Withdraw a question of one's own: it is deleted, and who voted for it has that vote back."""
    reread(question)
    detail(meeting=question.meeting_id, votes=question.votes)
    db.session.delete(question)


@action("questions.hide")
def hide(person: Person, question: MeetingQuestion, *, reason: str) -> MeetingQuestion:
    """Hide a question from all but moderators and who asked it, who read the reason."""
    reread(question)
    question.hidden, question.reason = clock.now(), reason
    return question


@action("questions.restore")
def restore_question(person: Person, question: MeetingQuestion) -> MeetingQuestion:
    """Show a hidden question again, with its votes, except of those who have used theirs elsewhere since."""
    reread(question)
    question.hidden, question.reason = None, ""
    db.session.flush()
    beyond = (
        select(QuestionVote.person_id)
        .join(MeetingQuestion, MeetingQuestion.id == QuestionVote.question_id)
        .where(MeetingQuestion.meeting_id == question.meeting_id, MeetingQuestion.hidden.is_(None))
        .group_by(QuestionVote.person_id)
        .having(func.count() > most_votes(question.meeting_id))
    )
    db.session.execute(
        delete(QuestionVote)
        .where(QuestionVote.question_id == question.id, QuestionVote.person_id.in_(beyond))
        .execution_options(synchronize_session=False)
    )
    count_votes(question)
    return question


def reread(question: MeetingQuestion) -> None:
    """Lock the agenda of a question's meeting and read the question anew."""
    lock_agenda(question.meeting)
    db.session.refresh(question)


def count_votes(question: MeetingQuestion) -> None:
    """Store how many votes a question has."""
    votes = select(func.count()).select_from(QuestionVote).where(QuestionVote.question_id == question.id)
    question.votes = db.session.scalar(votes) or 0
    db.session.flush()


def check_open(meeting: Meeting) -> None:
    """Raise Conflict unless people can ask and vote."""
    if not open_for_questions(meeting):
        raise Conflict(_("Vragen stellen en stemmen kan niet meer: de bijeenkomst is voorbij of afgezegd."))
