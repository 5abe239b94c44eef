"""Empty databases to try something on: a file, or a database of a PostgreSQL server that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url

SERVER = "COP_TEST_POSTGRES_URL"
DEBIAN = Path("/usr/lib/postgresql")  # where Debian installs the server's programs, by version
OWNER = "postgres"  # Debian's account for it; PostgreSQL refuses to run as root
OPTIONS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off"


@contextmanager
def postgresql(folder: Path) -> Iterator[str | None]:
    """Yield the address of an empty PostgreSQL database, or None where there is no server and none can be started."""
    if server := os.environ.get(SERVER):
        with _database(server) as address:
            yield address
    elif programs := _programs():
        with _cluster(programs, folder) as server, _database(server) as address:
            yield address
    else:
        yield None


@contextmanager
def _database(server: str) -> Iterator[str]:
    """Create a database on a running server, and drop it afterwards."""
    url = make_url(server)
    name = f"cop_scratch_{os.getpid()}"
    _order(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        _order(server, f"DROP DATABASE {name} WITH (FORCE)")


def _order(server: str, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _programs() -> Path | None:
    """Return the folder of the newest server's programs, if an account may run them."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda program: int(program.parts[-3]))
    if not found or (os.getuid() == 0 and not shutil.which("runuser")):
        return None
    return found[-1].parent


@contextmanager
def _cluster(programs: Path, folder: Path) -> Iterator[str]:
    """Start a server of our own in `folder`, reached by a socket there, and stop it afterwards."""
    place = folder / "postgresql"
    place.mkdir()
    if os.getuid() == 0:
        folder.chmod(0o755)
        shutil.chown(place, OWNER)
    data, log = place / "data", place / "log"
    _run(programs / "initdb", "-D", data, "-U", "cop", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    _run(programs / "pg_ctl", "-D", data, "-w", "-l", log, "-o", f"-k {place} {OPTIONS}", "start")
    try:
        yield f"postgresql+psycopg://cop@/postgres?host={place}"
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _run(*command: str | Path) -> None:
    as_owner = ["runuser", "-u", OWNER, "--"] if os.getuid() == 0 else []
    # Not captured: the server would keep the pipe open for as long as it runs.
    subprocess.run([*as_owner, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
