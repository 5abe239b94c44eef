"""Endpoints of applicants: starting, entering, filling in page by page, checking, sending in and withdrawing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, g, request
from sqlalchemy import select

from cop.access import SYSTEM
from cop.applications import actions, forms
from cop.applications.actions.applying import SESSION_LASTS, closed_words, composition_words, file_counts, try_code
from cop.applications.actions.keeping import erased_after, last_announcement
from cop.applications.finding import contact_by_secret, contact_of, cookie_name, remote_address
from cop.applications.routes.blueprint import routes
from cop.base import attempts, clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Gone, Invalid, NotFound
from cop.base.forms import Typed
from cop.base.questionnaires import (
    AnswerHistory,
    Attachment,
    Definition,
    Snapshot,
    answers_of,
    is_empty,
    newest_version,
    problems,
    visible_sections,
)
from cop.base.web import endpoint, flash, requested_format, respond
from cop.base.words import _
from cop.intake.arrival import received
from cop.intake.finding import public_call
from cop.intake.forms import ApplicationOut, Said
from cop.intake.kinds_of_organisation import kind_options, kind_words
from cop.intake.models import Application, Contact
from cop.intake.routes import show as call_page

HOUR = timedelta(hours=1)
STARTS, STARTS_PER_HOST, TRIES = 5, 60, 20  # per hour
CRITERIA = "criteria"  # the page of the criteria, beside those of the sections


@routes.post("/calls/<slug>/applications")
@endpoint("applications.start", takes=forms.Start, gives=Said, form=call_page, open=True, own_transaction=True)
def start(slug: str, given: dict[str, Any]) -> Response:
    """Mail a link to start an application or to go on with one; the response is the same for every address."""
    robot, mail = given.pop("website", ""), given["mail"]
    with transaction():
        attempts.count(f"applications from {remote_address()}", HOUR, STARTS_PER_HOST)
        attempts.count(f"applications of {mail.lower()}", HOUR, STARTS)
    with transaction():
        call = public_call(slug)
        if not robot:
            actions.start(SYSTEM, call, **given, received=received())
    said = Said(words=_("U hebt nu een mail. Open de link daarin, of vul de code in."))
    return respond(said, page="applications/entry.html", call=call, mail=mail, key="", ended=False, sent=True)


@routes.get("/calls/<slug>/entry")
@endpoint("applications.entry", asks=forms.EntryQuery, open=True)
def entry(slug: str, asked: dict[str, Any] | None = None) -> Response:
    """Show the page behind the link in the mail: a button, since mail scanners follow links, and a field for the code."""
    call = public_call(slug)
    typed: Typed = g.get("typed") or Typed()
    key = typed.value("key") or (asked or {}).get("key", "")
    known = contact_by_secret(key, "link") if key else None
    return respond(
        page="applications/entry.html",
        call=call,
        mail=typed.value("mail"),
        key=key if known else "",
        ended=bool(key) and known is None,
        sent=False,
    )


@routes.post("/calls/<slug>/entry")
@endpoint("applications.enter", takes=forms.Enter, gives=ApplicationOut, form=entry, open=True, own_transaction=True)
def enter(slug: str, given: dict[str, Any]) -> Response:
    """Open an application in this browser, by the key of a link or the code from the mail."""
    with transaction():
        attempts.count(f"entry from {remote_address()}", HOUR, TRIES * 10)
        if given.get("mail"):
            attempts.count(f"entry of {given['mail'].lower()}", HOUR, TRIES)
    with transaction():
        call = public_call(slug)
        contact = _entering(call, given)
        if contact is not None:
            secret = actions.enter(SYSTEM, contact)
            application = db.session.get_one(Application, contact.application_id, populate_existing=True)
            return _keep(respond(lambda: _as_json(application), to=application.url), application, secret)
    if given.get("key"):
        raise Gone(_("Deze link geldt niet meer. Vraag een nieuwe aan."))
    words = _("Deze code klopt niet of geldt niet meer. Kijk in de nieuwste mail, of vraag een nieuwe aan.")
    raise Invalid(errors={"code": words})


def _entering(call: Any, given: dict[str, Any]) -> Contact | None:
    if key := given.get("key"):
        found = contact_by_secret(key, "link")
        return found[1] if found and found[0].call_id == call.id else None
    code = "".join(given.get("code", "").split())
    return try_code(call, given.get("mail", ""), code) if code else None


def _keep(response: Response, application: Application, secret: str) -> Response:
    """Set the cookie of a contact."""
    response.set_cookie(
        cookie_name(application.reference),
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        secure=current_app.config["COP"].secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def _state(application: Application) -> dict[str, Any]:
    """Return what every page of an application shows: the newest form, the answers, and what is still missing."""
    version = newest_version(application.call.questionnaire_id)
    form, answers = version.parsed, answers_of(application.answering_id)
    values = {key: answer.value for key, answer in answers.items()}
    counts = file_counts(application)
    wrong = problems(form, values, counts)
    return {
        "application": application,
        "call": application.call,
        "form": form,
        "version": version.number,
        "is_new": version.number > application.answering.version,
        "answers": answers,
        "values": values,
        "counts": counts,
        "wrong": wrong,
        "composition": composition_words(form, values),
        "pages": _pages(form, values, counts, wrong),
        "open_now": application.state in ("draft", "submitted") and application.open_at(received()),
        "pending": application.answering.draft > application.answering.submitted,
    }


def _pages(
    form: Definition, values: dict[str, Any], counts: dict[str, int], wrong: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the pages of the form, each with its questions and state: empty, begun or done."""
    pages: list[dict[str, Any]] = [
        {"key": section.key, "title": section.title, "intro": section.intro, "blocks": blocks, "criteria": []}
        for section, blocks in visible_sections(form, values)
    ]
    if form.criteria:
        words = _("Kruis aan wat op uw aanvraag van toepassing is, en licht het toe.")
        pages.append({"key": CRITERIA, "title": _("Criteria"), "intro": words, "blocks": [], "criteria": form.criteria})
    for page in pages:
        keys = [one.key for one in [*page["blocks"], *page["criteria"]]]
        begun = any(not is_empty(values.get(key)) or counts.get(key) for key in keys)
        page["state"] = "begun" if begun and any(key in wrong for key in keys) else "done" if begun else "empty"
    return pages


