"""Live updates: HTML sent to the sockets in a place, and signals between them. What must not be lost is in the database."""

from cop.base.live.places import (
    channel,
    emit,
    has_listeners,
    on_enter,
    on_leave,
    on_renew,
    people_in,
    publish,
    signal,
    take_binary,
)
from cop.base.live.revocations import disconnect_person, recheck_person, recheck_place
from cop.base.live.server import open_live
from cop.base.live.sockets import RATE, SOCKETS_PER_PERSON, process_name, socket_count, socketio

__all__ = [
    "RATE",
    "SOCKETS_PER_PERSON",
    "channel",
    "disconnect_person",
    "emit",
    "has_listeners",
    "on_enter",
    "on_leave",
    "on_renew",
    "open_live",
    "people_in",
    "process_name",
    "publish",
    "recheck_person",
    "recheck_place",
    "signal",
    "socket_count",
    "socketio",
    "take_binary",
]
