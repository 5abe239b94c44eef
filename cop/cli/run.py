"""`cop run`: serves the product and runs its jobs.

The first process only supervises the one that serves, so it imports as little as possible. Preparing the database
(migrating it, filling the demo) happens in a third process, whose memory is freed when it ends.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

from cop.cli import manual
from cop.cli.worker import BufferingWorker
from cop.config import Misconfigured, Settings, is_loopback

if TYPE_CHECKING:
    from flask import Flask


M_ARENA_MAX = -8  # of malloc.h
PAGES = 16  # threads for requests


class Server(BaseApplication):
    """gunicorn with one worker process and PAGES threads; sockets take none, unless the stock transport serves them."""

    def __init__(self, make: Callable[[], Flask], settings: Settings, host: str, port: int):
        self.make, self.settings, self.bound = make, settings, f"{host}:{port}"
        self.end_work: Callable[[], None] | None = None
        super().__init__()

    def load_config(self) -> None:
        sockets = int(self.settings.sockets)
        given: dict[str, Any] = {
            "bind": self.bound,
            "workers": 1,
            "worker_class": BufferingWorker,
            "threads": PAGES + (sockets if self.settings.transport == "stock" else 0),
            "worker_connections": sockets + 2000,
            "keepalive": 30,
            "timeout": 0,  # no watchdog: it would end every socket
            "graceful_timeout": 5,
            "loglevel": "warning",
            "post_worker_init": self.started,
            "worker_exit": self.stopped,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,
            "control_socket_disable": True,
        }
        for name, value in given.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        one_heap()
        self.served = self.make()
        return without_deflate(self.served)

    def started(self, _worker: Any) -> None:
        from cop.base import jobs

        if self.settings.worker == "inside":
            self.end_work = jobs.start_worker(self.served)

    def stopped(self, _server: Any, _worker: Any) -> None:
        if self.end_work:
            self.end_work()


def one_heap() -> None:
    """Give all threads one heap, where the C library is glibc.

    Threads of Python take turns, so a heap for each gains nothing and takes memory.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)


def without_deflate(app: Flask) -> Any:
    """Return the app behind a step that hides permessage-deflate, which costs 100 kB a socket and saves nothing here."""

    def served(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return app(environ, start_response)

    return served


def settings_for(host: str, port: int, empty: bool) -> Settings:
    """Return the settings of the environment; outside production COP_BASE_URL defaults to where this is served."""
    env = dict(os.environ)
    mode = env.get("COP_MODE") or "production"
    if empty and mode == "demo":
        mode = "development"  # a real start, without sign-in by one click
    if mode != "production":
        env["COP_BASE_URL"] = env.get("COP_BASE_URL") or f"http://{host}:{port}"
    return Settings.read(env, mode=mode)


def refuse_open_demo(settings: Settings, host: str) -> None:
    """Raise Misconfigured when others than this machine could reach the demo, where anybody signs in by one click."""
    if settings.demo and not is_loopback(host):
        raise Misconfigured(f"the demo is served on loopback only, not on {host}.")


def prepare(settings: Settings, empty: bool) -> str:
    """Bring the database to the newest revision, fill it when it is empty, and return that revision."""
    from flask import Flask

    from cop.base.db import db, integrity_errors, open_database
    from cop.cli import migrate

    folder = Path(settings.data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)  # also one that was made before
    for file in folder.glob("cop.sqlite3*"):
        file.chmod(0o600)
    bare = Flask("cop")  # opening every feature takes a second, which only the first start has to spend
    open_database(bare, settings.database_url)
    with bare.app_context():
        found = integrity_errors()
        if found:  # nothing is written to a damaged database: what is still good in it may be needed
            raise click.ClickException(f"the database is damaged ({'; '.join(found)}); restore a backup elsewhere")
        newest = migrate.head() or ""
        ready = migrate.revision() == newest and _in_use()
        db.session.remove()
        db.engine.dispose()
    if not ready:
        _set_up(settings, empty)
    return newest


def _in_use() -> bool:
    """Return whether somebody has signed in to this database."""
    from sqlalchemy import text

    from cop.base.db import db

    return bool(db.session.scalar(text("SELECT 1 FROM person WHERE entered IS NOT NULL LIMIT 1")))


def _set_up(settings: Settings, empty: bool) -> None:
    """Migrate the database, and fill it or print how to enter it."""
    from cop import create_app
    from cop.cli import seed
    from cop.cli.migrate import upgrade

    app = create_app(settings)
    upgrade(app)
    seed.start(app, empty=empty)


def apart(work: Callable[[], str]) -> str:
    """Return what `work` returns, run in a process of its own; exit with its code when it fails."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        os.write(writing, work().encode())  # what it raises is reported where every command reports it
        sys.stdout.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        given = pipe.read()
    if code := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        sys.exit(code)
    return given


@click.command(
    cls=manual.Command,
    examples=[
        ("Try the demo, with its people and texts:", "COP_MODE=demo cop run"),
        ("Start for real on this machine, without the demo:", "COP_MODE=development cop run --empty"),
        (
            "Serve in production, behind a proxy:",
            "COP_SECRET_KEY=$(cat key) COP_BASE_URL=https://weerthuis.example COP_PROXIES=1 cop run",
        ),
    ],
    environment=[
        *manual.PLATFORM,
        *("COP_SITE_NAME", "COP_CONTACT", "COP_PROXIES", "COP_SMTP_URL", "COP_MAIL_FROM", "COP_REDIS_URL"),
        *("COP_WORKER", "COP_SOCKETS", "COP_TRANSPORT", "COP_BODY_CACHE", "COP_METRICS_TOKEN"),
    ],
    exits={0: "Stopped by SIGTERM or SIGINT.", 1: "The database is damaged or unreachable, or the port is in use."},
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, metavar="N", help="TCP port to listen on.")
@click.option("--empty", is_flag=True, help="Do not fill the demo; print the first administrator's one-time address.")
def run(host: str, port: int, empty: bool) -> None:
    """Serve the product and run its jobs.

    Migrates the database first. In demo mode an empty database is filled with the demo. Otherwise, while nobody has
    entered yet, it prints a one-time address for the first administrator. Runs until it is stopped, and then ends
    within five seconds.
    """
    settings = settings_for(host, port, empty)
    refuse_open_demo(settings, host)
    revision = apart(lambda: prepare(settings, empty))
    click.echo(f"{settings.site_name}: {settings.base_url}  (stop with Ctrl-C)")

    def make() -> Flask:
        from cop import create_app

        app = create_app(settings)
        app.extensions["revision"] = revision
        return app

    Server(make, settings, host, port).run()
