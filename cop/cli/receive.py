"""`cop receive`: takes a mail that a mail server hands over."""

from __future__ import annotations

import sys
from email import message_from_bytes, policy

import click

from cop import create_app
from cop.cli import manual
from cop.meetings.replies import take

LARGEST = 1_000_000  # bytes of a mail; an answer has a few thousand


@click.command(
    cls=manual.Command,
    examples=[
        ("As a line of /etc/aliases, for the address of COP_MAIL_FROM:", 'weerthuis: "|/srv/cop/bin/cop receive"'),
        ("One mail by hand:", "cop receive < answer.eml"),
    ],
    environment=manual.PLATFORM,
    exits={0: "The mail was read; what became of it is on standard output."},
)
def receive() -> None:
    """Take the answer of a calendar program from standard input.

    It counts when the attendee and the sender are the same invited person; otherwise that person gets a mail with the
    buttons to answer with. A mail that is no such answer changes nothing. Prints one word: answered, asked, late (a newer
    answer is known, or answering is over), foreign (about no meeting, or by nobody who is invited) or none.
    """
    content = sys.stdin.buffer.read(LARGEST + 1)
    mail = message_from_bytes(content[:LARGEST], policy=policy.compat32)
    with create_app().app_context():
        click.echo(take(mail))
