"""Minutes of meetings, written block by block, and what was published of them."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261205_minutes"
down_revision = "20261205_polls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("begun", UtcDateTime(), nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["meeting.id"], name=op.f("fk_minutes_id")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["person.id"], name=op.f("fk_minutes_begun_by_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thing.id"], name=op.f("fk_minutes_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
    )
    op.create_index("ix_minutes_begun_by_id", "minutes", ["begun_by_id"])
    op.create_index("ix_minutes_thread_id", "minutes", ["thread_id"])
    op.create_table(
        "minutes_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=True),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("edited", UtcDateTime(), nullable=True),
        sa.Column("removed", UtcDateTime(), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=36), nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_block_minutes_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["person.id"], name=op.f("fk_minutes_block_editor_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_minutes_block_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_block")),
    )
    op.create_index("ix_minutes_block_order", "minutes_block", ["minutes_id", "position"])
    op.create_index("ix_minutes_block_editor_id", "minutes_block", ["editor_id"])
    op.create_index("ix_minutes_block_holder_id", "minutes_block", ["holder_id"])
    op.create_table(
        "minutes_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["minutes_block.id"], name=op.f("fk_minutes_text_block_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_text_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_text")),
        sa.UniqueConstraint("client_id", name=op.f("uq_minutes_text_client_id")),
    )
    op.create_index("ix_minutes_text_block_id", "minutes_text", ["block_id"])
    op.create_index("ix_minutes_text_person_id", "minutes_text", ["person_id"])
    op.create_table(
        "minutes_publication",
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minutes_publication_minutes_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_minutes_publication_person_id")),
        sa.PrimaryKeyConstraint("minutes_id", "version", name=op.f("pk_minutes_publication")),
    )
    op.create_index("ix_minutes_publication_person_id", "minutes_publication", ["person_id"])


def downgrade() -> None:
    op.execute("UPDATE thread SET thread_kind = 'announcement' WHERE thread_kind = 'minutes'")
    for table in ("minutes_publication", "minutes_text", "minutes_block", "minutes"):
        op.drop_table(table)
