"""The databases of a test run; each worker has its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, create_engine

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


@dataclass(frozen=True)
class Databases:
    """Creates databases. Tests get it only from the fixture `databases`, which marks them."""

    asked: URL

    @property
    def postgresql(self) -> bool:
        """Return whether the run uses PostgreSQL."""
        return self.asked.get_backend_name() == "postgresql"

    @contextmanager
    def empty(self, name: str, folder: Path) -> Iterator[str]:
        """Create an empty database, a file in `folder` or one on the server, and yield its address; drop it
        afterwards."""
        if not self.postgresql:
            yield f"sqlite:///{folder}/{name}.sqlite3"
            return
        own = f"{self.asked.database}_{WORKER}_{name}"
        self._order(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)", f"CREATE DATABASE {own}")
        yield self.asked.set(database=own).render_as_string(hide_password=False)
        self._order(f"DROP DATABASE {own} WITH (FORCE)")

    def _order(self, *statements: str) -> None:
        server = create_engine(self.asked, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        server.dispose()
