"""Few memberships have a role other than member, or a term: they are found by an index, however many people take part."""

import sqlalchemy as sa
from alembic import op

revision = "20261203_memberships"
down_revision = "20261203_since"
branch_labels = None
depends_on = None

TERM = sa.text("until IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_membership_role", "membership", ["community_id", "role"])
    op.create_index("ix_membership_until", "membership", ["until"], sqlite_where=TERM, postgresql_where=TERM)
    op.drop_index("ix_membership_community_id", table_name="membership")


def downgrade() -> None:
    op.create_index("ix_membership_community_id", "membership", ["community_id"])
    op.drop_index("ix_membership_until", table_name="membership")
    op.drop_index("ix_membership_role", table_name="membership")
