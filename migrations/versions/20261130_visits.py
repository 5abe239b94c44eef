"""Remember visits, the weekday of a weekly mail, and find what a person wrote by an index."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261130_visits"
down_revision = "20261130_open_questions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("previous", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_visit")),
    )
    op.add_column("notice_choice", sa.Column("weekday", sa.Integer(), nullable=True))
    op.create_index("ix_thing_author", "thing", ["author_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_thing_author", table_name="thing")
    op.drop_column("notice_choice", "weekday")
    op.execute(sa.text("UPDATE notice_choice SET how = 'daily' WHERE how = 'weekly'"))
    op.drop_table("visit")
