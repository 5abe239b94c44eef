"""The texts of posts and messages stand in one table, with their earlier texts in another.

Going down loses the earlier texts of messages, and when an earlier text was redacted: the older schema has no room for
them.
"""

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261129_bodies"
down_revision = "20261129_plain_names"
branch_labels = None
depends_on = None

TEXT = ("source", "format", "html", "plain", "text_version")
COLUMNS = ", ".join(TEXT)
OF_REPLIES = sa.text("reply_to_id IS NOT NULL")


def texts() -> list[sa.Column]:
    """The columns of a text."""
    return [
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
    ]


def earlier() -> list[sa.Column]:
    """The columns of an earlier text, beside its key."""
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("made", UtcDateTime(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("thing_id", sa.Integer(), nullable=False),
        *texts(),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["reply_to_id"], ["thing.id"], name="fk_body_reply_to_id"),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name="fk_body_thing_id"),
        sa.PrimaryKeyConstraint("thing_id", name="pk_body"),
    )
    for table in ("post", "message"):
        run(f"INSERT INTO body (thing_id, {COLUMNS}, reply_to_id) SELECT id, {COLUMNS}, reply_to_id FROM {table}")
    op.create_index(
        "ix_body_reply_to_id", "body", ["reply_to_id"], sqlite_where=OF_REPLIES, postgresql_where=OF_REPLIES
    )
    # The thread that was made from a message is known by its link, which also names its other sources.
    run(
        "INSERT INTO thing_link (from_id, to_id, kind) SELECT became_id, id, 'source' FROM message "
        "WHERE became_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM thing_link "
        "WHERE from_id = message.became_id AND to_id = message.id AND kind = 'source')"
    )
    set_aside("revision", "revision_of_post")
    op.create_table(
        "revision",
        sa.Column("thing_id", sa.Integer(), nullable=False),
        *earlier(),
        sa.Column("redacted", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_revision_person_id"),
        sa.ForeignKeyConstraint(["thing_id"], ["thing.id"], name="fk_revision_thing_id"),
        sa.PrimaryKeyConstraint("thing_id", "version", name="pk_revision"),
    )
    run(
        "INSERT INTO revision (thing_id, version, source, format, html, person_id, made) "
        "SELECT post_id, version, source, format, html, person_id, made FROM revision_of_post"
    )
    for table in ("revision_of_post", "message", "post"):
        op.drop_table(table)


def downgrade() -> None:
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        *texts(),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name="fk_post_id"),
        sa.ForeignKeyConstraint(["reply_to_id"], ["post.id"], name="fk_post_reply_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        *texts(),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("became_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["became_id"], ["thing.id"], name="fk_message_became_id"),
        sa.ForeignKeyConstraint(["id"], ["thing.id"], name="fk_message_id"),
        sa.ForeignKeyConstraint(["reply_to_id"], ["message.id"], name="fk_message_reply_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )
    for table in ("post", "message"):
        # In the order of their ids, for a text refers to an earlier one.
        run(
            f"INSERT INTO {table} (id, {COLUMNS}, reply_to_id) SELECT thing_id, {COLUMNS}, reply_to_id "
            f"FROM body JOIN thing ON thing.id = body.thing_id WHERE thing.kind = '{table}' ORDER BY thing_id"
        )
    run(
        "UPDATE message SET became_id = "
        "(SELECT max(from_id) FROM thing_link WHERE to_id = message.id AND kind = 'source')"
    )
    op.create_index("ix_message_became_id", "message", ["became_id"])
    op.create_index("ix_message_reply_to_id", "message", ["reply_to_id"])
    set_aside("revision", "revision_of_thing")
    op.create_table(
        "revision",
        sa.Column("post_id", sa.Integer(), nullable=False),
        *earlier(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_revision_person_id"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_revision_post_id"),
        sa.PrimaryKeyConstraint("post_id", "version", name="pk_revision"),
    )
    run(
        "INSERT INTO revision (post_id, version, source, format, html, person_id, made) "
        "SELECT thing_id, version, source, format, html, person_id, made FROM revision_of_thing "
        "WHERE thing_id IN (SELECT id FROM post)"
    )
    op.drop_table("revision_of_thing")
    op.drop_index("ix_body_reply_to_id", "body")
    op.drop_table("body")


def set_aside(table: str, name: str) -> None:
    """Rename a table and, on PostgreSQL, its primary key, whose name the schema has only once."""
    op.rename_table(table, name)
    if op.get_bind().dialect.name == "postgresql":
        run(f"ALTER TABLE {name} RENAME CONSTRAINT pk_{table} TO pk_{name}")


def run(statement: str) -> None:
    """Run a statement on both databases."""
    op.execute(sa.text(statement))
