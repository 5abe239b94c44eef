"""Verbs of applications."""

from cop.applications.actions.accepting import accept, undo
from cop.applications.actions.applying import (
    add_contact,
    answer_offer,
    attach,
    detach,
    enter,
    make_lead,
    remove_contact,
    save,
    sign_out,
    start,
    submit,
    withdraw,
)
from cop.applications.actions.keeping import erase

__all__ = [
    "accept",
    "add_contact",
    "answer_offer",
    "attach",
    "detach",
    "enter",
    "erase",
    "make_lead",
    "remove_contact",
    "save",
    "sign_out",
    "start",
    "submit",
    "undo",
    "withdraw",
]
