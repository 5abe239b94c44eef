"""Guidance: cards with their sections, sources, comments and versions."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261210_guidance"
down_revision = "20261210_uses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("review_asked", UtcDateTime(), nullable=True),
        sa.Column("approved", UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("adopted", UtcDateTime(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("reminded", sa.Date(), nullable=True),
        sa.Column("expired", UtcDateTime(), nullable=True),
        sa.Column("expiry_reason", sa.Text(), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_card_approved_by_id")),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_card_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_card_owner_id")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["card.id"], name=op.f("fk_card_replaced_by_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_card_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_approved_by_id"), ["approved_by_id"], unique=False)
        batch_op.create_index("ix_card_due", ["status", "review_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_replaced_by_id"), ["replaced_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_reviewer_id"), ["reviewer_id"], unique=False)

    op.create_table(
        "card_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled", UtcDateTime(), nullable=True),
        sa.Column("removed", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_comment_card_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_comment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_comment")),
    )
    with op.batch_alter_table("card_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_comment_card_id"), ["card_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_comment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "card_section",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=12), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("edited", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_section_card_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["person.id"], name=op.f("fk_card_section_editor_id")),
        sa.PrimaryKeyConstraint("card_id", "name", name=op.f("pk_card_section")),
    )
    with op.batch_alter_table("card_section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_section_editor_id"), ["editor_id"], unique=False)

    op.create_table(
        "card_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=12), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=10), nullable=False),
        sa.Column("marked", UtcDateTime(), nullable=True),
        sa.Column("added", UtcDateTime(), nullable=False),
        sa.Column("left", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_card_source_author_id")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_source_card_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_card_source_thing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_source")),
    )
    with op.batch_alter_table("card_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_source_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_source_thing_id"), ["thing_id"], unique=False)
        batch_op.create_index("uq_card_source", ["card_id", "thing_id"], unique=True)

    op.create_table(
        "card_version",
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_card_version_approved_by_id")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_version_card_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_version_person_id")),
        sa.PrimaryKeyConstraint("card_id", "number", name=op.f("pk_card_version")),
    )
    with op.batch_alter_table("card_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_version_approved_by_id"), ["approved_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_version_person_id"), ["person_id"], unique=False)


# What refers to a thing.
DEPENDENT = (
    ("notice", "place_id"),
    ("notice", "thing_id"),
    ("notice_mailed", "thing_id"),
    ("follow", "thing_id"),
    ("mark", "thing_id"),
    ("guest", "thing_id"),
    ("thing_link", "from_id"),
    ("thing_link", "to_id"),
    ("search_entry", "thing_id"),
)


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE reason LIKE 'card_%'")
    for table, column in DEPENDENT:
        op.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM card)")
    for table in ("card_version", "card_source", "card_section", "card_comment", "card"):
        op.drop_table(table)
    op.execute("DELETE FROM thing WHERE kind = 'card'")
