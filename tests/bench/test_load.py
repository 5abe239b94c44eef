"""The load generator counts the real responses of the server."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.load import Load, measure
from bench.requests import CLIENT_ID, REPLY, get, post_form


class Answers(BaseHTTPRequestHandler):
    """Responds to /page with 200, to /chunked in pieces, otherwise with 404; records what is posted."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"3\r\nabc\r\n0\r\n\r\n")
            return
        self.send_response(200 if self.path == "/page" else 404)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * 400)
        time.sleep(0.001)  # a response in two pieces
        self.wfile.write(b"x" * 600)

    def do_POST(self):
        self.server.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(303)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    served = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    served.daemon_threads = True
    served.posted = []
    thread = threading.Thread(target=served.serve_forever, args=(0.01,))
    thread.start()
    yield served
    served.shutdown()
    thread.join()
    served.server_close()


def load(server, *requests, **options):
    port = server.server_port
    given = {"seconds": 0.3, "warmup": 0.1} | options
    return Load("127.0.0.1", port, os.getpid(), [request.decode() for request in requests], **given)


def test_complete_responses_are_measured(server):
    figures = measure(load(server, get("bench", "/page", {}), connections=4))
    assert figures.wrong == 0
    assert figures.body_bytes == 1000
    assert figures.per_second > 10
    assert 1 <= figures.p50 <= figures.p99


def test_chunked_responses_are_read(server):
    assert measure(load(server, get("bench", "/chunked", {}))).wrong == 0


def test_unexpected_status_is_an_error(server):
    figures = measure(load(server, get("bench", "/page", {}), get("bench", "/gone", {})))
    assert abs(figures.wrong - figures.answered / 2) <= 1
    assert figures.statuses.keys() == {"200", "404"}


def test_every_post_is_counted_with_its_own_client_id(server):
    form = post_form("bench", "/posts", {}, {"body": REPLY, "client_id": CLIENT_ID})
    figures = measure(load(server, form, connections=3, expect=303))
    assert figures.wrong == 0
    assert figures.answered == len(server.posted) == len(set(server.posted)) == figures.reopened
    assert CLIENT_ID.encode() not in b"".join(server.posted)


def test_paced_load_keeps_its_rate(server):
    figures = measure(load(server, get("bench", "/page", {}), seconds=1, rate=20))
    assert 10 <= figures.per_second <= 21


def test_reply_has_the_requested_length():
    assert len(REPLY) == 260
