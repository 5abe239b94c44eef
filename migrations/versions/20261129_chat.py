"""Rooms that have the old default title are called "Chat"."""

from alembic import op

revision = "20261129_chat"
down_revision = "20261129_pictures"
branch_labels = None
depends_on = None

RENAME = "UPDATE thing SET title = '{}' WHERE kind = 'room' AND title = '{}'"


def upgrade() -> None:
    """Rename the rooms."""
    op.execute(RENAME.format("Chat", "Live gesprek"))


def downgrade() -> None:
    """Give them the old title again."""
    op.execute(RENAME.format("Live gesprek", "Chat"))
