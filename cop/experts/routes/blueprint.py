"""The blueprint of experts, and what its endpoints share."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import Routes, respond
from cop.experts import actions
from cop.experts.models import ExpertRequest, find_request, request_row, turns_of
from cop.society.people import Person

routes = Routes("experts", __name__)


def find(id: int) -> ExpertRequest:
    """Return a request about a thread that the viewer sees; raise NotFound for any other."""
    return find_request(viewer(), id)


def shown(request: ExpertRequest, status: int = 200) -> Response:
    """Respond with a request that was changed: a browser goes to its page."""
    return respond(lambda: request_row(request.id), to=request.url, status=status)


def about(person: Person, request: ExpertRequest) -> dict[str, Any]:
    """Return what the page of a request shows, and what the person can do there."""
    row = request_row(request.id)
    may = {
        verb: access.may(person, f"experts.{verb}", request) for verb in ("withdraw", "accept", "decline", "hand_on")
    }
    decides = row.with_expert and may["accept"]
    return {
        "row": row,
        "turns": turns_of(request.id) if may["withdraw"] or request.expert_id == person.id else [],
        "withdraws": row.open and may["withdraw"],
        "decides": decides,
        "colleagues": actions.colleagues(request) if decides else [],
        "audience": access.audience(person, row.audience_id),
    }
