"""Tables and columns are named after the classes that read them."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_plain_names"
down_revision = "20261122_ground"
branch_labels = None
depends_on = None

TABLES = {
    "stamp": "cache_version",
    "live_cut": "revocation",
    "outbox": "email",
    "limit_mark": "attempt",
    "journal": "journal_entry",
    "link": "one_time_link",
}
# Index: the table as it is named after the upgrade, and the column.
INDEXES = {
    ("outbox", "person_id"): "email",
    ("outbox", "state"): "email",
    ("journal", "verb"): "journal_entry",
    ("link", "person_id"): "one_time_link",
}
COLUMNS = [("cache_version", "word", "token"), ("invitation", "letter_id", "email_id")]
# Constraints and sequences that PostgreSQL names after the table. SQLite keeps its primary keys without a name that
# matters, and `change_keys` renames the others.
PARTS = {
    "stamp": ["pk_{}"],
    "live_cut": ["pk_{}"],
    "outbox": ["pk_{}"],
    "limit_mark": ["pk_{}"],
    "journal": ["pk_{}"],
    "link": ["pk_{}", "fk_{}_person_id"],
}
SERIALS = ("live_cut", "outbox", "journal", "link")


def upgrade() -> None:
    for (table, column), _new in INDEXES.items():
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    for before, now in TABLES.items():
        rename(before, now)
    change_keys("link", "one_time_link")
    for (_table, column), new in INDEXES.items():
        op.create_index(f"ix_{new}_{column}", new, [column])
    for table, before, now in COLUMNS:
        op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN {before} TO {now}"))


def downgrade() -> None:
    for table, before, now in COLUMNS:
        op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN {now} TO {before}"))
    for (_table, column), new in INDEXES.items():
        op.drop_index(f"ix_{new}_{column}", table_name=new)
    for before, now in TABLES.items():
        rename(now, before, of=before)
    change_keys("one_time_link", "link")
    for (table, column), _new in INDEXES.items():
        op.create_index(f"ix_{table}_{column}", table, [column])


def rename(before: str, now: str, of: str | None = None) -> None:
    """Rename a table and what PostgreSQL names after it; `of` is the key in `PARTS`."""
    key = of or before
    op.rename_table(before, now)
    if op.get_bind().dialect.name != "postgresql":
        return
    for part in PARTS[key]:
        op.execute(sa.text(f"ALTER TABLE {now} RENAME CONSTRAINT {part.format(before)} TO {part.format(now)}"))
    if key in SERIALS:
        op.execute(sa.text(f"ALTER SEQUENCE {before}_id_seq RENAME TO {now}_id_seq"))


def change_keys(before: str, now: str) -> None:
    """Name the keys of the table of links after its name now."""
    with op.batch_alter_table(now) as batch:
        batch.drop_constraint(f"uq_{before}_key", type_="unique")
        batch.create_unique_constraint(f"uq_{now}_key", ["key"])
        if op.get_bind().dialect.name == "sqlite":  # on PostgreSQL it has its new name already
            batch.drop_constraint(f"fk_{before}_person_id", type_="foreignkey")
            batch.create_foreign_key(f"fk_{now}_person_id", "person", ["person_id"], ["id"])
