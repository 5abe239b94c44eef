"""The content security policy of every page, as it is sent and as a real browser enforces it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Browsers
from tests.product import Product, free_port

pytestmark = pytest.mark.browser

NONCE = re.compile(r"'nonce-([\w-]{16,})'")
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'nonce'", "'strict-dynamic'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "worker-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "frame-src": {"'none'"},
    "object-src": {"'none'"},
    "require-trusted-types-for": {"'script'"},
    "trusted-types": {"default", "ProseMirrorClipboard"},
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGES = (
    "/sign-in",
    "/help",
    "/",
    "/communities/woningvoorraad",
    "/communities/woningvoorraad/threads",
    "/search?q=convenant",
    "/communities/woningvoorraad/documents",
    "/notices",
    "/settings",
    "/threads/999999",
    "/operations",
    "/api",
    "/communities/woningvoorraad/threads/new",
)


def policy(header: str) -> dict[str, set[str]]:
    """Return a policy by directive, with the nonce replaced by a constant."""
    parts = [part.split() for part in NONCE.sub("'nonce'", header).split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


@pytest.fixture
def cookie(product: Product, people: dict[str, int]) -> str:
    return f"cop={product.session(people['Iris'])}"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_policy(path: str, product: Product, cookie: str) -> None:
    who = {} if path == "/sign-in" else {"Cookie": cookie}
    _status, headers, body = product.request("GET", path, Accept="text/html", **who)
    assert policy(headers["Content-Security-Policy"]) == POLICY
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(headers["Permissions-Policy"].split(", "))
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Encoding"] is None, "what is signed in is sent uncompressed"
    page = body.decode()
    nonces = set(re.findall(r'nonce="([^"]+)"', page))
    assert len(nonces) == 1
    assert nonces == set(NONCE.findall(headers["Content-Security-Policy"]))
    assert not re.search(r"<[^>]+\s(on\w+|style)=", page), "no handlers and no styles in tags"
    assert re.findall(r'(?:src|srcset|action|poster|data)="(?:[a-z]+:)?//', page) == [], "nothing from elsewhere"


def test_each_response_has_a_new_nonce(product: Product) -> None:
    seen = {NONCE.search(product.request("GET", "/sign-in")[1]["Content-Security-Policy"])[1] for _ in range(5)}  # type: ignore[index]
    assert len(seen) == 5


def test_api_and_static_files_have_their_headers(product: Product, cookie: str) -> None:
    for path in ("/api/v1/me", "/api/v1/threads/999999", "/api/v1/openapi.json"):
        headers = product.request("GET", path, Cookie=cookie)[1]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
    page = product.request("GET", "/sign-in")[2].decode()
    address = re.search(r'href="(/static/[^"]+app\.css)"', page)[1]  # type: ignore[index]
    _status, headers, _body = product.request("GET", address, Accept_Encoding="gzip")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Encoding"] == "gzip"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_uploaded_files_have_their_own_policy(product: Product, people: dict[str, int]) -> None:
    me = people["Willemijn"]
    file = product.ask(me, "/communities/woningvoorraad/files")["items"][0]
    _status, headers, _body = product.request("GET", file["content"], Cookie=f"cop={product.session(me)}")
    assert policy(headers["Content-Security-Policy"]).keys() >= {"default-src", "sandbox"}
    assert headers["Content-Disposition"].startswith(("attachment", "inline"))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-cache"
    assert (
        product.request("GET", file["content"], Cookie=f"cop={product.session(me)}", If_None_Match=headers["ETag"])[0]
        == 304
    )


# In a real browser


@pytest.fixture
def page(browsers: Browsers) -> Iterator[Page]:
    """Open a thread list; policy violations are expected here."""
    opened = browsers.open("Willemijn", "/communities/woningvoorraad/threads")
    yield opened
    browsers.wrong()


ATTEMPTS = {
    "a handler in HTML": """() => { document.body.insertAdjacentHTML("beforeend", "<img src=/x onerror='window.hit=1'>") }""",
    "a script in HTML": """() => { document.body.insertAdjacentHTML("beforeend", "<script>window.hit=1</scr" + "ipt>") }""",
    "a script element": """() => { const s = document.createElement("script"); s.textContent = "window.hit=1"; document.body.append(s) }""",
    "a script from elsewhere": """() => { const s = document.createElement("script"); s.src = "https://evil.example/x.js"; document.body.append(s) }""",
    # Deferred: code run by evaluate() may use eval while it runs.
    "eval": """() => new Promise((done) => setTimeout(() => { try { (0, eval)("window.hit=1") } finally { done() } }))""",
    "a timer of text": """() => { setTimeout("window.hit=1") }""",
    "a javascript: link": """() => { const a = document.createElement("a"); a.href = "javascript:window.hit=1"; document.body.append(a); a.click() }""",
    "another base": """() => { const b = document.createElement("base"); b.href = "https://evil.example/"; document.head.append(b)
        if (new URL("x", document.baseURI).host === "evil.example") window.hit = 1 }""",
    "a frame": """() => { const f = document.createElement("iframe"); f.srcdoc = "<script>parent.hit=1</scr" + "ipt>"; document.body.append(f) }""",
    "a request elsewhere": """async () => { await fetch("https://evil.example/").then(() => { window.hit = 1 }) }""",
    "a picture from elsewhere": """() => new Promise((done) => { const i = new Image(); i.onload = () => { window.hit = 1; done() }; i.onerror = done
        i.src = "https://evil.example/x.png" })""",
    "a style": """() => { document.body.setAttribute("style", "outline: 7px solid"); if (getComputedStyle(document.body).outlineWidth === "7px") window.hit = 1 }""",
    "a form elsewhere": """() => new Promise((done) => { const f = document.createElement("form"); f.action = "https://evil.example/"; f.method = "post"
        document.body.append(f); f.submit(); setTimeout(done, 300) })""",
    "a new policy": """() => { trustedTypes.createPolicy("evil", { createScript: (x) => x }); window.hit = 1 }""",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_policy_stops_injected_content(attempt: str, page: Page) -> None:
    here = page.url
    page.evaluate(f"async () => {{ try {{ await ({ATTEMPTS[attempt]})() }} catch {{ }} }}")
    page.wait_for_timeout(100)
    assert page.evaluate("() => window.hit ?? null") is None
    assert page.url == here


class Elsewhere(BaseHTTPRequestHandler):
    """A page at another port of the same machine: same site, other origin."""

    target = ""

    def do_GET(self) -> None:
        page = f"""<!doctype html><title>Elders</title><form method="post" action="{self.target}/communities/woningvoorraad/threads">
        <input name="title" value="Van elders"><input name="body" value="x"><button>Klik</button></form>
        <iframe src="{self.target}/sign-in"></iframe>"""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_said: Any) -> None:
        """Log nothing."""


@pytest.fixture
def elsewhere(product: Product) -> Iterator[str]:
    handler = type("Here", (Elsewhere,), {"target": product.address})
    server = ThreadingHTTPServer(("127.0.0.1", free_port()), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_form_of_another_origin_is_refused(
    browser: Browser, product: Product, people: dict[str, int], elsewhere: str
) -> None:
    context = browser.new_context()
    context.add_cookies([{"name": "cop", "value": product.session(people["Willemijn"]), "url": product.address}])
    page = context.new_page()
    page.goto(elsewhere)
    with page.expect_response("**/communities/woningvoorraad/threads") as response:
        page.get_by_role("button", name="Klik").click()
    assert response.value.status == 403
    titles = [
        thread["title"] for thread in product.ask(people["Willemijn"], "/communities/woningvoorraad/threads")["items"]
    ]
    assert "Van elders" not in titles
    context.close()


def test_page_cannot_be_framed(browser: Browser, elsewhere: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    expect(page.frame_locator("iframe").locator("form")).to_have_count(0)
    context.close()
