"""A draft has an id, a revision and a writer; several drafts can stand in one place."""

import uuid

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261129_drafts"
down_revision = "20261129_audience"
branch_labels = None
depends_on = None

COLUMNS = ("person_id", "id", "place", "revision", "writer", "fields", "saved", "dropped")


def upgrade() -> None:
    op.rename_table("draft", "old_draft")
    rename_key("old_draft", "pk_draft", "pk_old_draft")
    op.create_table(
        "draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(36), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved", UtcDateTime(), nullable=False),
        sa.Column("dropped", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_person_id"),
        sa.PrimaryKeyConstraint("person_id", "id", name="pk_draft"),
    )
    old = sa.table(
        "old_draft",
        *(sa.column(name) for name in ("person_id", "place")),
        sa.column("fields", sa.JSON()),
        sa.column("saved", UtcDateTime()),
    )
    new = sa.table(
        "draft",
        *(sa.column(name) for name in COLUMNS if name not in ("fields", "saved")),
        sa.column("fields", sa.JSON()),
        sa.column("saved", UtcDateTime()),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(old)).all():
        id = client_id(row.fields)
        fields = {**row.fields, "client_id": id, "revision": "1", "writer": ""}
        connection.execute(
            sa.insert(new).values(
                person_id=row.person_id, id=id, place=row.place, revision=1, writer="", fields=fields, saved=row.saved
            )
        )
    op.drop_table("old_draft")
    op.create_index("ix_draft_place", "draft", ["person_id", "place", "saved"])


def downgrade() -> None:
    op.drop_index("ix_draft_place", table_name="draft")
    op.rename_table("draft", "new_draft")
    rename_key("new_draft", "pk_draft", "pk_new_draft")
    op.create_table(
        "draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_person_id"),
        sa.PrimaryKeyConstraint("person_id", "place", name="pk_draft"),
    )
    # The older schema has room for the newest draft of each place.
    op.execute(
        sa.text("""
        INSERT INTO draft (person_id, place, fields, saved)
        SELECT person_id, place, fields, saved FROM new_draft AS newest
        WHERE dropped IS NULL AND NOT EXISTS (
            SELECT 1 FROM new_draft AS other
            WHERE other.person_id = newest.person_id AND other.place = newest.place AND other.dropped IS NULL
            AND (other.saved > newest.saved OR (other.saved = newest.saved AND other.id > newest.id)))
    """)
    )
    op.drop_table("new_draft")


def client_id(fields: dict[str, object]) -> str:
    """Return the client_id of the form, or a new one where it had none."""
    try:
        return str(uuid.UUID(str(fields.get("client_id", ""))))
    except ValueError:
        return str(uuid.uuid4())


def rename_key(table: str, before: str, now: str) -> None:
    """Rename the primary key of a renamed table on PostgreSQL, whose names are unique in a schema."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text(f"ALTER TABLE {table} RENAME CONSTRAINT {before} TO {now}"))
        op.execute(sa.text(f"ALTER TABLE {table} RENAME CONSTRAINT fk_draft_person_id TO fk_{table}_person_id"))
