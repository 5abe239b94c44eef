"""Verbs of programmes: setting up, inviting, memberships and the programme team."""

from cop.programmes.actions.inviting import (
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
from cop.programmes.actions.membership import change, enrol, expire, join, remove, warn
from cop.programmes.actions.phases import due_phase, enter_phase
from cop.programmes.actions.publishing import edit_public, publish, set_logo, unpublish
from cop.programmes.actions.setting_up import (
    add_community,
    add_programme,
    edit_community,
    edit_programme,
    remove_community,
    remove_programme,
    uses_of_community,
    uses_of_programme,
)
from cop.programmes.actions.taking_back import take_back
from cop.programmes.actions.team import team_add, team_remove

__all__ = [
    "AlreadyMember",
    "accept",
    "add_community",
    "add_partners",
    "add_programme",
    "assess",
    "change",
    "correct",
    "due_phase",
    "edit_community",
    "edit_programme",
    "edit_public",
    "enrol",
    "enter_phase",
    "expire",
    "invitable",
    "invite",
    "invite_several",
    "join",
    "publish",
    "remove",
    "remove_community",
    "remove_programme",
    "resend",
    "restore",
    "revoke",
    "seats",
    "set_logo",
    "take_back",
    "team_add",
    "team_remove",
    "unpublish",
    "uses_of_community",
    "uses_of_programme",
    "warn",
    "withdraw",
]
