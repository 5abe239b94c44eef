"""The days of meetings of several days, and seats that are offered to who waits."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261207_planning"
down_revision = "20261206_attendance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_day",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_day_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "starts", name=op.f("pk_meeting_day")),
    )
    op.add_column("invitee", sa.Column("offered_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("invitee", "offered_until")
    op.drop_table("meeting_day")
