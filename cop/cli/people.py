"""`cop people …` and `cop token`: what an administrator does from the shell."""

from __future__ import annotations

import json as jsons
from typing import Any

import click
from flask import Flask
from sqlalchemy import select

from cop import create_app
from cop.access import SYSTEM
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Problem
from cop.people import actions
from cop.society.credentials import new_link
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import Person, by_mail
from cop.society.programmes import Community


@click.group()
def people() -> None:
    """People: add, list, invite, and one-time addresses."""


@people.command()
@click.argument("mail")
@click.option("--name", required=True)
@click.option("--admin", is_flag=True, help="Makes an administrator.")
def add(mail: str, name: str, admin: bool) -> None:
    """Adds a person, mails them an invitation and prints a one-time address for them."""
    app = create_app()
    with app.app_context(), transaction():
        try:
            person = actions.add(SYSTEM, None, mail=mail, name=name, admin=admin)
        except Problem as refusal:
            raise click.ClickException("; ".join(refusal.errors.values()) or refusal.words) from None
        click.echo(_address(app, person, "invitation"))


@people.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """Everybody: id, name, mail, organisation, roles."""
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
            for p in db.session.scalars(select(Person).order_by(Person.id))
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
    """Person id → {community: role}."""
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


@people.command()
@click.argument("mail")
def link(mail: str) -> None:
    """Prints a one-time sign-in address."""
    app = create_app()
    with app.app_context(), transaction():
        click.echo(_address(app, _person(mail), "sign-in"))


@click.command()
@click.argument("mail")
def token(mail: str) -> None:
    """Prints a bearer token for the API."""
    with create_app().app_context(), transaction():
        _made, secret = actions.make_token(SYSTEM, _person(mail), label="cop token")
        click.echo(secret)


def first_link(app: Flask) -> str | None:
    """The one-time address of the first administrator, who is made when nobody exists; None once somebody entered."""
    with app.app_context(), transaction():
        if db.session.scalar(select(Person.id).limit(1)) is None:
            db.session.add(Person(mail=app.config["COP"].contact, state="invited", is_admin=True))
            db.session.flush()
        entered = db.session.scalar(select(Person.id).where(Person.entered.is_not(None)).limit(1))
        first = db.session.scalar(select(Person).where(Person.is_admin).order_by(Person.id).limit(1))
        return _address(app, first, "first") if first and not entered else None


def _address(app: Flask, person: Any, purpose: str) -> str:
    secret, _code = new_link(person, purpose)
    return f"{app.config['COP'].base_url}/sign-in/{secret}"


def _person(mail: str) -> Person:
    found = by_mail(mail)
    if found is None:
        raise click.ClickException(f"nobody has the address {mail}")
    return found
