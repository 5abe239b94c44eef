"""The finished call of the demo: reviewed, decided and announced a year ago; the admitted became its partnerships."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from cop.access import SYSTEM
from cop.applications import actions as applications
from cop.base import clock
from cop.base.db import db
from cop.base.questionnaires import Definition, newest_version
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, turn_to, utc
from cop.intake import actions as calls
from cop.intake.models import AcceptedApplication, Application, Call, Contact, Decision, Review
from cop.partnerships import actions as partnerships
from cop.people import actions as people
from cop.programmes import actions as programmes
from cop.reviews import actions as reviews
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme

Table = dict[str, Any]
STORY: Table = tomllib.loads((FILES.parent / "frontrunners.toml").read_text())
BEGINS = utc(STORY["call"]["opens"]) - timedelta(days=7)  # when the team and the reviewers enter
CRITERIA = [one["key"] for one in STORY["form"]["criteria"]]


def play(stage: Stage) -> None:
    """Play the call from its publication to the announcement; only the team and the reviewers are there yet."""
    for event in sorted(_events(stage)):
        turn_to(event.at)
        event.happen()


def _events(stage: Stage) -> Iterator[Event]:
    told = STORY["call"]
    yield Event(utc(told["opens"]) - timedelta(days=3), 0, partial(_publish, stage))
    for one in STORY["applications"]:
        yield Event(utc(one["started"]), 0, partial(_start, stage, one))
        yield Event(utc(one["sent"]), 1, partial(_submit, stage, one))
    yield Event(utc(told["reviewed"]), 0, partial(_review, stage))
    yield Event(utc(told["decided"]), 0, partial(_decide, stage))
    yield Event(utc(told["announced"]), 0, partial(_announce, stage))


def _programme(stage: Stage) -> Programme:
    return db.session.scalars(select(Programme).where(Programme.slug == stage.demo.programme.slug)).one()


def _call() -> Call:
    return db.session.scalars(select(Call).where(Call.title == STORY["call"]["title"])).one()


def _publish(stage: Stage) -> None:
    """Publish the call, which opens later, and let the reviewers enter."""
    marijke, told = stage.people["marijke"], STORY["call"]
    for one in STORY["reviewers"]:
        person = Person(mail=one["mail"], name=one["name"], state="active")
        db.session.add(person)
        db.session.flush()
        people.enter(person, person, name=one["name"], function=one["function"], organisation=0)
        stage.people[one["key"]] = person
    call = calls.add(marijke, _programme(stage), title=told["title"])
    settings = {name: told[name] for name in ("intro", "cap", "keep_weeks")}
    calls.edit(marijke, call, opens=utc(told["opens"]), closes=utc(told["closes"]), **settings)
    calls.build(marijke, call, definition=Definition.model_validate(STORY["form"]))
    calls.publish(marijke, call)


def _contacts(stage: Stage, one: Table) -> list[tuple[str, str, str]]:
    """Return name, mail and organisation of the contacts: of a later partnership the first person of two organisations."""
    if "contacts" in one:
        return [(name, mail, organisation) for name, mail, organisation in one["contacts"]]
    entry = next(each for each in stage.demo.partnerships if each.key == one["partnership"])
    cast = [next(each for each in stage.demo.people if each.key == key) for key in entry.people]
    first = {person.organisations[0]: person for person in reversed(cast)}
    chosen = [person for person in cast if first[person.organisations[0]] is person][:2]
    return [(each.name, each.mail, stage.organisations[each.organisations[0]].name) for each in chosen]


def _answers(stage: Stage, one: Table) -> Table:
    """Return the answers; those of a later partnership name its organisations and its challenge."""
    if key := one.get("partnership"):
        entry = next(each for each in stage.demo.partnerships if each.key == key)
        rows = [stage.organisations[each] for each in entry.organisations]
        organisations = [(row.name, row.kind, _town(row.name)) for row in rows]
    else:
        organisations = one["organisations"]
    answers: Table = {
        "b1": [{"name": name, "kind": kind, "municipality": town} for name, kind, town in organisations],
        "b2": one["task"] if "task" in one else entry.challenge,
        "b3": one["stuck"],
    }
    return answers | {key: {"ticked": True, "text": words} for key, words in zip(CRITERIA, one["reasons"], strict=True)}


def _town(organisation: str) -> str:
    return organisation.removeprefix("Gemeente ") if organisation.startswith("Gemeente ") else ""


def _application(stage: Stage, one: Table) -> Application:
    """Return the application of an entry, by the address of its lead contact."""
    mail = _contacts(stage, one)[0][1]
    found = select(Application).join(Contact, Contact.application_id == Application.id).where(Contact.mail == mail)
    return db.session.scalars(found.where(Application.call_id == _call().id)).one()


def _start(stage: Stage, one: Table) -> None:
    """Start an application, enter its contacts and fill it in."""
    (name, mail, organisation), *others = _contacts(stage, one)
    applications.start(SYSTEM, _call(), mail=mail, name=name, organisation=organisation, received=clock.now())
    application = _application(stage, one)
    lead = application.contacts[0]
    applications.enter(SYSTEM, lead)
    for name, mail, organisation in others:
        other = applications.add_contact(
            SYSTEM, application, mail=mail, name=name, organisation=organisation, contact=lead, received=clock.now()
        )
        applications.enter(SYSTEM, other)
    answers = _answers(stage, one)
    applications.save(SYSTEM, application, answers=answers, versions={}, contact=lead, received=clock.now())


def _submit(stage: Stage, one: Table) -> None:
    application = _application(stage, one)
    version = newest_version(application.call.questionnaire_id).number
    applications.submit(SYSTEM, application, version=version, contact=application.contacts[0], received=clock.now())


def _review(stage: Stage) -> None:
    """Invite the reviewers, assign everything to both, and save their scores; the first writes a remark."""
    marijke, call = stage.people["marijke"], _call()
    keys = [one["key"] for one in STORY["reviewers"]]
    for key in keys:
        reviews.add_reviewer(marijke, call, mail=stage.people[key].mail)
    reviews.assign(marijke, call, each=len(keys))
    of = {(one.application_id, one.person_id): one for one in db.session.scalars(select(Review))}
    for one in STORY["applications"]:
        application = _application(stage, one)
        for key in keys:
            person = stage.people[key]
            review = of[application.id, person.id]
            reviews.declare(person, review, conflict=False)
            given = dict(zip(CRITERIA, one["scores"][key], strict=True))
            remark = one["remark"] if key == keys[0] else ""
            reviews.save_review(person, review, scores=given, for_reviewers=remark, finish="done")
    reviews.close_round(marijke, call)


def _decide(stage: Stage) -> None:
    """Propose every outcome, and release the mails."""
    marijke = stage.people["marijke"]
    for one in STORY["applications"]:
        decision = db.session.get_one(Decision, _application(stage, one).id)
        reviews.propose(marijke, decision, outcome=one.get("outcome", "admit"), note=one.get("note"))
        text, version = one.get("mail", decision.text).strip(), decision.mail_version
        reviews.edit_mail(marijke, decision, subject=decision.subject, text=text, mail_version=version, ready=True)


def _announce(stage: Stage) -> None:
    call = _call()
    of_call = select(Decision).join(Application).where(Application.call_id == call.id)
    mails = [f"{one.application.reference}:{one.mail_version}" for one in db.session.scalars(of_call)]
    reviews.send(stage.people["marijke"], call, mails=mails)


def accept(stage: Stage) -> None:
    """Link the admitted applications to the partnerships, whose people have just entered; then publish the programme.

    As rows, because the verb would make the partnerships and invite the people once more.
    """
    marijke, programme, now = stage.people["marijke"], _programme(stage), clock.now()
    here = {one.name: one for one in programme.partnerships}
    made = {entry.key: here[entry.name] for entry in stage.demo.partnerships}
    db.session.add_all(
        AcceptedApplication(
            application_id=_application(stage, one).id,
            partnership_id=made[one["partnership"]].id,
            by_id=marijke.id,
            made=now,
            entered=now,
        )
        for one in STORY["applications"]
        if "partnership" in one
    )
    _publish_page(stage, programme, made)


def _publish_page(stage: Stage, programme: Programme, made: dict[str, Partnership]) -> None:
    """Publish the public page; of the partnerships it shows those of which every organisation agrees."""
    told = STORY["public"]
    for entry in stage.demo.partnerships:
        if entry.key not in told["consent"]:
            continue
        for key in entry.organisations:
            cast = next(one for one in stage.demo.people if key in one.organisations)
            organisation = stage.organisations[key].id
            partnerships.consent(stage.people[cast.key], made[entry.key], organisation=organisation)
    given = {name: words.strip() for name, words in told.items() if isinstance(words, str)}
    dates = [{**one, "day": one["day"].isoformat()} for one in told["dates"]]
    chosen = [one.id for one in made.values()]
    programmes.edit_public(stage.people["marijke"], programme, **given, dates=dates, partners=chosen, shows=["phases"])
    programmes.publish(stage.people["marijke"], programme)
