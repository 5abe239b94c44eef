"""Endpoints of what everybody hears of: a poll is opened, its day is chosen, and it is withdrawn."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import func, select

from cop import access
from cop.access import viewer
from cop.base.db import db
from cop.base.errors import Conflict
from cop.base.web import endpoint, flash, respond
from cop.base.words import _, n_
from cop.polls import actions, forms
from cop.polls.models import Poll, everybody, options_of, standings
from cop.polls.routes.blueprint import around, find, routes
from cop.polls.routes.showing import described, refused, show
from cop.society.people import Person


def _reached(poll: Poll) -> int:
    """Return how many people a mail to the audience of a poll reaches."""
    here = access.readers_of(poll.audience_id), Person.state == "active"
    return db.session.scalar(select(func.count()).select_from(Person).where(*here)) or 0


@routes.get("/polls/<int:id>/opening")
@endpoint("polls.opening")
def opening(id: int) -> Response:
    """Show how many people are asked when a poll opens, before it does."""
    poll = find(id)
    access.judge(viewer(), "polls.open", poll)
    if poll.status not in ("draft", "withdrawn"):
        raise Conflict(_("Deze datumprikker is al geopend."))
    return respond(page="polls/opening.html", number=_reached(poll), options=options_of(poll.id), **around(poll))


@routes.put("/polls/<int:id>/opening")
@endpoint("polls.open", gives=forms.PollOut, form=opening)
def open(id: int) -> Response:
    """Open a draft, or a poll that was withdrawn, and ask everybody of its audience by mail."""
    poll = actions.open(viewer(), find(id))
    flash(_("De datumprikker is open. Iedereen krijgt een mail met de vraag wanneer het kan."))
    return respond(lambda: described(poll), to=poll.url)


@routes.get("/polls/<int:id>/choice")
@endpoint("polls.choosing", asks=forms.Choosing)
def choosing(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Ask for confirmation before an option is chosen and the meeting announced; without an option, ask for one."""
    poll = find(id)
    access.judge(viewer(), "polls.choose", poll)
    if poll.status != "open":
        raise Conflict(_("Deze datumprikker is niet open. Er is al gekozen, of hij is ingetrokken."))
    return respond(
        page="polls/choice.html",
        options=standings(poll),
        refused=refused(everybody(poll)),
        number=_reached(poll),
        option=(asked or {}).get("option", 0),
        **around(poll),
    )


@routes.put("/polls/<int:id>/choice")
@endpoint("polls.choose", takes=forms.Choose, gives=forms.PollOut, form=choosing)
def choose(id: int, given: dict[str, Any]) -> Response:
    """Choose an option: plan the meeting and announce it to everybody."""
    poll = find(id)
    actions.choose(viewer(), poll, **given)
    flash(_("De datum is gekozen. Iedereen krijgt een uitnodiging per mail."))
    return respond(lambda: described(poll), to=poll.url)


@routes.get("/polls/<int:id>/withdrawal")
@endpoint("polls.withdrawal")
def withdrawal(id: int) -> Response:
    """Ask for confirmation before a poll is withdrawn."""
    poll = find(id)
    access.judge(viewer(), "polls.withdraw", poll)
    if poll.status != "open":
        raise Conflict(_("Deze datumprikker is niet open. Er is al gekozen, of hij is ingetrokken."))
    number = sum(one.answered is not None for one in everybody(poll))
    return respond(page="polls/withdrawal.html", number=number, **around(poll))


@routes.put("/polls/<int:id>/withdrawal")
@endpoint("polls.withdraw", gives=forms.PollOut, form=withdrawal)
def withdraw(id: int) -> Response:
    """Withdraw a poll, and tell those who answered."""
    poll = actions.withdraw(viewer(), find(id))
    flash(_("De datumprikker is ingetrokken. Wie had geantwoord, krijgt hierover een mail."))
    return respond(lambda: described(poll), to=poll.url)


@routes.post("/polls/<int:id>/reminder")
@endpoint("polls.remind", gives=forms.Reminded, form=show)
def remind(id: int) -> Response:
    """Mail those who have not answered, at most once a day."""
    poll = find(id)
    number = actions.remind(viewer(), poll)
    flash(
        n_("%(n)s persoon krijgt een herinnering per mail.", "%(n)s mensen krijgen een herinnering per mail.", number)
    )
    return respond(forms.Reminded(people=number), to=poll.url)
