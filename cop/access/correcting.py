"""Corrections of a kind: the rules and the endpoints of its verbs, made by one declaration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response
from flask_login import current_user

from cop.access.rules import RULES, author, curators, either, judge, members
from cop.access.visibility import find
from cop.base.errors import VersionNeeded
from cop.base.forms import Form, Out, parse
from cop.base.web import Routes, endpoint, flash
from cop.things import Corrections, Thing
from cop.things.forms import React, Reason

K = TypeVar("K", bound=Thing)

CORRECTION_RULES = {
    "edit": author,
    "hide": curators,
    "react": members,
    "redact": either(author, curators),
    "restore": author,
    "retract": author,
    "unhide": curators,
    "unreact": members,
}


# The address that undoes a verb, below that of the thing.
UNDO = {"retract": "restoring", "hide": "hiding/delete"}


def add_correction_rules(plural: str) -> None:
    """Add the rules of the corrections of a kind to the table, `<plural>.edit` and so on."""
    RULES.update({f"{plural}.{verb}": rule for verb, rule in CORRECTION_RULES.items()})


def require_base_version(verb: str, thing: Thing, given: dict[str, Any] | None) -> None:
    """Raise VersionNeeded where an edit does not name the version that it changes; first judge whether it is allowed."""
    if not given or given.get("base_version") is None:
        judge(current_user, verb, thing)
        raise VersionNeeded


def add_correction_endpoints(
    routes: Routes,
    path: str,
    verbs: Corrections[K],
    *,
    takes: type[Form],
    gives: type[Out],
    respond: Callable[[K], Response],
    edit_form: Callable[..., Response],
    acts: Callable[..., Response],
    messages: dict[str, Callable[[K], str]] | None = None,
) -> None:
    """Add the endpoints that correct the things of one kind below `path`, such as /posts.

    takes: the input of an edit. respond: returns the thing as it is now. edit_form, acts: the pages that show refused
    input again. messages: the flash messages of verbs, by their names without the plural; what takes a text away can be
    undone from its message.
    """
    flashes = messages or {}

    def add(register: Callable[..., Any], rule: str, verb: str, **options: Any) -> None:
        run: Callable[..., K] = getattr(verbs, verb)

        def view(id: int, given: dict[str, Any] | None = None, **keys: str) -> Response:
            thing = find(current_user, verbs.kind, id)
            if verb == "edit":
                require_base_version(f"{verbs.plural}.edit", thing, given)
            run(current_user, thing, **(given or {}), **(parse(React, keys) if keys else {}))
            if verb in flashes:
                flash(flashes[verb](thing), **({"undo": f"{path}/{id}/{UNDO[verb]}"} if verb in UNDO else {}))
            return respond(thing)

        view.__doc__ = run.__doc__
        register(f"{path}/<int:id>{rule}")(endpoint(f"{verbs.plural}.{verb}", gives=gives, **options)(view))

    add(routes.patch, "", "edit", takes=takes, form=edit_form)
    add(routes.delete, "", "retract")
    add(routes.post, "/restoring", "restore")
    add(routes.put, "/hiding", "hide", takes=Reason, form=acts)
    add(routes.delete, "/hiding", "unhide")
    add(routes.put, "/redaction", "redact")
    add(routes.put, "/reactions/<kind>", "react")
    add(routes.delete, "/reactions/<kind>", "unreact")
