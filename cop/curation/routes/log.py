"""The page with what moderators did in a community."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import endpoint, respond_list
from cop.curation import forms
from cop.curation.log import log, words
from cop.curation.routes.blueprint import routes
from cop.society.programmes import Community


@routes.get("/communities/<slug>/moderation")
@endpoint("curation.log", asks=forms.Log, gives=forms.LogOut, many=True)
def log_(slug: str, asked: dict[str, Any]) -> Response:
    """List what moderators did in a community and the viewer may see, the newest first; nobody is named."""
    community = access.find(viewer(), Community, slug=slug)
    return respond_list(
        log(viewer(), community, **asked), page="curation/log.html", community=community, words=words(), asked=asked
    )
