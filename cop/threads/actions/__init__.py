"""The verbs of threads: posting, correcting, curating, reading."""

from cop.threads.actions.posting import reply, start

__all__ = ["reply", "start"]
