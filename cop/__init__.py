"""The platform for communities of practice: `create_app` builds the Flask app from its features."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cop.config import Settings, place

if TYPE_CHECKING:
    from flask import Flask

FEATURES = (
    "people",
    "programmes",
    "members",
    "leaving",
    "access_review",
    "intake",
    "partnerships",
    "threads",
    "documents",
    "chat",
    "meetings",
    "applications",
    "reviews",
    "bulletins",
    "polls",
    "agenda",
    "outcomes",
    "meeting_rooms",
    "calendars",
    "meeting_materials",
    "flags",
    "breaches",
    "experts",
    "guidance",
    "uses",
    "curation",
    "bookmarks",
    "attendance",
    "minutes",
    "pulse",
    "search",
    "notices",
    "home",
    "directory",
    "operations",
    "coach",
    "api",
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the Flask app for `settings` (default: from the environment), with every feature registered."""
    # Imported here: the supervising process (cop/cli/run.py) needs none of this.
    from flask import Flask

    from cop import access
    from cop.base import clock, files, live
    from cop.base.db import open_database
    from cop.base.hooks import Hooks, install_hooks
    from cop.base.web import addresses, assets, guards, offline, pages
    from cop.documents.models import public_documents
    from cop.intake.demonstration import applicants
    from cop.intake.public import open_calls
    from cop.people import sessions
    from cop.society import credentials

    settings = settings or Settings.read()
    Path(settings.data).mkdir(parents=True, exist_ok=True)
    if settings.demo and settings.demo_clock.exists():
        clock.shift(timedelta(seconds=float(settings.demo_clock.read_text())))
    app = Flask("cop", static_folder=None, template_folder=None, instance_path=tempfile.gettempdir())
    app.url_rule_class = addresses.LightRule
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
    install_hooks(
        app,
        Hooks(
            judge=access.judge,
            last_seq=access.place,
            authenticate=sessions.authenticate_socket,
            expiry=credentials.expiry,
            load_person=sessions.person_of,
            public_calls=open_calls,
            public_documents=public_documents,
            demo_applicants=applicants,
        ),
    )
    live.open_live(app)
    for name in FEATURES:
        open_feature(app, name)
    import_module("cop.schedule")
    return app


def open_feature(app: Flask, name: str) -> None:
    """Import a feature's listeners, checks and routes, and register its endpoints for pages and under /api/v1."""
    folder = Path(__file__).parent / name
    for part in ("kinds", "listeners", "live", "checks"):
        if (folder / f"{part}.py").exists() or (folder / part).is_dir():
            import_module(f"cop.{name}.{part}")
    module = import_module(f"cop.{name}.routes")
    app.register_blueprint(module.routes, name=name)
    app.register_blueprint(module.routes, name=f"api-{name}", url_prefix="/api/v1")
    if hasattr(module, "open_feature"):
        module.open_feature(app)
