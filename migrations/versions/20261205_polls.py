"""Date polls with their options and answers."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261205_polls"
down_revision = "20261205_outcomes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("meeting_kind", sa.String(length=12), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("asked", UtcDateTime(), nullable=True),
        sa.Column("reminded", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_poll_audience_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_poll_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    op.create_index("ix_poll_audience_id", "poll", ["audience_id"])
    op.create_index("ix_poll_meeting_id", "poll", ["meeting_id"])
    op.create_table(
        "poll_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_option_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_option")),
        sa.UniqueConstraint("poll_id", "starts", "ends", name=op.f("uq_poll_option_poll_id_starts_ends")),
    )
    op.create_table(
        "poll_person",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("answered", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_poll_person_person_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_person_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f("pk_poll_person")),
    )
    op.create_index("ix_poll_person_person_id", "poll_person", ["person_id"])
    op.create_table(
        "poll_vote",
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("vote", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["option_id"], ["poll_option.id"], name=op.f("fk_poll_vote_option_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_poll_vote_person_id")),
        sa.PrimaryKeyConstraint("option_id", "person_id", name=op.f("pk_poll_vote")),
    )
    op.create_index("ix_poll_vote_person_id", "poll_vote", ["person_id"])


def downgrade() -> None:
    for table in ("poll_vote", "poll_person", "poll_option", "poll"):
        op.drop_table(table)
