"""The verbs of chat: posting, correcting, reading, and making a thread of it."""

from cop.chat.actions.correcting import MESSAGES
from cop.chat.actions.harvesting import harvest
from cop.chat.actions.saying import mark, say

__all__ = ["MESSAGES", "harvest", "mark", "say"]
