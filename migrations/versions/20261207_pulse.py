"""The questions after a meeting, and their answers."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261207_pulse"
down_revision = "20261207_meeting_rooms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pulse",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("sent", UtcDateTime(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_pulse_meeting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_pulse")),
    )
    op.create_table(
        "pulse_answer",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("useful", sa.String(length=8), nullable=False),
        sa.Column("takes", sa.Text(), nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_pulse_answer_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pulse_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pulse_answer_meeting_id", "pulse_answer", ["meeting_id"])


def downgrade() -> None:
    op.drop_table("pulse_answer")
    op.drop_table("pulse")
