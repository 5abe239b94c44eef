"""The unanswered questions of a community are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_open_questions"
down_revision = "20261129_mail_addresses"
branch_labels = None
depends_on = None

OPEN = sa.text("thread_kind = 'question' AND answer_id IS NULL AND closed IS NULL")


def upgrade() -> None:
    op.create_index("ix_thread_open", "thread", ["last_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_thread_open", table_name="thread")
