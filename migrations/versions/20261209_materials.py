"""The materials of meetings: links of new kinds, which an earlier release does not know."""

from alembic import op

revision = "20261209_materials"
down_revision = "20261209_allday"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing: the table of links is there."""


def downgrade() -> None:
    op.execute("DELETE FROM thing_link WHERE kind IN ('material', 'document')")
