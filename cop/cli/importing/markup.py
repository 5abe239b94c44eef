"""The text of a Discourse post (Markdown with BBCode and some HTML) in our Markdown, with links to what is imported.

Code stays as it is. What has no counterpart here, such as a poll, becomes its plain text.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple, Protocol

from cop.base import text
from cop.cli.importing.sources import FORMER, Links, Markup


class Upload(NamedTuple):
    """An uploaded file that a text can show: its key, name, whether it is a picture, and whether it is taken along."""

    key: str
    name: str
    picture: bool
    taken: bool


class Named(NamedTuple):
    """Somebody whom a text names: `person` is their id here, None for somebody who is not here."""

    person: int | None
    name: str


class Forum(Protocol):
    """What the converter asks of the archive."""

    def post_key(self, topic: int, number: int) -> str | None:
        """Return the key of a post to import."""
        ...

    def post_key_by_id(self, id: int) -> str | None:
        """Return the key of a post to import."""
        ...

    def topic_key(self, topic: int, host: str, slug: str) -> tuple[str, str] | None:
        """Return key and title of a topic to import, if an address with this host and slug is one of this forum."""
        ...

    def upload(self, address: str) -> Upload | None:
        """Return the upload at an address."""
        ...

    def user(self, username: str) -> Named | None:
        """Return the user with a name."""
        ...


_CODE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)|\[code\].*?\[/code\]|(?<!`)(?P<tick>`++).{1,2000}?(?<!`)(?P=tick)(?!`)",
    re.S | re.M | re.I,
)
_HELD = re.compile("\ue000(\\d+)\ue001")
_QUOTE = re.compile(r'\[quote(?:=(?P<named>"[^"\n]{0,500}"|[^\]\n]{0,500}))?\]|(?P<end>\[/quote\])', re.I)
_IMAGE_TAG = re.compile(r"<img\b([^<>]{0,2000})/?>", re.I)
_LINK_TAG = re.compile(r"<a\b([^<>]{0,2000})>(.{0,2000}?)</a>", re.I | re.S)
_ATTRIBUTE = re.compile(r"""\b(src|href|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_IMAGE = re.compile(r'!\[([^\]\n]{0,500})\]\(\s*<?([^\s()<>]{1,2000})>?(?:\s+"[^"\n]*")?\s*\)')
_LINK = re.compile(
    r'(?<!!)\[((?:[^\[\]\n]|\[[^\[\]\n]{0,500}\]){0,500})\]\(\s*<?([^\s()<>]{1,2000})>?(?:\s+"[^"\n]*")?\s*\)'
    r"(?P<size> \([\d.,]+ [KMG]?B\))?"
)
_BARE = re.compile(r"(?<![\w(\[\]<\"'=/:])https?://[^\s<>()\[\]\"']{3,2000}")
_TOPIC = re.compile(
    r"/t/(?:(?P<slug>[^/\s?#]*[^/\d\s?#][^/\s?#]*|-)/)?(?P<topic>\d{1,9})(?:/(?P<number>\d{1,9}))?/?(?:[?#].*)?$"
)
_POST = re.compile(r"/p/(\d{1,9})(?:/\d+)?/?(?:[?#].*)?$")
_USER = re.compile(r"/(?:u|users)/([\w.-]{1,60})(?:[/?#].*)?$")
_HOST = re.compile(r"(?:https?:)?//([^/?#\s]+)(/.*)?$", re.I)
_MENTION = re.compile(r"(?<![\w@/.`-])@([A-Za-z0-9_][\w.-]{0,58}[A-Za-z0-9]|[A-Za-z0-9_])")
# Tags of BBCode and HTML with what stands for their beginning and their end.
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~", "kbd": "`"}
_MARK = re.compile(rf"\[(/?)({'|'.join(_MARKS)})\]|<(/?)({'|'.join(_MARKS)})>", re.I)
_LINES = re.compile(r"<br\s*/?>|</?(?:p|div|center|details|ul|ol|table|tbody|thead|tr)\b[^<>]{0,500}>", re.I)
_DROPPED = re.compile(
    r"</?(?:u|ins|sub|sup|small|big|span|font|abbr|mark|td|th|li|summary|blockquote|hr|h[1-6])\b[^<>]{0,500}>"
    r"|\[/?(?:u|size|color|font|center|left|right|spoiler|blur|list|wrap|poll|sub|sup)\b[^\[\]\n]{0,500}\]|<!--.{0,5000}?-->",
    re.I | re.S,
)
_DETAILS = re.compile(r'\[details(?:="?([^"\]\n]{0,300})"?)?\]|\[/details\]', re.I)
_DATE = re.compile(r"\[date(?:-range)?[ =]([^\]\n]{0,200})\]", re.I)
_BBCODE_LINK = re.compile(r'\[url(?:="?([^"\]\s]{1,2000})"?)?\](.{0,2000}?)\[/url\]', re.I | re.S)
_BBCODE_IMAGE = re.compile(r"\[img\b[^\]\n]{0,200}\](.{0,2000}?)\[/img\]", re.I | re.S)
_BBCODE_MAIL = re.compile(r"\[email(?:=[^\]\n]{0,200})?\](.{0,300}?)\[/email\]", re.I)
_EMOJI = {
    "smile": "😄", "slight_smile": "🙂", "smiley": "😃", "grin": "😁", "grinning": "😀", "wink": "😉", "blush": "😊",
    "laughing": "😆", "joy": "😂", "heart": "❤️", "thumbsup": "👍", "+1": "👍", "-1": "👎", "thumbsdown": "👎",
    "clap": "👏", "tada": "🎉", "pray": "🙏", "thinking": "🤔", "frowning": "🙁", "slight_frown": "🙁", "cry": "😢",
    "wave": "👋", "ok_hand": "👌", "muscle": "💪", "warning": "⚠️", "white_check_mark": "✅", "heavy_check_mark": "✔️",
    "x": "❌", "question": "❓", "exclamation": "❗", "bulb": "💡", "point_right": "👉", "rocket": "🚀", "eyes": "👀",
    "star": "⭐", "fire": "🔥", "100": "💯", "house": "🏠", "sunny": "☀️", "stuck_out_tongue": "😛", "sweat_smile": "😅",
}  # fmt: skip
_SHORTCODE = re.compile(r"(?<![\w:]):([a-z0-9_+-]{1,40}):(?!\w)")


def convert(raw: str, topic: int, forum: Forum, *, names: bool) -> Markup:
    """Return a post in our Markdown. topic: the id of its topic. names: whether those who are not here may be named."""
    return _Converter(topic, forum, names).convert(raw)


class _Converter:
    """The conversion of one text."""

    def __init__(self, topic: int, forum: Forum, names: bool):
        self.topic, self.forum, self.names = topic, forum, names
        self.links = Links()
        self.held: list[str] = []

    def convert(self, raw: str) -> Markup:
        source = raw.replace("\r\n", "\n").replace("\ue000", "").replace("\ue001", "")
        source = _CODE.sub(lambda found: self._hold(_as_code(found[0])), source)
        source = _IMAGE_TAG.sub(lambda found: self._image_tag(found[1]), source)
        source = _LINK_TAG.sub(lambda found: self._link_tag(found[1], found[2]), source)
        source = _BBCODE_IMAGE.sub(lambda found: f"![]({found[1].strip()})", source)
        source = _BBCODE_LINK.sub(_bbcode_link, source)
        source = _BBCODE_MAIL.sub(lambda found: found[1], source)
        source = _IMAGE.sub(lambda found: self._image(found[1], found[2]), source)
        source = _LINK.sub(self._link, source)
        source = _BARE.sub(self._bare, source)
        source = _MENTION.sub(self._mention, source)
        source = _DETAILS.sub(lambda found: f"\n\n**{found[1]}**\n\n" if found[1] else "\n\n", source)
        source = _DATE.sub(lambda found: " ".join(re.findall(r"\d{4}-\d\d-\d\d|\d\d:\d\d", found[1])), source)
        source = _MARK.sub(lambda found: _MARKS[(found[2] or found[4]).lower()], source)
        source = _DROPPED.sub("", _LINES.sub("\n", source))
        source = _SHORTCODE.sub(lambda found: _EMOJI.get(found[1], found[0]), source)
        source = self._release(self._quotes(source))
        return Markup(re.sub(r"\n{3,}", "\n\n", source).strip(), "markdown", self.links.targets)

    def _hold(self, piece: str) -> str:
        """Keep a piece of the text as it is until the end."""
        self.held.append(piece)
        return f"\ue000{len(self.held) - 1}\ue001"

    def _release(self, source: str) -> str:
        while _HELD.search(source):  # a link can hold a picture
            source = _HELD.sub(lambda found: self.held[int(found[1])], source)
        return source

    def _image_tag(self, attributes: str) -> str:
        found = _attributes(attributes)
        return f"![{found.get('alt', '')}]({found['src']})" if found.get("src") else ""

    def _link_tag(self, attributes: str, words: str) -> str:
        address = _attributes(attributes).get("href", "")
        words = " ".join(words.split())
        return f"[{words}]({address})" if address and " " not in address else words

    def _image(self, alt: str, address: str) -> str:
        words = alt.partition("|")[0].strip()
        upload = self.forum.upload(address)
        if upload is None:
            if address.startswith("upload:"):
                return _missing(words or "afbeelding")
            return self._hold(f"[{words or 'afbeelding'}]({address})")
        return self._file(upload, words, address, shown=True)

    def _file(self, upload: Upload, words: str, address: str, shown: bool = False) -> str:
        name = words.removesuffix("|attachment").strip() or upload.name
        if not upload.taken:
            return _missing(name)
        number = self.links.number(upload.key, address)
        if shown and upload.picture:
            return self._hold(f"![{_plain(words)}](/files/{number}/content)")
        return self._hold(f"[{_plain(name)}](/files/{number})")

    def _link(self, found: re.Match[str]) -> str:
        words, address = found[1], found[2]
        upload = self.forum.upload(address)
        if upload is not None:
            inside = self._release(words)
            return inside if inside.startswith("![") else self._file(upload, words, address)
        if address.startswith("upload:"):
            return _missing(words.partition("|")[0])
        if user := _USER.search(address):
            if named := self._user(address, user[1]):
                return named
        elif path := self._path(address, words):
            return path + (found["size"] or "")
        return self._hold(f"[{_MENTION.sub(self._mention, words)}]({address})") + (found["size"] or "")

    def _bare(self, found: re.Match[str]) -> str:
        address = found[0].rstrip(".,;:!?*_~")
        rest = found[0][len(address) :]
        if upload := self.forum.upload(address):
            return self._file(upload, "", address) + rest
        user = _USER.search(address)
        known = self._user(address, user[1]) if user else self._path(address, "")
        return (known or self._hold(address)) + rest

    def _path(self, address: str, words: str) -> str | None:
        """Return the link to an imported topic or post, None for an address that leads elsewhere."""
        host, path = _parts(address)
        if (found := _TOPIC.match(path)) and (
            topic := self.forum.topic_key(int(found["topic"]), host, found["slug"] or "")
        ):
            key, title = topic
            number = int(found["number"] or 1)
            if number > 1 and (post := self.forum.post_key(int(found["topic"]), number)):
                return self._hold(f"[{words or _plain(title)}](/posts/{self.links.number(post, address)})")
            return self._hold(f"[{words or _plain(title)}](/threads/{self.links.number(key, address)})")
        if (found := _POST.match(path)) and not host and (post := self.forum.post_key_by_id(int(found[1]))):
            return self._hold(f"[{words or 'dit bericht'}](/posts/{self.links.number(post, address)})")
        return None

    def _user(self, address: str, username: str) -> str | None:
        """Return the name for a link to a profile of this forum, None for an address that leads elsewhere."""
        host, _path = _parts(address)
        if host and self.forum.topic_key(0, host, "") is None:
            return None
        named = self.forum.user(username)
        return self._named(named) if named else None

    def _mention(self, found: re.Match[str]) -> str:
        named = self.forum.user(found[1])
        return self._named(named) if named else found[0]

    def _named(self, named: Named) -> str:
        if named.person is not None:
            return self._hold(text.as_typed(named.name, named.person))
        return _plain(named.name) if self.names and named.name else FORMER

    def _quotes(self, source: str) -> str:
        """Write quotes as Markdown does, those inside others too; what is not closed ends with the text."""
        stack: list[tuple[str, list[str]]] = [("", [])]
        done = 0
        for found in _QUOTE.finditer(source):
            stack[-1][1].append(source[done : found.start()])
            done = found.end()
            if not found["end"]:
                stack.append((self._quoted(found["named"] or ""), []))
            elif len(stack) > 1:
                heading, parts = stack.pop()
                stack[-1][1].append(self._block(heading, "".join(parts)))
        stack[-1][1].append(source[done:])
        while len(stack) > 1:
            heading, parts = stack.pop()
            stack[-1][1].append(self._block(heading, "".join(parts)))
        return "".join(stack[0][1])

    def _quoted(self, named: str) -> str:
        """Return the line above a quote: who wrote it, with a link to where."""
        parts = [part.strip() for part in named.strip('"').split(",")]
        given = dict(part.partition(":")[::2] for part in parts if ":" in part)
        username = given.get("username") or (parts[0] if ":" not in parts[0] else "")
        if not username:
            return ""
        user = self.forum.user(username)
        name = FORMER
        if user and (user.person is not None or self.names):
            name = _plain(user.name) or FORMER
        post, topic = given.get("post", ""), given.get("topic", "")
        key = (
            self.forum.post_key(int(topic) if topic.isdecimal() else self.topic, int(post))
            if post.isdecimal()
            else None
        )
        wrote = f"[schreef](/posts/{self.links.number(key, '')})" if key else "schreef"
        return f"**{name}** {wrote}:"

    def _block(self, heading: str, inside: str) -> str:
        inside = self._release(inside).strip()
        lines = [*([heading, ""] if heading else []), *inside.split("\n")]
        return "\n\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _as_code(piece: str) -> str:
    if piece[:6].lower() == "[code]":
        return f"\n```\n{piece[6:-7].strip(chr(10))}\n```\n"
    return piece


def _attributes(markup: str) -> dict[str, str]:
    return {name.lower(): html.unescape(one or two).strip() for name, one, two in _ATTRIBUTE.findall(markup)}


def _bbcode_link(found: re.Match[str]) -> str:
    address = found[1] or found[2].strip()
    return f"[{found[2].strip()}]({address})" if found[1] else address


def _parts(address: str) -> tuple[str, str]:
    """Return host and path of an address; the host of one on the forum itself is ""."""
    found = _HOST.match(address)
    return (found[1].lower(), found[2] or "/") if found else ("", address)


def _plain(words: str) -> str:
    """Return words that Markdown shows as they are."""
    return re.sub(r"([\\`*_~\[\]<>|])", r"\\\1", " ".join(words.split()))


def _missing(name: str) -> str:
    return f"*(bijlage niet geïmporteerd: {_plain(name)})*" if name else "*(bijlage niet geïmporteerd)*"
