"""Imports, and where what they brought comes from."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261210_imports"
down_revision = "20261210_curation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=200), nullable=False),
        sa.Column("began", UtcDateTime(), nullable=False),
        sa.Column("ended", UtcDateTime(), nullable=True),
        sa.Column("undone", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index("ix_import_run_system", "import_run", ["system"])
    op.create_table(
        "import_origin",
        sa.Column("system", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("written", sa.String(length=64), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("undone", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_origin_run_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_import_origin_thing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("system", "key", name=op.f("pk_import_origin")),
    )
    for column in ("run_id", "thing_id"):
        op.create_index(f"ix_import_origin_{column}", "import_origin", [column])


def downgrade() -> None:
    op.drop_table("import_origin")
    op.drop_table("import_run")
