"""Endpoints of answering a poll: on its page, and by the link in the mail."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import endpoint, flash, respond
from cop.base.words import _, n_
from cop.meetings import answer_links
from cop.polls import actions, forms
from cop.polls.actions import Ballot
from cop.polls.models import read_answer_token
from cop.polls.routes.blueprint import find, routes
from cop.polls.routes.showing import ballot, show


@routes.put("/polls/<int:id>/answer")
@endpoint("polls.vote", takes=forms.Vote, gives=forms.VoteOut, form=show)
def vote(id: int, given: dict[str, Any]) -> Response:
    """Answer a poll, or change the answer."""
    poll = find(id)
    stored = actions.vote(viewer(), poll, **given)
    flash(_words(stored))
    return respond(stored, to=poll.url)


def _words(stored: Ballot) -> str:
    """Return what was stored, for the person who answered."""
    if not stored.gone:
        return _("Uw antwoord is opgeslagen. U kunt het altijd wijzigen.")
    gone = n_(
        "%(n)s mogelijkheid is intussen vervallen.", "%(n)s mogelijkheden zijn intussen vervallen.", len(stored.gone)
    )
    return _("%(gone)s De rest van uw antwoord is opgeslagen.", gone=gone)


# By the link in the mail: opening it changes nothing, for mail scanners follow links.


@routes.get("/vote/<token>")
@endpoint("polls.mailed_answer", open=True)
def mailed(token: str) -> Response:
    """Show the form to whoever has the link of the mail."""
    found = read_answer_token(token)
    if found is None:
        return answer_links.ended()
    poll, person = found
    return respond(
        page="polls/mailed_answer.html",
        poll=poll,
        person=person,
        token=token,
        may_vote=access.may(person, "polls.vote", poll),
        audience=access.audience(person, poll.audience_id),
        **ballot(poll, person),
    )


@routes.put("/vote/<token>")
@endpoint("polls.vote_by_mail", takes=forms.Vote, gives=forms.VoteOut, form=mailed, open=True)
def vote_by_mail(token: str, given: dict[str, Any]) -> Response:
    """Answer a poll by the link of the mail, without signing in."""
    found = read_answer_token(token)
    if found is None:
        return answer_links.ended()
    poll, person = found
    stored = actions.vote(person, poll, **given)
    flash(_words(stored))
    return respond(stored, to=f"/vote/{token}")
