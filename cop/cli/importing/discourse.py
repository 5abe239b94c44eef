"""Backups of Discourse: `dump.sql.gz` and `uploads/` in a tar.gz, or the dump alone, read in one pass each.

The tables are those of Discourse's own backup (lib/backup_restore); columns that another version lacks are read as empty.
Private messages, restricted categories that are not named, and what was deleted or hidden there are never imported, and
are dropped before any text is looked at.
"""

from __future__ import annotations

import gzip
import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from cop.base import text
from cop.base.files import LARGEST, Blob, Refused, Store, check, pictures
from cop.cli.importing import postgres_dump
from cop.cli.importing.markup import Named, Upload, convert
from cop.cli.importing.matching import Matching
from cop.cli.importing.sources import Author, LeftOut, SourceFile, SourcePost, SourceTopic, Unreadable, why
from cop.cli.importing.staging import Staging

SCHEMA = """
CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT, name TEXT, active INTEGER);
CREATE INDEX by_username ON user (username);
CREATE TABLE mail (user INTEGER, mail TEXT, PRIMARY KEY (user, mail));
CREATE TABLE category (id INTEGER PRIMARY KEY, name TEXT, parent INTEGER, restricted INTEGER, about INTEGER);
CREATE TABLE topic (id INTEGER PRIMARY KEY, title TEXT, user INTEGER, category INTEGER, made TEXT, slug TEXT,
    archetype TEXT, deleted INTEGER, visible INTEGER, closed INTEGER, last TEXT, community TEXT, reason TEXT);
CREATE TABLE post (id INTEGER PRIMARY KEY, topic INTEGER, number INTEGER, user INTEGER, raw TEXT, made TEXT,
    reply_to INTEGER, reason TEXT);
CREATE TABLE upload (id INTEGER PRIMARY KEY, sha1 TEXT, name TEXT, path TEXT, needed INTEGER DEFAULT 0,
    sha256 TEXT, size INTEGER, media_type TEXT, width INTEGER, height INTEGER, refused TEXT);
CREATE TABLE solved (topic INTEGER PRIMARY KEY, post INTEGER);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT);
"""
WANTED = {
    "users": ("id", "username", "name", "active", "email", "created_at"),
    "user_emails": ("user_id", "email"),
    "categories": ("id", "name", "parent_category_id", "read_restricted", "topic_id"),
    "topics": (
        *(
            "id",
            "title",
            "user_id",
            "category_id",
            "created_at",
            "slug",
            "archetype",
            "deleted_at",
            "visible",
            "closed",
        ),
        *("archived", "last_posted_at"),
    ),
    "posts": (
        *("id", "topic_id", "post_number", "user_id", "raw", "created_at", "reply_to_post_number", "deleted_at"),
        *("hidden", "user_deleted", "post_type"),
    ),
    "uploads": ("id", "sha1", "original_filename", "url"),
    "topic_custom_fields": ("topic_id", "name", "value"),
    "discourse_solved_solved_topics": ("topic_id", "answer_post_id"),
    "backup_metadata": ("name", "value"),
}
DUMPS = ("dump.sql.gz", "dump.sql")
CHUNK = 50
_BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHORT = re.compile(r"(?:upload://|/uploads/short-url/)([0-9a-zA-Z]{1,40})(?:\.\w+)?(?:[?#].*)?$")
_SHA1 = re.compile(r"/([0-9a-f]{40})(?:_\d+_\d+x\d+)?(?:\.\w+)?(?:[?#].*)?$")
_OLD = re.compile(r"/uploads/(.+?)(?:[?#].*)?$")
_REFERENCES = re.compile(
    r"upload://[0-9a-zA-Z]+|(?:https?:)?/?/?[^\s\"'()<>\]]{0,300}/(?:uploads|secure-uploads|original)/[^\s\"'()<>\]]+"
)


