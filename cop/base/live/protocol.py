"""What may come in over a socket, by its form: anything else ends the connection, and is not put in the log."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from typing import Any

from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from simple_websocket import ConnectionClosed
from socketio import packet

FRAME = re.compile("1|3|4.", re.DOTALL)  # of Engine.IO: close, pong, and a message that says something
# Socket.IO calls a handler by the name of the event: by these a client could take itself out of our books and listen on.
OURS_ALONE = {"connect", "disconnect"}


class HardenedWebSocket(SimpleWebSocketWSGI):  # type: ignore[misc]
    """A websocket that has ended for us once something comes in that is no packet."""

    def wait(self) -> str | None:
        """The next frame; None at the end."""
        frame = super().wait()
        return frame if isinstance(frame, str) and FRAME.match(frame) else None

    def close(self) -> None:
        """Says goodbye, to who is there to hear it: the other end may go at the same moment."""
        with suppress(OSError, ConnectionClosed):
            super().close()


class StrictPacket(packet.Packet):  # type: ignore[misc]
    """A packet of Socket.IO; what is none, or of a kind that no page of ours sends, is read as a goodbye."""

    uses_binary_events = False

    def decode(self, encoded_packet: Any) -> int:
        """Reads what came in; no attachment ever follows."""
        try:
            super().decode(encoded_packet)
            if self._is_ours():
                return 0
        except (ValueError, TypeError, RecursionError):
            pass
        self.packet_type, self.namespace, self.id, self.data = packet.DISCONNECT, None, None, None
        return 0

    def _is_ours(self) -> bool:
        if self.packet_type != packet.EVENT:
            return self.packet_type in (packet.CONNECT, packet.DISCONNECT)
        name = self.data[0] if isinstance(self.data, list) and self.data else None
        return isinstance(name, str) and name not in OURS_ALONE


def _is_fault(record: logging.LogRecord) -> bool:
    """Whether something of ours went wrong: what others send wrongly can hold anything, and is nobody's to read."""
    return record.exc_info is not None


log = logging.getLogger(__name__)
log.addFilter(_is_fault)
