"""Verbs of a call: made, built, published, opened and closed by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from cop.base import clock, text
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict, Invalid
from cop.base.questionnaires import (
    Answer,
    Answering,
    Definition,
    Questionnaire,
    QuestionnaireVersion,
    newest_version,
    refused_changes,
)
from cop.base.words import _
from cop.intake.building import changed, starting_form
from cop.intake.mailing import write_all
from cop.intake.models import Application, Call, CallWindow, Review
from cop.society.people import Person
from cop.society.programmes import Programme

LONGEST_WINDOW = timedelta(days=730)


@action("calls.add")
def add(person: Person, programme: Programme, *, title: str) -> Call:
    """Add a call to a programme, as a draft with a form to start from."""
    questionnaire = Questionnaire(purpose="call")
    db.session.add(questionnaire)
    db.session.flush()
    form = starting_form(programme.composition).model_dump(mode="json")
    db.session.add(QuestionnaireVersion(questionnaire_id=questionnaire.id, number=1, definition=form))
    call = Call(
        programme_id=programme.id,
        questionnaire_id=questionnaire.id,
        slug=_free_slug(title),
        title=title,
        contact=person.mail if person.id else "",
    )
    call.programme, call.windows = programme, []
    db.session.add(call)
    db.session.flush()
    detail(call=call.id, programme=programme.id)
    return call


def _free_slug(title: str) -> str:
    wanted = text.slug(title)[:50] or "oproep"
    advisory_lock(f"call:{wanted}")
    taken = {"new", *db.session.scalars(select(Call.slug).where(Call.slug.startswith(wanted)))}
    return next(one for one in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)


@action("calls.edit")
def edit(
    person: Person,
    call: Call,
    *,
    title: str | None = None,
    intro: str | None = None,
    contact: str | None = None,
    cap: int | None = -1,
    blindness: str | None = None,
    offer_days: int | None = None,
    keep_weeks: int | None = None,
    opens: datetime | None = None,
    closes: datetime | None = None,
) -> Call:
    """Change the text and the settings of a call, and when it opens and closes.

    Raise Invalid for a cap below the places that are taken, and for times that do not fit.
    """
    if intro is not None:
        call.intro, call.intro_html = intro, _rendered(intro)
    fields = {
        "title": title,
        "contact": contact,
        "blindness": blindness,
        "offer_days": offer_days,
        "keep_weeks": keep_weeks,
    }
    for name, value in fields.items():
        if value is not None:
            setattr(call, name, value)
    if cap != -1:
        _set_cap(call, cap)
    if opens is not None or closes is not None:
        _set_window(person, call, opens, closes)
    return call


def _rendered(intro: str) -> str:
    try:
        return text.to_html(intro, "markdown")
    except text.TooDeep:
        raise Invalid(errors={"intro": _("De opmaak is te diep genest. Maak de tekst eenvoudiger.")}) from None


def _set_cap(call: Call, cap: int | None) -> None:
    """Set the number of places by one conditional statement: nobody is admitted meanwhile."""
    db.session.flush()
    fits = Call.admitted <= cap if cap is not None else Call.id == call.id
    found = update(Call).where(Call.id == call.id, fits).values(cap=cap).returning(Call.id)
    if db.session.execute(found.execution_options(synchronize_session=False)).scalar() is None:
        raise Invalid(errors={"cap": _("Er zijn al meer aanvragen toegelaten. Kies een hoger aantal.")})
    db.session.refresh(call, ["cap", "admitted"])


def _set_window(person: Person, call: Call, opens: datetime | None, closes: datetime | None) -> None:
    """Set when the call opens and closes, until it opened; from then on verbs of their own reopen it or move its end."""
    now, window = clock.now(), call.windows[0] if call.windows else None
    if len(call.windows) > 1 or (window is not None and call.published is not None and window.opens <= now):
        _refuse_other_times(call, opens, closes)
        return
    opens = opens or (window.opens if window else now)
    closes = closes or (window.closes if window else None)
    if closes is None:
        raise Invalid(errors={"closes": _("Kies ook wanneer de oproep sluit.")})
    _check_window(opens, closes)
    if window is None:
        call.windows.append(CallWindow(call_id=call.id, opens=opens, closes=closes, by_id=person.id))
    else:
        window.opens, window.closes = opens, closes


def _refuse_other_times(call: Call, opens: datetime | None, closes: datetime | None) -> None:
    if not _unchanged(opens, call.opens):
        raise Invalid(errors={"opens": _("De oproep is al open. Het begin kan niet meer veranderen.")})
    if not _unchanged(closes, call.closes):
        if call.closes is not None and call.closes <= clock.now():
            raise Invalid(errors={"closes": _("De oproep is gesloten. U kunt hem heropenen.")})
        raise Invalid(errors={"closes": _("De oproep is al open. Verzet de sluiting apart, met een reden.")})


def _unchanged(given: datetime | None, now: datetime | None) -> bool:
    """Return whether a moment is not given, or the same to the precision in which the API gives it."""
    return given is None or (now is not None and clock.rfc3339(given) == clock.rfc3339(now))


def _check_window(opens: datetime, closes: datetime) -> None:
    if closes <= opens:
        raise Invalid(errors={"closes": _("De sluiting ligt na de opening.")})
    if closes - opens > LONGEST_WINDOW:
        raise Invalid(errors={"closes": _("Een oproep staat hoogstens twee jaar open.")})


@action("calls.build")
def build(
    person: Person,
    call: Call,
    *,
    step: Mapping[str, Any] | None = None,
    definition: Definition | None = None,
    same_meaning: bool = False,
) -> Call:
    """Change the form by one step, or replace it as a whole.

    Raise Invalid for what cannot follow from the form of before: its table of allowed changes is in questionnaires. Once
    somebody began, a change makes a new version.
    """
    db.session.execute(select(Call.id).where(Call.id == call.id).with_for_update())
    version = newest_version(call.questionnaire_id)
    before = version.parsed
    after = definition if definition is not None else changed(version.parsed, step or {})
    after.last = max(after.last, before.last)
    answers = given_answers(call)
    wrong = refused_changes(before, after, answers.values(), scored=_scored(call))
    if wrong:
        key, words = next(iter(wrong.items()))
        raise Invalid(errors={f"block-{key}": words})
    relabelled = [block.key for block in after.blocks if (old := before.block(block.key)) and old.label != block.label]
    if relabelled and answers and not same_meaning:
        raise Invalid(
            errors={
                "same_meaning": _("Er zijn al antwoorden op deze vraag. Bevestig dat ze hetzelfde blijft betekenen.")
            }
        )
    written = after.model_dump(mode="json")
    if answers:
        db.session.add(
            QuestionnaireVersion(questionnaire_id=call.questionnaire_id, number=version.number + 1, definition=written)
        )
    else:
        version.definition = written
    detail(version=version.number + bool(answers), **({"relabelled": relabelled} if relabelled else {}))
    return call


def given_answers(call: Call) -> dict[int, dict[str, Any]]:
    """Return the answers to a call by answering, for everybody who began; files count as answered."""
    found: dict[int, dict[str, Any]] = {
        id: {}
        for id in db.session.scalars(select(Answering.id).where(Answering.questionnaire_id == call.questionnaire_id))
    }
    rows = select(Answer.answering_id, Answer.block, Answer.value).join(Answering, Answering.id == Answer.answering_id)
    for row in db.session.execute(rows.where(Answering.questionnaire_id == call.questionnaire_id)):
        found[row.answering_id][row.block] = row.value
    return found


def _scored(call: Call) -> bool:
    query = (
        select(Review.id)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call.id, or_(Review.state == "done", Review.state == "draft"))
    )
    return db.session.scalar(query.limit(1)) is not None


@action("calls.publish")
def publish(person: Person, call: Call) -> Call:
    """Publish a call. Raise Conflict while it lacks a text, a form or the time in which it is open."""
    missing = lacking(call)
    if missing:
        raise Conflict(_("Dit kan nog niet. Nog nodig: %(parts)s.", parts=", ".join(missing)))
    call.published = call.published or clock.now()
    return call


def lacking(call: Call) -> list[str]:
    """Return what a call lacks before it can be published, in words."""
    form = newest_version(call.questionnaire_id).parsed
    found = []
    if not call.intro.strip():
        found.append(_("een tekst over de oproep"))
    if not form.blocks:
        found.append(_("een vraag op het formulier"))
    if form.composition.parts and not any(block.kind == "organisations" for block in form.blocks):
        found.append(_("een vraag naar de organisaties, want die horen bij de samenstelling"))
    if not call.windows:
        found.append(_("wanneer de oproep opent en sluit"))
    return found


@action("calls.unpublish")
def unpublish(person: Person, call: Call) -> Call:
    """Take a call back that nobody answered yet. Raise Conflict for another."""
    db.session.execute(select(Call.id).where(Call.id == call.id).with_for_update())
    if db.session.scalar(select(func.count()).where(Application.call_id == call.id)):
        raise Conflict(_("Er zijn al aanvragen begonnen. De oproep blijft staan; u kunt hem wel eerder sluiten."))
    call.published = None
    return call


@action("calls.reopen")
def reopen(person: Person, call: Call, *, closes: datetime, reason: str) -> Call:
    """Open a published call again from now on, with a reason, and mail those who have a draft.

    Raise Conflict when it is open, and Invalid when the time is over.
    """
    _lock_windows(call)
    now, before = clock.now(), call.closes
    if call.published is None or before is None or before > now:
        raise Conflict(_("Deze oproep is niet gesloten."))
    _add_window(person, call, now, closes, reason)
    _mail_drafts(call, before)
    detail(closes=clock.rfc3339(closes))
    return call


@action("calls.move_deadline")
def move_deadline(person: Person, call: Call, *, closes: datetime, reason: str) -> Call:
    """Let an open call close earlier or later than was announced, with a reason, and mail those who have a draft.

    The time in which it was open until now ends, and another begins: what was announced before stays on record. Raise
    Conflict when it is not open, and Invalid for the moment it closes at already or one that is over.
    """
    _lock_windows(call)
    now = clock.now()
    window = next((one for one in call.windows if one.opens <= now < one.closes), None)
    if call.published is None or window is None:
        raise Conflict(_("Deze oproep is niet open."))
    before = window.closes
    if _unchanged(closes, before):
        raise Invalid(errors={"closes": _("De oproep sluit al op dit moment. Kies een ander.")})
    window.closes = now
    _add_window(person, call, now, closes, reason)
    _mail_drafts(call, before)
    detail(closes=clock.rfc3339(closes), before=clock.rfc3339(before))
    return call


def _lock_windows(call: Call) -> None:
    """Read the times of a call anew, after another change of them."""
    db.session.execute(select(Call.id).where(Call.id == call.id).with_for_update())
    db.session.refresh(call, ["windows"])


def _add_window(person: Person, call: Call, now: datetime, closes: datetime, reason: str) -> None:
    if closes <= now:
        raise Invalid(errors={"closes": _("Kies een moment in de toekomst.")})
    _check_window(now, closes)
    call.windows.append(CallWindow(call_id=call.id, opens=now, closes=closes, reason=reason, by_id=person.id))
    db.session.flush()


def _mail_drafts(call: Call, before: datetime) -> None:
    """Mail the contacts of what was not sent in yet and has another deadline than before."""
    unsent = or_(
        Application.state == "draft",
        (Application.state == "submitted") & (Answering.draft > Answering.submitted),
    )
    drafts = select(Application).join(Answering, Answering.id == Application.answering_id)
    for application in db.session.scalars(
        drafts.where(Application.call_id == call.id, unsent).order_by(Application.id)
    ):
        if application.deadline != max(filter(None, (before, application.extension))):
            write_all("deadline", application, deadline=application.deadline)


@action("applications.extend")
def extend(person: Person, application: Application, *, until: datetime, reason: str) -> Application:
    """Give one application more time, until a moment after the call closes.

    Raise Invalid for an earlier one, Conflict when the outcome was announced.
    """
    if application.outcome:
        raise Conflict(_("De uitkomst van deze aanvraag is al bekendgemaakt."))
    closes = application.call.closes
    if closes is None or until <= max(closes, clock.now()):
        raise Invalid(errors={"until": _("Kies een moment na de sluiting van de oproep.")})
    application.extension = until
    detail(until=clock.rfc3339(until))
    return application
