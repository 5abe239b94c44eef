"""The doors: HTTP in, page, stream or JSON out; CSRF, headers and hosts kept in one place."""

from cop.base.web.answers import Page, answer, answer_list, say
from cop.base.web.doors import DOORS, Door, Routes, door
from cop.base.web.pages import cached, render
from cop.base.web.wants import cookie, wants

__all__ = [
    "DOORS",
    "Door",
    "Page",
    "Routes",
    "answer",
    "answer_list",
    "cached",
    "cookie",
    "door",
    "render",
    "say",
    "wants",
]
