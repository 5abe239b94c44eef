"""Alembic's environment: migrations run inside the app, on its own engine."""

from typing import Any

from alembic import context

from cop.base.db import Base, db, writing


def described(object: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Whether the models describe it; the full-text part of the index is made by `cop.search`."""
    return not (name or "").startswith("search_fts") and not (kind == "index" and (name or "").endswith("_gin"))


mark = writing.set(True)  # one writer from the first statement on, so that two that start at once wait for each other
try:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            include_object=described,
            compare_type=True,
        )
        with connection.begin(), context.begin_transaction():
            context.run_migrations()
finally:
    writing.reset(mark)
