"""The second programme of the demo: in recruitment, with an open call, applications in every state, and reviews."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from cop.access import SYSTEM
from cop.applications import actions as applications
from cop.base import clock
from cop.base.db import db
from cop.base.questionnaires import Definition, newest_version
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, drop_mails, turn_to, utc
from cop.intake import actions as calls
from cop.intake.demonstration import offer
from cop.intake.models import Application, Call, Contact, Decision, Review
from cop.people import actions as people
from cop.polls import actions as polls
from cop.polls.forms import Slot
from cop.polls.models import options_of
from cop.programmes import actions as programmes
from cop.reviews import actions as reviews
from cop.society.people import Affiliation, Person
from cop.society.programmes import Programme

Table = dict[str, Any]
STORY: Table = tomllib.loads((FILES.parent / "magic-mix.toml").read_text())
FORM = Definition.model_validate(
    {
        "sections": [
            {
                "key": "s1",
                "title": "Wie doen mee",
                "blocks": [{"key": "b1", "kind": "organisations", "label": "Organisaties", "required": True}],
            },
            {
                "key": "s2",
                "title": "Uw project",
                "blocks": [
                    {"key": "b2", "kind": "long", "label": "Wat wilt u leren?", "required": True, "limit": 200},
                    {"key": "b3", "kind": "file", "label": "Een plan of tekening", "limit": 3},
                ],
            },
        ],
        "criteria": [
            {"key": "c1", "text": "Het project gaat binnen een jaar open of is al bewoond.", "weight": 2},
            {"key": "c2", "text": "Er is iemand die er twee dagen per maand tijd voor heeft."},
        ],
        "composition": {"parts": [{"kinds": ["municipality", "housing", "landlord"]}], "least": 1},
    }
)


def gather(stage: Stage, at: datetime) -> None:
    """Add the programme, its coach and the reviewers; they take part in nothing else."""
    turn_to(at)
    entry = STORY["programme"]
    programme = programmes.add_programme(
        SYSTEM, None, name=entry["name"], slug=entry["slug"], phase="recruiting", about=entry["about"]
    )
    programmes.edit_programme(SYSTEM, programme, phases=STORY["phases"], composition="free")
    for one in STORY["people"]:
        person = Person(mail=one["mail"], name=one["name"], state="active")
        db.session.add(person)
        db.session.flush()
        if one["role"] == "team":
            programmes.team_add(SYSTEM, programme, member=person.id)
        organisation = stage.organisations[one["organisation"]].id if "organisation" in one else 0
        if organisation:
            db.session.add(Affiliation(person_id=person.id, organisation_id=organisation, main=False))
        people.enter(person, person, name=one["name"], function=one["function"], organisation=organisation)
        stage.people[one["key"]] = person


def events(stage: Stage) -> Iterator[Event]:
    """Yield what happens to the call and its applications, in no order."""
    opens = utc(STORY["call"]["opens"])
    yield Event(opens - timedelta(days=3), 0, partial(_publish, stage))
    for one in STORY["applications"]:
        begun = utc(one["started"])
        yield Event(begun, 0, partial(_start, one))
        if sent := one.get("sent"):
            yield Event(utc(sent), 0, partial(_submit, one))
    reviewed = max(utc(one["sent"]) for one in STORY["applications"] if "sent" in one) + timedelta(days=1)
    yield Event(reviewed, 0, partial(_review, stage))
    for one in STORY["applications"]:
        if "withdrawn" in one:
            yield Event(utc(one["withdrawn"]), 1, partial(_withdraw, one))
        if "later" in one:
            yield Event(reviewed + timedelta(days=2), 1, partial(_edit, one))
    yield Event(utc(STORY["poll"]["made"]), 0, partial(_ask_for_a_date, stage))
    yield Event(stage.demo.now - timedelta(hours=12), 9, lambda: drop_mails("intake/", "polls/"))


def _publish(stage: Stage) -> None:
    """Publish the page of the programme, and the call, which opens later."""
    carlijn, entry = stage.people["carlijn"], STORY["programme"]
    programme = db.session.scalars(select(Programme).where(Programme.slug == entry["slug"])).one()
    texts = {name: entry[name].strip() for name in ("what", "for_whom", "criteria", "conditions")}
    contact = {name: entry[name] for name in ("contact_name", "contact_mail")}
    dates = [{**one, "day": one["day"].isoformat()} for one in STORY["dates"]]
    programmes.edit_public(carlijn, programme, **texts, **contact, dates=dates, shows=["phases"])
    programmes.publish(carlijn, programme)
    told = STORY["call"]
    call = calls.add(carlijn, programme, title=told["title"])
    calls.edit(
        carlijn, call, intro=told["intro"], cap=told["cap"], opens=utc(told["opens"]), closes=utc(told["closes"])
    )
    calls.build(carlijn, call, definition=FORM)
    calls.publish(carlijn, call)


def _ask_for_a_date(stage: Stage) -> None:
    """Open a date poll of the team, and answer it."""
    carlijn, told = stage.people["carlijn"], STORY["poll"]
    programme = db.session.scalars(select(Programme).where(Programme.slug == STORY["programme"]["slug"])).one()
    given = {name: told[name] for name in ("title", "kind", "closes", "hours", "venue", "purpose")}
    poll = polls.make(carlijn, programme, options=[Slot(utc(at)) for at in told["options"]], **given)
    polls.require(carlijn, poll, people=[stage.people[key].id for key in told["required"]])
    polls.open(carlijn, poll)
    options = [option.id for option in options_of(poll.id)]
    for key, votes in told["votes"].items():
        remark = told["remark"] if "no" in votes else ""
        polls.vote(stage.people[key], poll, votes=dict(zip(options, votes, strict=True)), remark=remark)


def _call() -> Call:
    return db.session.scalars(select(Call).where(Call.title == STORY["call"]["title"])).one()


def _application(one: Table) -> Application:
    """Return the application of an entry, by the address of its lead contact."""
    mail = one["contacts"][0][1]
    found = select(Application).join(Contact, Contact.application_id == Application.id).where(Contact.mail == mail)
    return db.session.scalars(found).one()


def _start(one: Table) -> None:
    """Start an application; all but a begun one are entered by their contacts and filled in as far as told."""
    call, contacts = _call(), one["contacts"]
    name, mail, organisation = contacts[0]
    applications.start(SYSTEM, call, mail=mail, name=name, organisation=organisation, received=clock.now())
    application = _application(one)
    lead = application.contacts[0]
    if one["state"] == "begun":
        return
    applications.enter(SYSTEM, lead)
    for name, mail, organisation in contacts[1:]:
        other = applications.add_contact(
            SYSTEM, application, mail=mail, name=name, organisation=organisation, contact=lead, received=clock.now()
        )
        applications.enter(SYSTEM, other)
        offer(other)
    offer(lead)
    answers: Table = {
        "b1": [{"name": n, "kind": kind, "municipality": town} for n, kind, town in one["organisations"]],
        "b2": one["task"],
    }
    for key, words in zip(("c1", "c2"), one.get("reasons", ()), strict=False):
        answers[key] = {"ticked": True, "text": words}
    _save(application, lead, answers)


def _save(application: Application, contact: Contact, answers: Table) -> None:
    applications.save(SYSTEM, application, answers=answers, versions={}, contact=contact, received=clock.now())


def _submit(one: Table) -> None:
    application = _application(one)
    version = newest_version(application.call.questionnaire_id).number
    applications.submit(SYSTEM, application, version=version, contact=application.contacts[0], received=clock.now())


def _review(stage: Stage) -> None:
    """Invite the reviewers, assign what was sent in, and save what they found; the coach proposes the first outcome."""
    carlijn, call = stage.people["carlijn"], _call()
    keys = [one["key"] for one in STORY["people"] if one["role"] == "reviewer"]
    for key in keys:
        reviews.add_reviewer(carlijn, call, mail=stage.people[key].mail)
    reviews.assign(carlijn, call, each=len(keys))
    for one in STORY["applications"]:
        for key, scores in one.get("scores", {}).items():
            person = stage.people[key]
            review = db.session.scalars(
                select(Review).where(Review.application_id == _application(one).id, Review.person_id == person.id)
            ).one()
            reviews.declare(person, review, conflict=False)
            given = dict(zip(("c1", "c2"), scores, strict=True))
            reviews.save_review(person, review, scores=given, for_reviewers=one["remark"], finish="done")
        if "outcome" in one:
            decision = db.session.get_one(Decision, _application(one).id)
            reviews.propose(carlijn, decision, outcome=one["outcome"])


def _withdraw(one: Table) -> None:
    application = _application(one)
    applications.withdraw(SYSTEM, application, contact=application.contacts[0])


def _edit(one: Table) -> None:
    """Change an answer after it was sent in; nobody reads it before it is sent in again."""
    application = _application(one)
    _save(application, application.contacts[0], {"b2": one["later"]})
