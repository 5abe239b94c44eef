"""Live chat on a running server: which events reach whom, and when they stop."""

from __future__ import annotations

import gc
import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import websocket
from socketio.exceptions import BadNamespaceError, ConnectionError

from tests.chat.server import ChatServer, SocketClient, run_server, wait_for

pytestmark = [
    pytest.mark.live,
    # The client library leaves the socket of a refused connection to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatServer]:
    with run_server(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture
def open_socket(server: ChatServer) -> Iterator[Any]:
    """Return a function that connects a client as a person: `open_socket('bram')`. Close all at the end."""
    opened: list[SocketClient] = []

    def client(who: str | None = None, **headers: str) -> SocketClient:
        opened.append(SocketClient(server, who, **headers).open())
        return opened[-1]

    yield client
    for one in opened:
        one.close()
    gc.collect()  # collect here, where the warnings of the library are ignored


def test_join_returns_the_sequence_and_events_arrive_in_order(server: ChatServer, open_socket: Any) -> None:
    bram, gerda = open_socket("bram"), open_socket("gerda")
    seq = bram.join()["seq"]
    assert gerda.join() == {"ok": True, "seq": seq}
    messages = [server.send_message("anna", f"Bericht {n}") for n in range(10)]
    server.api("anna", "PATCH", messages[3]["url"], body="Anders", base_version=1)
    server.api("bram", "PUT", f"{messages[4]['url']}/reactions/thanks")
    server.api("eva", "PUT", f"{messages[5]['url']}/hiding", reason="Naam")
    for client in (bram, gerda):
        events = wait_for(lambda client=client: len(client.all("told")) == 13 and client.all("told"))
        assert [t["seq"] for t in events] == list(range(seq + 1, seq + 14))
        assert [t["id"] for t in events] == [m["id"] for m in [*messages, messages[3], messages[4], messages[5]]]
        assert {t["place"] for t in events} == {server.place}
        assert [t["verb"] for t in events[9:]] == ["messages.say", "messages.edit", "messages.react", "messages.hide"]
    assert "Anders" in events[10]["html"]
    assert "Bericht 5" not in events[12]["html"]


def test_events_equal_the_gap_fill(server: ChatServer, open_socket: Any) -> None:
    bram = open_socket("bram")
    seq = bram.join()["seq"]
    server.send_message("anna", "Eenmaal", client_id=str(uuid.uuid4()))
    event = wait_for(lambda: bram.all("told"))[0]
    request = Request(
        f"{server.address}/rooms/{server.room}/messages?changed_after={seq}",
        headers={"Cookie": f"cop={server.cookies['bram']}", "Accept": "text/vnd.turbo-stream.html"},
    )
    with urlopen(request) as answer:
        assert event["html"].strip() in answer.read().decode()


@pytest.mark.parametrize(
    "place", ["room:1", "room:999999", "thread:1", "page:1", "room:-1", "room:x", "", "room:1/nl", None, 7, {}]
)
def test_stranger_cannot_join(server: ChatServer, open_socket: Any, place: Any) -> None:
    chris = open_socket("chris")
    place = server.place if place == "room:1" else place
    for event in ("join", "typing"):
        assert chris.client.call(event, {"place": place}, timeout=5) == {"error": "forbidden"}
    bram = open_socket("bram")
    bram.join()
    message = server.send_message("anna", "Niet voor Chris")
    wait_for(lambda: bram.all("told"))
    assert chris.received == []
    assert server.api("chris", "GET", message["url"])[0] == 404


def test_reader_receives_but_cannot_send(server: ChatServer, open_socket: Any) -> None:
    gerda = open_socket("gerda")
    assert "seq" in gerda.join()
    assert server.api("gerda", "POST", f"/rooms/{server.room}/messages", body="x")[0] == 403


def test_removed_member_receives_nothing(server: ChatServer, open_socket: Any) -> None:
    gone, stays = open_socket("lid00"), open_socket("bram")
    gone.join()
    stays.join()
    assert server.api("eva", "DELETE", f"/communities/een/members/{server.ids['lid00']}")[0] in (200, 204)
    assert wait_for(lambda: gone.all("gone"), within=1) == [{"place": server.place}]
    server.send_message("anna", "Zonder hem")
    wait_for(lambda: stays.all("told"))
    assert gone.all("told") == []
    assert gone.join() == {"error": "forbidden"}
    assert gone.client.call("typing", {"place": server.place}, timeout=5) == {"error": "forbidden"}


def test_member_who_left_receives_nothing(server: ChatServer, open_socket: Any) -> None:
    gone = open_socket("lid01")
    gone.join()
    assert server.api("lid01", "DELETE", f"/communities/een/members/{server.ids['lid01']}")[0] in (200, 204)
    assert wait_for(lambda: gone.all("gone"), within=1) == [{"place": server.place}]


def test_signing_out_closes_the_socket(server: ChatServer, open_socket: Any) -> None:
    cookie = {"Cookie": f"cop={server.cookies['lid02']}"}
    gone = open_socket(None, **cookie)
    assert "seq" in gone.join()
    with urlopen(Request(f"{server.address}/sign-out", b"", {**cookie, "Sec-Fetch-Site": "same-origin"})) as answer:
        assert answer.status == 200
    wait_for(lambda: not gone.client.connected, within=1)
    with pytest.raises(ConnectionError):
        open_socket(None, **cookie)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer cop_x"},
        {"Cookie": "cop=x"},
        {"Cookie": "io=x"},
        {"Cookie": "anna", "Origin": "https://evil.example"},
        {"Cookie": "anna", "Origin": "null"},
        {"Cookie": "anna", "Origin": "http://127.0.0.1.evil.example", "X-Forwarded-Host": "127.0.0.1.evil.example"},
    ],
)
def test_bad_credentials_and_other_origins_are_refused(
    server: ChatServer, open_socket: Any, headers: dict[str, str]
) -> None:
    if headers.get("Cookie") == "anna":
        headers = {**headers, "Cookie": f"cop={server.cookies['anna']}"}
    with pytest.raises(ConnectionError):
        open_socket(None, **headers)


