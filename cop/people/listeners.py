"""What people do when something happened: whoever went out, or was sent out, is cut off at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from cop import access
from cop.base import clock, jobs, live
from cop.base.action import Told, after, unit
from cop.base.db import db
from cop.people.models import Link, Session, Token

KEPT = timedelta(days=30)  # so long a used link still says that it was used, and mails a new one


@after("people.sign_out")
def cut_session(told: Told) -> None:
    """Cuts the sockets of the session that ended."""
    live.cut(told.thing.id, session=told.details["session"])


@after("people.deactivate", "people.set_password", "people.sign_out_everywhere")
def cut(told: Told) -> None:
    """Cuts every socket of a person whose sessions all ended."""
    live.cut(told.thing.id)


@after("people.confirm_mail")
def cut_changed(told: Told) -> None:
    """As `cut`, when the change of address was carried out."""
    if told.result:
        live.cut(told.thing.id)


@after("people.demote")
def recheck(told: Told) -> None:
    """Takes a former administrator out of the places that are closed to them now."""
    access.forget(told.thing)
    live.recheck(told.thing.id)


@jobs.job("people.sweep")
def sweep() -> None:
    """Forgets sessions, tokens and links whose time has been over for a month."""
    before = clock.now() - KEPT
    with unit():
        for kind in (Session, Token, Link):
            db.session.execute(delete(kind).where(kind.expires < before))
