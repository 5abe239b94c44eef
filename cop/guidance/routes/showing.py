"""Endpoints that read guidance: the list of a community, a card with its versions, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response

from cop import access, things
from cop.access import viewer
from cop.base import clock
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, respond, respond_list
from cop.guidance import forms
from cop.guidance.actions.keeping import year_from
from cop.guidance.actions.sourcing import contributions
from cop.guidance.models import (
    SECTIONS,
    Card,
    CardComment,
    CardVersion,
    comments_of,
    possible_owners,
    possible_reviewers,
    sections_of,
    versions_of,
)
from cop.guidance.reading import SourceRow, cards, contributors, replacements, sources_of
from cop.guidance.routes.blueprint import find, routes
from cop.society.programmes import Community

ACTS = (
    "adopt",
    "advise",
    "affirm",
    "assign",
    "comment",
    "confirm",
    "edit",
    "expire",
    "leave_out",
    "reinstate",
    "remove",
    "review",
    "revise",
    "settle",
    "unrevise",
    "withdraw",
)


@dataclass
class Text:
    """The text of a card: of the version with this number, or that which is being written (0)."""

    number: int
    title: str
    sections: list[forms.SectionOut]
    sources: list[SourceRow]
    adopted: CardVersion | None


@routes.get("/communities/<slug>/guidance")
@endpoint("guidance.list", asks=forms.Listing, gives=forms.ListedCardOut, many=True)
def list_(slug: str, asked: dict[str, Any]) -> Response:
    """List the guidance of a community, the newest first."""
    person, community = viewer(), access.find(viewer(), Community, slug=slug)
    found = cards(person, community.audience_id, **asked)
    return respond_list(
        found,
        page="guidance/list.html",
        usage=lambda: things.usage_of([row.id for row in found.items]),
        community=community,
        asked=asked,
        may_draft=access.may(person, "guidance.draft", community),
        today=clock.today(),
    )


@routes.get("/guidance/<int:id>")
@endpoint("guidance.show", asks=forms.Shown, gives=forms.CardOut)
def show(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Show guidance: the adopted version, or the text that is being written."""
    person, card = viewer(), find(id)
    shown = text_of(card, (asked or {}).get("version"))
    comments = comments_of(card.id) if not shown.number else []
    may = {verb: access.may(person, f"guidance.{verb}", card) for verb in ACTS}
    own = contributions(card.id, person.id)

    def page() -> dict[str, Any]:
        replaced_by = db.session.get(Card, card.replaced_by_id) if card.replaced_by_id else None
        here = shown.number == (0 if card.editable else card.number)  # where it is acted on
        return {
            "may": may,
            "acts": here,
            "comments": comments,
            "settles": may["settle"],
            "person": person,
            "audience": access.audience(person, card.audience_id),
            "newest": shown.number in (0, card.number),
            "thanked": contributors(shown.sources),
            "own_name": own[0].named if own else None,
            "replaced_by": replaced_by if replaced_by is not None and replaced_by.state == "live" else None,
            "reviewers": possible_reviewers(card) if here and may["review"] and card.status == "draft" else [],
            "owners": possible_owners(card.audience_id) if here and may["assign"] else [],
            "replacements": replacements(card) if here and may["expire"] and card.status == "adopted" else [],
            "in_a_year": year_from(clock.today()),
            "belongs": things.places_of(person, "card", card.id),
            "may_use": shown.number and card.status != "expired" and access.may(person, "uses.report", card),
            "today": clock.today(),
        }

    return respond(_out(card, shown, comments), page="guidance/show.html", card=card, shown=shown, context=page)


def text_of(card: Card, number: int | None) -> Text:
    """Return the text of a version: by default the newest adopted one, and before the first what is being written.

    Raise NotFound for a version that there is not.
    """
    number = card.number if number is None else number
    rows = sources_of(card.id)
    if number == 0:
        if card.number and not card.editable:
            raise NotFound
        sections = [
            forms.SectionOut(name=one.name, html=one.html, source=one.source, version=one.version)
            for one in sections_of(card.id).values()
        ]
        return Text(0, card.title, sections, [row for row in rows if row.left is None], None)
    version = db.session.get(CardVersion, (card.id, number))
    if version is None:
        raise NotFound
    content = version.content
    sections = [
        forms.SectionOut(name=name, html=one["html"], source=one["source"], version=0)
        for name in SECTIONS
        if (one := content["sections"].get(name))
    ]
    return Text(number, content["title"], sections, [row for row in rows if row.id in content["sources"]], version)


def _out(card: Card, shown: Text, comments: list[CardComment]) -> dict[str, Any]:
    """Return a card as the API gives it."""
    replaced_by = db.session.get(Card, card.replaced_by_id) if card.replaced_by_id else None
    version = shown.adopted
    return {
        "id": card.id,
        "url": card.url,
        "title": shown.title,
        "status": card.status,
        "version": shown.number,
        "adopted_at": clock.rfc3339(version.made) if version else None,
        "adopted_by": version.person.name if version and version.person else "",
        "approved_by": version.approved_by.name if version and version.approved_by else "",
        "review_by": card.review_by,
        "owner_id": card.owner_id,
        "owner": card.owner.name if card.owner else "",
        "reviewer_id": card.reviewer_id,
        "reviewer": card.reviewer.name if card.reviewer else "",
        "approved": card.approved is not None,
        "expiry_reason": card.expiry_reason,
        "replaced_by": replaced_by.url if replaced_by is not None and replaced_by.state == "live" else "",
        "sections": shown.sections,
        "sources": [forms.SourceOut.of(row) for row in shown.sources],
        "comments": [forms.CommentOut.of(one) for one in comments],
    }


def respond_with(card: Card, status: int = 200, at: str = "") -> Response:
    """Respond to a verb with the card as it is now; a browser goes to its page, where that is being written to that text."""

    def result() -> dict[str, Any]:
        shown = text_of(card, 0 if card.editable else card.number)
        return _out(card, shown, comments_of(card.id) if not shown.number else [])

    work = "?version=0" if card.revised else ""
    return respond(result, to=f"{card.url}{work}{at}", status=status)


@routes.get("/guidance/<int:id>/versions")
@endpoint("guidance.versions", gives=forms.VersionOut, many=True)
def versions(id: int) -> Response:
    """List the adopted versions of guidance with what changed in each, the newest first."""
    card = find(id)
    found = versions_of(card.id)
    before = [*found[1:], None][: len(found)]
    listed = [(version, _changed(version, former)) for version, former in zip(found, before, strict=True)]
    return respond_list(
        Slice(listed),
        page="guidance/versions.html",
        card=card,
        former={version.number: one for version, one in zip(found, before, strict=True)},
        audience=access.audience(viewer(), card.audience_id),
    )


def _changed(version: CardVersion, former: CardVersion | None) -> list[str]:
    """Return the names of the sections that differ from the version before."""
    if former is None:
        return []
    now, then = version.content["sections"], former.content["sections"]
    return [name for name in SECTIONS if now.get(name, {}).get("source") != then.get(name, {}).get("source")]
