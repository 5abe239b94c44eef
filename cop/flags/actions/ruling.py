"""Verbs of moderators on cases: decide, open again, and what follows from the verbs of other features."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from sqlalchemy import func, select

from cop.access import SYSTEM
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.chat.actions import MESSAGES
from cop.chat.models import Message
from cop.documents.actions import trash
from cop.documents.models import File
from cop.flags.actions.appealing import tell
from cop.flags.actions.flagging import announce, lock
from cop.flags.models import RULED, FlagCase, rulings_in
from cop.society.people import Person
from cop.things import Thing
from cop.things.events import FlagRaised, FlagRuled
from cop.threads.actions import POSTS, hide_thread
from cop.threads.models import Post, Thread

Decision = Literal["hide", "ask", "warn", "settle", "dismiss"]
STATES = {"settle": "settled", "dismiss": "dismissed", "warn": "settled"}
LONGEST_REASON = 200  # of what is hidden
TERM = timedelta(days=7)  # in which an author who is asked can change the text before the case is back on the desk


@action("rulings.make", event=FlagRuled)
def make_ruling(person: Person, case: FlagCase, *, ruling: Decision, word: str = "", reason: str = "") -> FlagCase:
    """Decide on a case: ask the author to change the text, warn them, hide the thing, or settle or dismiss the case.

    reason: to the person whom it is about, and for what is hidden to everybody; word: to those who flagged it. While an
    author is asked, the case waits. A thread is hidden as a whole when its opening post was flagged; a document goes to the
    trash. Raise Conflict when somebody else was first, Invalid where the reason or the word is missing.
    """
    lock(case.id)
    if case.state != "open":
        by = db.session.get(Person, case.ruled_by_id) if case.ruled_by_id else None
        raise Conflict(
            _("%(name)s heeft deze melding al afgehandeld.", name=by.name or _("Een oud-deelnemer"))
            if by
            else _("Deze melding is al ingetrokken of afgehandeld."),
            code="ruled",
        )
    detail(case=case.id)
    if ruling == "hide":
        case.word = word
        _hide(person, case, reason)  # its event resolves the case: cop/flags/listeners.py
        return case
    if ruling in ("ask", "warn"):
        _tell(person, case, ruling, reason)
        if ruling == "ask":
            case.waits_until = clock.now() + TERM
            return case
    if ruling == "dismiss" and not word and case.flaggers:
        raise Invalid(errors={"word": _("Schrijf aan de melder waarom u niets doet.")})
    _decide(case, STATES[ruling], word, person.id)
    detail(ruling=case.state)
    return case


def _tell(person: Person, case: FlagCase, kind: Literal["ask", "warn"], reason: str) -> None:
    """Tell the person whom a case is about what a moderator asks of them, or warns them of."""
    thing = db.session.get(Thing, case.thing_id) if case.thing_id else None
    if case.about_id is None:
        raise Invalid(errors={"ruling": _("De schrijver doet niet meer mee. Kies een ander besluit.")})
    if kind == "ask" and not (isinstance(thing, Post | Message) and thing.state == "live"):
        raise Invalid(errors={"ruling": _("Alleen een bericht kan de schrijver wijzigen. Kies een ander besluit.")})
    if not reason:
        raise Invalid(errors={"reason": _("Schrijf wat de deelnemer moet weten.")})
    to = db.session.get_one(Person, case.about_id)
    tell(
        SYSTEM,
        to,
        kind=kind,
        audience=case.audience_id,
        by=person.id,
        reason=reason,
        thing=case.thing_id,
        case=case.id,
    )


def _hide(person: Person, case: FlagCase, reason: str) -> None:
    thing = db.session.get(Thing, case.thing_id) if case.thing_id else None
    if thing is None or thing.state != "live":
        raise Invalid(errors={"ruling": _("Dit kunt u niet verbergen. Kies een ander besluit.")})
    if not reason and not isinstance(thing, File):
        raise Invalid(errors={"reason": _("Schrijf waarom u dit verbergt.")})
    if len(reason) > LONGEST_REASON:
        raise Invalid(errors={"reason": _("Hoogstens %(n)s tekens.", n=LONGEST_REASON)})
    if isinstance(thing, File):
        trash(person, thing)
    elif isinstance(thing, Post) and thing.seq == 1:
        hide_thread(person, db.session.get_one(Thread, thing.parent_id), reason=reason)
    elif isinstance(thing, Post):
        POSTS.hide(person, thing, reason=reason)
    elif isinstance(thing, Message):
        MESSAGES.hide(person, thing, reason=reason)


def _decide(case: FlagCase, state: str, word: str, by: int | None) -> None:
    case.state, case.word, case.ruled, case.ruled_by_id = state, word, clock.now(), by
    case.waits_until = None


@action("flags.reopen")
def reopen(person: Person, case: FlagCase) -> FlagCase:
    """Open a case again on which was decided, and withdraw a warning; what was hidden stays so until it is shown again.

    Raise Conflict when the same was flagged anew meanwhile.
    """
    lock(case.id)
    if case.state in RULED:
        same = FlagCase.thing_id == case.thing_id
        if case.thing_id is None:
            same = (FlagCase.member_id == case.member_id) & (FlagCase.audience_id == case.audience_id)
        if db.session.scalar(select(FlagCase.id).where(same, FlagCase.state == "open")) is not None:
            raise Conflict(_("Dit is intussen opnieuw gemeld. Die melding staat al op uw lijst."))
        case.state, case.word, case.ruled, case.ruled_by_id = "open", "", None, None
        for row in rulings_in(case.id):
            if row.ruling.kind == "warn" and row.ruling.withdrawn is None:
                row.ruling.withdrawn = clock.now()
    return case


@action("flags.resolve", event=FlagRuled)
def resolve(person: Person, case: FlagCase, *, ruling: Literal["hidden", "removed"], by: int | None) -> FlagCase:
    """Record that the thing of an open case was hidden or removed, by whatever verb."""
    lock(case.id)
    if case.state == "open":
        _decide(case, ruling, case.word, by)
        detail(case=case.id, ruling=ruling)
    return case


@action("flags.recall", event=FlagRaised)
def recall(person: Person, case: FlagCase) -> FlagCase:
    """Open a case again whose thing was removed and is back, unless the same was flagged anew."""
    lock(case.id)
    same = select(func.count()).where(FlagCase.thing_id == case.thing_id, FlagCase.state == "open")
    if case.state == "removed" and not db.session.scalar(same):
        case.state, case.word, case.ruled, case.ruled_by_id = "open", "", None, None
        announce(case, first=True)
    return case
