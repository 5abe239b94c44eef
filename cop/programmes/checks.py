"""The facts of programmes in the checklists of the phases."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.base.words import _
from cop.programmes.models import public_page
from cop.society.checklists import Check, checks
from cop.society.memberships import Membership, current, people_of_programme
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Programme

NAMED = 5  # of those that a check misses


def _names(missing: list[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(missing) - NAMED
    shown = ", ".join(missing[:NAMED])
    return _("%(names)s en nog %(n)s", names=shown, n=more) if more > 0 else shown


@checks("recruiting")
def recruiting(programme: Programme) -> Iterator[Check]:
    """The public page, its contact and its calendar."""
    page, public = public_page(programme.id), f"{programme.url}/public"
    yield Check(_("De openbare pagina is openbaar"), programme.published is not None, public)
    yield Check(_("Er is een contactpersoon met mailadres"), bool(programme.contact_mail), public)
    yield Check(_("De agenda is ingevuld"), bool(page and page.draft.get("dates")), public)


@checks("start")
def start(programme: Programme) -> Iterator[Check]:
    """Everybody entered, the kick-off is planned, and each partnership has described its challenge."""
    invited = select(Person.name, Person.mail).where(people_of_programme(programme.id), Person.entered.is_(None))
    absent = [name or mail for name, mail in db.session.execute(invited.order_by(Person.name, Person.id))]
    first = db.session.scalar(
        select(Community).where(Community.programme_id == programme.id).order_by(Community.position).limit(1)
    )
    people = f"{first.url}/members" if first else programme.url
    yield Check(_("Iedereen is binnen"), not absent, people, _names(absent))
    page = public_page(programme.id)
    since = str(programme.phase_since or clock.today())
    planned = any(one["day"] >= since for one in page.draft.get("dates", ())) if page else False
    yield Check(_("De startbijeenkomst is gepland"), planned, f"{programme.url}/public")
    empty = select(Partnership).where(Partnership.programme_id == programme.id, Partnership.challenge == "")
    without = list(db.session.scalars(empty.order_by(Partnership.name)))
    yield Check(
        _("Elke samenwerking heeft een lokale opgave"),
        not without,
        without[0].url if without else programme.url,
        _names([one.name for one in without]),
    )


@checks("start", "deepening")
def moderated(programme: Programme) -> Iterator[Check]:
    """Each community has a moderator of its own."""
    here = select(Community).where(Community.programme_id == programme.id)
    moderators = select(Membership.community_id).where(Membership.role == "moderator", current())
    without = list(db.session.scalars(here.where(Community.id.not_in(moderators)).order_by(Community.position)))
    yield Check(
        _("Elke praktijkgemeenschap heeft een moderator"),
        not without,
        f"{without[0].url}/members" if without else programme.url,
        _names([one.name for one in without]),
    )


@checks("deepening")
def emphasised(programme: Programme) -> Iterator[Check]:
    """The team said what each community emphasises now."""
    communities = db.session.scalars(select(Community).where(Community.programme_id == programme.id))
    without = [one for one in communities if not one.emphasis]
    yield Check(
        _("Voor elke praktijkgemeenschap is gekozen wat nu telt"),
        not without,
        f"{without[0].url}/edit" if without else programme.url,
        _names([one.name for one in without]),
    )


@checks("harvest", "closing")
def outcomes(programme: Programme) -> Iterator[Check]:
    """The outcomes are described, and published."""
    page, public = public_page(programme.id), f"{programme.url}/public"
    yield Check(_("De opbrengst is beschreven"), bool(page and page.draft.get("outcomes")), public)
    shown = page is not None and page.page is not None and "outcomes" in page.page["texts"]
    yield Check(_("De opbrengst is openbaar"), shown and programme.published is not None, public)


@checks("closing")
def closing(programme: Programme) -> Iterator[Check]:
    """The day of the archive is known."""
    planned = any(one.kind == "archive" and one.starts >= clock.today() for one in programme.phases)
    yield Check(_("De dag waarop het archief begint, staat vast"), planned, f"{programme.url}/edit#programme")
