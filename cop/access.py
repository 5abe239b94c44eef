"""Who may do what: one table of verbs, one question for lists and checks alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, false, inspect, or_, select, true

from cop.base import clock, stamps
from cop.base.db import db
from cop.base.errors import Forbidden, NotFound, SignInNeeded
from cop.base.ready import Ready
from cop.base.words import _
from cop.people.models import Organisation, Person
from cop.programmes.models import Community, Membership, Partnership, Programme, TeamMember, current
from cop.things import Thing, as_read, reading

T = TypeVar("T")
Rule = Callable[["Rights", Person, Any], bool]
CURATORS = ("moderator", "team")
WRITERS = ("member", "expert", "moderator", "team")


class System:
    """The house itself: commands and recurring jobs. It may do all, and signs with nobody's name."""

    id = None
    is_admin = True
    name = ""
    language = "nl"
    organisation_id = None
    organisation = None


SYSTEM = System()


def _places() -> Select[Any]:
    """The communities in which `:person` takes part on `:today`, in one question."""
    today = bindparam("today", type_=Date)
    direct = select(Membership.community_id, Membership.role).where(
        Membership.person_id == bindparam("person"), current(today)
    )
    team = (
        select(Community.id, TeamMember.programme_id)
        .join(TeamMember, TeamMember.programme_id == Community.programme_id)
        .where(TeamMember.person_id == bindparam("person"))
    )
    d, t = direct.subquery(), team.subquery()
    return (
        select(
            Community.id,
            Community.slug,
            Community.name,
            Community.programme_id,
            d.c.role,
            t.c.programme_id.label("team"),
        )
        .outerjoin(d, d.c.community_id == Community.id)
        .outerjoin(t, t.c.id == Community.id)
        .where(or_(d.c.role.is_not(None), t.c.programme_id.is_not(None)))
        .order_by(Community.programme_id, Community.position)
    )


PLACES = Ready(_places())


class Rights:
    """In which communities a person takes part, and as what; read once per request."""

    def __init__(self, person: Person):
        self.roles: dict[int, str] = {}
        self.communities: list[Any] = []
        for row in PLACES.rows(person=person.id, today=clock.today()):
            self.communities.append(row)
            self.roles[row.id] = "team" if row.team is not None else row.role
        # The communities in which the person is moderator or programme team.
        self.curated = [id for id, role in self.roles.items() if role in CURATORS]

    def role(self, community_id: int | None) -> str | None:
        """The role in a community, None for who does not take part."""
        return self.roles.get(community_id) if community_id is not None else None

    def curates(self, community_id: int | None) -> bool:
        return self.role(community_id) in CURATORS


def rights(person: Any) -> Rights:
    """The rights of a person, kept with the person as they were read."""
    memo = getattr(person, "memo", None)
    if memo is None or ("rights" not in memo and stamps.touched()):  # what a unit may take back is kept for itself
        memo = person.memo = {}
    if "rights" not in memo:
        memo["rights"] = Rights(person)
    kept: Rights = memo["rights"]
    return kept


def community(person: Any, id: int) -> Any:
    """A community in which the person takes part, as their rights know it (id, slug, name, programme_id)."""
    return next(c for c in rights(person).communities if c.id == id)


def forget(person: Any) -> None:
    """Has the rights of a person read anew: a verb just changed them."""
    person.memo = None


def community_of(thing: Any) -> int | None:
    """The community a thing stands in; a community stands in itself."""
    return thing.id if isinstance(thing, Community) else getattr(thing, "community_id", None)


def roles(*names: str) -> Rule:
    """Who has one of these roles in the community of the thing."""
    return lambda rights, person, thing: rights.role(community_of(thing)) in names


def either(*rules: Rule) -> Rule:
    """Whom one of the rules allows."""
    return lambda rights, person, thing: any(rule(rights, person, thing) for rule in rules)


def author(rights: Rights, person: Person, thing: Any) -> bool:
    """Who made the thing, as long as they may write there."""
    return thing.author_id == person.id and rights.role(community_of(thing)) in WRITERS


def themselves(rights: Rights, person: Person, thing: Any) -> bool:
    """The person the thing is, or belongs to."""
    return (thing.id if isinstance(thing, Person) else getattr(thing, "person_id", None)) == person.id


def admin(rights: Rights, person: Person, thing: Any) -> bool:
    """Administrators."""
    return bool(person.is_admin)


def leads_programme(rights: Rights, person: Person, thing: Any) -> bool:
    """The programme team of the programme (or of the thing's programme)."""
    programme = thing.id if isinstance(thing, Programme) else getattr(thing, "programme_id", None)
    return any(c.programme_id == programme and rights.roles[c.id] == "team" for c in rights.communities)


def leads_some_programme(rights: Rights, person: Person, thing: Any) -> bool:
    """The programme team of any programme: organisations are shared by all."""
    return "team" in rights.roles.values()


def system(rights: Rights, person: Person, thing: Any) -> bool:
    """Nobody but the house itself (`SYSTEM` passes before any rule is asked)."""
    return False


