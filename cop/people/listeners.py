"""What people do when something happened: whoever went out, or was sent out, is cut off at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from cop import access
from cop.base import clock, jobs, live
from cop.base.action import transaction
from cop.base.db import db
from cop.base.events import Event, after
from cop.society.credentials import OneTimeLink, Session, Token
from cop.society.events import SignedOut

KEPT = timedelta(days=30)  # so long a used link still says that it was used, and mails a new one


@after("people.sign_out")
def cut_session(event: SignedOut) -> None:
    """Cuts the sockets of the session that ended."""
    live.disconnect_person(event.thing.id, session=event.session)


@after("people.deactivate", "people.set_password", "people.sign_out_everywhere")
def cut(event: Event) -> None:
    """Cuts every socket of a person whose sessions all ended."""
    live.disconnect_person(event.thing.id)


@after("people.confirm_mail")
def cut_changed(event: Event) -> None:
    """As `cut`, when the change of address was carried out."""
    if event.result:
        live.disconnect_person(event.thing.id)


@after("people.demote")
def recheck(event: Event) -> None:
    """Takes a former administrator out of the places that are closed to them now."""
    access.drop_cached_rights(event.thing)
    live.recheck_person(event.thing.id)


@jobs.job("people.sweep")
def sweep() -> None:
    """Forgets sessions, tokens and links whose time has been over for a month."""
    before = clock.now() - KEPT
    with transaction():
        for kind in (Session, Token, OneTimeLink):
            db.session.execute(delete(kind).where(kind.expires < before))
