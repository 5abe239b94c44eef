"""Mail archives in mbox, read one mail at a time: threads by References, In-Reply-To and Subject.

A first reading keeps the headers, a second one reads each mail when its thread is written.
"""

from __future__ import annotations

import hashlib
import io
import mailbox
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any

from cop.base import text
from cop.base.files import Blob, Store
from cop.cli.importing import mail_parts
from cop.cli.importing.discourse import take
from cop.cli.importing.sources import Author, LeftOut, Markup, SourceFile, SourcePost, SourceTopic, Unreadable
from cop.cli.importing.staging import Staging

SCHEMA = """
CREATE TABLE mail (place INTEGER PRIMARY KEY, key TEXT, thread INTEGER, made TEXT, parent TEXT, address TEXT, name TEXT);
CREATE UNIQUE INDEX by_key ON mail (key);
CREATE TABLE thread (id INTEGER PRIMARY KEY, root TEXT, title TEXT);
CREATE TABLE known (key TEXT PRIMARY KEY, thread INTEGER);
CREATE TABLE subject (folded TEXT PRIMARY KEY, thread INTEGER, last TEXT);
"""
CHUNK = 50
SAME_SUBJECT = timedelta(days=30)  # an answer without a reference belongs to a thread with its subject that is no older
_ID = re.compile(r"<([^<>\s]+)>")
_PREFIX = re.compile(r"^\s*(?:(?:re|antw|antwoord|aw|fwd?|fw|doorst|tr|betr)\s*(?:\[\d+\])?\s*:|\(fwd\))\s*", re.I)
_LISTED = re.compile(r"^\s*\[[^\[\]]{1,60}\]\s*")
_AUTOMATIC = re.compile(
    r"^\s*(?:automatisch antwoord|automatic reply|out of office|afwezig(?:heid)?|undeliverable)\b", re.I
)
UNTITLED = "(zonder onderwerp)"


