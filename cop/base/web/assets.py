"""Static files under URLs with the hash of their content, which browsers cache for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request
from markupsafe import Markup

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NEEDLESS_BREAK = re.compile(r"(?<=[{};,])\s*\n\s*")
BREAK = re.compile(r"\s*\n\s*")
NEEDLESS = re.compile(r"(?<=,) | (?={)|(?<=[a-z-]:) |;(?=})")
LAYERS = "@layer reset, base, parts, features, utilities, print;\n"
TEXT = {".css", ".js", ".svg", ".json", ".txt", ".webmanifest"}
# Comments of a script that stand on lines of their own, JSDoc included, and the casts within a line.
COMMENTS = re.compile(
    r"^[ \t]*//[^\n]*$|^[ \t]*/\*\*(?:(?!\*/)[\s\S])*\*/[ \t]*$|/\*\* @type \{(?:(?!\*/).)*\*/ ?", re.MULTILINE
)
files = Blueprint("assets", __name__)


class Assets:
    """The files below static/ and the joined style sheet, with their hashes."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.hashes: dict[str, str] = {}
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder).as_posix()
            if file.is_file() and not name.startswith(("css/", "vendor/src/")) and not name.endswith(".md"):
                self.hashes[name] = _hash(file.read_bytes())
        # All scripts share one hash, so that the import map has a line per folder, not per file.
        scripts = {name: digest for name, digest in self.hashes.items() if name.endswith(".js")}
        self.release = _hash("".join(scripts.values()).encode())
        self.hashes |= dict.fromkeys(scripts, self.release)
        self.bodies: dict[str, bytes] = {"css/app.css": self._joined()}
        self.hashes["css/app.css"] = _hash(self.bodies["css/app.css"])

    def _joined(self) -> bytes:
        """Return one style sheet in the order of the layers, with hashed addresses in its `url()`s."""
        css = self.folder / "css"
        first = [css / "base" / f"{n}.css" for n in ("reset", "tokens", "type", "page")]
        order = [*first, *sorted(css.rglob("*.css"))]
        joined = LAYERS + compact("\n".join(file.read_text() for file in dict.fromkeys(order) if file.exists()))
        return re.sub(r'url\("/static/([^"]+)"\)', lambda found: f'url("{self.address(found[1])}")', joined).encode()

    def add(self, name: str, body: bytes) -> None:
        """Serve `body` as the file `name`, which is not on disk."""
        self.bodies[name], self.hashes[name] = body, _hash(body)

    def address(self, name: str) -> str:
        """Return the URL of `name`, with the hash of its content."""
        return f"/static/{self.hashes[name]}/{name}"

    def body(self, name: str) -> bytes:
        """Return a file as it is served: our own scripts without their comments."""
        body = self.bodies.get(name) or (self.folder / name).read_bytes()
        return without_comments(body) if name.startswith("js/") else body

    def import_map(self) -> str:
        """Return the import map: `base/`, `vendor/` and so on to their folders at this release."""
        folders = {
            name.removeprefix("js/").rpartition("/")[0].split("/")[0] for name in self.hashes if name.endswith(".js")
        }
        imports = {
            f"{folder}/": f"/static/{self.release}/{'' if folder == 'vendor' else 'js/'}{folder}/"
            for folder in sorted(folders - {""})
        }
        return json.dumps({"imports": imports}, separators=(",", ":"))

    def scripts(self, nonce: str) -> Markup:
        """Return the import map and the script element of the entry module."""
        return Markup(
            f'<script type="importmap" data-turbo-track="reload" nonce="{nonce}">{self.import_map()}</script>'
            f'<script type="module" nonce="{nonce}" src="{self.address("js/app.js")}"></script>'
        )


def compact(css: str) -> str:
    """Return the style sheet without comments, line breaks and spaces that mean nothing.

    No string in `css` may contain `/*`, or a space after a comma or after a letter and a colon.
    """
    return NEEDLESS.sub("", BREAK.sub(" ", NEEDLESS_BREAK.sub("", COMMENT.sub("", css)))).strip()


def without_comments(script: bytes) -> bytes:
    """Return a script without the comments that have lines of their own, and without casts; the numbers of its lines stay."""
    return COMMENTS.sub(lambda found: "\n" * found[0].count("\n"), script.decode()).encode()


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:8]


@lru_cache(maxsize=64)
def _compressed(folder: str, name: str, digest: str) -> bytes:
    return gzip.compress(Assets.body(_current, name), 9, mtime=0)


_current: Assets


def open_assets(app: Flask, folder: Path) -> Assets:
    """Read static/ once and register its route."""
    global _current
    _current = app.extensions["assets"] = Assets(folder)
    app.register_blueprint(files)
    return _current


@files.get("/static/<digest>/<path:name>")
def static(digest: str, name: str) -> Response:
    """Return a static file; compressed, because it holds no secrets that compression could leak."""
    if _current.hashes.get(name) != digest:
        abort(404)
    suffix = Path(name).suffix
    kind = mimetypes.types_map.get(suffix, "application/octet-stream")
    if suffix == ".woff2":
        kind = "font/woff2"
    compress = suffix in TEXT and "gzip" in request.headers.get("Accept-Encoding", "")
    body = _compressed(str(_current.folder), name, digest) if compress else _current.body(name)
    response = Response(body, content_type=f"{kind}; charset=utf-8" if suffix in TEXT else kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if compress:
        response.headers["Content-Encoding"] = "gzip"
    return response
