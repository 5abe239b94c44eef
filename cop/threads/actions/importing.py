"""Writing threads from another system, with the dates that they have there, and undoing that. Nobody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from cop import things
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.fast.rows import fill
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import ImportOrigin, ImportRun, Thing, bodies, versions
from cop.threads.importing import Fate, ImportedPost, ImportedThread, Lookup, Outcome, digest, fates, keys_of
from cop.threads.models import Post, Thread


@action("imports.begin")
def begin_import(person: Person, community: Community, *, system: str) -> ImportRun:
    """Begin an import, or continue the one from this system that was interrupted."""
    open_run = select(ImportRun).where(
        ImportRun.system == system, ImportRun.ended.is_(None), ImportRun.undone.is_(None)
    )
    run = db.session.scalar(open_run.order_by(ImportRun.id.desc()).limit(1))
    if run is None:
        run = ImportRun(system=system)
        db.session.add(run)
        db.session.flush()
    detail(**{"import": run.id})
    return run


@action("imports.end", quiet=True)
def end_import(person: Person, run: ImportRun) -> ImportRun:
    """End an import that read its source to the end."""
    run.ended = clock.now()
    return run


@action("imports.write")
def write_import(
    person: Person, community: Community, *, run: ImportRun, thread: ImportedThread, posts: Sequence[ImportedPost]
) -> Outcome:
    """Write posts of one thread, which is made with the first of them; bring those up to date that were not edited here."""
    advisory_lock(f"import:{run.system}")
    origins = things.origins_of(run.system, keys_of(thread, posts))
    known = {key: origin.thing_id for key, origin in origins.items()}
    row = _thread(community, run, thread, posts, origins)
    known[thread.key] = row.id
    outcome = Outcome(row, fates(posts, origins))
    added: list[Post] = []
    for post in posts:
        fate = outcome.fates[post.key]
        if fate == "new":
            made, origin = _add(person, run, row, post, known)
            known[post.key] = made.id
            added.append(made)
            outcome.pending |= origin.pending
        elif fate not in ("kept", "same"):
            outcome.pending |= _renew(person, run, origins[post.key], post, fate, known)
    _count(row, added)
    answer = known.get(thread.answer or "")
    if answer in [post.id for post in added] and row.thread_kind == "question":
        row.answer_id = answer
    some = list(outcome.fates.values())
    detail(**{"import": run.id}, thread=row.id, posts=len(added), changed=some.count("changed"))
    return outcome


def _thread(
    community: Community,
    run: ImportRun,
    given: ImportedThread,
    posts: Sequence[ImportedPost],
    origins: Mapping[str, ImportOrigin],
) -> Thread:
    """Return the thread, locked; make it, or show it again where its import was undone."""
    origin = origins.get(given.key) or _joined(run, given, posts, origins)
    author = given.author.id if given.author else None
    if origin is None:
        thread = Thread(
            audience_id=community.audience_id,
            thread_kind=given.kind,
            title=given.title,
            made=given.made,
            author_id=author,
            author_role="member",
            closed=given.closed,
            last_at=given.made,
            last_author_id=author,
        )
        db.session.add(thread)
        db.session.flush()
        _note(run, given.key, thread, digest(given.title), digest(given.title))
        return thread
    locked = select(Thread).where(Thread.id == origin.thing_id).with_for_update(of=Thread.__table__)
    thread = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    if origin.undone is not None:
        thread.state = "live"
        origin.undone, origin.run_id = None, run.id
    if origin.sha != digest(given.title):
        if digest(thread.title) == origin.written:
            thread.title = given.title
            origin.written = digest(given.title)
        origin.sha = digest(given.title)
    if thread.author_id is None and author is not None:
        thread.author_id = author
    return thread


def _joined(
    run: ImportRun, given: ImportedThread, posts: Sequence[ImportedPost], origins: Mapping[str, ImportOrigin]
) -> ImportOrigin | None:
    """Return the origin of a thread that has another key now, but whose posts are here; None for a new one."""
    for post in posts:
        if post.key in origins:
            thread = db.session.get_one(Thing, origins[post.key].thing_id).parent_id
            before = select(ImportOrigin).where(ImportOrigin.thing_id == thread, ImportOrigin.system == run.system)
            return db.session.scalars(before.limit(1)).first()
    return None


def _note(
    run: ImportRun, key: str, thing: Thing, sha: str = "", written: str = "", pending: bool = False
) -> ImportOrigin:
    """Remember where a thing comes from."""
    origin = ImportOrigin(
        system=run.system, key=key, run_id=run.id, thing_id=thing.id, sha=sha, written=written, pending=pending
    )
    db.session.add(origin)
    return origin


def note_file(run: ImportRun, key: str, file: Thing) -> None:
    """Remember where an imported file comes from, in the running transaction."""
    _note(run, key, file)


def _add(
    person: Person, run: ImportRun, thread: Thread, given: ImportedPost, known: Lookup
) -> tuple[Post, ImportOrigin]:
    """Add a post at the end of the thread, with the date that it has at the source."""
    resolved = given.text(known)
    post = Post()
    fill(
        post,
        audience_id=thread.audience_id,
        parent_id=thread.id,
        made=given.made,
        author_id=given.author.id if given.author else None,
        author=given.author,
        author_role="member",
    )
    versions.add(post, thread)
    answered = known.get(given.reply_to) if given.reply_to else None
    bodies.write_body(person, post, resolved.text, reply_to=answered, files=given.files)
    return post, _note(run, given.key, post, given.sha, digest(resolved.text.source), resolved.pending)


def _renew(
    person: Person, run: ImportRun, origin: ImportOrigin, given: ImportedPost, fate: Fate, known: Lookup
) -> bool:
    """Bring a post up to date; return whether it still links to something that is not here."""
    post = db.session.get_one(Post, origin.thing_id)
    if fate == "restored":
        origin.undone, origin.run_id = None, run.id
        if post.state == "retracted":
            post.state = "live"
    if post.author_id is None and given.author is not None:
        post.author_id = given.author.id
    if fate == "changed":
        resolved = given.text(known)
        if origin.sha == given.sha:  # only its links lead somewhere else
            bodies.replace(person, post, resolved.text)
        else:
            bodies.rewrite(person, post, resolved.text)
        things.attach(post, person, given.files)
        origin.sha, origin.written, origin.pending = given.sha, digest(resolved.text.source), resolved.pending
    return origin.pending


def _count(thread: Thread, added: Sequence[Post]) -> None:
    """Count new posts in their thread; what was written here meanwhile may be newer."""
    if not added:
        return
    opens = added[0].seq == 1
    thread.replies += len(added) - opens
    thread.last_post = added[-1].seq
    newest = max(added, key=lambda post: post.made)
    if newest.made >= thread.last_at:
        thread.last_at, thread.last_author_id = newest.made, newest.author_id


@action("imports.withdraw")
def withdraw_import(person: Person, thing: Thread | Post, *, run: ImportRun) -> Thread | Post:
    """Retract a thread or post that an import brought, with what stands in it."""
    thing.state = "retracted"
    inside = select(Thing.id).where(Thing.parent_id == thing.id)
    ids = [thing.id, *db.session.scalars(inside)]
    for first in range(0, len(ids), 400):
        some = ImportOrigin.thing_id.in_(ids[first : first + 400])
        for origin in db.session.scalars(select(ImportOrigin).where(some)):
            origin.undone = clock.now()
    detail(**{"import": run.id, thing.kind: thing.id})
    return thing


@action("imports.undo")
def undo_import(person: Person, run: ImportRun, *, withdrawn: int, kept: int) -> ImportRun:
    """Mark an import as undone, after what it brought was withdrawn; `kept`: threads and posts that stay."""
    run.undone = clock.now()
    detail(**{"import": run.id}, withdrawn=withdrawn, kept=kept)
    return run
