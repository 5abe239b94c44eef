"""The main user journey from end to end: a question, an answer, a chat, a document, and moderation.

It is run in browsers, by the API, and (in test_without_javascript.py) with plain forms.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import socketio
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import Browsers
from tests.browser.writing import write
from tests.product import ROOT, Product

pytestmark = pytest.mark.browser

HOUSING = "Nieuwe en tijdelijke goedkope woningvoorraad"
FILES = ROOT / "cop" / "cli" / "demo" / "files"
DOCUMENT = FILES / "model-huisregels-v1.docx"
AWAY = 5  # seconds without a network
SOON = 5_000  # milliseconds within which others see a message


class Line:
    """The connection of one browser, which can be cut: requests fail and the socket closes."""

    def __init__(self, page: Page):
        self.page, self.down = page, False
        self.sockets: list[WebSocketRoute] = []
        page.route_web_socket(re.compile(r"/socket\.io/"), self.connect)

    def connect(self, socket: WebSocketRoute) -> None:
        """Let a socket through while the connection is up."""
        if self.down:
            return socket.close()
        self.sockets.append(socket)
        socket.connect_to_server()
        return None

    def cut(self) -> None:
        self.down = True
        self.page.context.set_offline(True)
        for socket in self.sockets:
            socket.close()
        self.sockets.clear()

    def mend(self) -> None:
        self.down = False
        self.page.context.set_offline(False)


def reply(page: Page, text: str) -> Locator:
    """Write a reply in a thread and return its element."""
    write(page, text)
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    post = page.locator("#posts > article.post", has_text=text[:40])
    expect(post).to_be_visible()
    return post


def send(page: Page, text: str) -> None:
    """Send a message in a room."""
    page.locator("#f-message").fill(text)
    page.locator("#f-message").press("Enter")


def messages_with(page: Page, mark: str) -> list[str]:
    """Return the messages that contain a mark, from top to bottom."""
    texts = page.locator("cop-chat .message-text", has_text=mark).all_inner_texts()
    return [text.strip() for text in texts]


def test_journey_in_two_browsers(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    word = f"knarrenhof{uuid4().hex[:6]}"  # a unique word
    willemijn, elsa = browsers.open("Willemijn"), browsers.open("Elsa")

    # A question with an attachment that mentions the expert.
    willemijn.get_by_role("link", name="Stel een vraag").click()
    expect(willemijn.get_by_role("heading", level=1)).not_to_have_text("Wat vraagt uw aandacht?")
    willemijn.get_by_role("main").get_by_role("link", name=HOUSING).click()
    willemijn.get_by_label("Titel").fill(f"Hoe regelt u de {word}?")
    write(willemijn, "Wij zoeken een voorbeeld. @Elsa")
    willemijn.get_by_role("option", name="Elsa Hypothese").click()
    willemijn.keyboard.type(" kent u er een?")
    willemijn.locator("cop-upload input[type=file]").set_input_files(DOCUMENT)
    expect(willemijn.locator("li.attachment", has_text=DOCUMENT.name)).to_be_visible()
    willemijn.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(willemijn.get_by_role("heading", level=1)).to_have_text(f"Hoe regelt u de {word}?")
    expect(willemijn.locator("#posts .attachments")).to_contain_text(DOCUMENT.name)
    thread = willemijn.url.partition("#")[0].partition("?")[0]

    # The expert is notified at once and by mail; the link opens the post.
    expect(elsa.locator("#unread")).to_have_text(re.compile(r"\d+"), timeout=SOON)
    email = product.post.wait("e.hypothese@trimbos.example", word)
    text = email.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Willemijn Voorbeeld" in str(email["Subject"])
    address = re.search(rf"{re.escape(product.address)}/\S+", text)[0]  # type: ignore[index]
    elsa.goto(address)
    expect(elsa.get_by_role("heading", level=1)).to_have_text(f"Hoe regelt u de {word}?")
    download = elsa.request.get(elsa.locator("#posts .attachments a").first.get_attribute("href") or "")
    assert download.status == 200

    # She answers; the asker sees it without a reload and accepts it.
    reply(elsa, f"Begin met een {word}, dan volgt de rest vanzelf. Wij hebben er in drie steden mee gewerkt.")
    answer = willemijn.locator("#posts > article.post", has_text="dan volgt de rest vanzelf")
    expect(answer).to_be_visible(timeout=SOON)
    answer.get_by_role("link", name="Meer opties").click()
    willemijn.get_by_role("menuitem", name="Dit is het antwoord").click()
    expect(willemijn.locator(".thread-head")).to_contain_text("Beantwoord")

    # Search finds the answer by a word in it, but not for a member of another community.
    willemijn.goto(f"/search?q={word}")
    expect(willemijn.locator(".hits")).to_contain_text("dan volgt de rest vanzelf")
    lotte = browsers.open("Lotte", f"/search?q={word}")
    expect(lotte.locator("main")).to_contain_text("Niets gevonden")

    _chat(browsers, willemijn, elsa)
    _document(willemijn)
    _moderator(browsers, thread, word)


def _chat(browsers: Browsers, willemijn: Page, elsa: Page) -> None:
    """Two people chat while one of them loses the network; three messages become a thread."""
    mark = f"m{uuid4().hex[:6]}"
    line = Line(willemijn)
    for page in (willemijn, elsa):
        page.goto("/communities/woningvoorraad/rooms")
        expect(page.locator(".room-state[role=status]")).to_have_text("Verbonden")
    send(willemijn, f"{mark} een: bent u er?")
    expect(elsa.get_by_text(f"{mark} een")).to_be_visible(timeout=SOON)
    send(elsa, f"{mark} twee: ja")
    expect(willemijn.get_by_text(f"{mark} twee")).to_be_visible(timeout=SOON)

    line.cut()
    send(willemijn, f"{mark} drie: dit schreef ik zonder verbinding")
    expect(willemijn.locator("#sending", has_text=f"{mark} drie")).to_be_visible()
    for number in ("vier", "vijf", "zes"):
        send(elsa, f"{mark} {number}: bent u er nog?")
    willemijn.wait_for_timeout(AWAY * 1000)
    assert len(messages_with(willemijn, mark)) == 3  # the two earlier messages and the unsent one
    line.mend()

    for page in (willemijn, elsa):
        expect(page.locator("cop-chat .message-text", has_text=mark)).to_have_count(6, timeout=20_000)
    expect(willemijn.locator("#sending .message")).to_have_count(0)
    assert messages_with(willemijn, mark) == messages_with(elsa, mark), "every message once, in the same order"
    willemijn.reload()
    assert messages_with(willemijn, mark) == messages_with(elsa, mark)
    browsers.errors = [
        error for error in browsers.errors if "ERR_INTERNET_DISCONNECTED" not in error and "WebSocket" not in error
    ]

    willemijn.get_by_role("link", name="Berichten kiezen").click()
    for number in ("vier", "vijf", "zes"):
        willemijn.locator(".message", has_text=f"{mark} {number}").get_by_role("checkbox").check()
    expect(willemijn.locator(".room-select")).to_contain_text("3 berichten gekozen")
    willemijn.get_by_role("button", name="Maak hier een gesprek van").click()
    expect(willemijn.get_by_role("heading", level=1, name="Nieuw gesprek")).to_be_visible()
    expect(willemijn.locator("cop-editor .ProseMirror")).to_have_text(re.compile(f"{mark} vier.*{mark} zes", re.S))
    willemijn.get_by_label("Titel").fill(f"Wat wij bespraken over {mark}")
    willemijn.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(willemijn.get_by_role("heading", level=1)).to_have_text(f"Wat wij bespraken over {mark}")
    expect(willemijn.locator("#posts")).to_contain_text("Elsa Hypothese")
    expect(elsa.locator(".message", has_text=f"{mark} vier")).to_contain_text("Verder besproken in", timeout=SOON)


def _document(page: Page) -> None:
    """A document gets a second version with a remark; the first can be restored."""
    name = f"huisregels-{uuid4().hex[:6]}.docx"
    first = {"name": name, "mimeType": "application/octet-stream", "buffer": DOCUMENT.read_bytes()}
    second = {**first, "buffer": Path(str(DOCUMENT).replace("v1", "v2")).read_bytes()}
    page.goto("/communities/woningvoorraad/documents?sort=recent")
    page.locator("cop-upload input[type=file]").set_input_files([first])  # type: ignore[list-item]
    page.locator(".document-name a", has_text=name).click()
    expect(page.locator(".document-facts").first).to_contain_text("versie 1")
    page.locator("#new-version input[type=file]").set_input_files([second])  # type: ignore[list-item]
    page.get_by_label("Wat is er anders?").fill("Punt 7 toegevoegd")
    page.get_by_role("button", name="Nieuwe versie opslaan").click()
    expect(page.locator(".document-facts").first).to_contain_text("versie 2")
    expect(page.locator(".version")).to_have_count(2)
    expect(page.locator(".version.is-current")).to_contain_text("Punt 7 toegevoegd")
    page.locator("#version-1").get_by_role("button", name="Terugzetten").click()
    expect(page.locator(".document-facts").first).to_contain_text("versie 3")


def _moderator(browsers: Browsers, thread: str, word: str) -> None:
    """The moderator pins, features and moves a thread."""
    marijke = browsers.open("Marijke", f"{thread}/curation")
    for act, mark in (("Vastzetten", "Vastgezet"), ("Uitlichten", "Uitgelicht")):
        marijke.get_by_role("button", name=act, exact=True).click()
        expect(marijke.locator(".thread-head")).to_contain_text(mark)
        marijke.goto(f"{thread}/curation")
    marijke.goto("/communities/woningvoorraad")
    expect(marijke.locator(".featured")).to_contain_text(word)
    marijke.goto(f"{thread}/curation")
    marijke.get_by_label("Naar welke praktijkgemeenschap?").select_option("zachte-landing")
    marijke.get_by_role("button", name="Verplaatsen", exact=True).click()
    expect(marijke.locator(".community-name")).to_have_text("Zachte landing in de wijk")
    # Members of the old community lose access; members of the new one have it.
    gerrit, lotte = browsers.open("Gerrit", "/help"), browsers.open("Lotte", thread)
    assert gerrit.request.get(thread).status == 404
    expect(lotte.get_by_role("heading", level=1)).to_contain_text(word)


def test_removed_member_receives_nothing(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    """An open chat receives nothing within a second, and every address of the community gives 404."""
    mark = f"v{uuid4().hex[:6]}"
    karin, daan = people["Karin"], people["Daan"]  # Karin is a member of this community only
    room = product.ask(karin, "/communities/procesregie/rooms")["items"][0]["url"]
    thread = product.ask(karin, "/communities/procesregie/threads")["items"][0]["url"]
    post = product.ask(karin, f"{thread}/posts")["items"][0]["url"]
    file = product.ask(karin, "/communities/procesregie/files")["items"][0]["url"]
    message = product.ask(karin, f"{room}/messages")["items"][0]["url"]
    addresses = [
        "/communities/procesregie" + part
        for part in ("", "/threads", "/threads/new", "/documents", "/files", "/rooms", "/members")
    ]
    addresses += [
        thread,
        f"{thread}/posts",
        post,
        f"{post}/acts",
        room,
        f"{room}/messages",
        message,
        file,
        f"{file}/content",
    ]
    page = browsers.open("Karin", room)
    expect(page.locator(".room-state[role=status]")).to_have_text("Verbonden")
    product.call(daan, "POST", f"{room}/messages", {"body": f"{mark} nog wel"})
    expect(page.get_by_text(f"{mark} nog wel")).to_be_visible(timeout=SOON)
    for address in addresses:
        assert page.request.get(address).status == 200, address

    marijke = browsers.open("Marijke", f"/communities/procesregie/members/{karin}")
    marijke.get_by_role("button", name="Karin Zetfout verwijderen").click()
    marijke.get_by_text("doet niet meer mee").first.wait_for()
    began = time.monotonic()
    product.call(daan, "POST", f"{room}/messages", {"body": f"{mark} niet meer"})
    expect(page.locator(".room-gone")).to_contain_text("niet meer mee", timeout=1_000)
    assert time.monotonic() - began < 1.5
    assert messages_with(page, mark) == [], "what was read is gone from the screen too"
    for address in addresses:
        assert page.request.get(address).status == 404, address
        assert page.request.get(f"/api/v1{address}").status == 404, address
    assert product.call(karin, "POST", f"{room}/messages", {"body": "x"})[0] == 404
    found = product.ask(karin, "/search?q=convenant")["items"]
    assert [hit for hit in found if hit["kind"] != "person"] == []  # she stays a partner, who finds people
    page.goto(room)
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze pagina bestaat niet")


# By API


class Program:
    """A client that uses only a token."""

    def __init__(self, product: Product, mail: str):
        self.product, self.token = product, product.command("token", mail).strip()

    def ask(self, method: str, path: str, status: int = 200, **given: Any) -> Any:
        """Send a request, check its status, and return the response."""
        got, _headers, body = self.product.request(
            method,
            f"/api/v1{path}",
            json.dumps(given) if given else b"",
            Authorization=f"Bearer {self.token}",
            Content_Type="application/json",
        )
        assert got == status, f"{method} {path}: {got} {body[:300]!r}"
        return json.loads(body or b"null")

    def send(self, path: str, name: str, content: bytes, **fields: str) -> Any:
        """Upload a file."""
        mark = uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join(parts).encode() + head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        got, _headers, answer = self.product.request(
            "POST",
            f"/api/v1{path}",
            body,
            Authorization=f"Bearer {self.token}",
            Content_Type=f"multipart/form-data; boundary={mark}",
        )
        assert got == 201, answer[:300]
        return json.loads(answer)


@pytest.fixture
def socket(product: Product) -> Iterator[Callable[[Program], socketio.Client]]:
    """Return a function that opens a live connection with the token of a program: `socket(program)`."""
    opened: list[socketio.Client] = []

    def connect(program: Program) -> socketio.Client:
        client = socketio.Client(reconnection=False)
        client.connect(product.address, transports=["websocket"], headers={"Authorization": f"Bearer {program.token}"})
        opened.append(client)
        return client

    yield connect
    for client in opened:
        client.disconnect()


def test_journey_by_api(product: Product, people: dict[str, int], socket: Callable[[Program], socketio.Client]) -> None:
    word = f"programma{uuid4().hex[:6]}"
    willemijn, elsa = Program(product, "w.voorbeeld@waterveen.example"), Program(product, "e.hypothese@trimbos.example")
    marijke = Program(product, json.loads(product.command("people", "list", "--json"))[people["Marijke"] - 1]["mail"])
    assert willemijn.ask("GET", "/me")["roles"]["woningvoorraad"] == "member"

    # A question with an attachment, a mention by mail, an answer, its acceptance.
    file = willemijn.send("/communities/woningvoorraad/files", f"{word}.docx", DOCUMENT.read_bytes(), draft="true")
    thread = willemijn.ask(
        "POST",
        "/communities/woningvoorraad/threads",
        201,
        kind="question",
        title=f"Wie kent {word}?",
        body="Graag een voorbeeld, @Elsa Hypothese.",
        format="markdown",
        files=[file["id"]],
    )
    assert elsa.ask("GET", f"/files/{file['id']}")["state"] == "live"
    product.post.wait("e.hypothese@trimbos.example", word)
    key = str(uuid4())
    answer = elsa.ask("POST", f"{thread['url']}/posts", 201, body=f"Zo werkt {word} **wel**.", client_id=key)
    again = elsa.ask("POST", f"{thread['url']}/posts", 201, body=f"Zo werkt {word} **wel**.", client_id=key)
    assert again["id"] == answer["id"], "the same key gives the same post"
    assert willemijn.ask("PUT", f"{thread['url']}/answer", post=answer["id"])["answer"] == answer["id"]

    # Both are in the room; one disconnects and catches up by the API.
    room = willemijn.ask("GET", "/communities/woningvoorraad/rooms")["items"][0]
    received: list[dict[str, Any]] = []
    live = socket(willemijn)
    live.on("told", received.append)
    joined = live.call("join", {"place": f"room:{room['id']}"}, timeout=10)
    assert joined["ok"]
    for number in range(3):
        elsa.ask("POST", f"{room['url']}/messages", 201, body=f"{word} {number}", client_id=str(uuid4()))
    _wait(lambda: len(received) >= 3)
    assert [one["seq"] for one in received] == sorted(one["seq"] for one in received)
    live.disconnect()
    messages = [elsa.ask("POST", f"{room['url']}/messages", 201, body=f"{word} {number}") for number in range(3, 6)]
    elsa.ask("DELETE", messages[0]["url"])
    missed = willemijn.ask("GET", f"{room['url']}/messages?changed_after={received[-1]['seq']}")["items"]
    assert [(one["id"], one["state"]) for one in sorted(missed, key=lambda one: one["seq"])] == [
        (messages[0]["id"], "retracted"),
        (messages[1]["id"], "live"),
        (messages[2]["id"], "live"),
    ]

    # Three messages become a thread.
    chosen = [one["id"] for one in willemijn.ask("GET", f"{room['url']}/messages")["items"] if word in one["html"]][:3]
    draft = willemijn.ask("POST", f"{room['url']}/harvest", messages=chosen)
    grown = willemijn.ask(
        "POST",
        "/communities/woningvoorraad/threads",
        201,
        title=f"Uit het live gesprek: {word}",
        body=draft["body"],
        sources=chosen,
    )
    assert word in willemijn.ask("GET", f"{grown['url']}/posts")["items"][0]["html"]

    # A second version; a stale one is refused and overwrites nothing.
    shared = willemijn.send("/communities/woningvoorraad/files", f"model-{word}.docx", DOCUMENT.read_bytes())
    newer = willemijn.send(
        f"{shared['url']}/versions",
        f"model-{word}.docx",
        (FILES / "model-huisregels-v2.docx").read_bytes(),
        base_version=str(shared["version"]),
        remark="Punt 7",
    )
    assert (newer["number"], newer["versions"][0]["remark"]) == (2, "Punt 7")

    # Moderation, and search results by permission.
    assert marijke.ask("PUT", f"{thread['url']}/pin")["pinned"]
    assert marijke.ask("PUT", f"{thread['url']}/feature")["featured"]
    lotte, gerrit = people["Lotte"], people["Gerrit"]
    assert product.ask(gerrit, f"/search?q={word}")["items"]
    assert product.ask(lotte, f"/search?q={word}")["items"] == []
    assert product.call(lotte, "GET", thread["url"])[0] == 404
    marijke.ask("POST", f"{thread['url']}/move", community="zachte-landing")
    assert product.call(gerrit, "GET", thread["url"])[0] == 404
    assert product.call(lotte, "GET", thread["url"])[0] == 200


def _wait(there: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
