"""Listeners of people: disconnect the sockets of ended sessions and closed accounts."""

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

RETENTION = timedelta(days=30)  # a used link is recognised this long, so that it can offer a new one


@after("people.sign_out")
def disconnect_session(event: SignedOut) -> None:
    """Disconnect the sockets of the session that ended."""
    live.disconnect_person(event.thing.id, session=event.session)


@after("people.deactivate", "people.set_password", "people.sign_out_everywhere")
def disconnect(event: Event) -> None:
    """Disconnect every socket of a person whose sessions all ended."""
    live.disconnect_person(event.thing.id)


@after("people.confirm_mail")
def disconnect_changed(event: Event) -> None:
    """Disconnect every socket when the change of address was carried out."""
    if event.result:
        live.disconnect_person(event.thing.id)


@after("people.demote")
def recheck(event: Event) -> None:
    """Remove a former administrator from the live places they may no longer join."""
    access.drop_cached_rights(event.thing)
    live.recheck_person(event.thing.id)


@jobs.job("people.sweep")
def sweep() -> None:
    """Delete sessions, tokens and links that expired more than `RETENTION` ago."""
    before = clock.now() - RETENTION
    with transaction():
        for kind in (Session, Token, OneTimeLink):
            db.session.execute(delete(kind).where(kind.expires < before))
