"""Live chat as it is served: what is told, to whom, and to whom no longer."""

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

from tests.chat.served import Ear, Product, product, soon

pytestmark = [
    pytest.mark.live,
    # The client library leaves the socket of a refused connection to the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture
def ears(here: Product) -> Iterator[Any]:
    """`ears('bram')`: a connected client of somebody, closed at the end."""
    opened: list[Ear] = []

    def ear(who: str | None = None, **headers: str) -> Ear:
        opened.append(Ear(here, who, **headers).open())
        return opened[-1]

    yield ear
    for one in opened:
        one.close()
    gc.collect()  # here, where its complaints of the library are passed over


def test_joining_gives_the_seq_and_everything_is_told_in_order(here: Product, ears: Any) -> None:
    bram, gerda = ears("bram"), ears("gerda")
    seq = bram.join()["seq"]
    assert gerda.join() == {"ok": True, "seq": seq}
    said = [here.say("anna", f"Bericht {n}") for n in range(10)]
    here.api("anna", "PATCH", said[3]["url"], body="Anders")
    here.api("bram", "PUT", f"{said[4]['url']}/reactions/thanks")
    here.api("eva", "PUT", f"{said[5]['url']}/hiding", reason="Naam")
    for ear in (bram, gerda):
        told = soon(lambda ear=ear: len(ear.all("told")) == 13 and ear.all("told"))
        assert [t["seq"] for t in told] == list(range(seq + 1, seq + 14))
        assert [t["id"] for t in told] == [m["id"] for m in [*said, said[3], said[4], said[5]]]
        assert {t["place"] for t in told} == {here.place}
        assert [t["verb"] for t in told[9:]] == ["messages.say", "messages.edit", "messages.react", "messages.hide"]
    assert "Anders" in told[10]["html"]
    assert "Bericht 5" not in told[12]["html"]


def test_what_is_told_is_what_gap_fill_gives(here: Product, ears: Any) -> None:
    bram = ears("bram")
    seq = bram.join()["seq"]
    here.say("anna", "Eenmaal", client_id=str(uuid.uuid4()))
    told = soon(lambda: bram.all("told"))[0]
    request = Request(
        f"{here.address}/rooms/{here.room}/messages?changed_after={seq}",
        headers={"Cookie": f"cop={here.cookies['bram']}", "Accept": "text/vnd.turbo-stream.html"},
    )
    with urlopen(request) as answer:
        assert told["html"].strip() in answer.read().decode()


@pytest.mark.parametrize(
    "place", ["room:1", "room:999999", "thread:1", "page:1", "room:-1", "room:x", "", "room:1/nl", None, 7, {}]
)
def test_a_stranger_joins_nothing(here: Product, ears: Any, place: Any) -> None:
    chris = ears("chris")
    place = here.place if place == "room:1" else place
    for event in ("join", "typing"):
        assert chris.client.call(event, {"place": place}, timeout=5) == {"error": "forbidden"}
    bram = ears("bram")
    bram.join()
    said = here.say("anna", "Niet voor Chris")
    soon(lambda: bram.all("told"))
    assert chris.heard == []
    assert here.api("chris", "GET", said["url"])[0] == 404


def test_a_reader_hears_and_does_not_speak(here: Product, ears: Any) -> None:
    gerda = ears("gerda")
    assert "seq" in gerda.join()
    assert here.api("gerda", "POST", f"/rooms/{here.room}/messages", body="x")[0] == 403


def test_who_is_removed_hears_nothing_more(here: Product, ears: Any) -> None:
    gone, stays = ears("lid00"), ears("bram")
    gone.join()
    stays.join()
    assert here.api("eva", "DELETE", f"/communities/een/members/{here.ids['lid00']}")[0] in (200, 204)
    assert soon(lambda: gone.all("gone"), within=1) == [{"place": here.place}]
    here.say("anna", "Zonder hem")
    soon(lambda: stays.all("told"))
    assert gone.all("told") == []
    assert gone.join() == {"error": "forbidden"}
    assert gone.client.call("typing", {"place": here.place}, timeout=5) == {"error": "forbidden"}


def test_who_leaves_hears_nothing_more(here: Product, ears: Any) -> None:
    gone = ears("lid01")
    gone.join()
    assert here.api("lid01", "DELETE", f"/communities/een/members/{here.ids['lid01']}")[0] in (200, 204)
    assert soon(lambda: gone.all("gone"), within=1) == [{"place": here.place}]


def test_signing_out_closes_the_socket(here: Product, ears: Any) -> None:
    cookie = {"Cookie": f"cop={here.cookies['lid02']}"}
    gone = ears(None, **cookie)
    assert "seq" in gone.join()
    with urlopen(Request(f"{here.address}/sign-out", b"", {**cookie, "Sec-Fetch-Site": "same-origin"})) as answer:
        assert answer.status == 200
    soon(lambda: not gone.client.connected, within=1)
    with pytest.raises(ConnectionError):
        ears(None, **cookie)


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
def test_who_is_unknown_or_comes_from_elsewhere_is_refused(here: Product, ears: Any, headers: dict[str, str]) -> None:
    if headers.get("Cookie") == "anna":
        headers = {**headers, "Cookie": f"cop={here.cookies['anna']}"}
    with pytest.raises(ConnectionError):
        ears(None, **headers)


def test_polling_is_refused(here: Product) -> None:
    for method in ("GET", "POST"):
        request = Request(
            f"{here.address}/socket.io/?EIO=4&transport=polling",
            method=method,
            headers={"Cookie": f"cop={here.cookies['anna']}"},
        )
        with pytest.raises(HTTPError) as refused:
            urlopen(request)
        with refused.value:
            assert refused.value.code == 400


def test_the_eleventh_socket_is_refused(here: Product, ears: Any) -> None:
    opened = [ears("lid03") for _ in range(10)]
    with pytest.raises(ConnectionError):
        ears("lid03")
    opened[0].close()
    soon(lambda: not opened[0].client.connected)
    time.sleep(0.2)
    assert "seq" in ears("lid03").join()


def test_who_sends_too_much_is_not_heard(here: Product, ears: Any) -> None:
    loud, bram = ears("lid04"), ears("bram")
    loud.join()
    bram.join()
    for _ in range(300):
        loud.client.emit("typing", {"place": here.place})
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


def raw_socket(here: Product, who: str) -> websocket.WebSocket:
    """A websocket past the handshakes of Engine.IO and Socket.IO, on which anything can be sent."""
    raw = websocket.create_connection(
        f"{here.address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket",
        cookie=f"cop={here.cookies[who]}",
        origin=here.address,
        timeout=5,
    )
    raw.recv()
    raw.send("40")
    assert raw.recv().startswith("40")
    return raw


@pytest.mark.parametrize("packet", [*MALFORMED, b"", b"\xff\xfe", b"4" * 1_000], ids=range(len(MALFORMED) + 3))
def test_a_malformed_packet_harms_nobody(here: Product, ears: Any, packet: str | bytes) -> None:
    bram = ears("bram")
    bram.join()
    raw = raw_socket(here, "lid05")
    if isinstance(packet, str):
        raw.send(packet)
    else:
        raw.send_binary(packet)
    here.say("anna", "Alles goed?")
    assert soon(lambda: bram.all("told"))
    raw.close()
    assert [event for event, _data in bram.heard if event not in ("told", "present")] == []


def test_a_huge_frame_is_cut(here: Product, ears: Any) -> None:
    bram, raw = ears("bram"), raw_socket(here, "lid05")
    with pytest.raises((websocket.WebSocketConnectionClosedException, ConnectionResetError, BrokenPipeError)):
        _send_and_listen(raw, "42" + json.dumps(["join", {"place": "x" * 2_000_000}]))
    raw.close()
    assert "seq" in bram.join()


def _send_and_listen(raw: websocket.WebSocket, packet: str) -> None:
    """Sends a packet and reads until the server closes."""
    raw.send(packet)
    while raw.recv():
        pass
    raise websocket.WebSocketConnectionClosedException


def test_twenty_tries_at_once_are_one_message(here: Product, ears: Any) -> None:
    bram = ears("bram")
    seq = bram.join()["seq"]
    key = str(uuid.uuid4())
    with ThreadPoolExecutor(20) as pool:
        tries = list(pool.map(lambda n: here.say("anna", "Eenmaal", client_id=key), range(20)))
    assert len({said["id"] for said in tries}) == 1
    assert here.say("anna", "Later nog eens", client_id=key) == tries[0]
    soon(lambda: bram.all("told"))
    time.sleep(0.3)
    assert [t["seq"] for t in bram.all("told")] == [seq + 1]
    assert [m["id"] for m in here.listed()].count(tries[0]["id"]) == 1


def test_messages_of_many_at_once_get_a_place_each(here: Product, ears: Any) -> None:
    bram = ears("bram")
    seq = bram.join()["seq"]
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda n: here.say("anna", f"Nummer {n}"), range(40)))
    assert sorted(m["seq"] for m in said) == list(range(seq + 1, seq + 41))
    soon(lambda: len(bram.all("told")) == 40)
    assert {t["seq"] for t in bram.all("told")} == set(range(seq + 1, seq + 41))


