"""Sockets on a running server: access, revocation and its delay, and abuse."""

from __future__ import annotations

import hashlib
import http.client
import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest
import socketio
import websocket

from cop.base.web.guards import HEADERS
from tests.live.conftest import SocketClient
from tests.product import Product

pytestmark = pytest.mark.live

ADDRESS = "/socket.io/?EIO=4&transport=websocket"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
}
AT_ONCE = 1.0  # seconds within which access must end


def wait(there: Callable[[], Any], seconds: float = 5.0) -> float:
    """Wait until the condition holds and return the seconds it took."""
    began = time.monotonic()
    while not there():
        assert time.monotonic() - began < seconds, "it did not come"
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.fixture
def room(product: Product, people: dict[str, int]) -> str:
    """Return the room of a community of Karin and Daan, but not of Gerrit."""
    return str(product.ask(people["Karin"], "/communities/procesregie/rooms")["items"][0]["id"])


def handshake(product: Product, headers: dict[str, str], address: str = ADDRESS) -> int:
    """Return the status of a websocket upgrade with these headers."""
    line = http.client.HTTPConnection("127.0.0.1", product.port, timeout=10)
    try:
        line.request("GET", address, headers={**UPGRADE, **headers})
        return line.getresponse().status
    finally:
        line.close()


