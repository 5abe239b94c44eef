"""The verbs of bulletins: draft, save, send once, correct, and take away or put back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from cop.base import clock
from cop.base import text as texts
from cop.base.action import action, detail
from cop.base.db import db, lock_row
from cop.base.errors import Conflict, Invalid
from cop.base.words import _, day
from cop.bulletins.drafting import as_markdown, happened, since_when
from cop.bulletins.models import Bulletin
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.things import bodies, end_draft, sign, write_body
from cop.things.events import BulletinSent


@action("bulletins.draft")
def draft(person: Person, programme: Programme, *, community: str = "") -> Bulletin:
    """Draft a bulletin for a programme, or for one community of it, from what happened there."""
    audience = _audience(programme, community)
    made = clock.now()
    bulletin = Bulletin(
        programme_id=programme.id,
        audience_id=audience,
        state="draft",
        author_id=person.id,
        author_role="team",
        organisation_id=person.organisation_id,
        title=_("Weekbericht van %(day)s", day=day(made)),
        made=made,
    )
    db.session.add(bulletin)
    db.session.flush()
    groups = happened(programme, audience, since_when(audience))
    write_body(person, bulletin, texts.render(as_markdown(groups), "markdown"))
    detail(bulletin=bulletin.id, groups=len(groups))
    return bulletin


def _audience(programme: Programme, slug: str) -> int:
    """Return the audience of a programme, or of its community with this slug."""
    if not slug:
        return programme.audience_id
    found = db.session.scalar(select(Community).where(Community.programme_id == programme.id, Community.slug == slug))
    if found is None:
        raise Invalid(errors={"community": _("Kies een praktijkgemeenschap van dit programma.")})
    return found.audience_id


@action("bulletins.save")
def save(
    person: Person,
    bulletin: Bulletin,
    *,
    title: str,
    text: texts.Text,
    base_version: int | None = None,
    client_id: UUID | None = None,
) -> Bulletin:
    """Replace the subject and the text of a draft; raise Conflict when it was changed after `base_version`."""
    lock_row(bulletin)
    if bulletin.state != "draft":
        raise Conflict(_("Dit is geen concept meer. Uw tekst staat hieronder."))
    return _write(bodies.replace, person, bulletin, title, text, base_version, client_id)


@action("bulletins.send", event=BulletinSent)
def send(person: Person, bulletin: Bulletin, *, base_version: int | None = None) -> Bulletin:
    """Send a draft to its audience, once; raise Conflict when it was changed after `base_version`."""
    lock_row(bulletin)
    detail(bulletin=bulletin.id)
    if bulletin.sent is not None:
        detail(again=True)
        return bulletin
    if bulletin.state != "draft":
        raise Conflict(_("Dit concept is weggegooid. Zet het eerst terug."))
    _require_version(bulletin, base_version)
    sign(bulletin, person, "team")
    bulletin.state, bulletin.sent = "live", clock.now()
    return bulletin


@action("bulletins.correct")
def correct(
    person: Person,
    bulletin: Bulletin,
    *,
    title: str,
    text: texts.Text,
    base_version: int | None = None,
    client_id: UUID | None = None,
) -> Bulletin:
    """Correct a bulletin that was sent and keep the earlier text; nobody is mailed again."""
    lock_row(bulletin)
    if bulletin.sent is None or bulletin.state != "live":
        raise Conflict(_("Alleen een weekbericht dat verstuurd is, kunt u corrigeren."))
    return _write(bodies.rewrite, person, bulletin, title, text, base_version, client_id)


@action("bulletins.remove")
def remove(person: Person, bulletin: Bulletin) -> Bulletin:
    """Throw a draft away."""
    lock_row(bulletin)
    if bulletin.sent is not None:
        raise Conflict(_("Dit weekbericht is al verstuurd. U kunt het wel intrekken."))
    bulletin.state = "retracted"
    detail(bulletin=bulletin.id)
    return bulletin


@action("bulletins.withdraw")
def withdraw(person: Person, bulletin: Bulletin) -> Bulletin:
    """Withdraw a bulletin that was sent: its audience does not see it any more."""
    lock_row(bulletin)
    if bulletin.sent is None:
        raise Conflict(_("Dit weekbericht is nog niet verstuurd. U kunt het concept weggooien."))
    bulletin.state = "retracted"
    detail(bulletin=bulletin.id)
    return bulletin


@action("bulletins.restore")
def restore(person: Person, bulletin: Bulletin) -> Bulletin:
    """Put back a bulletin that was withdrawn, or a draft that was thrown away."""
    lock_row(bulletin)
    if bulletin.state == "retracted":
        bulletin.state = "live" if bulletin.sent else "draft"
    detail(bulletin=bulletin.id)
    return bulletin


def _write(
    store: Callable[[Person, Bulletin, texts.Text], object],
    person: Person,
    bulletin: Bulletin,
    title: str,
    text: texts.Text,
    base_version: int | None,
    client_id: UUID | None,
) -> Bulletin:
    """Store another subject and text, with what it does to the text of before; end the draft that they were typed in."""
    _require_version(bulletin, base_version)
    bulletin.title = title
    store(person, bulletin, text)
    end_draft(person, client_id)
    detail(bulletin=bulletin.id)
    return bulletin


def _require_version(bulletin: Bulletin, base_version: int | None) -> None:
    """Raise Conflict with the current text when a bulletin was changed after `base_version`."""
    if base_version is not None and base_version != bulletin.version:
        words = _("Dit weekbericht is intussen gewijzigd. Lees eerst wat er nu staat.")
        raise Conflict(words, errors={"body": words}, title=bulletin.title, **bodies.current_text(bulletin))
