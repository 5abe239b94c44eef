"""Endpoints of minutes. Whoever neither writes nor may read what was published gets 404 from every one of them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Response, g
from flask_login import current_user

from cop import access, things
from cop.access import viewer
from cop.base import export as exports
from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Conflict, NotFound
from cop.base.web import Routes, Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.meetings.models import Meeting
from cop.meetings.routes.blueprint import around
from cop.minutes import actions, exporting, forms, live, panels
from cop.minutes.models import (
    Block,
    BlockRow,
    Minutes,
    PublicationRow,
    State,
    block_rows,
    find_block,
    find_minutes,
    publications,
    state_of,
    texts_of,
    writes,
)
from cop.society.memberships import audience_size
from cop.things.drafts import DRAFT_PLACES
from cop.threads.models import Thread
from cop.threads.routes.drafts import choose_draft

__all__ = ["live", "panels", "routes"]

routes = Routes("minutes", __name__)


def _minutes(id: int) -> Minutes:
    return find_minutes(viewer(), id)


def _block(id: int) -> Block:
    return find_block(viewer(), id)


def _row(block: Block) -> BlockRow:
    return block_rows(block.minutes_id, ids=[block.id])[0]


def _edited_at(person: Any, id: int) -> tuple[str, str]:
    block = find_block(person, id)
    name = _("‘%(block)s’ in het verslag van ‘%(title)s’", block=block.title, title=block.minutes.meeting.title)
    return name, f"{block.url}/edit"


DRAFT_PLACES["block"] = _edited_at


@routes.post("/meetings/<int:id>/minutes")
@endpoint("minutes.begin", gives=forms.MinutesOut, status=201)
def begin(id: int) -> Response:
    """Begin the minutes of a meeting."""
    minutes = actions.begin(viewer(), access.find(viewer(), Meeting, id))
    return respond(_described(minutes), to=f"{minutes.url}/edit", status=201)


def _described(minutes: Minutes) -> forms.MinutesOut:
    return forms.MinutesOut(
        meeting=minutes.id,
        open=minutes.open,
        seq=minutes.seq,
        published=minutes.published,
        thread=minutes.thread_id,
    )


@routes.get("/meetings/<int:id>/minutes/edit")
@endpoint("minutes.write", gives=forms.MinutesOut)
def write(id: int) -> Response:
    """Show the blocks to those who write them."""
    minutes, person = _minutes(id), viewer()
    rows = block_rows(minutes.id)
    state = state_of(person, minutes.meeting)
    return respond(
        lambda: _described(minutes),
        page="minutes/write.html",
        minutes=minutes,
        blocks=rows,
        state=state,
        may={name: access.may(person, f"minutes.{name}", minutes) for name in ("add", "share", "publish", "withdraw")},
        **around(minutes.meeting),
    )


@routes.get("/meetings/<int:id>/minutes/blocks")
@endpoint("minutes.blocks", asks=forms.Changes, gives=forms.BlockOut, many=True)
def blocks(id: int, asked: dict[str, Any]) -> Response:
    """List the blocks of minutes, or those that changed after a seq."""
    minutes = _minutes(id)
    return respond_list(
        Slice(block_rows(minutes.id, **asked)), stream="minutes/blocks.stream.html", to=f"{minutes.url}/edit"
    )


@routes.put("/meetings/<int:id>/minutes/sharing")
@endpoint("minutes.share", takes=forms.Share, gives=forms.MinutesOut)
def share(id: int, given: dict[str, Any]) -> Response:
    """Let members write along, or not any more."""
    minutes = actions.share(viewer(), _minutes(id), **given)
    flash(_("Deelnemers kunnen meeschrijven.") if minutes.open else _("Alleen het team schrijft nu."))
    return respond(_described(minutes), to=f"{minutes.url}/edit")


@routes.post("/meetings/<int:id>/minutes/blocks")
@endpoint("minutes.add", takes=forms.Add, gives=forms.BlockOut, form=lambda id: write(id=id), status=201)
def add(id: int, given: dict[str, Any]) -> Response:
    """Add a block."""
    block = actions.add(viewer(), _minutes(id), **given)
    return respond(_row(block), to=f"{block.url}/edit", status=201)


def _to_block(block: Block) -> Response:
    return respond(lambda: _row(block), to=f"{block.minutes.url}/edit#block-{block.id}")


@routes.get("/minutes/blocks/<int:id>/edit")
@endpoint("minutes.form", gives=forms.BlockOut)
def form(id: int) -> Response:
    """Show the form in which a block is written."""
    block, problem = _block(id), g.get("problem")
    access.judge(current_user, "minutes.edit", block)
    row = _row(block)
    newest, *_older = [*things.drafts_of(viewer(), f"block:{block.id}"), None]
    draft, others = choose_draft(f"block:{block.id}", newest.fields if newest else {})
    theirs = problem.extra if problem and "version" in problem.extra else None
    typed = str(g.typed.value("body")) if theirs else ""
    return respond(
        row,
        page="minutes/edit.html",
        block=row,
        minutes=block.minutes,
        markdown=text.to_markdown(block.html),
        theirs=theirs,
        both=f"{text.to_markdown(theirs['html'])}\n\n{typed}".strip() if theirs else "",
        draft=draft,
        drafts=others,
        held_by_other=row.held and row.holder_id != viewer().id,
        token=uuid4(),
        takes_over=access.may(viewer(), "minutes.take_over", block.minutes),
        **around(block.minutes.meeting),
    )


WORDS = {
    "changed": lambda: _(
        "Iemand anders heeft dit blok intussen gewijzigd. Uw tekst is bewaard, er is niets overschreven."
    ),
    "held": lambda: _("Iemand anders schrijft nu in dit blok. Uw tekst is bewaard, er is niets overschreven."),
    "removed": lambda: _("Dit blok is intussen weggehaald. Uw tekst is bewaard bij het blok."),
    "cancelled": lambda: _("Deze bijeenkomst is intussen afgezegd. Uw tekst is bewaard bij het blok."),
}


@routes.patch("/minutes/blocks/<int:id>")
@endpoint("minutes.edit", takes=forms.Edit, gives=forms.BlockOut, form=form, own_transaction=True)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Save the text of a block; where another text is newer, answer 409 with both: what was sent is kept beside it."""
    with transaction():  # committed before the refusal, so that the text stays
        block = _block(id)
        things.keep_other_draft(viewer(), given)
        saved = actions.edit(viewer(), block, **given)
    row = _row(saved.block)
    if saved.refusal:
        words = WORDS[saved.refusal]()
        raise Conflict(
            words,
            errors={"body": words},
            code=saved.refusal,
            version=row.version,
            title=row.title,
            html=row.html,
            author=row.editor or "",
        )
    flash(_("Het blok is opgeslagen."))
    return respond(row, to=f"/meetings/{row.minutes_id}/minutes/edit#block-{row.id}")


