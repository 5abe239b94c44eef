"""HTTP endpoints: parsed input; a page, a Turbo stream or JSON as response; CSRF, headers and hosts in one place."""

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