class Discourse:
    """A backup of a forum, read and sorted out: which topics go to which community."""

    def __init__(
        self,
        path: Path,
        *,
        folder: Path,
        community: str,
        categories: Mapping[str, str],
        matching: Matching,
        names: bool,
    ):
        self.path, self.community, self.matching, self.names = path, community, matching, names
        self.left_out: list[LeftOut] = []
        self.staging = Staging(folder, SCHEMA)
        try:
            self._read()
            base = self.staging.first("SELECT value FROM setting WHERE name = 'base_url'")
            self.base = (base[0] or "").rstrip("/") if base else ""
            self.host = re.sub(r"^https?://", "", self.base).lower()
            made = self.staging.first("SELECT value FROM setting WHERE name = 'began'")
            self.system = f"discourse:{self.host or (made[0] if made else 'forum')}"[:200]
            self._sort_out(categories)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free the disk."""
        self.staging.close()

    # Reading

    def _read(self) -> None:
        """Lay the rows of the dump aside."""
        found = False
        with _opened(self.path) as members:
            for name, stream in members:
                if name in DUMPS or name.endswith((".sql", ".sql.gz")):
                    if name.endswith(".sql"):
                        self._stage(stream)
                    else:
                        with gzip.open(stream) as dump:
                            self._stage(cast(IO[bytes], dump))
                    found = True
                    break
        if not found:
            raise Unreadable(f"{self.path.name} holds no dump.sql.gz: is it a backup of Discourse?")
        if self.staging.first("SELECT 1 FROM topic") is None:
            raise Unreadable("the dump has no table of topics as text: is it a backup of Discourse?")

    def _stage(self, stream: IO[bytes]) -> None:
        waiting: dict[str, list[tuple[Any, ...]]] = {}
        for table, row in postgres_dump.rows(stream, WANTED):
            for name, made in self._staged(table, row):
                rows = waiting.setdefault(name, [])
                rows.append(made)
                if len(rows) >= 200:
                    self.staging.add(name, rows)
                    rows.clear()
        for name, rows in waiting.items():
            self.staging.add(name, rows)
        self.staging.run("CREATE INDEX post_place ON post (topic, number)")
        self.staging.run("CREATE INDEX upload_sha1 ON upload (sha1)")
        self.staging.run("CREATE INDEX upload_path ON upload (path)")

    def _staged(self, table: str, row: postgres_dump.Row) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Yield the rows that a row of the dump becomes."""
        match table, row:
            case "users", [id, username, name, active, mail, made]:
                yield "user", (_int(id), (username or "").lower(), name or username, int(active == "t"))
                if mail:
                    yield "mail", (_int(id), mail.lower())
                if id == "-1":
                    yield "setting", ("began", made)
            case "user_emails", [user, mail]:
                yield "mail", (_int(user), (mail or "").lower())
            case "categories", [id, name, parent, restricted, about]:
                yield "category", (_int(id), name or "", _int(parent), int(restricted == "t"), _int(about))
            case "topics", [id, title, user, category, made, slug, archetype, gone, visible, closed, archived, last]:
                ended = int("t" in (closed, archived))
                kept = (archetype, int(gone is not None), int(visible != "f"), ended, last, None, None)
                yield "topic", (_int(id), title or "", _int(user), _int(category), made, slug or "", *kept)
            case "posts", [id, topic, number, user, raw, made, reply, gone, hidden, withdrawn, kind]:
                reason = _reason(gone, hidden, withdrawn, kind, user)
                said = (raw or "") if reason is None else ""
                yield "post", (_int(id), _int(topic), _int(number), _int(user), said, made, _int(reply), reason)
            case "uploads", [id, sha1, name, url]:
                yield "upload", (_int(id), sha1, name or "bestand", _stored_at(url or ""), 0, *(None,) * 6)
            case "topic_custom_fields", [topic, "accepted_answer_post_id", value]:
                yield "solved", (_int(topic), _int(value))
            case "discourse_solved_solved_topics", [topic, post]:
                yield "solved", (_int(topic), _int(post))
            case "backup_metadata", [name, value]:
                yield "setting", (name, value)

    def _sort_out(self, categories: Mapping[str, str]) -> None:
        """Decide which topics are imported, and drop the posts of the others."""
        named = self._categories(categories)
        stage = self.staging
        for category, restricted in stage.rows("SELECT id, restricted FROM category"):
            slug = named.get(category, None if restricted else self.community)
            reason = (
                None if slug else "in a category that is left out" if category in named else "in a restricted category"
            )
            stage.run("UPDATE topic SET community = ?, reason = ? WHERE category = ?", slug or None, reason, category)
        stage.run("UPDATE topic SET community = ? WHERE community IS NULL AND reason IS NULL", self.community)
        for condition, reason in (
            ("archetype IS NOT 'regular'", "in private messages"),
            ("deleted", "in deleted topics"),
            ("NOT visible", "in unlisted topics"),
            (
                "user < 0 OR id IN (SELECT about FROM category)",
                "of the forum itself: about categories, rules and welcome",
            ),
        ):
            stage.run(f"UPDATE topic SET reason = ? WHERE {condition}", reason)
        counted = "SELECT t.reason, t.id, COUNT(p.id) FROM topic t LEFT JOIN post p ON p.topic = t.id WHERE"
        for reason, id, posts in stage.rows(f"{counted} t.reason IS NOT NULL GROUP BY t.id ORDER BY t.id"):
            self.left_out.append(LeftOut(reason, f"topic {id}", number=posts))
        for reason, topic, number in stage.rows(
            "SELECT p.reason, p.topic, p.number FROM post p JOIN topic t ON t.id = p.topic"
            " WHERE p.reason IS NOT NULL AND t.reason IS NULL ORDER BY p.topic, p.number"
        ):
            self.left_out.append(LeftOut(reason, f"topic {topic}, post {number}"))
        stage.run(
            "DELETE FROM post WHERE reason IS NOT NULL OR topic NOT IN (SELECT id FROM topic WHERE reason IS NULL)"
        )
        stage.run("DELETE FROM topic WHERE reason IS NOT NULL")

    def _categories(self, wanted: Mapping[str, str]) -> dict[int, str]:
        """Return the slug of the community by category; a subcategory goes where its parent goes, unless it is named."""
        rows = self.staging.rows("SELECT id, name, parent FROM category")
        names = {id: name for id, name, _parent in rows}
        parents = {id: parent for id, _name, parent in rows}
        full = {id: f"{names[parents[id]]}/{name}" if parents[id] in names else name for id, name in names.items()}
        given = {name.casefold(): slug for name, slug in wanted.items()}
        known = {name.casefold() for name in (*names.values(), *full.values())}
        if unknown := [name for name in wanted if name.casefold() not in known]:
            listed = ", ".join(sorted(full.values()))
            raise Unreadable(f"the forum has no category “{unknown[0]}”; it has: {listed}")
        own = {
            id: given[name]
            for id in names
            for name in (full[id].casefold(), names[id].casefold())[::-1]
            if name in given
        }
        return own | {id: own[parents[id]] for id in names if id not in own and parents[id] in own}

    # Files

    def take_files(self, store: Store, keep: bool) -> None:
        """Store the uploads that imported posts show, or only examine them where `keep` is false."""
        for (raw,) in self.staging.connection.execute(
            "SELECT raw FROM post WHERE raw LIKE '%upload%' OR raw LIKE '%/original/%'"
        ):
            for address in _REFERENCES.findall(raw):
                self.staging.run("UPDATE upload SET needed = 1 WHERE id = ?", self._upload_id(address))
        if self.staging.first("SELECT 1 FROM upload WHERE needed") is None:
            return
        with _opened(self.path) as members:
            for name, stream in members:
                found = self.staging.first(
                    "SELECT id, name FROM upload WHERE path = ? AND needed AND sha256 IS NULL AND refused IS NULL",
                    _stored_at(name),
                )
                if found:
                    self._take(store, keep, found[0], found[1], stream)

    def _take(self, store: Store, keep: bool, id: int, name: str, stream: IO[bytes]) -> None:
        try:
            blob = take(store, stream, text.clean_filename(name), keep)
        except Refused as refusal:
            self.staging.run("UPDATE upload SET refused = ? WHERE id = ?", refusal.reason.value, id)
            return
        width, height = blob.pixels or (None, None)
        self.staging.run(
            "UPDATE upload SET sha256 = ?, size = ?, media_type = ?, width = ?, height = ? WHERE id = ?",
            *(blob.sha256, blob.size, blob.media_type, width, height, id),
        )

    def _upload_id(self, address: str) -> int | None:
        if short := _SHORT.search(address):
            number = 0
            for character in short[1]:
                number = number * 62 + _BASE62.index(character)
            found = self.staging.first("SELECT id FROM upload WHERE sha1 = ?", f"{number:040x}")
        elif sha1 := _SHA1.search(address):
            found = self.staging.first("SELECT id FROM upload WHERE sha1 = ?", sha1[1])
        elif _OLD.search(address):
            found = self.staging.first("SELECT id FROM upload WHERE path = ?", _stored_at(address))
        else:
            found = None
        return found[0] if found else None

    # What is asked of a source

    def topics(self) -> Iterator[SourceTopic]:
        """Yield the topics, oldest first."""
        for (id,) in self.staging.rows("SELECT id FROM topic ORDER BY made, id"):
            if self.staging.first("SELECT 1 FROM post WHERE topic = ?", id):
                yield self._topic(id)

    def topic(self, key: str) -> SourceTopic:
        """Return the topic with a key."""
        return self._topic(int(key.removeprefix("topic:")))

    def _topic(self, id: int) -> SourceTopic:
        row = self.staging.first("SELECT title, user, made, community, closed, last FROM topic WHERE id = ?", id)
        assert row is not None
        title, user, made, community, closed, last = row
        solved = self.staging.first("SELECT post FROM solved WHERE topic = ?", id)
        return SourceTopic(
            key=f"topic:{id}",
            place=f"topic {id}",
            title=title,
            community=community,
            made=_moment(made),
            author=self._author(user),
            posts=partial(self._posts, id),
            answer=f"post:{solved[0]}" if solved else None,
            closed=_moment(last or made) if closed else None,
        )

    def _posts(self, topic: int) -> Iterator[SourcePost]:
        number = -1
        while rows := self.staging.rows(
            "SELECT id, number, user, raw, made, reply_to FROM post WHERE topic = ? AND number > ? ORDER BY number LIMIT ?",
            *(topic, number, CHUNK),
        ):
            for id, number, user, raw, made, reply_to in rows:  # the next rows follow the last number
                markup = convert(raw, topic, self, names=self.names)
                files = [self._file(target.key) for target in markup.targets if target.key.startswith("upload:")]
                where = f"{self.base}/t/{topic}/{number}" if self.base else ""
                yield SourcePost(
                    key=f"post:{id}",
                    place=f"topic {topic}, post {number}" + (f" ({where})" if where else ""),
                    made=_moment(made),
                    author=self._author(user),
                    markup=markup,
                    reply_to=self.post_key(topic, reply_to) if reply_to else None,
                    files=files,
                    remarks=list(self._refused(raw)),
                )

    def _author(self, user: int | None) -> Author:
        found = self.staging.first("SELECT name, active FROM user WHERE id = ?", user)
        if found is None:
            return Author((), "")
        name, active = found
        # An address that was never confirmed may be somebody else's.
        mails = self.staging.rows("SELECT mail FROM mail WHERE user = ? ORDER BY rowid", user) if active else []
        return Author(tuple(mail for (mail,) in mails), name)

    def _file(self, key: str) -> SourceFile:
        row = self.staging.first(
            "SELECT name, sha256, size, media_type, width, height FROM upload WHERE id = ?",
            int(key.removeprefix("upload:")),
        )
        assert row is not None
        name, sha256, size, media_type, width, height = row
        blob = Blob(sha256, size, media_type, (width, height) if width else None)
        return SourceFile(key, text.clean_filename(name), lambda _store, _keep: blob)

    def _refused(self, raw: str) -> Iterator[str]:
        """Yield why files of a post are left out."""
        for address in _REFERENCES.findall(raw):
            if id := self._upload_id(address):
                row = self.staging.first("SELECT sha256, refused FROM upload WHERE id = ?", id)
                if row and row[0] is None:
                    yield why(row[1])

    # What the converter asks

    def post_key(self, topic: int, number: int) -> str | None:
        """Return the key of the post with this number."""
        found = self.staging.first("SELECT id FROM post WHERE topic = ? AND number = ?", topic, number)
        return f"post:{found[0]}" if found else None

    def post_key_by_id(self, id: int) -> str | None:
        """Return the key of the post with this id."""
        return f"post:{id}" if self.staging.first("SELECT 1 FROM post WHERE id = ?", id) else None

    def topic_key(self, topic: int, host: str, slug: str) -> tuple[str, str] | None:
        """Return key and title of a topic; of another host only where its slug is that of the topic."""
        if topic == 0:
            return ("", "") if host == self.host else None
        found = self.staging.first("SELECT title, slug FROM topic WHERE id = ?", topic)
        if found is None or (host not in ("", self.host) and (self.host or not slug or slug != found[1])):
            return None
        return f"topic:{topic}", found[0]

    def upload(self, address: str) -> Upload | None:
        """Return the upload at an address."""
        id = self._upload_id(address)
        row = self.staging.first("SELECT name, media_type FROM upload WHERE id = ?", id) if id else None
        if row is None:
            return None
        return Upload(f"upload:{id}", row[0], row[1] in pictures.READABLE, row[1] is not None)

    def user(self, username: str) -> Named | None:
        """Return the user with a name."""
        found = self.staging.first("SELECT id, name FROM user WHERE username = ?", username.lower())
        if found is None:
            return None
        person = self.matching.person(self._author(found[0]))
        return Named(person.id, person.name) if person else Named(None, found[1] or "")


