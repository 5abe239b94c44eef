"""What home shows of each programme: blocks and prompts by its phase and by what its communities emphasise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, bindparam, func, select

from cop import access
from cop.access.rights import AudienceRow
from cop.base import clock
from cop.base.db import UtcDateTime, db
from cop.base.fast.prepared import PreparedQuery
from cop.base.web.pages import cached
from cop.base.words import _, n_
from cop.home import models
from cop.programmes.models import PublicPage
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership, Programme
from cop.things import Thing
from cop.threads.models import UNSETTLED, Thread

# The blocks of a programme by its phase, the most important first.
BLOCKS = {
    "recruiting": ("dates", "unread", "documents", "questions"),
    "start": ("people", "dates", "unread", "documents", "questions"),
    "deepening": ("unread", "questions", "documents"),
    "harvest": ("featured", "unread", "documents", "questions"),
    "closing": ("questions", "documents", "unread", "featured"),
    "archive": ("featured", "documents"),
}
# What a community emphasises → the block that comes first; also of the community page.
EMPHASISED = {
    "conversations": ("unread", "latest"),
    "documents": ("documents",),
    "expertise": ("questions", "latest"),
    "meetings": ("dates",),
    "projects": ("partnerships",),
    "relationships": ("people",),
}
PEOPLE, DATES = 6, 4  # shown in a block
MEMBERSHIP, PERSON, ORGANISATION = Membership.__table__, Person.__table__, Organisation.__table__
THING, THREAD = Thing.__table__, Thread.__table__
HERE: BindParameter[Any] = bindparam("audiences", expanding=True)
ME = bindparam("person", type_=Integer)


class PublishedDate(NamedTuple):
    """A date of the published calendar of a programme."""

    day: date
    time: str
    title: str
    place: str


class ProgrammeFacts(NamedTuple):
    """A programme as the header and home show it."""

    id: int
    name: str
    slug: str
    phase: str
    phase_since: date | None
    published: datetime | None
    colour: str
    logo: str | None
    dates: tuple[PublishedDate, ...]
    emphases: dict[int, tuple[str, ...]]  # of its communities, by id

    @property
    def url(self) -> str:
        """Its address."""
        return f"/programmes/{self.slug}"


def facts_of(ids: Collection[int]) -> dict[int, ProgrammeFacts]:
    """Return programmes by id, in the order of the ids."""

    def read() -> tuple[ProgrammeFacts, ...]:
        # Publishing changes the programme as well, so the version of what is cached here changes with it.
        columns = [getattr(Programme, name) for name in ProgrammeFacts._fields[:-2]]
        query = (
            select(*columns, PublicPage.page, Community.id, Community.emphasis)
            .outerjoin(PublicPage, PublicPage.programme_id == Programme.id)
            .outerjoin(Community, Community.programme_id == Programme.id)
            .where(Programme.id.in_(ids))
        )
        found: dict[int, ProgrammeFacts] = {}
        for *facts, page, community, emphasis in db.session.execute(query):
            one = found.setdefault(facts[0], ProgrammeFacts._make([*facts, published_dates(page), {}]))
            if community is not None:
                one.emphases[community] = tuple(emphasis)
        return tuple(found.values())

    found = {one.id: one for one in (cached(("programmes", *ids), read) if ids else ())}
    return {id: found[id] for id in ids if id in found}


def published_dates(page: Mapping[str, Any] | None) -> tuple[PublishedDate, ...]:
    """Return the dates of a public page, as it was published."""
    dates = (page or {}).get("dates", ())
    return tuple(PublishedDate(**{**one, "day": date.fromisoformat(one["day"])}) for one in dates)


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme with the communities of a person in it; `url` is "" where they may not see its page."""

    id: int
    name: str
    url: str
    communities: list[AudienceRow]


def programmes_of(rights: access.Rights) -> list[ProgrammeRow]:
    """Return the programmes in which a person takes part, each with their communities in it."""
    own = {row.id: row for row in rights.audiences.values() if row.kind == "programme"}
    ids = dict.fromkeys([*(row.programme_id for row in rights.communities), *own])
    return [
        ProgrammeRow(
            id,
            own[id].name if id in own else "",
            own[id].url if id in own else "",
            [row for row in rights.communities if row.programme_id == id],
        )
        for id in ids
    ]


