"""The people of the demo, with their organisations, communities and roles."""

from __future__ import annotations

from datetime import datetime, timedelta

from cop.access import SYSTEM
from cop.base.db import db
from cop.cli.demo import Person as Cast
from cop.cli.seeding.stage import Stage, turn_to
from cop.directory import actions as directory
from cop.directory.municipality_lists import Line
from cop.partnerships import actions as partnerships
from cop.people import actions as people
from cop.programmes import actions as programmes
from cop.society.memberships import enrol
from cop.society.people import Affiliation, Person
from cop.society.programmes import Programme


def begin(stage: Stage, at: datetime) -> Programme:
    """Add the organisations, the programme and its team, as they are before there is anybody else; return the programme."""
    turn_to(at)
    _organisations(stage)
    programme = _programme(stage)
    _enter(stage, at, programme, [one for one in stage.demo.people if _in_team(one)])
    return programme


def gather(stage: Stage, opening: datetime, programme: Programme) -> None:
    """Add everybody else before the first event, and the partnerships."""
    _enter(stage, opening, programme, [one for one in stage.demo.people if not _in_team(one)])
    _partnerships(stage, programme)


def _in_team(one: Cast) -> bool:
    return "team" in one.communities.values()


def _enter(stage: Stage, at: datetime, programme: Programme, cast: list[Cast]) -> None:
    """Add people; they enter one after the other from `at` on."""
    for number, one in enumerate(cast):
        turn_to(at + timedelta(minutes=7 * number))
        stage.people[one.key] = _person(stage, one, programme)


def _organisations(stage: Stage) -> None:
    """Add the organisations, and as municipalities those that are one, with codes that no real one has."""
    towns = [one for one in stage.demo.organisations if one.kind == "municipality"]
    codes = {one.key: f"GM{9900 + number}" for number, one in enumerate(towns, 1)}
    directory.import_municipalities(
        SYSTEM,
        None,
        rows=[
            Line(0, codes[one.key], one.name.removeprefix("Gemeente "), one.province, None, None, None) for one in towns
        ],
    )
    for one in stage.demo.organisations:
        stage.organisations[one.key] = people.add_organisation(
            SYSTEM,
            None,
            name=one.name,
            kind=one.kind,
            region=one.region,
            province=one.province,
            municipality=codes.get(one.key, ""),
            about=one.description,
        )


def _programme(stage: Stage) -> Programme:
    entry = stage.demo.programme
    programme = programmes.add_programme(
        SYSTEM,
        None,
        name=entry.name,
        slug=entry.slug,
        phase=entry.phase,
        about=f"{entry.summary}\n\n{entry.description}".strip(),
    )
    phases = [{"kind": one.kind, "starts": one.starts, "ends": one.ends} for one in entry.phases]
    programmes.edit_programme(SYSTEM, programme, phases=phases)
    programme.phase_since = next((one.starts for one in entry.phases if one.kind == entry.phase), programme.phase_since)
    for one in stage.demo.communities:
        stage.communities[one.slug] = programmes.add_community(
            SYSTEM, programme, name=one.name, slug=one.slug, purpose=one.purpose, themes=one.themes
        )
    return programme


def _person(stage: Stage, one: Cast, programme: Programme) -> Person:
    """Return a person who has entered; inserted as rows where the verb would send a mail."""
    person = Person(
        mail=one.mail,
        name=one.name,
        bio=one.bio,
        themes=list(one.themes),
        state="active",
        language=one.language,
        is_admin=one.admin,
    )
    db.session.add(person)
    db.session.flush()
    works = [stage.organisations[key].id for key in one.organisations]
    db.session.add_all(Affiliation(person_id=person.id, organisation_id=id, main=False) for id in works)
    for slug, role in one.communities.items():
        if role != "team":
            enrol(person, stage.communities[slug], role, one.until if role == "expert" else None)
    if _in_team(one):
        programmes.team_add(SYSTEM, programme, member=person.id)
    people.enter(person, person, name=one.name, function=one.function, organisation=works[0])
    return person


def _partnerships(stage: Stage, programme: Programme) -> None:
    for one in stage.demo.partnerships:
        partnerships.add(
            SYSTEM,
            programme,
            name=one.name,
            challenge=one.challenge,
            organisations=[stage.organisations[key].id for key in one.organisations],
            people=[stage.people[key].id for key in one.people],
        )
