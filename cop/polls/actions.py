"""Verbs of date polls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.meetings import actions as meetings
from cop.meetings.actions.planning import check_future, check_times
from cop.meetings.groups import chosen_owner
from cop.meetings.models import Meeting, MeetingKind, Owner, owner_of
from cop.polls.forms import Slot
from cop.polls.mailing import write
from cop.polls.models import (
    CHANGEABLE,
    MOST,
    Poll,
    PollOption,
    PollPerson,
    PollVote,
    lock,
    options_of,
    poll_person,
    silent,
    votes_of,
)
from cop.society.people import Person

Times = tuple[datetime, datetime]


@action("polls.make")
def make(
    person: Person,
    owner: Owner,
    *,
    title: str,
    kind: MeetingKind,
    options: Sequence[Slot],
    hours: int = 2,
    purpose: str = "",
    venue: str = "",
    closes: date | None = None,
    communities: Sequence[str] | None = None,
) -> Poll:
    """Make a date poll as a draft, for those of a community, programme or partnership. Raise Invalid for impossible times.

    communities: the slugs of those of the programme for which it is, none for all of it.
    """
    times = _checked(options, hours, set())
    _check_closes(closes)
    poll = Poll(
        audience_id=chosen_owner(person, owner, communities).audience_id,
        title=title,
        meeting_kind=kind,
        purpose=purpose,
        venue=venue,
        hours=hours,
        closes=closes,
        status="draft",
        made=clock.now(),
        version=0,
    )
    db.session.add(poll)
    db.session.flush()
    _add(poll, times)
    detail(poll=poll.id)
    return poll


@action("polls.edit")
def edit(person: Person, poll: Poll, /, *, base_version: int | None = None, **given: Any) -> Poll:
    """Change a poll of which nothing was chosen. An option with the same times keeps its votes; those of one left out are deleted.

    Raise Conflict when it was changed since `base_version` or has a choice, Invalid for impossible values.
    """
    lock(poll)
    if base_version is not None and base_version != poll.version:
        raise Conflict(
            _("Een collega heeft deze datumprikker intussen gewijzigd. Uw tekst staat er nog; kijk wat er nu staat."),
            version=poll.version,
        )
    if poll.status not in CHANGEABLE:
        raise Conflict(_("Er is al een datum gekozen. U kunt deze datumprikker niet meer wijzigen."))
    if given.get("closes") and given["closes"] != poll.closes:
        _check_closes(given["closes"])
    slots = given.pop("options", None)
    if (communities := given.pop("communities", None)) is not None:
        chosen = chosen_owner(person, owner_of(poll), communities)
        if chosen.audience_id != poll.audience_id and poll.status != "draft":
            raise Conflict(_("Deze datumprikker is geopend. Voor wie hij is, kunt u niet meer wijzigen."))
        poll.audience_id = chosen.audience_id
    if "kind" in given:
        given["meeting_kind"] = given.pop("kind")
    for name, value in given.items():
        setattr(poll, name, value)
    poll.version += 1
    if slots is not None:
        _replace(poll, slots)
    return poll


def _replace(poll: Poll, slots: Sequence[Slot]) -> None:
    """Keep the options of a poll whose times are among the slots, take the others out and add new ones."""
    every = db.session.scalars(select(PollOption).where(PollOption.poll_id == poll.id)).all()
    rows = {(option.starts, option.ends): option for option in every}
    known = {at for at, option in rows.items() if not option.removed}
    times = _checked(slots, poll.hours, known)
    gone = [rows[at] for at in known if at not in times]
    new = [at for at in times if at not in known]
    for option in gone:
        option.removed = True
    db.session.execute(delete(PollVote).where(PollVote.option_id.in_([option.id for option in gone])))
    for at in new:
        if at in rows:
            rows[at].removed = False
    _add(poll, [at for at in new if at not in rows])
    if new and poll.asked is not None:
        poll.asked = clock.now()
    detail(added=len(new), removed=len(gone))


@action("polls.open")
def open(person: Person, poll: Poll) -> Poll:
    """Open a draft, or a poll that was withdrawn: everybody of its audience sees it and is asked by mail.

    Raise Conflict when it is open or chosen, or too few of its options are still to come.
    """
    lock(poll)
    if poll.status not in ("draft", "withdrawn"):
        raise Conflict(_("Deze datumprikker is al geopend."))
    _check_openable(poll)
    poll.status, poll.reminded = "open", None
    poll.asked = poll.asked or clock.now()
    poll.version += 1
    db.session.flush()
    here = select(Person).where(access.readers_of(poll.audience_id), Person.state == "active").order_by(Person.id)
    detail(asked=write("opened", poll, db.session.scalars(here).all()))
    return poll


def _check_openable(poll: Poll) -> None:
    """Raise Conflict unless there is something to answer, and time for it."""
    if poll.closes is not None and poll.closes < clock.today():
        raise Conflict(_("De laatste dag om te antwoorden is voorbij. Wijzig die eerst."))
    if sum(not option.over for option in options_of(poll.id)) < 2:
        raise Conflict(_("Er zijn geen twee mogelijkheden meer die nog komen. Wijzig ze eerst."))


@action("polls.require")
def require(person: Person, poll: Poll, *, people: list[int] | None = None) -> Poll:
    """Mark who must be there, and nobody else. Raise Invalid for people outside the audience of the poll."""
    lock(poll)
    if poll.status not in CHANGEABLE:
        raise Conflict(_("Er is al een datum gekozen. U kunt deze datumprikker niet meer wijzigen."))
    wanted = set(people or [])
    here = select(Person.id).where(access.readers_of(poll.audience_id), Person.id.in_(wanted))
    if set(db.session.scalars(here)) != wanted:
        raise Invalid(errors={"people": _("Kies mensen uit de lijst.")})
    rows = {row.person_id: row for row in db.session.scalars(select(PollPerson).where(PollPerson.poll_id == poll.id))}
    for id in wanted - set(rows):
        db.session.add(PollPerson(poll_id=poll.id, person_id=id, required=True, remark=""))
    for id, row in rows.items():
        row.required = id in wanted
    detail(people=sorted(wanted))
    return poll


class Ballot(NamedTuple):
    """The votes and remark of a person as they are now, and which of the options that were sent are gone."""

    votes: dict[int, str]
    remark: str
    gone: list[int]


@action("polls.vote")
def vote(person: Person, poll: Poll, *, votes: dict[int, str] | None = None, remark: str | None = None) -> Ballot:
    """Answer an open poll, or change the answer: per option yes, rather_not, no, or "" to leave it open.

    What is not given stays as it was. Of options that the team removed meanwhile nothing is stored. Raise Conflict when
    the poll cannot be answered any more.
    """
    lock(poll)
    options = {option.id for option in options_of(poll.id) if not option.over}
    if not poll.answerable or not options:
        raise Conflict(_("Antwoorden kan niet meer: deze datumprikker is gesloten."))
    given = votes or {}
    gone = sorted(set(given) - options)
    db.session.execute(
        delete(PollVote).where(PollVote.person_id == person.id, PollVote.option_id.in_(set(given) & options))
    )
    for option, choice in given.items():
        if choice and option in options:
            db.session.add(PollVote(option_id=option, person_id=person.id, vote=choice))
    row = poll_person(poll.id, person.id)
    if row is None:
        row = PollPerson(poll_id=poll.id, person_id=person.id, required=False, remark="")
        db.session.add(row)
    row.answered = clock.now()
    row.remark = row.remark if remark is None else remark
    db.session.flush()
    now = votes_of(poll.id, person.id)
    detail(votes=len(now))
    return Ballot(now, row.remark, gone)


@action("polls.choose")
def choose(person: Person, poll: Poll, *, option: int) -> Meeting:
    """Choose an option: plan the meeting on that day and announce it to everybody, with an invitation by mail.

    Raise Conflict when the poll is not open, Invalid for an option that is gone or over.
    """
    lock(poll)
    if poll.status != "open":
        raise Conflict(_("Deze datumprikker is niet open. Er is al gekozen, of hij is ingetrokken."))
    chosen = {one.id: one for one in options_of(poll.id)}.get(option)
    if chosen is None:
        raise Invalid(errors={"option": _("Deze mogelijkheid is er niet meer. Kies een andere.")})
    if chosen.over:
        raise Invalid(errors={"option": _("Dit moment is voorbij. Kies een tijd die nog komt.")})
    meeting = meetings.plan(
        person,
        owner_of(poll),
        title=poll.title,
        kind=poll.meeting_kind,  # type: ignore[arg-type]  # one of them, as the form took it
        starts=chosen.starts,
        ends=chosen.ends,
        purpose=poll.purpose,
        venue=poll.venue,
    )
    meetings.announce(person, meeting)
    poll.status, poll.meeting_id, chosen.chosen = "chosen", meeting.id, True
    poll.version += 1
    detail(option=chosen.id, meeting=meeting.id)
    return meeting


@action("polls.withdraw")
def withdraw(person: Person, poll: Poll) -> Poll:
    """Withdraw an open poll, and tell those who answered; it can be opened again. Raise Conflict when it is not open."""
    lock(poll)
    if poll.status != "open":
        raise Conflict(_("Deze datumprikker is niet open. Er is al gekozen, of hij is ingetrokken."))
    poll.status = "withdrawn"
    poll.version += 1
    answered = select(PollPerson.person_id).where(PollPerson.poll_id == poll.id, PollPerson.answered.is_not(None))
    here = select(Person).where(access.readers_of(poll.audience_id), Person.id.in_(answered)).order_by(Person.id)
    detail(told=write("withdrawn", poll, db.session.scalars(here).all()))
    return poll


@action("polls.remind")
def remind(person: Person, poll: Poll) -> int:
    """Mail those who have not answered, or not since an option was added; return how many. At most once a day.

    Raise Conflict when the poll cannot be answered, or they were reminded today.
    """
    lock(poll)
    if not poll.answerable or all(option.over for option in options_of(poll.id)):
        raise Conflict(_("Antwoorden kan niet meer: deze datumprikker is gesloten."))
    if poll.reminded is not None and clock.local(poll.reminded).date() == clock.today():
        raise Conflict(_("Er is vandaag al een herinnering verstuurd. Probeer het morgen weer."))
    people = db.session.scalars(silent(poll)).all()
    if not people:
        raise Conflict(_("Iedereen heeft geantwoord."))
    poll.reminded = clock.now()
    told = write("reminder", poll, people)
    detail(reminded=told)
    return told


@action("polls.remove")
def remove(person: Person, poll: Poll) -> Poll:
    """Delete a draft. Raise Conflict for a poll that was opened."""
    lock(poll)
    if poll.status != "draft":
        raise Conflict(_("Deze datumprikker is geopend. U kunt hem intrekken, niet verwijderen."))
    delete_polls([poll.id])
    return poll


def delete_polls(ids: Sequence[int]) -> None:
    """Delete polls with what refers to them, in the running transaction."""
    options = select(PollOption.id).where(PollOption.poll_id.in_(ids))
    db.session.execute(
        delete(PollVote).where(PollVote.option_id.in_(options)).execution_options(synchronize_session=False)
    )
    db.session.execute(delete(PollOption).where(PollOption.poll_id.in_(ids)))
    db.session.execute(delete(PollPerson).where(PollPerson.poll_id.in_(ids)))
    db.session.execute(delete(Poll).where(Poll.id.in_(ids)))


def _add(poll: Poll, times: Sequence[Times]) -> None:
    db.session.add_all(
        PollOption(poll_id=poll.id, starts=starts, ends=ends, chosen=False, removed=False) for starts, ends in times
    )
    db.session.flush()


def _check_closes(closes: date | None) -> None:
    if closes is not None and closes < clock.today():
        raise Invalid(errors={"closes": _("Deze dag is voorbij.")})


def _checked(slots: Sequence[Slot], hours: int, known: set[Times]) -> list[Times]:
    """Return the times of the slots, checked as those of a meeting; a known one may be over.

    Raise Invalid, at the row of the form where there is one.
    """
    found: list[Times] = []
    errors: dict[str, str] = {}
    for slot in slots:
        times = (slot.starts, slot.ends or slot.starts + timedelta(hours=hours))
        try:
            check_times(*times)
            if times not in known:
                check_future(slot.starts)
            if times in found:
                raise Invalid(errors={"starts": _("Deze tijd staat er al.")})
        except Invalid as invalid:
            errors |= {_field(slot.row, name): words for name, words in invalid.errors.items()}
        found.append(times)
    if not errors and not 2 <= len(found) <= MOST:
        errors = {"options": _("Geef ten minste twee en hoogstens %(n)s mogelijkheden.", n=MOST)}
    if errors:
        raise Invalid(errors=errors)
    return found


def _field(row: int, name: str) -> str:
    """Return the field of a form for the start or end of its row."""
    if not row:
        return "options"
    return f"option_{row}_starts_day" if name == "starts" else f"option_{row}_ends_time"
