"""Pictures: their size, words for who does not see them, and small copies, which a job makes of what is there."""

import sqlalchemy as sa
from alembic import op

from cop.base import clock
from cop.base.db import UtcDateTime

revision = "20261129_pictures"
down_revision = "20261129_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("small", sa.String(length=64), nullable=True),
        sa.Column("medium", sa.String(length=64), nullable=True),
        sa.Column("large", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name="fk_picture_thing_id"),
        sa.PrimaryKeyConstraint("thing_id", name="pk_picture"),
    )
    job = sa.table(
        "job",
        sa.column("name"),
        sa.column("arguments", sa.JSON()),
        sa.column("state"),
        sa.column("due", UtcDateTime()),
        sa.column("tries"),
        sa.column("made", UtcDateTime()),
    )
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM file WHERE media_type LIKE 'image/%'")):
        now = clock.now()
        op.bulk_insert(
            job,
            [
                {
                    "name": "documents.all_pictures",
                    "arguments": [],
                    "state": "waiting",
                    "due": now,
                    "tries": 0,
                    "made": now,
                }
            ],
        )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM job WHERE name IN ('documents.pictures', 'documents.all_pictures')"))
    op.drop_table("picture")
