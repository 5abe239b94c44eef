"""The chat server of the tests with a few more socket events, for the contract with the browser's Socket.IO client."""

from __future__ import annotations

import sys
from typing import Any

from flask_socketio import disconnect, emit, join_room

from cop.base import live
from cop.base.live.sockets import handle
from tests.chat.server import serve

CAP = 100_000  # bytes of a drawing
counted: list[int] = []


def echo(*values: Any) -> tuple[Any, ...]:
    """Acknowledge with the same values."""
    return values


def count(number: int) -> list[int]:
    """Note a number; return all that were noted."""
    counted.append(number)
    return counted


def draw(data: Any) -> dict[str, Any]:
    """Send a drawing to everybody in the room of drawings; acknowledge with its size and itself."""
    join_room("drawings")
    emit("drawn", {"at": data["at"], "by": "iemand"}, to="drawings")
    return {"size": len(data["at"]), "again": data["at"]}


def end() -> None:
    """Disconnect whoever asks."""
    disconnect()


if __name__ == "__main__":
    live.take_binary("draw", "room", CAP)
    for event, taker in (("echo", echo), ("count", count), ("draw", draw), ("end", end)):
        handle(event)(taker)
    sys.argv[:], port = sys.argv[:1], int(sys.argv[1])
    serve(port)