def take(store: Store, stream: IO[bytes], name: str, keep: bool) -> Blob:
    """Store a file as an upload is stored, with the same limits, or only examine it; raise Refused."""
    spooled = store.spool(cast(Any, stream), LARGEST, name)
    try:
        check(spooled, name)
        if keep:
            return store.keep(spooled)
        return Blob(spooled.sha256, spooled.size, spooled.media_type, spooled.pixels)
    finally:
        store.discard(spooled)


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Open an archive; yield its files, by name without a leading ./, in the order in which they stand there."""
    try:
        if path.name.endswith((".sql", ".sql.gz")):
            with path.open("rb") as file:
                yield iter([(path.name, cast(IO[bytes], file))])
            return
        with tarfile.open(path, mode="r|*") as archive:

            def members() -> Iterator[tuple[str, IO[bytes]]]:
                for member in archive:
                    if member.isfile() and (stream := archive.extractfile(member)) is not None:
                        yield member.name.removeprefix("./"), stream

            yield members()
    except (tarfile.ReadError, tarfile.StreamError, gzip.BadGzipFile, EOFError, zlib.error) as wrong:
        if isinstance(wrong, (EOFError, zlib.error)) or "end of data" in str(wrong):
            raise Unreadable(f"{path.name} is damaged or not complete: {wrong}") from None
        raise Unreadable(f"{path.name} is no backup of Discourse (tar.gz or sql.gz): {wrong}") from None


def _stored_at(address: str) -> str:
    """Return where an upload stands in the archive and in the table alike: what follows `original/`, else `uploads/`."""
    for mark in ("/original/", "/uploads/"):
        _before, found, rest = f"/{address}".partition(mark)
        if found:
            return rest.partition("?")[0]
    return address


def _reason(
    gone: str | None, hidden: str | None, withdrawn: str | None, kind: str | None, user: str | None
) -> str | None:
    """Return why a post is left out, None for one that is imported."""
    if gone is not None or withdrawn == "t":
        return "deleted at the source"
    if hidden == "t":
        return "hidden at the source"
    if kind == "4":
        return "whispers to the staff"
    if kind not in (None, "1"):
        return "notes of the forum, such as “closed this topic”"
    return "written by the forum itself" if (user or "").startswith("-") else None


def _int(value: str | None) -> int | None:
    return int(value) if value is not None and value.lstrip("-").isdecimal() else None


def _moment(value: str | None) -> datetime:
    """Return a moment of the dump, which is in UTC without a zone."""
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
