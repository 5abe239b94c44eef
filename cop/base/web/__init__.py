"""HTTP endpoints: parsed input in; a page, a Turbo stream or JSON out; CSRF, headers and hosts checked in one place."""

from cop.base.web.endpoints import ENDPOINTS, Endpoint, Routes, endpoint
from cop.base.web.negotiation import cookie, requested_format
from cop.base.web.pages import cached, render
from cop.base.web.responses import Slice, flash, respond, respond_list

__all__ = [
    "ENDPOINTS",
    "Endpoint",
    "Routes",
    "Slice",
    "cached",
    "cookie",
    "endpoint",
    "flash",
    "render",
    "requested_format",
    "respond",
    "respond_list",
]
