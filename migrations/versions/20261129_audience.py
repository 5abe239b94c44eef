"""Things, notices and folders stand for an audience: a community, a programme or a partnership.

Going down loses the guests, and is refused while something stands for a programme or a partnership: the older schema has
no room for either. Going up numbers the audiences anew.
"""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261129_audience"
down_revision = "20261129_bodies"
branch_labels = None
depends_on = None

# Table: the index that begins with the column, and the columns after it.
TABLES: dict[str, tuple[str, list[str]] | None] = {
    "thing": ("ix_thing_shelf", ["kind", "state"]),
    "notice": None,
    "folder": ("ix_folder_place", ["parent_id"]),
}


def upgrade() -> None:
    _create_audience()
    _create_guest()
    # The audience of a community gets the id of the community, so that no row of the large tables has to change.
    for kind, id in (
        ("community", "id"),
        ("programme", "(SELECT coalesce(max(id), 0) FROM audience) + row_number() OVER (ORDER BY id)"),
        ("partnership", "(SELECT coalesce(max(id), 0) FROM audience) + row_number() OVER (ORDER BY id)"),
    ):
        op.execute(sa.text(f"INSERT INTO audience (id, kind, {kind}_id) SELECT {id}, '{kind}', id FROM {kind}"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("SELECT setval('audience_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM audience), false)"))
    for table in TABLES:
        _refer(table, "community", "audience")


def downgrade() -> None:
    for table in TABLES:
        elsewhere = "audience_id IN (SELECT id FROM audience WHERE kind <> 'community')"
        count = op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {table} WHERE {elsewhere}"))
        if count:
            raise RuntimeError(f"{count} rows of {table} stand for a programme or partnership: before, none could")
    for table in TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(f"fk_{table}_audience_id", table, type_="foreignkey")
        community = f"(SELECT community_id FROM audience WHERE audience.id = {table}.audience_id)"
        op.execute(sa.text(f"UPDATE {table} SET audience_id = {community} WHERE audience_id <> {community}"))
        _refer(table, "audience", "community")
    op.drop_index("uq_guest_current", table_name="guest")
    op.drop_index("ix_guest_thing_id", table_name="guest")
    op.drop_table("guest")
    op.drop_table("audience")


def _create_audience() -> None:
    op.create_table(
        "audience",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'community' AND community_id IS NOT NULL AND programme_id IS NULL AND partnership_id IS NULL)"
            " OR (kind = 'programme' AND programme_id IS NOT NULL AND community_id IS NULL AND partnership_id IS NULL)"
            " OR (kind = 'partnership' AND partnership_id IS NOT NULL AND community_id IS NULL"
            " AND programme_id IS NULL)",
            name=op.f("ck_audience_owner"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_audience_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_audience_programme_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_audience_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
        sa.UniqueConstraint("community_id", name=op.f("uq_audience_community_id")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_audience_programme_id")),
        sa.UniqueConstraint("partnership_id", name=op.f("uq_audience_partnership_id")),
    )


def _create_guest() -> None:
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.Column("ended", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guest_person_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name=op.f("fk_guest_thing_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_guest_invited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
    )
    op.create_index(op.f("ix_guest_thing_id"), "guest", ["thing_id"])
    op.create_index(
        "uq_guest_current",
        "guest",
        ["person_id", "thing_id"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )


def _refer(table: str, before: str, now: str) -> None:
    """Rename the column `before`_id of a table and let it refer to `now`; SQLite copies the table once."""
    index = TABLES[table]
    if index:
        op.drop_index(index[0], table_name=table)
    op.execute(sa.text(f"ALTER TABLE {table} RENAME COLUMN {before}_id TO {now}_id"))
    with op.batch_alter_table(table) as batch:
        if not (before == "audience" and op.get_bind().dialect.name == "postgresql"):  # dropped before the update
            batch.drop_constraint(f"fk_{table}_{before}_id", type_="foreignkey")
        batch.create_foreign_key(f"fk_{table}_{now}_id", now, [f"{now}_id"], ["id"])
    if index:
        op.create_index(index[0], table, [f"{now}_id", *index[1]])