@dataclass(frozen=True)
class Prompt:
    """A suggestion to a person: what, and the page on which it is done."""

    words: str
    label: str
    url: str
    icon: str


def emphasised(emphasis: Iterable[str], blocks: Sequence[str]) -> list[str]:
    """Return blocks with the emphasised ones first, in the order of the emphases; `blocks` that are not stay behind."""
    first = [block for one in emphasis for block in EMPHASISED.get(one, ()) if block in blocks]
    return list(dict.fromkeys([*first, *blocks]))


def shown(person: Person, rights: access.Rights, programme: ProgrammeRow) -> dict[str, Any]:
    """Return what home shows of one programme."""
    facts = facts_of([programme.id])[programme.id]
    emphasis = _emphases(facts, [row.id for row in programme.communities])
    # An emphasis also brings a block that the phase does not have; in the archive nothing new is asked.
    added = () if facts.phase == "archive" else tuple(b for one in emphasis for b in EMPHASISED[one] if b != "latest")
    blocks = emphasised(emphasis, tuple(dict.fromkeys((*BLOCKS[facts.phase], *added))))
    here = [row.audience_id for row in rights.audiences.values() if row.programme_id == programme.id]
    read = {
        "unread": lambda: models.unread_threads(person, here),
        "questions": lambda: models.open_questions(person, here),
        "documents": lambda: models.latest_documents(here),
        "featured": lambda: models.featured(here, 2),
        "people": lambda: _people(person, programme),
        "dates": lambda: _coming(facts),
        "partnerships": lambda: _partnerships(person, programme.id),
    }
    found = {name: read[name]() for name in blocks}
    # A list that is empty says so where people expect it; the other blocks only stand there when they have something.
    usual = ("unread", "questions", "documents")
    return {
        "row": programme,
        "facts": facts,
        "blocks": [name for name in blocks if name in usual or found[name]],
        "prompts": _prompts(person, programme, facts, emphasis, rights),
        **dict.fromkeys(read, ()),
        **found,
    }


def _emphases(facts: ProgrammeFacts, communities: list[int]) -> tuple[str, ...]:
    """Return what these communities of a programme emphasise, the most frequent first."""
    every = [one for id in communities for one in facts.emphases.get(id, ())]
    return tuple(sorted(dict.fromkeys(every), key=lambda one: -every.count(one)))


class Face(NamedTuple):
    """A person who takes part."""

    id: int
    name: str
    photo: str | None
    function: str
    organisation: str | None


def _people(person: Person, programme: ProgrammeRow) -> tuple[Face, ...]:
    """Return those who came last into the person's communities of a programme."""
    communities = [row.id for row in programme.communities]

    def read() -> tuple[Face, ...]:
        query = (
            select(PERSON.c.id, PERSON.c.name, PERSON.c.photo, PERSON.c.function, ORGANISATION.c.name)
            .select_from(
                MEMBERSHIP.join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id).outerjoin(
                    ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id
                )
            )
            .where(
                MEMBERSHIP.c.community_id.in_(communities),
                MEMBERSHIP.c.ended.is_(None),
                PERSON.c.entered.is_not(None),
                PERSON.c.state != "deactivated",
                PERSON.c.id != person.id,
            )
            .group_by(*(PERSON.c[name] for name in ("id", "name", "photo", "function")), ORGANISATION.c.name)
            .order_by(func.max(MEMBERSHIP.c.since).desc(), PERSON.c.id)
            .limit(PEOPLE)
        )
        return tuple(Face._make(row) for row in db.session.execute(query))

    found: tuple[Face, ...] = cached(("people", person.id, *communities), read) if communities else ()
    return found


def _coming(facts: ProgrammeFacts) -> tuple[PublishedDate, ...]:
    """Return the coming dates of the published calendar of a programme."""
    today = clock.today()
    return tuple(one for one in facts.dates if one.day >= today)[:DATES]


