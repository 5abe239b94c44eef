"""Endpoints of one's own settings: profile, photo, language, password, mail address, sessions and API tokens."""

from __future__ import annotations

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
from cop.base.web.uploaded_pictures import store_picture
from cop.base.words import _
from cop.people import actions, forms, passwords, sessions
from cop.people.devices import device
from cop.people.routes.blueprint import back, me, renewed, routes, viewer
from cop.people.routes.organisations import every_organisation
from cop.society.credentials import OneTimeLink, Session, Token, find_link
from cop.society.people import Affiliation, Person

LARGEST_PHOTO = 16 * 1024 * 1024  # bytes; enough for a phone's camera
FRESH = timedelta(hours=1)  # the current password is not asked for this long after signing in
MAIL = ("mail-old", "mail-new")  # link purposes that confirm a new mail address


@routes.get("/settings")
@endpoint("people.settings", gives=forms.Me)
def settings() -> Response:
    """Show the settings of the profile, which are the first part of the settings."""
    person = viewer()
    working = list(db.session.scalars(select(Affiliation.organisation_id).where(Affiliation.person_id == person.id)))
    return respond(
        lambda: me(person),
        page="people/settings.html",
        person=person,
        organisations=every_organisation(),
        working=working,
    )


@routes.get("/settings/sign-in")
@endpoint("people.settings_sign_in")
def sign_in_settings() -> Response:
    """Show the settings of the mail address, the password and the devices."""
    person = viewer()
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
    return respond(
        page="people/settings_sign_in.html",
        person=person,
        sessions=[(s, device(s.agent)) for s in signed_in],
        this=g.session_id,
        pending=pending,
        fresh=_fresh(),
    )


@routes.get("/settings/display")
@endpoint("people.settings_display")
def display_settings() -> Response:
    """Show the settings of the language and the colours."""
    return respond(page="people/settings_display.html", person=viewer())


@routes.get("/settings/tokens")
@endpoint("tokens.settings")
def token_settings() -> Response:
    """Show the person's API tokens."""
    return _token_settings()


def _token_settings(status: int = 200, made: forms.TokenMade | None = None) -> Response:
    return respond(made, page="people/settings_tokens.html", status=status, tokens=_tokens(viewer()), made=made)


def _tokens(person: Person) -> list[Token]:
    return list(
        db.session.scalars(
            select(Token).order_by(Token.id).where(Token.person_id == person.id, Token.epoch == person.epoch)
        )
    )


def _fresh() -> bool:
    """Return whether this session began less than `FRESH` ago, which proves who the person is."""
    session = db.session.get(Session, g.session_id) if g.session_id > 0 else None
    return session is not None and session.made > clock.now() - FRESH


@routes.patch("/settings")
@endpoint("people.edit", takes=forms.Profile, gives=forms.Me, form=settings)
def edit(given: dict[str, Any]) -> Response:
    """Change one's own profile."""
    person = viewer()
    actions.edit(person, person, **given)
    flash(_("Uw profiel is opgeslagen."))
    return respond(lambda: me(person), to="/settings")


@routes.put("/settings/photo")
@endpoint("people.set_photo", files=("photo",), form=settings, own_transaction=True)
def set_photo() -> Response:
    """Set one's photo from the file `photo`, or remove it (`remove`)."""
    viewer()  # raises before the upload is read
    db.session.rollback()
    request.max_content_length = LARGEST_PHOTO
    remove = parse(forms.Photo, raw()).get("remove")
    photo = (
        None if remove else store_picture("photo", files.portrait, name="portrait.webp", missing=_("Kies een foto."))
    )
    with transaction():
        person = viewer()
        actions.set_photo(person, person, photo=photo)
    flash(_("Uw foto is verwijderd.") if photo is None else _("Uw foto is opgeslagen."))
    return respond(to="/settings")


@routes.post("/language")
@endpoint("people.set_language", takes=forms.ChooseLanguage, open=True)
def set_language(given: dict[str, Any]) -> Response:
    """Set the language of this browser and, for a signed-in person, of their mail."""
    if current_user.is_authenticated:
        person = viewer()
        actions.set_language(person, person, **given)
    return sessions.keep_language(respond(to=back()), given["language"])


