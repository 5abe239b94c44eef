"""Who was at a meeting."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261206_attendance"
down_revision = "20261205_minutes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_attendance_marked_by")),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", "day", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_person_id", "attendance", ["person_id"])
    op.create_index("ix_attendance_marked_by", "attendance", ["marked_by"])


def downgrade() -> None:
    op.drop_table("attendance")
