"""Verbs of people: signing in and out, one's own profile and credentials, and administration."""

from cop.people.actions.credentials import (
    change_mail,
    confirm_mail,
    make_token,
    revoke_token,
    set_password,
)
from cop.people.actions.managing import add, correct, deactivate, demote, promote, reactivate
from cop.people.actions.organisations import (
    add_organisation,
    edit_organisation,
    merge_organisation,
    remove_organisation,
)
from cop.people.actions.profile import edit, enter, set_language, set_photo
from cop.people.actions.signing_in import (
    link,
    sign_in,
    sign_out,
    sign_out_everywhere,
)

__all__ = [
    "add",
    "add_organisation",
    "change_mail",
    "confirm_mail",
    "correct",
    "deactivate",
    "demote",
    "edit",
    "edit_organisation",
    "enter",
    "link",
    "make_token",
    "merge_organisation",
    "promote",
    "reactivate",
    "remove_organisation",
    "revoke_token",
    "set_language",
    "set_password",
    "set_photo",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
]
