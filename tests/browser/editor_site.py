"""A small site around the editor: its page, its static files, and the three endpoints it calls."""

from __future__ import annotations

import json
import re
import secrets
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "static"
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "frame-src 'none'; object-src 'none'; require-trusted-types-for 'script'; "
    "trusted-types default ProseMirrorClipboard"
)
PEOPLE = [
    {"id": 12, "name": "Anna Jansen", "organisation": "Woonstede", "mention": "@[Anna Jansen](person:12)"},
    {"id": 13, "name": "Anton de Vries", "organisation": "Gemeente Veldwijk"},
    {"id": 14, "name": "Bram Bakker", "organisation": "Gemeente Veldwijk"},
]
WORDS = {
    "toolbar": "Opmaak",
    "heading-2": "Kop",
    "heading-3": "Tussenkop",
    "heading-4": "Kleine kop",
    "bold": "Vet",
    "italic": "Cursief",
    "strike": "Doorgehaald",
    "code": "Code",
    "bullet-list": "Lijst",
    "ordered-list": "Genummerde lijst",
    "quote": "Citaat",
    "list-indent": "Niveau dieper",
    "list-outdent": "Niveau hoger",
    "link": "Link",
    "link-text": "Tekst van de link",
    "link-text-hint": "Zeg waar de link heen gaat.",
    "link-address": "Adres",
    "link-apply": "Link plaatsen",
    "link-remove": "Link weghalen",
    "link-bad": "Dit is geen webadres.",
    "image": "Afbeelding",
    "image-file": "Bestand",
    "image-alt": "Beschrijving",
    "image-alt-hint": "Wat is er te zien voor wie de afbeelding niet ziet?",
    "image-decorative": "Alleen ter versiering",
    "image-apply": "Afbeelding plaatsen",
    "image-file-needed": "Kies een bestand.",
    "image-alt-needed": "Geef een beschrijving.",
    "image-uploading": "Wordt geüpload",
    "image-failed": "Uploaden lukt niet.",
    "table": "Tabel",
    "row-add": "Rij erbij",
    "row-remove": "Rij weg",
    "column-add": "Kolom erbij",
    "column-remove": "Kolom weg",
    "table-remove": "Tabel weg",
    "undo": "Ongedaan maken",
    "redo": "Opnieuw doen",
    "cancel": "Annuleren",
    "people": "Mensen",
    "people-found": "{n} mensen",
}
# A white dot, served for every picture.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100 1bb6ee560000000049454e44ae426082".replace(" ", "")
)


class Site(ThreadingHTTPServer):
    """A server that records requests and can be made to fail."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.posts: list[dict[str, str]] = []
        self.files: list[dict[str, str]] = []
        self.refuse_files = False
        self.bundle = Event()  # until it is set the editor does not load
        self.bundle.set()
        self.lose_bundle = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Door(BaseHTTPRequestHandler):
    server: Site

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/":
            self.page("editor.html")
        elif address.path == "/refused":
            self.page("editor_refused.html")
        elif address.path == "/all.css":
            base = [STATIC / "css" / "base" / f"{name}.css" for name in ("reset", "tokens", "type", "page")]
            sheets = dict.fromkeys([*base, *sorted((STATIC / "css").rglob("*.css"))])
            layers = "@layer reset, base, parts, features, utilities, print;\n"
            self.answer((layers + "\n".join(sheet.read_text() for sheet in sheets)).encode(), "text/css")
        elif address.path == "/people":
            asked = parse_qs(address.query)["q"][0].lower()
            self.json({"items": [person for person in PEOPLE if person["name"].lower().startswith(asked)]})
        elif re.fullmatch(r"/files/\d+/content", address.path):
            self.answer(DOT, "image/png")
        elif address.path.startswith("/static/"):
            self.static(STATIC / address.path.removeprefix("/static/"))
        else:
            self.answer(b"", "text/plain", 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/files":
            return self.file(body)
        self.server.posts.append({name: values[0] for name, values in parse_qs(body.decode(), True).items()})
        self.send_response(303)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def page(self, name: str) -> None:
        nonce = secrets.token_urlsafe(16)
        own = STATIC / "js"
        scripts = {path.relative_to(own).as_posix(): path for path in own.rglob("*.js")}
        scripts |= {f"vendor/{path.name}": path for path in (STATIC / "vendor").glob("*.js")}
        imports = {name: f"/static/{path.relative_to(STATIC).as_posix()}" for name, path in scripts.items()}
        words = " ".join(f'data-word-{name}="{word}"' for name, word in WORDS.items())
        html = (HERE / name).read_text()
        filled = {"nonce": nonce, "imports": json.dumps({"imports": imports}), "words": words}
        for mark, value in filled.items():
            html = html.replace("{" + mark + "}", value)
        self.answer(html.encode(), "text/html; charset=utf-8", policy=POLICY.format(nonce=nonce))

    def static(self, path: Path) -> None:
        if path.name == "editor.js" and path.parent.name == "vendor":
            self.server.bundle.wait(60)
            if self.server.lose_bundle:
                return self.answer(b"", "text/plain", 503)
        if not path.is_file():
            return self.answer(b"", "text/plain", 404)
        kinds = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
        self.answer(path.read_bytes(), kinds[path.suffix])

    def file(self, body: bytes) -> None:
        if self.server.refuse_files:
            return self.json({"title": "Unprocessable", "errors": {"file": "Dit bestand is te groot."}}, 422)
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = message_from_bytes(head + body).get_payload()
        fields = {part.get_param("name", header="content-disposition"): part for part in parts}
        self.server.files.append(
            {
                "name": fields["file"].get_filename(),
                "type": fields["file"].get_content_type(),
                "draft": fields["draft"].get_payload().strip(),
            }
        )
        number = 40 + len(self.server.files)
        self.json({"id": number, "url": f"/files/{number}"}, 201)

    def json(self, value: object, status: int = 200) -> None:
        self.answer(json.dumps(value).encode(), "application/json", status)

    def answer(self, body: bytes, kind: str, status: int = 200, policy: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)
