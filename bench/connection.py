"""One keep-alive HTTP/1.1 connection that sends given bytes and reads answers, for one selector to drive."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What came back: status and the body, chunk sizes included where it was chunked."""

    status: int
    body: bytes


class Connection:
    """Sends one request at a time; opens itself anew after the server closed it."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self.request = b""
        self.received = bytearray()
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(self.address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self) -> int:
        return self.socket.fileno()

    def ask(self, request: bytes) -> None:
        """Send a request whose answer `read` will give."""
        self.request = request
        self.received.clear()
        self.socket.sendall(request)

    def read(self) -> Answer | None:
        """Take what has arrived; the answer once it is whole.

        Raises ConnectionResetError when the server closed before it.
        """
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionResetError
        self.received += data
        head_end = self.received.find(b"\r\n\r\n")
        if head_end < 0:
            return None
        head, start = bytes(self.received[: head_end + 2]), head_end + 4
        length = LENGTH.search(head)
        if length:
            whole = len(self.received) >= start + int(length[1])
        else:
            whole = not CHUNKED.search(head) or self.received.endswith(b"0\r\n\r\n")
        return Answer(int(head[9:12]), bytes(self.received[start:])) if whole else None

    def closing(self) -> bool:
        """Whether the last answer announced that the server closes."""
        return CLOSING.search(self.received, 0, self.received.find(b"\r\n\r\n") + 2) is not None

    def reopen(self) -> None:
        """Start again on a fresh socket."""
        self.socket.close()
        self.open()
