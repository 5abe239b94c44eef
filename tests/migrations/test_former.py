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
        app,
        *(
            PERSON.format(id=n, name=name, language=lang, state=state)
            for n, (name, lang, state) in enumerate(people, 1)
        ),
    )
    move(app, "20261203_former")
    found = [(row["name"], bool(row["former"])) for row in rows(app, "person")["person"]]
    assert found == [("", True), ("", True), ("Anna Adem", False), ("Oud-deelnemer", False)]
    move(app, "20261202_directory", up=False)
    assert [row["name"] for row in rows(app, "person")["person"]] == list(names)


ENTRY = (
    "INSERT INTO journal_entry (at, verb, object_id, details, chain) VALUES ('2026-0{month}-15', '{verb}', {id},"
    " '{details}', '')"
)


def test_since_when_is_read_from_the_journal(app: Flask) -> None:
    move(app, "20261203_former")
    entries = (
        (1, "team.add", 3, '{"member": 1}'),
        (2, "team.add", 3, '{"member": 1}'),  # a new link for somebody who is in it
        (2, "team.add", 3, '{"member": 2}'),
        (3, "team.remove", 3, '{"member": 2}'),
        (4, "team.add", 3, '{"member": 2}'),
        (5, "partnerships.edit", 4, '{"added": [1]}'),
        (6, "people.hand_over", 9, '{"member": 9, "successor": 2, "given": [4]}'),
    )
    write(
        app,
        "INSERT INTO programme (id, slug, name, about, about_html, phase) VALUES (3, 'p', 'P', '', '', 'start')",
        "INSERT INTO partnership (id, programme_id, name, challenge, made) VALUES (4, 3, 'Duo', '', '2026-01-01')",
        *(PERSON.format(id=id, name="A", language="nl", state="active") for id in (1, 2, 3)),
        *(f"INSERT INTO team_member (programme_id, person_id) VALUES (3, {id})" for id in (1, 2, 3)),
        *(f"INSERT INTO partner_person (partnership_id, person_id) VALUES (4, {id})" for id in (1, 2, 3)),
        *(
            ENTRY.format(month=m, verb=verb, id=id, details=details.replace(": ", "\\: "))
            for m, verb, id, details in entries
        ),
    )
    before = rows(app, "team_member", "partner_person")
    move(app, "20261203_since")
    found = rows(app, "team_member", "partner_person")
    months = [[str(row["since"])[5:7] if row["since"] else None for row in found[table]] for table in found]
    assert months == [["01", "04", None], ["05", "06", None]]
    move(app, "20261203_former", up=False)
    assert rows(app, "team_member", "partner_person") == before
