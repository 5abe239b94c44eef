"""Writing what a source gives, some posts at a time, each in a transaction of its own.

Texts are judged, rendered and compared before a transaction opens, so that the platform can be used meanwhile. Killed at
any moment, an import can be run again: what is here is found by its key at the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice

from flask import current_app

from cop import access, things
from cop.base import personal_data, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.files import Blob, Refused, Store
from cop.base.text import Text
from cop.cli.importing.matching import Matched, Matching
from cop.cli.importing.report import Report
from cop.cli.importing.sources import FIRST, Source, SourceFile, SourcePost, SourceTopic, Target, why
from cop.documents import actions as documents
from cop.society.people import Person
from cop.society.programmes import Community, community_by_slug
from cop.things import ImportRun
from cop.threads import actions, importing
from cop.threads.importing import ImportedPost, ImportedThread, Lookup, Resolved

CHUNK = 50  # posts of a transaction: others who write wait for it
LONGEST_TITLE = 200
UNTITLED = "Gesprek zonder titel"
WITHHELD = "Dit bericht is niet geïmporteerd."  # in place of an opening: without it the answers would stand for it
REFUSED = "Dit bericht is niet geïmporteerd, omdat er een persoonsnummer in stond."
_PLACEHOLDER = re.compile(r"/(files|posts|threads)/(9\d{14})(?!\d)")
_MARKS, _ESCAPED = re.compile(r"([*_`<>~|\[\]\\])"), r"\\\1"
_LINKED = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(/(?:posts|threads)/(9\d{14})\)")


@dataclass
class Prepared:
    """A post that is ready to be compared; rendered, and with its files taken, when it is to be written.

    said: its source, with the name of its author where that is wanted.
    """

    source: SourcePost
    said: str
    author: Matched | None
    targets: Sequence[Target] = ()
    files: Sequence[tuple[SourceFile, Blob]] = ()
    rendered: Text | None = None

    @property
    def sha(self) -> str:
        """The SHA-256 of what it says, links to and has attached."""
        keys = (*(target.key for target in self.targets), *(file.key for file in self.source.files))
        return importing.digest("\0".join((self.said, *keys)))

    def withhold(self, words: str) -> None:
        """Let words stand in its place."""
        self.targets, self.files, self.rendered = (), (), text.render(words, "plain")


class Writer:
    """Writes the topics of a source into communities, or only reports what it would write."""

    def __init__(self, source: Source, report: Report, matching: Matching, *, names: bool, dry_run: bool):
        self.source, self.report, self.matching = source, report, matching
        self.names, self.dry_run = names, dry_run
        self.store: Store = current_app.extensions["files"]
        self.pending: dict[str, None] = {}  # keys of topics with links to something that is not here yet

    def write(self, community: Community) -> None:
        """Write all topics, and then those again whose links lead to later ones."""
        if not self.dry_run:
            self.report.run = actions.begin_import(access.SYSTEM, community, system=self.source.system).id
        for topic in self.source.topics():
            self._topic(topic)
        if self.report.run is None:
            return
        for key in list(self.pending):
            self._follow(self.source.topic(key))
        with transaction():
            actions.end_import(access.SYSTEM, db.session.get_one(ImportRun, self.report.run))

    def _topic(self, topic: SourceTopic) -> None:
        """Write a topic, or count what would be written."""
        posts, title = topic.posts(), self._title(topic)
        opens, fates = True, set[importing.Fate]()
        while chunk := list(islice(posts, CHUNK)):
            ready = [self._prepare(post, opens and post is chunk[0]) for post in chunk]
            found = self._compare(topic, title, [one for one in ready if one], opens)
            opens = False
            self.report.posts.update(found.values())
            fates |= set(found.values())
            db.session.rollback()
            db.session.expunge_all()  # nothing of one topic is needed for the next
        if fates:
            changed = "changed" if fates - {"same", "kept"} else "same"
            self.report.topics["new" if fates == {"new"} else changed] += 1

    def _follow(self, topic: SourceTopic) -> None:
        """Write those posts of a topic again whose links lead to what came later."""
        posts = (post for post in topic.posts() if post.markup.targets)
        while chunk := list(islice(posts, CHUNK)):
            prepared = [Prepared(post, *self._signed(post), post.markup.targets) for post in chunk]
            self._compare(topic, self._title(topic), prepared, opens=False, again=True)
            db.session.rollback()
            db.session.expunge_all()

    def _title(self, topic: SourceTopic) -> str:
        title = text.clean_line(topic.title)
        if len(title) > LONGEST_TITLE:
            title = title[: LONGEST_TITLE - 1].rstrip() + "…"
        if kind := personal_data.blocked(title):
            self.report.refuse(f"{topic.place}, title", kind)
            return UNTITLED
        return title or UNTITLED

    # Preparing a post

    def _prepare(self, post: SourcePost, opens: bool) -> Prepared | None:
        """Return a post as it is to be compared, None for one with the number of a person; an opening is never left out."""
        if kind := personal_data.blocked_in_markup(post.markup.source):
            self.report.refuse(post.place, kind)
            if not opens:
                return None
            opening = Prepared(post, "", self.matching.person(post.author))
            opening.withhold(REFUSED)
            return opening
        said, author = self._signed(post)
        self.report.wrote(post.author, author.id if author else None)
        for remark in post.remarks:
            self.report.leave_out(remark, post.place, "files")
        if kinds := personal_data.doubtful_in_markup(post.markup.source):
            self.report.doubtful.append({"place": post.place, "kinds": sorted(kinds)})
        return Prepared(post, said, author, post.markup.targets)

    def _signed(self, post: SourcePost) -> tuple[str, Matched | None]:
        """Return the source with the name of its author where they are not here and the coach wants names; and who it is."""
        source, person = post.markup.source, self.matching.person(post.author)
        name = text.clean_line(post.author.name)[:LONGEST_TITLE]
        if person is not None or not self.names or not name:
            return source, person
        words = f"Geïmporteerd van {name}"
        if post.markup.format == "html":
            return f"<p><em>{escape(words)}</em></p>{source}", None
        return f"*{_MARKS.sub(_ESCAPED, words)}*\n\n{source}", None

    def _render(self, one: Prepared, opens: bool, again: bool) -> bool:
        """Render a post that is to be written and take its files; return whether it can be written."""
        one.files = list(self._files(one.source, again))
        try:
            one.rendered = text.render(one.said, one.source.markup.format)
            reason = "" if one.rendered.plain or one.files else "empty"
        except (text.TooLong, text.TooDeep):
            reason = "longer than a text can be here"
        if not reason:
            return True
        self.report.leave_out(reason, one.source.place)
        if opens:
            one.withhold(WITHHELD)
        return opens

    def _files(self, post: SourcePost, again: bool) -> Iterator[tuple[SourceFile, Blob]]:
        for file in post.files:
            try:
                yield file, file.take(self.store, not self.dry_run)
            except Refused as refusal:
                if not again:
                    self.report.leave_out(why(refusal.reason.value), post.place, "files")

    # Writing posts

    def _compare(
        self, topic: SourceTopic, title: str, prepared: list[Prepared], opens: bool, again: bool = False
    ) -> dict[str, importing.Fate]:
        """Write some posts of a topic, if anything is to be written; return what became of each."""
        if not prepared:
            return {}
        thread = self._thread(topic, title, prepared)
        posts = [self._post(one, ()) for one in prepared]
        origins = things.origins_of(self.source.system, importing.keys_of(thread, posts))
        fates = importing.fates(posts, origins)
        if any(post.key in origins and origins[post.key].pending for post in posts):
            self.pending[topic.key] = None  # of an import that was interrupted before it came to its links
        for one in [one for one in prepared if fates[one.source.key] in ("new", "changed") and one.rendered is None]:
            if not self._render(one, opens and one is prepared[0], again):
                del fates[one.source.key]
                prepared.remove(one)
        known = origins.get(topic.key)
        is_new = known is None or known.sha != importing.digest(title) or known.undone is not None
        write = any(fate not in ("same", "kept") for fate in fates.values()) or (
            is_new and bool(prepared) and not again
        )
        if write and self.report.run is not None:
            community = community_by_slug(topic.community)
            assert community is not None
            with transaction():
                fates = self._store(topic, title, prepared, self.report.run, community)
        elif self.dry_run:
            self.report.files["new"] += sum(len(one.files) for one in prepared if fates[one.source.key] == "new")
        return fates

    def _store(
        self, topic: SourceTopic, title: str, prepared: Sequence[Prepared], run_id: int, community: Community
    ) -> dict[str, importing.Fate]:
        """Write some posts with their files in the running transaction."""
        run = db.session.get_one(ImportRun, run_id)
        audience = self._audience(topic, prepared) or community.audience_id
        posts = [self._post(one, [self._file(run, audience, one, *file) for file in one.files]) for one in prepared]
        outcome = actions.write_import(
            access.SYSTEM, community, run=run, thread=self._thread(topic, title, prepared), posts=posts
        )
        if outcome.pending:
            self.pending[topic.key] = None
        return outcome.fates

    def _audience(self, topic: SourceTopic, prepared: Sequence[Prepared]) -> int | None:
        """Return the audience for which the thread stands, which somebody may have moved; None for a new one."""
        keys = [topic.key, *(one.source.key for one in prepared)]
        here = things.things_of(things.origins_of(self.source.system, keys).values())
        return next((thing.audience_id for thing in here.values()), None)

    def _file(self, run: ImportRun, audience: int, post: Prepared, file: SourceFile, blob: Blob) -> int:
        """Return the id of a file, added where the audience does not have it from there."""
        key = f"{file.key}@{audience}"
        origin = things.origins_of(self.source.system, [key]).get(key)
        if origin is not None:
            return origin.thing_id
        author = _person(post.author)
        made = documents.add_imported(audience, blob=blob, name=file.name, author=author, made=post.source.made)
        actions.note_file(run, key, made)
        self.report.files["new"] += 1
        return made.id

    def _thread(self, topic: SourceTopic, title: str, prepared: Sequence[Prepared]) -> ImportedThread:
        return ImportedThread(
            topic.key,
            title,
            min(topic.made, prepared[0].source.made),
            _person(self.matching.person(topic.author)),
            kind="question" if topic.answer else "experience",
            closed=topic.closed,
            answer=topic.answer,
        )

    def _post(self, one: Prepared, files: Sequence[int]) -> ImportedPost:
        own = {file.key for file in one.source.files}
        numbers = {file.key: id for (file, _blob), id in zip(one.files, files, strict=False)}
        return ImportedPost(
            key=one.source.key,
            sha=one.sha,
            made=one.source.made,
            author=_person(one.author),
            text=lambda known: _resolved(one, {**known, **numbers}),
            targets=[target.key for target in one.targets if target.key not in own],
            reply_to=one.source.reply_to,
            files=files,
        )


def _person(matched: Matched | None) -> Person | None:
    return db.session.get(Person, matched.id) if matched else None


def _resolved(one: Prepared, known: Lookup) -> Resolved:
    """Return the text of a post with the addresses of what it links to; what is not here keeps the address it had."""
    assert one.rendered is not None
    targets, rendered = one.targets, one.rendered

    def target(number: str) -> Target | None:
        index = int(number) - FIRST
        return targets[index] if 0 <= index < len(targets) else None

    def address(found: re.Match[str]) -> str:
        id = known.get(there.key) if (there := target(found[2])) else None
        return found[0] if id is None else f"/{found[1]}/{id}"

    def elsewhere(found: re.Match[str]) -> str:
        there = target(found[2])
        if there is None or there.key in known:
            return found[0]
        return f"[{found[1]}]({there.address})" if there.address.startswith(("http://", "https://")) else found[1]

    if all(one.key in known for one in targets):
        source, html = (_PLACEHOLDER.sub(address, said) for said in (rendered.source, rendered.html))
        return Resolved(Text(source, rendered.format, html, rendered.plain), False)
    source = _PLACEHOLDER.sub(address, _LINKED.sub(elsewhere, rendered.source))
    return Resolved(text.render(source, rendered.format), True)
