"""Endpoints of uses: of a thing, one of them, and the answer to the question in the mail."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from cop import access
from cop.access import viewer
from cop.base import text
from cop.base.db import db
from cop.base.errors import Gone
from cop.base.forms import Typed, ask
from cop.base.forms import raw as sent
from cop.base.web import Routes, endpoint, flash, requested_format, respond, respond_list
from cop.base.words import _
from cop.things import Thing, Usage, body_of, kinds, usage_of
from cop.threads.models import Post
from cop.uses import actions, forms, panels
from cop.uses.models import (
    ThingUse,
    answers_questions,
    find_subject,
    find_use,
    in_audience,
    is_usable,
    partnerships_of,
    read_answer_token,
    row_of,
    used_in,
    uses_of,
)

routes = Routes("uses", __name__)
assert panels  # imported to register the lines on the pages of threads and documents
EXCERPT = 160  # characters of a post


def _named(thing: Thing) -> dict[str, Any]:
    """Return what pages say about a thing: its title, of a post that of its thread with the beginning of its text."""
    if not isinstance(thing, Post):
        return {"title": thing.title, "author": thing.author_name, "excerpt": ""}
    thread = db.session.get_one(Thing, thing.parent_id)
    return {
        "title": thread.title,
        "author": thing.author_name,
        "excerpt": text.excerpt(body_of(thing).plain, EXCERPT),
    }


def _place(thing: Thing) -> dict[str, Any]:
    """Return the context of a page about a thing."""
    return {
        "thing": thing,
        "url": kinds.url(thing.kind, thing.id),
        "named": _named(thing),
        "audience": access.audience(viewer(), thing.audience_id),
    }


def _partnerships(thing: Thing) -> list[tuple[int, str]]:
    return partnerships_of(viewer().id, access.audience(viewer(), thing.audience_id).programme_id)


# Of a thing


@routes.get("/things/<int:id>/uses")
@endpoint("uses.list", asks=forms.Listing, gives=forms.UseOut, many=True)
def list_(id: int, asked: dict[str, Any] | None = None) -> Response:
    """List what a thing was used for, by whom, with the form to say so too."""
    asked = asked or ask(forms.Listing)
    person, thing = viewer(), find_subject(viewer(), id)

    def page() -> dict[str, Any]:
        reports = is_usable(thing) and access.may(person, "uses.report", thing)
        return {
            **_place(thing),
            "usage": _usage(thing),
            "within": [row for row in used_in(thing.id) if row.thing_id != thing.id]
            if in_audience(person, thing)
            else [],
            "asked": asked,
            "usable": is_usable(thing),
            "reports": reports,
            "answers": answers_questions(thing) and access.may(person, "uses.answers", thing),
            "partnerships": _partnerships(thing) if reports else [],
        }

    return respond_list(uses_of(person, thing, **asked), page="uses/list.html", context=page)


def _usage(thing: Thing) -> Usage:
    """Return the usage of a thing as the viewer sees it: a guest sees only partnerships."""
    found = usage_of([thing.id]).get(thing.id, Usage())
    return found if in_audience(viewer(), thing) else Usage(partnerships=found.partnerships)


@routes.post("/things/<int:id>/uses")
@endpoint("uses.report", takes=forms.Report, gives=forms.UseOut, form=list_, status=201)
def report(id: int, given: dict[str, Any]) -> Response:
    """Report that the viewer used a thing, and for what."""
    thing = find_subject(viewer(), id)
    use = actions.report(viewer(), thing, **given)
    flash(
        _("Dank u. De schrijver hoort het binnen een week. Over zes weken vragen wij u wat het opleverde."),
        undo=f"{use.url}/delete",
    )
    return respond(lambda: row_of(use), to=f"/things/{id}/uses", status=201)


@routes.get("/things/<int:id>/answered")
@endpoint("uses.answered_form")
def answered_form(id: int) -> Response:
    """Show the form to say which question a thing answers."""
    thing = find_subject(viewer(), id)
    access.judge(viewer(), "uses.answers", thing)
    return respond(page="uses/answered.html", **_place(thing))


@routes.post("/things/<int:id>/answered")
@endpoint("uses.answers", takes=forms.Answers, gives=forms.UseOut, form=answered_form, status=201)
def answers(id: int, given: dict[str, Any]) -> Response:
    """Say that a thing answers a question that the viewer wanted to ask."""
    thing = find_subject(viewer(), id)
    use = actions.answers(viewer(), thing, **given)
    flash(_("Fijn dat dit uw vraag beantwoordt. Wij tellen dat mee."), undo=f"{use.url}/delete")
    return respond(lambda: row_of(use), to=kinds.url(thing.kind, thing.id), status=201)


# One use


@routes.get("/uses/<int:id>")
@endpoint("uses.show", gives=forms.UseOut)
def show(id: int) -> Response:
    """Show a use, and what can be done with it."""
    person, use = viewer(), find_use(viewer(), id)
    verbs = ("edit", "withdraw", "restore", "follow_up", "clear_outcome")
    may = {verb: access.may(person, f"uses.{verb}", use) for verb in verbs}
    return respond(
        lambda: row_of(use),
        page="uses/show.html",
        context=lambda: {
            "row": row_of(use),
            "may": may,
            "partnerships": _partnerships(use.thing) if may["edit"] else [],
            **_place(use.thing),
        },
    )


def _shown(use: ThingUse) -> Response:
    return respond(lambda: row_of(use), to=use.url)


@routes.patch("/uses/<int:id>")
@endpoint("uses.edit", takes=forms.Edit, gives=forms.UseOut, form=show)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change what something was used for."""
    use = actions.edit(viewer(), find_use(viewer(), id), **given)
    flash(_("De wijziging is opgeslagen."))
    return _shown(use)


