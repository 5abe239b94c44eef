"""Curation: threads that were merged, split and linked, their closing day and pace, notes, and the index of the log."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261210_curation"
down_revision = "20261210_similar"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("thread") as thread:
        thread.add_column(sa.Column("closes", UtcDateTime(), nullable=True))
        thread.add_column(sa.Column("pace", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "thread_redirect",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["thing.id"], name=op.f("fk_thread_redirect_thread_id")),
        sa.ForeignKeyConstraint(["post_id"], ["thing.id"], name=op.f("fk_thread_redirect_post_id")),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_thread_redirect")),
    )
    op.create_index("ix_thread_redirect_post_id", "thread_redirect", ["post_id"])
    op.create_table(
        "thread_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["thing.id"], name=op.f(f"fk_thread_relation_{name}"))
            for name in ("source_id", "target_id", "post_id", "after_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_relation")),
    )
    for name in ("source_id", "target_id", "post_id", "after_id"):
        op.create_index(f"ix_thread_relation_{name}", "thread_relation", [name])
    op.create_table(
        "staff_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("edited", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_staff_note_audience_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_staff_note_thing_id")),
        sa.ForeignKeyConstraint(["member_id"], ["person.id"], name=op.f("fk_staff_note_member_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_note_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_note")),
    )
    op.create_index("ix_staff_note_audience_id", "staff_note", ["audience_id"])
    op.create_index("ix_staff_note_person_id", "staff_note", ["person_id"])
    op.create_index("ix_staff_note_thing", "staff_note", ["thing_id", "id"])
    op.create_index("ix_staff_note_member", "staff_note", ["member_id", "audience_id", "id"])
    op.create_index("ix_journal_entry_community", "journal_entry", ["community_id", "verb", "id"])


def downgrade() -> None:
    """Leave merged threads merged: their state says nothing to an earlier release, which shows them to nobody."""
    op.drop_index("ix_journal_entry_community", "journal_entry")
    op.drop_table("staff_note")
    op.drop_table("thread_relation")
    op.drop_table("thread_redirect")
    with op.batch_alter_table("thread") as thread:
        thread.drop_column("pace")
        thread.drop_column("closes")
