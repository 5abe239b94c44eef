"""Verbs of rulings: what a moderator tells one person is withdrawn, appealed against, and decided on by another."""

from __future__ import annotations

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db, lock_row
from cop.base.errors import Conflict, Forbidden
from cop.base.words import _
from cop.chat.actions import MESSAGES
from cop.chat.models import Message
from cop.documents.actions import untrash
from cop.documents.models import File
from cop.flags.actions.flagging import announce, lock
from cop.flags.models import FlagCase, Ruling, RulingKind, others_who_decide
from cop.society.people import Person
from cop.things import Thing
from cop.things.events import FlagRaised, RulingTold
from cop.threads.actions import POSTS, unhide_thread
from cop.threads.models import Post, Thread


@action("rulings.tell", event=RulingTold)
def tell(
    person: Person,
    to: Person,
    *,
    kind: RulingKind,
    audience: int,
    by: int | None,
    reason: str,
    thing: int | None = None,
    case: int | None = None,
) -> Ruling:
    """Record what a moderator told a person, who hears of it by notice and mail."""
    ruling = Ruling(
        audience_id=audience, thing_id=thing, case_id=case, person_id=to.id, by_id=by, kind=kind, reason=reason
    )
    db.session.add(ruling)
    db.session.flush()
    detail(ruling=ruling.id)
    return ruling


@action("rulings.withdraw")
def withdraw_ruling(person: Person, ruling: Ruling) -> Ruling:
    """Withdraw a request or a warning, for a moderator; what was hidden is shown again by the verb of its kind.

    The case of a request is on the desk again.
    """
    lock_row(ruling)
    if ruling.kind == "hide":
        raise Conflict(_("Dit is verborgen. Toon het weer, dan vervalt dit besluit."))
    if ruling.withdrawn is None:
        ruling.withdrawn = clock.now()
        _put_back(ruling)
    return ruling


@action("rulings.lapse")
def lapse(person: Person, ruling: Ruling) -> Ruling:
    """Record that what was hidden is shown again."""
    ruling.withdrawn = clock.now()
    return ruling


@action("rulings.answer", event=FlagRaised)
def answer(person: Person, ruling: Ruling) -> Ruling:
    """Record that the author changed the text as they were asked; its case waits for the moderators again."""
    ruling.changed = clock.now()
    if case := _put_back(ruling):
        announce(case, first=True)
    return ruling


def _put_back(ruling: Ruling) -> FlagCase | None:
    """Put the open case of a request on the desk again."""
    if ruling.kind != "ask" or ruling.case_id is None:
        return None
    case = lock(ruling.case_id)
    case.waits_until = None
    return case if case.state == "open" else None


@action("rulings.appeal")
def appeal(person: Person, ruling: Ruling, *, appeal: str) -> Ruling:
    """Appeal against a ruling about oneself, or write the appeal anew; another moderator decides.

    Raise Conflict for a ruling that was withdrawn or decided on.
    """
    _require_standing(ruling)
    ruling.appeal, ruling.appealed = appeal, ruling.appealed or clock.now()
    return ruling


@action("rulings.withdraw_appeal")
def withdraw_appeal(person: Person, ruling: Ruling) -> Ruling:
    """Withdraw an appeal until somebody has decided on it; a second time changes nothing."""
    _require_standing(ruling)
    ruling.appeal, ruling.appealed = "", None
    return ruling


@action("rulings.decide", event=RulingTold)
def decide(person: Person, ruling: Ruling, *, upheld: bool, word: str) -> Ruling:
    """Decide on an appeal: the ruling stands, or is reversed, and what was hidden is shown again; the person hears it.

    Raise Forbidden for the moderator who made the ruling where there is another, Conflict where nothing waits.
    """
    _require_standing(ruling)
    if ruling.appealed is None:
        raise Conflict(_("Dit bezwaar is ingetrokken."))
    if person.id is not None and person.id not in others_who_decide(ruling):
        raise Forbidden(_("U nam dit besluit zelf. Een andere moderator bekijkt het bezwaar."))
    ruling.decided, ruling.decided_by_id, ruling.upheld, ruling.word = clock.now(), person.id, upheld, word
    if not upheld:
        _reverse(person, ruling)
    detail(ruling=ruling.id)
    return ruling


@action("rulings.reconsider")
def reconsider(person: Person, ruling: Ruling) -> Ruling:
    """Take a decision on an appeal back: it waits again. Raise Conflict for one that was reversed."""
    lock_row(ruling)
    if ruling.upheld is False:
        raise Conflict(_("Dit besluit is teruggedraaid. U kunt het bericht opnieuw verbergen."))
    ruling.decided, ruling.decided_by_id, ruling.upheld, ruling.word = None, None, None, ""
    return ruling


def _reverse(person: Person, ruling: Ruling) -> None:
    """Undo a ruling: show what was hidden, and put the case of a request on the desk again."""
    ruling.withdrawn = clock.now()
    _put_back(ruling)
    thing = db.session.get(Thing, ruling.thing_id) if ruling.kind == "hide" and ruling.thing_id else None
    if isinstance(thing, Thread) and thing.state == "hidden":
        unhide_thread(person, thing)
    elif isinstance(thing, Post) and thing.state == "hidden":
        POSTS.unhide(person, thing)
    elif isinstance(thing, Message) and thing.state == "hidden":
        MESSAGES.unhide(person, thing)
    elif isinstance(thing, File) and thing.state == "trashed":
        untrash(person, thing)


def _require_standing(ruling: Ruling) -> None:
    lock_row(ruling)
    if ruling.withdrawn is not None:
        raise Conflict(_("Dit besluit is al ingetrokken."))
    if ruling.decided is not None:
        raise Conflict(_("Op dit bezwaar is al besloten."))
