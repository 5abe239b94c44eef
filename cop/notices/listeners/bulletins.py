"""Bulletins: notify and mail the audience of one that was sent, and nobody about one that was withdrawn."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from cop import access
from cop.access import readers_of
from cop.base import email, text
from cop.base.db import db
from cop.base.events import Event, on
from cop.notices import emails, models, notifying
from cop.notices.listeners.texts import notify_about
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import body_of
from cop.things.events import BulletinSent


@on("bulletins.send")
def sent(event: BulletinSent) -> None:
    """Notify everybody in the audience but the sender, and mail those who did not choose otherwise, each their own."""
    if event.again:
        return
    bulletin, sender = event.thing, event.person
    people = list(
        db.session.scalars(
            select(Person).where(readers_of(bulletin.audience_id), Person.state == "active").order_by(Person.id)
        )
    )
    notify_about({one.id for one in people} - {sender.id}, "bulletin", bulletin, bulletin.id, sender.id)
    chosen = models.choices({one.id for one in people}, "bulletin")
    audience = access.audience(access.SYSTEM, bulletin.audience_id)
    html = text.for_mail(body_of(bulletin).html, current_app.config["COP"].base_url)
    serial = email.Serial(
        "notices/bulletin",
        title=bulletin.title,
        html=html,
        plain=text.to_markdown(html).strip(),
        url=bulletin.url,
        programme=db.session.get_one(Programme, bulletin.programme_id),
        coach=sender.name,
    )
    message_id = email.thread_id(bulletin.kind, bulletin.id)
    mails = [
        serial.compose(
            to=person.mail,
            name=person.name,
            language=person.language,
            personal={"stop": emails.stop_address(person.id, "bulletin")},
            person_id=person.id,
            headers={
                **email.from_person(sender.name, sender.mail),
                "Auto-Submitted": "auto-generated",
                **emails.list_headers(person.id, "bulletin", audience.list_name),
                "Message-ID": message_id.replace("@", f"-{person.id}@"),
            },
        )
        for person in people
        if chosen.get(person.id, "once") != "never"
    ]
    email.enqueue_all(mails)


@on("bulletins.withdraw")
def withdrawn(event: Event) -> None:
    """Remove the notices and the unsent mail about a bulletin that was withdrawn."""
    notifying.remove_for_place(event.thing)
    emails.withdraw(thing=event.thing)
