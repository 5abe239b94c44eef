"""Alembic's environment: migrations run inside the app, on its own engine."""

from alembic import context
from flask import current_app

from cop.base.db import Base, db

current_app.logger.disabled = False
with db.engine.connect() as connection:
    # Explicit, because on SQLite our engine begins by hand; DDL is transactional on both databases.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True,
                      include_object=lambda object, name, kind, reflected, other: not (kind == "table" and name.startswith("search_")))
    with connection.begin(), context.begin_transaction():
        context.run_migrations()
