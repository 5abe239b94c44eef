"""Series of meetings."""

import sqlalchemy as sa
from alembic import op

revision = "20261208_series"
down_revision = "20261207_pulse"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_meeting_series_audience_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
    )
    op.create_index("ix_meeting_series_audience_id", "meeting_series", ["audience_id"])
    with op.batch_alter_table("meeting") as meeting:
        meeting.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        meeting.create_foreign_key(
            op.f("fk_meeting_series_id"), "meeting_series", ["series_id"], ["id"], ondelete="SET NULL"
        )
        meeting.create_index("ix_meeting_series_id", ["series_id"])


def downgrade() -> None:
    with op.batch_alter_table("meeting") as meeting:
        meeting.drop_index("ix_meeting_series_id")
        meeting.drop_constraint(op.f("fk_meeting_series_id"), type_="foreignkey")
        meeting.drop_column("series_id")
    op.drop_table("meeting_series")
