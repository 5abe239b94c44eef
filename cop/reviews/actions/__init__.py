"""Verbs of reviews and decisions."""

from cop.reviews.actions.deciding import edit_mail, expire_offer, propose, send
from cop.reviews.actions.reviewing import (
    add_reviewer,
    assign,
    close_round,
    declare,
    open_round,
    remove_reviewer,
    save_review,
)

__all__ = [
    "add_reviewer",
    "assign",
    "close_round",
    "declare",
    "edit_mail",
    "expire_offer",
    "open_round",
    "propose",
    "remove_reviewer",
    "save_review",
    "send",
]