class OwnPartnership(NamedTuple):
    """A partnership of a person, with its challenge."""

    id: int
    name: str
    challenge: str


def _partnerships(person: Person, programme_id: int) -> tuple[OwnPartnership, ...]:
    """Return the partnerships of a person in a programme."""

    def read() -> tuple[OwnPartnership, ...]:
        query = (
            select(Partnership.id, Partnership.name, Partnership.challenge)
            .join(PartnerPerson, PartnerPerson.partnership_id == Partnership.id)
            .where(PartnerPerson.person_id == person.id, Partnership.programme_id == programme_id)
            .order_by(Partnership.name)
        )
        return tuple(OwnPartnership._make(row) for row in db.session.execute(query))

    found: tuple[OwnPartnership, ...] = cached(("partnerships", person.id, programme_id), read)
    return found


class OwnThreads(NamedTuple):
    """How many experiences a person shared since a moment, and how many of their questions are open."""

    experiences: int
    questions: int
    first: int | None  # the oldest open question


_OWN = PreparedQuery(
    select(
        func.count()
        .filter(THREAD.c.thread_kind == "experience", THING.c.made >= bindparam("since", type_=UtcDateTime))
        .label("experiences"),
        func.count().filter(UNSETTLED).label("questions"),
        func.min(THING.c.id).filter(UNSETTLED).label("first"),
    )
    .select_from(THING.join(THREAD, THREAD.c.id == THING.c.id))
    .where(THING.c.audience_id.in_(HERE), THING.c.kind == "thread", THING.c.state == "live", THING.c.author_id == ME),
    row=OwnThreads,
)


def _prompts(
    person: Person, programme: ProgrammeRow, facts: ProgrammeFacts, emphasis: Collection[str], rights: access.Rights
) -> list[Prompt]:
    """Return what is asked of a person now, by the phase and the emphases; nothing that they did already."""
    writes = [row for row in programme.communities if row.writable]
    found: list[Prompt] = []
    if facts.phase == "archive":
        return found
    if facts.phase == "recruiting" and facts.published is None and rights.leads(programme.id):
        words = _("De openbare pagina is nog niet openbaar. Zo weet niemand dat u deelnemers zoekt.")
        found.append(Prompt(words, _("Naar de openbare pagina"), f"{facts.url}/public", "edit"))
    if facts.phase == "start" or "projects" in emphasis:
        for own in _partnerships(person, programme.id):
            if not own.challenge:
                words = _("Wat is de lokale opgave van ‘%(name)s’? De anderen lezen hem graag.", name=own.name)
                found.append(Prompt(words, _("Naar de samenwerking"), f"/partnerships/{own.id}", "organisation"))
    if (facts.phase == "start" or "relationships" in emphasis) and not (person.function and person.themes):
        words = _("Vertel wie u bent: met een functie en thema’s vinden anderen u.")
        found.append(Prompt(words, _("Uw profiel aanvullen"), "/settings", "person"))
    if facts.phase in ("harvest", "closing") and writes:
        found += _own_threads(person, facts, writes)
    return found


def _own_threads(person: Person, facts: ProgrammeFacts, writes: list[AudienceRow]) -> Iterable[Prompt]:
    """Yield what is asked about the person's own threads: to share what they learned, or to settle their questions."""
    since = datetime.combine(facts.phase_since or date.min, time(), clock.AMSTERDAM)
    (own,) = _OWN.rows(person=person.id, audiences=[row.audience_id for row in writes], since=since)
    if facts.phase == "harvest" and not own.experiences:
        words = _("Wat hebt u in dit programma geleerd? Deel één ervaring, goed of slecht.")
        url = f"{writes[0].url}/threads/new?kind=experience" if len(writes) == 1 else "/communities"
        yield Prompt(words, _("Deel een ervaring"), url, "experience")
    if facts.phase == "closing" and own.questions:
        words = n_(
            "%(n)s vraag van u is nog open. Kies het antwoord dat hielp.",
            "%(n)s vragen van u zijn nog open. Kies het antwoord dat hielp.",
            own.questions,
        )
        yield Prompt(words, _("Naar uw vraag"), f"/threads/{own.first}", "question")
