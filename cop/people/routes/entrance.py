"""The doors at the entrance: asking for a link, coming in by link, code or password, and going out."""

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
from cop.base.web import endpoint, requested_format, respond
from cop.base.words import _
from cop.people import actions, forms, passwords, sessions
from cop.people.actions.signing_in import Way
from cop.people.routes.blueprint import agent, me, routes, viewer
from cop.people.routes.cast import cast
from cop.society.credentials import OneTimeLink, find_link, try_code
from cop.society.people import Person, by_mail, id_by_mail

HOUR = timedelta(hours=1)
ENTRY = ("sign-in", "invitation", "first")  # the purposes of links by which somebody comes in
LINKS = 5  # mails an hour to one address
# Bad tries. By address, so that changing one's own place does not help; by address and place for the patient; and by
# place for who tries many addresses, wide enough for everybody in the hall of a symposium to come in at once.
QUICK, PATIENT, PLACE = (timedelta(minutes=3), 10), (HOUR, 20), (HOUR, 2000)


def _next() -> str:
    """Where to go afterwards, from the form that is shown again or from the address."""
    typed: Typed | None = g.get("typed")
    return forms.own_path(typed.value("next", "/") if typed else request.args.get("next", "/"))


@routes.get("/sign-in")
@endpoint("people.entrance", open=True)
def entrance() -> Response:
    """The door: a mail address for a link, a password as the second choice; in the demonstration also the cast."""
    if request.method == "GET" and current_user.is_authenticated:
        return respond(to=_next())
    return respond(page="people/sign_in.html", next=_next(), cast=cast() if current_app.config["COP"].demo else None)


@routes.post("/sign-in")
@endpoint("people.link", takes=forms.AskLink, gives=forms.Said, form=entrance, open=True, own_transaction=True)
def link(given: dict[str, Any]) -> Response:
    """Mails a link and a code to the address, if it is known; the answer does not say whether it is."""
    mail = given["mail"]
    with transaction():
        attempts.count(f"links from {request.remote_addr}", *PLACE)
        attempts.count(f"links to {mail.lower()}", HOUR, LINKS)
        jobs.later("people.link", id_by_mail(mail), given.get("next", "/"))
    return _sent(mail, given.get("next", "/"))


def _sent(mail: str, next: str) -> Response:
    said = forms.Said(words=_("Als dit adres bij ons bekend is, hebt u nu een mail."))
    return respond(said, page="people/code.html", mail=mail, next=next, sent=True)


@routes.get("/sign-in/code")
@endpoint("people.code", open=True)
def code() -> Response:
    """The page on which the code from the mail is typed."""
    typed: Typed = g.get("typed") or Typed()
    return respond(page="people/code.html", mail=typed.value("mail"), next=_next(), sent=False)


@routes.post("/sign-in/code")
@endpoint("people.sign_in_by_code", takes=forms.WithCode, gives=forms.Me, form=code, open=True, own_transaction=True)
def by_code(given: dict[str, Any]) -> Response:
    """Signs in by the code from the mail; each link has five tries."""
    keys = _counted(given["mail"])
    with transaction():  # the try counts whether the code is right or not, so nothing is raised in here
        link = try_code(given["mail"], given["code"])
        if link is not None:
            _well(keys)
            return _in(link.person, by="code", link=link, next=link.next)
        _refused(given["mail"], "people.sign_in_by_code")
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
    """Signs in by mail address and password."""
    keys = _counted(given["mail"])
    person = by_mail(given["mail"])
    kept = person.password if person and person.is_active else None
    db.session.rollback()  # nothing stays open while the password is compared
    right = passwords.verify(kept, given["password"])
    with transaction():
        person = by_mail(given["mail"])
        if right and person is not None and person.is_active and person.password == kept:
            _well(keys)
            return _in(person, by="password", next=given.get("next", "/"))
        _refused(given["mail"], "people.sign_in_by_password")
    raise Invalid(
        errors={
            "password": _("Dit mailadres en wachtwoord horen niet bij elkaar. Kunt u er niet in? Vraag een mail aan.")
        }
    )


