"""`cop people invite`: takes somebody into a community by mail."""

from __future__ import annotations

from datetime import date, datetime

import click
from pydantic import TypeAdapter, ValidationError

from cop import create_app
from cop.access import SYSTEM
from cop.base.action import transaction
from cop.base.errors import Problem
from cop.base.forms import Mail
from cop.cli.people import people
from cop.programmes import actions
from cop.society.memberships import ROLES
from cop.society.programmes import community_by_slug


@people.command()
@click.argument("mail")
@click.option("--community", "slug", required=True, help="Slug of the community.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option("--name", default="", help="What to call somebody who is new here.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; an expert needs one.")
def invite(mail: str, slug: str, role: str, name: str, until: datetime | None) -> None:
    """Mails somebody an invitation to a community, in which they take part from now on."""
    with create_app().app_context(), transaction():
        community = community_by_slug(slug)
        if community is None:
            raise click.ClickException(f"no community has the slug {slug}")
        try:
            actions.invite(SYSTEM, community, mail=_checked(mail), name=name, role=role, until=_day(until))
        except Problem as refusal:
            raise click.ClickException("; ".join(refusal.errors.values()) or refusal.words) from None
    click.echo(f"{mail} takes part in {slug} as {role}; the invitation is in the outbox.")


def _checked(mail: str) -> str:
    try:
        return TypeAdapter[str](Mail).validate_python(mail)
    except ValidationError:
        raise click.ClickException(f"{mail} is no mail address") from None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
