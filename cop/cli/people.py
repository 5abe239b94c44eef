"""`cop people` and `cop token`: people and their ways to sign in, from the shell."""

from __future__ import annotations

import json as jsons
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from cop import create_app
from cop.access import SYSTEM
from cop.base import mail_addresses
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Problem
from cop.cli import manual
from cop.people import actions
from cop.society.credentials import new_link
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import GUEST, Person, by_mail
from cop.society.programmes import Community


@click.group(cls=manual.Group, examples=[("Who is on the platform:", "cop people list")], environment=manual.PLATFORM)
def people() -> None:
    """Add, list and invite people, and print sign-in addresses.

    These commands act in the name of the platform, and need no sign-in.
    """


@people.command(
    arguments={"MAIL": "Mail address."},
    examples=[("A second administrator:", "cop people add iris@weerthuis.example --name 'Iris Inzicht' --admin")],
    environment=[*manual.PLATFORM, "COP_SMTP_URL", "COP_MAIL_FROM"],
    exits={1: "Nobody was added, for instance because somebody has the address; the reason is on standard error."},
)
@click.argument("mail")
@click.option("--name", required=True, help="Name as others see it.")
@click.option("--admin", is_flag=True, help="Make the person an administrator.")
def add(mail: str, name: str, admin: bool) -> None:
    """Add a person, and print a one-time address with which they enter.

    The running platform also mails them an invitation. The printed address begins with COP_BASE_URL.
    """
    app = create_app()
    with app.app_context(), transaction():
        try:
            person = actions.add(SYSTEM, None, mail=mail, name=name, admin=admin)
        except Problem as refusal:
            raise click.ClickException("; ".join(refusal.errors.values()) or refusal.words) from None
        click.echo(_address(app, person, "invitation"))


@people.command(
    "list",
    examples=[
        ("Everybody:", "cop people list"),
        (
            "The mail addresses of all experts:",
            "cop people list --json | jq -r '.[] | select(.roles[] == \"expert\").mail'",
        ),
    ],
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, with state and administrator too.")
def list_(as_json: bool) -> None:
    """List everybody: id, name, mail address, organisation and roles."""
    with create_app().app_context():
        roles = _roles()
        rows: list[dict[str, Any]] = [
            {
                "id": p.id,
                "name": p.name,
                "mail": p.mail,
                "roles": roles.get(p.id, {}),
                "admin": p.is_admin,
                "state": p.state,
                "organisation": p.organisation.name if p.organisation else None,
            }
            for p in db.session.scalars(select(Person).where(Person.state != GUEST).order_by(Person.id))
        ]
    click.echo(
        jsons.dumps(rows, ensure_ascii=False)
        if as_json
        else "\n".join(
            f"{r['id']:>5}  {r['name']:<30} {r['mail']:<40} {r['organisation'] or '-':<30} "
            f"{', '.join(f'{slug}: {role}' for slug, role in r['roles'].items())}".rstrip()
            for r in rows
        )
    )


def _roles() -> dict[int, dict[str, str]]:
    """Return the roles by person id and community slug."""
    found: dict[int, dict[str, str]] = {}
    members = (
        select(Membership.person_id, Community.slug, Membership.role)
        .join(Community, Community.id == Membership.community_id)
        .where(current())
    )
    team = select(TeamMember.person_id, Community.slug).join(
        Community, Community.programme_id == TeamMember.programme_id
    )
    for id, slug, role in db.session.execute(members):
        found.setdefault(id, {})[slug] = role
    for id, slug in db.session.execute(team):
        found.setdefault(id, {})[slug] = "team"
    return found


@people.command(
    arguments={"MAIL": "Mail address of somebody on the platform."},
    examples=[("For somebody whose mail does not arrive:", "cop people link anna@corporatie.example")],
    exits={1: "Nobody has the address."},
)
@click.argument("mail")
def link(mail: str) -> None:
    """Print a one-time sign-in address.

    The address begins with COP_BASE_URL.
    """
    app = create_app()
    with app.app_context(), transaction():
        click.echo(_address(app, _person(mail), "sign-in"))


@click.command(
    cls=manual.Command,
    arguments={"MAIL": "Mail address of the person in whose name the API is called."},
    examples=[
        (
            "Ask the API who I am:",
            'curl -H "Authorization: Bearer $(cop token anna@corporatie.example)" https://weerthuis.example/api/v1/me',
        )
    ],
    exits={1: "Nobody has the address."},
)
@click.argument("mail")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650), help="Days until it ends.")
def token(mail: str, days: int) -> None:
    """Print a bearer token for the API.

    The token has all rights of the person. It is shown this once; the person can revoke it in their settings.
    """
    with create_app().app_context(), transaction():
        _made, secret = actions.make_token(SYSTEM, _person(mail), label="cop token", days=days)
        click.echo(secret)


def first_link(app: Flask) -> str | None:
    """Return a one-time address for the first administrator, who is created if needed; None once somebody has entered."""
    with app.app_context(), transaction():
        if db.session.scalar(select(Person.id).limit(1)) is None:
            db.session.add(Person(mail=_contact(app), state="invited", is_admin=True))
            db.session.flush()
        entered = db.session.scalar(select(Person.id).where(Person.entered.is_not(None)).limit(1))
        first = db.session.scalar(select(Person).where(Person.is_admin).order_by(Person.id).limit(1))
        return _address(app, first, "first") if first and not entered else None


def _contact(app: Flask) -> str:
    """Return the address of the first administrator; one without a mail host, as on loopback, stays as it is."""
    contact: str = app.config["COP"].contact
    try:
        return mail_addresses.normalize(contact)
    except mail_addresses.Unmailable:
        return contact


def _address(app: Flask, person: Any, purpose: str) -> str:
    secret, _code = new_link(person, purpose)
    return f"{app.config['COP'].base_url}/sign-in/{secret}"


def _person(mail: str) -> Person:
    found = by_mail(mail)
    if found is None:
        raise click.ClickException(f"nobody has the address {mail}")
    return found
