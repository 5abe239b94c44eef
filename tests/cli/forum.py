"""Backups of an invented Discourse forum, as its own command makes them: a dump of pg_dump and the uploads in a tar.gz."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

BASE = "https://forum.example"
BEGAN = datetime(2015, 3, 2, 9, 0, 0, 123456)
BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
WORDS = (
    "De huismeester belt iedere week met de bewoners. Wij leerden dat een **vast nummer** helpt. "
    "Wie heeft daar ervaring mee, en wat kost het per woning?"
)
Value = str | int | bool | None


def picture(color: str = "teal") -> bytes:
    """Return a small PNG."""
    made = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(made, "PNG")
    return made.getvalue()


def short_url(content: bytes, ending: str) -> str:
    """Return the address by which a text shows an upload."""
    number, code = int(hashlib.sha1(content).hexdigest(), 16), ""
    while number:
        number, digit = divmod(number, 62)
        code = BASE62[digit] + code
    return f"upload://{code}.{ending}"


def escaped(value: Value) -> str:
    """Return a value as COPY writes it."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    pairs = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
    said = str(value)
    for character, code in pairs:
        said = said.replace(character, code)
    return said


@dataclass
class Forum:
    """The rows of a forum, by table."""

    rows: dict[str, list[dict[str, Value]]] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    now: datetime = BEGAN

    def __post_init__(self) -> None:
        self.add("users", id=-1, username="system", name="system", active=True, created_at=str(BEGAN))
        self.add("backup_metadata", id=1, name="base_url", value=BASE)

    def add(self, table: str, **row: Value) -> dict[str, Value]:
        self.rows.setdefault(table, []).append(row)
        return row

    def user(self, id: int, username: str, name: str, mail: str, active: bool = True) -> None:
        self.add("users", id=id, username=username, name=name, active=active, created_at=str(BEGAN))
        self.add("user_emails", id=id, user_id=id, email=mail, primary=True)

    def category(self, id: int, name: str, restricted: bool = False, parent: int | None = None) -> None:
        self.add("categories", id=id, name=name, read_restricted=restricted, parent_category_id=parent, topic_id=None)

    def topic(self, id: int, title: str, user: int, category: int | None, **more: Value) -> dict[str, Value]:
        self.now += timedelta(hours=3)
        row: dict[str, Value] = {
            "id": id,
            "title": title,
            "last_posted_at": str(self.now),
            "created_at": str(self.now),
            "user_id": user,
            "category_id": category,
            "slug": f"gesprek-{id}",
            "archetype": "regular",
            "deleted_at": None,
            "visible": True,
            "closed": False,
            "archived": False,
        }
        return self.add("topics", **row | more)

    def post(self, id: int, topic: int, number: int, user: int, raw: str, **more: Value) -> dict[str, Value]:
        self.now += timedelta(minutes=7)
        row: dict[str, Value] = {
            "id": id,
            "user_id": user,
            "topic_id": topic,
            "post_number": number,
            "raw": raw,
            "cooked": f"<p>{raw}</p>",
            "created_at": str(self.now),
            "reply_to_post_number": None,
            "deleted_at": None,
            "hidden": False,
            "user_deleted": False,
            "post_type": 1,
        }
        return self.add("posts", **row | more)

    def upload(self, id: int, name: str, content: bytes) -> str:
        """Add an upload; return the address by which a text shows it."""
        sha1, ending = hashlib.sha1(content).hexdigest(), name.rpartition(".")[2]
        url = f"/uploads/default/original/1X/{sha1}.{ending}"
        self.add("uploads", id=id, original_filename=name, filesize=len(content), url=url, sha1=sha1, extension=ending)
        self.uploads[url.lstrip("/")] = content
        return short_url(content, ending)

    def dump(self) -> bytes:
        """Return the dump as pg_dump writes it: by table in the order of the alphabet."""
        parts = ["--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\n"]
        for table, rows in sorted(self.rows.items()):
            names = list(rows[0])
            parts.append(f"COPY public.{table} ({', '.join(names)}) FROM stdin;\n")
            parts += ["\t".join(escaped(row[name]) for name in names) + "\n" for row in rows]
            parts.append("\\.\n\n\n")
        parts.append(
            "COPY public.drafts (id, data) FROM stdin;\n1\tnever read\n\\.\n\n-- PostgreSQL database dump complete\n"
        )
        return "".join(parts).encode()

    def save(self, path: Path) -> Path:
        """Write the archive."""
        with tarfile.open(path, "w:gz") as archive:
            for name, content in {"dump.sql.gz": gzip.compress(self.dump()), **self.uploads}.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return path


