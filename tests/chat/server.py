"""The chat in a server process of its own, with real sockets, commits and threads.

As a program it creates the database, prints the cast as JSON and serves.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import socketio
from flask import Flask

from cop import create_app
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import Base, db
from cop.chat.models import ensure_room
from cop.cli.run import Server
from cop.config import Settings
from cop.search import fulltext
from cop.society.credentials import new_session, new_token
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Programme

ROOT = Path(__file__).parents[2]
NAMES = {"anna": "Anna Adem", "bram": "Bram Baan", "chris": "Chris Ceder", "eva": "Eva Even", "gerda": "Gerda Gids"}
ROLES = {
    "anna": "member",
    "bram": "member",
    "eva": "moderator",
    "gerda": "reader",
}  # in community 1; Chris is in community 2
CROWD = 24


class ChatServer:
    """A running server: its addresses, its cast, and calls of its API."""

    def __init__(self, process: subprocess.Popen[str], address: str, public: str, cast: dict[str, Any]):
        self.process, self.address, self.public = process, address, public
        self.ids, self.tokens, self.cookies, self.room = cast["ids"], cast["tokens"], cast["cookies"], cast["room"]

    def api(self, who: str, method: str, path: str, **given: Any) -> tuple[int, Any]:
        """Return the status and JSON of an API call."""
        query = f"?{urlencode(given)}" if method == "GET" and given else ""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Content-Type": "application/json"}
        body = None if method == "GET" else json.dumps(given).encode()
        request = Request(f"{self.address}/api/v1{path}{query}", body, headers, method=method)
        try:
            with urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read() or "null")

    def send_message(self, who: str, body: str, **given: Any) -> dict[str, Any]:
        """Says something in the room."""
        status, message = self.api(who, "POST", f"/rooms/{self.room}/messages", body=body, **given)
        assert status == 201, message
        return message

    def list_messages(self, who: str = "eva") -> list[dict[str, Any]]:
        """Return the newest hundred messages of the room."""
        return self.api(who, "GET", f"/rooms/{self.room}/messages", limit=100)[1]["items"]

    @property
    def place(self) -> str:
        return f"room:{self.room}"


class SocketClient:
    """A Socket.IO client that records the events it receives."""

    def __init__(self, run_server: ChatServer, who: str | None = None, **headers: str):
        self.received: list[tuple[str, Any]] = []
        self.client = socketio.Client(reconnection=False)
        for name in ("told", "gone", "typing", "present", "disconnect"):
            self.client.on(name, lambda data=None, name=name: self.received.append((name, data)))
        self.product = run_server
        self.headers = {"Authorization": f"Bearer {run_server.tokens[who]}", **headers} if who else headers

    def open(self) -> SocketClient:
        """Connect with the token of `who` or the given headers; raise ConnectionError when refused."""
        self.client.connect(self.product.address, headers=self.headers, transports=["websocket"], wait_timeout=5)
        return self

    def join(self, place: str | None = None) -> dict[str, Any]:
        """Join the room (or another place) and return the acknowledgement."""
        return self.client.call("join", {"place": place or self.product.place}, timeout=5)

    def all(self, name: str) -> list[Any]:
        """Return the data of all received events of this name."""
        return [data for event, data in self.received if event == name]

    def close(self) -> None:
        """Disconnect if still connected."""
        self.client.disconnect()


def wait_for(true: Callable[[], Any], within: float = 3.0) -> Any:
    """Wait until `true()` holds and return its value; fail after `within` seconds."""
    end = time.monotonic() + within
    while not (value := true()):
        assert time.monotonic() < end, "the condition did not hold in time"
        time.sleep(0.02)
    return value


@contextmanager
def run_server(folder: Path, module: str = "tests.chat.server", **settings: str) -> Iterator[ChatServer]:
    """Run the server with its data in `folder` until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        "COP_MODE": "development",
        "COP_DATA": str(folder),
        "COP_BASE_URL": address,
        "COP_WORKER": "apart",
        "COP_DATABASE_URL": os.environ.get("COP_TEST_SERVED_DATABASE_URL", ""),
        **settings,
    }
    log = (folder / "product.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(port)],
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=log,
    )
    try:
        assert process.stdout
        made = process.stdout.readline()
        assert made, (folder / "product.log").read_text()[-3000:]
        threading.Thread(target=process.stdout.read, daemon=True).start()
        wait_for(lambda: _listens(port), within=20)
        yield ChatServer(process, address, settings.get("COP_BASE_URL", address), json.loads(made))
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
        log.close()


def _listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def create_cast(app: Flask) -> dict[str, Any]:
    """Create a database with two communities, the cast and a crowd; return ids, tokens and cookies by name."""
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        fulltext.create_index()
    with app.app_context(), transaction():
        programme = Programme(slug="proef", name="Proefprogramma")
        home = Organisation(kind="housing", name="Woonstichting Proef")
        db.session.add_all([programme, home])
        db.session.flush()
        one, two = (
            Community(programme_id=programme.id, slug=slug, name=name, position=n)
            for n, (slug, name) in enumerate([("een", "Eerste kring"), ("twee", "Tweede kring")])
        )
        db.session.add_all([one, two])
        db.session.flush()
        people = {}
        for who, name in {**NAMES, **{f"lid{n:02}": f"Lid {n:02}" for n in range(CROWD)}}.items():
            person = people[who] = Person(
                mail=f"{who}@proef.example", name=name, state="active", entered=clock.now(), organisation_id=home.id
            )
            db.session.add(person)
            db.session.flush()
            db.session.add(
                Membership(
                    person_id=person.id, community_id=(two if who == "chris" else one).id, role=ROLES.get(who, "member")
                )
            )
        room = ensure_room(one)
        ensure_room(two)
        return {
            "ids": {who: person.id for who, person in people.items()},
            "room": room.id,
            "tokens": {who: new_token(person) for who, person in people.items()},
            "cookies": {who: new_session(person) for who, person in people.items()},
        }


def serve(port: int) -> None:
    """Serve on this port of loopback."""
    settings = Settings.read()
    app = create_app(settings)
    print(json.dumps(create_cast(app)), flush=True)
    Server(lambda: app, settings, "127.0.0.1", port).run()


if __name__ == "__main__":
    sys.argv[:], port = sys.argv[:1], int(sys.argv[1])
    serve(port)