def test_other_origins_are_refused(product: Product, people: dict[str, int]) -> None:
    cookie = {"Cookie": f"cop={product.session(people['Karin'])}"}
    assert handshake(product, {**cookie, "Origin": product.address}) == 101
    for origin in (
        "https://evil.example",
        "null",
        f"{product.address}.evil.example",
        f"http://127.0.0.1:{product.port + 1}",
        product.address.replace("http", "https"),
        f"http://evil.example@127.0.0.1:{product.port}",
    ):
        assert handshake(product, {**cookie, "Origin": origin}) in (400, 403), origin
    forged = {
        **cookie,
        "Origin": "https://evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    assert handshake(product, forged) in (400, 403)


def test_polling_is_refused(product: Product, people: dict[str, int]) -> None:
    cookie = f"cop={product.session(people['Karin'])}"
    for method in ("GET", "POST"):
        assert (
            product.request(
                method, "/socket.io/?EIO=4&transport=polling", b"40" if method == "POST" else b"", Cookie=cookie
            )[0]
            == 400
        )


def test_connection_needs_a_credential(product: Product, connect: Callable[..., SocketClient]) -> None:
    for secret in ("", "x", "a" * 4_000):
        with pytest.raises(socketio.exceptions.ConnectionError):
            connect(secret)
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("", token="cop_geen")


def test_foreign_sid_gives_no_access(
    product: Product, people: dict[str, int], connect: Callable[..., SocketClient]
) -> None:
    client = connect(product.session(people["Karin"]))
    assert 400 <= handshake(product, {"Origin": product.address}, f"{ADDRESS}&sid={client.eio.sid}") < 500
    assert (
        product.request("POST", f"/socket.io/?EIO=4&transport=polling&sid={client.eio.sid}", '42["join",{}]')[0] == 400
    )
    assert str(client.eio.sid) not in product.output()


def test_stranger_receives_and_sends_nothing(
    product: Product, people: dict[str, int], room: str, connect: Callable[..., SocketClient]
) -> None:
    gerrit, karin = connect(product.session(people["Gerrit"])), connect(product.session(people["Karin"]))
    assert karin.join(f"room:{room}")["ok"]
    assert gerrit.join(f"room:{room}") == {"error": "forbidden"}
    assert gerrit.call("typing", {"place": f"room:{room}"}) == {"error": "forbidden"}
    gerrit.call("leave", {"place": f"room:{room}"})
    product.call(people["Daan"], "POST", f"/rooms/{room}/messages", {"body": "alleen voor wie hier is"})
    wait(lambda: any("alleen voor wie hier is" in words for words in karin.words()))
    assert [event for event, _data in karin.received if event == "typing"] == []
    assert gerrit.words() == []


@pytest.mark.parametrize(
    "name",
    [
        "room:0",
        "room:999999999",
        "room:-1",
        "thread:x",
        "room",
        "",
        ":",
        "page:1",
        "person:1",
        "room:1/nl",
        "room:1 ",
        "room:" + "9" * 5_000,
        7,
        None,
        ["room:1"],
        {"room": 1},
    ],
)
def test_malformed_places_are_refused(
    name: Any, product: Product, people: dict[str, int], connect: Callable[..., SocketClient]
) -> None:
    assert connect(product.session(people["Gerrit"])).call("join", {"place": name}) == {"error": "forbidden"}


ENDS: dict[str, tuple[str, Callable[[Product, str, int], object]]] = {
    "signing in anew in the same browser": (
        "Lotte",
        lambda product, secret, id: product.request(
            "POST", "/sign-in/as", f"person={id}", **_browser(secret), Content_Type="application/x-www-form-urlencoded"
        ),
    ),
    "signing in as another person in the same browser": (
        "Henk",
        lambda product, secret, _id: product.request(
            "POST",
            "/sign-in/as",
            f"person={next(iter(product.cast().values()))}",
            **_browser(secret),
            Content_Type="application/x-www-form-urlencoded",
        ),
    ),
    "signing out": (
        "Aïcha",
        lambda product, secret, _id: product.request(
            "POST", "/sign-out", "", Cookie=f"cop={secret}", Sec_Fetch_Site="same-origin"
        ),
    ),
    "signing out everywhere": (
        "Peter",
        lambda product, secret, _id: product.request(
            "POST", "/sign-out/everywhere", "", Cookie=f"cop={product.session(_id)}", Sec_Fetch_Site="same-origin"
        ),
    ),
    "being deactivated": (
        "Marloes",
        lambda product, _secret, id: product.call(product.cast()["Iris Sleutel"], "PUT", f"/people/{id}/deactivation"),
    ),
    "a new password": (
        "Roos",
        lambda product, _secret, id: product.call(
            id, "PUT", "/settings/password", {"password": "vier gewone woorden samen"}
        ),
    ),
}


@pytest.mark.parametrize("how", ENDS)
def test_ended_session_closes_its_sockets(
    how: str, product: Product, people: dict[str, int], room: str, connect: Callable[..., SocketClient]
) -> None:
    who, end = ENDS[how]
    secret = product.session(people[who])
    client = connect(secret)
    assert client.join(f"room:{room}")["ok"]
    end(product, secret, people[who])
    assert wait(lambda: not client.connected, AT_ONCE + 1) <= AT_ONCE
    product.call(people["Daan"], "POST", f"/rooms/{room}/messages", {"body": "na het einde"})
    time.sleep(0.3)
    assert not any("na het einde" in words for words in client.words())
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect(secret)


@pytest.mark.parametrize("how", ["revoking it", "signing out with it", "its expiry", "signing out everywhere"])
def test_ended_token_closes_its_sockets_only(
    how: str, product: Product, people: dict[str, int], room: str, connect: Callable[..., SocketClient]
) -> None:
    karin = people["Karin"]
    made, other = (product.call(karin, "POST", "/tokens", {"label": "Koppeling"})[1] for _n in range(2))
    if how == "its expiry":
        expire_soon(product, "token", made["token"])
    client, kept = (connect("", token=one["token"]) for one in (made, other))
    assert client.join(f"room:{room}")["ok"]
    bearer = {"Authorization": f"Bearer {made['token']}"}
    match how:
        case "revoking it":
            product.call(karin, "DELETE", f"/tokens/{made['id']}")
        case "signing out with it":
            product.request("POST", "/api/v1/sign-out", "{}", **bearer, Content_Type="application/json")
        case "signing out everywhere":
            product.request("POST", "/api/v1/sign-out/everywhere", **bearer)
            product.sessions.pop(karin)
    assert wait(lambda: not client.connected, LASTS + 2 * AT_ONCE) <= (LASTS if how == "its expiry" else 0) + AT_ONCE
    if how == "signing out everywhere":
        wait(lambda: not kept.connected, AT_ONCE)
    assert kept.connected == (how != "signing out everywhere")


LASTS = 1.5  # seconds until a credential of these tests expires


def expire_soon(product: Product, kind: str, secret: str) -> None:
    """Let a new session or token expire `LASTS` seconds after it was made, by the clock of the demonstration."""
    moment = f"strftime('%Y-%m-%d %H:%M:%f000', made, '+{LASTS} seconds')"
    with sqlite3.connect(product.data / "cop.sqlite3", timeout=10) as connection:
        key = hashlib.sha256(secret.encode()).hexdigest()
        assert connection.execute(f"UPDATE {kind} SET expires = {moment} WHERE key = ?", (key,)).rowcount == 1
    connection.close()


def _browser(secret: str) -> dict[str, str]:
    """Return the headers of a form sent by the browser with this session."""
    return {"Cookie": f"cop={secret}", "Sec_Fetch_Site": "same-origin"}


def test_expired_session_closes_its_sockets(
    product: Product, people: dict[str, int], room: str, connect: Callable[..., SocketClient]
) -> None:
    secret = product.session(people["Daan"])
    expire_soon(product, "session", secret)
    client = connect(secret)
    assert client.join(f"room:{room}")["ok"]
    assert LASTS - 1 < wait(lambda: not client.connected, LASTS + 2 * AT_ONCE) <= LASTS + AT_ONCE


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/socket.io/"),
        ("GET", "/socket.io/?EIO=4&transport=polling"),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=x"),
        ("OPTIONS", "/socket.io/?EIO=4"),
        ("GET", "/socket.io/?EIO=3&transport=websocket"),
    ],
)
def test_every_refusal_has_the_security_headers(product: Product, method: str, path: str) -> None:
    status, headers, _body = product.request(method, path)
    assert 400 <= status < 500 or method == "OPTIONS"
    for name in HEADERS:
        assert headers[name], name
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_removed_member_leaves_at_once(
    product: Product, people: dict[str, int], room: str, connect: Callable[..., SocketClient]
) -> None:
    dirk = connect(product.session(people["Dirk"]))
    assert dirk.join(f"room:{room}")["ok"]
    product.call(people["Marijke"], "DELETE", f"/communities/procesregie/members/{people['Dirk']}")
    assert wait(lambda: ("gone", {"place": f"room:{room}"}) in dirk.received, AT_ONCE + 1) <= AT_ONCE
    product.call(people["Daan"], "POST", f"/rooms/{room}/messages", {"body": "zonder Dirk"})
    time.sleep(0.3)
    assert not any("zonder Dirk" in words for words in dirk.words())
    assert dirk.join(f"room:{room}") == {"error": "forbidden"}


