"""The databases of a run: of the kind it is asked for, and each worker has its own, so that none waits for another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url

ASKED = make_url(os.environ.get("COP_TEST_DATABASE_URL") or "sqlite://")
POSTGRESQL = ASKED.get_backend_name() == "postgresql"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


@contextmanager
def empty(name: str, folder: Path) -> Iterator[str]:
    """The address of a database without tables: a file in `folder`, or one on the server that is gone afterwards."""
    if not POSTGRESQL:
        yield f"sqlite:///{folder}/{name}.sqlite3"
        return
    own = f"{ASKED.database}_{WORKER}_{name}"
    _order(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)", f"CREATE DATABASE {own}")
    yield ASKED.set(database=own).render_as_string(hide_password=False)
    _order(f"DROP DATABASE {own} WITH (FORCE)")


def _order(*statements: str) -> None:
    server = create_engine(ASKED, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    server.dispose()
