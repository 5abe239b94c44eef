"""The verb that makes a question in a community of the help that a partnership wants."""

from __future__ import annotations

import re
import uuid

from sqlalchemy import select

from cop import access, things
from cop.base import text as texts
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.partnerships.models import CheckIn, HelpQuestion
from cop.society.people import Person
from cop.society.programmes import Community, Partnership

_MARKS = re.compile(r"([\\`*_\[\]<>|~])")


@action("partnerships.ask")
def ask(
    person: Person,
    partnership: Partnership,
    *,
    community: str,
    title: str,
    body: str,
    check_in: int | None = None,
    client_id: uuid.UUID | None = None,
) -> HelpQuestion:
    """Ask a community of the programme for help, from the challenge or from a check-in; the question names the partnership.

    A check-in is asked once: a second time returns the first question. Raise Invalid for a community to which the person
    may not write, and for a check-in of another partnership.
    """
    if check_in is not None and (asked := _asked_from(partnership, check_in)) is not None:
        return asked
    place = next((one for one in communities_to_ask(person, partnership) if one.slug == community), None)
    if place is None:
        raise Invalid(errors={"community": _("Kies een praktijkgemeenschap uit de lijst.")})
    name = _MARKS.sub(r"\\\1", partnership.name)
    said = _("Dit vraagt de samenwerking [%(name)s](%(url)s).", name=name, url=partnership.url)
    thread = things.start_question(
        person, place, title=title, text=texts.render(f"{body}\n\n{said}", "markdown"), client_id=client_id
    )
    question = db.session.scalar(select(HelpQuestion).where(HelpQuestion.thread_id == thread.id))
    if question is None:
        question = HelpQuestion(
            partnership_id=partnership.id, check_in_id=check_in, thread_id=thread.id, person_id=person.id
        )
        db.session.add(question)
        db.session.flush()
    detail(thread=thread.id, community=place.id)
    return question


def _asked_from(partnership: Partnership, check_in: int) -> HelpQuestion | None:
    """Return the question that was asked from a check-in; raise Invalid unless it is an answer of this partnership."""
    found = db.session.get(CheckIn, check_in)
    if found is None or found.partnership_id != partnership.id or found.state != "answered":
        raise Invalid(errors={"check_in": _("Deze maand hoort niet bij deze samenwerking.")})
    return db.session.scalar(select(HelpQuestion).where(HelpQuestion.check_in_id == check_in))


def communities_to_ask(person: Person, partnership: Partnership) -> list[Community]:
    """Return the communities of the programme in which a person may start a question."""
    return [one for one in partnership.programme.communities if access.may(person, "threads.start", one)]
