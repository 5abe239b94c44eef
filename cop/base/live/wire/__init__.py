"""The wire: websockets held by one selector thread, behind Flask-SocketIO.

A socket holds no thread after its handshake. What the server sends is encoded and framed once and written to every
connection by the loop; what comes in is parsed by wsproto and handled in order by a small pool.
"""

from cop.base.live.wire.engine import Wire
from cop.base.live.wire.manager import Broadcaster, RedisBroadcaster

__all__ = ["Broadcaster", "RedisBroadcaster", "Wire"]