def small(members: dict[str, str]) -> Forum:
    """Return a forum with everything that is special about one. members: mail addresses by user name of two who are here."""
    forum = Forum()
    for id, (username, mail) in enumerate(members.items(), 1):
        forum.user(id, username, username.title(), mail.upper())
    forum.user(8, "onbekend", "Olga Onbekend", "olga@elders.example")
    forum.user(9, "vals", "Valse Vriend", next(iter(members.values())), active=False)
    forum.category(1, "Wonen")
    forum.category(2, "Staf", restricted=True)
    forum.category(3, "Kantine")
    forum.category(4, "Zorg", parent=1)
    shown = forum.upload(1, "plattegrond.png", picture())
    paper = forum.upload(2, "verslag.txt", b"Verslag van de eerste avond.\n" * 40)
    program = forum.upload(3, "opstart.exe", b"MZ\x90\x00" + b"\0" * 400)
    forum.topic(10, "Huismeester als vast gezicht", 1, 1)
    forum.post(
        100,
        10,
        1,
        1,
        f"Zie ![plan|64x48]({shown}) en [verslag.txt|attachment]({paper}) (1.2 KB).\n\n[b]Kom langs[/b] :smile:",
    )
    forum.post(
        101,
        10,
        2,
        8,
        f'[quote="{next(iter(members))}, post:1, topic:10"]\nKom langs\n[/quote]\nDoe ik, @{next(iter(members))}! Groet @onbekend',
        reply_to_post_number=1,
    )
    forum.post(
        102,
        10,
        3,
        2,
        f"Later meer: {BASE}/t/gesprek-11/11/2 en [hier](/t/gesprek-12/12). Buiten: https://elders.example/t/x/11",
    )
    forum.post(103, 10, 4, 2, "Verwijderd", deleted_at=str(BEGAN))
    forum.post(104, 10, 5, -1, "closed", post_type=3)
    forum.topic(11, "Vraag met een antwoord", 8, 4, closed=True)
    forum.post(110, 11, 1, 8, "Wie weet het?\n\n```\n[b]code[/b] @onbekend\n```\n<b>vet</b><br>regel")
    forum.post(111, 11, 2, 2, f"Ik. [url={BASE}/t/gesprek-10/10]Eerder[/url]")
    forum.post(112, 11, 3, 8, "Mijn nummer is 111222333.")
    forum.post(113, 11, 4, 8, f"Programma: [x|attachment]({program})")
    forum.add("topic_custom_fields", id=1, topic_id=11, name="accepted_answer_post_id", value="111")
    forum.topic(12, "Opening met een nummer", 2, 1)
    forum.post(120, 12, 1, 2, "Rekening NL91ABNA0417164300.")
    forum.post(121, 12, 2, 1, "Haal dat weg.")
    forum.topic(13, "Onder ons", 1, None, archetype="private_message")
    forum.post(130, 13, 1, 1, "Geheim bericht")
    forum.topic(14, "Personeel", 1, 2)
    forum.post(140, 14, 1, 1, "Alleen voor de staf")
    forum.topic(15, "Broodjes", 1, 3)
    forum.post(150, 15, 1, 1, "Kaas of ham?")
    forum.topic(16, "Welkom", -1, 1)
    forum.post(160, 16, 1, -1, "Welcome to Discourse")
    return forum


def large(posts: int, mails: list[str], per_topic: int = 20) -> Forum:
    """Return a forum of this many posts, with quotes and links between topics."""
    forum = Forum()
    for id, mail in enumerate(mails, 1):
        forum.user(id, f"lid{id}", f"Lid {id}", mail)
    forum.category(1, "Wonen")
    users = len(mails)
    for id in range(1, posts + 1):
        topic, number = divmod(id - 1, per_topic)
        if number == 0:
            forum.topic(topic + 1, f"Gesprek nummer {topic + 1}", topic % users + 1, 1)
        user = (id * 7) % users + 1
        raw = f"{WORDS} ({id})\n\n- een\n- twee"
        if number and id % 4 == 0:
            raw = f'[quote="lid{user}, post:{number}, topic:{topic + 1}"]\nhelpt\n[/quote]\n\n{raw}'
        if id % 10 == 0:
            raw += f"\n\nZie ook {BASE}/t/gesprek-{topic + 2}/{topic + 2}"
        forum.post(id, topic + 1, number + 1, user, raw, reply_to_post_number=number or None)
    return forum
