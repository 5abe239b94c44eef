"""Verbs of outcomes: mark, edit, remove and restore; and of actions: finish, postpone, drop and reopen."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base import text as texts
from cop.base.action import action, detail
from cop.base.db import db, lock_row
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.chat.models import Message
from cop.meetings.models import Meeting
from cop.outcomes.mailing import write_to_owner
from cop.outcomes.models import LINK, MARKED, Outcome, OutcomeKind
from cop.outcomes.reminding import spare_reminder
from cop.society.people import Person
from cop.things import Thing, ThingLink, sign
from cop.things.events import ActionAssigned
from cop.threads.models import Post

TITLE = 120  # characters of the text that become the title
Subject = Message | Post | Meeting


@action("outcomes.mark", event=ActionAssigned)
def mark(
    person: Person,
    subject: Subject,
    *,
    kind: OutcomeKind,
    text: str,
    owner: int | None = None,
    due: date | None = None,
    meeting: int | None = None,
) -> Outcome:
    """Mark an outcome of a meeting, or from a message or post, which then may belong to a meeting of the same audience.

    Raise Conflict for a meeting that was not announced or was cancelled and for a source that cannot be read; Invalid for an
    action without an owner of the audience or a date to come.
    """
    belongs = subject if isinstance(subject, Meeting) else _meeting(subject, meeting)
    if isinstance(subject, Meeting) and subject.status not in MARKED:
        raise Conflict(_("Bij een concept of een afgezegde bijeenkomst kunt u geen opbrengst vastleggen."))
    if not isinstance(subject, Meeting):
        _require_readable(subject)
    outcome = Outcome(
        audience_id=subject.audience_id,
        outcome_kind=kind,
        text=text,
        title=_title(text),
        meeting_id=belongs.id if belongs else None,
    )
    if kind == "action":
        _assign(outcome, owner, due)
        outcome.status = "open"
    sign(outcome, person, access.rights(person).role(subject.audience_id) or "team")
    db.session.add(outcome)
    db.session.flush()
    if not isinstance(subject, Meeting):
        db.session.add(ThingLink(from_id=outcome.id, to_id=subject.id, kind=LINK))
    detail(outcome=outcome.id, kind=kind)
    _tell(person, outcome)
    return outcome


@action("outcomes.edit", event=ActionAssigned)
def edit(
    person: Person,
    outcome: Outcome,
    *,
    text: str | None = None,
    owner: int | None = None,
    due: date | None = None,
    base_version: int | None = None,
) -> Outcome:
    """Change the text of an outcome, and of an action its owner and date.

    Raise Conflict when it was changed since `base_version`, Invalid for an owner outside the audience or a date that is over.
    """
    _lock(outcome)
    if base_version is not None and base_version != outcome.version:
        raise Conflict(
            _("Iemand heeft dit intussen gewijzigd. Uw tekst staat er nog; kijk wat er nu staat."),
            version=outcome.version,
        )
    before = outcome.owner_id
    if text is not None:
        outcome.text, outcome.title = text, _title(text)
    if outcome.outcome_kind == "action":
        _assign(outcome, owner or outcome.owner_id, due or outcome.due)
    if outcome.owner_id != before:
        _tell(person, outcome)
    return outcome


@action("outcomes.remove")
def remove(person: Person, outcome: Outcome) -> Outcome:
    """Remove an outcome; nobody sees it any more until it is restored."""
    if outcome.state == "live":
        outcome.state = "retracted"
    return outcome


@action("outcomes.restore")
def restore(person: Person, outcome: Outcome) -> Outcome:
    """Put back an outcome that was removed."""
    if outcome.state == "retracted":
        outcome.state = "live"
    return outcome


@action("tasks.finish")
def finish(person: Person, outcome: Outcome, *, remark: str = "") -> Outcome:
    """Record that an action is done; a second time changes nothing."""
    if _lock(outcome).status != "done":
        _settle(outcome, "done", remark)
    return outcome


@action("tasks.drop")
def drop(person: Person, outcome: Outcome, *, reason: str) -> Outcome:
    """Record that an action will not be done, and why."""
    if _lock(outcome).status != "dropped":
        _settle(outcome, "dropped", reason)
    return outcome


@action("tasks.postpone")
def postpone(person: Person, outcome: Outcome, *, due: date, reason: str) -> Outcome:
    """Give an open action a later date, and say why. Raise Invalid for a date that is over, or the one that it has."""
    _require_open(_lock(outcome))
    if due == outcome.due:
        raise Invalid(errors={"due": _("Dit is de datum die er al stond. Kies een andere.")})
    _require_future(due)
    outcome.due, outcome.remark = due, reason
    spare_reminder(outcome)
    return outcome


@action("tasks.reopen")
def reopen(person: Person, outcome: Outcome) -> Outcome:
    """Open an action again that was done or dropped."""
    if _lock(outcome).status in ("done", "dropped"):
        outcome.status, outcome.settled, outcome.remark = "open", None, ""
    return outcome


@action("tasks.hand_over", event=ActionAssigned)
def hand_over(person: Person, outcome: Outcome, *, owner: int, by: Person) -> Outcome:
    """Give an open action to the successor of its owner, who left the audience, and tell them; its date stays."""
    _require_open(_lock(outcome))
    outcome.owner_id = owner
    _tell(by, outcome)
    return outcome


def _settle(outcome: Outcome, status: str, remark: str) -> None:
    _require_open(outcome)
    outcome.status, outcome.settled, outcome.remark = status, clock.now(), remark


def _require_open(outcome: Outcome) -> None:
    if outcome.status != "open":
        raise Conflict(_("Deze actie is niet meer open. Open haar eerst weer."))


def _require_future(due: date) -> None:
    if due < clock.today():
        raise Invalid(errors={"due": _("Deze datum is voorbij. Kies een datum die nog komt.")})


def _require_readable(source: Message | Post) -> None:
    place = db.session.get(Thing, source.parent_id)
    if source.state != "live" or place is None or place.state != "live":
        raise Conflict(_("Dit bericht is ingetrokken of verborgen. Zet het eerst terug."))


def _meeting(source: Message | Post, id: int | None) -> Meeting | None:
    """Return the meeting to which an outcome of a source belongs."""
    found = db.session.get(Meeting, id) if id else None
    fits = found and found.audience_id == source.audience_id and found.state == "live" and found.status in MARKED
    if id and not fits:
        raise Invalid(errors={"meeting": _("Kies een bijeenkomst uit de lijst.")})
    return found


def _assign(outcome: Outcome, owner: int | None, due: date | None) -> None:
    """Give an action its owner and date; what does not change is not checked anew."""
    errors = {}
    if owner is None or (owner != outcome.owner_id and not _takes_part(owner, outcome.audience_id)):
        errors["owner"] = _("Kies wie dit doet.")
    if due is None:
        errors["due"] = _("Vul in wanneer dit klaar is.")
    if errors or owner is None or due is None:
        raise Invalid(errors=errors)
    if due != outcome.due:
        _require_future(due)
    outcome.owner_id, outcome.due = owner, due
    spare_reminder(outcome)


def _takes_part(person: int, audience_id: int) -> bool:
    here = select(Person.id).where(Person.id == person, Person.state == "active", access.readers_of(audience_id))
    return db.session.scalar(here) is not None


def _tell(person: Person, outcome: Outcome) -> None:
    """Tell somebody else that they got an action: by mail, and by the notice that follows the event."""
    if outcome.owner_id is not None and outcome.owner_id != person.id:
        detail(assigned=outcome.owner_id)
        write_to_owner("assigned", outcome, by=person)


def _title(words: str) -> str:
    return texts.excerpt(words, TITLE)


def _lock(outcome: Outcome) -> Outcome:
    """Lock an outcome and read it again, so that of two people who act at once the second sees what the first did."""
    lock_row(outcome)
    return outcome
