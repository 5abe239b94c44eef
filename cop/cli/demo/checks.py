"""Checks of the demo: keys resolve, events are in order, nobody exceeds their rights, and no data is of a real person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from cop.base import clock
from cop.cli.demo.links import documents_in
from cop.cli.demo.shapes import Demo, Document, Message, Person, Post, Thread
from cop.society.organisations import ORGANISATION_KINDS
from cop.society.programmes import PHASES
from cop.society.regions import PROVINCES
from cop.things import REACTIONS

THREAD_KINDS = ("question", "experience", "guidance", "announcement")
ROLES = ("member", "expert", "moderator", "team", "reader")
STATUSES = ("concept", "adopted")
MENTION = re.compile(r"@([A-ZÀ-Þ][\w'-]+ [A-ZÀ-Þ][\w'-]+)")
PERSONAL = {
    "a number like a citizen's": re.compile(r"(?<!\d)\d(?:[ .]?\d){8}(?!\d)"),
    "a phone number": re.compile(r"(?:\+31|(?<!\d)0)[ -]?[1-9](?:[ -]?\d){7,8}(?!\d)"),
    "a postcode": re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b"),
    "a bank account": re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4}"),
    "an address": re.compile(r"\b[A-Z][a-z]+(?:straat|laan|weg|plein|dijk|kade|gracht|hof) \d+"),
    "mail to a place that can exist": re.compile(r"[\w.+-]+@(?:[\w-]+\.)+(?!example\b)[a-z]{2,}"),
}


def faults(demo: Demo) -> list[str]:
    """Return every contradiction in the content, in words."""
    return [*_society(demo), *_shelf(demo), *_threads(demo), *_rooms(demo), *_marks(demo), *_words(demo)]


def personal(text: str) -> list[str]:
    """Return the kinds of personal data that a text seems to contain, in words."""
    return [what for what, pattern in PERSONAL.items() if pattern.search(text)]


def _twice(what: str, keys: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {key!r} stands twice" for key, times in Counter(keys).items() if times > 1)


def _unknown(where: str, given: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    yield from (f"{where}: {one!r} is not known" for one in sorted(set(given) - set(known)))


def _society(demo: Demo) -> Iterator[str]:
    organisations = {one.key: one for one in demo.organisations}
    communities = [one.slug for one in demo.communities]
    yield from _twice("organisation", (one.key for one in demo.organisations))
    yield from _twice("person", (one.key for one in demo.people))
    yield from _twice("name", (one.name for one in demo.people))
    yield from _twice("mail", (one.mail for one in demo.people))
    yield from _unknown("programme", [demo.programme.organiser], organisations)
    phases = demo.programme.phases
    yield from _unknown("phases", [demo.programme.phase, *(one.kind for one in phases)], PHASES)
    for before, after in pairwise(phases):
        if not before.starts < before.ends < after.starts:
            yield f"phase {after.kind} starts before {before.kind} is over"
    for one in demo.organisations:
        yield from _unknown(one.key, [one.kind], ORGANISATION_KINDS)
        yield from _unknown(one.key, [one.province] if one.province else [], PROVINCES)
        if not one.domain.endswith(".example"):
            yield f"{one.key}: its mail could arrive somewhere"
    for duo in demo.partnerships:
        yield from _unknown(duo.key, duo.organisations, organisations)
    for person in demo.people:
        yield from _unknown(person.key, person.organisations, organisations)
        yield from _unknown(person.key, person.communities, communities)
        yield from _unknown(person.key, person.communities.values(), ROLES)
        employer = organisations.get(person.organisations[0])
        if employer and not person.mail.endswith(f"@{employer.domain}"):
            yield f"{person.key}: the mail is not of the organisation"
        if ("expert" in person.communities.values()) != (person.until is not None):
            yield f"{person.key}: an expert, and nobody else, has a last day"
    for slug in communities:
        if "moderator" not in (person.communities.get(slug) for person in demo.people):
            yield f"{slug} has no moderator"


def _shelf(demo: Demo) -> Iterator[str]:
    slugs = [one.slug for one in demo.communities]
    yield from _twice("document", (one.key for one in demo.documents))
    yield from _unknown("folders", (one.community for one in demo.folders), slugs)
    for document in demo.documents:
        yield from _unknown(document.key, [document.status], STATUSES)
        yield from _rising(document.key, [version.at for version in document.versions], demo.now)
        for version in document.versions:
            yield from _may_write(demo, document.key, version.author, document.community, version.at)
            if not version.path.is_file():
                yield f"{document.key}: {version.path.name} is not there"
            if version.path.suffix != "." + version.name.rpartition(".")[2]:
                yield f"{document.key}: {version.name} is no {version.path.suffix}"
            if version.path.suffix in (".jpg", ".png") and not document.alt:
                yield f"{document.key}: a picture without words"


def _threads(demo: Demo) -> Iterator[str]:
    yield from _twice("thread", (one.key for one in demo.threads))
    themes = {one.slug: one.themes for one in demo.communities}
    messages = {one.key: (room.community, one) for room in demo.rooms for one in room.messages if one.key}
    for thread in demo.threads:
        yield from _unknown(thread.key, [thread.kind], THREAD_KINDS)
        yield from _unknown(thread.key, thread.themes, themes[thread.community])
        yield from _rising(thread.key, [post.at for post in thread.posts], demo.now)
        for post in thread.posts:
            yield from _post(demo, thread, post)
        answers = range(1, len(thread.posts)) if thread.kind == "question" else ()
        if thread.answer is not None and thread.answer not in answers:
            yield f"{thread.key}: the accepted answer is none"
        if thread.closure:
            yield from _rising(f"{thread.key}, closure", [thread.posts[-1].at, thread.closure.at], demo.now)
            if _role(demo, thread.closure.by, thread.community) not in ("moderator", "team"):
                yield f"{thread.key}: closed by somebody who may not"
        if thread.source:
            community, message = messages.get(thread.source, ("", None))
            if message is None or community != thread.community or message.at >= thread.at:
                yield f"{thread.key}: did not grow from message {thread.source!r}"


def _post(demo: Demo, thread: Thread, post: Post) -> Iterator[str]:
    where = f"{thread.key}, post {post.number}"
    yield from _said(demo, where, thread.community, post)
    if post.reply_to is not None and not 0 <= post.reply_to < post.number:
        yield f"{where}: answers a post that was not there yet"
    for later in (post.edited, post.retracted, post.hidden and post.hidden.at):
        if later:
            yield from _rising(where, [post.at, later], demo.now)
    if post.hidden and _role(demo, post.hidden.by, thread.community) not in ("moderator", "team"):
        yield f"{where}: hidden by somebody who may not"
    quoted = [line[2:] for line in post.body.splitlines() if line.startswith("> ")]
    for line in quoted:
        if not any(line in earlier.body for earlier in thread.posts[: post.number]):
            yield f"{where}: quotes what nobody said: {line}"


def _rooms(demo: Demo) -> Iterator[str]:
    slugs = [one.slug for one in demo.communities]
    yield from _unknown("rooms", (one.community for one in demo.rooms), slugs)
    yield from _twice("message", (one.key for room in demo.rooms for one in room.messages if one.key))
    for room in demo.rooms:
        yield from _rising(room.key, [message.at for message in room.messages], demo.now)
        for message in room.messages:
            where = f"{room.key}, message {message.number}"
            yield from _said(demo, where, room.community, message)
            if message.reply_to is not None and message.reply_to >= message.number:
                yield f"{where}: answers a message that was not there yet"


def _said(demo: Demo, where: str, community: str, post: Post | Message) -> Iterator[str]:
    """Yield the faults that posts and chat messages can both have."""
    yield from _may_write(demo, where, post.author, community, post.at)
    yield from _unknown(where, post.reactions, REACTIONS)
    for kind, people in post.reactions.items():
        yield from _twice(f"{where}: {kind} of", people)
        for key in people:
            if _role(demo, key, community) in (None, "reader"):
                yield f"{where}: {key} may not react here"
            if key == post.author:
                yield f"{where}: {key} reacts to himself or herself"
    last = post.edited if isinstance(post, Post) and post.edited else post.at
    documents = {document.key: document for document in demo.documents}
    for key in {*post.attachments, *documents_in(post.body)}:
        yield from _had(where, documents.get(key), key, community, last)
    readers = {person.name for person in demo.people if community in person.communities}
    yield from _unknown(where, MENTION.findall(post.body), readers)


def _had(where: str, document: Document | None, key: str, community: str, at: datetime) -> Iterator[str]:
    if document is None:
        yield f"{where}: document {key!r} is not known"
    elif document.community != community:
        yield f"{where}: document {key!r} lies in another community"
    elif document.versions[0].at > at:
        yield f"{where}: document {key!r} was not there yet"


def _marks(demo: Demo) -> Iterator[str]:
    lengths = {thread.key: len(thread.posts) - 1 for thread in demo.threads}
    lengths |= {room.key: len(room.messages) for room in demo.rooms}
    for mark in (*demo.thread_marks, *demo.room_marks):
        if not 0 <= mark.number <= lengths[mark.place]:
            yield f"{mark.person} has read more of {mark.place} than there is"


def _words(demo: Demo) -> Iterator[str]:
    """Yield the texts that seem to contain personal data."""
    for where, text in _texts(demo):
        yield from (f"{where}: holds {what}" for what in personal(text))


def _texts(demo: Demo) -> Iterator[tuple[str, str]]:
    """Yield every text with its place."""
    for person in demo.people:
        yield person.key, f"{person.mail}\n{person.function}\n{person.bio}"
    for thread in demo.threads:
        yield thread.key, f"{thread.title}\n{thread.closure.outcome if thread.closure else ''}"
        for post in thread.posts:
            yield f"{thread.key}, post {post.number}", post.body
    for room in demo.rooms:
        for message in room.messages:
            yield f"{room.key}, message {message.number}", message.body
    for one in demo.documents:
        yield one.key, f"{one.title}\n{one.description}\n{one.alt}"
        for version in one.versions:
            yield one.key, f"{version.name}\n{version.remark}"


def _rising(where: str, moments: list[datetime], now: datetime) -> Iterator[str]:
    for before, after in pairwise(moments):
        if after <= before:
            yield f"{where}: {_wall(after)} does not come after {_wall(before)}"
    if max(moments) > now:
        yield f"{where}: lies in the future"


def _wall(moment: datetime) -> str:
    return f"{clock.local(moment):%d-%m-%Y %H:%M}"


def _person(demo: Demo, key: str) -> Person | None:
    return next((person for person in demo.people if person.key == key), None)


def _role(demo: Demo, key: str, community: str) -> str | None:
    person = _person(demo, key)
    return person.communities.get(community) if person else None


def _may_write(demo: Demo, where: str, key: str, community: str, at: datetime) -> Iterator[str]:
    person = _person(demo, key)
    if person is None or person.communities.get(community) in (None, "reader"):
        yield f"{where}: {key} may not write in {community}"
    elif person.until and clock.local(at).date() > person.until:
        yield f"{where}: {key} wrote after the last day of the term"