def _as_json(application: Application) -> ApplicationOut:
    state = _state(application)
    missing = dict(state["wrong"]) | ({"composition": state["composition"]} if state["composition"] else {})
    return ApplicationOut(
        reference=application.reference,
        url=application.url,
        state=application.state,
        title=application.title,
        submitted=application.submitted,
        outcome=application.outcome,
        offered_until=application.offered_until,
        answers=state["values"],
        versions={key: answer.version for key, answer in state["answers"].items()},
        version=state["version"],
        missing=missing,
    )


@routes.get("/applications/<reference>")
@endpoint("applications.show", gives=ApplicationOut, open=True)
def show(reference: str) -> Response:
    """Show an application to its contacts: the pages with their state, the people, and what can be done now."""
    application, contact = contact_of(reference)
    return respond(
        lambda: _as_json(application),
        page="applications/application.html",
        context=lambda: (
            _state(application) | {"me": contact, "erased": _erased(application), "remarks": _remarks(application)}
        ),
    )


def _erased(application: Application) -> datetime | None:
    return erased_after(application, application.call.closes, last_announcement(application.call))


def _remarks(application: Application) -> list[str]:
    """Return the remarks of reviewers for the applicant, once the outcome is announced; without names."""
    from cop.intake.models import Review

    if application.announced is None:
        return []
    query = select(Review.for_applicant).where(
        Review.application_id == application.id, Review.state.in_(("done", "abstained")), Review.for_applicant != ""
    )
    return sorted(db.session.scalars(query))


@routes.get("/applications/<reference>/sections/<section>")
@endpoint("applications.section", open=True)
def section(reference: str, section: str = "") -> Response:
    """Show one page of the form."""
    application, contact = contact_of(reference)
    typed: Typed = g.get("typed") or Typed()
    section = section or str(typed.value("section"))
    state = _state(application)
    at = next((n for n, page in enumerate(state["pages"]) if page["key"] == section), None)
    if at is None:
        raise NotFound
    shown = dict(state["values"])
    if typed:
        shown |= forms.collect_answers(typed.values).get("answers", {})
    return respond(
        page="applications/section.html",
        **state,
        me=contact,
        page_at=at,
        current=state["pages"][at],
        shown=shown,
        files=_files(application),
        kinds=kind_options(),
        back=request.args.get("back") == "check" or typed.value("then") == "check",
    )


