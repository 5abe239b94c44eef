"""Bookmarks; what people hear of a thing or an audience, by levels instead of muting; and what takes back that somebody marked everything as read."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261210_bookmarks"
down_revision = "20261210_imports"
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
    with op.batch_alter_table("follow") as follow:
        follow.add_column(sa.Column("level", sa.String(length=10), nullable=False, server_default="all"))
        follow.add_column(sa.Column("until", sa.Date(), nullable=True))
        follow.add_column(sa.Column("afterwards", sa.String(length=10), nullable=True))
    op.execute(sa.text("UPDATE follow SET level = 'silent' WHERE muted"))
    with op.batch_alter_table("follow") as follow:
        follow.drop_column("muted")
        follow.alter_column("level", server_default=None)
    op.create_index("ix_follow_until", "follow", ["until"])
    op.create_table(
        "audience_follow",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("afterwards", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_audience_follow_person_id")),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_audience_follow_audience_id")),
        sa.PrimaryKeyConstraint("person_id", "audience_id", name=op.f("pk_audience_follow")),
    )
    op.create_index("ix_audience_follow_audience_id", "audience_follow", ["audience_id"])
    op.create_index("ix_audience_follow_until", "audience_follow", ["until"])


def downgrade() -> None:
    op.drop_table("audience_follow")
    op.drop_index("ix_follow_until", "follow")
    # Somebody who chose a level between following and muting hears what everybody hears: they have no row.
    op.execute("DELETE FROM follow WHERE level NOT IN ('all', 'silent')")
    with op.batch_alter_table("follow") as follow:
        follow.add_column(sa.Column("muted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE follow SET muted = true WHERE level = 'silent'"))
    with op.batch_alter_table("follow") as follow:
        for column in ("level", "until", "afterwards"):
            follow.drop_column(column)
        follow.alter_column("muted", server_default=None)
    op.execute("DELETE FROM notice WHERE reason = 'bookmark'")
    op.drop_table("catch_up")
    op.drop_table("bookmark")
