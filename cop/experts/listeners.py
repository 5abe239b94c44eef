"""What follows from other verbs: an answer, a question that is closed, hidden or moved, and experts who come and go."""

from __future__ import annotations

from sqlalchemy import Integer, bindparam, delete, select

from cop.base import jobs
from cop.base.db import db
from cop.base.events import Event, on
from cop.base.fast.prepared import PreparedQuery
from cop.experts import reminding, routing
from cop.experts.actions import assigning
from cop.experts.mailing import write_to_expert
from cop.experts.models import OPEN, REQUEST, ExpertRequest, ExpertTurn
from cop.society.events import MembershipChanged, PersonLeft
from cop.things.events import AnswerChanged, Moved, PostsMoved
from cop.things.removal import before_removal
from cop.threads.models import Post

assert reminding  # imported to register its jobs

_STANDING = PreparedQuery(
    select(REQUEST.c.id).where(REQUEST.c.thread_id == bindparam("thread", type_=Integer), REQUEST.c.state.in_(OPEN))
)


@on("experts.put")
def put(event: Event) -> None:
    """Mail the expert to whom a request is put."""
    write_to_expert("asked", event.result)


@on("threads.reply")
def replied(event: Event) -> None:
    """Settle the request of a thread in which somebody replied, if that is the expert's answer."""
    _settle(event.thing.id)


@on("threads.close", "threads.hide", "threads.retract")
def closed(event: Event) -> None:
    """Withdraw the request about a thread in which nobody can answer any more."""
    _settle(event.thing.id)


@on("threads.answer")
def answered(event: AnswerChanged) -> None:
    """Withdraw the request about a question of which another answer was accepted."""
    _settle(event.thing.id)


@on("breaches.report")
def removed_as_breach(event: Event) -> None:
    """Withdraw the request about a question that was removed as a data breach."""
    thing = event.thing
    _settle(thing.parent_id if isinstance(thing, Post) else thing.id)


def _settle(thread_id: int | None) -> None:
    """Settle the open request of a thread now, or a moment later where another transaction assigns in its audience."""
    for found in _STANDING.rows(thread=thread_id):
        request = db.session.get_one(ExpertRequest, found.id)
        if routing.try_lock(request.audience_id):
            assigning.reconcile(request)
        else:
            jobs.later("experts.reconcile", request.id)


@on(Moved)
def moved(event: Moved) -> None:
    """Give the requests of a thread to its other community; an open one goes to an expert there."""
    thread = event.thing.id
    for request in db.session.scalars(select(ExpertRequest).where(ExpertRequest.thread_id == thread)).all():
        if request.state in OPEN:
            jobs.later("experts.reconcile", request.id)
        else:
            request.audience_id = event.thing.audience_id


@on(PostsMoved)
def merged(event: PostsMoved) -> None:
    """Let the request about a thread that was merged go on about the other, unless an expert was asked there too."""
    if not event.whole:
        return
    standing = _STANDING.rows(thread=event.target)
    for request in db.session.scalars(select(ExpertRequest).where(ExpertRequest.thread_id == event.source)).all():
        if request.state not in OPEN or not standing:
            request.thread_id = event.target
    db.session.flush()
    _settle(event.source)


@on(MembershipChanged)
def role_changed(event: MembershipChanged) -> None:
    """Pass on what waits for somebody who is no expert any more, and put what waits to a new one."""
    _recheck(event.member)


@on("people.leave", "people.come_back")
def left_or_back(event: PersonLeft) -> None:
    """Pass on what waits for an expert who left, or who is back and can take what waits."""
    _recheck(event.member)


@on("people.deactivate", "people.reactivate")
def account_changed(event: Event) -> None:
    """Do the same for an account that is closed or opened again."""
    _recheck(event.thing.id)


def _recheck(person_id: int) -> None:
    db.session.flush()
    for audience in routing.audiences_with(person_id):
        _recheck_audience(audience)


@on("members.invite", "members.invite_several")
def invited(event: Event) -> None:
    """Put what waits in a community to the experts who were invited."""
    _recheck_audience(event.thing.audience_id)


def _recheck_audience(audience: int) -> None:
    if routing.try_lock(audience):
        assigning.recheck(audience)
    else:
        jobs.later("experts.recheck", audience)


@before_removal
def remove_requests(audience_id: int) -> None:
    """Delete the requests of an audience that is removed, with their turns."""
    here = select(REQUEST.c.id).where(REQUEST.c.audience_id == audience_id)
    still = {"synchronize_session": False}
    db.session.execute(delete(ExpertTurn).where(ExpertTurn.request_id.in_(here)), execution_options=still)
    gone = {**still, "changes": ()}
    db.session.execute(delete(ExpertRequest).where(ExpertRequest.audience_id == audience_id), execution_options=gone)