def _files(application: Application) -> dict[str, list[Attachment]]:
    found: dict[str, list[Attachment]] = {}
    query = select(Attachment).where(Attachment.answering_id == application.answering_id, Attachment.removed.is_(None))
    for one in db.session.scalars(query.order_by(Attachment.id)):
        found.setdefault(one.block, []).append(one)
    return found


@routes.put("/applications/<reference>/answers")
@endpoint("applications.save", takes=forms.Answers, gives=forms.SavedOut, form=section, open=True)
def save(reference: str, given: dict[str, Any]) -> Response:
    """Save answers, of one question as it is typed or of a whole page."""
    application, contact = contact_of(reference)
    now, then = given.pop("section", ""), given.pop("then", "next")
    given = {"answers": {}, "versions": {}} | given
    saved = actions.save(SYSTEM, application, **given, contact=contact, received=received())
    replaced = [one.instead.by_name for one in saved.values() if one.instead]
    if replaced and requested_format() != "json":
        flash(_("%(name)s schreef hier intussen ook. Uw tekst staat er nu; de andere is bewaard.", name=replaced[0]))
    said = {
        key: forms.SavedAnswer(
            version=one.version,
            by=one.instead.by_name if one.instead else "",
            value=one.instead.value if one.instead else None,
        )
        for key, one in saved.items()
    }
    return respond(forms.SavedOut(saved=said), to=_after(application, now, then))


def _after(application: Application, section: str, then: str) -> str:
    """Return the page that follows a section: the next one, the same, or the page to check."""
    if then == "check":
        return f"{application.url}/check"
    if then == "stay":
        return f"{application.url}/sections/{section}"
    keys = [page["key"] for page in _state(application)["pages"]]
    following = keys[keys.index(section) + 1 :] if section in keys else []
    return f"{application.url}/sections/{following[0]}" if following else f"{application.url}/check"


@routes.get("/applications/<reference>/check")
@endpoint("applications.check", open=True)
def check(reference: str) -> Response:
    """Show every answer before it is sent in, and what is still missing."""
    application, contact = contact_of(reference)
    return respond(
        page="applications/check.html",
        **_state(application),
        me=contact,
        files=_files(application),
        kind_words=kind_words(),
        closed=closed_words(application.call, received()),
    )


@routes.put("/applications/<reference>/submission")
@endpoint("applications.submit", takes=forms.Submit, gives=ApplicationOut, form=check, open=True)
def submit(reference: str, given: dict[str, Any]) -> Response:
    """Send an application in."""
    application, contact = contact_of(reference)
    actions.submit(SYSTEM, application, **given, contact=contact, received=received())
    return respond(lambda: _as_json(application), to=f"{application.url}/receipt")


@routes.get("/applications/<reference>/receipt")
@endpoint("applications.receipt", open=True)
def receipt(reference: str) -> Response:
    """Show what was sent in last, to keep or to print."""
    application, contact = contact_of(reference)
    query = select(Snapshot).where(Snapshot.answering_id == application.answering_id)
    snapshot = db.session.scalar(query.order_by(Snapshot.number.desc()).limit(1))
    if snapshot is None:
        raise NotFound
    return respond(
        page="applications/receipt.html",
        application=application,
        call=application.call,
        me=contact,
        snapshot=snapshot,
        form=snapshot.parsed,
        sections=visible_sections(snapshot.parsed, snapshot.answers),
        kind_words=kind_words(),
        erased=_erased(application),
        pending=application.answering.draft > application.answering.submitted,
        open_now=application.state == "submitted" and application.open_at(received()),
    )


@routes.get("/applications/<reference>/history")
@endpoint("applications.history", open=True)
def history(reference: str) -> Response:
    """Show the answers that another contact replaced while both were writing."""
    application, contact = contact_of(reference)
    query = select(AnswerHistory).where(AnswerHistory.answering_id == application.answering_id)
    return respond(
        page="applications/history.html",
        application=application,
        me=contact,
        form=newest_version(application.call.questionnaire_id).parsed,
        replaced=list(db.session.scalars(query.order_by(AnswerHistory.id.desc()).limit(100))),
    )


