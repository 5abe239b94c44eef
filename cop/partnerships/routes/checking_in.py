"""Endpoints of the monthly check-in, on the page of the partnership and by the link in the mail."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from flask_login import current_user

from cop import access
from cop.base.errors import Gone, Problem
from cop.base.forms import Typed
from cop.base.forms import raw as sent
from cop.base.web import Slice, endpoint, flash, requested_format, respond, respond_list
from cop.base.words import _
from cop.partnerships import actions, forms
from cop.partnerships.models import CheckInLink, check_ins, current_check_in, find_check_in_link
from cop.partnerships.routes.blueprint import find_inside, is_inside, routes
from cop.partnerships.routes.showing import readable
from cop.society.programmes import Partnership


@routes.get("/partnerships/<int:id>/check-ins")
@endpoint("partnerships.check_ins", gives=forms.CheckInOut, many=True)
def list_(id: int) -> Response:
    """List the check-ins of a partnership that the viewer may read, newest first."""
    found = access.find(current_user, Partnership, id)
    return respond_list(Slice(readable(check_ins(found.id), is_inside(found))), to=f"{found.url}#timeline")


@routes.get("/partnerships/<int:id>/check-in")
@endpoint("partnerships.check_in_form")
def form(id: int) -> Response:
    """Show the form for the check-in of this month."""
    found = find_inside(id)
    if "problem" not in g:
        access.judge(current_user, "partnerships.check_in", found)
    return respond(
        page="partnerships/check_in.html",
        partnership=found,
        programme=found.programme,
        check_in=current_check_in(found.id),
        action=f"{found.url}/check-in",
        link=None,
        overtaken=_overtaken(),
    )


def _overtaken() -> bool:
    """Return whether somebody else answered meanwhile, so that the page shows both texts."""
    problem: Problem | None = g.get("problem")
    return problem is not None and problem.status == 409 and "version" in problem.extra


@routes.put("/partnerships/<int:id>/check-in")
@endpoint("partnerships.check_in", takes=forms.Answer, gives=forms.CheckInOut, form=form)
def check_in(id: int, given: dict[str, Any]) -> Response:
    """Answer the check-in of this month."""
    found = access.find(current_user, Partnership, id)
    answered = actions.check_in(current_user, found, **given)
    flash(_("Bedankt. Uw antwoord over deze maand is opgeslagen."))
    return respond(answered, to=f"{found.url}#timeline")


@routes.put("/partnerships/<int:id>/check-in/skipping")
@endpoint("partnerships.skip", takes=forms.Skip, gives=forms.CheckInOut, form=form)
def skip(id: int, given: dict[str, Any]) -> Response:
    """Skip the check-in of this month."""
    found = access.find(current_user, Partnership, id)
    skipped = actions.skip(current_user, found, **given)
    flash(_("Deze maand is overgeslagen. U kunt die nog invullen zolang de maand duurt."))
    return respond(skipped, to=found.url)


# By the link in the mail: opening it changes nothing, for mail scanners follow links.


@routes.get("/check-in/<secret>")
@endpoint("partnerships.mailed_form", open=True)
def mailed(secret: str) -> Response:
    """Show the form to whoever has the link of the mail."""
    link = find_check_in_link(secret)
    if link is None:
        return _ended()
    found = access.find(access.SYSTEM, Partnership, link.check_in.partnership_id)
    return respond(
        page="partnerships/check_in.html",
        partnership=found,
        programme=found.programme,
        check_in=link.check_in,
        action=f"/check-in/{secret}",
        link=link,
        overtaken=_overtaken(),
    )


def _ended() -> Response:
    """Respond to a link that no longer works, with what was typed, so that it can be copied."""
    if requested_format() == "json":
        raise Gone(_("Deze link geldt niet meer. Log in om verder te gaan."))
    typed = g.get("typed") or Typed(sent() if g.endpoint.takes else {})
    return respond(page="partnerships/link_ended.html", status=410, typed=typed)


@routes.put("/check-in/<secret>")
@endpoint("partnerships.check_in_by_mail", takes=forms.Answer, gives=forms.CheckInOut, form=mailed, open=True)
def check_in_by_mail(secret: str, given: dict[str, Any]) -> Response:
    """Answer the check-in of this month by the link of the mail, without signing in."""
    link = find_check_in_link(secret)
    if link is None:
        return _ended()
    answered = actions.check_in(link.person, _partnership(link), **given)
    flash(_("Bedankt. Uw antwoord over deze maand is opgeslagen."))
    return respond(answered, to=f"/check-in/{secret}")


@routes.put("/check-in/<secret>/skipping")
@endpoint("partnerships.skip_by_mail", takes=forms.Skip, gives=forms.CheckInOut, form=mailed, open=True)
def skip_by_mail(secret: str, given: dict[str, Any]) -> Response:
    """Skip the check-in of this month by the link of the mail."""
    link = find_check_in_link(secret)
    if link is None:
        return _ended()
    skipped = actions.skip(link.person, _partnership(link), **given)
    flash(_("Deze maand is overgeslagen. U kunt die nog invullen zolang de maand duurt."))
    return respond(skipped, to=f"/check-in/{secret}")


def _partnership(link: CheckInLink) -> Partnership:
    """Return the partnership of a link, with the rights of its person read anew."""
    access.drop_cached_rights(link.person)
    return access.find(access.SYSTEM, Partnership, link.check_in.partnership_id)