def test_polling_is_refused(server: ChatServer) -> None:
    for method in ("GET", "POST"):
        request = Request(
            f"{server.address}/socket.io/?EIO=4&transport=polling",
            method=method,
            headers={"Cookie": f"cop={server.cookies['anna']}"},
        )
        with pytest.raises(HTTPError) as refused:
            urlopen(request)
        with refused.value:
            assert refused.value.code == 400


def test_eleventh_socket_is_refused(server: ChatServer, open_socket: Any) -> None:
    opened = [open_socket("lid03") for _ in range(10)]
    with pytest.raises(ConnectionError):
        open_socket("lid03")
    opened[0].close()
    wait_for(lambda: not opened[0].client.connected)
    time.sleep(0.2)
    assert "seq" in open_socket("lid03").join()


def test_flood_is_dropped(server: ChatServer, open_socket: Any) -> None:
    loud, bram = open_socket("lid04"), open_socket("bram")
    loud.join()
    bram.join()
    for _ in range(300):
        loud.client.emit("typing", {"place": server.place})
    assert loud.join() == {"error": "forbidden"}
    assert len(bram.all("typing")) <= 100
    assert "seq" in bram.join()


DEEP = 5_000
MALFORMED = [
    "",
    "4",
    "40",
    "42",
    "42{}",
    "42[]",
    '42[""]',
    "42[1]",
    '42["join"',
    '42["join"]',
    '42["join",',
    '42["join",[]]',
    '42["join",null]',
    '42["join",{"place":{"place":1}}]',
    '42["join",' + '{"a":' * DEEP + "1" + "}" * DEEP + "]",
    "42" + "[" * DEEP + "]" * DEEP,
    "42" + "9" * DEEP + '["join"]',
    "43" + "9" * DEEP + "[]",
    '51-["join",{"_placeholder":true,"num":0}]',
    '599999999999-["join"]',
    "41",
    "49",
    "44{}",
    "2probe",
    "3",
    "5",
    "6",
    "x",
    "4x",
    "\x00",
    '42["connect"]',
    '42["disconnect"]',
    '42["told",{"place":"room:1","seq":1}]',
    '42/evil,["join"]',
    "40/evil,",
    '42["typing",{"place":"room:1","name":"Eva"}]',
]


def raw_socket(server: ChatServer, who: str) -> websocket.WebSocket:
    """Return a websocket after the handshakes of Engine.IO and Socket.IO, on which anything can be sent."""
    raw = websocket.create_connection(
        f"{server.address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket",
        cookie=f"cop={server.cookies[who]}",
        origin=server.address,
        timeout=5,
    )
    raw.recv()
    raw.send("40")
    assert raw.recv().startswith("40")
    return raw


@pytest.mark.parametrize("packet", [*MALFORMED, b"", b"\xff\xfe", b"4" * 1_000], ids=range(len(MALFORMED) + 3))
def test_malformed_packet_affects_no_other_client(server: ChatServer, open_socket: Any, packet: str | bytes) -> None:
    bram = open_socket("bram")
    bram.join()
    raw = raw_socket(server, "lid05")
    if isinstance(packet, str):
        raw.send(packet)
    else:
        raw.send_binary(packet)
    server.send_message("anna", "Alles goed?")
    assert wait_for(lambda: bram.all("told"))
    raw.close()
    assert [event for event, _data in bram.received if event not in ("told", "present")] == []


def test_huge_frame_closes_the_connection(server: ChatServer, open_socket: Any) -> None:
    bram, raw = open_socket("bram"), raw_socket(server, "lid05")
    with pytest.raises((websocket.WebSocketConnectionClosedException, ConnectionResetError, BrokenPipeError)):
        _send_and_listen(raw, "42" + json.dumps(["join", {"place": "x" * 2_000_000}]))
    raw.close()
    assert "seq" in bram.join()


def _send_and_listen(raw: websocket.WebSocket, packet: str) -> None:
    """Send a packet and read until the server closes."""
    raw.send(packet)
    while raw.recv():
        pass
    raise websocket.WebSocketConnectionClosedException


