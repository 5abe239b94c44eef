"""Bookmarks, and what takes back that somebody marked everything as read."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261210_bookmarks"
down_revision = "20261209_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookmark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded", sa.Date(), nullable=True),
        sa.Column("mailed", sa.Date(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("removed", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bookmark_person_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_bookmark_thing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookmark")),
        sa.UniqueConstraint("person_id", "thing_id", name=op.f("uq_bookmark_person_id_thing_id")),
    )
    op.create_index("ix_bookmark_thing_id", "bookmark", ["thing_id"])
    op.create_index("ix_bookmark_mine", "bookmark", ["person_id", "made", "id"])
    op.create_index("ix_bookmark_due", "bookmark", ["remind_on"])
    op.create_table(
        "catch_up",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_catch_up_person_id")),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_catch_up_audience_id")),
        sa.PrimaryKeyConstraint("person_id", "audience_id", name=op.f("pk_catch_up")),
    )
    op.create_index("ix_catch_up_audience_id", "catch_up", ["audience_id"])


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE reason = 'bookmark'")
    op.drop_table("catch_up")
    op.drop_table("bookmark")
