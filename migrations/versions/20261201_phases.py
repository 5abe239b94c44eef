"""Programmes have a public page, a contact, a colour and a logo; communities say what they emphasise; documents can be public.

Going down drops the public pages, the marks of public documents, and the notices about phases.
"""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261201_phases"
down_revision = "20261201_lists"
branch_labels = None
depends_on = None

TEXTS = ("contact_name", "contact_mail", "contact_phone")


def upgrade() -> None:
    op.add_column("programme", sa.Column("phase_since", sa.Date(), nullable=True))
    op.add_column("programme", sa.Column("published", UtcDateTime(), nullable=True))
    for name in TEXTS:
        op.add_column("programme", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("programme", sa.Column("colour", sa.String(length=12), nullable=False, server_default="green"))
    op.add_column("programme", sa.Column("logo", sa.String(length=64), nullable=True))
    op.add_column("community", sa.Column("emphasis", sa.JSON(), nullable=False, server_default="[]"))
    # A date before this day starts no phase: so far dates started none.
    op.execute(sa.text("UPDATE programme SET phase_since = CURRENT_DATE"))
    op.create_table(
        "public_page",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("page", sa.JSON(), nullable=True),
        sa.Column("changed", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_public_page_programme_id"),
        sa.PrimaryKeyConstraint("programme_id", name="pk_public_page"),
    )
    op.create_table(
        "public_file",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name="fk_public_file_file_id"),
        sa.PrimaryKeyConstraint("file_id", name="pk_public_file"),
    )


def downgrade() -> None:
    op.drop_table("public_file")
    op.drop_table("public_page")
    op.execute(sa.text("DELETE FROM notice WHERE reason LIKE 'phase:%'"))
    with op.batch_alter_table("community") as batch:
        batch.drop_column("emphasis")
    with op.batch_alter_table("programme") as batch:
        for name in ("phase_since", "published", *TEXTS, "colour", "logo"):
            batch.drop_column(name)
