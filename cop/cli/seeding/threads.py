"""The threads of the demo, post by post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from cop import things
from cop.base.db import db
from cop.cli.demo import Post as Said
from cop.cli.demo import Thread as Talk
from cop.cli.seeding.reading import read_on
from cop.cli.seeding.stage import Event, Stage, drop_mails
from cop.threads import actions
from cop.threads.models import Post

SOON = timedelta(hours=2)  # until the author of a question accepts an answer


def events(stage: Stage) -> Iterator[Event]:
    """Yield every event in the threads, in no order."""
    for talk in stage.demo.threads:
        for said in talk.posts:
            yield Event(said.at, 1, partial(_say, stage, talk, said))
            yield from _later(stage, talk, said)
        yield from _curated(stage, talk)


def _say(stage: Stage, talk: Talk, said: Said) -> None:
    """Write a post with its reactions, and mark it read for those who have read that far."""
    author = stage.people[said.author]
    # The last paragraph and the documents that did not exist yet were added by a later edit.
    body = said.body.rpartition("\n\n")[0] if said.edited else said.body
    files = [stage.files[key].id for key in said.attachments if key in stage.files or not said.edited]
    if said.number == 0:
        community = stage.communities[talk.community]
        sources = [stage.sources[talk.source].id] if talk.source else []
        thread = actions.start(
            author, community, kind=talk.kind, title=talk.title, text=stage.written(body), files=files, sources=sources
        )
        stage.threads[talk.key] = stage.places[talk.key] = thread
        post = db.session.scalars(select(Post).where(Post.parent_id == thread.id)).one()
    else:
        thread = stage.threads[talk.key]
        answered = None if said.reply_to is None else stage.posts[talk.key, said.reply_to].id
        post = actions.reply(author, thread, text=stage.written(body), reply_to=answered, files=files)
    stage.posts[talk.key, said.number] = post
    if said.reactions:
        stage.react(post, said.reactions)
    read_on(stage, talk.key, said.number)


def _later(stage: Stage, talk: Talk, said: Said) -> Iterator[Event]:
    """Yield what happens to a post after it was written."""

    def post() -> Post:
        return stage.posts[talk.key, said.number]

    def edit() -> None:
        author = stage.people[said.author]
        actions.POSTS.edit(author, post(), text=stage.written(said.body))
        things.attach(post(), author, [stage.files[key].id for key in said.attachments])

    if said.edited:
        yield Event(said.edited, 2, edit)
    if said.retracted:
        yield Event(said.retracted, 2, lambda: actions.POSTS.retract(stage.people[said.author], post()))
    if hiding := said.hidden:

        def hide() -> None:
            actions.POSTS.hide(stage.people[hiding.by], post(), reason=hiding.reason)
            drop_mails("notices/ruling")

        yield Event(hiding.at, 2, hide)
    if talk.answer == said.number:
        yield Event(
            min(said.at + SOON, stage.demo.now),
            3,
            lambda: actions.answer(stage.people[talk.author], stage.threads[talk.key], post=post().id),
        )


def _curated(stage: Stage, talk: Talk) -> Iterator[Event]:
    """Yield what the moderator does with a thread."""
    if talk.pinned:
        yield Event(talk.at, 4, lambda: actions.pin(stage.curator(talk.community), stage.threads[talk.key]))
    if talk.featured:
        yield Event(
            talk.posts[-1].at, 4, lambda: actions.feature(stage.curator(talk.community), stage.threads[talk.key])
        )
    if closure := talk.closure:

        def close() -> None:
            thread, moderator = stage.threads[talk.key], stage.people[closure.by]
            actions.reply(moderator, thread, text=stage.written(closure.outcome))
            actions.close(moderator, thread)
            read_on(stage, talk.key, len(talk.posts))

        yield Event(closure.at, 4, close)
