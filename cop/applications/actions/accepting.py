"""Accepting: an application becomes a partnership with everything that belongs to it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from cop import access
from cop.base import clock
from cop.base.action import UNDO_WITHIN, action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.questionnaires import Snapshot
from cop.base.text.folding import fold_name
from cop.base.words import _
from cop.intake.models import AcceptedApplication, Application, newest_snapshot
from cop.society.events import Accepted, ApplicationAccepted, ApplicationUndone, Undone
from cop.society.organisations import Organisation
from cop.society.people import Person, by_mail
from cop.society.programmes import Community, Partnership
from cop.things import removal


@action("applications.accept", event=ApplicationAccepted)
def accept(
    person: Person,
    application: Application,
    *,
    name: str,
    matched: Sequence[int],
    communities: Sequence[str],
) -> Accepted:
    """Make the partnership of an admitted application, with its organisations, people, memberships and texts.

    matched: for each organisation of the application, in order, the id of the one it is, or 0 for a new one. communities:
    the slugs of those that its people come into. Raise Conflict for an application that was not admitted, or was accepted
    before.
    """
    if application.state != "submitted" or application.outcome not in ("admit", "accepted"):
        raise Conflict(_("Maak eerst bekend dat deze aanvraag is toegelaten."))
    acceptance = _begin(person, application)
    snapshot = newest_snapshot(application)
    organisations = _organisations(person, acceptance, named_organisations(snapshot), matched)
    places = _communities(application, communities)
    partnership = Partnership(
        programme_id=application.call.programme_id, name=name, challenge=_first_text(snapshot), people=[]
    )
    partnership.organisations = list({one.id: one for one in organisations}.values())
    db.session.add(partnership)
    db.session.flush()
    acceptance.partnership_id, acceptance.partnership = partnership.id, partnership
    contacts = _contacts(application)
    accounts = [by_mail(one.mail) for one in contacts]
    acceptance.known = [one.id for one in accounts if one is not None]
    detail(partnership=partnership.id, communities=[place.id for place in places])
    return Accepted(
        id=acceptance.id,
        partnership=partnership.id,
        people=[(one.mail, one.name, _organisation_of(one.organisation, organisations)) for one in contacts],
        communities=[place.id for place in places],
        answers={
            block.key: str(snapshot.answers[block.key])
            for block in snapshot.parsed.blocks
            if block.kind in ("short", "long") and block.open_to_reviewers and snapshot.answers.get(block.key)
        },
    )


def _begin(person: Person, application: Application) -> AcceptedApplication:
    """Return the acceptance of an application; its row is unique, so that of two at once one makes a partnership."""
    db.session.execute(select(Application.id).where(Application.id == application.id).with_for_update())
    found = db.session.scalar(
        select(AcceptedApplication)
        .where(AcceptedApplication.application_id == application.id)
        .execution_options(populate_existing=True)
    )
    if found is not None and found.undone is None:
        raise Conflict(_("Deze aanvraag is al een samenwerking."))
    if found is None:
        found = AcceptedApplication(application_id=application.id)
        db.session.add(found)
    found.made, found.by_id, found.entered, found.undone = clock.now(), person.id, None, None
    found.organisations, found.known = [], []
    db.session.flush()
    return found


def named_organisations(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the organisations that the applicants typed, in order."""
    return [
        row
        for block in snapshot.parsed.blocks
        if block.kind == "organisations"
        for row in snapshot.answers.get(block.key) or []
    ]


def _contacts(application: Application) -> list[Any]:
    return [one for one in application.contacts if one.verified and one.removed is None]