def test_twenty_simultaneous_retries_make_one_message(server: ChatServer, open_socket: Any) -> None:
    bram = open_socket("bram")
    seq = bram.join()["seq"]
    key = str(uuid.uuid4())
    with ThreadPoolExecutor(20) as pool:
        tries = list(pool.map(lambda n: server.send_message("anna", "Eenmaal", client_id=key), range(20)))
    assert len({message["id"] for message in tries}) == 1
    assert server.send_message("anna", "Eenmaal", client_id=key) == tries[0]
    wait_for(lambda: bram.all("told"))
    time.sleep(0.3)
    assert [t["seq"] for t in bram.all("told")] == [seq + 1]
    assert [m["id"] for m in server.list_messages()].count(tries[0]["id"]) == 1


def test_simultaneous_messages_get_distinct_sequence_numbers(server: ChatServer, open_socket: Any) -> None:
    bram = open_socket("bram")
    seq = bram.join()["seq"]
    with ThreadPoolExecutor(8) as pool:
        messages = list(pool.map(lambda n: server.send_message("anna", f"Nummer {n}"), range(40)))
    assert sorted(m["seq"] for m in messages) == list(range(seq + 1, seq + 41))
    wait_for(lambda: len(bram.all("told")) == 40)
    assert {t["seq"] for t in bram.all("told")} == set(range(seq + 1, seq + 41))


def test_typing_is_sent_to_the_others(server: ChatServer, open_socket: Any) -> None:
    anna, bram, elsewhere = open_socket("anna"), open_socket("bram"), open_socket("gerda")
    anna.join()
    bram.join()
    assert anna.client.call("typing", {"place": server.place, "name": "Iemand anders"}, timeout=5) == {"ok": True}
    assert wait_for(lambda: bram.all("typing")) == [
        {"place": server.place, "person": server.ids["anna"], "name": "Anna Adem"}
    ]
    assert anna.all("typing") == elsewhere.all("typing") == []


def test_changes_of_people_in_the_room_are_sent(server: ChatServer, open_socket: Any) -> None:
    bram = open_socket("bram")
    bram.join()
    wait_for(lambda: bram.all("present"))
    anna, second = open_socket("anna"), open_socket("anna")
    anna.join()
    second.join()

    def names() -> list[str]:
        return [person["name"] for person in bram.all("present")[-1]["people"]]

    wait_for(lambda: {"Anna Adem", "Bram Baan"} <= set(names()))
    assert {p["name"] for p in server.api("gerda", "GET", f"/rooms/{server.room}/people")[1]["items"]} >= {"Anna Adem"}
    assert "Anna Adem" in bram.all("present")[-1]["html"]
    anna.close()
    time.sleep(1)
    assert "Anna Adem" in names()  # still connected in the other window
    second.client.call("leave", {"place": server.place}, timeout=5)
    wait_for(lambda: "Anna Adem" not in names())
    assert server.api("chris", "GET", f"/rooms/{server.room}/people")[0] == 404


def test_simultaneous_arrivals_are_sent_together(server: ChatServer, open_socket: Any) -> None:
    bram = open_socket("bram")
    bram.join()
    wait_for(lambda: bram.all("present"))
    before = len(bram.all("present"))
    for n in range(6, 18):
        open_socket(f"lid{n:02}").join()
    wait_for(lambda: bram.all("present")[-1]["count"] >= 13)
    assert len(bram.all("present")) - before <= 6


def test_link_to_a_harvested_thread_is_sent(server: ChatServer, open_socket: Any) -> None:
    message = server.send_message("anna", "Wat is stap drie?")
    bram = open_socket("bram")
    bram.join()
    given = {"title": "Na twee waarschuwingen", "body": "…", "sources": [message["id"]]}
    status, thread = server.api("bram", "POST", "/communities/een/threads", **given)
    assert status == 201, thread
    event = wait_for(lambda: bram.all("told"))[0]
    assert (event["id"], event["verb"]) == (message["id"], "threads.start")
    assert f'<a href="/threads/{thread["id"]}"><bdi>Na twee waarschuwingen</bdi></a>' in event["html"]


def test_events_are_in_the_language_of_the_reader(server: ChatServer, open_socket: Any) -> None:
    assert server.api("lid18", "POST", "/language", language="en")[0] < 300
    english, dutch = open_socket("lid18"), open_socket("bram")
    english.join()
    dutch.join()
    server.send_message("anna", "Goedemorgen")
    assert "Reply to this message" in wait_for(lambda: english.all("told"))[0]["html"]
    assert "Reageren op dit bericht" in wait_for(lambda: dutch.all("told"))[0]["html"]


def test_unknown_events_and_namespaces_are_ignored(server: ChatServer, open_socket: Any) -> None:
    bram = open_socket("bram")
    bram.client.emit("say", {"place": server.place, "body": "Langs een andere deur"})
    with pytest.raises(BadNamespaceError):
        bram.client.emit("join", {"place": server.place}, namespace="/admin")
    assert "seq" in bram.join()
    assert "andere deur" not in json.dumps(server.list_messages())
