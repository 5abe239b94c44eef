"""Count what the screens of a meeting's day show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261207_attendance"
down_revision = "20261207_planning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_version",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_day_version_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_day_version")),
    )


def downgrade() -> None:
    op.drop_table("day_version")