def _organisations(
    person: Person, acceptance: AcceptedApplication, named: Sequence[Mapping[str, Any]], matched: Sequence[int]
) -> list[Organisation]:
    """Return the organisations that the team matched, and new ones; a name need not be unique."""
    if len(matched) != len(named) or not named:
        raise Invalid(errors={"matched": _("Kies voor elke organisatie welke het is.")})
    seen = select(Organisation).where(Organisation.id.in_(set(matched)), access.visible_to(person, Organisation))
    known = {one.id: one for one in db.session.scalars(seen)}
    found = []
    for row, id in zip(named, matched, strict=True):
        if id and id not in known:
            raise Invalid(errors={"matched": _("Kies organisaties uit de lijst.")})
        if id:
            found.append(known[id])
            continue
        made = Organisation(
            name=row["name"], kind=row["kind"] or "other", region=row.get("municipality", ""), added_by_id=person.id
        )
        db.session.add(made)
        db.session.flush()
        acceptance.organisations = [*acceptance.organisations, made.id]
        found.append(made)
    return found


def _communities(application: Application, slugs: Sequence[str]) -> list[Community]:
    query = select(Community).where(
        Community.programme_id == application.call.programme_id, Community.slug.in_(set(slugs))
    )
    found = list(db.session.scalars(query.order_by(Community.position)))
    if not found or len(found) < len(set(slugs)):
        raise Invalid(errors={"communities": _("Kies ten minste één praktijkgemeenschap uit de lijst.")})
    return found


def _first_text(snapshot: Snapshot) -> str:
    """Return the first long text that reviewers read: the local challenge, in the applicants' own words."""
    for block in snapshot.parsed.blocks:
        if block.kind == "long" and block.open_to_reviewers and snapshot.answers.get(block.key):
            return str(snapshot.answers[block.key])[:4000]
    return ""


def _organisation_of(typed: str, organisations: Sequence[Organisation]) -> int | None:
    """Return the organisation that a contact named as their own, the only one, or None."""
    wanted = fold_name(typed).strip()
    if len(organisations) == 1:
        return organisations[0].id
    return next((one.id for one in organisations if wanted and fold_name(one.name).strip() == wanted), None)


@action("applications.undo", event=ApplicationUndone)
def undo(person: Person, application: Application) -> Undone:
    """Take an acceptance back, with everything it made, within a day and while nobody entered.

    One conditional statement on the row that entering changes too: one of the two happens. Raise Conflict otherwise.
    """
    found = db.session.execute(
        update(AcceptedApplication)
        .where(
            AcceptedApplication.application_id == application.id,
            AcceptedApplication.undone.is_(None),
            AcceptedApplication.entered.is_(None),
            AcceptedApplication.made > clock.now() - UNDO_WITHIN,
        )
        .values(undone=clock.now())
        .returning(AcceptedApplication.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if found is None:
        raise Conflict(_("Dit kan niet meer: er is al iemand ingelogd, of het is langer dan een dag geleden."))
    acceptance = db.session.get_one(AcceptedApplication, found, populate_existing=True)
    partnership = acceptance.partnership
    contacts = [by_mail(one.mail) for one in _contacts(application)]
    people = [one.id for one in contacts if one is not None]
    detail(partnership=acceptance.partnership_id)
    return Undone(
        id=acceptance.id,
        partnership=partnership.id if partnership else 0,
        people=people,
        new=[id for id in people if id not in acceptance.known],
        made=acceptance.made,
    )


def remove_made(undone: Undone) -> None:
    """Delete the partnership and the organisations that an acceptance made; what is used elsewhere meanwhile stays."""
    acceptance = db.session.get_one(AcceptedApplication, undone.id)
    partnership = acceptance.partnership
    if partnership is not None:
        if uses := removal.contents(partnership.audience_id):
            raise Conflict(_("Dit kan nog niet. Hier staat of doet nog mee: %(uses)s.", uses=", ".join(uses)))
        acceptance.partnership, acceptance.partnership_id = None, None
        db.session.flush()
        removal.remove_owner(partnership, partnership.audience_id)
    for id in acceptance.organisations:
        _remove_unused(id)
    acceptance.organisations = []


def _remove_unused(id: int) -> None:
    """Delete an organisation unless something refers to it."""
    db.session.flush()
    connection = db.session.connection()
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(delete(Organisation).where(Organisation.id == id))
    db.session.expire_all()
