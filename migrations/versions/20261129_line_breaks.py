"""Stored texts are rendered anew where the renderer now keeps a line break, or sets the direction of a block.

The mentions stay those that were stored. Going down changes their version alone: the older code shows this HTML as well.
"""

import re
from html import unescape

import sqlalchemy as sa
from alembic import op

from cop.base.text import TooDeep, TooLong, mention, render

revision = "20261129_line_breaks"
down_revision = "20261129_chat"
branch_labels = None
depends_on = None

BODY = sa.table(
    "body",
    sa.column("thing_id", sa.Integer),
    sa.column("source", sa.Text),
    sa.column("format", sa.Text),
    sa.column("html", sa.Text),
    sa.column("plain", sa.Text),
    sa.column("text_version", sa.Integer),
)
BATCH = 500
LINE_BREAK = re.compile(r"\S[ \t]*\r?\n[ \t]*\S")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
MENTION = re.compile(r'<a class="mention" href="/people/(\d+)">@([^<>]*)</a>')


def upgrade() -> None:
    connection, last = op.get_bind(), 0
    while True:
        query = sa.select(BODY).where(BODY.c.thing_id > last, BODY.c.text_version < 2)
        rows = connection.execute(query.order_by(BODY.c.thing_id).limit(BATCH)).all()
        if not rows:
            return
        last = rows[-1].thing_id
        for row in rows:
            changed = {"text_version": 2}
            if (row.format == "markdown" and LINE_BREAK.search(row.source)) or RIGHT_TO_LEFT.search(row.html):
                changed |= _rendered(row)
            connection.execute(sa.update(BODY).where(BODY.c.thing_id == row.thing_id).values(changed))


def _rendered(row: sa.Row) -> dict[str, str]:
    """Return the columns of a text rendered anew, with the mentions it had; nothing where that is refused now."""
    names: dict[str, list[int]] = {}
    for id, name in MENTION.findall(row.html):
        if int(id) not in names.setdefault(unescape(name), []):
            names[unescape(name)].append(int(id))
    try:
        text = render(row.source, row.format)
    except (TooLong, TooDeep):
        return {}
    return {"html": mention(text.html, names).html, "plain": text.plain}


def downgrade() -> None:
    op.execute(sa.update(BODY).values(text_version=1))