class Mbox:
    """An archive of mails, sorted into threads."""

    system = "mbox"

    def __init__(self, path: Path, *, folder: Path, community: str, name: str = ""):
        self.community, self.left_out = community, list[LeftOut]()
        self.system = f"mbox:{name}"[:200] if name else "mbox"
        with path.open("rb") as file:
            if not file.read(5) == b"From ":
                raise Unreadable(f"{path.name} does not begin with “From ”: is it an archive in mbox?")
        self.box: Any = mailbox.mbox(path, create=False)
        self.staging = Staging(folder, SCHEMA)
        try:
            self._read()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the archive, and free the disk."""
        self.box.close()
        self.staging.close()

    # Reading

    def _read(self) -> None:
        before = datetime(2000, 1, 1, tzinfo=UTC)
        self.staging.run("BEGIN")
        for place in self.box.iterkeys():
            message = self._headers(place)
            before = mail_parts.date(message, self._envelope(place)) or before + timedelta(seconds=1)
            if reason := _refusal(message):
                self.left_out.append(LeftOut(reason, f"mail {place + 1}"))
            elif self.staging.first("SELECT 1 FROM mail WHERE key = ?", key := self._key(place, message)):
                self.left_out.append(LeftOut("the same mail twice", f"mail {place + 1}"))
            else:
                self._note(place, key, message, before)
        self.staging.run("CREATE INDEX by_thread ON mail (thread, made, place)")
        self.staging.run("COMMIT")
        self._follow()

    def _headers(self, place: int) -> Message:
        lines = []
        with self.box.get_file(place) as file:
            while (line := file.readline()).strip():
                lines.append(line)
        return message_from_bytes(b"".join(lines))

    def _envelope(self, place: int) -> str:
        """Return the line with which a mail begins in the archive, without `From `."""
        start, _stop = self.box._lookup(place)  # no public name gives it without the whole mail
        file = self.box._file
        file.seek(start)
        return str(file.readline()[5:].decode("ascii", "replace").strip())

    def _key(self, place: int, message: Message) -> str:
        if found := _ID.search(mail_parts.header(message, "Message-ID")):
            return _hashed(found[1].encode(errors="replace"))
        whole = hashlib.sha256()
        with self.box.get_file(place) as file:
            while part := file.read(65_536):
                whole.update(part)
        return whole.hexdigest()

    def _note(self, place: int, key: str, message: Message, made: datetime) -> None:
        """Lay a mail aside with its thread."""
        stage = self.staging
        named = f"{mail_parts.header(message, 'References')} {mail_parts.header(message, 'In-Reply-To')}"
        references = [_hashed(id.encode(errors="replace")) for id in dict.fromkeys(_ID.findall(named))][-30:]
        subject, answers = _subject(message)
        folded = " ".join(subject.casefold().split())
        thread = None
        for id in (key, *reversed(references)):
            if found := stage.first("SELECT thread FROM known WHERE key = ?", id):
                thread = found[0]
                break
        if thread is None and answers and not references and folded:
            found = stage.first("SELECT thread, last FROM subject WHERE folded = ?", folded)
            if found and abs(made - datetime.fromisoformat(found[1])) < SAME_SUBJECT:
                thread = found[0]
        if thread is None:
            stage.run("INSERT INTO thread (root, title) VALUES (?, ?)", references[0] if references else key, subject)
            thread = stage.rows("SELECT last_insert_rowid()")[0][0]
        for id in (key, *references):
            stage.run("INSERT OR IGNORE INTO known VALUES (?, ?)", id, thread)
        if folded:
            stage.run("INSERT OR REPLACE INTO subject VALUES (?, ?, ?)", folded, thread, made.isoformat())
        address, name = mail_parts.author(message)
        parent = references[-1] if references else None
        stage.run(
            "INSERT INTO mail VALUES (?, ?, ?, ?, ?, ?, ?)", place, key, thread, made.isoformat(), parent, address, name
        )

    def _follow(self) -> None:
        """Let no answer be older than what it answers: clocks of senders differ."""
        for _round in range(20):
            late = self.staging.rows(
                "SELECT a.place, b.made FROM mail a JOIN mail b ON b.key = a.parent AND b.thread = a.thread"
                " WHERE a.made <= b.made AND a.place != b.place"
            )
            if not late:
                return
            for place, made in late:
                after = datetime.fromisoformat(made) + timedelta(seconds=1)
                self.staging.run("UPDATE mail SET made = ? WHERE place = ?", after.isoformat(), place)

    # What is asked of a source

    def topics(self) -> Iterator[SourceTopic]:
        """Yield the threads, oldest first."""
        for (id,) in self.staging.rows("SELECT thread FROM mail GROUP BY thread ORDER BY MIN(made), thread"):
            yield self._topic(id)

    def topic(self, key: str) -> SourceTopic:
        """Return the thread with a key."""
        found = self.staging.first("SELECT id FROM thread WHERE root = ?", key.removeprefix("thread:"))
        assert found is not None
        return self._topic(found[0])

    def _topic(self, id: int) -> SourceTopic:
        thread = self.staging.first("SELECT root, title FROM thread WHERE id = ?", id)
        opening = self.staging.first(
            "SELECT made, address, name, place FROM mail WHERE thread = ? ORDER BY made, place LIMIT 1", id
        )
        assert thread is not None
        assert opening is not None
        return SourceTopic(
            key=f"thread:{thread[0]}",
            place=f"mail {opening[3] + 1}",
            title=thread[1] or UNTITLED,
            community=self.community,
            made=datetime.fromisoformat(opening[0]),
            author=_author(opening[1], opening[2]),
            posts=partial(self._posts, id),
        )

    def _posts(self, thread: int) -> Iterator[SourcePost]:
        after: tuple[str, int] = ("", -1)
        while rows := self.staging.rows(
            "SELECT place, key, made, parent, address, name FROM mail WHERE thread = ? AND (made, place) > (?, ?)"
            " ORDER BY made, place LIMIT ?",
            *(thread, *after, CHUNK),
        ):
            for place, key, made, parent, address, name in rows:
                after = (made, place)
                yield self._post(place, key, datetime.fromisoformat(made), parent, _author(address, name))

    def _post(self, place: int, key: str, made: datetime, parent: str | None, author: Author) -> SourcePost:
        with self.box.get_file(place) as file:
            message = message_from_bytes(file.read())
        attached = mail_parts.files_of(message)
        return SourcePost(
            key=f"mail:{key}",
            place=f"mail {place + 1}",
            made=made,
            author=author,
            markup=Markup(mail_parts.html_of(message), "html"),
            reply_to=f"mail:{parent}" if parent else None,
            files=[_file(key, number, one) for number, one in enumerate(attached, 1)],
        )


def _file(key: str, number: int, attached: mail_parts.Attached) -> SourceFile:
    def stored(store: Store, keep: bool) -> Blob:
        return take(store, io.BytesIO(attached.content), attached.name, keep)

    return SourceFile(f"file:{key}:{number}", attached.name, stored)


def _author(address: str, name: str) -> Author:
    return Author((address,) if address else (), name)


def _hashed(value: bytes) -> str:
    """Return a key of one length; identifiers of mails often hold an address, which is not kept."""
    return hashlib.sha256(value).hexdigest()


def _refusal(message: Message) -> str | None:
    """Return why a mail is left out: nobody wrote it."""
    automatic = mail_parts.header(message, "Auto-Submitted").lower()
    if (
        automatic not in ("", "no")
        or message.get("X-Autoreply")
        or _AUTOMATIC.match(mail_parts.header(message, "Subject"))
    ):
        return "automatic answers"
    sender = mail_parts.author(message)[0]
    if sender.startswith(("mailer-daemon@", "postmaster@")) or message.get_content_type() == "multipart/report":
        return "reports of mail that was not delivered"
    return None


def _subject(message: Message) -> tuple[str, bool]:
    """Return the subject without prefixes, and whether it says that the mail answers another."""
    subject = text.clean_line(mail_parts.header(message, "Subject"))
    listed = any(name.lower().startswith("list-") for name, _value in message.raw_items())
    answers = False
    while True:
        if found := _PREFIX.match(subject):
            answers, subject = True, subject[found.end() :]
        elif listed and (found := _LISTED.match(subject)):
            subject = subject[found.end() :]
        else:
            return subject.strip(), answers
