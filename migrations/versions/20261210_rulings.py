"""Rulings: what moderators told a person, with their appeal; a case can wait for its author."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261210_rulings"
down_revision = "20261210_groups"
branch_labels = None
depends_on = None

PEOPLE = ("by_id", "decided_by_id")


def upgrade() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("changed", UtcDateTime(), nullable=True),
        sa.Column("withdrawn", UtcDateTime(), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed", UtcDateTime(), nullable=True),
        sa.Column("decided", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_ruling_audience_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_ruling_thing_id")),
        sa.ForeignKeyConstraint(["case_id"], ["flag_case.id"], name=op.f("fk_ruling_case_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ruling_person_id")),
        *(sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_ruling_{name}")) for name in PEOPLE),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    for name in ("thing_id", "case_id", *PEOPLE):
        op.create_index(f"ix_ruling_{name}", "ruling", [name])
    op.create_index("ix_ruling_mine", "ruling", ["person_id", "at", "id"])
    op.create_index("ix_ruling_appeals", "ruling", ["audience_id", "decided", "appealed"])
    with op.batch_alter_table("flag_case") as batch:
        batch.add_column(sa.Column("waits_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("flag_case") as batch:
        batch.drop_column("waits_until")
    op.drop_table("ruling")
