"""The verbs of minutes: begin, write block by block, publish and withdraw."""

from __future__ import annotations

from html import escape
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select

from cop import access, things
from cop.base import clock
from cop.base import text as texts
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _, day
from cop.meetings.models import MEETING, Meeting, owner_of
from cop.minutes.events import BlocksChanged
from cop.minutes.models import Block, BlockText, Minutes, Publication, blocks_of, next_seq, store, take
from cop.minutes.sources import proposed
from cop.society.people import Person
from cop.things.events import MinutesPublished
from cop.threads import actions as threads
from cop.threads.models import Thread, opening_post

# Why a text could not be saved: changed: based on an earlier version · held: somebody else writes the block ·
# removed: the block was removed · cancelled: so was the meeting
Refusal = Literal["changed", "held", "removed", "cancelled"]
MOST = 100  # blocks


class Saved(NamedTuple):
    """What became of a save: `refusal` is None where the text is that of the block now, else it was kept beside it."""

    block: Block
    refusal: Refusal | None


@action("minutes.begin")
def begin(person: Person, meeting: Meeting) -> Minutes:
    """Begin the minutes of a meeting, from its day on, with the blocks that are proposed; once."""
    db.session.execute(select(MEETING.c.id).where(MEETING.c.id == meeting.id).with_for_update())
    db.session.refresh(meeting)
    found = db.session.get(Minutes, meeting.id)
    if found is not None:
        detail(again=True)
        return found
    if meeting.status in ("draft", "cancelled"):
        raise Conflict(_("Van een concept of een afgezegde bijeenkomst maakt u geen verslag."))
    if clock.local(meeting.starts).date() > clock.today():
        raise Conflict(_("U kunt het verslag beginnen vanaf de dag van de bijeenkomst."))
    minutes = Minutes(id=meeting.id, begun_by_id=person.id)
    db.session.add(minutes)
    db.session.flush()
    for number, proposal in enumerate(proposed(meeting), 1):
        text = texts.render(proposal.html, "html")
        db.session.add(
            Block(
                minutes_id=minutes.id,
                position=number,
                seq=number,
                title=proposal.heading,
                source=text.source,
                html=text.html,
            )
        )
        minutes.seq = number
    detail(meeting=meeting.id, blocks=minutes.seq)
    return minutes


@action("minutes.share")
def share(person: Person, minutes: Minutes, *, open: bool) -> Minutes:
    """Let the members of the audience write along, or not any more."""
    minutes.open = open
    detail(open=open)
    return minutes


@action("minutes.add", event=BlocksChanged)
def add(person: Person, minutes: Minutes, *, title: str) -> Block:
    """Add a block at the end."""
    seq = next_seq(minutes)
    require_meeting(minutes)
    there = blocks_of(minutes.id)
    if len(there) >= MOST:
        raise Invalid(errors={"title": _("Een verslag heeft hoogstens %(n)s blokken.", n=MOST)})
    block = Block(minutes_id=minutes.id, position=there[-1].position + 1 if there else 1, seq=seq, title=title)
    db.session.add(block)
    db.session.flush()
    detail(minutes=minutes.id, blocks=[block.id])
    return block


@action("minutes.move", event=BlocksChanged)
def move(person: Person, block: Block, *, to: Literal["up", "down"]) -> Block:
    """Let a block change places with the one above or below it, if there is one."""
    first, second = next_seq(block.minutes), next_seq(block.minutes)
    require_meeting(block.minutes)
    there = blocks_of(block.minutes_id)
    if block not in there:
        raise Conflict(_("Dit blok is weggehaald."))
    at = there.index(block) + (1 if to == "down" else -1)
    changed = [block.id]
    block.seq = second
    if 0 <= at < len(there):
        other = there[at]
        other.position, block.position, other.seq = block.position, other.position, first
        changed.insert(0, other.id)
    detail(minutes=block.minutes_id, blocks=changed)
    return block


