"""The finished call of the demo: reviewed, decided and announced a year ago; the admitted became its partnerships."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import Any

from cop.base import clock
from cop.base.db import db
from cop.base.questionnaires import Answer, Answering, Definition, submit
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Stage, turn_to, utc
from cop.intake import actions as calls
from cop.intake.models import (
    AcceptedApplication,
    Application,
    Call,
    Contact,
    Decision,
    Review,
    Reviewer,
    new_reference,
)
from cop.partnerships import actions as partnerships
from cop.people import actions as people
from cop.programmes import actions as programmes
from cop.reviews import actions as reviews
from cop.reviews.outcome_mails import drafted
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme

Table = dict[str, Any]
STORY: Table = tomllib.loads((FILES.parent / "frontrunners.toml").read_text())
FORM = Definition.model_validate(STORY["form"])
CRITERIA = [one.key for one in FORM.criteria]
BEGINS = utc(STORY["call"]["opens"]) - timedelta(days=7)  # when the team and the reviewers enter


def play(stage: Stage, programme: Programme) -> dict[str, Application]:
    """Play the call from its publication to the announcement; return the admitted applications by their partnership.

    What came in, was scored and was decided are rows: the verbs would take two seconds, and mail everybody.
    """
    told, marijke = STORY["call"], stage.people["marijke"]
    turn_to(utc(told["opens"]) - timedelta(days=3))
    call = _publish(marijke, programme)
    turn_to(utc(told["reviewed"]))
    _enter_reviewers(stage, call)
    sent = [_send_in(stage, call, one) for one in STORY["applications"]]
    db.session.flush()
    for application, one in zip(sent, STORY["applications"], strict=True):
        _review(stage, application, one)
    turn_to(utc(told["decided"]))
    reviews.close_round(marijke, call)
    for application, one in zip(sent, STORY["applications"], strict=True):
        _decide(marijke, application, one)
    call.admitted = sum(one.outcome == "admit" for one in sent)
    turn_to(utc(told["announced"]))
    return {
        one["partnership"]: row for row, one in zip(sent, STORY["applications"], strict=True) if "partnership" in one
    }


def _publish(marijke: Person, programme: Programme) -> Call:
    """Publish the call, which opens later."""
    told = STORY["call"]
    call = calls.add(marijke, programme, title=told["title"])
    settings = {name: told[name] for name in ("intro", "cap", "keep_weeks")}
    calls.edit(marijke, call, opens=utc(told["opens"]), closes=utc(told["closes"]), **settings)
    calls.build(marijke, call, definition=FORM)
    return calls.publish(marijke, call)


def _enter_reviewers(stage: Stage, call: Call) -> None:
    for one in STORY["reviewers"]:
        person = Person(mail=one["mail"], name=one["name"], state="active")
        db.session.add(person)
        db.session.flush()
        people.enter(person, person, name=one["name"], function=one["function"], organisation=0)
        stage.people[one["key"]] = person
        db.session.add(Reviewer(call_id=call.id, person_id=person.id))


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
        organisations, task = [(row.name, row.kind, _town(row.name)) for row in rows], entry.challenge
    else:
        organisations, task = one["organisations"], one["task"]
    answers: Table = {
        "b1": [{"name": name, "kind": kind, "municipality": town} for name, kind, town in organisations],
        "b2": task,
        "b3": one["stuck"],
    }
    return answers | {key: {"ticked": True, "text": words} for key, words in zip(CRITERIA, one["reasons"], strict=True)}


def _town(organisation: str) -> str:
    return organisation.removeprefix("Gemeente ") if organisation.startswith("Gemeente ") else ""


def _send_in(stage: Stage, call: Call, one: Table) -> Application:
    """Add an application with its contacts, answers and the snapshot that was sent in."""
    started, sent = utc(one["started"]), utc(one["sent"])
    answering = Answering(questionnaire_id=call.questionnaire_id, version=1, changed=sent)
    db.session.add(answering)
    db.session.flush()
    contacts = [
        Contact(mail=mail, name=name, organisation=organisation, is_lead=number == 0, verified=started)
        for number, (name, mail, organisation) in enumerate(_contacts(stage, one))
    ]
    answers = _answers(stage, one)
    application = Application(
        call_id=call.id,
        answering_id=answering.id,
        reference=new_reference("WTW"),
        state="submitted",
        started=started,
        submitted=sent,
        title=", ".join(row["name"] for row in answers["b1"]),
        kinds=sorted({row["kind"] for row in answers["b1"]}),
        region=answers["b1"][0]["municipality"],
    )
    application.call, application.answering, application.contacts = call, answering, contacts
    db.session.add(application)
    db.session.add_all(
        Answer(
            answering_id=answering.id, block=key, value=value, version=1, by_name=contacts[0].name, at=sent, by_id=None
        )
        for key, value in answers.items()
    )
    answering.draft += len(answers)
    db.session.flush()
    submit(answering, FORM, 1, received=sent, by_name=contacts[0].name)
    return application


def _review(stage: Stage, application: Application, one: Table) -> None:
    """Add the scores of both reviewers; the first writes a remark to the other."""
    at = clock.now()
    for number, (key, scores) in enumerate(one["scores"].items()):
        given = dict(zip(CRITERIA, scores, strict=True))
        remark = one["remark"] if number == 0 else ""
        db.session.add(
            Review(
                application_id=application.id,
                person_id=stage.people[key].id,
                state="done",
                cleared=at,
                scores=given,
                first_scores=given,
                for_reviewers=remark,
                snapshot=1,
                done=at,
            )
        )


def _decide(marijke: Person, application: Application, one: Table) -> None:
    """Add a decision with its mail, and announce it."""
    outcome, announced = one.get("outcome", "admit"), utc(STORY["call"]["announced"])
    decision = Decision(application_id=application.id, outcome=outcome, by_id=marijke.id, at=clock.now())
    decision.application = application
    decision.subject, decision.text = drafted(decision)
    decision.text = one.get("mail", decision.text).strip()
    decision.note, decision.rank = one.get("note", ""), 1 if outcome == "reserve" else None
    decision.mail_state, decision.mail_version, decision.holds_place = "sent", 2, outcome == "admit"
    application.outcome, application.announced = outcome, announced
    db.session.add(decision)


def accept(stage: Stage, programme: Programme, admitted: dict[str, Application]) -> None:
    """Link the admitted applications to the partnerships, whose people have just entered; then publish the programme.

    As rows, because the verb would make the partnerships and invite the people once more.
    """
    marijke, now = stage.people["marijke"], clock.now()
    here = {one.name: one for one in programme.partnerships}
    made = {entry.key: here[entry.name] for entry in stage.demo.partnerships}
    db.session.add_all(
        AcceptedApplication(
            application_id=application.id, partnership_id=made[key].id, by_id=marijke.id, made=now, entered=now
        )
        for key, application in admitted.items()
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
