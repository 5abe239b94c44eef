"""Verbs of partnerships."""

from cop.partnerships.actions.setting_up import add, composition_refusal, edit, remove

__all__ = ["add", "composition_refusal", "edit", "remove"]
