"""Verbs of partnerships."""

from cop.partnerships.actions.asking import ask, communities_to_ask
from cop.partnerships.actions.checking_in import check_in, close_month, open_month, skip
from cop.partnerships.actions.consenting import answers_for, consent, withdraw_consent
from cop.partnerships.actions.describing import describe, restore_challenge, take_over
from cop.partnerships.actions.setting_up import add, composition_refusal, edit, remove

__all__ = [
    "add",
    "answers_for",
    "ask",
    "check_in",
    "close_month",
    "communities_to_ask",
    "composition_refusal",
    "consent",
    "describe",
    "edit",
    "open_month",
    "remove",
    "restore_challenge",
    "skip",
    "take_over",
    "withdraw_consent",
]
