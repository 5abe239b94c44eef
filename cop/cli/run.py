"""`cop run` serves the product; `cop work` does the jobs apart from it."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from cop import create_app
from cop.base import jobs
from cop.base.db import damage, db
from cop.cli import seed
from cop.cli.migrate import head, upgrade
from cop.config import Misconfigured, Settings, is_loopback


class Server(BaseApplication):
    """gunicorn with one process of threads: a parked thread per live socket and sixteen for pages."""

    def __init__(self, app: Flask, settings: Settings, host: str, port: int):
        self.app, self.settings, self.bound = app, settings, f"{host}:{port}"
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
        return without_deflate(self.app)

    def started(self, _worker: Any) -> None:
        if self.settings.worker == "inside":
            self.end_work = jobs.start_worker(self.app)

    def stopped(self, _server: Any, _worker: Any) -> None:
        if self.end_work:
            self.end_work()


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


def refuse_damage(app: Flask) -> None:
    """A damaged database is not written in: what is still good in it may be needed."""
    with app.app_context():
        found = damage()
    if found:
        raise click.ClickException(f"the database is damaged ({'; '.join(found)}); restore a backup elsewhere")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--empty", is_flag=True, help="Without demo people; prints the first administrator's one-time address.")
def run(host: str, port: int, empty: bool) -> None:
    """Serves the product and does its jobs, after migrating the database."""
    settings = settings_for(host, port, empty)
    refuse_open_demo(settings, host)
    app = create_app(settings)
    refuse_damage(app)
    upgrade(app)
    app.extensions["revision"] = head()
    seed.start(app, empty=empty)
    with app.app_context():
        db.engine.dispose()  # a connection must not be shared with the process that serves
    click.echo(f"{settings.site_name}: {settings.base_url}  (stop with Ctrl-C)")
    Server(app, settings, host, port).run()


@click.command()
def work() -> None:
    """Does the jobs, for a set-up with COP_WORKER=apart."""
    logging.basicConfig(level=logging.INFO)
    stop = threading.Event()

    def end(*_signal: object) -> None:
        stop.set()
        jobs.wake()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    jobs.work(create_app(), stop)
