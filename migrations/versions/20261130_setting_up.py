"""Programmes choose the rule for their partnerships; organisations know who recorded them; notices can be about a role.

Going down deletes the notices about roles, and is refused while two organisations have one name.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_setting_up"
down_revision = "20261130_visits"
branch_labels = None
depends_on = None

PLACES = ("place_id", "thing_id", "audience_id")


def upgrade() -> None:
    op.add_column(
        "programme", sa.Column("composition", sa.String(length=16), nullable=False, server_default="frontrunners")
    )
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("added_by_id", sa.Integer(), nullable=True))
        batch.drop_constraint("uq_organisation_name", type_="unique")
        batch.create_index("ix_organisation_name", ["name"])
    with op.batch_alter_table("notice") as batch:
        for column in PLACES:
            batch.alter_column(column, existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    twice = op.get_bind().scalar(sa.text("SELECT count(*) FROM organisation")) - op.get_bind().scalar(
        sa.text("SELECT count(DISTINCT name) FROM organisation")
    )
    if twice:
        raise RuntimeError(f"{twice} organisations have the name of another: before, none could. Merge them first")
    op.execute(sa.text("DELETE FROM notice WHERE place_id IS NULL"))
    with op.batch_alter_table("notice") as batch:
        for column in PLACES:
            batch.alter_column(column, existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("organisation") as batch:
        batch.drop_index("ix_organisation_name")
        batch.create_unique_constraint("uq_organisation_name", ["name"])
        batch.drop_column("added_by_id")
    with op.batch_alter_table("programme") as batch:
        batch.drop_column("composition")