def test_typing_is_passed_on_to_the_others(here: Product, ears: Any) -> None:
    anna, bram, elsewhere = ears("anna"), ears("bram"), ears("gerda")
    anna.join()
    bram.join()
    assert anna.client.call("typing", {"place": here.place, "name": "Iemand anders"}, timeout=5) == {"ok": True}
    assert soon(lambda: bram.all("typing")) == [{"place": here.place, "person": here.ids["anna"], "name": "Anna Adem"}]
    assert anna.all("typing") == elsewhere.all("typing") == []


def test_who_is_there_is_told_when_it_changes(here: Product, ears: Any) -> None:
    bram = ears("bram")
    bram.join()
    soon(lambda: bram.all("present"))
    anna, second = ears("anna"), ears("anna")
    anna.join()
    second.join()

    def names() -> list[str]:
        return [person["name"] for person in bram.all("present")[-1]["people"]]

    soon(lambda: {"Anna Adem", "Bram Baan"} <= set(names()))
    assert {p["name"] for p in here.api("gerda", "GET", f"/rooms/{here.room}/people")[1]["items"]} >= {"Anna Adem"}
    assert "Anna Adem" in bram.all("present")[-1]["html"]
    anna.close()
    time.sleep(1)
    assert "Anna Adem" in names()  # in another window
    second.client.call("leave", {"place": here.place}, timeout=5)
    soon(lambda: "Anna Adem" not in names())
    assert here.api("chris", "GET", f"/rooms/{here.room}/people")[0] == 404


