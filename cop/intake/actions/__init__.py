"""Verbs of calls, applications, reviews and decisions."""

from cop.intake.actions.accepting import accept, undo
from cop.intake.actions.applying import (
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
from cop.intake.actions.calling import add, build, edit, extend, publish, reopen, unpublish
from cop.intake.actions.deciding import edit_mail, expire_offer, propose, send
from cop.intake.actions.keeping import erase
from cop.intake.actions.reviewing import (
    add_reviewer,
    assign,
    close_round,
    declare,
    open_round,
    remove_reviewer,
    save_review,
)

__all__ = [
    "accept",
    "add",
    "add_contact",
    "add_reviewer",
    "answer_offer",
    "assign",
    "attach",
    "build",
    "close_round",
    "declare",
    "detach",
    "edit",
    "edit_mail",
    "enter",
    "erase",
    "expire_offer",
    "extend",
    "make_lead",
    "open_round",
    "propose",
    "publish",
    "remove_contact",
    "remove_reviewer",
    "reopen",
    "save",
    "save_review",
    "send",
    "sign_out",
    "start",
    "submit",
    "undo",
    "unpublish",
    "withdraw",
]
