"""One keep-alive HTTP/1.1 connection that sends given bytes and reads responses, for use with a selector."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Response:
    """Status and body of a response; a chunked body includes the chunk sizes."""

    status: int
    body: bytes


class Connection:
    """A connection that sends one request at a time and reopens itself after the server closed it."""

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

    def send(self, request: bytes) -> None:
        """Send a request; `read` returns its response."""
        self.request = request
        self.received.clear()
        self.socket.sendall(request)

    def read(self) -> Response | None:
        """Read what has arrived; return the response once it is complete, else None.

        Raise ConnectionResetError when the server closed before that.
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
            complete = len(self.received) >= start + int(length[1])
        else:
            complete = not CHUNKED.search(head) or self.received.endswith(b"0\r\n\r\n")
        return Response(int(head[9:12]), bytes(self.received[start:])) if complete else None

    def closing(self) -> bool:
        """Return whether the last response announced that the server closes the connection."""
        return CLOSING.search(self.received, 0, self.received.find(b"\r\n\r\n") + 2) is not None

    def reopen(self) -> None:
        """Replace the socket by a new one."""
        self.socket.close()
        self.open()