def test_moved_thread_removes_its_former_readers(
    product: Product, people: dict[str, int], connect: Callable[..., SocketClient]
) -> None:
    _status, thread = product.call(
        people["Willemijn"], "POST", "/communities/woningvoorraad/threads", {"title": "Gaat weg", "body": "x"}
    )
    gerrit = connect(product.session(people["Gerrit"]))
    assert gerrit.join(f"thread:{thread['id']}")["ok"]
    product.call(people["Marijke"], "POST", f"{thread['url']}/move", {"community": "zachte-landing"})
    assert wait(lambda: ("gone", {"place": f"thread:{thread['id']}"}) in gerrit.received, AT_ONCE + 1) <= AT_ONCE


def test_ten_sockets_per_person(product: Product, people: dict[str, int], connect: Callable[..., SocketClient]) -> None:
    secret = product.session(people["Wim"])
    sockets = [connect(secret) for _n in range(10)]
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect(secret)
    sockets[0].disconnect()
    time.sleep(0.3)
    connect(secret)


def test_flood_slows_only_its_sender(
    product: Product, people: dict[str, int], room: str, connect: Callable[..., SocketClient]
) -> None:
    wild, calm = connect(product.session(people["Daan"])), connect(product.session(people["Henk"]))
    wild.join(f"room:{room}")
    calm.join(f"room:{room}")
    for _n in range(1_000):
        wild.emit("typing", {"place": f"room:{room}"})
    began = time.monotonic()
    assert calm.join(f"room:{room}")["ok"]
    assert time.monotonic() - began < 2
    time.sleep(0.5)
    assert sum(event == "typing" for event, _data in calm.received) <= 100
    assert wild.call("typing", {"place": f"room:{room}"}, timeout=10) == {"error": "forbidden"}


MALFORMED = [
    "",
    "4",
    "42",
    "42[",
    "42[]",
    "42{}",
    "42[1]",
    "42[null]",
    "42[[]]",
    '42[{"a":1},1]',
    '42["join"',
    '42["join",{"place":"room:1"}',
    '42["join",{"place":' + "[" * 20_000 + "]" * 20_000 + "}]",
    "4" + "9" * 5_000,
    "42" + "9" * 5_000 + '["join",{}]',
    '451-["join",{"_placeholder":true,"num":0}]',
    '45100000000000-["join"]',
    "99999",
    "40/../..,",
    '40{"token":' + "1" * 400 + "}",
    "41",
    "6",
    "1",
    "b4AAAA",
    "\x00\x01",
    '42["__proto__",{}]',
    '42["connect"]',
    '42["disconnect"]',
    "44{}",
    "43[]",
    '4399999["x"]',
]


@pytest.mark.parametrize("packet", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_packets_disconnect_the_client(
    packet: str, product: Product, people: dict[str, int], room: str, connect: Callable[..., SocketClient]
) -> None:
    """The server keeps running and other clients are unaffected."""
    before = len(product.output())
    raw = opened(product, people["Henk"])
    try:
        raw.send(packet)
        raw.send_binary(b"\xff\xfe\x00")
    except (OSError, websocket.WebSocketException):
        pass  # cut off already
    finally:
        raw.close()
    other = connect(product.session(people["Daan"]))
    assert other.join(f"room:{room}")["ok"]
    assert "Traceback" not in product.output()[before:]


def test_too_large_frame_is_dropped(
    product: Product, people: dict[str, int], connect: Callable[..., SocketClient]
) -> None:
    raw = opened(product, people["Henk"])
    raw.settimeout(5)
    try:
        raw.send('42["typing",{"place":"' + "a" * 2_000_000 + '"}]')
        while raw.recv():
            pass
    except (OSError, websocket.WebSocketException):
        pass
    assert not raw.connected or raw.recv_data() is not None
    raw.close()
    assert connect(product.session(people["Daan"])).join("room:1") is not None


def opened(product: Product, person: int) -> websocket.WebSocket:
    """Return a bare websocket that has connected to Socket.IO."""
    raw = websocket.create_connection(
        f"ws://127.0.0.1:{product.port}{ADDRESS}",
        cookie=f"cop={product.session(person)}",
        origin=product.address,
        timeout=10,
    )
    assert json.loads(raw.recv()[1:])["sid"]
    raw.send("40")
    assert raw.recv().startswith("40")
    return raw
