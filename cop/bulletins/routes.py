"""Endpoints of bulletins. Whoever is in neither their audience nor the team gets 404 from every one of them."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from flask import Response, current_app, g
from flask_login import current_user
from sqlalchemy import select

from cop import access, things
from cop.access.correcting import require_base_version
from cop.base import text
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Routes, endpoint, flash, render, respond, respond_list
from cop.base.words import _
from cop.bulletins import actions, forms
from cop.bulletins.models import Bulletin, bulletins, find_bulletin
from cop.society.memberships import audience_size
from cop.society.programmes import Programme
from cop.threads.routes.drafts import choose_draft

routes = Routes("bulletins", __name__)


def _find(slug: str, *, led: bool = False) -> Programme:
    """Return a programme in which the viewer takes part, or with `led` one that they lead; else raise NotFound."""
    found = db.session.scalar(select(Programme).where(Programme.slug == slug))
    rights = access.rights(current_user)
    if found is None or found.id not in (rights.led if led else rights.programmes):
        raise NotFound
    return found


def _bulletin(id: int) -> Bulletin:
    """Return a bulletin that the viewer may see, else raise NotFound."""
    return find_bulletin(current_user._get_current_object(), id)


@routes.get("/programmes/<slug>/bulletins")
@endpoint("bulletins.list", asks=forms.Listing, gives=forms.ListedOut, many=True)
def list_(slug: str, asked: dict[str, Any]) -> Response:
    """List the bulletins of a programme that the viewer received, newest first; for its team also the others."""
    programme = _find(slug, led=asked.get("show", "sent") != "sent")
    found = bulletins(current_user._get_current_object(), programme, **asked)
    return respond_list(
        found,
        page="bulletins/list.html",
        programme=programme,
        asked=asked,
        leads=access.rights(current_user).leads(programme.id),
        may_draft=access.may(current_user, "bulletins.draft", programme),
    )


@routes.get("/programmes/<slug>/bulletins/new")
@endpoint("bulletins.new")
def new(slug: str) -> Response:
    """Show the form to choose for whom a bulletin is."""
    programme = _find(slug)
    access.judge(current_user, "bulletins.draft", programme)
    return respond(page="bulletins/new.html", programme=programme)


@routes.post("/programmes/<slug>/bulletins")
@endpoint("bulletins.draft", takes=forms.Draft, gives=forms.BulletinOut, form=new, status=201)
def draft(slug: str, given: dict[str, Any]) -> Response:
    """Draft a bulletin from what happened."""
    bulletin = actions.draft(current_user, _find(slug), **given)
    return respond(bulletin, to=f"{bulletin.url}/edit", status=201)


@routes.get("/bulletins/<int:id>")
@endpoint("bulletins.show", gives=forms.BulletinOut)
def show(id: int) -> Response:
    """Show a bulletin; a draft as it will be read, on the page and as a mail."""
    bulletin = _bulletin(id)
    body, programme = things.body_of(bulletin), _programme(bulletin)
    verbs = ("save", "send", "correct", "remove", "withdraw", "restore")
    return respond(
        bulletin,
        page="bulletins/show.html",
        bulletin=bulletin,
        programme=programme,
        body=body,
        mail=_mail(bulletin, body.html, programme) if bulletin.state == "draft" else None,
        history=things.history(bulletin) if bulletin.edited else [],
        audience=access.audience(current_user, bulletin.audience_id),
        audience_size=audience_size(bulletin.audience_id),
        may={verb: access.may(current_user, f"bulletins.{verb}", bulletin) for verb in verbs},
    )


def _mail(bulletin: Bulletin, html: str, programme: Programme) -> dict[str, str]:
    """Return the mail that the viewer would get of a draft: its sender, address for replies, subject and text."""
    settings = current_app.config["COP"]
    html = text.for_mail(html, settings.base_url)
    subject, _blank, words = render(
        "mail/notices/bulletin.txt",
        title=bulletin.title,
        plain=text.to_markdown(html).strip(),
        url=bulletin.url,
        programme=programme,
        coach=current_user.name,
        stop=f"{settings.base_url}/unsubscribe/…",
    ).partition("\n")
    via = parseaddr(settings.mail_from)[0]
    sender = f"{current_user.name} via {via}" if via else current_user.name
    return {"sender": sender, "reply": current_user.mail, "subject": subject.strip(), "text": words.strip()}


@routes.get("/bulletins/<int:id>/edit")
@endpoint("bulletins.form")
def form(id: int) -> Response:
    """Show the form in which a draft is written, or a bulletin that was sent is corrected."""
    bulletin = _bulletin(id)
    access.judge(current_user, "bulletins.save", bulletin)
    body, problem = things.body_of(bulletin), g.get("problem")
    newest, *_older = [*things.drafts_of(current_user, bulletin.place), None]
    kept, others = choose_draft(bulletin.place, newest.fields if newest else {})
    return respond(
        page="bulletins/edit.html",
        bulletin=bulletin,
        programme=_programme(bulletin),
        body=body,
        markdown=text.to_markdown(body.html) if body.format == "html" else body.source,
        theirs=problem.extra if problem and "version" in problem.extra else None,
        draft=kept,
        drafts=others,
        community=access.audience(current_user, bulletin.audience_id),
        audience_size=audience_size(bulletin.audience_id),
    )


@routes.patch("/bulletins/<int:id>")
@endpoint("bulletins.save", takes=forms.Edit, gives=forms.BulletinOut, form=form)
def save(id: int, given: dict[str, Any]) -> Response:
    """Save a draft."""
    bulletin = _bulletin(id)
    require_base_version("bulletins.save", bulletin, given)
    things.keep_other_draft(current_user, given)
    actions.save(current_user, bulletin, **given)
    return respond(bulletin, to=bulletin.url)


@routes.post("/bulletins/<int:id>/sending")
@endpoint("bulletins.send", takes=forms.Send, gives=forms.BulletinOut, form=lambda id: show(id=id))
def send(id: int, given: dict[str, Any]) -> Response:
    """Send a draft to its audience; once, also when it is asked for twice."""
    bulletin = _bulletin(id)
    actions.send(current_user, bulletin, **given)
    flash(_("Het weekbericht is verstuurd."))
    return respond(bulletin, to=bulletin.url)


@routes.put("/bulletins/<int:id>/correction")
@endpoint("bulletins.correct", takes=forms.Edit, gives=forms.BulletinOut, form=form)
def correct(id: int, given: dict[str, Any]) -> Response:
    """Correct a bulletin that was sent; nobody is mailed again."""
    bulletin = _bulletin(id)
    require_base_version("bulletins.correct", bulletin, given)
    things.keep_other_draft(current_user, given)
    actions.correct(current_user, bulletin, **given)
    flash(_("Het weekbericht is gecorrigeerd. Er is geen nieuwe mail verstuurd."))
    return respond(bulletin, to=bulletin.url)


@routes.delete("/bulletins/<int:id>")
@endpoint("bulletins.remove", form=lambda id: show(id=id))
def remove(id: int) -> Response:
    """Throw a draft away."""
    bulletin = _bulletin(id)
    actions.remove(current_user, bulletin)
    flash(_("Het concept is weggegooid."), undo=f"{bulletin.url}/restoring")
    return respond(to=f"{_programme(bulletin).url}/bulletins?show=drafts")


@routes.put("/bulletins/<int:id>/withdrawal")
@endpoint("bulletins.withdraw", gives=forms.BulletinOut, form=lambda id: show(id=id))
def withdraw(id: int) -> Response:
    """Withdraw a bulletin that was sent."""
    bulletin = _bulletin(id)
    actions.withdraw(current_user, bulletin)
    words = _("Het weekbericht is ingetrokken. Deelnemers zien het niet meer; een mail die al aankwam, blijft bestaan.")
    flash(words, undo=f"{bulletin.url}/restoring")
    return respond(bulletin, to=f"{_programme(bulletin).url}/bulletins")


@routes.post("/bulletins/<int:id>/restoring")
@endpoint("bulletins.restore", gives=forms.BulletinOut)
def restore(id: int) -> Response:
    """Put back a bulletin that was withdrawn, or a draft that was thrown away."""
    bulletin = _bulletin(id)
    actions.restore(current_user, bulletin)
    flash(_("Het weekbericht staat er weer.") if bulletin.sent else _("Het concept staat er weer."))
    return respond(bulletin, to=bulletin.url)


def _programme(bulletin: Bulletin) -> Programme:
    return db.session.get_one(Programme, bulletin.programme_id)
