"""Since when somebody is in a programme team or a partnership, from the journal where that has it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from cop.base.db import UtcDateTime

revision = "20261203_since"
down_revision = "20261203_former"
branch_labels = None
depends_on = None

PLACES = {"team_member": "programme_id", "partner_person": "partnership_id"}
VERBS = ("team.add", "team.remove", "partnerships.edit", "people.leave", "people.hand_over")
Since = dict[tuple[str, int, int], datetime]  # table, place and person


def upgrade() -> None:
    for table in PLACES:
        op.add_column(table, sa.Column("since", UtcDateTime(), nullable=True))
    found: Since = {}
    for entry in _entries():
        _follow(entry, found)
    for (table, place, person), at in found.items():
        key = PLACES[table]
        row = sa.table(table, sa.column(key), sa.column("person_id"), sa.column("since", UtcDateTime()))
        op.execute(row.update().where(row.c[key] == place, row.c.person_id == person).values(since=at))


def downgrade() -> None:
    for table in PLACES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("since")


def _entries() -> Any:
    entry = sa.table(
        "journal_entry",
        sa.column("id"),
        sa.column("verb"),
        sa.column("object_id"),
        sa.column("at", UtcDateTime()),
        sa.column("details", sa.JSON()),
    )
    named = sa.select(entry).where(entry.c.verb.in_(VERBS)).order_by(entry.c.id)
    return op.get_bind().execute(named).all()


def _follow(entry: Any, found: Since) -> None:
    """Record who joined by an entry and forget who left; the first of repeated additions to a team counts."""
    details = entry.details or {}
    match entry.verb:
        case "team.add":
            found.setdefault(("team_member", entry.object_id, details["member"]), entry.at)
        case "team.remove":
            found.pop(("team_member", entry.object_id, details["member"]), None)
        case "partnerships.edit":
            found.update({("partner_person", entry.object_id, person): entry.at for person in details.get("added", [])})
        case _:
            if entry.verb == "people.leave" and details.get("whole"):
                for key in [key for key in found if key[2] == details["member"]]:
                    del found[key]
            found.update({("partner_person", id, details["successor"]): entry.at for id in details.get("given", [])})