@routes.get("/applications/<reference>/withdrawal")
@endpoint("applications.withdrawal", open=True)
def withdrawal(reference: str) -> Response:
    """Ask for confirmation before an application is withdrawn, and say what is kept until when."""
    application, contact = contact_of(reference)
    return respond(page="applications/withdrawal.html", application=application, call=application.call, me=contact)


@routes.delete("/applications/<reference>/submission")
@endpoint("applications.withdraw", gives=ApplicationOut, form=withdrawal, open=True)
def withdraw(reference: str) -> Response:
    """Withdraw an application."""
    application, contact = contact_of(reference)
    actions.withdraw(SYSTEM, application, contact=contact)
    flash(_("Uw aanvraag is ingetrokken."))
    return respond(lambda: _as_json(application), to=application.url)


@routes.put("/applications/<reference>/offer")
@endpoint("applications.answer_offer", takes=forms.AnswerOffer, gives=ApplicationOut, form=show, open=True)
def answer_offer(reference: str, given: dict[str, Any]) -> Response:
    """Accept or decline an offered place."""
    application, contact = contact_of(reference)
    actions.answer_offer(SYSTEM, application, **given, contact=contact)
    accepted = given["answer"] == "accept"
    flash(_("U neemt de plaats aan. Het programmateam weet het.") if accepted else _("U ziet af van de plaats."))
    return respond(lambda: _as_json(application), to=application.url)


@routes.get("/applications/<reference>/contacts")
@endpoint("contacts.list", open=True)
def contacts(reference: str) -> Response:
    """Show who works on an application, with the form to invite somebody."""
    application, contact = contact_of(reference)
    return respond(
        page="applications/contacts.html",
        application=application,
        me=contact,
        people=[one for one in application.contacts if one.removed is None],
        open_now=application.state in ("draft", "submitted") and application.open_at(received()),
        now=clock.now(),
    )


@routes.post("/applications/<reference>/contacts")
@endpoint("contacts.add", takes=forms.ContactNew, gives=forms.ContactOut, form=contacts, open=True, status=201)
def add_contact(reference: str, given: dict[str, Any]) -> Response:
    """Invite somebody to work on the application."""
    application, contact = contact_of(reference)
    made = actions.add_contact(SYSTEM, application, **given, contact=contact, received=received())
    flash(_("%(name)s krijgt een mail met een eigen link.", name=made.name))
    return respond(made, to=f"{application.url}/contacts", status=201)


@routes.delete("/applications/<reference>/contacts/<int:member>")
@endpoint("contacts.remove", form=contacts, open=True)
def remove_contact(reference: str, member: int) -> Response:
    """End somebody's part in an application."""
    application, contact = contact_of(reference)
    found = _member(application, member)
    actions.remove_contact(SYSTEM, application, member=found, contact=contact)
    flash(_("%(name)s werkt niet meer mee aan de aanvraag.", name=found.shown_name))
    return respond(to=f"{application.url}/contacts" if found.id != contact.id else application.call.url)


def _member(application: Application, id: int) -> Contact:
    found = next((one for one in application.contacts if one.id == id and one.removed is None), None)
    if found is None:
        raise NotFound
    return found


@routes.put("/applications/<reference>/contacts/<int:member>/lead")
@endpoint("contacts.make_lead", gives=forms.ContactOut, form=contacts, open=True)
def make_lead(reference: str, member: int) -> Response:
    """Make another contact the lead."""
    application, contact = contact_of(reference)
    made = actions.make_lead(SYSTEM, application, member=_member(application, member), contact=contact)
    flash(_("%(name)s is nu de eerste contactpersoon.", name=made.shown_name))
    return respond(made, to=f"{application.url}/contacts")


@routes.delete("/applications/<reference>/session")
@endpoint("contacts.sign_out", form=show, open=True)
def sign_out(reference: str) -> Response:
    """Close an application in every browser of a contact."""
    application, contact = contact_of(reference)
    name = cookie_name(application.reference)
    actions.sign_out(SYSTEM, application, contact=contact)
    flash(_("U bent uitgelogd. De link in uw mail brengt u terug."))
    response = respond(to=application.call.url)
    response.delete_cookie(name, path="/", httponly=True, samesite="Lax", secure=current_app.config["COP"].secure)
    return response
