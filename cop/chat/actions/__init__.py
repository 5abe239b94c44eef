"""The verbs of chat: saying, correcting, curating and reading, and making a thread of it."""

from cop.chat.actions.correcting import edit, hide, react, restore, retract, unhide, unreact
from cop.chat.actions.harvesting import harvest
from cop.chat.actions.saying import mark, say

__all__ = ["edit", "harvest", "hide", "mark", "react", "restore", "retract", "say", "unhide", "unreact"]
