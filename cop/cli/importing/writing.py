"""Writing what a source gives, some posts at a time, each in a transaction of its own.

Texts are judged, rendered and compared before a transaction opens, so that the platform can be used meanwhile. Killed at
any moment, an import can be run again: what is here is found by its key at the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flask import current_app

from cop import access, things
from cop.base import personal_data, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.files import Blob, Refused, Store
from cop.base.text import Text
from cop.cli.importing.matching import Matching
from cop.cli.importing.report import Report
from cop.cli.importing.sources import FIRST, Markup, Source, SourceFile, SourcePost, SourceTopic
from cop.documents import actions as documents_actions
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


@dataclass(frozen=True)
class Prepared:
    """A post that is ready to be written, with its files."""

    source: SourcePost
    markup: Markup
    rendered: Text
    author: int | None
    files: Sequence[tuple[SourceFile, Blob]]


class Writer:
    """Writes the topics of a source into communities, or only reports what it would write."""

    def __init__(self, source: Source, report: Report, matching: Matching, *, names: bool, dry_run: bool):
        self.source, self.report, self.matching = source, report, matching
        self.names, self.dry_run = names, dry_run
        self.store: Store = current_app.extensions["files"]
        self.pending: dict[str, None] = {}  # keys of topics with links to something that is not here yet

    def write(self, community: Community) -> None:
        """Write all topics, and then those again whose links lead to later ones."""
        run = None
        if not self.dry_run:
            run = actions.begin_import(access.SYSTEM, community, system=self.source.system)
            self.report.run = run.id
        for topic in self.source.topics():
            self._topic(topic, self.report.run)
        for key in list(self.pending):
            self._topic(self.source.topic(key), self.report.run, again=True)
        if self.report.run is not None:
            with transaction():
                actions.end_import(access.SYSTEM, db.session.get_one(ImportRun, self.report.run))

    def _topic(self, topic: SourceTopic, run: int | None, again: bool = False) -> None:
        posts = topic.posts()
        first, fates = True, set[str]()
        title = self._title(topic)
        while chunk := list(islice(posts, CHUNK)):
            prepared = [
                one
                for number, post in enumerate(chunk)
                if (one := self._prepare(post, opens=first and number == 0, again=again))
            ]
            first = False
            if prepared:
                fates |= self._write(topic, title, prepared, run, again)
            db.session.rollback()
            db.session.expunge_all()  # nothing of one topic is needed for the next
        if fates and not again:
            known = "new" if fates == {"new"} else "changed" if fates - {"same", "kept"} else "same"
            self.report.topics[known] += 1

    def _title(self, topic: SourceTopic) -> str:
        title = text.clean_line(topic.title)
        if len(title) > LONGEST_TITLE:
            title = title[: LONGEST_TITLE - 1].rstrip() + "…"
        if kind := personal_data.blocked(title):
            self.report.refuse(f"{topic.place}, title", kind)
            return UNTITLED
        return title or UNTITLED

    # Preparing a post

    def _prepare(self, post: SourcePost, opens: bool, again: bool) -> Prepared | None:
        """Return a post as it is to be written, None for one that is left out; an opening is never left out."""
        person = self.matching.person(post.author)
        markup, files = post.markup, list(self._files(post, again))
        refused = False
        if kind := personal_data.blocked_in_markup(markup.source):
            if not again:
                self.report.refuse(post.place, kind)
            markup, files, refused = Markup(REFUSED, "plain"), [], True
        try:
            rendered = text.render(self._signed(markup, post, person), markup.format)
        except (text.TooLong, text.TooDeep):
            self._leave_out("longer than a text can be here", post, again)
            markup, refused = Markup(WITHHELD, "plain"), True
            rendered = text.render(WITHHELD, "plain")
        if not refused and not rendered.plain and not files:
            self._leave_out("empty", post, again)
            markup, refused = Markup(WITHHELD, "plain"), True
            rendered = text.render(WITHHELD, "plain")
        if refused and not opens:
            return None
        if not again and not refused:
            self.report.wrote(post.author, person.id if person else None)
            for remark in post.remarks:
                self.report.leave_out(remark, post.place, 0)
            if kinds := personal_data.doubtful_in_markup(markup.source):
                self.report.doubtful.append({"place": post.place, "kinds": sorted(kinds)})
        return Prepared(post, markup, rendered, person.id if person else None, files)

    def _signed(self, markup: Markup, post: SourcePost, person: Person | None) -> str:
        """Return the source with the name of its author, where they are not here and the coach wants names."""
        name = text.clean_line(post.author.name)[:LONGEST_TITLE]
        if person is not None or not self.names or not name or markup.source in (REFUSED, WITHHELD):
            return markup.source
        words = f"Geïmporteerd van {name}"
        if markup.format == "html":
            return f"<p><em>{_escaped(words)}</em></p>{markup.source}"
        return f"*{_MARKS.sub(_ESCAPED, words)}*\n\n{markup.source}"

    def _files(self, post: SourcePost, again: bool) -> Iterator[tuple[SourceFile, Blob]]:
        for file in post.files:
            try:
                yield file, file.take(self.store, not self.dry_run)
            except Refused as refusal:
                if not again:
                    self.report.leave_out(f"file: {refusal.reason.value}", post.place, 0)

    def _leave_out(self, reason: str, post: SourcePost, again: bool) -> None:
        if not again:
            self.report.leave_out(reason, post.place)

    # Writing posts

    def _write(
        self, topic: SourceTopic, title: str, prepared: Sequence[Prepared], run: int | None, again: bool
    ) -> set[str]:
        """Write some posts of a topic, if anything is to be written; return what became of them."""
        thread = self._thread(topic, title, prepared)
        posts = [self._post(one, ()) for one in prepared]
        origins = things.origins_of(self.source.system, importing.keys_of(thread, posts))
        fates = importing.fates(posts, origins)
        topic_origin = origins.get(topic.key)
        retitled = topic_origin is not None and topic_origin.sha != importing.digest(title)
        if self.dry_run or run is None:
            self._count(fates, again, [file.key for one in prepared for file, _blob in one.files])
            return set(fates.values())
        if any(fate not in ("same", "kept") for fate in fates.values()) or retitled or topic_origin is None:
            community = community_by_slug(topic.community)
            assert community is not None
            with transaction():
                fates = self._store(topic, title, prepared, run, community)
        self._count(fates, again)
        return set(fates.values())

    def _store(
        self, topic: SourceTopic, title: str, prepared: Sequence[Prepared], run_id: int, community: Community
    ) -> dict[str, importing.Fate]:
        """Write some posts with their files in the running transaction."""
        run = db.session.get_one(ImportRun, run_id)
        audience = self._audience(topic, prepared) or community.audience_id
        posts = []
        for one in prepared:
            author = db.session.get(Person, one.author) if one.author else None
            posts.append(self._post(one, [self._file(run, audience, one, author, *file) for file in one.files]))
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

    def _file(
        self, run: ImportRun, audience: int, post: Prepared, author: Person | None, file: SourceFile, blob: Blob
    ) -> int:
        """Return the id of a file, added where the audience does not have it from there."""
        key = f"{file.key}@{audience}"
        origin = things.origins_of(self.source.system, [key]).get(key)
        if origin is None:
            made = documents_actions.add_imported(
                audience, blob=blob, name=file.name, author=author, made=post.source.made
            )
            actions.note_file(run, key, made)
            self.report.files["new"] += 1
            return made.id
        self.report.files["same"] += 1
        return origin.thing_id

    def _thread(self, topic: SourceTopic, title: str, prepared: Sequence[Prepared]) -> ImportedThread:
        author = self.matching.person(topic.author)
        return ImportedThread(
            topic.key,
            title,
            min(topic.made, prepared[0].source.made),
            author,
            kind="question" if topic.answer else "experience",
            closed=topic.closed,
            answer=topic.answer,
        )

    def _post(self, one: Prepared, files: Sequence[int]) -> ImportedPost:
        numbers = {file.key: id for (file, _blob), id in zip(one.files, files, strict=False)}

        def resolve(known: Lookup) -> Resolved:
            return _resolved(one, {**known, **numbers})

        inside = {target.key for target in one.markup.targets}
        said = "\0".join((one.rendered.source, *(target.key for target in one.markup.targets), *_keys(one)))
        return ImportedPost(
            key=one.source.key,
            sha=importing.digest(said),
            made=one.source.made,
            author=db.session.get(Person, one.author) if one.author else None,
            text=resolve,
            targets=[key for key in inside if key not in {file.key for file, _blob in one.files}],
            reply_to=one.source.reply_to,
            files=files,
        )

    def _count(self, fates: dict[str, importing.Fate], again: bool, files: Sequence[str] = ()) -> None:
        if not again:
            self.report.posts.update(fates.values())
            self.report.files["new"] += len(files)


def _keys(one: Prepared) -> list[str]:
    return [file.key for file, _blob in one.files]


def _resolved(one: Prepared, known: Lookup) -> Resolved:
    """Return the text of a post with the addresses of what it links to; what is not here keeps the address it had."""
    targets = one.markup.targets
    source, html = one.rendered.source, one.rendered.html

    def id_of(number: str) -> int | None:
        index = int(number) - FIRST
        return known.get(targets[index].key) if 0 <= index < len(targets) else None

    def address(found: re.Match[str]) -> str:
        id = id_of(found[2])
        return found[0] if id is None else f"/{found[1]}/{id}"

    if all(target.key in known for target in targets):
        written = Text(
            _PLACEHOLDER.sub(address, source), one.rendered.format, _PLACEHOLDER.sub(address, html), one.rendered.plain
        )
        return Resolved(written, False)

    def elsewhere(found: re.Match[str]) -> str:
        index = int(found[2]) - FIRST
        if not 0 <= index < len(targets) or targets[index].key in known:
            return found[0]
        there = targets[index].address
        return f"[{found[1]}]({there})" if there.startswith(("http://", "https://")) else found[1]

    source = _PLACEHOLDER.sub(address, _LINKED.sub(elsewhere, source))
    return Resolved(text.render(source, one.rendered.format), True)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
