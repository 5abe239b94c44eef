"""Events about people and their memberships."""

from __future__ import annotations

from dataclasses import dataclass

from cop.base.events import Event


@dataclass
class MembershipChanged(Event):
    """A person's membership changed; `member` is the id of the person."""

    member: int = 0


@dataclass
class SignedOut(Event):
    """A session ended; `session` is its id, negative for an API token."""

    session: int | None = None
