"""`cop people invite`: invites somebody to a community by mail."""

from __future__ import annotations

from datetime import date, datetime

import click

from cop import create_app
from cop.access import SYSTEM
from cop.base import mail_addresses
from cop.base.action import transaction
from cop.base.errors import Problem
from cop.cli import manual
from cop.cli.people import people
from cop.members import actions
from cop.society.memberships import ROLES
from cop.society.programmes import community_by_slug


@people.command(
    arguments={"MAIL": "Mail address; somebody new is added to the platform."},
    examples=[
        ("A member:", "cop people invite anna@corporatie.example --community woningvoorraad"),
        (
            "An expert, for a term:",
            "cop people invite dina@kennis.example --community procesregie --role expert --until 2027-06-30",
        ),
    ],
    environment=[*manual.PLATFORM, "COP_SMTP_URL", "COP_MAIL_FROM"],
)
@click.argument("mail")
@click.option("--community", "slug", required=True, metavar="SLUG", help="Community, by the last part of its address.")
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True, help="Role in the community.")
@click.option("--name", default="", help="Name of a person who is new to the platform.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Last day; required for an expert."
)
def invite(mail: str, slug: str, role: str, name: str, until: datetime | None) -> None:
    """Invite somebody to a community by mail.

    They take part from now on. The mail is sent by the running platform.
    """
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
        return mail_addresses.normalize(mail)
    except mail_addresses.Unmailable:
        raise click.ClickException(f"{mail} is no mail address") from None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
