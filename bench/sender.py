"""Sends chat messages over HTTP at a fixed rate, in a thread of its own."""

from __future__ import annotations

import json
import threading
import time

from bench.connection import Connection, Response
from bench.requests import CLIENT_ID, post_json, with_new_client_id

TEXT = "Wij hebben de sleutels gisteren overhandigd; het wijkteam gaat na zes weken langs. " * 2


class Sender(threading.Thread):
    """Thread that sends messages of people in turn; `sent_at` maps each stored message to the time of its request."""

    def __init__(self, host: str, port: int, room: int, tokens: list[str], *, rate: float, seconds: float) -> None:
        super().__init__()
        path = f"/api/v1/rooms/{room}/messages"
        message = {"body": TEXT, "format": "plain", "client_id": CLIENT_ID}
        self.requests = [
            post_json(f"{host}:{port}", path, {"Authorization": f"Bearer {token}"}, message) for token in tokens
        ]
        self.connection = Connection(host, port)
        self.messages = int(rate * seconds)
        self.interval = 1 / rate
        self.sent_at: dict[int, float] = {}
        self.refused = 0

    def run(self) -> None:
        start = time.perf_counter()
        for number in range(self.messages):
            time.sleep(max(start + number * self.interval - time.perf_counter(), 0))
            request = with_new_client_id(self.requests[number % len(self.requests)])
            sent_at = time.perf_counter()
            response = self._send(request)
            if response.status in (200, 201):
                self.sent_at[json.loads(response.body)["id"]] = sent_at
            else:
                self.refused += 1
        self.connection.socket.close()

    def _send(self, request: bytes) -> Response:
        """Send until there is a response; the client_id makes a repeated request the same message."""
        while True:
            try:
                self.connection.send(request)
                while (response := self.connection.read()) is None:
                    pass
            except ConnectionError:
                self.connection.reopen()
                continue
            if self.connection.closing():
                self.connection.reopen()
            return response