@routes.delete("/uses/<int:id>")
@endpoint("uses.withdraw", gives=forms.UseOut, form=show)
def withdraw(id: int) -> Response:
    """Withdraw a use; it can be put back."""
    use = actions.withdraw(viewer(), find_use(viewer(), id))
    flash(_("Ingetrokken. Dit telt niet meer mee."), undo=f"{use.url}/restoring")
    return respond(lambda: row_of(use), to=_back(use))


def _back(use: ThingUse) -> str:
    return f"/things/{use.thing_id}/uses" if use.kind == "used" else kinds.url(use.thing.kind, use.thing_id)


@routes.post("/uses/<int:id>/restoring")
@endpoint("uses.restore", gives=forms.UseOut, form=show)
def restore(id: int) -> Response:
    """Put back a use that was withdrawn."""
    use = actions.restore(viewer(), find_use(viewer(), id))
    flash(_("Dit staat er weer."))
    return respond(lambda: row_of(use), to=_back(use))


@routes.put("/uses/<int:id>/outcome")
@endpoint("uses.follow_up", takes=forms.FollowUp, gives=forms.UseOut, form=show)
def follow_up(id: int, given: dict[str, Any]) -> Response:
    """Say what came of a use."""
    use = actions.follow_up(viewer(), find_use(viewer(), id), **given)
    flash(_thanks(), undo=f"{use.url}/outcome/delete")
    return _shown(use)


@routes.delete("/uses/<int:id>/outcome")
@endpoint("uses.clear_outcome", gives=forms.UseOut, form=show)
def clear_outcome(id: int) -> Response:
    """Take back what was said about the outcome of a use."""
    use = actions.clear_outcome(viewer(), find_use(viewer(), id))
    flash(_("Uw antwoord is weggehaald."))
    return _shown(use)


def _thanks() -> str:
    return _("Bedankt. Uw antwoord is opgeslagen.")


# By the link in the mail: opening it changes nothing, for mail scanners follow links.


@routes.get("/used/<token>")
@endpoint("uses.mailed_outcome", asks=forms.ChosenOutcome, open=True)
def mailed(token: str, asked: dict[str, Any] | None = None) -> Response:
    """Show the question to whoever has the link of the mail, with the answer chosen whose button was pressed."""
    use = read_answer_token(token)
    if use is None:
        return _ended()
    return respond(
        page="uses/mailed_outcome.html",
        row=row_of(use),
        chosen=(asked or {}).get("outcome", ""),
        named=_named(use.thing),
        person=use.person,
        token=token,
    )


@routes.put("/used/<token>")
@endpoint("uses.follow_up_by_mail", takes=forms.FollowUp, gives=forms.UseOut, form=mailed, open=True)
def follow_up_by_mail(token: str, given: dict[str, Any]) -> Response:
    """Say what came of a use by the link of the mail, without signing in."""
    use = read_answer_token(token)
    if use is None:
        return _ended()
    actions.follow_up(use.person, use, **given)
    flash(_thanks())
    return respond(lambda: row_of(use), to=f"/used/{token}")


def _ended() -> Response:
    """Respond to a link that no longer works, with what was typed, so that it can be copied."""
    if requested_format() == "json":
        raise Gone(_("Deze link geldt niet meer. Log in om verder te gaan."))
    typed = g.get("typed") or Typed(sent() if g.endpoint.takes else {})
    return respond(page="uses/link_ended.html", status=410, typed=typed)
