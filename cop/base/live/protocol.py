"""Socket hardening: malformed or unexpected frames and packets disconnect the client and are not logged."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import Any

from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from simple_websocket import ConnectionClosed
from socketio import packet

FRAME = re.compile("1|3|4.", re.DOTALL)  # of Engine.IO: close, pong, and a message with content
# Socket.IO calls handlers by event name: with these a client could leave the registry of sockets and still listen.
RESERVED = {"connect", "disconnect"}


class HardenedWebSocket(SimpleWebSocketWSGI):  # type: ignore[misc]
    """A websocket that ends with the first malformed frame."""

    def wait(self) -> str | None:
        """Return the next frame, or None at the end."""
        frame = super().wait()
        return frame if isinstance(frame, str) and FRAME.match(frame) else None

    def close(self) -> None:
        """Close the connection; the client may close it at the same moment."""
        with suppress(OSError, ConnectionClosed):
            super().close()


class StrictPacket(packet.Packet):  # type: ignore[misc]
    """A Socket.IO packet; malformed or unexpected ones are read as a disconnect."""

    uses_binary_events = False

    def decode(self, encoded_packet: Any) -> int:
        """Decode a packet; return 0, the number of attachments that follow."""
        try:
            super().decode(encoded_packet)
            if self._is_expected():
                return 0
        except (ValueError, TypeError, RecursionError):
            pass
        self.packet_type, self.namespace, self.id, self.data = packet.DISCONNECT, None, None, None
        return 0

    def _is_expected(self) -> bool:
        if self.packet_type != packet.EVENT:
            return self.packet_type in (packet.CONNECT, packet.DISCONNECT)
        name = self.data[0] if isinstance(self.data, list) and self.data else None
        return isinstance(name, str) and name not in RESERVED


def _is_fault(record: logging.LogRecord) -> bool:
    """Return whether a record is about an exception: messages about client input may contain private text."""
    return record.exc_info is not None


log = logging.getLogger(__name__)
log.addFilter(_is_fault)
