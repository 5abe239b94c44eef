"""What notices do when something happened elsewhere."""

from cop.notices.listeners import access, bell, chat, documents, threads

__all__ = ["access", "bell", "chat", "documents", "threads"]
