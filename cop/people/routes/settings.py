"""The doors of one's own settings: profile, photo, language, password, mail address, sessions and API tokens."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from flask import Response, current_app, g, request
from flask_login import current_user
from sqlalchemy import select

from cop.access import SYSTEM
from cop.base import attempts, clock, files
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Gone, Invalid, NotFound
from cop.base.forms import parse, raw
from cop.base.web import Slice, endpoint, flash, requested_format, respond, respond_list
from cop.base.words import _
from cop.people import actions, forms, passwords, sessions
from cop.people.devices import device
from cop.people.routes.blueprint import back, me, renewed, routes, viewer
from cop.people.routes.organisations import every_organisation
from cop.society.credentials import OneTimeLink, Session, Token, find_link
from cop.society.people import Affiliation, Person

LARGEST_PHOTO = 16 * 1024 * 1024  # bytes, as a telephone takes them
FRESH = timedelta(hours=1)  # so long after signing in nobody is asked for the present password
MAIL = ("mail-old", "mail-new")  # the purposes of links that confirm another mail address


@routes.get("/settings")
@endpoint("people.settings", gives=forms.Me)
def settings() -> Response:
    """Everything a person decides about themselves, on one page."""
    return _settings()


def _settings(status: int = 200, made: forms.TokenMade | None = None) -> Response:
    person = viewer()
    working = list(db.session.scalars(select(Affiliation.organisation_id).where(Affiliation.person_id == person.id)))
    signed_in = db.session.scalars(
        select(Session)
        .order_by(Session.id.desc())
        .where(Session.person_id == person.id, Session.epoch == person.epoch, Session.expires > clock.now())
    )
    pending = db.session.scalar(
        select(OneTimeLink.address).where(
            OneTimeLink.person_id == person.id,
            OneTimeLink.purpose.in_(MAIL),
            OneTimeLink.used.is_(None),
            OneTimeLink.expires > clock.now(),
        )
    )
    result = made or (lambda: me(person))
    return respond(
        result,
        page="people/settings.html",
        status=status,
        person=person,
        organisations=every_organisation(),
        working=working,
        sessions=[(s, device(s.agent)) for s in signed_in],
        this=g.session_id,
        pending=pending,
        tokens=_tokens(person),
        made=made,
        fresh=_fresh(),
    )


def _tokens(person: Person) -> list[Token]:
    return list(
        db.session.scalars(
            select(Token).order_by(Token.id).where(Token.person_id == person.id, Token.epoch == person.epoch)
        )
    )


def _fresh() -> bool:
    """Whether this session began so recently that it proves who is there."""
    session = db.session.get(Session, g.session_id) if g.session_id > 0 else None
    return session is not None and session.made > clock.now() - FRESH


@routes.patch("/settings")
@endpoint("people.edit", takes=forms.Profile, gives=forms.Me, form=settings)
def edit(given: dict[str, Any]) -> Response:
    """Changes one's own profile."""
    person = viewer()
    actions.edit(person, person, **given)
    flash(_("Uw profiel is opgeslagen."))
    return respond(lambda: me(person), to="/settings")


@routes.put("/settings/photo")
@endpoint("people.set_photo", files=("photo",), form=settings, own_transaction=True)
def set_photo() -> Response:
    """Sets one's photo from the file `photo`, or takes it away (`remove`)."""
    viewer()  # before anything is taken in
    db.session.rollback()
    request.max_content_length = LARGEST_PHOTO
    photo = None if parse(forms.Photo, raw()).get("remove") else _portrait()
    with transaction():
        person = viewer()
        actions.set_photo(person, person, photo=photo)
    flash(_("Uw foto is verwijderd.") if photo is None else _("Uw foto is opgeslagen."))
    return respond(to="/settings")


def _portrait() -> str:
    """The photo that came along, made a portrait and kept; its SHA-256."""
    sent = request.files.get("photo")
    if sent is None or not sent.filename:
        raise Invalid(errors={"photo": _("Kies een foto.")})
    try:
        small = files.portrait(sent.stream)  # type: ignore[arg-type]
    except files.Refused as refused:
        raise Invalid(errors={"photo": refused.words}) from None
    store = current_app.extensions["files"]
    return str(store.keep(store.spool(io.BytesIO(small), limit=LARGEST_PHOTO, name="portrait.webp")).sha256)


@routes.post("/language")
@endpoint("people.set_language", takes=forms.ChooseLanguage, open=True)
def set_language(given: dict[str, Any]) -> Response:
    """Speaks this language from now on: in this browser, and to who is signed in also in mail."""
    if current_user.is_authenticated:
        person = viewer()
        actions.set_language(person, person, **given)
    return sessions.keep_language(respond(to=back()), given["language"])


@routes.post("/theme")
@endpoint("people.theme", takes=forms.ChooseTheme, open=True, own_transaction=True)
def theme(given: dict[str, Any]) -> Response:
    """Shows this browser light or dark pages, or as the device says."""
    response, chosen = respond(to=back()), given.get("theme", "")
    if chosen in ("light", "dark"):
        response.set_cookie(
            "cop-theme",
            chosen,
            max_age=365 * 86400,
            samesite="Lax",
            httponly=True,
            secure=current_app.config["COP"].secure,
        )
    else:
        response.delete_cookie("cop-theme")
    return response


