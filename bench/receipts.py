"""The messages each client received, and whether each arrived once and in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Delivery:
    """Messages lost, duplicated, or received after a later one; durations in seconds."""

    deliveries: int
    lost: int
    twice: int
    disorder: int
    durations: list[float]
    last: list[float]


class Receipts:
    """Record of each message at each client."""

    def __init__(self) -> None:
        self.received_at: dict[int, dict[int, float]] = defaultdict(dict)  # message id → client → time
        self.highest: dict[int, int] = {}
        self.twice = 0
        self.disorder = 0

    def add(self, client: int, id: int, seq: int, at: float) -> None:
        """Record that client number `client` received message `id` with sequence number `seq`."""
        clients = self.received_at[id]
        if client in clients:
            self.twice += 1
            return
        clients[client] = at
        if seq <= self.highest.get(client, -1):
            self.disorder += 1
        else:
            self.highest[client] = seq

    def count(self) -> int:
        """Return the deliveries so far, duplicates not counted."""
        return sum(map(len, self.received_at.values()))

    def judge(self, sent_at: Mapping[int, float], clients: int, counting_from: float) -> Delivery:
        """Compare what arrived with what was sent; only messages sent after the warm-up are timed."""
        arrived = {id: self.received_at.get(id, {}) for id in sent_at}
        delivered = sum(map(len, arrived.values()))
        timed = [id for id in arrived if arrived[id] and sent_at[id] >= counting_from]
        return Delivery(
            deliveries=delivered,
            lost=len(sent_at) * clients - delivered,
            twice=self.twice,
            disorder=self.disorder,
            durations=[at - sent_at[id] for id in timed for at in arrived[id].values()],
            last=[max(arrived[id].values()) - sent_at[id] for id in timed],
        )
