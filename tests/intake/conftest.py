"""A call that is open, and applicants who have no account."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.questionnaires import Answering
from cop.intake import actions
from cop.intake.models import Application, Call
from cop.society.people import Person
from cop.society.programmes import Programme
from tests.conftest import Client

FORM = {
    "sections": [
        {
            "key": "s1",
            "title": "Wie doen mee",
            "blocks": [
                {"key": "b1", "kind": "organisations", "label": "Organisaties", "required": True},
                {"key": "b2", "kind": "people", "label": "Contactpersonen", "personal": True},
            ],
        },
        {
            "key": "s2",
            "title": "Uw opgave",
            "blocks": [
                {"key": "b3", "kind": "long", "label": "Opgave", "required": True, "limit": 20},
                {
                    "key": "b4",
                    "kind": "choice",
                    "label": "Ervaring",
                    "options": [{"key": "o1", "label": "Ja"}, {"key": "o2", "label": "Nee"}],
                },
                {"key": "b5", "kind": "short", "label": "Welke", "show_if": {"block": "b4", "among": ["o1"]}},
                {"key": "b6", "kind": "file", "label": "Plan", "limit": 2},
                {"key": "b7", "kind": "short", "label": "Begroting", "audience": "team"},
            ],
        },
    ],
    "criteria": [{"key": "c1", "text": "Bestuurlijk draagvlak", "weight": 2}, {"key": "c2", "text": "Haalbaar"}],
    "composition": {"parts": [{"kinds": ["municipality"]}, {"kinds": ["housing", "care"]}], "least": 2},
}
DUO = [
    {"name": "Gemeente Zonnedal", "kind": "municipality", "municipality": "Zonnedal"},
    {"name": "Woonstichting Dak", "kind": "housing", "municipality": ""},
]
COMPLETE = {"b1": DUO, "b3": "Wij zoeken huizen.", "c1": {"ticked": True, "text": "Het college steunt dit."}}


def make_call(programme_id: int, person_id: int, cap: int | None = 10, title: str = "Koplopers gezocht") -> str:
    """Add a published call that is open from an hour ago for two weeks, in the running app; return its slug."""
    with transaction():
        person, programme = db.session.get_one(Person, person_id), db.session.get_one(Programme, programme_id)
        call = actions.add(person, programme, title=title)
        now = clock.now()
        actions.edit(
            person,
            call,
            intro="Doe mee.",
            cap=cap,
            opens=now - timedelta(hours=1),
            closes=now + timedelta(days=14),
        )
        from cop.base.questionnaires import Definition

        actions.build(person, call, definition=Definition.model_validate(FORM))
        actions.publish(person, call)
        return call.slug


@pytest.fixture
def slug(app: Flask, cast: Any) -> str:
    """Return the slug of an open call of the first programme, made by Fons."""
    with app.app_context():
        return make_call(cast.programme, cast.fons)


class Applicant:
    """The browser of a contact of an application."""

    def __init__(self, app: Flask, slug: str, mail: str):
        self.app, self.slug, self.mail = app, slug, mail
        self.browser = Client(app, app.response_class)
        self.url = ""

    def start(self, name: str = "Lies Lead") -> Applicant:
        """Ask for a mail, open its link and enter."""
        asked = self.browser.post(f"/calls/{self.slug}/applications", data={"mail": self.mail, "name": name})
        assert asked.status_code == 200, asked.text
        return self.enter()

    def key(self) -> str:
        """Return the key in the last mail."""
        found = re.search(r"/entry\?key=(\S+)", self.last_mail().text)
        assert found
        return found[1]

    def last_mail(self) -> Email:
        """Return the last mail to this contact."""
        with self.app.app_context():
            query = select(Email).where(Email.address == self.mail).order_by(Email.id.desc()).limit(1)
            return db.session.scalars(query).one()

    def enter(self) -> Applicant:
        """Open the link of the last mail."""
        entered = self.browser.post(f"/calls/{self.slug}/entry", data={"key": self.key()})
        assert entered.status_code == 303, entered.text
        self.url = entered.location
        return self

    @property
    def reference(self) -> str:
        return self.url.rpartition("/")[2]

    def api(self, method: str, path: str = "", json: Any = None) -> Any:
        """Send a request to the API about the application."""
        return self.browser.open(
            f"/api/v1{self.url}{path}", method=method, json=json, headers={"Accept": "application/json"}
        )

    def save(self, answers: dict[str, Any], versions: dict[str, int] | None = None) -> Any:
        """Save answers by the API."""
        return self.api("PUT", "/answers", {"answers": answers, "versions": versions or {}})

    def submit(self) -> Any:
        """Send in what is there, with the form of now."""
        return self.api("PUT", "/submission", {"version": self.api("GET").json["version"]})

    def complete(self) -> Applicant:
        """Fill in what is asked and send it in."""
        assert self.save(COMPLETE).status_code == 200
        assert self.submit().status_code == 200
        return self


@pytest.fixture
def applicant(app: Flask, slug: str) -> Callable[..., Applicant]:
    """Return a function that makes the browser of somebody with this mail address."""
    return lambda mail="lies@zonnedal.example", call=None: Applicant(app, call or slug, mail)


def announce(fons: Any, slug: str, url: str, outcome: str) -> None:
    """Propose an outcome, release its mail and send it."""
    made = fons("PUT", f"{url}/decision", {"outcome": outcome, "reason": "Zo besloten"}).json
    ready = {"subject": made["subject"], "text": made["text"], "mail_version": made["mail_version"], "ready": True}
    assert fons("PUT", f"{url}/decision/mail", ready).status_code == 200
    reference = url.rpartition("/")[2]
    sent = fons("POST", f"/calls/{slug}/announcement", {"mails": [f"{reference}:{made['mail_version'] + 1}"]})
    assert sent.status_code == 200, sent.text


def submitted(call: Call, title: str = "Gemeente Zonnedal") -> Application:
    """Add an application that was sent in, in the running transaction, without its answers."""
    answering = Answering(questionnaire_id=call.questionnaire_id, version=1)
    db.session.add(answering)
    db.session.flush()
    from cop.intake.models import Contact, Decision, new_reference

    made = Application(
        call_id=call.id,
        answering_id=answering.id,
        reference=new_reference("T"),
        state="submitted",
        submitted=clock.now(),
        title=title,
    )
    made.contacts = [
        Contact(mail=f"{made.reference.lower()}@t.example", name="Lead", is_lead=True, verified=clock.now())
    ]
    db.session.add(made)
    db.session.flush()
    db.session.add(Decision(application_id=made.id))
    db.session.flush()
    return made


__all__ = ["COMPLETE", "DUO", "FORM", "Applicant", "SimpleNamespace", "announce", "make_call", "submitted"]
