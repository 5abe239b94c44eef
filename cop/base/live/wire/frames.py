"""Websocket frames of the server (RFC 6455, section 5.2): unmasked, so one frame serves every recipient."""

from __future__ import annotations

import base64
import hashlib
import struct
from typing import Final

from wsproto.frame_protocol import CloseReason, Opcode

GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
FIN: Final = 0x80


def frame(opcode: Opcode, payload: bytes) -> bytes:
    """Return one final frame with this payload."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", FIN | opcode, size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", FIN | opcode, 126, size)
    else:
        head = struct.pack("!BBQ", FIN | opcode, 127, size)
    return head + payload


def message_frame(message: str | bytes) -> bytes:
    """Return the frame of a text or binary message."""
    if isinstance(message, str):
        return frame(Opcode.TEXT, message.encode())
    return frame(Opcode.BINARY, message)


def close_frame(reason: CloseReason) -> bytes:
    """Return a close frame with this code."""
    return frame(Opcode.CLOSE, struct.pack("!H", reason))


def accepted(key: str) -> bytes:
    """Return the response that accepts an upgrade with this Sec-WebSocket-Key; it negotiates no extension."""
    digest = base64.b64encode(hashlib.sha1(key.encode() + GUID, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + digest
        + b"\r\n\r\n"
    )