@routes.put("/minutes/blocks/<int:id>/position")
@endpoint("minutes.move", takes=forms.Move, gives=forms.BlockOut)
def move(id: int, given: dict[str, Any]) -> Response:
    """Move a block up or down."""
    return _to_block(actions.move(viewer(), _block(id), **given))


@routes.delete("/minutes/blocks/<int:id>")
@endpoint("minutes.remove")
def remove(id: int) -> Response:
    """Remove a block."""
    block = actions.remove(viewer(), _block(id))
    flash(_("‘%(title)s’ is weggehaald.", title=block.title), undo=f"{block.url}/restoring")
    return respond(to=f"{block.minutes.url}/edit")


@routes.post("/minutes/blocks/<int:id>/restoring")
@endpoint("minutes.restore", gives=forms.BlockOut)
def restore(id: int) -> Response:
    """Put back a block that was removed."""
    block = actions.restore(viewer(), _block(id))
    flash(_("Het blok staat er weer."))
    return _to_block(block)


@routes.put("/minutes/blocks/<int:id>/hold")
@endpoint("minutes.hold", takes=forms.Hold, gives=forms.BlockOut)
def hold(id: int, given: dict[str, Any]) -> Response:
    """Hold a block while writing in it; 409 with the name of its writer where somebody else does."""
    return _to_block(actions.hold(viewer(), _block(id), **given))


@routes.put("/minutes/blocks/<int:id>/takeover")
@endpoint("minutes.take_over", takes=forms.Hold, gives=forms.BlockOut)
def take_over(id: int, given: dict[str, Any]) -> Response:
    """Hold a block in which somebody else is writing."""
    block = actions.take_over(viewer(), _block(id), **given)
    flash(_("U schrijft nu in dit blok. Wie er schreef, ziet dat en houdt de eigen tekst."))
    return respond(lambda: _row(block), to=f"{block.url}/edit")


