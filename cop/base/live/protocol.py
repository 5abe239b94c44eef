"""Socket hardening: malformed or unexpected frames and packets disconnect the client and are not logged."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import Any

from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from engineio.exceptions import SocketIsClosedError
from simple_websocket import ConnectionClosed
from socketio import packet

FRAME = re.compile("1|3|4.", re.DOTALL)  # of Engine.IO: close, pong, and a message with content
BINARY_EVENTS: set[str] = set()  # that carry one binary value (places.take_binary)
# Socket.IO calls handlers by event name: with these a client could leave the registry of sockets and still listen.
RESERVED = {"connect", "disconnect"}


class Malformed(SocketIsClosedError):  # type: ignore[misc]
    """What a client sent makes no sense: its connection ends as if it had closed."""


class HardenedWebSocket(SimpleWebSocketWSGI):  # type: ignore[misc]
    """A websocket that ends with the first malformed frame."""

    admission: Any = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Serve an upgrade; its admission says whether binary frames are taken."""
        self.admission = environ.get("cop.admission")
        return super().__call__(environ, start_response)

    def wait(self) -> str | bytes | None:
        """Return the next frame, or None at the end."""
        frame: str | bytes | None = super().wait()
        if isinstance(frame, str):
            return frame if FRAME.match(frame) else None
        return frame if frame and self.admission and len(frame) <= self.admission.binary_cap else None

    def close(self) -> None:
        """Close the connection; the client may close it at the same moment."""
        with suppress(OSError, ConnectionClosed):
            super().close()


class StrictPacket(packet.Packet):  # type: ignore[misc]
    """A Socket.IO packet; malformed or unexpected ones are read as a disconnect."""

    def decode(self, encoded_packet: Any) -> int:
        """Decode a packet; return the number of attachments that follow: one after an event of BINARY_EVENTS."""
        try:
            attachments: int = super().decode(encoded_packet)
            if self._is_expected(attachments):
                return attachments
        except (ValueError, TypeError, RecursionError):
            pass
        self.packet_type, self.namespace, self.id, self.data = packet.DISCONNECT, None, None, None
        return 0

    def add_attachment(self, attachment: Any) -> bool:
        """Put the binary value in its place; raise Malformed where there is none."""
        try:
            if isinstance(attachment, bytes):
                return bool(super().add_attachment(attachment))
        except (LookupError, TypeError, RecursionError):
            pass
        raise Malformed

    def _is_expected(self, attachments: int) -> bool:
        name = self.data[0] if isinstance(self.data, list) and self.data else None
        if self.packet_type == packet.BINARY_EVENT:
            return isinstance(name, str) and name in BINARY_EVENTS and attachments == 1
        if attachments:
            return False
        if self.packet_type != packet.EVENT:
            return self.packet_type in (packet.CONNECT, packet.DISCONNECT)
        return isinstance(name, str) and name not in RESERVED


def _is_fault(record: logging.LogRecord) -> bool:
    """Return whether a record is about an exception: messages about client input may contain private text."""
    return record.exc_info is not None


log = logging.getLogger(__name__)
log.addFilter(_is_fault)
