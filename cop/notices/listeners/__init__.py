"""What notices do when something happened elsewhere."""

from cop.notices.listeners import access, chat, documents, threads

__all__ = ["access", "chat", "documents", "threads"]