def _counted(mail: str) -> list[str]:
    """Counts a try, in a unit of its own and before any work is done for it; the keys to forget if it was right."""
    mail, place = mail.lower(), request.remote_addr
    tries = {f"tries of {mail}": QUICK, f"tries of {mail} from {place}": PATIENT, f"tries from {place}": PLACE}
    with transaction():
        for key, (per, most) in tries.items():
            attempts.count(key, per, most)
    return list(tries)[:2]


def _well(keys: list[str]) -> None:
    for key in keys:
        attempts.reset(key)


def _refused(mail: str, where: str) -> None:
    """Journals a failed try, in the running unit; for an unknown address too, so that it takes as long."""
    journal.write("denied", None, None, {"door": where, "person": id_by_mail(mail)})


@routes.post("/sign-in/as")
@endpoint("people.sign_in_as", takes=forms.SignInAs, gives=forms.Me, open=True)
def as_(given: dict[str, Any]) -> Response:
    """Signs in as one of the cast, in the demonstration and nowhere else."""
    person = db.session.get(Person, given["person"]) if current_app.config["COP"].demo else None
    if person is None or not person.is_active:
        raise NotFound
    return _in(person, by="demo", next=given.get("next", "/"))


@routes.get("/sign-in/<secret>")
@endpoint("people.link_page", open=True)
def link_page(secret: str) -> Response:
    """Where the link in the mail leads: a button, for mail scanners follow links but this leaves it unused."""
    link = find_link(secret, *ENTRY)
    if link is None or not link.holds:
        return _ended(link, secret)
    return respond(page="people/link.html", secret=secret, invited=link.purpose != "sign-in")


@routes.post("/sign-in/<secret>")
@endpoint("people.sign_in", gives=forms.Me, open=True)
def by_link(secret: str) -> Response:
    """Signs in by a link, which is used up."""
    link = find_link(secret, *ENTRY)
    if link is None or not link.holds:
        return _ended(link, secret)
    try:
        return _in(link.person, by="link", link=link, next=link.next)
    except Gone:
        return _ended(link, secret)


def _ended(link: OneTimeLink | None, secret: str) -> Response:
    """A link that no longer leads in, with a button for a new one where we know whose it was."""
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
    """Mails a new link to the address of an old one, without asking for it."""
    with transaction():
        link = find_link(secret, *ENTRY)
        if link is None:
            raise NotFound
        attempts.count(f"links to {link.person.mail.lower()}", HOUR, LINKS)
        jobs.later("people.link", link.person_id, link.next)
    return _sent("", "/")


def _in(person: Person, *, by: Way, next: str, link: OneTimeLink | None = None) -> Response:
    """Opens a session, in the running unit; one that this browser had before ends."""
    former = g.session_id if current_user.is_authenticated and g.session_id > 0 else None
    secret = actions.sign_in(SYSTEM, person, by=by, link=link, agent=agent(), instead_of=former)
    return sessions.keep(respond(lambda: me(person), to=next), secret, person.language)


@routes.post("/sign-out")
@endpoint("people.sign_out", takes=forms.SignOut)
def sign_out(given: dict[str, Any]) -> Response:
    """Ends this session, or another one of the same person."""
    person = viewer()
    session = given.get("session") or g.session_id
    actions.sign_out(person, person, session=session)
    return sessions.drop(respond(to="/sign-in")) if session == g.session_id else respond(to="/settings")


@routes.post("/sign-out/everywhere")
@endpoint("people.sign_out_everywhere")
def sign_out_everywhere() -> Response:
    """Ends every session of the person."""
    person = viewer()
    actions.sign_out_everywhere(person, person)
    return sessions.drop(respond(to="/sign-in"))
