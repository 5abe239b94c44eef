"""Endpoints of the local challenge: describing it, its versions, and putting one back."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from flask_login import current_user

from cop import access
from cop.base.errors import NotFound
from cop.base.text import compare
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.partnerships import actions, forms
from cop.partnerships.models import CHALLENGE, challenge_of, challenge_versions
from cop.partnerships.routes.blueprint import find_inside, routes
from cop.society.programmes import Partnership


@routes.get("/partnerships/<int:id>/challenge")
@endpoint("partnerships.challenge", gives=forms.ChallengeOut)
def challenge(id: int) -> Response:
    """Show the page to describe the local challenge on."""
    found = find_inside(id)
    now = challenge_of(found.id)
    if "problem" not in g and now is None:
        access.judge(current_user, "partnerships.describe", found)
    return respond(
        now,
        page="partnerships/challenge.html",
        partnership=found,
        programme=found.programme,
        challenge=now,
        goal=now.goal if now else found.challenge,
        may_describe=access.may(current_user, "partnerships.describe", found),
        overtaken="problem" in g and g.problem.status == 409,
    )


@routes.patch("/partnerships/<int:id>/challenge")
@endpoint("partnerships.describe", takes=forms.DescribeChallenge, gives=forms.ChallengeOut, form=challenge)
def describe(id: int, given: dict[str, Any]) -> Response:
    """Describe the local challenge, as a new version."""
    found = access.find(current_user, Partnership, id)
    written = actions.describe(current_user, found, **given)
    flash(_("De lokale opgave is bijgewerkt."))
    return respond(written, to=found.url)


@routes.get("/partnerships/<int:id>/challenge/versions")
@endpoint("partnerships.versions", asks=forms.Compared, gives=forms.ChallengeOut, many=True)
def versions(id: int, asked: dict[str, Any]) -> Response:
    """List the versions of the local challenge, and show what differs between two of them."""
    found = find_inside(id)
    known = challenge_versions(found.id)
    numbers = {one.number: one for one in known}
    if wrong := [number for number in (asked["version"], asked["against"]) if number and number not in numbers]:
        raise NotFound(str(wrong))
    newer = numbers[asked["version"]] if asked["version"] else known[0] if known else None
    older = numbers.get(asked["against"] or (newer.number - 1 if newer else 0))
    return respond_list(
        Slice(known),
        page="partnerships/versions.html",
        partnership=found,
        programme=found.programme,
        newer=newer,
        older=older,
        pieces={
            name: compare(getattr(older, name) if older else "", getattr(newer, name)) for name in CHALLENGE if newer
        },
        may_restore=access.may(current_user, "partnerships.restore_challenge", found),
    )


@routes.post("/partnerships/<int:id>/challenge/versions/<int:number>/restoring")
@endpoint("partnerships.restore_challenge", gives=forms.ChallengeOut)
def restore(id: int, number: int) -> Response:
    """Put the texts of an older version of the local challenge back."""
    found = access.find(current_user, Partnership, id)
    before = challenge_of(found.id)
    written = actions.restore_challenge(current_user, found, number=number)
    undo = f"{found.url}/challenge/versions/{before.number}/restoring" if before and before is not written else None
    flash(_("Versie %(n)s van de lokale opgave staat er weer.", n=number), undo=undo)
    return respond(written, to=found.url)