@routes.post("/theme")
@endpoint("people.theme", takes=forms.ChooseTheme, open=True, own_transaction=True)
def theme(given: dict[str, Any]) -> Response:
    """Set the theme of this browser: light, dark, or the setting of the device."""
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
@endpoint("people.set_password", takes=forms.NewPassword, gives=forms.Me, form=sign_in_settings, own_transaction=True)
def set_password(given: dict[str, Any]) -> Response:
    """Set or remove one's password; other sessions end, this one continues."""
    person = viewer()
    id, current_hash, fresh, remove = person.id, person.password, _fresh(), given.get("remove", False)
    new = given.get("password", "")
    objection = None if remove else passwords.objection(new, person)
    db.session.rollback()
    if current_hash and not fresh:
        _prove(id, current_hash, given.get("current", ""))
    if objection:
        raise Invalid(errors={"password": objection})
    hashed = None if remove else passwords.hash(new)
    with transaction():
        person = viewer()
        actions.set_password(person, person, kept=hashed)
        flash(
            _("Uw wachtwoord is verwijderd. Op andere apparaten moet u opnieuw inloggen.")
            if remove
            else _("Uw wachtwoord is opgeslagen. Op andere apparaten moet u opnieuw inloggen.")
        )
        response = renewed(person, lambda: me(person), to="/settings/sign-in")
    return response


def _prove(id: int, current_hash: str, current: str) -> None:
    """Raise Invalid unless `current` is the current password; the person can sign in by link instead."""
    key = f"present password of {id}"
    attempts.count(key, timedelta(minutes=3), 10)
    if not passwords.verify(current_hash, current):
        raise Invalid(
            errors={
                "current": _("Dit is niet uw huidige wachtwoord. Weet u het niet meer? Log uit en log in met een mail.")
            }
        )
    attempts.reset(key)


@routes.put("/settings/mail")
@endpoint("people.change_mail", takes=forms.NewMail, gives=forms.Said, form=sign_in_settings, own_transaction=True)
def change_mail(given: dict[str, Any]) -> Response:
    """Request a change of one's mail address: both addresses get a link."""
    with transaction():
        person = viewer()
        attempts.count(f"change of address of {person.id}", timedelta(hours=1), 5)
        actions.change_mail(person, person, address=given["mail"])
    words = _("Er is een mail naar uw oude en naar uw nieuwe adres. Bevestig de wijziging in allebei.")
    flash(words)
    return respond(forms.Said(words=words), to="/settings/sign-in")


@routes.get("/settings/mail/<secret>")
@endpoint("people.mail_page", open=True)
def mail_page(secret: str) -> Response:
    """Show the page behind the link in the mail about a new address: a button."""
    link = find_link(secret, *MAIL)
    if link is None or not link.holds:
        return respond(page="people/mail.html", status=410, link=None, secret=None)
    return respond(page="people/mail.html", link=link, secret=secret)


@routes.post("/settings/mail/<secret>")
@endpoint("people.confirm_mail", gives=forms.Said, open=True, form=mail_page)
def confirm_mail(secret: str) -> Response:
    """Confirm a new mail address; the second confirmation carries out the change."""
    link = find_link(secret, *MAIL)
    if link is None or not link.holds:
        if requested_format() == "json":
            raise Gone(_("Deze link geldt niet meer."))
        return respond(page="people/mail.html", status=410, link=None, secret=None)
    mine = current_user.is_authenticated and current_user.id == link.person_id
    done = actions.confirm_mail(SYSTEM, link.person, link=link)
    words = (
        _("Uw mailadres is gewijzigd. Op andere apparaten moet u opnieuw inloggen.")
        if done
        else _("Bevestigd. Klik nu ook op de knop in de mail op het andere adres.")
    )
    flash(words)
    message, to = forms.Said(words=words), "/settings/sign-in" if mine else "/sign-in"
    return renewed(viewer(), message, to=to) if done and mine else respond(message, to=to)


@routes.get("/tokens")
@endpoint("tokens.list", gives=forms.TokenOut, many=True)
def tokens() -> Response:
    """List the viewer's API tokens."""
    if requested_format() != "json":
        return respond(to="/settings/tokens")
    return respond_list(Slice(_tokens(viewer())))


@routes.post("/tokens")
@endpoint("tokens.make", takes=forms.MakeToken, gives=forms.TokenMade, form=token_settings, status=201)
def make_token(given: dict[str, Any]) -> Response:
    """Create an API token; its secret is shown only once."""
    person = viewer()
    token, secret = actions.make_token(person, person, **given)
    return _token_settings(201, forms.TokenMade(**forms.TokenOut.model_validate(token).model_dump(), token=secret))


@routes.delete("/tokens/<int:id>")
@endpoint("tokens.revoke")
def revoke_token(id: int) -> Response:
    """End one of one's own API tokens."""
    person, token = viewer(), db.session.get(Token, id)
    if token is None or token.person_id != person.id:
        raise NotFound
    actions.revoke_token(person, token)
    flash(_("Het token werkt niet meer."))
    return respond(to="/settings/tokens")
