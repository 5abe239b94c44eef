"""The bench navigates the product by its pages: a paged list and a form to sign in."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from bench.product_api import Api
from bench.product_entry import sign_in

ITEMS = 230
FORM = """
<form method="post" action="/language"><button name="language" value="en">English</button></form>
<form method="get" action="/sign-in"><input name="q"></form>
<form method="post"><input type="hidden" name="next" value="/threads"><button>Ga verder</button></form>
"""


class Served(BaseHTTPRequestHandler):
    """A list of numbers paged by cursor, and a one-time link whose form opens a session."""

    def do_GET(self):
        asked = parse_qs(urlsplit(self.path).query)
        if not self.path.startswith("/api/v1"):
            self._answer(200, FORM.encode())
            return
        first, limit = int(asked.get("after", ["0"])[0]), int(asked["limit"][0])
        items = list(range(first, min(first + limit, ITEMS)))
        following = items[-1] + 1 if items and items[-1] + 1 < ITEMS else None
        if following and self.server.addresses:
            following = f"/api/v1/items?limit={limit}&after={following}"
        self._answer(200, json.dumps({"items": items, "next": following}).encode())

    def do_POST(self):
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        right = self.path == "/sign-in/abc" and fields == {"next": ["/threads"]}
        same_origin = self.headers["Sec-Fetch-Site"] == "same-origin"
        self._answer(200 if right and same_origin else 403, b"", "cop=secret; Path=/; HttpOnly")

    def _answer(self, status, body, cookie=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(params=[True, False], ids=["addresses", "bare cursors"])
def host(request):
    served = ThreadingHTTPServer(("127.0.0.1", 0), Served)
    served.addresses = request.param
    thread = threading.Thread(target=served.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()


def test_list_is_read_to_its_end(host):
    api = Api(host, "token")
    assert list(api.all("/items")) == list(range(ITEMS))
    assert api.count("/items") == ITEMS


@pytest.mark.parametrize("items", [20, 100, 140])
def test_cursor_skips_the_given_number_of_items(host, items):
    assert Api(host, "token").cursor_after("/items", items) == str(items)


def test_sign_in_submits_the_form_of_the_link(host):
    assert sign_in(f"http://{host}/sign-in/abc") == "cop=secret"
