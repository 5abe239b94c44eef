"""Emit to a Socket.IO room: one packet, one frame, all its connections."""

from __future__ import annotations

from typing import Any

from engineio import packet as engine_packet
from socketio import Manager, RedisManager, packet

from cop.base.live.wire.engine import ConnectionQueue
from cop.base.live.wire.frames import message_frame


class Broadcaster(Manager):  # type: ignore[misc]
    """A client manager that encodes and frames an event once."""

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: str | None = None,
        skip_sid: str | list[str] | None = None,
        callback: Any = None,
        to: str | None = None,
        **options: Any,
    ) -> None:
        """Send an event to everybody in a room; with a callback each recipient gets a packet of their own."""
        if callback:
            super().emit(event, data, namespace, room, skip_sid=skip_sid, callback=callback, to=to, **options)
            return
        if namespace not in self.rooms:
            return
        given = [] if data is None else list(data) if isinstance(data, tuple) else [data]
        encoded = self.server.packet_class(packet.EVENT, namespace=namespace, data=[event, *given]).encode()
        packets = [
            engine_packet.Packet(engine_packet.MESSAGE, part)
            for part in (encoded if isinstance(encoded, list) else [encoded])
        ]
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        connections, sockets = [], self.server.eio.sockets
        for sid, engine_sid in self.get_participants(namespace, to or room):
            if sid in skipped:
                continue
            queue = getattr(sockets.get(engine_sid), "queue", None)
            if isinstance(queue, ConnectionQueue):
                connections.append(queue.connection)
            else:  # the stock transport, or a test client
                for one in packets:
                    self.server._send_eio_packet(engine_sid, one)
        if connections:
            frames = b"".join(message_frame(one.encode()) for one in packets)
            connections[0].loop.broadcast(frames, connections)


class RedisBroadcaster(RedisManager, Broadcaster):  # type: ignore[misc]
    """The same across processes: events travel by Redis, each process frames them for its own connections."""