@action("minutes.remove", event=BlocksChanged)
def remove(person: Person, block: Block) -> Block:
    """Remove a block; its text stays, and it can be put back."""
    block.seq = next_seq(block.minutes)
    block.removed = block.removed or clock.now()
    block.holder_id = block.token = block.until = None
    detail(minutes=block.minutes_id, blocks=[block.id])
    return block


@action("minutes.restore", event=BlocksChanged)
def restore(person: Person, block: Block) -> Block:
    """Put back a block that was removed."""
    block.seq = next_seq(block.minutes)
    block.removed = None
    detail(minutes=block.minutes_id, blocks=[block.id])
    return block


@action("minutes.hold", quiet=True, event=BlocksChanged)
def hold(person: Person, block: Block, *, token: UUID) -> Block:
    """Hold a block that is free for 30 seconds, or go on holding it. Raise Conflict where somebody else does."""
    if not take(block, person, str(token), next_seq(block.minutes)):
        raise refusal(block)
    detail(minutes=block.minutes_id, blocks=[block.id])
    return block


@action("minutes.take_over", event=BlocksChanged)
def take_over(person: Person, block: Block, *, token: UUID) -> Block:
    """Hold a block that somebody else may be writing; what they have typed is theirs to save afterwards."""
    former = block.holder_id
    if not take(block, person, str(token), next_seq(block.minutes), over=True):
        raise refusal(block)
    detail(minutes=block.minutes_id, blocks=[block.id], former=former)
    return block


@action("minutes.release", quiet=True, event=BlocksChanged)
def release(person: Person, block: Block, *, token: UUID) -> Block:
    """Let go of a block, where this page holds it."""
    seq = next_seq(block.minutes)
    db.session.refresh(block)
    if block.token == str(token):
        block.holder_id = block.token = block.until = None
        block.seq = seq
    detail(minutes=block.minutes_id, blocks=[block.id])
    return block


@action("minutes.edit", event=BlocksChanged)
def edit(
    person: Person,
    block: Block,
    *,
    title: str,
    text: texts.Text,
    base_version: int,
    client_id: UUID | None = None,
) -> Saved:
    """Save the text of a block. Where it cannot become that of the block, keep it beside it, and say why."""
    minutes, key = block.minutes, str(client_id or uuid4())
    seq = next_seq(minutes)
    db.session.refresh(block)
    written = {"title": title, "source": text.source, "format": text.format, "html": text.html}
    detail(minutes=minutes.id, blocks=[block.id])
    if block.client_id == key and all(getattr(block, name) == value for name, value in written.items()):
        detail(again=True)
        return Saved(block, None)
    before = BlockText(
        block_id=block.id,
        version=block.version,
        person_id=block.editor_id,
        made=block.edited or minutes.begun,
        **{name: getattr(block, name) for name in written},
    )
    reason: Refusal | None = "cancelled" if minutes.meeting.status == "cancelled" else None
    if reason is None and store(block, person, base_version, key, seq, **written):
        if before.html:
            db.session.add(before)
        kept = db.session.scalar(select(BlockText).where(BlockText.client_id == key, BlockText.person_id == person.id))
        if kept is not None:
            db.session.delete(kept)  # its author chose what becomes of it
        things.end_draft(person, client_id)
    else:
        reason = reason or ("removed" if block.removed else "changed" if block.version != base_version else "held")
        _keep(person, block, base_version, key, written)
        block.seq = seq  # the others see that a text was kept
        detail(kept=reason)
    db.session.flush()
    return Saved(block, reason)


def _keep(person: Person, block: Block, base: int, key: str, written: dict[str, str]) -> None:
    """Keep a text that could not be saved; a later try of the same page replaces it."""
    kept = db.session.scalar(select(BlockText).where(BlockText.client_id == key))
    if kept is not None and (kept.person_id != person.id or kept.block_id != block.id):
        kept, key = None, str(uuid4())
    if kept is None:
        kept = BlockText(block_id=block.id, client_id=key, kept=True, person_id=person.id)
        db.session.add(kept)
    kept.version, kept.made = base, clock.now()
    for name, value in written.items():
        setattr(kept, name, value)


