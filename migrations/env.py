"""Alembic's environment: migrations run inside the app, on its own engine."""

from alembic import context

from cop.base.db import db, is_sqlite, writing
from cop.cli.migrate import options

mark = writing.set(True)  # one writer from the first statement on, so that two that start at once wait for each other
try:
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        if is_sqlite():  # else replacing a table by its copy would delete the rows that refer to it
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            context.configure(connection=connection, **options())
            with connection.begin(), context.begin_transaction():
                context.run_migrations()
                if is_sqlite() and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("rows refer to rows that are not there any more")
        finally:
            if is_sqlite():
                driver.execute("PRAGMA foreign_keys=ON")
finally:
    writing.reset(mark)
