"""Requests to experts, and to whom they were put."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261210_experts"
down_revision = "20261210_guidance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expert_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(length=200), nullable=False),
        sa.Column("named_id", sa.Integer(), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("put", UtcDateTime(), nullable=True),
        sa.Column("reminded", UtcDateTime(), nullable=True),
        sa.Column("escalated", UtcDateTime(), nullable=True),
        sa.Column("settled", UtcDateTime(), nullable=True),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name=op.f("fk_expert_request_audience_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thing.id"], name=op.f("fk_expert_request_thread_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_request_person_id")),
        sa.ForeignKeyConstraint(["named_id"], ["person.id"], name=op.f("fk_expert_request_named_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["person.id"], name=op.f("fk_expert_request_expert_id")),
        sa.ForeignKeyConstraint(["post_id"], ["thing.id"], name=op.f("fk_expert_request_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_request")),
    )
    for column in ("person_id", "named_id", "post_id"):
        op.create_index(f"ix_expert_request_{column}", "expert_request", [column])
    op.create_index("ix_expert_request_thread", "expert_request", ["thread_id", "id"])
    op.create_index("ix_expert_request_desk", "expert_request", ["audience_id", "state", "id"])
    op.create_index("ix_expert_request_expert", "expert_request", ["expert_id", "state", "id"])
    is_open = sa.text("state IN ('queued', 'asked', 'accepted')")
    op.create_index(
        "uq_expert_request_open",
        "expert_request",
        ["thread_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "expert_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("word", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["expert_request.id"], name=op.f("fk_expert_turn_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_turn_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_turn")),
    )
    op.create_index("ix_expert_turn_request_id", "expert_turn", ["request_id"])
    op.create_index("ix_expert_turn_person", "expert_turn", ["person_id", "state", "id"])


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE reason LIKE 'expert!_%' ESCAPE '!'")
    op.drop_table("expert_turn")
    op.drop_table("expert_request")
