"""Emails of invitations and terms are kinds of members."""

from alembic import op

revision = "20261202_members"
down_revision = "20261201_intake"
branch_labels = None
depends_on = None

MOVED = ("invitation", "term")


def upgrade() -> None:
    for name in MOVED:
        op.execute(f"UPDATE email SET kind = 'members/{name}' WHERE kind = 'programmes/{name}'")


def downgrade() -> None:
    for name in MOVED:
        op.execute(f"UPDATE email SET kind = 'programmes/{name}' WHERE kind = 'members/{name}'")
