"""Endpoints for signing in and out: the link, the code, the password, and the demonstration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, current_app, g, request
from flask_login import current_user

from cop.access import SYSTEM
from cop.base import attempts, jobs, journal
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Gone, Invalid, NotFound
from cop.base.forms import Typed
from cop.base.hooks import hooks
from cop.base.web import endpoint, flash, requested_format, respond
from cop.base.words import _
from cop.people import actions, forms, passwords, sessions
from cop.people.actions.signing_in import SignInMethod
from cop.people.routes.blueprint import agent, me, routes, viewer
from cop.people.routes.cast import cast
from cop.society.credentials import OneTimeLink, find_link, try_code
from cop.society.people import Person, by_mail, id_by_mail

HOUR = timedelta(hours=1)
ENTRY = ("sign-in", "invitation", "first")  # link purposes that allow signing in
LINKS = 5  # mails per hour to one address
# (period, most failed attempts). QUICK counts by mail address, so that changing IP address does not help; PATIENT by
# mail and IP address, against slow guessing; PER_HOST by IP address, against trying many accounts, wide enough for
# everybody at a symposium to sign in at once.
QUICK, PATIENT, PER_HOST = (timedelta(minutes=3), 10), (HOUR, 20), (HOUR, 2000)


def _next() -> str:
    """Return the page to go to after signing in, from the form shown again or from the query."""
    typed: Typed | None = g.get("typed")
    return forms.own_path(typed.value("next", "/") if typed else request.args.get("next", "/"))


@routes.get("/sign-in")
@endpoint("people.entrance", open=True)
def entrance() -> Response:
    """Show the sign-in page: a mail address for a link, a password as the alternative, the demo people in demo mode."""
    if request.method == "GET" and current_user.is_authenticated:
        return respond(to=_next())
    who = request.args.get("who", "")
    people = cast(who) if current_app.config["COP"].demo else None
    applicants = hooks().demo_applicants() if people is not None and not who else ()
    return respond(page="people/sign_in.html", next=_next(), cast=people, who=who, applicants=applicants)


@routes.post("/sign-in")
@endpoint("people.link", takes=forms.AskLink, gives=forms.Said, form=entrance, open=True, own_transaction=True)
def link(given: dict[str, Any]) -> Response:
    """Mail a link and a code to the address if it is known; the response does not reveal whether it is."""
    mail = given["mail"]
    with transaction():
        attempts.count(f"links from {request.remote_addr}", *PER_HOST)
        attempts.count(f"links to {mail.lower()}", HOUR, LINKS)
        jobs.later("people.link", id_by_mail(mail), given.get("next", "/"))
    return _sent(mail, given.get("next", "/"))


def _sent(mail: str, next: str) -> Response:
    """Respond that a mail was sent if the address is known."""
    said = forms.Said(words=_("Als dit adres bij ons bekend is, hebt u nu een mail."))
    return respond(said, page="people/code.html", mail=mail, next=next, sent=True)


@routes.get("/sign-in/code")
@endpoint("people.code", open=True)
def code() -> Response:
    """Show the page to type the code from the mail in."""
    typed: Typed = g.get("typed") or Typed()
    return respond(page="people/code.html", mail=typed.value("mail"), next=_next(), sent=False)


@routes.post("/sign-in/code")
@endpoint("people.sign_in_by_code", takes=forms.WithCode, gives=forms.Me, form=code, open=True, own_transaction=True)
def by_code(given: dict[str, Any]) -> Response:
    """Sign in with the code from the mail; each link allows five attempts."""
    keys = _count_attempt(given["mail"])
    with transaction():  # the attempt counts whether the code is right or not, so nothing may be raised in here
        link = try_code(given["mail"], given["code"])
        if link is not None:
            _reset_attempts(keys)
            return _sign_in(link.person, by="code", link=link, next=link.next)
        _journal_refusal(given["mail"], "people.sign_in_by_code")
    raise Invalid(
        errors={
            "code": _("Deze code klopt niet of geldt niet meer. Kijk in de nieuwste mail, of vraag een nieuwe aan.")
        }
    )


@routes.post("/sign-in/password")
@endpoint(
    "people.sign_in_by_password",
    takes=forms.WithPassword,
    gives=forms.Me,
    form=entrance,
    open=True,
    own_transaction=True,
)
def by_password(given: dict[str, Any]) -> Response:
    """Sign in with mail address and password."""
    keys = _count_attempt(given["mail"])
    person = by_mail(given["mail"])
    stored = person.password if person and person.is_active else None
    db.session.rollback()  # nothing stays open while the password is compared
    right = passwords.verify(stored, given["password"])
    with transaction():
        person = by_mail(given["mail"])
        if right and person is not None and person.is_active and person.password == stored:
            _reset_attempts(keys)
            return _sign_in(person, by="password", next=given.get("next", "/"))
        _journal_refusal(given["mail"], "people.sign_in_by_password")
    raise Invalid(
        errors={
            "password": _("Dit mailadres en wachtwoord horen niet bij elkaar. Kunt u er niet in? Vraag een mail aan.")
        }
    )


def _count_attempt(mail: str) -> list[str]:
    """Count an attempt in its own transaction, before any work; return the keys to reset when it succeeds."""
    mail, host = mail.lower(), request.remote_addr
    counters = {f"tries of {mail}": QUICK, f"tries of {mail} from {host}": PATIENT, f"tries from {host}": PER_HOST}
    with transaction():
        for key, (per, most) in counters.items():
            attempts.count(key, per, most)
    return list(counters)[:2]


def _reset_attempts(keys: list[str]) -> None:
    """Reset the attempts that a successful sign-in makes irrelevant."""
    for key in keys:
        attempts.reset(key)


def _journal_refusal(mail: str, where: str) -> None:
    """Journal a failed attempt in the running transaction; an unknown address too, so that it takes as long."""
    journal.write("denied", None, None, {"endpoint": where, "person": id_by_mail(mail)})


@routes.post("/sign-in/as")
@endpoint("people.sign_in_as", takes=forms.SignInAs, gives=forms.Me, open=True)
def as_(given: dict[str, Any]) -> Response:
    """Sign in as one of the demo people; 404 outside demo mode."""
    person = db.session.get(Person, given["person"]) if current_app.config["COP"].demo else None
    if person is None or not person.is_active:
        raise NotFound
    return _sign_in(person, by="demo", next=given.get("next", "/"))


@routes.get("/sign-in/<secret>")
@endpoint("people.link_page", open=True)
def link_page(secret: str) -> Response:
    """Show the page behind the link in the mail: a button, since mail scanners follow links and must not use it up."""
    link = find_link(secret, *ENTRY)
    if link is not None and current_user.is_authenticated:
        if link.person_id == current_user.id:
            return respond(to=forms.own_path(link.next))
        return _link_of_another(link, secret)
    if link is None or not link.holds:
        return _link_ended(link, secret)
    return respond(page="people/link.html", secret=secret, invited=link.purpose != "sign-in")


def _link_of_another(link: OneTimeLink, secret: str) -> Response:
    """Respond to somebody else's link: whose it is stays unsaid, and signing in with it takes a press of a button."""
    return respond(
        page="people/link_other.html",
        status=200 if link.holds else 410,
        holds=link.holds,
        secret=secret,
        person=current_user,
    )


