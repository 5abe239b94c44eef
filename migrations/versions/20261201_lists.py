"""Lists are read in their order from an index, and a thread knows its last live post."""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261201_lists"
down_revision = "20261130_search_scope"
branch_labels = None
depends_on = None

OPEN = "thread_kind = 'question' AND answer_id IS NULL AND closed IS NULL"
THREAD = {
    "active": (["last_at", "id"], None),
    "kind": (["thread_kind", "last_at", "id"], None),
    "started": (["author_id", "last_at", "id"], None),
    "newest": (["id"], None),
    "pinned": (["last_at", "id"], "pinned IS NOT NULL"),
    "featured": (["featured"], "featured IS NOT NULL"),
    "open": (["last_at", "id"], OPEN),
    "waiting": (["replies", "id"], OPEN),
}
FILE = {
    "named": (["attached", "folder_id", "name_key", "id"], None),
    "recent": (["attached", "folder_id", "saved", "id"], None),
    "saved": (["attached", "saved", "id"], None),
    "top": (["attached", "name_key", "id"], "folder_id IS NULL"),
    "top_recent": (["attached", "saved", "id"], "folder_id IS NULL"),
}
UNREAD = sa.text("read IS NULL")


def upgrade() -> None:
    _threads()
    _files()
    op.drop_index("ix_notice_unread", table_name="notice")
    op.drop_index("ix_notice_list", table_name="notice")
    op.create_index("ix_notice_list", "notice", ["person_id", "at", "id"])
    op.create_index(
        "ix_notice_unread", "notice", ["person_id", "at", "id"], sqlite_where=UNREAD, postgresql_where=UNREAD
    )


def _threads() -> None:
    op.drop_index("ix_thread_open", table_name="thread")
    op.drop_index("ix_thread_last_at", table_name="thread")
    op.add_column("thread", sa.Column("audience_id", sa.Integer(), nullable=True))
    op.add_column("thread", sa.Column("author_id", sa.Integer(), nullable=True))
    op.add_column("thread", sa.Column("last_post", sa.Integer(), nullable=True))
    own = "SELECT {} FROM thing WHERE thing.id = thread.id"
    last = "SELECT max(seq) FROM thing WHERE parent_id = thread.id AND kind = 'post' AND state = 'live'"
    op.execute(
        sa.text(
            f"UPDATE thread SET audience_id = ({own.format('audience_id')}), author_id = ({own.format('author_id')}),"
            f" last_post = coalesce(({last}), 0)"
        )
    )
    with op.batch_alter_table("thread") as table:
        table.alter_column("audience_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("last_post", existing_type=sa.Integer(), nullable=False)
    for name, (columns, where) in THREAD.items():
        _index("thread", name, columns, where)


def _files() -> None:
    op.add_column("file", sa.Column("audience_id", sa.Integer(), nullable=True))
    op.add_column("file", sa.Column("name_key", sa.String(), nullable=True))
    op.add_column("file", sa.Column("saved", UtcDateTime(), nullable=True))
    own = "SELECT {} FROM thing WHERE thing.id = file.id"
    saved = "SELECT made FROM version WHERE version.file_id = file.id AND version.number = file.number"
    op.execute(
        sa.text(
            f"UPDATE file SET audience_id = ({own.format('audience_id')}), name_key = ({own.format('lower(title)')}),"
            f" saved = coalesce(({saved}), ({own.format('made')}))"
        )
    )
    # SQLite's lower() knows the letters of ASCII only.
    titles = op.get_bind().execute(sa.text("SELECT thing.id, title FROM thing JOIN file ON file.id = thing.id")).all()
    keys = [{"file": id, "key": title.lower()} for id, title in titles if not title.isascii()]
    if keys:
        op.get_bind().execute(sa.text("UPDATE file SET name_key = :key WHERE id = :file"), keys)
    with op.batch_alter_table("file") as table:
        for column, type_ in (("audience_id", sa.Integer()), ("name_key", sa.String()), ("saved", UtcDateTime())):
            table.alter_column(column, existing_type=type_, nullable=False)
    for name, (columns, where) in FILE.items():
        _index("file", name, columns, where)


def _index(table: str, name: str, columns: list[str], where: str | None = None) -> None:
    only = sa.text(where) if where else None
    op.create_index(f"ix_{table}_{name}", table, ["audience_id", *columns], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.drop_index("ix_notice_unread", table_name="notice")
    op.drop_index("ix_notice_list", table_name="notice")
    op.create_index("ix_notice_list", "notice", ["person_id", "at"])
    op.create_index("ix_notice_unread", "notice", ["person_id", "read"])
    for name in FILE:
        op.drop_index(f"ix_file_{name}", table_name="file")
    with op.batch_alter_table("file") as table:
        for column in ("audience_id", "name_key", "saved"):
            table.drop_column(column)
    for name in THREAD:
        op.drop_index(f"ix_thread_{name}", table_name="thread")
    with op.batch_alter_table("thread") as table:
        for column in ("audience_id", "author_id", "last_post"):
            table.drop_column(column)
    op.create_index("ix_thread_last_at", "thread", ["last_at"])
    only = sa.text(OPEN)
    op.create_index("ix_thread_open", "thread", ["last_at"], sqlite_where=only, postgresql_where=only)
