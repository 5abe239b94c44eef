"""The facts of programmes in the checklists of the phases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import func, literal, select, union, union_all

from cop.base import clock
from cop.base.db import db
from cop.base.words import _
from cop.programmes.models import public_pages
from cop.society.checklists import Check, checks
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership, Programme

NAMED = 5  # of those that a check misses
Checks = Iterator[tuple[Programme, Check]]


def _names(missing: list[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(missing) - NAMED
    shown = ", ".join(missing[:NAMED])
    return _("%(names)s en nog %(n)s", names=shown, n=more) if more > 0 else shown


def _ids(programmes: Sequence[Programme]) -> list[int]:
    return [programme.id for programme in programmes]


@checks("recruiting", "start", "harvest", "closing")
def public(programmes: Sequence[Programme]) -> Checks:
    """What the public page says: contact and calendar, the kick-off, the outcomes."""
    pages = public_pages(_ids(programmes))
    for programme in programmes:
        page, url = pages.get(programme.id), f"{programme.url}/public"
        draft = page.draft if page else {}
        if programme.phase == "recruiting":
            yield programme, Check(_("De openbare pagina is openbaar"), programme.published is not None, url)
            yield programme, Check(_("Er is een contactpersoon met mailadres"), bool(programme.contact_mail), url)
            yield programme, Check(_("De agenda is ingevuld"), bool(draft.get("dates")), url)
        elif programme.phase == "start":
            since = str(programme.phase_since or clock.today())
            planned = any(one["day"] >= since for one in draft.get("dates", ()))
            yield programme, Check(_("De startbijeenkomst is gepland"), planned, url)
        else:
            yield programme, Check(_("De opbrengst is beschreven"), bool(draft.get("outcomes")), url)
            shown = page is not None and page.page is not None and "outcomes" in page.page["texts"]
            yield programme, Check(_("De opbrengst is openbaar"), shown and programme.published is not None, url)


@checks("start")
def start(programmes: Sequence[Programme]) -> Checks:
    """Everybody entered, and each partnership has described its challenge."""
    missing = _missing(programmes)
    for programme in programmes:
        absent, without = missing[programme.id, "person"], missing[programme.id, "partnership"]
        people = f"{programme.communities[0].url}/members" if programme.communities else programme.url
        yield programme, Check(_("Iedereen is binnen"), not absent, people, _names([name for _id, name in absent]))
        words, detail = _("Elke samenwerking heeft een lokale opgave"), _names([name for _id, name in without])
        url = f"/partnerships/{without[0][0]}" if without else programme.url
        yield programme, Check(words, not without, url, detail)


def _missing(programmes: Sequence[Programme]) -> defaultdict[tuple[int, str], list[tuple[int, str]]]:
    """Return (id, name) of who has not entered yet, also those of a partnership alone, and of the partnerships without a
    challenge, by programme and by "person" or "partnership"."""
    here = _ids(programmes)
    people = union(
        select(Community.programme_id, Membership.person_id)
        .join(Membership, Membership.community_id == Community.id)
        .where(Community.programme_id.in_(here), current()),
        select(TeamMember.programme_id, TeamMember.person_id).where(TeamMember.programme_id.in_(here)),
        select(Partnership.programme_id, PartnerPerson.person_id)
        .join(PartnerPerson, PartnerPerson.partnership_id == Partnership.id)
        .where(Partnership.programme_id.in_(here)),
    ).subquery()
    name = func.coalesce(func.nullif(Person.name, ""), Person.mail).label("name")
    absent = (
        select(literal("person").label("kind"), people.c.programme_id, Person.id, name)
        .join(Person, Person.id == people.c.person_id)
        .where(Person.entered.is_(None), Person.state != "deactivated")
    )
    undescribed = select(literal("partnership"), Partnership.programme_id, Partnership.id, Partnership.name).where(
        Partnership.programme_id.in_(here), Partnership.challenge == ""
    )
    found: defaultdict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for kind, programme, id, shown in db.session.execute(union_all(absent, undescribed).order_by("name", "id")):
        found[programme, kind].append((id, shown))
    return found


@checks("start", "deepening")
def moderated(programmes: Sequence[Programme]) -> Checks:
    """Each community has a moderator of its own."""
    here = select(Membership.community_id).join(Community, Community.id == Membership.community_id)
    moderators = here.where(Membership.role == "moderator", Community.programme_id.in_(_ids(programmes)), current())
    having = set(db.session.scalars(moderators))
    for programme in programmes:
        without = [one for one in programme.communities if one.id not in having]
        yield (
            programme,
            Check(
                _("Elke praktijkgemeenschap heeft een moderator"),
                not without,
                f"{without[0].url}/members" if without else programme.url,
                _names([one.name for one in without]),
            ),
        )


@checks("deepening")
def emphasised(programmes: Sequence[Programme]) -> Checks:
    """The team said what each community emphasises now."""
    for programme in programmes:
        without = [one for one in programme.communities if not one.emphasis]
        yield (
            programme,
            Check(
                _("Voor elke praktijkgemeenschap is gekozen wat nu telt"),
                not without,
                f"{without[0].url}/edit" if without else programme.url,
                _names([one.name for one in without]),
            ),
        )


@checks("closing")
def closing(programmes: Sequence[Programme]) -> Checks:
    """The day of the archive is known."""
    for programme in programmes:
        planned = any(one.kind == "archive" and one.starts >= clock.today() for one in programme.phases)
        url = f"{programme.url}/edit#programme"
        yield programme, Check(_("De dag waarop het archief begint, staat vast"), planned, url)
