"""Listeners of people: recheck the live places of a former administrator; delete expired credentials."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from cop import access
from cop.base import clock, jobs, live
from cop.base.action import transaction
from cop.base.db import db
from cop.base.events import Event, after
from cop.society.credentials import OneTimeLink, Session, Token

RETENTION = timedelta(days=30)  # a used link is recognised this long, so that it can offer a new one


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
