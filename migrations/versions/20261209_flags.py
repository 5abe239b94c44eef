"""Flags, and their cases."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261209_flags"
down_revision = "20261208_guests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flag_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened", UtcDateTime(), nullable=False),
        sa.Column("ruled", UtcDateTime(), nullable=True),
        sa.Column("ruled_by_id", sa.Integer(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_flag_case_audience_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_flag_case_thing_id")),
        sa.ForeignKeyConstraint(["member_id"], ["person.id"], name=op.f("fk_flag_case_member_id")),
        sa.ForeignKeyConstraint(["about_id"], ["person.id"], name=op.f("fk_flag_case_about_id")),
        sa.ForeignKeyConstraint(["ruled_by_id"], ["person.id"], name=op.f("fk_flag_case_ruled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_case")),
    )
    for column in ("thing_id", "member_id", "about_id", "ruled_by_id"):
        op.create_index(f"ix_flag_case_{column}", "flag_case", [column])
    op.create_index("ix_flag_case_desk", "flag_case", ["audience_id", "state", "opened", "id"])
    is_open = sa.text("state = 'open'")
    for name, columns in (("uq_flag_case_thing", ["thing_id"]), ("uq_flag_case_member", ["member_id", "audience_id"])):
        op.create_index(name, "flag_case", columns, unique=True, sqlite_where=is_open, postgresql_where=is_open)
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["flag_case.id"], name=op.f("fk_flag_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_flag_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
    )
    op.create_index("ix_flag_case_id", "flag", ["case_id"])
    op.create_index("ix_flag_mine", "flag", ["person_id", "at", "id"])
    stands = sa.text("withdrawn IS NULL")
    op.create_index(
        "uq_flag_standing",
        "flag",
        ["case_id", "person_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE reason LIKE 'flag%'")
    op.execute("DELETE FROM notice_choice WHERE kind = 'flag'")
    op.drop_table("flag")
    op.drop_table("flag_case")