members = roles(*WRITERS)
readers = roles(*WRITERS, "reader")
curators = roles(*CURATORS)

# Verb → who. One line each, in the order of the alphabet; the matrix in docs/ is printed from it.
RULES: dict[str, Rule] = {
    "communities.add": either(admin, leads_programme),
    "communities.edit": curators,
    "communities.join": admin,
    "drafts.drop": themselves,
    "drafts.save": themselves,
    "files.describe": either(author, curators),
    "files.replace": members,
    "files.restore": members,
    "files.trash": either(author, curators),
    "files.untrash": either(author, curators),
    "files.upload": members,
    "folders.add": members,
    "folders.remove": curators,
    "folders.rename": curators,
    "jobs.revive": admin,
    "mail.resend": admin,
    "members.change": curators,
    "members.expire": system,
    "members.invite": curators,
    "members.invite_several": curators,
    "members.remove": either(curators, themselves),
    "members.resend": curators,
    "members.revoke": curators,
    "members.warn": system,
    "messages.edit": author,
    "messages.hide": curators,
    "messages.react": members,
    "messages.restore": author,
    "messages.retract": author,
    "messages.say": members,
    "messages.unhide": curators,
    "messages.unreact": members,
    "notices.choose": themselves,
    "notices.follow": readers,
    "notices.mute": readers,
    "notices.read": themselves,
    "notices.unfollow": readers,
    "notices.unsubscribe": system,
    "organisations.add": either(admin, leads_some_programme),
    "organisations.edit": either(admin, leads_some_programme),
    "partnerships.add": either(admin, leads_programme),
    "partnerships.edit": either(admin, leads_programme),
    "people.add": admin,
    "people.change_mail": themselves,
    "people.confirm_mail": system,
    "people.deactivate": admin,
    "people.demote": admin,
    "people.edit": themselves,
    "people.enter": themselves,
    "people.link": system,
    "people.promote": admin,
    "people.reactivate": admin,
    "people.set_language": themselves,
    "people.set_password": themselves,
    "people.set_photo": themselves,
    "people.sign_in": system,
    "people.sign_out": themselves,
    "people.sign_out_everywhere": themselves,
    "posts.edit": author,
    "posts.hide": curators,
    "posts.react": members,
    "posts.restore": author,
    "posts.retract": author,
    "posts.unhide": curators,
    "posts.unreact": members,
    "programmes.add": admin,
    "programmes.edit": either(admin, leads_programme),
    "rooms.harvest": members,
    "rooms.mark": readers,
    "team.add": either(admin, leads_programme),
    "team.remove": either(admin, leads_programme),
    "threads.answer": either(author, curators),
    "threads.close": curators,
    "threads.feature": curators,
    "threads.hide": curators,
    "threads.mark": readers,
    "threads.move": curators,
    "threads.pin": curators,
    "threads.reopen": curators,
    "threads.reply": members,
    "threads.retitle": either(author, curators),
    "threads.retract": author,
    "threads.start": members,
    "threads.unanswer": either(author, curators),
    "threads.unfeature": curators,
    "threads.unhide": curators,
    "threads.unpin": curators,
    "tokens.make": themselves,
    "tokens.revoke": themselves,
    "uploads.sweep": admin,
}


def seen_by(person: Any, kind: type[Any]) -> ColumnElement[bool]:
    """The rows of `kind` that a person may see, as SQL: lists, search, sockets and mail ask nothing else."""
    if person is SYSTEM:
        return true()
    if not getattr(person, "is_authenticated", False):
        return false()
    mine = rights(person)
    if issubclass(kind, Thing):
        return _things(person, mine, kind)
    if kind is Community:
        return Community.id.in_(mine.roles)
    if kind is Programme:
        return or_(Programme.id.in_({c.programme_id for c in mine.communities}), true() if person.is_admin else false())
    if kind is Partnership:
        return or_(
            Partnership.programme_id.in_({c.programme_id for c in mine.communities}),
            true() if person.is_admin else false(),
        )
    if kind is Person:
        return _people(person, mine)
    if kind is Organisation:
        return true()
    raise TypeError(f"nobody said who may see a {kind.__name__}")


def _things(person: Person, mine: Rights, kind: type[Thing]) -> ColumnElement[bool]:
    seen = things_seen(kind, list(mine.roles), mine.curated, person.id)
    # Of which kind they are goes without saying, but the index of a shelf begins with it.
    return seen if kind is Thing else and_(kind.kind == inspect(kind).polymorphic_identity, seen)


def things_seen(kind: Any, mine: Any, curated: Any, person: Any) -> ColumnElement[bool]:
    """Live things of my communities; my own drafts; hidden and trashed ones for who curates or made them.

    A retracted or hidden post keeps its place as a tombstone; that its text is withheld is its partial's matter, so
    only things that stand by themselves (their parent is None) vanish. The values may be bound parameters.
    """
    return and_(
        kind.community_id.in_(mine),
        or_(
            kind.state == "live",
            and_(kind.state.in_(("hidden", "retracted")), kind.parent_id.is_not(None)),
            and_(kind.state.in_(("hidden", "trashed")), kind.community_id.in_(curated)),
            and_(kind.author_id == person, kind.state.in_(("draft", "hidden", "retracted", "trashed"))),
        ),
    )


