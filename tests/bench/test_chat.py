"""The chat load receives every message of a running yardstick, and reports faults."""

import pytest

from bench import apart, yardstick_data
from bench.chat import Gathering
from bench.echo import Call
from bench.receipts import Receipts
from bench.serving import HOST, free_port, gunicorn, start
from bench.workload import PEOPLE


@pytest.fixture
def server(tmp_path):
    file = tmp_path / "yardstick.sqlite3"
    yardstick_data.seed(file, [])
    port = free_port()
    command = gunicorn("bench.yardstick:create_app()", port, sockets=20)
    served = start(command, port, {"YARDSTICK_DATABASE": str(file)}, tmp_path / "log")
    yield served
    served.stop()


@pytest.mark.live
def test_ten_members_receive_every_message_once(server):
    tokens = [yardstick_data.token_of(name) for name in PEOPLE[:3]]
    gathering = Gathering(HOST, server.port, server.pid, 1, tokens, clients=10, rate=10, seconds=1, warmup=0.5)
    figures = apart.run("bench.chat", gathering)
    assert (figures["sent"], figures["refused"], figures["deliveries"]) == (15, 0, 150)
    assert (figures["lost"], figures["twice"], figures["disorder"]) == (0, 0, 0)
    assert 0 < figures["p50"] <= figures["p95"] <= figures["last_p99"]


@pytest.mark.live
def test_echo_is_received(server):
    figures = apart.run("bench.echo", Call(HOST, server.port, yardstick_data.token_of("lid001"), 0.5, 0))
    assert figures["echoes"] > 3
    assert figures["p50"] > 0


@pytest.mark.live
def test_stranger_is_refused(server):
    with pytest.raises(RuntimeError):
        apart.run("bench.echo", Call(HOST, server.port, "nobody", 0.5, 0))


def test_lost_repeated_and_reordered_messages_are_counted():
    receipts = Receipts()
    receipts.add(client=0, id=1, seq=1, at=10.1)
    receipts.add(client=0, id=1, seq=1, at=10.2)  # again
    receipts.add(client=1, id=2, seq=2, at=11.5)
    receipts.add(client=1, id=1, seq=1, at=11.6)  # out of order
    result = receipts.judge({1: 10.0, 2: 11.0}, clients=2, counting_from=10.5)
    assert (result.deliveries, result.lost, result.twice, result.disorder) == (3, 1, 1, 1)
    assert result.durations == [0.5]
    assert result.last == [0.5]
