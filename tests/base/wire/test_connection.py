"""A connection of the wire: the cases of RFC 6455, and what a client may not do."""

from __future__ import annotations

import codecs
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

    def __init__(
        self, loop: Loop, pool: ThreadPoolExecutor, handle: Callable[[Any], None] | None = None, binary_cap: int = 0
    ):
        ours, self.sock = socket.socketpair()
        self.sock.settimeout(5)
        self.messages: list[str | bytes] = []
        self.pongs = 0
        self.ended = threading.Event()
        self.protocol = FrameProtocol(client=True, extensions=[])
        self.connection = Connection(
            ours,
            loop,
            pool,
            on_message=handle or self.messages.append,
            on_pong=self._pong,
            on_end=self.ended.set,
            binary_cap=lambda: binary_cap,
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
        ([masked(1, b"4", rsv=0x20)], CloseReason.PROTOCOL_ERROR),
        ([masked(1, b"4", rsv=0x10)], CloseReason.PROTOCOL_ERROR),
        ([masked(9, b"x", rsv=0x40)], CloseReason.PROTOCOL_ERROR),
        ([masked(1, b"4", fin=False), masked(0, b"a", rsv=0x40)], CloseReason.PROTOCOL_ERROR),
        *(([masked(opcode, b"4")], CloseReason.PROTOCOL_ERROR) for opcode in (4, 5, 6, 7, 12, 13, 14, 15)),
        ([struct.pack("!BBH", 0x81, 0x80 | 126, 5) + b"\0\0\0\0" + b"4hoi!"], CloseReason.PROTOCOL_ERROR),
        ([struct.pack("!BBQ", 0x81, 0x80 | 127, 300) + b"\0\0\0\0" + b"4" * 300], CloseReason.PROTOCOL_ERROR),
        ([struct.pack("!BBQ", 0x81, 0x80 | 127, 1 << 63) + b"\0\0\0\0"], CloseReason.PROTOCOL_ERROR),
        ([masked(9, b"x", fin=False)], CloseReason.PROTOCOL_ERROR),
        ([masked(10, b"x", fin=False)], CloseReason.PROTOCOL_ERROR),
        ([masked(8, struct.pack("!H", 1000), fin=False)], CloseReason.PROTOCOL_ERROR),
        ([masked(8, struct.pack("!H", 1000) + b"x" * 124)], CloseReason.PROTOCOL_ERROR),
        ([masked(9, b"x" * 126)], CloseReason.PROTOCOL_ERROR),
        ([masked(0, b"no beginning")], CloseReason.PROTOCOL_ERROR),
        ([masked(1, b"4", fin=False), masked(1, b"4")], CloseReason.PROTOCOL_ERROR),
        ([masked(8, b"\x03")], CloseReason.PROTOCOL_ERROR),
        *(
            ([masked(8, struct.pack("!H", code))], CloseReason.PROTOCOL_ERROR)
            for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535)
        ),
        ([masked(1, b"4\xff\xfe")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),
        ([masked(1, b"4\xe2\x82")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),
        ([masked(8, struct.pack("!H", 1000) + b"\xff")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),
        ([masked(1, b"4\xed\xa0\x80")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),  # half of a surrogate pair
        ([masked(1, b"4\xc0\xaf")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),  # longer than needed
        ([masked(1, b"4\xf4\x90\x80\x80")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),  # beyond Unicode
        ([masked(1, b"4\xe2", fin=False), masked(0, b"4")], CloseReason.INVALID_FRAME_PAYLOAD_DATA),
        ([masked(1, b"4\xff", fin=False)], CloseReason.INVALID_FRAME_PAYLOAD_DATA),  # before the message is complete
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


@pytest.mark.parametrize("code", [None, 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999])
def test_every_close_of_the_rfc_is_answered(client: Client, code: int | None) -> None:
    client.send(masked(8, b"" if code is None else struct.pack("!H", code) + "tot ziens \u20ac".encode()))
    assert client.close_code() == CloseReason.NORMAL_CLOSURE
    assert client.sock.recv(1) == b""


def test_what_comes_after_a_close_is_not_read(client: Client) -> None:
    client.send(masked(8, struct.pack("!H", 1000)), masked(1, b"4late"))
    assert client.close_code() == CloseReason.NORMAL_CLOSURE
    assert client.ended.wait(5)
    assert client.messages == []


def test_pings_without_and_with_the_longest_content_are_answered(client: Client) -> None:
    client.send(masked(9), masked(9, b"x" * 125))
    assert [(one.opcode, one.payload) for one in client.frames(2)] == [(Opcode.PONG, b""), (Opcode.PONG, b"x" * 125)]


def test_empty_fragments_are_free(client: Client) -> None:
    client.send(masked(1, b"", fin=False), *[masked(0, b"", fin=False)] * 5_000, masked(0, b"4x", fin=False))
    client.send(masked(9, b"there?"))
    client.frames()
    assert client.connection._message == ["4x"]
    client.send(masked(0, b""))
    assert client.wait(1) == ["4x"]


def test_nothing_is_kept_of_what_follows_a_fault(client: Client) -> None:
    client.send(masked(3))
    assert client.close_code() == CloseReason.PROTOCOL_ERROR
    for _n in range(100):
        client.send(b"x" * 50_000)
    assert len(client.connection._protocol._frame_decoder.buffer) < 100_000
    assert not client.ended.is_set()  # it waits for the client's close frame, but not for long
    assert wire.LINGER <= 5


def test_binary_is_taken_where_it_is_allowed_up_to_its_cap(loop: Loop, pool: ThreadPoolExecutor) -> None:
    client = Client(loop, pool, binary_cap=10)
    client.send(masked(1, b"4first"), masked(2, b"\0" * 4, fin=False), masked(0, b"\xff" * 6), masked(1, b"4last"))
    assert client.wait(3) == ["4first", b"\0" * 4 + b"\xff" * 6, "4last"]
    client.send(masked(2, b"\0" * 11))
    assert client.close_code() == CloseReason.MESSAGE_TOO_BIG
    client.sock.close()
    assert client.ended.wait(5)


def test_busy_clients_take_turns_with_the_threads(loop: Loop) -> None:
    order: list[Any] = []
    may_go_on = threading.Event()

    def slow(message: Any) -> None:
        may_go_on.wait(5)
        order.append(message)

    with ThreadPoolExecutor(1) as one_thread:
        busy, quiet = Client(loop, one_thread, slow), Client(loop, one_thread, order.append)
        busy.send(*(masked(1, b"4busy") for _n in range(45)))
        time.sleep(0.05)
        quiet.send(masked(1, b"4quiet"))
        time.sleep(0.05)
        may_go_on.set()
        end = time.monotonic() + 5
        while len(order) < 46 and time.monotonic() < end:
            time.sleep(0.005)
        assert order.index("4quiet") == wire.TURN
        for client in (busy, quiet):
            client.sock.close()
            assert client.ended.wait(5)


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


Sent = tuple[int, bytes, bool, int, bool]  # opcode, content, whether final, reserved bits, whether masked
CONTENTS = st.one_of(
    st.binary(max_size=130),
    st.text(max_size=30).map(str.encode),
    st.integers(0, 65535).map(lambda code: struct.pack("!H", code)),
)
FRAMES = st.tuples(
    st.one_of(st.sampled_from([0, 1, 1, 1, 9, 10]), st.integers(0, 15)),
    CONTENTS,
    st.one_of(st.just(True), st.booleans()),
    st.one_of(st.just(0), st.just(0), st.sampled_from([0x10, 0x20, 0x40])),
    st.sampled_from([True] * 9 + [False]),
)


def what_the_rfc_says(frames: list[Sent]) -> tuple[list[str], list[bytes], int | None]:
    """Return the messages, the pongs and the close code that these frames must give; None while it stays open."""
    messages: list[str] = []
    pongs: list[bytes] = []
    partial: bytes | None = None
    for opcode, content, final, reserved, is_masked in frames:
        if reserved or not is_masked or opcode not in (0, 1, 2, 8, 9, 10):
            return messages, pongs, 1002
        if opcode >= 8 and (not final or len(content) > 125):
            return messages, pongs, 1002
        if opcode == 8:
            return messages, pongs, _answer_to_close(content)
        if opcode == 9:
            pongs.append(content)
        if opcode >= 8:
            continue
        if (opcode == 0) != (partial is not None):
            return messages, pongs, 1002
        if opcode == 2:
            return messages, pongs, 1003
        partial = (partial or b"") + content
        try:
            text = codecs.getincrementaldecoder("utf-8")().decode(partial, final)
        except UnicodeDecodeError:
            return messages, pongs, 1007
        if final:
            messages.append(text)
            partial = None
    return messages, pongs, None


def _answer_to_close(content: bytes) -> int:
    if not content:
        return 1000
    code = int.from_bytes(content[:2]) if len(content) > 1 else 0
    if code not in (1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)):
        return 1002
    try:
        content[2:].decode()
    except UnicodeDecodeError:
        return 1007
    return 1000


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAMES, max_size=8), st.integers(1, 50))
def test_any_frames_give_what_the_rfc_says(frames: list[Sent], cut: int) -> None:
    loop, pool = _shared()
    client = Client(loop, pool)
    messages, pongs, code = what_the_rfc_says(frames)
    data = b"".join(
        masked(opcode, content, fin=final, rsv=reserved) if is_masked else _unmasked(opcode, content, final, reserved)
        for opcode, content, final, reserved, is_masked in frames
    )
    try:
        for at in range(0, len(data), cut):
            client.sock.sendall(data[at : at + cut])
        if code is None:
            client.send(masked(9, b"the end"))
            pongs = [*pongs, b"the end"]
    except OSError:
        pass  # it closed meanwhile
    expected = len(pongs) + (code is not None)
    answers = client.frames(expected)
    assert [one.payload for one in answers[: len(pongs)]] == pongs
    assert code is None or (answers[-1].opcode, answers[-1].payload[0]) == (Opcode.CLOSE, code)
    messages = [one for one in messages if one != "3"]  # a pong of Engine.IO
    assert client.wait(len(messages)) == messages
    client.sock.close()
    assert client.ended.wait(5)


def _unmasked(opcode: int, content: bytes, final: bool, reserved: int) -> bytes:
    assert len(content) <= 130
    size = struct.pack("!B", len(content)) if len(content) < 126 else struct.pack("!BH", 126, len(content))
    return bytes([(0x80 if final else 0) | reserved | opcode]) + size + content
