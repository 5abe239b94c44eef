"""Endpoints: a view function with its name, input and output models, called the same way everywhere."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, g, request
from flask_login import current_user
from pydantic import BaseModel

from cop.base import forms, journal
from cop.base.action import transaction
from cop.base.errors import Conflict, Forbidden, Invalid, Problem, RepeatedKey, SignInNeeded, TooLarge, TooMany
from cop.base.web.negotiation import requested_format
from cop.base.web.responses import as_models


@dataclass
class Endpoint:
    """A declared view: `name` is its verb, or `<feature>.<query>` where it only reads."""

    name: str
    view: Callable[..., Any]
    takes: type[forms.Form] | None
    asks: type[forms.Form] | None
    gives: type[BaseModel] | None
    form: Callable[..., Response] | None
    many: bool
    files: tuple[str, ...]
    open: bool
    own_transaction: bool
    json: bool
    binary: bool
    status: int
    rules: list[tuple[str, str]] = field(default_factory=list)  # (method, rule)


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(
    name: str,
    *,
    takes: type[forms.Form] | None = None,
    asks: type[forms.Form] | None = None,
    gives: type[BaseModel] | None = None,
    form: Callable[..., Response] | None = None,
    many: bool = False,
    files: tuple[str, ...] = (),
    open: bool = False,
    own_transaction: bool = False,
    json: bool = False,
    binary: bool = False,
    status: int = 200,
) -> Callable[..., Any]:
    """Declare a view as the endpoint `name`.

    takes: input model, parsed before any SQL and passed to the view as `given`; asks: model of the query string, passed
    as `asked`; gives: output model of the JSON response (`many`: of the items of a list); form: the view that shows the
    form again with what was typed; files: names of multipart file fields; open: no sign-in needed; own_transaction: the
    view opens its transaction itself, after slow work; json: responds with JSON without a model; binary: responds with the bytes of a file; status: of a success.
    """

    def make(view: Callable[..., Any]) -> Callable[..., Any]:
        this = Endpoint(name, view, takes, asks, gives, form, many, files, open, own_transaction, json, binary, status)
        assert name not in ENDPOINTS, f"{name} is already an endpoint"
        ENDPOINTS[name] = this

        @functools.wraps(view)
        def enter(**keys: Any) -> Any:
            g.endpoint = this
            try:
                if asks:
                    keys["asked"] = forms.ask(asks)
                if request.method in ("GET", "HEAD"):
                    return view(**keys)  # the guards checked the sign-in
                given = {"given": forms.read(takes)} if takes else {}
                if own_transaction:
                    return view(**keys, **given)
                with transaction():
                    _require_sign_in(this)
                    return view(**keys, **given)
            except (Invalid, Conflict, TooMany, TooLarge) as problem:
                _require_sign_in(this)  # the refusal of input is not shown to somebody who is not signed in
                return _form_again(this, keys, problem)
            except Forbidden as problem:
                if "problem" in g:  # this is the form of a request that was denied and journalled already
                    raise
                with transaction():
                    journal.write(
                        "denied",
                        current_user if current_user.is_authenticated else None,
                        None,
                        {"endpoint": name, **{k: v for k, v in keys.items() if isinstance(v, int)}},
                    )
                return _form_again(this, keys, problem)

        enter.endpoint = this  # type: ignore[attr-defined]
        return enter

    return make


def _form_again(this: Endpoint, keys: dict[str, Any], problem: Problem) -> Response:
    """Return the form with what was typed and why it was refused; raise the problem where there is no form."""
    if isinstance(problem, RepeatedKey) and this.gives:
        (stored,) = as_models(this.gives, [problem.row])
        problem.extra["stored"] = stored.model_dump(mode="json", by_alias=True) | problem.text
    if this.form is None or requested_format() == "json" or request.method in ("GET", "HEAD") or problem.status == 401:
        raise problem
    typed = forms.raw() if not isinstance(problem, TooLarge) else {}
    if isinstance(problem, RepeatedKey):
        typed = {**typed, "client_id": ""}  # posting the form again adds its text as a new item
    g.typed = forms.Typed(typed, problem.errors, problem.words)
    g.problem = problem
    try:
        shown = this.form(**{name: value for name, value in keys.items() if name != "asked"})
    except Problem:  # the form is closed to them too
        raise problem from None
    shown.status_code = problem.status
    return shown


def _require_sign_in(this: Endpoint) -> None:
    if not this.open and not current_user.is_authenticated:
        raise SignInNeeded()


class Routes(Blueprint):
    """The endpoints of a feature; methods that an HTML form cannot send get a POST route as well."""

    def _add(
        self, rule: str, methods: list[str], twins: list[tuple[str, list[str]]], **options: Any
    ) -> Callable[..., Any]:
        def make(view: Callable[..., Any]) -> Callable[..., Any]:
            this: Endpoint | None = getattr(view, "endpoint", None)
            if this:
                this.rules += [(method, rule) for method in methods]
            endpoint = options.pop("endpoint", None) or (
                this.name.removeprefix(f"{self.name}.").replace(".", "_") if this else view.__name__
            )
            self.add_url_rule(rule, endpoint, view, methods=methods, **options)
            for twin, allowed in twins:
                self.add_url_rule(twin, endpoint, view, methods=allowed, **options)
            return view

        return make

    def get(self, rule: str, **options: Any) -> Callable[..., Any]:
        """Route GET requests, which only read."""
        return self._add(rule, ["GET"], [], **options)

    def post(self, rule: str, **options: Any) -> Callable[..., Any]:
        """Route POST requests, which add to what `rule` names."""
        return self._add(rule, ["POST"], [], **options)

    def put(self, rule: str, **options: Any) -> Callable[..., Any]:
        """Route PUT requests, which set a state; a form posts to the same URL."""
        return self._add(rule, ["PUT"], [(rule, ["POST"])], **options)

    def patch(self, rule: str, **options: Any) -> Callable[..., Any]:
        """Route PATCH requests, which change something; a form posts to the same URL."""
        return self._add(rule, ["PATCH"], [(rule, ["POST"])], **options)

    def delete(self, rule: str, **options: Any) -> Callable[..., Any]:
        """Route DELETE requests; a form posts to `…/delete`."""
        return self._add(rule, ["DELETE"], [(f"{rule}/delete", ["POST"])], **options)
