"""Listeners of notices: they turn the events of other features into notices and mail."""

from cop.notices.listeners import access, chat, documents, threads

__all__ = ["access", "chat", "documents", "threads"]
