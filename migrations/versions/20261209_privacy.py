"""Breaches, and what was done about each."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261209_privacy"
down_revision = "20261209_materials"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("written", UtcDateTime(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("reported", UtcDateTime(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("mailed", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("copies", sa.JSON(), nullable=False),
        sa.Column("closed", UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_breach_thing_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_breach_author_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name=op.f("fk_breach_reporter_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_breach_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
    )
    op.create_index("ix_breach_thing_id", "breach", ["thing_id"])
    op.create_table(
        "breach_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("breach_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breach.id"], name=op.f("fk_breach_step_breach_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_breach_step_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_step")),
    )
    op.create_index("ix_breach_step_breach_id", "breach_step", ["breach_id"])


def downgrade() -> None:
    op.drop_table("breach_step")
    op.drop_table("breach")