@routes.post("/sign-in/<secret>")
@endpoint("people.sign_in", gives=forms.Me, open=True)
def by_link(secret: str) -> Response:
    """Sign in with a link, which is used up."""
    link = find_link(secret, *ENTRY)
    if link is None or not link.holds:
        return _link_ended(link, secret)
    try:
        return _sign_in(link.person, by="link", link=link, next=link.next)
    except Gone:
        return _link_ended(link, secret)


def _link_ended(link: OneTimeLink | None, secret: str) -> Response:
    """Respond to a link that no longer works, with a button for a new one when its owner is known."""
    used = link is not None and link.used is not None
    if requested_format() == "json":
        raise Gone(
            _("Deze link is al gebruikt. Vraag een nieuwe aan.")
            if used
            else _("Deze link geldt niet meer. Vraag een nieuwe aan.")
        )
    return respond(page="people/link_ended.html", status=410, used=used, secret=secret if link else None)


@routes.post("/sign-in/<secret>/again")
@endpoint("people.link_again", gives=forms.Said, open=True, own_transaction=True)
def again(secret: str) -> Response:
    """Mail a new link to the address of an old one."""
    with transaction():
        link = find_link(secret, *ENTRY)
        if link is None:
            raise NotFound
        attempts.count(f"links to {link.person.mail.lower()}", HOUR, LINKS)
        jobs.later("people.link", link.person_id, link.next)
    return _sent("", "/")


def _sign_in(person: Person, *, by: SignInMethod, next: str, link: OneTimeLink | None = None) -> Response:
    """Create a session in the running transaction; end the session this browser had before."""
    former = g.session_id if current_user.is_authenticated and g.session_id > 0 else None
    secret = actions.sign_in(SYSTEM, person, by=by, link=link, agent=agent(), instead_of=former)
    return sessions.keep(respond(lambda: me(person), to=next), secret, person.language)


@routes.post("/sign-out")
@endpoint("people.sign_out", takes=forms.SignOut)
def sign_out(given: dict[str, Any]) -> Response:
    """End this session, or another one of the same person."""
    person = viewer()
    session = given.get("session") or g.session_id
    actions.sign_out(person, person, session=session)
    if session == g.session_id:
        return sessions.drop(respond(to="/sign-in"))
    flash(_("Het andere apparaat is uitgelogd."))
    return respond(to="/settings/sign-in")


@routes.post("/sign-out/everywhere")
@endpoint("people.sign_out_everywhere")
def sign_out_everywhere() -> Response:
    """End every session and API token of the person."""
    person = viewer()
    actions.sign_out_everywhere(person, person)
    return sessions.drop(respond(to="/sign-in"))
