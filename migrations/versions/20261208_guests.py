"""The guests of meetings."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261208_guests"
down_revision = "20261208_series"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_guest",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_guest_person_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_guest_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_meeting_guest_invited_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_meeting_guest")),
    )
    op.create_index("ix_meeting_guest_meeting_id", "meeting_guest", ["meeting_id"])
    op.create_index("ix_meeting_guest_invited_by_id", "meeting_guest", ["invited_by_id"])


def downgrade() -> None:
    op.execute("UPDATE person SET state = 'deactivated' WHERE state = 'guest'")
    op.drop_table("meeting_guest")
