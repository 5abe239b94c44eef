"""What is planned can stand for several communities of a programme: an audience of the kind group.

Going down is refused while something stands for a group: the older schema has no room for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261210_groups"
down_revision = "20261209_privacy"
branch_labels = None
depends_on = None

COLUMNS = ("community_id", "group_id", "programme_id", "partnership_id")
OWNERS = {
    "community": ("community_id",),
    "group": ("group_id", "programme_id"),
    "programme": ("programme_id",),
    "partnership": ("partnership_id",),
}
FORMER = {kind: owners for kind, owners in OWNERS.items() if kind != "group"}
REFERRERS = ("thing", "notice", "folder", "meeting_series", "poll", "flag_case")


def upgrade() -> None:
    op.create_table(
        "community_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_community_group_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_group")),
    )
    op.create_index("ix_community_group_programme_id", "community_group", ["programme_id"])
    op.create_table(
        "community_in_group",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["community_group.id"], name=op.f("fk_community_in_group_group_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_community_in_group_community_id")),
        sa.PrimaryKeyConstraint("group_id", "community_id", name=op.f("pk_community_in_group")),
    )
    op.create_index("ix_community_in_group_community_id", "community_in_group", ["community_id"])
    with op.batch_alter_table("audience") as batch:
        batch.drop_constraint(op.f("ck_audience_owner"), type_="check")
        batch.drop_constraint(op.f("uq_audience_programme_id"), type_="unique")
        batch.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_audience_group_id"), "community_group", ["group_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_audience_group_id"), ["group_id"])
        batch.create_check_constraint(op.f("ck_audience_owner"), _owner(OWNERS, COLUMNS))
    op.create_index("ix_audience_programme_id", "audience", ["programme_id"])
    whole = sa.text("kind = 'programme'")
    op.create_index(
        "uq_audience_whole_programme",
        "audience",
        ["programme_id"],
        unique=True,
        sqlite_where=whole,
        postgresql_where=whole,
    )


def downgrade() -> None:
    groups = "audience_id IN (SELECT id FROM audience WHERE kind = 'group')"
    for table in REFERRERS:
        if count := op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {table} WHERE {groups}")):
            raise RuntimeError(f"{count} rows of {table} stand for a group of communities: before, none could")
    op.execute(sa.text("DELETE FROM audience WHERE kind = 'group'"))
    op.drop_index("uq_audience_whole_programme", table_name="audience")
    op.drop_index("ix_audience_programme_id", table_name="audience")
    former = tuple(column for column in COLUMNS if column != "group_id")
    with op.batch_alter_table("audience") as batch:
        batch.drop_constraint(op.f("ck_audience_owner"), type_="check")
        batch.drop_constraint(op.f("uq_audience_group_id"), type_="unique")
        batch.drop_constraint(op.f("fk_audience_group_id"), type_="foreignkey")
        batch.drop_column("group_id")
        batch.create_unique_constraint(op.f("uq_audience_programme_id"), ["programme_id"])
        batch.create_check_constraint(op.f("ck_audience_owner"), _owner(FORMER, former))
    op.drop_table("community_in_group")
    op.drop_table("community_group")


def _owner(owners: dict[str, tuple[str, ...]], columns: tuple[str, ...]) -> str:
    """Return the condition that an audience names the rows that its kind has, and no others."""
    return " OR ".join(
        "(" + " AND ".join([f"kind = '{kind}'", *(f"{c} IS {'NOT ' if c in named else ''}NULL" for c in columns)]) + ")"
        for kind, named in owners.items()
    )