@routes.put("/settings/password")
@endpoint("people.set_password", takes=forms.NewPassword, gives=forms.Me, form=settings, own_transaction=True)
def set_password(given: dict[str, Any]) -> Response:
    """Sets or removes one's password: other sessions end, this one goes on."""
    person = viewer()
    id, kept, fresh, remove = person.id, person.password, _fresh(), given.get("remove", False)
    new = given.get("password", "")
    objection = None if remove else passwords.objection(new, person)
    db.session.rollback()
    if kept and not fresh:
        _prove(id, kept, given.get("current", ""))
    if objection:
        raise Invalid(errors={"password": objection})
    hashed = None if remove else passwords.hash(new)
    with transaction():
        person = viewer()
        actions.set_password(person, person, kept=hashed)
        flash(
            _("Uw wachtwoord is verwijderd. Andere apparaten zijn afgemeld.")
            if remove
            else _("Uw wachtwoord is opgeslagen. Andere apparaten zijn afgemeld.")
        )
        response = renewed(person, lambda: me(person), to="/settings")
    return response


def _prove(id: int, kept: str, current: str) -> None:
    """Refuses who does not know the present password; they can sign in by a link first."""
    key = f"present password of {id}"
    attempts.count(key, timedelta(minutes=3), 10)
    if not passwords.verify(kept, current):
        raise Invalid(
            errors={
                "current": _(
                    "Dit is niet uw huidige wachtwoord. Weet u het niet meer? Meld u af en log in met een mail."
                )
            }
        )
    attempts.reset(key)


@routes.put("/settings/mail")
@endpoint("people.change_mail", takes=forms.NewMail, gives=forms.Said, form=settings, own_transaction=True)
def change_mail(given: dict[str, Any]) -> Response:
    """Asks to change one's mail address: both addresses get a link."""
    with transaction():
        person = viewer()
        attempts.count(f"change of address of {person.id}", timedelta(hours=1), 5)
        actions.change_mail(person, person, address=given["mail"])
    words = _("Er is een mail naar uw oude en naar uw nieuwe adres. Bevestig de wijziging in allebei.")
    flash(words)
    return respond(forms.Said(words=words), to="/settings")


@routes.get("/settings/mail/<secret>")
@endpoint("people.mail_page", open=True)
def mail_page(secret: str) -> Response:
    """Where the link about a new mail address leads: a button."""
    link = find_link(secret, *MAIL)
    if link is None or not link.holds:
        return respond(page="people/mail.html", status=410, link=None, secret=None)
    return respond(page="people/mail.html", link=link, secret=secret)


@routes.post("/settings/mail/<secret>")
@endpoint("people.confirm_mail", gives=forms.Said, open=True, form=mail_page)
def confirm_mail(secret: str) -> Response:
    """Confirms a new mail address; after the second confirmation it counts."""
    link = find_link(secret, *MAIL)
    if link is None or not link.holds:
        if requested_format() == "json":
            raise Gone(_("Deze link geldt niet meer."))
        return respond(page="people/mail.html", status=410, link=None, secret=None)
    mine = current_user.is_authenticated and current_user.id == link.person_id
    done = actions.confirm_mail(SYSTEM, link.person, link=link)
    words = (
        _("Uw mailadres is gewijzigd. Andere apparaten zijn afgemeld.")
        if done
        else _("Bevestigd. Klik nu ook op de knop in de mail op het andere adres.")
    )
    flash(words)
    said, to = forms.Said(words=words), "/settings" if mine else "/sign-in"
    return renewed(viewer(), said, to=to) if done and mine else respond(said, to=to)


@routes.get("/tokens")
@endpoint("tokens.list", gives=forms.TokenOut, many=True)
def tokens() -> Response:
    """The API tokens of who asks."""
    if requested_format() != "json":
        return respond(to="/settings#tokens")
    return respond_list(Slice(_tokens(viewer())))


@routes.post("/tokens")
@endpoint("tokens.make", takes=forms.MakeToken, gives=forms.TokenMade, form=settings, status=201)
def make_token(given: dict[str, Any]) -> Response:
    """Makes an API token; its secret is shown this once."""
    person = viewer()
    token, secret = actions.make_token(person, person, **given)
    return _settings(201, forms.TokenMade(**forms.TokenOut.model_validate(token).model_dump(), token=secret))


@routes.delete("/tokens/<int:id>")
@endpoint("tokens.revoke")
def revoke_token(id: int) -> Response:
    """Ends one of one's own API tokens."""
    person, token = viewer(), db.session.get(Token, id)
    if token is None or token.person_id != person.id:
        raise NotFound
    actions.revoke_token(person, token)
    flash(_("Het token werkt niet meer."))
    return respond(to="/settings#tokens")
