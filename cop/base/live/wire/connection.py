"""One websocket connection: frames in by wsproto, frames out from a bounded buffer."""

from __future__ import annotations

import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from typing import Final

from wsproto.frame_protocol import CloseReason, Frame, FrameProtocol, Opcode, ParseFailed

from cop.base.live.wire.frames import close_frame, frame
from cop.base.live.wire.loop import Loop

READ: Final = 64 * 1024  # bytes read from a socket at a time
MOST_TEXT: Final = 64 * 1024  # characters of one message
MOST_UNSENT: Final = 1024 * 1024  # bytes; a client that reads slower is cut, and catches up by `seq`
MOST_UNHANDLED: Final = 50  # messages of one client that wait for their handler; no more are read until it is done
TURN: Final = 20  # messages of one client that a thread handles before others get their turn
LINGER: Final = 5.0  # seconds for the client to answer a close frame


class Connection:
    """A websocket of the loop. `send`, `close` and `cut` may be called from any thread, the rest runs in the loop.

    on_message is called in a thread of the pool, one message at a time and in order; on_pong in the loop; on_end once,
    in a thread of the pool, after the last message. binary_cap returns how many bytes a binary message may have now; 0
    refuses them.
    """

    __slots__ = (
        "_binary_cap",
        "_buffer",
        "_closing",
        "_ended",
        "_failed",
        "_handling",
        "_inbox",
        "_lock",
        "_message",
        "_on_end",
        "_on_message",
        "_on_pong",
        "_paused",
        "_pool",
        "_protocol",
        "_size",
        "heard",
        "loop",
        "sock",
    )

    def __init__(
        self,
        sock: socket.socket,
        loop: Loop,
        pool: Executor,
        *,
        on_message: Callable[[str | bytes], None],
        on_pong: Callable[[], None],
        on_end: Callable[[], None],
        binary_cap: Callable[[], int] = lambda: 0,
    ) -> None:
        sock.setblocking(False)
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock, self.loop, self._pool = sock, loop, pool
        self._on_message, self._on_pong, self._on_end = on_message, on_pong, on_end
        self.heard = False  # whether a message came that is not a pong
        self._binary_cap = binary_cap
        self._protocol = FrameProtocol(client=False, extensions=[])
        self._message: list[str | bytes] = []  # the parts of the message that is being received
        self._size = 0
        self._buffer = bytearray()  # what the socket has not taken yet
        self._closing = self._ended = self._paused = self._failed = False
        self._inbox: deque[str | bytes | None] = deque()  # None: the end
        self._handling = False
        self._lock = threading.Lock()  # of _inbox and _handling

    def open(self, response: bytes, frames: list[bytes]) -> None:
        """Begin: write the response to the upgrade and the first frames, then read."""

        def begin() -> None:
            self._watch()
            for first in (response, *frames):
                self.write(first)

        self.loop.call(begin)

    def send(self, frame: bytes) -> None:
        """Write a frame after all that were sent before."""
        self.loop.call(lambda: self.write(frame))

    def close(self, reason: CloseReason = CloseReason.NORMAL_CLOSURE) -> None:
        """Send a close frame after all that were sent before, and end when the client answers it."""
        self.loop.call(lambda: self._begin_close(reason))

    def cut(self) -> None:
        """End without a close frame."""
        self.loop.call(self._end)

    def cut_if_silent(self) -> None:
        """End if the client has sent nothing but pongs."""
        if not self.heard:
            self._end()

    def write(self, frame: bytes) -> None:
        """Write a frame, or keep it until the socket takes it; cut a client that does not read."""
        if self._ended or self._closing:
            return
        self._write(frame)

    def _write(self, frame: bytes) -> None:
        if self._buffer:
            self._buffer += frame
            if len(self._buffer) > MOST_UNSENT:
                self._end()
            return
        try:
            sent = self.sock.send(frame)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            self._end()
            return
        if sent < len(frame):
            self._buffer += memoryview(frame)[sent:]
            self._watch()

    def ready(self, events: int) -> None:
        """Write what waits and read what came."""
        if events & selectors.EVENT_WRITE and not self._ended:
            self._flush()
        if events & selectors.EVENT_READ and not self._ended:
            self._read()

    def _watch(self) -> None:
        """Read unless too many messages wait for their handler, write if something waits for the socket."""
        if not self._ended:
            reads = 0 if self._paused else selectors.EVENT_READ
            self.loop.watch(self, reads | (selectors.EVENT_WRITE if self._buffer else 0))

    def _flush(self) -> None:
        try:
            sent = self.sock.send(self._buffer)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end()
            return
        del self._buffer[:sent]
        if not self._buffer:
            self._watch()

    def _read(self) -> None:
        try:
            data = self.sock.recv(READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._end()
            return
        if self._failed:  # the rest is not parsed, and must not be kept (RFC 6455, section 7.1.7)
            return
        self._protocol.receive_bytes(data)
        try:
            for received in self._protocol.received_frames():
                self._receive(received)
                if self._ended:
                    return
        except ParseFailed as failure:
            self._failed = True
            self._begin_close(failure.code)

    def _receive(self, received: Frame) -> None:
        if received.opcode is Opcode.PING:
            self.write(frame(Opcode.PONG, bytes(received.payload)))  # type: ignore[arg-type]  # bytes in a ping
        elif received.opcode is Opcode.CLOSE:
            if not self._closing:
                self._begin_close(CloseReason.NORMAL_CLOSURE)
            self._end()
        elif received.opcode in (Opcode.TEXT, Opcode.BINARY) and not self._closing:
            self._receive_part(received)

    def _receive_part(self, received: Frame) -> None:
        most = MOST_TEXT if received.opcode is Opcode.TEXT else self._binary_cap()
        if not most:
            self._begin_close(CloseReason.UNSUPPORTED_DATA)
            return
        part: str | bytes = received.payload  # type: ignore[assignment]  # text as str, binary as bytes
        self._size += len(part)
        if self._size > most:
            self._begin_close(CloseReason.MESSAGE_TOO_BIG)
            return
        if part:  # fragments without content are many and free
            self._message.append(part)
        if received.message_finished:
            whole = "".join(self._message) if received.opcode is Opcode.TEXT else b"".join(self._message)  # type: ignore[arg-type]
            self._message, self._size = [], 0
            if whole == "3":  # a pong of Engine.IO, by far the most frequent message
                self._on_pong()
            else:
                self.heard = True
                self._hand_over(whole)
                with self._lock:  # while it is handled: the thread that empties the inbox resumes the reading
                    self._paused = self._paused or (self._handling and len(self._inbox) >= MOST_UNHANDLED)
                if self._paused:
                    self._watch()

    def _begin_close(self, reason: CloseReason) -> None:
        if self._closing or self._ended:
            return
        self._write(close_frame(reason))
        self._closing = True
        self.loop.call_later(LINGER, self._end)

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        self.loop.forget(self)
        self.sock.close()
        self._buffer.clear()
        self._message.clear()
        self._hand_over(None)

    def _hand_over(self, message: str | bytes | None) -> None:
        """Give a message (None: the end) to a thread of the pool; one thread handles a connection at a time."""
        with self._lock:
            self._inbox.append(message)
            if self._handling:
                return
            self._handling = True
        self._submit()

    def _submit(self) -> None:
        with suppress(RuntimeError):  # the process ends, and its pool takes no more
            self._pool.submit(self._handle)

    def _handle(self) -> None:
        for _turn in range(TURN):
            with self._lock:
                if not self._inbox:
                    self._handling = False
                    paused = self._paused
                    break
                message = self._inbox.popleft()
            if message is None:
                self._on_end()
            else:
                self._on_message(message)
        else:
            self._submit()
            return
        if paused:
            self.loop.call(self._resume)

    def _resume(self) -> None:
        self._paused = False
        self._watch()
