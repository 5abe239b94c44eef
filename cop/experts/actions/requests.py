"""Verbs of requests to experts: ask and withdraw; accept, decline and hand on."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.experts import routing
from cop.experts.actions.assigning import assign, end, end_turn, put, release
from cop.experts.models import OPEN, WITH_EXPERT, ExpertRequest, Reason, turn_of
from cop.society.people import Person
from cop.threads.models import Thread


@action("experts.ask")
def ask(person: Person, thread: Thread, *, theme: str = "", expert: int | None = None) -> ExpertRequest:
    """Ask an expert to answer a question: one by name, or whoever knows the theme and has the fewest open requests.

    Raise Conflict for what is no open question or was asked already, Invalid where nobody can be asked.
    """
    routing.lock(thread.audience_id)
    db.session.refresh(thread)
    if thread.thread_kind != "question" or thread.state != "live" or thread.closed or thread.answer_id:
        raise Conflict(_("Een expert vraagt u bij een open vraag. Deze is beantwoord, gesloten of geen vraag."))
    standing = select(ExpertRequest.id).where(ExpertRequest.thread_id == thread.id, ExpertRequest.state.in_(OPEN))
    if db.session.scalar(standing) is not None:
        raise Conflict(
            _("Bij deze vraag is al een expert gevraagd. Trek dat eerst in als u iemand anders wilt vragen.")
        )
    experts = routing.experts_for(thread.audience_id, thread.id)
    request = ExpertRequest(
        audience_id=thread.audience_id, thread_id=thread.id, person_id=person.id, theme=theme, named_id=expert
    )
    _check(request, experts)
    db.session.add(request)
    db.session.flush()
    detail(request=request.id, expert=expert)
    assign(request.audience_id)
    return request


def _check(request: ExpertRequest, experts: list[routing.Expert]) -> None:
    """Raise Invalid where a request names a theme or an expert that is not there, or nobody can get it."""
    if request.named_id is not None:
        if not routing.pool(request, experts, routing.left_out(request)):
            raise Invalid(errors={"expert": _("Kies een expert uit de lijst, niet uzelf.")})
        request.theme = ""
    elif request.theme and request.theme.casefold() not in {one.casefold() for one in routing.themes_of(experts)}:
        raise Invalid(errors={"theme": _("Kies een thema uit de lijst.")})
    if not routing.pool(request, experts, routing.left_out(request)):
        raise Invalid(errors={"theme": _("Er is hier nog geen expert. Vraag de moderator om er een uit te nodigen.")})


@action("experts.withdraw")
def withdraw(person: Person, request: ExpertRequest) -> ExpertRequest:
    """Withdraw a request that is not answered; the place goes to the next. A second time changes nothing."""
    routing.locked(request)
    if request.state == "withdrawn":
        return request
    if request.state not in OPEN:
        raise Conflict(_("Dit is al afgehandeld. U kunt het niet meer intrekken."))
    end(request)
    return request


# The expert


@action("experts.accept")
def accept(person: Person, request: ExpertRequest) -> ExpertRequest:
    """Say that one will answer a question within the term; a second time changes nothing."""
    _require_mine(person, request)
    if request.state == "asked":
        turn = turn_of(request)
        assert turn is not None
        request.state = turn.state = "accepted"
        detail(request=request.id, thread=request.thread_id)
    return request


@action("experts.decline")
def decline(person: Person, request: ExpertRequest, *, reason: Reason, word: str = "") -> ExpertRequest:
    """Decline a question, also one that was accepted: it goes to the next expert. Raise Invalid without a reason."""
    _require_mine(person, request)
    if reason == "other" and not word:
        raise Invalid(errors={"word": _("Schrijf kort waarom u deze vraag niet beantwoordt.")})
    turn = turn_of(request)
    assert turn is not None
    turn.reason, turn.word = reason, word
    detail(request=request.id, thread=request.thread_id)
    release(request, "declined")
    return request


@action("experts.hand_on")
def hand_on(person: Person, request: ExpertRequest, *, expert: int) -> ExpertRequest:
    """Hand a question on to a colleague who is an expert here and has a place. Raise Invalid for anybody else."""
    _require_mine(person, request)
    if expert not in {one.id for one in colleagues(request)}:
        raise Invalid(errors={"expert": _("Kies een collega uit de lijst.")})
    if routing.choose(request.audience_id, [expert]) is None:
        raise Invalid(errors={"expert": _("Deze collega heeft al genoeg open vragen. Kies iemand anders.")})
    detail(request=request.id, thread=request.thread_id, expert=expert)
    end_turn(request, "handed")
    request.expert_id = None
    put(access.SYSTEM, request, expert=expert)
    assign(request.audience_id)
    return request


def colleagues(request: ExpertRequest) -> list[routing.Expert]:
    """Return the experts to whom a request can be handed on: those who did not have it, nor asked it."""
    experts = routing.experts_for(request.audience_id, request.thread_id)
    left_out = routing.left_out(request)
    return [one for one in experts if one.id not in left_out]


def _require_mine(person: Person, request: ExpertRequest) -> None:
    """Lock a request; raise Conflict unless the person has it still."""
    routing.locked(request)
    if request.expert_id != person.id or request.state not in WITH_EXPERT:
        raise Conflict(_("Deze vraag ligt niet meer bij u. U hoeft niets te doen."))
