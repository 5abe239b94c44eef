"""`cop people …` and `cop token`: what an administrator does from the shell."""

from __future__ import annotations

import json as jsons

import click
from sqlalchemy import select

from cop import create_app
from cop.base.action import unit
from cop.base.db import db
from cop.people.models import Person, by_mail, new_link, new_token


@click.group()
def people() -> None:
    """People: add, list, invite, and one-time addresses."""


@people.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """Everybody: id, name, mail, organisation, roles."""
    with create_app().app_context():
        rows = [{"id": p.id, "name": p.name, "mail": p.mail, "organisation": p.organisation.name if p.organisation else None}
                for p in db.session.scalars(select(Person).order_by(Person.id))]
    click.echo(jsons.dumps(rows, ensure_ascii=False) if as_json else "\n".join(
        f"{r['id']:>5}  {r['name']:<30} {r['mail']}" for r in rows))


@people.command()
@click.argument("mail")
def link(mail: str) -> None:
    """Prints a one-time sign-in address."""
    app = create_app()
    with app.app_context(), unit():
        secret, _code = new_link(_person(mail), "sign-in")
        click.echo(f"{app.config['COP'].base_url}/sign-in/{secret}")


@click.command()
@click.argument("mail")
def token(mail: str) -> None:
    """Prints a bearer token for the API."""
    with create_app().app_context(), unit():
        click.echo(new_token(_person(mail), "cop token"))


def _person(mail: str) -> Person:
    found = by_mail(mail)
    if found is None:
        raise click.ClickException(f"nobody has the address {mail}")
    return found
