"""The same attacks on the product behind nginx with `deploy/nginx.conf`."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bench.product_entry import sign_in
from tests.attacks.conftest import Attackers
from tests.product import ROOT, Product, free_port

pytestmark = [pytest.mark.live, pytest.mark.slow]
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def configuration(folder: Path, port: int, served: int) -> str:
    """Return `deploy/nginx.conf` without TLS, on a port of its own, in a configuration for one process."""
    shipped = (ROOT / "deploy" / "nginx.conf").read_text()
    shipped = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", shipped, count=1, flags=re.S)
    shipped = re.sub(r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};", shipped)
    shipped = re.sub(r"\n +ssl_certificate[^\n]*", "", shipped)
    shipped = shipped.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{served};")
    shipped = shipped.replace("server_name weerthuis.example;", "server_name 127.0.0.1;")
    return (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\nworker_processes 1;\n"
        f"events {{ worker_connections 4000; }}\nhttp {{ access_log off; client_body_temp_path {folder}/body;\n"
        f"proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;\n"
        f"scgi_temp_path {folder}/s;\n{shipped}\n}}\n"
    )


@pytest.fixture(scope="module")
def behind_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, str]]:
    """Serve the bench data behind nginx; return the port of nginx and the cookie of a member."""
    if not Path(NGINX).exists():
        pytest.skip("nginx is not on this machine (apt install nginx)")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    product = Product(
        folder, mode="production", COP_BASE_URL=f"http://127.0.0.1:{port}", COP_PROXIES="1", COP_RATE_LIMITS="on"
    )
    product.command("migrate")
    product.command("seed", "bench", "--posts", "300", "--people", "5", "--files", "0", "--messages", "10")
    (folder / "nginx.conf").write_text(configuration(folder, port, product.port))
    proxy = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        with product:
            cookie = sign_in(product.command("people", "link", "lid001@bench.example").strip())
            yield port, cookie
    finally:
        proxy.terminate()
        proxy.wait(10)


def times(port: int, cookie: str, count: int = 40) -> list[float]:
    """Return the sorted seconds that a member waits for home; each must answer 200."""
    found = []
    for _n in range(count):
        line = HTTPConnection("127.0.0.1", port, timeout=30)
        began = time.monotonic()
        line.request("GET", "/", headers={"Cookie": cookie, "Accept": "text/html"})
        assert line.getresponse().status == 200
        found.append(time.monotonic() - began)
        line.close()
    return sorted(found)


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (
            "handshakes without a session",
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
            b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n",
        ),
        ("headers without an end", b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-"),
        (
            "half a form",
            b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\nmail=",
        ),
    ],
)
def test_strangers_do_not_slow_pages_behind_nginx(behind_nginx: tuple[int, str], kind: str, first: bytes) -> None:
    port, cookie = behind_nginx
    times(port, cookie, 5)
    quiet = times(port, cookie)
    with Attackers(port, lambda _n: first) as strangers:
        attacked = times(port, cookie)
    p95 = int(len(quiet) * 0.95) - 1
    print(f"{kind}: p95 {quiet[p95] * 1000:.0f} ms without, {attacked[p95] * 1000:.0f} ms with {strangers.opened}")
    assert attacked[p95] <= max(2 * quiet[p95], 0.25)
