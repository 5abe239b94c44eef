"""The platform for communities of practice: `create_app` opens the rooms by name."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cop.config import Settings, place

if TYPE_CHECKING:
    from flask import Flask

ROOMS = ("people", "programmes", "threads", "documents", "chat", "search", "notices", "home", "operations", "api")


def create_app(settings: Settings | None = None) -> Flask:
    """The Flask app for `settings` (default: from the environment), with every room open."""
    # Here and not above: the process that minds the one that serves (cop/cli/run.py) has no use for all this.
    from flask import Flask

    from cop import access
    from cop.base import clock, files, live
    from cop.base.db import open_database
    from cop.base.hooks import Hooks, install_hooks
    from cop.base.web import assets, guards, offline, pages
    from cop.people import sessions

    settings = settings or Settings.read()
    Path(settings.data).mkdir(parents=True, exist_ok=True)
    if settings.demo and settings.demo_clock.exists():
        clock.shift(timedelta(seconds=float(settings.demo_clock.read_text())))
    app = Flask("cop", static_folder=None, template_folder=None, instance_path=tempfile.gettempdir())
    app.config["COP"] = settings
    app.config["SECRET_KEY"] = settings.secret_key
    app.debug = False
    open_database(app, settings.database_url)
    app.extensions["files"] = files.open_store(settings.files_url, spool=Path(settings.data) / "tmp")
    assets.open_assets(app, place("static"))
    pages.open_pages(app, str(place("templates")))
    offline.open_offline(app)
    guards.open_guards(app)
    sessions.open_sessions(app)
    install_hooks(app, Hooks(access.judge, access.place, sessions.recognise, sessions.person_of))
    live.open_live(app)
    for name in ROOMS:
        open_room(app, name)
    import_module("cop.schedule")
    return app


def open_room(app: Flask, name: str) -> None:
    """Imports a room's files that listen and serve, and hangs its doors under both names."""
    folder = Path(__file__).parent / name
    for part in ("kinds", "listeners", "live"):
        if (folder / f"{part}.py").exists() or (folder / part).is_dir():
            import_module(f"cop.{name}.{part}")
    module = import_module(f"cop.{name}.routes")
    app.register_blueprint(module.routes, name=name)
    app.register_blueprint(module.routes, name=f"api-{name}", url_prefix="/api/v1")
    if hasattr(module, "open_room"):
        module.open_room(app)