# Which rows of the spine the one with these rights sees, for questions that are made once.
SEEN = things_seen(
    Thing.__table__.c, bindparam("mine", expanding=True), bindparam("curated", expanding=True), bindparam("person")
)


@cache
def _by_id(kind: type[Thing]) -> Ready:
    """What finds a thing by `:id` for who has these rights."""
    return Ready(reading(kind).where(Thing.__table__.c.id == bindparam("id"), SEEN))


def _people(person: Person, mine: Rights) -> ColumnElement[bool]:
    return true() if person.is_admin else people_seen({c.programme_id for c in mine.communities}, person.id)


def people_seen(programmes: Any, person: Any) -> ColumnElement[bool]:
    """Myself, and who shares a programme with me; an administrator sees everybody. The values may be bound."""
    shared = (
        select(Membership.person_id)
        .join(Community, Community.id == Membership.community_id)
        .where(Community.programme_id.in_(programmes))
    )
    team = select(TeamMember.person_id).where(TeamMember.programme_id.in_(programmes))
    return or_(Person.id == person, Person.id.in_(shared), Person.id.in_(team))


def find(person: Any, kind: type[T], id: int | None = None, **by: Any) -> T:
    """The thing with this id (or these fields) that the person may see; 404 otherwise, whatever the reason."""
    if person is not SYSTEM and not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    if id is not None and person is not SYSTEM and issubclass(kind, Thing) and kind is not Thing:
        mine = rights(person)
        row = _by_id(kind).first(id=id, mine=list(mine.roles), curated=mine.curated, person=person.id)
        found = cast(T, as_read(kind, row)) if row is not None else None
    else:
        wanted = select(kind).where(seen_by(person, kind))
        wanted = wanted.where(kind.id == id) if id is not None else wanted.filter_by(**by)  # type: ignore[attr-defined]
        found = db.session.scalar(wanted)
    if found is None:
        raise NotFound()
    if isinstance(found, Thing) and found.parent_id is not None:
        _open_parent(person, found)
    return found


def rows(person: Any, asked: Ready, **values: Any) -> list[Any]:
    """The rows that `asked`, which holds `SEEN`, finds for the person."""
    if not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    mine = rights(person)
    return asked.rows(mine=list(mine.roles), curated=mine.curated, person=person.id, **values)


def find_row(person: Any, asked: Ready, **values: Any) -> Any:
    """The first of such rows; 404 where there is none."""
    found = rows(person, asked, **values)
    if not found:
        raise NotFound()
    return found[0]


def _open_parent(person: Any, thing: Thing) -> None:
    """What stands in a hidden thread is as hidden as the thread."""
    parent = db.session.get(Thing, thing.parent_id)
    if parent is None or parent.state == "live" or person is SYSTEM:
        return
    if not rights(person).curates(parent.community_id) and parent.author_id != person.id:
        raise NotFound()


def may(person: Any, verb: str, thing: Any) -> bool:
    """Whether the rule of `verb` allows it; for showing or leaving out a button."""
    return person is SYSTEM or (
        getattr(person, "is_authenticated", False) and RULES[verb](rights(person), person, thing)
    )


def judge(person: Any, verb: str, thing: Any) -> None:
    """Refuses who may not: asked inside every verb, whatever the door."""
    if person is not SYSTEM and not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    if not may(person, verb, thing):
        raise Forbidden(_("U hebt hier niet het recht toe. Vraag het de moderator van deze praktijkgemeenschap."))


def place(person: Any, name: str) -> int | None:
    """The last seq of a live place (`thread:7`, `room:2`, `page:3`) for who may be there, else None."""
    kind, _colon, id = name.partition(":")
    if not id.isdecimal() or len(id) > 9 or kind not in ("thread", "room", "page"):
        return None
    try:
        thing = find(person, Thing, int(id))
    except NotFound:
        return None
    return thing.last_seq if thing.kind == kind else None


def readers_of(community_id: Any, today: Any = None) -> ColumnElement[bool]:
    """The people who may read in a community today, as SQL on Person: whom a mention or a notice may reach.

    The values may be bound.
    """
    programme = select(Community.programme_id).where(Community.id == community_id).scalar_subquery()
    return and_(
        Person.state != "deactivated",
        or_(
            Person.id.in_(select(Membership.person_id).where(Membership.community_id == community_id, current(today))),
            Person.id.in_(select(TeamMember.person_id).where(TeamMember.programme_id == programme)),
        ),
    )


def names_here(community_id: int, source: str) -> dict[str, int]:
    """Name → id of who may read here, for mentions; asked only when the source has an @."""
    if "@" not in source:
        return {}
    return {name: id for id, name in db.session.execute(select(Person.id, Person.name).where(readers_of(community_id)))}
