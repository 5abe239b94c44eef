"""The databases of a run: of the kind it is asked for, and each worker has its own, so that none waits for another."""

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
    """What makes databases; tests have it from the fixture `databases` alone, by which we know who asks one."""

    asked: URL

    @property
    def postgresql(self) -> bool:
        """Whether the run was asked for PostgreSQL."""
        return self.asked.get_backend_name() == "postgresql"

    @contextmanager
    def empty(self, name: str, folder: Path) -> Iterator[str]:
        """The address of a database without tables: a file in `folder`, or one on the server, gone afterwards."""
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
