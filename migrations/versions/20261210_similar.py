"""What a new thread is asked, per community."""

import sqlalchemy as sa
from alembic import op

revision = "20261210_similar"
down_revision = "20261210_experts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("community", sa.Column("asked", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("community") as community:
        community.drop_column("asked")
