"""The day of each block of a programme, and the text of a series of meetings."""

import sqlalchemy as sa
from alembic import op

revision = "20261209_allday"
down_revision = "20261209_flags"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agenda_block") as block:
        block.add_column(sa.Column("day", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("meeting_series") as series:
        series.add_column(sa.Column("text", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("meeting_series") as series:
        series.drop_column("text")
    with op.batch_alter_table("agenda_block") as block:
        block.drop_column("day")
