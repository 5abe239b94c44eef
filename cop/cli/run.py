"""`cop run` serves the product, and does its jobs.

The process that is started only minds the one that serves: it imports as little as it can, and what is done before
the first page (migrating, filling a demonstration) is done in a process that ends with it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

from cop.config import Misconfigured, Settings, is_loopback

if TYPE_CHECKING:
    from flask import Flask


M_ARENA_MAX = -8  # of malloc.h


class Server(BaseApplication):
    """gunicorn with one process of threads: a parked thread per live socket and sixteen for pages."""

    def __init__(self, make: Callable[[], Flask], settings: Settings, host: str, port: int):
        self.make, self.settings, self.bound = make, settings, f"{host}:{port}"
        self.end_work: Callable[[], None] | None = None
        super().__init__()

    def load_config(self) -> None:
        sockets = int(self.settings.sockets)
        given: dict[str, Any] = {
            "bind": self.bound,
            "workers": 1,
            "worker_class": "gthread",
            "threads": sockets + 16,
            # Above the threads: gthread hangs silently at the connection past this number.
            "worker_connections": sockets + 1016,
            "keepalive": 30,
            "timeout": 60,
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
    """Has glibc, where it is, give all threads one heap: threads of Python take turns, so that a heap for each is of no
    use and only takes memory."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)


def without_deflate(app: Flask) -> Any:
    """The app behind a step that hides permessage-deflate: it costs 100 kB a socket and saves nothing here."""

    def served(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return app(environ, start_response)

    return served


def settings_for(host: str, port: int, empty: bool) -> Settings:
    """The settings of the environment; outside production the address is where this is served, unless one is given."""
    env = dict(os.environ)
    mode = env.get("COP_MODE") or "production"
    if empty and mode == "demo":
        mode = "development"  # a real start: nobody enters by one click
    if mode != "production":
        env["COP_BASE_URL"] = env.get("COP_BASE_URL") or f"http://{host}:{port}"
    return Settings.read(env, mode=mode)


def refuse_open_demo(settings: Settings, host: str) -> None:
    """The demo lists its cast for one-click entry: it is for this machine alone."""
    if settings.demo and not is_loopback(host):
        raise Misconfigured(f"the demo is served on loopback only, not on {host}.")


def prepare(settings: Settings, empty: bool) -> str:
    """Has a database of today's tables with something in it to begin with; gives its revision."""
    from cop import create_app
    from cop.base.db import integrity_errors
    from cop.cli import seed
    from cop.cli.migrate import head, upgrade

    app = create_app(settings)
    with app.app_context():
        found = integrity_errors()
    if found:  # a damaged database is not written in: what is still good in it may be needed
        raise click.ClickException(f"the database is damaged ({'; '.join(found)}); restore a backup elsewhere")
    upgrade(app)
    seed.start(app, empty=empty)
    return head() or ""


def apart(work: Callable[[], str]) -> str:
    """What `work` gives, done in a process of its own; where that fails in words, this one ends too."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        os.write(writing, work().encode())  # what it raises is said, as anywhere, at the end of the command
        sys.stdout.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        given = told.read()
    if code := os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
        sys.exit(code)
    return given


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--empty", is_flag=True, help="Without demo people; prints the first administrator's one-time address.")
def run(host: str, port: int, empty: bool) -> None:
    """Serves the product and does its jobs, after migrating the database."""
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
