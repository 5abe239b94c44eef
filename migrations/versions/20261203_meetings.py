"""Meetings with the people invited to them; mail has a part for calendars."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261203_meetings"
down_revision = "20261203_bulletins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_part")),
    )
    with op.batch_alter_table("email") as batch:
        batch.add_column(sa.Column("calendar_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("attendance", sa.String(length=12), nullable=True))
        batch.create_foreign_key(op.f("fk_email_calendar_id"), "calendar_part", ["calendar_id"], ["id"])
        batch.create_index("ix_email_calendar_id", ["calendar_id"])
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("accessibility", sa.Text(), nullable=False),
        sa.Column("parking", sa.Text(), nullable=False),
        sa.Column("video_url", sa.Text(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("organizer", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("time_sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", UtcDateTime(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_meeting_id")),
        sa.ForeignKeyConstraint(["host_id"], ["organisation.id"], name=op.f("fk_meeting_host_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_ends", "meeting", ["status", "ends"])
    op.create_index("ix_meeting_host_id", "meeting", ["host_id"])
    op.create_table(
        "invitee",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("diet", sa.Text(), nullable=False),
        sa.Column("access_needs", sa.Text(), nullable=False),
        sa.Column("answered", UtcDateTime(), nullable=True),
        sa.Column("answered_sequence", sa.Integer(), nullable=False),
        sa.Column("has_item", sa.Boolean(), nullable=False),
        sa.Column("sent_sequence", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_invitee_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitee_person_id")),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_invitee")),
    )
    op.create_index("ix_invitee_person_id", "invitee", ["person_id"])


def downgrade() -> None:
    op.drop_table("invitee")
    op.drop_table("meeting")
    # What stood for a whole programme has no place before.
    op.execute("DELETE FROM search_entry WHERE thing_id IN (SELECT id FROM thing WHERE kind = 'meeting')")
    op.execute("DELETE FROM notice WHERE place_id IN (SELECT id FROM thing WHERE kind = 'meeting')")
    op.execute("DELETE FROM thing WHERE kind = 'meeting'")
    with op.batch_alter_table("email") as batch:
        batch.drop_index("ix_email_calendar_id")
        batch.drop_constraint(op.f("fk_email_calendar_id"), type_="foreignkey")
        batch.drop_column("attendance")
        batch.drop_column("calendar_id")
    op.drop_table("calendar_part")
