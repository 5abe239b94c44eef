"""Partnerships have a local challenge with versions, monthly check-ins, consent of their organisations and a chat room.

What stood as their challenge becomes the first version. Going down keeps the goal as far as the programme may read it.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261201_partnerships"
down_revision = "20261201_phases"
branch_labels = None
depends_on = None

CHALLENGE = ("goal", "step", "obstacle", "next_step", "help_wanted")
ANSWER = ("standing", "obstacle", "help_wanted", "evidence")
NEW = ("help_question", "check_in_link", "check_in", "application_text", "challenge_version")


def upgrade() -> None:
    with op.batch_alter_table("partner_organisation") as batch:
        batch.add_column(sa.Column("consent", sa.String(length=12), nullable=False, server_default=""))
        batch.add_column(sa.Column("consent_at", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("consent_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_partner_organisation_consent_by_id"), "person", ["consent_by_id"], ["id"])
    op.create_table(
        "challenge_version",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in CHALLENGE),
        sa.Column("private", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_challenge_version_partnership_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_challenge_version_person_id")),
        sa.PrimaryKeyConstraint("partnership_id", "number", name=op.f("pk_challenge_version")),
    )
    op.create_table(
        "application_text",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_application_text_partnership_id")
        ),
        sa.PrimaryKeyConstraint("partnership_id", "position", name=op.f("pk_application_text")),
    )
    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ANSWER),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_check_in_answered_by_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_check_in_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("partnership_id", "month", name=op.f("uq_check_in_partnership_id_month")),
    )
    op.create_table(
        "check_in_link",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name=op.f("fk_check_in_link_check_in_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_check_in_link_person_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_check_in_link")),
    )
    op.create_index(op.f("ix_check_in_link_check_in_id"), "check_in_link", ["check_in_id"])
    op.create_index(op.f("ix_check_in_link_person_id"), "check_in_link", ["person_id"])
    op.create_table(
        "help_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("check_in_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name=op.f("fk_help_question_check_in_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_help_question_partnership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_help_question_person_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thing.id"], name=op.f("fk_help_question_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_question")),
        sa.UniqueConstraint("check_in_id", name=op.f("uq_help_question_check_in_id")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_help_question_thread_id")),
    )
    op.create_index(op.f("ix_help_question_partnership_id"), "help_question", ["partnership_id"])
    _first_versions()
    _rooms()
    op.execute(sa.text("UPDATE email SET kind = 'partnerships/partner' WHERE kind = 'programmes/partner'"))


def _first_versions() -> None:
    """Make the first version of each challenge that was written."""
    partnership = sa.table("partnership", sa.column("id"), sa.column("challenge"))
    version = sa.table(
        "challenge_version",
        sa.column("partnership_id"),
        sa.column("number"),
        *map(sa.column, CHALLENGE),
        sa.column("private", sa.JSON()),
        sa.column("made", UtcDateTime()),
    )
    connection = op.get_bind()
    for id, challenge in connection.execute(sa.select(partnership).where(partnership.c.challenge != "")).all():
        texts = dict.fromkeys(CHALLENGE, "") | {"goal": challenge}
        connection.execute(
            version.insert().values(partnership_id=id, number=1, private=[], made=datetime.now(UTC), **texts)
        )


def _rooms() -> None:
    """Give each partnership that has none a chat room."""
    audience = sa.table("audience", sa.column("id"), sa.column("kind"))
    columns = ("id", "kind", "audience_id", "author_role", "title", "state", "reason", "version", "seq", "changed")
    thing = sa.table("thing", *map(sa.column, columns), sa.column("last_seq"), sa.column("made", UtcDateTime()))
    room = sa.table("room", sa.column("id"), sa.column("purpose"))
    connection = op.get_bind()
    with_room = sa.select(thing.c.audience_id).where(thing.c.kind == "room")
    without = sa.select(audience.c.id).where(audience.c.kind == "partnership", audience.c.id.not_in(with_room))
    for id in connection.scalars(without).all():
        values = {"kind": "room", "audience_id": id, "author_role": "member", "title": "Chat", "state": "live"}
        numbers = {"version": 1, "seq": 0, "changed": 0, "last_seq": 0}
        made = connection.scalar(
            thing.insert().values(**values, **numbers, reason="", made=datetime.now(UTC)).returning(thing.c.id)
        )
        connection.execute(room.insert().values(id=made, purpose=""))


def _remove_empty_rooms() -> None:
    """Delete the chat rooms of partnerships in which nobody said anything; others stop the way down later."""
    rooms = op.get_bind().scalars(
        sa.text(
            "SELECT thing.id FROM thing JOIN audience ON audience.id = thing.audience_id WHERE thing.kind = 'room'"
            " AND audience.kind = 'partnership' AND thing.last_seq = 0"
        )
    )
    for id in rooms.all():
        for table, column in (("mark", "thing_id"), ("follow", "thing_id"), ("presence", "room_id"), ("room", "id")):
            op.execute(sa.text(f"DELETE FROM {table} WHERE {column} = {id:d}"))
        op.execute(sa.text(f"DELETE FROM thing WHERE id = {id:d}"))


def downgrade() -> None:
    _remove_empty_rooms()
    op.execute(sa.text("UPDATE email SET kind = 'programmes/partner' WHERE kind = 'partnerships/partner'"))
    for table in NEW:
        op.drop_table(table)
    with op.batch_alter_table("partner_organisation") as batch:
        batch.drop_constraint(op.f("fk_partner_organisation_consent_by_id"), type_="foreignkey")
        batch.drop_column("consent_by_id")
        batch.drop_column("consent_at")
        batch.drop_column("consent")
