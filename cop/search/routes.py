"""Endpoints of search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.web import Routes, Slice, endpoint, respond_list
from cop.base.words import _
from cop.search import suggest
from cop.search.find import find as find_
from cop.search.forms import HitOut, Search, SimilarOut, SuggestionOut, Typing
from cop.search.query import words
from cop.society.programmes import Community
from cop.things import Kind, kinds

routes = Routes("search", __name__)


@routes.get("/search")
@endpoint("search.find", asks=Search, gives=HitOut, many=True)
def find(asked: dict[str, Any]) -> Response:
    """Show what a query finds of what the viewer may read."""
    found = find_(current_user, asked["q"], **{name: asked[name] for name in asked if name != "q"})
    return respond_list(
        Slice(found.hits, next=found.next),
        page="search/find.html",
        found=found,
        asked=asked,
        way=_link_builder(asked),
        words=words(asked["q"]),
        kind_of=kinds.of_entry,
        tabs=_tabs(),
        communities=access.rights(current_user).communities,
        audiences=access.rights(current_user).audiences,
    )


def _tabs() -> list[tuple[str | None, str]]:
    """Return the kinds by which the page filters, with their names; what stands in a thread goes with threads.

    A kind that lets threads of a subkind through comes next to threads.
    """
    indexed = sorted((kind for kind in kinds.every() if kind.index is not None), key=_order)
    names = {kind.name for kind in indexed}
    tabs: list[tuple[str | None, str]] = [(kind.name, kind.plural()) for kind in indexed if kind.place not in names]
    return [(None, _("Alles")), *tabs, ("person", _("Deelnemers"))]


def _order(kind: Kind) -> int:
    return 0 if kind.subkinds else 1 if kind.also else 2


def _link_builder(asked: dict[str, Any]) -> Callable[..., str]:
    """Return a function that gives the address of this page with some filters changed."""
    current = {"q": asked["q"], "kind": asked["kind"], "in": asked["community"], "place": asked["place"]}

    def link(**changes: Any) -> str:
        parameters = current | {"in" if name == "community" else name: value for name, value in changes.items()}
        return f"/search?{urlencode({name: value for name, value in parameters.items() if value})}"

    return link


@routes.get("/search/suggestions")
@endpoint("search.suggestions", asks=Typing, gives=SuggestionOut, many=True)
def suggestions(asked: dict[str, Any]) -> Response:
    """Return titles and names that match what was typed so far."""
    items = suggest.suggestions(current_user, asked["q"])
    return respond_list(Slice(items), to=f"/search?{urlencode(asked)}")


@routes.get("/communities/<slug>/similar")
@endpoint("search.similar", asks=Typing, gives=SimilarOut, many=True)
def similar(slug: str, asked: dict[str, Any]) -> Response:
    """Show threads like the title of a new one, of all communities of the viewer."""
    community = access.find(current_user, Community, slug=slug)
    items = suggest.similar(current_user, community.audience_id, asked["q"])
    may_start = access.may(current_user, "threads.start", community)
    return respond_list(
        Slice(items), page="search/similar.html", community=community, typed_title=asked["q"], may_start=may_start
    )
