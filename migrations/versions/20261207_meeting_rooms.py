"""The chat rooms of meetings, their rounds and their photos."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261207_meeting_rooms"
down_revision = "20261207_attendance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("room", sa.Column("closed", UtcDateTime(), nullable=True))
    op.create_table(
        "meeting_room",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("reopened", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_room_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_meeting_room_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_room")),
        sa.UniqueConstraint("room_id", name=op.f("uq_meeting_room_room_id")),
    )
    op.create_table(
        "meeting_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("shown", sa.String(length=12), nullable=False),
        sa.Column("started", UtcDateTime(), nullable=False),
        sa.Column("closed", UtcDateTime(), nullable=True),
        sa.Column("removed", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_round_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_meeting_round_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_round")),
    )
    op.create_index("ix_meeting_round_meeting", "meeting_round", ["meeting_id", "id"])
    op.create_index("ix_meeting_round_started_by", "meeting_round", ["started_by"])
    op.create_table(
        "round_answer",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["meeting_round.id"], name=op.f("fk_round_answer_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_round_answer_person_id")),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_round_answer")),
    )
    op.create_index("ix_round_answer_person_id", "round_answer", ["person_id"])
    op.create_table(
        "meeting_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("small", sa.String(length=64), nullable=False),
        sa.Column("large", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("removed", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_photo_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_photo_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_photo")),
    )
    op.create_index("ix_meeting_photo_meeting", "meeting_photo", ["meeting_id", "id"])
    op.create_index("ix_meeting_photo_person_id", "meeting_photo", ["person_id"])


def downgrade() -> None:
    for table in ("meeting_photo", "round_answer", "meeting_round", "meeting_room"):
        op.drop_table(table)
    with op.batch_alter_table("room") as room:
        room.drop_column("closed")
