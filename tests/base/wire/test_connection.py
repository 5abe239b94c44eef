"""A connection of the wire: the cases of RFC 6455, and what a client may not do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wsproto.frame_protocol import CloseReason, FrameProtocol, Opcode

from cop.base.live.wire import connection as wire
from cop.base.live.wire.connection import Connection
from cop.base.live.wire.frames import accepted, frame, message_frame
from cop.base.live.wire.loop import Loop


class Client:
    """The other end of a connection."""

    def __init__(self, loop: Loop, pool: ThreadPoolExecutor, handle: Callable[[Any], None] | None = None):
        ours, self.sock = socket.socketpair()
        self.sock.settimeout(5)
        self.messages: list[str | bytes] = []
        self.pongs = 0
        self.ended = threading.Event()
        self.protocol = FrameProtocol(client=True, extensions=[])
        self.connection = Connection(
            ours, loop, pool, on_message=handle or self.messages.append, on_pong=self._pong, on_end=self.ended.set
        )
        self.connection.open(b"", [])

    def _pong(self) -> None:
        self.pongs += 1

    def send(self, *frames: bytes) -> None:
        """Send raw frames."""
        self.sock.sendall(b"".join(frames))

    def frames(self, count: int = 1) -> list[Any]:
        """Receive this many frames."""
        found: list[Any] = []
        while len(found) < count:
            data = self.sock.recv(65536)
            assert data, f"the connection ended after {found}"
            self.protocol.receive_bytes(data)
            found += self.protocol.received_frames()
        return found

    def close_code(self) -> int:
        """Return the code of the close frame that comes next."""
        (last,) = self.frames()
        assert last.opcode is Opcode.CLOSE
        return int(last.payload[0])

    def wait(self, count: int) -> list[str | bytes]:
        """Wait until this many messages were handled."""
        end = time.monotonic() + 5
        while len(self.messages) < count and time.monotonic() < end:
            time.sleep(0.005)
        return self.messages


def masked(opcode: int, payload: bytes = b"", *, fin: bool = True, mask: bytes = b"\1\2\3\4", rsv: int = 0) -> bytes:
    """Return a frame as a client sends it."""
    first, size = (0x80 if fin else 0) | rsv | opcode, len(payload)
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.end()


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def client(loop: Loop, pool: ThreadPoolExecutor) -> Iterator[Client]:
    client = Client(loop, pool)
    yield client
    client.sock.close()
    assert client.ended.wait(5)


def test_upgrade_response_is_that_of_the_rfc() -> None:
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in accepted("dGhlIHNhbXBsZSBub25jZQ==")


def test_messages_arrive_in_order(client: Client) -> None:
    client.send(*(masked(1, f"4{n}".encode()) for n in range(200)))
    assert client.wait(200) == [f"4{n}" for n in range(200)]


def test_fragments_with_control_frames_between_make_one_message(client: Client) -> None:
    client.send(
        masked(1, b"4ca", fin=False), masked(9, b"hoi"), masked(0, "f\u00e9".encode()[:2], fin=False),
        masked(10), masked(0, "f\u00e9".encode()[2:]),
    )  # fmt: skip
    (pong,) = client.frames()
    assert (pong.opcode, pong.payload) == (Opcode.PONG, b"hoi")
    assert client.wait(1) == ["4caf\u00e9"]


def test_frames_cut_anywhere_make_the_same_messages(client: Client) -> None:
    data = masked(1, b"4" + b"a" * 200) + masked(1, b"4b")
    for at in range(len(data)):
        client.send(data[at : at + 1])
    assert client.wait(2) == ["4" + "a" * 200, "4b"]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([frame(Opcode.TEXT, b"4unmasked")], CloseReason.PROTOCOL_ERROR),
        ([masked(3, b"reserved")], CloseReason.PROTOCOL_ERROR),
        ([masked(11)], CloseReason.PROTOCOL_ERROR),
        ([masked(1, b"4", rsv=0x40)], CloseReason.PROTOCOL_ERROR),
        ([masked(9, b"x", fin=False)], CloseReason.PROTOCOL_ERROR),
        ([masked(9, b"x" * 126)], CloseReason.PROTOCOL_ERROR),
        ([masked(0, b"no beginning")], CloseReason.PROTOCOL_ERROR),
        ([masked(1, b"4", fin=False), masked(1, b"4")], CloseReason.PROTOCOL_ERROR),
        ([masked(8, b"\x03")], CloseReason.PROTOCOL_ERROR),
        ([masked(8, struct.pack("!H", 1005))], CloseReason.PROTOCOL_ERROR),
        ([masked(8, struct.pack("!H", 999))], CloseReason.PROTOCOL_ERROR),
        ([masked(1, b"4\xff\xfe")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),
        ([masked(1, b"4\xe2\x82")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),
        ([masked(8, struct.pack("!H", 1000) + b"\xff")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),
        ([masked(2, b"binary")], CloseReason.UNSUPPORTED_DATA),
        ([masked(1, b"4" * (wire.MOST_TEXT + 1))], CloseReason.MESSAGE_TOO_BIG),
        ([masked(1, b"4" * 60_000, fin=False), masked(0, b"4" * 60_000)], CloseReason.MESSAGE_TOO_BIG),
    ],
)
def test_faults_close_with_their_code(client: Client, frames: list[bytes], code: int) -> None:
    client.send(*frames)
    assert client.close_code() == code
    assert client.messages == []


def test_length_is_not_believed(client: Client) -> None:
    client.send(struct.pack("!BBQ", 0x81, 0x80 | 127, 1 << 62) + b"\0\0\0\0" + b"4" * 70_000)
    assert client.close_code() == CloseReason.MESSAGE_TOO_BIG


def test_close_is_answered_and_ends(client: Client) -> None:
    client.send(masked(1, b"4last"), masked(8, struct.pack("!H", 1001)))
    assert client.close_code() == CloseReason.NORMAL_CLOSURE
    assert client.sock.recv(1) == b""
    assert client.ended.wait(5)
    assert client.messages == ["4last"]


def test_close_from_here_comes_after_what_was_sent(client: Client) -> None:
    client.connection.send(message_frame("een"))
    client.connection.close()
    client.connection.send(message_frame("te laat"))
    first, last = client.frames(2)
    assert (first.payload, last.opcode) == ("een", Opcode.CLOSE)
    client.send(masked(8, struct.pack("!H", 1000)))
    assert client.sock.recv(1) == b""


def test_binary_is_taken_where_it_is_allowed_up_to_its_cap(client: Client) -> None:
    client.connection.most_binary = 10
    client.send(masked(2, b"\0" * 10))
    assert client.wait(1) == [b"\0" * 10]
    client.send(masked(2, b"\0" * 11))
    assert client.close_code() == CloseReason.MESSAGE_TOO_BIG


def test_slow_reader_gets_everything_and_a_stalled_one_is_cut(loop: Loop, pool: ThreadPoolExecutor) -> None:
    slow, stalled = Client(loop, pool), Client(loop, pool)
    big = message_frame("4" + "x" * 400_000)
    for _n in range(2):
        slow.connection.send(big)
    assert [len(one.payload) for one in slow_frames(slow, 800_000)] != []
    for _n in range(8):
        stalled.connection.send(big)
    assert stalled.ended.wait(5)
    for one in (slow, stalled):
        one.sock.close()


def slow_frames(client: Client, size: int) -> list[Any]:
    """Receive text of this size in small pieces."""
    found, total = [], 0
    while total < size:
        client.protocol.receive_bytes(client.sock.recv(5000))
        for one in client.protocol.received_frames():
            found.append(one)
            total += len(one.payload)
    return found


def test_flood_is_read_no_faster_than_it_is_handled(loop: Loop, pool: ThreadPoolExecutor) -> None:
    handled, may_go_on = [], threading.Event()

    def handle(message: Any) -> None:
        may_go_on.wait(5)
        handled.append(message)

    client = Client(loop, pool, handle)
    client.sock.setblocking(False)
    sent = 0
    end = time.monotonic() + 3
    while time.monotonic() < end:
        try:
            sent += client.sock.send(masked(1, b"4" + b"y" * 1000) * 20)
        except BlockingIOError:
            break  # the server reads no more
    else:
        raise AssertionError("the server took everything")
    may_go_on.set()
    end = time.monotonic() + 5
    while len(handled) < sent // 1009 - 1 and time.monotonic() < end:
        time.sleep(0.01)
    assert len(handled) >= sent // 1009 - 1
    client.sock.close()
    assert client.ended.wait(5)


def test_broadcast_reaches_everyone_and_survives_the_gone(loop: Loop, pool: ThreadPoolExecutor) -> None:
    clients = [Client(loop, pool) for _n in range(20)]
    clients[3].sock.close()
    assert clients[3].ended.wait(5)
    for n in range(50):
        loop.broadcast(message_frame(f"4{n}"), [one.connection for one in clients])
    for n, one in enumerate(clients):
        if n != 3:
            assert [got.payload for got in one.frames(50)] == [f"4{m}" for m in range(50)]
            one.sock.close()
            assert one.ended.wait(5)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=12))
def test_noise_ends_one_connection_and_not_the_loop(noise: list[bytes]) -> None:
    loop, pool = _shared()
    client, other = Client(loop, pool), Client(loop, pool)
    try:
        for piece in noise:
            client.sock.sendall(piece)
    except OSError:
        pass
    client.sock.close()
    assert client.ended.wait(5)
    other.send(masked(1, b"4leeft"))
    assert other.wait(1) == ["4leeft"]
    other.sock.close()
    assert other.ended.wait(5)


_kept: list[Any] = []


def _shared() -> tuple[Loop, ThreadPoolExecutor]:
    """Return one loop and pool for all examples."""
    if not _kept:
        _kept.extend((Loop(), ThreadPoolExecutor(2)))
    return _kept[0], _kept[1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=6), st.data())
def test_any_fragmentation_gives_the_same_messages(texts: list[str], data: Any) -> None:
    loop, pool = _shared()
    client = Client(loop, pool)
    texts = [f"4{text}" for text in texts]
    for text in texts:
        payload = text.encode()
        cuts = sorted(data.draw(st.sets(st.integers(1, max(len(payload) - 1, 1)), max_size=4)))
        parts = [payload[a:b] for a, b in zip([0, *cuts], [*cuts, len(payload)], strict=True)]
        for n, part in enumerate(parts):
            client.send(masked(1 if n == 0 else 0, part, fin=n == len(parts) - 1))
    assert client.wait(len(texts)) == texts
    client.sock.close()
    assert client.ended.wait(5)
