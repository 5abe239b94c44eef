"""Verbs of those who flag something or explain it: raise, edit, withdraw and explain."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cop.base import attempts, clock
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db, lock_row
from cop.base.errors import Conflict
from cop.base.words import _
from cop.chat.models import Message
from cop.documents.models import File
from cop.flags.models import Flag, FlagCase, Reason
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.things import Thing
from cop.things.events import FlagRaised
from cop.threads.models import Post

MOST, PER = 20, timedelta(hours=1)  # flags of a person
Subject = Post | Message | File | Membership


@action("flags.raise", event=FlagRaised)
def raise_flag(person: Person, subject: Subject, *, reason: Reason, text: str = "") -> Flag:
    """Flag a thing, or a member of a community, for its moderators.

    Raise Conflict for what the person flagged already, and for a thing that is not shown; TooMany beyond `MOST` in an hour.
    """
    if isinstance(subject, Thing) and subject.state != "live":
        raise Conflict(_("Dit is al ingetrokken of verborgen."), code="gone")
    case = _open_case(subject)
    standing = select(Flag).where(Flag.case_id == case.id, Flag.person_id == person.id, Flag.withdrawn.is_(None))
    if db.session.scalar(standing) is not None:
        raise Conflict(_("U hebt dit al gemeld. U kunt uw uitleg nog wijzigen."), code="flagged")
    attempts.count(f"flags:{person.id}", per=PER, most=MOST)
    first = not case.has_reason
    flag = Flag(case_id=case.id, person_id=person.id, reason=reason, text=text)
    db.session.add(flag)
    db.session.flush()
    detail(case=case.id, flag=flag.id, reason=reason)
    announce(case, first)
    return flag


def announce(case: FlagCase, first: bool) -> None:
    """Say in the event of the running verb whether a case waits now, and where, for its moderators."""
    detail(audience=case.audience_id if first else 0, flagged=case.thing_id, about=case.about_id)


def _open_case(subject: Subject) -> FlagCase:
    """Return the open case of what is flagged, or begin one."""
    thing = subject if isinstance(subject, Thing) else None
    audience = thing.audience_id if thing else subject.community.audience_id  # type: ignore[union-attr]
    member = None if thing else subject.person_id  # type: ignore[union-attr]
    advisory_lock(f"flag:{thing.id if thing else ''}:{audience}:{member or ''}")
    query = select(FlagCase).where(FlagCase.state == "open")
    if thing is not None:
        query = query.where(FlagCase.thing_id == thing.id)
    else:
        query = query.where(FlagCase.member_id == member, FlagCase.audience_id == audience)
    # Locked, so that no moderator decides at the same moment on a case that gets another flag.
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        about = thing.author_id if thing else member
        found = FlagCase(audience_id=audience, thing_id=thing.id if thing else None, member_id=member, about_id=about)
        db.session.add(found)
        db.session.flush()
    return found


@action("flags.edit")
def edit(person: Person, flag: Flag, *, reason: Reason | None = None, text: str | None = None) -> Flag:
    """Change why something was flagged, until a moderator has decided; what is left out stays."""
    _require_open(lock(flag.case_id), flag)
    if reason is not None:
        flag.reason = reason
    if text is not None:
        flag.text = text
    detail(reason=flag.reason)
    return flag


@action("flags.withdraw")
def withdraw(person: Person, flag: Flag) -> Flag:
    """Withdraw a flag until a moderator has decided; a case without flags leaves the desk. A second time changes nothing."""
    case = lock(flag.case_id)
    if flag.withdrawn is not None:
        return flag
    _require_open(case, flag)
    flag.withdrawn = clock.now()
    db.session.flush()
    if not case.has_reason:
        case.state = "withdrawn"
    detail(case=case.id, left=len(case.flaggers))
    return flag


def _require_open(case: FlagCase, flag: Flag) -> None:
    if flag.withdrawn is not None:
        raise Conflict(_("U hebt deze melding ingetrokken. Meld het opnieuw als dat nodig is."))
    if case.state != "open":
        raise Conflict(_("Een moderator heeft uw melding al bekeken. U kunt haar niet meer wijzigen."))


@action("flags.explain", event=FlagRaised)
def explain(person: Person, post: Post, *, text: str) -> FlagCase:
    """Lay a post before its moderators with its author's explanation of what may point at one person in it."""
    case = _open_case(post)
    first = not case.has_reason
    case.explanation = text
    detail(case=case.id)
    announce(case, first)
    return case


def lock(id: int) -> FlagCase:
    """Lock a case and read it again, so that of two people who act at once the second sees what the first did."""
    case = db.session.get_one(FlagCase, id)
    lock_row(case)
    return case
