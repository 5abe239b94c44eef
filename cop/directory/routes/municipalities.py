"""Endpoints of municipalities, for administrators: the list, the import of a CSV file, and the removal of one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask_login import current_user
from sqlalchemy import func, select

from cop import access
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Invalid, NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _, n_
from cop.directory import actions, forms, municipality_lists
from cop.directory.models import municipalities
from cop.directory.routes.blueprint import routes
from cop.society.regions import PROVINCES, Municipality, towns


@routes.get("/municipalities")
@endpoint("municipalities.list", asks=forms.AskMunicipalities, gives=forms.MunicipalityOut, many=True)
def list_(asked: dict[str, Any] | None = None) -> Response:
    """List the municipalities by code; 404 for people who are no administrator."""
    if not access.may(current_user, "municipalities.import", None):
        raise NotFound
    asked = asked or forms.AskMunicipalities().model_dump()
    rows = municipalities(asked["q"], asked["province"], asked["after"], asked["limit"] + 1)
    limit = asked["limit"]
    listed = Slice(rows[:limit], next=rows[limit - 1].code if len(rows) > limit else None)
    chosen = {name: asked[name] for name in ("q", "province") if asked[name]}
    return respond_list(
        listed,
        page="directory/municipalities.html",
        asked=SimpleNamespace(**asked),
        chosen=chosen,
        provinces=list(PROVINCES),
        total=db.session.scalar(select(func.count()).select_from(Municipality)),
        towns=towns(),
        first=f"?{urlencode(chosen)}" if asked["after"] else None,
        next=f"?{urlencode({**chosen, 'after': listed.next})}" if listed.next else None,
    )


@routes.post("/municipalities")
@endpoint("municipalities.import", gives=forms.ImportOut, files=("file",), form=list_, own_transaction=True)
def import_() -> Response:
    """Import municipalities from the CSV file `file`: all of it, or nothing where a line is wrong."""
    access.judge(current_user, "municipalities.import", None)  # raises before the upload is read
    request.max_content_length = municipality_lists.LARGEST
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(errors={"file": _("Kies een bestand.")})
    known = {row.code: row.successor_code for row in db.session.scalars(select(Municipality))}
    rows = municipality_lists.parse(sent.read(), known)
    with transaction():
        done = actions.import_municipalities(current_user, None, rows=rows)
    added = n_("%(n)s gemeente toegevoegd", "%(n)s gemeenten toegevoegd", done.added)
    changed = n_("%(n)s gewijzigd", "%(n)s gewijzigd", done.changed)
    same = n_("%(n)s was al zo", "%(n)s waren al zo", done.unchanged)
    flash(f"{added}, {changed}, {same}.")
    return respond(forms.ImportOut(**done._asdict()), to="/municipalities")


@routes.delete("/municipalities/<code>")
@endpoint("municipalities.remove", form=lambda code: list_())
def remove(code: str) -> Response:
    """Remove a municipality that nothing refers to."""
    access.judge(current_user, "municipalities.remove", None)
    found = db.session.get(Municipality, code)
    if found is None:
        raise NotFound
    actions.remove_municipality(current_user, found)
    flash(_("%(name)s is verwijderd. Importeer het bestand opnieuw om de gemeente terug te halen.", name=found.name))
    return respond(to="/municipalities")
