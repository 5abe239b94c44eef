"""Experts: notify the expert who is asked, whoever asked of each step, and the moderators where nobody answers."""

from __future__ import annotations

from sqlalchemy import select

from cop.base.db import db
from cop.base.events import Event, on
from cop.notices import notifying
from cop.notices.models import NoticeReason
from cop.society.memberships import moderators_of
from cop.things import Thing


def _notify(people: list[int | None], reason: NoticeReason, event: Event, actor: int | None = None) -> None:
    request = event.result
    notifying.notify(
        people,
        reason,
        place=request.thread_id,
        thing=request.thread_id,
        actor=actor,
        audience=db.session.scalars(select(Thing.audience_id).where(Thing.id == request.thread_id)).one(),
    )


@on("experts.put")
def put(event: Event) -> None:
    """Notify the expert; and whoever asked, where the question has waited or was with somebody else."""
    request = event.result
    _notify([request.expert_id], "expert_asked", event, request.person_id)
    if request.put > request.made:
        _notify([request.person_id], "expert_put", event)


@on("experts.accept")
def accepted(event: Event) -> None:
    """Notify whoever asked that an expert will answer."""
    _notify([event.result.person_id], "expert_accepted", event, event.person.id)


@on("experts.give_up")
def given_up(event: Event) -> None:
    """Notify whoever asked and the moderators that no expert is left."""
    moderators = db.session.scalars(moderators_of(event.result.audience_id)).all()
    _notify([event.result.person_id, *moderators], "expert_declined", event)


@on("experts.escalate")
def escalated(event: Event) -> None:
    """Notify the moderators that a term has come to its end."""
    _notify(list(db.session.scalars(moderators_of(event.result.audience_id)).all()), "expert_late", event)


@on("experts.withdraw", "experts.drop")
def withdrawn(event: Event) -> None:
    """Notify the expert who need not answer any more."""
    request = event.result
    if request.expert_id is not None and request.expert_id != event.person.id:
        _notify([request.expert_id], "expert_gone", event)
