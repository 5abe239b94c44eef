"""Verbs of programmes: setting up, the public page, phases and the programme team."""

from cop.programmes.actions.joining import join
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
from cop.programmes.actions.team import team_add, team_remove

__all__ = [
    "add_community",
    "add_programme",
    "due_phase",
    "edit_community",
    "edit_programme",
    "edit_public",
    "enter_phase",
    "join",
    "publish",
    "remove_community",
    "remove_programme",
    "set_logo",
    "team_add",
    "team_remove",
    "unpublish",
    "uses_of_community",
    "uses_of_programme",
]
