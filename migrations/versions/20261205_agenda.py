"""The programme of a meeting, its questions with their votes, and the checklist of who prepares it."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261205_agenda"
down_revision = "20261204_calendar_feeds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_block_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_agenda_block_leader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_block")),
    )
    op.create_index("ix_agenda_block_leader_id", "agenda_block", ["leader_id"])
    op.create_index("ix_agenda_block_meeting", "agenda_block", ["meeting_id", "position"])
    op.create_table(
        "meeting_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=True),
        sa.Column("hidden", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_question_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_question_person_id")),
        sa.ForeignKeyConstraint(
            ["block_id"], ["agenda_block.id"], name=op.f("fk_meeting_question_block_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_question")),
    )
    op.create_index("ix_meeting_question_block_id", "meeting_question", ["block_id"])
    op.create_index("ix_meeting_question_meeting", "meeting_question", ["meeting_id", "votes", "id"])
    op.create_index("ix_meeting_question_person_id", "meeting_question", ["person_id"])
    op.create_table(
        "question_vote",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["meeting_question.id"],
            name=op.f("fk_question_vote_question_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_question_vote_person_id")),
        sa.PrimaryKeyConstraint("question_id", "person_id", name=op.f("pk_question_vote")),
    )
    op.create_index("ix_question_vote_person_id", "question_vote", ["person_id"])
    op.create_table(
        "vote_limit",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_vote_limit_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_vote_limit")),
    )
    op.create_table(
        "preparation_tick",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_preparation_tick_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preparation_tick_person_id")),
        sa.PrimaryKeyConstraint("meeting_id", "item", name=op.f("pk_preparation_tick")),
    )
    op.create_index("ix_preparation_tick_person_id", "preparation_tick", ["person_id"])


def downgrade() -> None:
    op.drop_table("preparation_tick")
    op.drop_table("vote_limit")
    op.drop_table("question_vote")
    op.drop_table("meeting_question")
    op.drop_table("agenda_block")