def test_many_who_come_at_once_are_told_together(here: Product, ears: Any) -> None:
    bram = ears("bram")
    bram.join()
    soon(lambda: bram.all("present"))
    before = len(bram.all("present"))
    for n in range(6, 18):
        ears(f"lid{n:02}").join()
    soon(lambda: bram.all("present")[-1]["count"] >= 13)
    assert len(bram.all("present")) - before <= 6


def test_a_thread_that_grew_from_messages_is_named_live(here: Product, ears: Any) -> None:
    said = here.say("anna", "Wat is stap drie?")
    bram = ears("bram")
    bram.join()
    given = {"title": "Na twee waarschuwingen", "body": "…", "sources": [said["id"]]}
    status, thread = here.api("bram", "POST", "/communities/een/threads", **given)
    assert status == 201, thread
    told = soon(lambda: bram.all("told"))[0]
    assert (told["id"], told["verb"]) == (said["id"], "threads.start")
    assert f'<a href="/threads/{thread["id"]}"><bdi>Na twee waarschuwingen</bdi></a>' in told["html"]


def test_each_hears_in_their_own_language(here: Product, ears: Any) -> None:
    assert here.api("lid18", "POST", "/language", language="en")[0] < 300
    english, dutch = ears("lid18"), ears("bram")
    english.join()
    dutch.join()
    here.say("anna", "Goedemorgen")
    assert "Reply to this message" in soon(lambda: english.all("told"))[0]["html"]
    assert "Reageren op dit bericht" in soon(lambda: dutch.all("told"))[0]["html"]


def test_an_unknown_event_or_namespace_gives_nothing(here: Product, ears: Any) -> None:
    bram = ears("bram")
    bram.client.emit("say", {"place": here.place, "body": "Langs een andere deur"})
    with pytest.raises(BadNamespaceError):
        bram.client.emit("join", {"place": here.place}, namespace="/admin")
    assert "seq" in bram.join()
    assert "andere deur" not in json.dumps(here.listed())
