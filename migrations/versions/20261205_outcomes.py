"""Outcomes of meetings and conversations, with actions until they are done."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261205_outcomes"
down_revision = "20261205_agenda"
branch_labels = None
depends_on = None

# What can refer to an outcome.
DEPENDENT = (
    ("notice_mailed", "thing_id"),
    ("notice", "place_id"),
    ("notice", "thing_id"),
    ("search_entry", "thing_id"),
    ("mark", "thing_id"),
    ("follow", "thing_id"),
    ("guest", "thing_id"),
    ("thing_link", "from_id"),
    ("thing_link", "to_id"),
)


def upgrade() -> None:
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outcome_kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("settled", UtcDateTime(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("reminded_before", sa.Date(), nullable=True),
        sa.Column("reminded_after", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_outcome_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_outcome_meeting_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_outcome_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index("ix_outcome_due", "outcome", ["status", "due"])
    op.create_index("ix_outcome_meeting_id", "outcome", ["meeting_id"])
    op.create_index("ix_outcome_owner", "outcome", ["owner_id", "status", "due"])


def downgrade() -> None:
    for table, column in DEPENDENT:
        op.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM outcome)")
    # A coach's signals about actions are no kinds that the desk knew before.
    for table in ("set_aside", "coach_message"):
        op.execute(f"DELETE FROM {table} WHERE kind IN ('overdue', 'ownerless')")
    op.drop_table("outcome")
    op.execute("DELETE FROM thing WHERE kind = 'outcome'")
