"""The full text of search holds the scope of an entry beside its words, and has a list of its own for words in titles.

Both ways the texts are analysed again: half a minute for 100,000 posts.
"""

import sqlalchemy as sa
from alembic import op

from cop.search import models as search
from cop.search.analyse import analyse

revision = "20261130_search_scope"
down_revision = "20261130_setting_up"
branch_labels = None
depends_on = None

COLUMNS = ("exact", "stems", "parts")
FORMER = (*COLUMNS, *(f"title_{name}" for name in COLUMNS))
WEIGHTS = dict(zip(COLUMNS, "ABC", strict=True))


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        drop_on_sqlite()
    else:
        drop_on_postgresql(("search_fts", "search_fts_title"))
    search.create_index(connection)
    search.refill(connection)


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        drop_on_sqlite()
        op.execute(
            f"CREATE VIRTUAL TABLE search_fts USING fts5 ({', '.join(FORMER)},"
            " prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
        )
        op.execute(
            "CREATE TRIGGER search_fts_gone AFTER DELETE ON search_entry"
            " BEGIN DELETE FROM search_fts WHERE rowid = old.id; END"
        )
        names = ", ".join(f":{name}" for name in FORMER)
        put = sa.text(f"INSERT INTO search_fts (rowid, {', '.join(FORMER)}) VALUES (:id, {names})")
    else:
        drop_on_postgresql(("search_fts", "search_fts_scope"))
        for name in ("search_fts", "search_fts_title"):
            op.execute(f"ALTER TABLE search_entry ADD COLUMN {name} tsvector")
            op.execute(f"CREATE INDEX {name}_gin ON search_entry USING gin ({name})")
        put = sa.text(
            "UPDATE search_entry SET search_fts = CAST(:whole AS tsvector),"
            " search_fts_title = CAST(:titled AS tsvector) WHERE id = :id"
        )
    last, entries = 0, sa.text("SELECT id, title, plain FROM search_entry WHERE id > :last ORDER BY id LIMIT 500")
    while rows := connection.execute(entries, {"last": last}).all():
        connection.execute(put, [former_words(*row) for row in rows])
        last = rows[-1].id


def drop_on_sqlite() -> None:
    op.execute("DROP TRIGGER IF EXISTS search_fts_gone")
    op.execute("DROP TABLE IF EXISTS search_fts")


def drop_on_postgresql(columns: tuple[str, ...]) -> None:
    """Drop columns with their indexes."""
    for name in columns:
        op.execute(f"ALTER TABLE search_entry DROP COLUMN IF EXISTS {name}")


def former_words(id: int, title: str, plain: str) -> dict[str, object]:
    """The parameters that write an entry in the former form, of both databases."""
    whole, titled = analyse(f"{title}\n{plain}"), analyse(title)
    texts = [getattr(one, name) for one in (whole, titled) for name in COLUMNS]
    return {"id": id, "whole": vector(whole), "titled": vector(titled), **dict(zip(FORMER, texts, strict=True))}


def vector(analysed: object) -> str:
    """The former tsvector of an analysed text."""
    lexemes, position = [], 0
    for name, weight in WEIGHTS.items():
        for token in getattr(analysed, name).split():
            position += 1
            lexemes.append(f"'{token}':{position}{weight}")
        position += 1
    return " ".join(lexemes)
