"""The page of a partnership."""

from __future__ import annotations

from flask import Response
from flask_login import current_user
from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.web import endpoint, respond
from cop.partnerships import forms
from cop.partnerships.actions import answers_for, communities_to_ask
from cop.partnerships.models import (
    CHALLENGE,
    ChallengeVersion,
    CheckIn,
    application_texts,
    challenge_of,
    challenge_versions,
    check_ins,
    help_questions,
    organisations_of,
)
from cop.partnerships.routes.blueprint import is_inside, routes
from cop.partnerships.timeline import timeline
from cop.society.programmes import Partnership
from cop.things import Thing

VERBS = ("edit", "remove", "describe", "check_in", "ask", "consent", "withdraw_consent")


@routes.get("/partnerships/<int:id>")
@endpoint("partnerships.show", gives=forms.PartnershipOut)
def show(id: int) -> Response:
    """Show a partnership: its people, local challenge, check-ins, and what happened around it."""
    found = access.find(current_user, Partnership, id)
    person, inside = current_user._get_current_object(), is_inside(found)
    versions = challenge_versions(found.id)
    challenge, organisations = versions[0] if versions else None, organisations_of(found.id)
    people = [one for one in found.people if one.is_active]
    texts = shown_texts(challenge, inside)
    months = readable(check_ins(found.id), inside)
    may = {verb: access.may(person, f"partnerships.{verb}", found) for verb in VERBS}
    return respond(
        lambda: partnership_out(found),
        page="partnerships/show.html",
        partnership=found,
        programme=found.programme,
        inside=inside,
        people=people,
        organisations=organisations,
        speaks_for=answers_for(person, found) if inside else set(),
        challenge=challenge,
        texts=texts,
        described=any(version.person_id for version in versions),
        several=len(versions) > 1,
        applied=application_texts(found.id) if inside else [],
        current=next((one for one in months[:1] if one.state != "missed"), None) if inside else None,
        missed=[one for one in months if one.state == "missed"],
        moments=timeline(person, found, months, versions if inside else versions[:0]),
        questions={row.check_in_id: row for row in help_questions(person, found.id)},
        communities=communities_to_ask(person, found) if may["ask"] else [],
        room=_room(found) if inside else None,
        may=may,
    )


def partnership_out(found: Partnership) -> forms.PartnershipOut:
    """Return a partnership for the API, as far as the viewer may read it."""
    challenge, inside = challenge_of(found.id), is_inside(found)
    texts = shown_texts(challenge, inside)
    return forms.PartnershipOut(
        id=found.id,
        name=found.name,
        url=found.url,
        challenge=texts["goal"],
        step=texts["step"],
        obstacle=texts["obstacle"],
        next_step=texts["next_step"],
        help_wanted=texts["help_wanted"],
        version=challenge.number if challenge else 0,
        organisations=[
            forms.PartnerOut(id=one.id, name=one.name, consent=one.consent if inside else "")
            for one in organisations_of(found.id)
        ],
        people=[one.id for one in found.people if one.is_active],
    )


def shown_texts(challenge: ChallengeVersion | None, inside: bool) -> dict[str, str]:
    """Return the texts of the local challenge that a reader may see; "" for the others."""
    if challenge is None:
        return dict.fromkeys(CHALLENGE, "")
    return {name: getattr(challenge, name) if inside or name not in challenge.private else "" for name in CHALLENGE}


def readable(found: list[CheckIn], inside: bool) -> list[CheckIn]:
    """Return the check-ins that a reader may see: the programme reads the answers that are not private."""
    return found if inside else [one for one in found if one.state == "answered" and not one.private]


def _room(partnership: Partnership) -> int | None:
    """Return the id of the chat room of a partnership."""
    here = select(Thing.id).where(Thing.audience_id == partnership.audience_id, Thing.kind == "room")
    return db.session.scalar(here.order_by(Thing.id).limit(1))
