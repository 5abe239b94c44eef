"""The verbs of programmes: setting up, inviting, and who takes part as what."""

from cop.programmes.actions.inviting import accept, invite, resend, revoke
from cop.programmes.actions.membership import change, expire, join, remove, team_add, team_remove, warn
from cop.programmes.actions.setting_up import (
    add_community,
    add_partnership,
    add_programme,
    edit_community,
    edit_partnership,
    edit_programme,
)

__all__ = ["accept", "add_community", "add_partnership", "add_programme", "change", "edit_community", "edit_partnership",
           "edit_programme", "expire", "invite", "join", "remove", "resend", "revoke", "team_add", "team_remove", "warn"]
