"""Bulletins of programmes."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261203_bulletins"
down_revision = "20261203_memberships"
branch_labels = None
depends_on = None

# What can refer to a thing.
DEPENDENT = (
    ("notice_mailed", "thing_id"),
    ("notice", "place_id"),
    ("notice", "thing_id"),
    ("mark", "thing_id"),
    ("follow", "thing_id"),
    ("reaction", "thing_id"),
    ("guest", "thing_id"),
    ("thing_link", "from_id"),
    ("revision", "thing_id"),
    ("body", "thing_id"),
)


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("sent", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name=op.f("fk_bulletin_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_bulletin_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
    )
    op.create_index("ix_bulletin_programme", "bulletin", ["programme_id", "sent"])


def downgrade() -> None:
    for table, column in DEPENDENT:
        op.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM bulletin)")
    op.drop_table("bulletin")
    op.execute("DELETE FROM thing WHERE kind = 'bulletin'")
