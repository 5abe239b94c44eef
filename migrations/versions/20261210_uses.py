"""What people used, and what came of it."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261210_uses"
down_revision = "20261210_rulings"
branch_labels = None
depends_on = None

STANDS = "withdrawn IS NULL AND kind = 'used' AND partnership_id IS"


def upgrade() -> None:
    op.create_table(
        "thing_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn", UtcDateTime(), nullable=True),
        sa.Column("told", UtcDateTime(), nullable=True),
        sa.Column("asked", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("outcome_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_thing_use_thing_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_thing_use_person_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_thing_use_organisation_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_thing_use_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing_use")),
    )
    for column in ("person_id", "organisation_id", "partnership_id"):
        op.create_index(f"ix_thing_use_{column}", "thing_use", [column])
    op.create_index("ix_thing_use_thing", "thing_use", ["thing_id", "at", "id"])
    op.create_index("ix_thing_use_at", "thing_use", ["at"])
    for name, columns, condition in (
        ("uq_thing_use_alone", ["thing_id", "person_id"], f"{STANDS} NULL"),
        ("uq_thing_use_partnership", ["thing_id", "person_id", "partnership_id"], f"{STANDS} NOT NULL"),
    ):
        stands = sa.text(condition)
        op.create_index(name, "thing_use", columns, unique=True, sqlite_where=stands, postgresql_where=stands)


def downgrade() -> None:
    op.drop_table("thing_use")
