"""Verbs that the platform runs on requests: putting them to experts, and what follows from threads and roles that change.

They run in the transaction of the verb that frees or needs a place, with the audience locked.
"""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.experts import routing
from cop.experts.models import OPEN, WITH_EXPERT, ExpertRequest, ExpertTurn, turn_of
from cop.society.people import Person
from cop.threads.models import Post, Thread


def assign(audience_id: int) -> None:
    """Put the requests in the queue of a locked audience to experts who have a place, and say how long the others wait."""
    db.session.flush()
    waiting, pools = [], {}
    for request in routing.queue(audience_id):
        experts = routing.experts_for(audience_id, request.thread_id)
        people = routing.pool(request, experts, routing.left_out(request))
        chosen = routing.choose(audience_id, people)
        if chosen is not None:
            put(access.SYSTEM, request, expert=chosen)
        elif people:
            waiting.append(request)
            pools[request.id] = people
        else:
            give_up(access.SYSTEM, request)
    routing.count_ahead(waiting, pools)
    db.session.flush()


@action("experts.put")
def put(person: Person, request: ExpertRequest, *, expert: int) -> ExpertRequest:
    """Put a request to an expert; their term begins."""
    now = clock.now()
    # `put` of a request that did not wait is the moment at which it was made: whoever asked knows already.
    first = request.put is None and request.due is None
    request.put = request.made if first else now
    request.state, request.expert_id, request.ahead = "asked", expert, 0
    request.due, request.reminded, request.escalated = routing.due_from(clock.today()), None, None
    db.session.add(ExpertTurn(request_id=request.id, person_id=expert, at=now))
    db.session.flush()
    detail(request=request.id, thread=request.thread_id, expert=expert)
    return request


@action("experts.give_up")
def give_up(person: Person, request: ExpertRequest) -> ExpertRequest:
    """Record that no expert is left who can answer a request."""
    request.state, request.settled, request.ahead, request.due = "declined", clock.now(), 0, None
    request.expert_id = None
    detail(request=request.id, thread=request.thread_id)
    return request


@action("experts.pass_on")
def pass_on(person: Person, request: ExpertRequest) -> ExpertRequest:
    """Take a request from an expert who takes no part any more, and put it to the next."""
    detail(request=request.id, thread=request.thread_id, expert=request.expert_id)
    release(request, "passed")
    return request


@action("experts.settle")
def settle(person: Person, request: ExpertRequest, *, post: Post) -> ExpertRequest:
    """Record that an expert answered a request in its thread; their place goes to the next."""
    now = clock.now()
    if request.state == "queued":  # nobody had it yet
        db.session.add(ExpertTurn(request_id=request.id, person_id=post.author_id, state="answered", settled=now))
    end_turn(request, "answered")
    request.state, request.expert_id, request.ahead = "answered", post.author_id, 0
    request.post_id, request.settled = post.id, now
    detail(request=request.id, thread=request.thread_id, expert=request.expert_id)
    assign(request.audience_id)
    return request


@action("experts.drop")
def drop(person: Person, request: ExpertRequest) -> ExpertRequest:
    """Withdraw a request about a question that is closed, answered by somebody else, or not shown any more."""
    end(request)
    return request


@action("experts.remind")
def remind(person: Person, request: ExpertRequest) -> ExpertRequest:
    """Record that an expert is reminded of a request."""
    request.reminded = clock.now()
    detail(request=request.id, thread=request.thread_id, expert=request.expert_id)
    return request


@action("experts.escalate")
def escalate(person: Person, request: ExpertRequest) -> ExpertRequest:
    """Lay a request before the moderators of which the term has come to its end."""
    request.escalated = clock.now()
    detail(request=request.id, thread=request.thread_id, expert=request.expert_id)
    return request


def release(request: ExpertRequest, how: str) -> None:
    """Take a request from the expert who has it: it goes to the next, or back to its place in the queue."""
    end_turn(request, how)
    request.state, request.expert_id, request.due = "queued", None, None
    assign(request.audience_id)


def end(request: ExpertRequest) -> None:
    """Withdraw a request of a locked audience; the place goes to the next."""
    detail(request=request.id, thread=request.thread_id, expert=request.expert_id)
    end_turn(request, "ended")
    request.state, request.settled, request.ahead, request.due = "withdrawn", clock.now(), 0, None
    assign(request.audience_id)


def end_turn(request: ExpertRequest, how: str) -> None:
    """End the turn of the expert who has a request, if somebody has it."""
    turn = turn_of(request)
    if turn is not None:
        turn.state, turn.settled = how, clock.now()
        db.session.flush()


# What follows from a thread or a role that changed


def reconcile(request: ExpertRequest) -> None:
    """Settle a request of a locked audience by what became of its thread and its expert; nothing where that is the same."""
    db.session.refresh(request)
    thread = db.session.get_one(Thread, request.thread_id)
    if request.state not in OPEN:
        return
    post = _answer(request, thread)
    if post is not None:
        settle(access.SYSTEM, request, post=post)
    elif thread.state != "live" or thread.closed or thread.answer_id:
        drop(access.SYSTEM, request)
    elif request.audience_id != thread.audience_id:
        routing.lock(thread.audience_id)
        before, request.audience_id = request.audience_id, thread.audience_id
        db.session.flush()
        _check_expert(request)
        assign(request.audience_id)
        assign(before)
    else:
        _check_expert(request)


def _check_expert(request: ExpertRequest) -> None:
    if request.state in WITH_EXPERT and not routing.takes_part(request):
        pass_on(access.SYSTEM, request)


def _answer(request: ExpertRequest, thread: Thread) -> Post | None:
    """Return the first post of the expert since a request was put to them; of one in the queue, of who could get it."""
    turn = turn_of(request)
    if turn is not None:
        people, since = [turn.person_id], turn.at
    else:
        experts = routing.experts_for(request.audience_id, request.thread_id)
        people, since = routing.pool(request, experts, routing.left_out(request)), request.made
    posts = select(Post).where(
        Post.parent_id == thread.id,
        Post.author_id.in_(people),
        Post.state == "live",
        Post.seq > 1,
        Post.made >= since,
    )
    found: Post | None = db.session.scalar(posts.order_by(Post.seq).limit(1)) if thread.state == "live" else None
    return found


def recheck(audience_id: int) -> None:
    """Settle the open requests of a locked audience by who is an expert there now."""
    standing = select(ExpertRequest).where(
        ExpertRequest.audience_id == audience_id, ExpertRequest.state.in_(WITH_EXPERT)
    )
    for request in db.session.scalars(standing.order_by(ExpertRequest.id)).all():
        reconcile(request)
    assign(audience_id)
