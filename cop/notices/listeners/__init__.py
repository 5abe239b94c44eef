"""What notices do when something happened elsewhere."""

from cop.notices.listeners import access, documents, texts, threads

__all__ = ["access", "documents", "texts", "threads"]
