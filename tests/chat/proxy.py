"""A TCP proxy between browser and server that can drop connections, even in the middle of a frame."""

from __future__ import annotations

import contextlib
import socket
import threading


class Proxy:
    """Forwards connections from `port` to `target`; while `down` it refuses them."""

    def __init__(self) -> None:
        self.down = False
        self.target = 0
        self.lock = threading.Lock()
        self.open: set[socket.socket] = set()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.server.accept()
            except OSError:
                return
            try:
                self._connect(near)
            except OSError:
                near.close()

    def _connect(self, near: socket.socket) -> None:
        if self.down:
            raise ConnectionRefusedError
        far = socket.create_connection(("127.0.0.1", self.target))
        with self.lock:
            self.open |= {near, far}
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        self._drop(one, other)

    def _drop(self, *sockets: socket.socket) -> None:
        with self.lock:
            self.open -= set(sockets)
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def cut(self) -> None:
        """Drop every connection."""
        with self.lock:
            every = list(self.open)
        self._drop(*every)

    def close(self) -> None:
        """Stop the proxy."""
        self.down = True
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.accepting.join(5)
        self.cut()
