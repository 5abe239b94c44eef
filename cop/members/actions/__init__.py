"""Verbs of invitations and memberships."""

from cop.members.actions.inviting import (
    AlreadyMember,
    accept,
    add_partners,
    assess,
    correct,
    invitable,
    invite,
    invite_several,
    resend,
    restore,
    revoke,
    seats,
    withdraw,
)
from cop.members.actions.membership import change, expire, remove, warn
from cop.members.actions.taking_back import take_back

__all__ = [
    "AlreadyMember",
    "accept",
    "add_partners",
    "assess",
    "change",
    "correct",
    "expire",
    "invitable",
    "invite",
    "invite_several",
    "remove",
    "resend",
    "restore",
    "revoke",
    "seats",
    "take_back",
    "warn",
    "withdraw",
]
