"""Sends chat messages by HTTP at a set rate from a thread of its own."""

from __future__ import annotations

import json
import threading
import time

from bench.connection import Answer, Connection
from bench.requests import CLIENT_ID, post_json, with_new_client_id

TEXT = "Wij hebben de sleutels gisteren overhandigd; het wijkteam gaat na zes weken langs. " * 2


class Sender(threading.Thread):
    """People take turns; `sent_at` tells for each stored message when its request left."""

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
            left_at = time.perf_counter()
            answer = self._ask(request)
            if answer.status in (200, 201):
                self.sent_at[json.loads(answer.body)["id"]] = left_at
            else:
                self.refused += 1
        self.connection.socket.close()

    def _ask(self, request: bytes) -> Answer:
        """Ask until it is answered; the client_id makes a repeated request the same message."""
        while True:
            try:
                self.connection.ask(request)
                while (answer := self.connection.read()) is None:
                    pass
            except ConnectionError:
                self.connection.reopen()
                continue
            if self.connection.closing():
                self.connection.reopen()
            return answer