@routes.put("/minutes/blocks/<int:id>/release")
@endpoint("minutes.release", takes=forms.Hold, gives=forms.BlockOut)
def release(id: int, given: dict[str, Any]) -> Response:
    """Let go of a block."""
    return _to_block(actions.release(viewer(), _block(id), **given))


@routes.get("/minutes/blocks/<int:id>/texts")
@endpoint("minutes.texts", gives=forms.TextOut, many=True)
def texts(id: int) -> Response:
    """List the earlier and kept texts of a block, to those who write."""
    block = _block(id)
    return respond_list(
        Slice(texts_of(block.id)), page="minutes/texts.html", block=_row(block), **around(block.minutes.meeting)
    )


@routes.get("/meetings/<int:id>/minutes")
@endpoint("minutes.show", asks=forms.Version, gives=forms.PublicationOut)
def show(id: int, asked: dict[str, Any]) -> Response:
    """Show the published minutes, the newest version or an earlier one; the page prints as a document."""
    meeting, person = access.find(viewer(), Meeting, id), viewer()
    state, versions, chosen = _published(meeting, asked["version"])
    minutes = db.session.get_one(Minutes, meeting.id)
    leads = access.rights(person).plans(meeting.audience_id)
    return respond(
        chosen,
        page="minutes/show.html",
        shown=chosen,
        versions=versions,
        state=state,
        writes=writes(person, minutes),
        formats={format: exports.FORMATS[format].name for format in exports.available()},
        missing=exporting.missing() if leads or person.is_admin else [],
        **around(meeting),
    )


def _published(meeting: Meeting, version: int | None) -> tuple[State, list[PublicationRow], PublicationRow]:
    """Return what of the minutes of a meeting the viewer may read: the state, all versions, and this or the newest one.

    Raise NotFound where that is nothing.
    """
    state = state_of(viewer(), meeting)
    if state is None or state.made is None:
        raise NotFound
    versions = publications(meeting.id)
    chosen = next((one for one in versions if one.version == (version or state.published)), None)
    if chosen is None:
        raise NotFound
    return state, versions, chosen


@routes.get("/meetings/<int:id>/minutes/export/<format>")
@endpoint("minutes.export", asks=forms.Version, binary=True)
def export(id: int, format: exports.Format, asked: dict[str, Any]) -> Response:
    """Return the published minutes, the newest version or an earlier one, as PDF, DOCX, ODT or EPUB."""
    if format not in exports.FORMATS:
        raise NotFound
    meeting = access.find(viewer(), Meeting, id)
    state, _versions, chosen = _published(meeting, asked["version"])
    name = exporting.file_name(meeting, chosen if chosen.version != state.published else None)
    return exports.download(exporting.document(viewer(), meeting, chosen), format, name)


@routes.get("/meetings/<int:id>/minutes/publication")
@endpoint("minutes.publication")
def publication(id: int) -> Response:
    """Show the text as it will be published, and for whom."""
    minutes, person = _minutes(id), viewer()
    access.judge(person, "minutes.publish", minutes)
    thread = db.session.get(Thread, minutes.thread_id) if minutes.thread_id else None
    return respond(
        page="minutes/publication.html",
        minutes=minutes,
        html=actions.published_html(minutes),
        withdrawn=thread is not None and thread.state != "live",
        audience_size=audience_size(minutes.audience_id),
        **around(minutes.meeting),
    )


@routes.put("/meetings/<int:id>/minutes/publication")
@endpoint("minutes.publish", takes=forms.Publish, gives=forms.MinutesOut, form=publication)
def publish(id: int, given: dict[str, Any]) -> Response:
    """Publish the minutes, or their next version."""
    minutes = actions.publish(viewer(), _minutes(id), **given)
    flash(_("Het verslag is gepubliceerd."))
    return respond(_described(minutes), to=minutes.url)


@routes.delete("/meetings/<int:id>/minutes/publication")
@endpoint("minutes.withdraw", gives=forms.MinutesOut)
def withdraw(id: int) -> Response:
    """Withdraw the published minutes."""
    minutes = actions.withdraw(viewer(), _minutes(id))
    flash(
        _("Het verslag is ingetrokken. Deelnemers zien het niet meer; u kunt het opnieuw publiceren."),
        undo=f"{minutes.url}/publication",
    )
    return respond(_described(minutes), to=f"{minutes.url}/edit")
