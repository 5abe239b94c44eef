"""Organisations have a province, by their municipality or as chosen; answered questions are read from an index."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_directory"
down_revision = "20261202_coach"
branch_labels = None
depends_on = None

ANSWERED = sa.text("answer_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "municipality",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("successor_code", sa.String(length=6), nullable=True),
        sa.ForeignKeyConstraint(["successor_code"], ["municipality.code"], name=op.f("fk_municipality_successor_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
    )
    op.create_index("ix_municipality_successor_code", "municipality", ["successor_code"])
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("municipality_code", sa.String(length=6), nullable=True))
        batch.add_column(sa.Column("province", sa.String(length=2), nullable=False, server_default=""))
        batch.create_foreign_key(
            op.f("fk_organisation_municipality_code"), "municipality", ["municipality_code"], ["code"]
        )
        batch.create_index("ix_organisation_municipality_code", ["municipality_code"])
    op.create_index(
        "ix_thread_answered", "thread", ["audience_id", "id"], sqlite_where=ANSWERED, postgresql_where=ANSWERED
    )


def downgrade() -> None:
    op.drop_index("ix_thread_answered", table_name="thread")
    with op.batch_alter_table("organisation") as batch:
        batch.drop_index("ix_organisation_municipality_code")
        batch.drop_constraint(op.f("fk_organisation_municipality_code"), type_="foreignkey")
        batch.drop_column("province")
        batch.drop_column("municipality_code")
    op.drop_table("municipality")
