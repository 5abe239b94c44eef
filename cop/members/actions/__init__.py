"""Verbs of invitations and memberships."""

from cop.members.actions.inviting import (
    AlreadyMember,
    add_partners,
    assess,
    invitable,
    invite,
    invite_several,
    seats,
)
from cop.members.actions.membership import change, expire, remove, warn
from cop.members.actions.pending import accept, correct, resend, restore, revoke, withdraw
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
