"""Who left without their name, and since when somebody is in a team or partnership, up and down."""

from __future__ import annotations

from alembic import command
from flask import Flask

from cop.cli.migrate import config
from tests.migrations.test_migrations import app, rows, write

__all__ = ["app"]

PERSON = (
    "INSERT INTO person (id, mail, name, function, bio, phone, mail_shown, themes, language, is_admin, state, epoch, made)"
    " VALUES ({id}, '{id}@x.example', '{name}', '', '', '', false, '[]', '{language}', false, '{state}', 0, '2026-01-01')"
)


def move(app: Flask, to: str, up: bool = True) -> None:
    with app.app_context():
        (command.upgrade if up else command.downgrade)(config(), to)


def test_a_stored_label_becomes_a_column_and_back(app: Flask) -> None:
    move(app, "20261202_directory")
    names = ("Oud-deelnemer", "Former participant", "Anna Adem", "Oud-deelnemer")
    people = zip(names, ("nl", "en", "nl", "nl"), ("deactivated",) * 3 + ("active",), strict=True)
    write(
        app, *(PERSON.format(id=n, name=name, language=lang, state=state) for n, (name, lang, state) in enumerate(people, 1))
    )
    move(app, "20261203_former")
    found = [(row["name"], bool(row["former"])) for row in rows(app, "person")["person"]]
    assert found == [("", True), ("", True), ("Anna Adem", False), ("Oud-deelnemer", False)]
    move(app, "20261202_directory", up=False)
    assert [row["name"] for row in rows(app, "person")["person"]] == list(names)