def refusal(block: Block) -> Conflict:
    """Return the conflict for a block that somebody else holds, or that was removed."""
    db.session.refresh(block)
    if block.removed:
        return Conflict(_("Dit blok is weggehaald."), code="removed")
    holder = db.session.get(Person, block.holder_id) if block.holder_id else None
    name = holder.name if holder else _("Iemand anders")
    until = clock.rfc3339(block.until) if block.until else None
    return Conflict(_("%(name)s schrijft nu in dit blok.", name=name), code="held", holder=name, until=until)


def require_meeting(minutes: Minutes) -> None:
    """Raise Conflict where the meeting was cancelled."""
    if minutes.meeting.status == "cancelled":
        raise Conflict(_("Deze bijeenkomst is afgezegd. Het verslag kan niet meer worden gewijzigd."))


@action("minutes.publish", event=MinutesPublished)
def publish(person: Person, minutes: Minutes, *, change: str = "") -> Minutes:
    """Publish the text as it is now: the first time as a thread of its audience, later as its next version."""
    next_seq(minutes)
    require_meeting(minutes)
    html = published_html(minutes)
    if not html:
        raise Conflict(_("Er staat nog geen tekst in het verslag."))
    last = db.session.get(Publication, (minutes.id, minutes.published)) if minutes.published else None
    thread = db.session.get(Thread, minutes.thread_id) if minutes.thread_id else None
    if last is not None and last.html == html and thread is not None:
        detail(again=True)
        _show(person, thread)
        return minutes
    if last is not None and not change:
        raise Invalid(errors={"change": _("Schrijf in één regel wat er gewijzigd is.")})
    minutes.published += 1
    db.session.add(
        Publication(minutes_id=minutes.id, version=minutes.published, html=html, change=change, person_id=person.id)
    )
    note = (
        f"<p><em>{escape(_('Versie %(n)s: %(change)s', n=minutes.published, change=change))}</em></p>" if change else ""
    )
    text = texts.render(note + html, "html")
    if thread is None:
        meeting = minutes.meeting
        title = _("Verslag: %(title)s (%(day)s)", title=meeting.title, day=day(meeting.starts))
        thread = threads.start(person, owner_of(meeting), kind="minutes", title=title[:200], text=text)
        minutes.thread_id = thread.id
    else:
        things.bodies.rewrite(person, opening_post(thread), text)
        _show(person, thread)
    detail(version=minutes.published, thread=thread.id)
    return minutes


def _show(person: Person, thread: Thread) -> None:
    """Show the thread of minutes again, where it was withdrawn."""
    if thread.state == "hidden":
        threads.unhide_thread(person, thread)
    elif thread.state != "live":
        thread.state = "live"


def published_html(minutes: Minutes) -> str:
    """Return the text of minutes as it is published: the blocks with a text, each under its heading."""
    return "".join(f"<h2>{escape(block.title)}</h2>{block.html}" for block in blocks_of(minutes.id) if block.html)


@action("minutes.withdraw")
def withdraw(person: Person, minutes: Minutes) -> Minutes:
    """Withdraw what was published: the thread is hidden from its audience. Publishing shows it again."""
    next_seq(minutes)
    thread = db.session.get(Thread, minutes.thread_id) if minutes.thread_id else None
    if thread is None or thread.state != "live":
        raise Conflict(_("Dit verslag is niet gepubliceerd."))
    threads.hide_thread(person, thread, reason=_("Het verslag is ingetrokken."))
    detail(version=minutes.published, thread=minutes.thread_id)
    return minutes


def may_begin(person: Person, meeting: Meeting) -> bool:
    """Return whether somebody can begin the minutes of a meeting now."""
    ready = meeting.status not in ("draft", "cancelled") and clock.local(meeting.starts).date() <= clock.today()
    return ready and access.may(person, "minutes.begin", meeting)
