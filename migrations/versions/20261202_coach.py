"""The coach's desk: its settings, what is set aside, messages; and the indexes by which signs are read."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261202_coach"
down_revision = "20261202_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_settings",
        _programme(primary_key=True),
        sa.Column("silent_weeks", sa.Integer(), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(8), nullable=False),
        sa.Column("free_days", sa.JSON(), nullable=False),
    )
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), primary_key=True),
        _programme(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("programme_id", "kind", "subject_id"),
    )
    op.create_table(
        "coach_message",
        sa.Column("id", sa.Integer(), primary_key=True),
        _programme(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_coach_message_signal", "coach_message", ["programme_id", "kind", "subject_id", "made"])
    op.add_column("partnership", sa.Column("made", UtcDateTime(), nullable=True))
    op.create_index("ix_thing_signs", "thing", ["author_id", "audience_id", "made"])
    op.create_index("ix_version_person_id", "version", ["person_id"])


def _programme(primary_key: bool = False) -> sa.Column:
    key = sa.ForeignKey("programme.id", ondelete="CASCADE")
    return sa.Column("programme_id", sa.Integer(), key, primary_key=primary_key, nullable=False)


def downgrade() -> None:
    op.drop_index("ix_version_person_id", table_name="version")
    op.drop_index("ix_thing_signs", table_name="thing")
    op.drop_column("partnership", "made")
    for table in ("coach_message", "set_aside", "desk_settings"):
        op.drop_table(table)
