"""Live chat in real browsers: every message at once, exactly once and in order, also with a bad connection."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.presses import presses
from tests.chat.proxy import Proxy
from tests.chat.server import ChatServer, run_server

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# Console messages about connections that the test itself broke.
BROKEN_LINE = ("WebSocket connection", "net::ERR_", "the server responded with a status of 4")


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    proxy = Proxy()
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, proxy: Proxy) -> Iterator[ChatServer]:
    """Serve the product behind a proxy that can drop connections."""
    known_as = f"http://127.0.0.1:{proxy.port}"
    with run_server(tmp_path_factory.mktemp("served"), COP_BASE_URL=known_as) as running:
        proxy.target = int(running.address.rpartition(":")[2])
        yield running


@pytest.fixture
def enter(browser: Browser, server: ChatServer, proxy: Proxy) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the room as a person: `enter('anna')`. Fail at the end if there were errors."""
    pages: list[Page] = []
    wrong: list[str] = []
    proxy.down = False

    def entering(who: str, path: str = "", before: Callable[[Page], Any] | None = None, **options: Any) -> Page:
        for draft in server.api(who, "GET", "/drafts")[1]["items"]:  # of an earlier test
            server.api(who, "DELETE", f"/drafts/{draft['id']}")
        context = browser.new_context(base_url=server.public, locale="nl-NL", service_workers="block", **options)
        context.add_cookies([{"name": "cop", "value": server.cookies[who], "url": server.public}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(f"{who}: {error.stack}"))
        page.on(
            "console",
            lambda said: (
                wrong.append(f"{who}: {said.text}")
                if said.type == "error" and not any(known in said.text for known in BROKEN_LINE)
                else None
            ),
        )
        if before:
            before(page)
        page.goto(path or f"/rooms/{server.room}")
        pages.append(page)
        return page

    yield entering
    for page in pages:
        page.context.close()
    assert wrong == []


def live(page: Page) -> Page:
    """Return the page once it is connected."""
    expect(page.locator(".room-state[role=status]")).to_have_text("Verbonden")
    return page


def send(page: Page, words: str) -> None:
    page.locator("#f-message").fill(words)
    page.locator("#f-message").press("Enter")


def texts(page: Page, mark: str) -> list[str]:
    """Return the texts that contain a mark, from top to bottom, including unsent messages."""
    return [text for text in page.locator(".room-log .message-text").all_inner_texts() if mark in text]


def seqs(page: Page) -> list[int]:
    """Return the sequence numbers of the messages, from top to bottom."""
    return [int(message.get_attribute("data-seq") or 0) for message in page.locator("#messages > .message").all()]


def message(page: Page, words: str) -> Locator:
    return page.locator(".room-log .message", has_text=words)


def holding(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))


@presses("messages.say")
def test_two_people_see_each_others_messages(enter: Any, server: ChatServer) -> None:
    anna, bram = live(enter("anna")), live(enter("bram"))
    expect(bram.locator("#present")).to_contain_text("Anna Adem")
    anna.locator("#f-message").press_sequentially("Dag @Br")
    expect(bram.locator(".typing")).to_have_text("Anna Adem typt …")
    anna.locator(".type-ahead [role=option]").first.click()
    anna.locator("#f-message").press("Shift+Enter")
    anna.locator("#f-message").press_sequentially("tweede regel")
    anna.locator("#f-message").press("Enter")
    expect(anna.locator("#f-message")).to_have_value("")
    expect(message(bram, "Dag @Bram Baan")).to_contain_class("is-mention")
    expect(message(bram, "Dag @Bram Baan").locator("br")).to_have_count(1)
    expect(bram.locator(".typing")).to_have_text("")
    send(bram, "Dag Anna")
    send(bram, "Alles goed?")
    for page in (anna, bram):
        expect(message(page, "Alles goed?").and_(page.locator("[data-seq].is-follow"))).to_have_count(1)
        assert seqs(page) == sorted(set(seqs(page)))
    expect(message(bram, "Alles goed?")).to_contain_class("is-own")
    assert texts(anna, "goed?") == texts(bram, "goed?")


def test_own_message_shows_before_the_server_confirms(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna"))
    anna.route("**/messages", lambda route: (time.sleep(0.5), route.continue_())[1])
    anna.evaluate("""() => {
        document.addEventListener("keydown", () => { window.began = performance.now() }, { capture: true })
        const shown = new MutationObserver(() => { window.took ??= performance.now() - window.began })
        shown.observe(document.querySelector("#sending"), { childList: true })
    }""")
    send(anna, "Meteen te zien")
    expect(message(anna, "Meteen te zien").and_(anna.locator(".is-sending"))).to_contain_text("Wordt verzonden")
    took = [anna.evaluate("() => window.took")]
    for again in range(4):  # the browser may share its processor with other tests
        anna.evaluate("() => { delete window.took }")
        send(anna, f"Weer {again}")
        took.append(anna.wait_for_function("() => window.took").json_value())
    assert min(took) < 50, took
    expect(message(anna, "Meteen te zien").and_(anna.locator("[data-seq]"))).to_have_count(1)
    assert texts(anna, "Meteen te zien") == ["Meteen te zien"]


def test_missed_messages_arrive_after_reconnecting(enter: Any, server: ChatServer) -> None:
    anna, bram = live(enter("anna")), live(enter("bram"))
    anna.context.set_offline(True)
    for n in range(5):
        server.send_message("bram", f"Offline {n} van Bram")
    for n in range(3):
        send(anna, f"Offline {n} van Anna")
    for n in range(5, 10):
        server.send_message("bram", f"Offline {n} van Bram")
    expect(anna.locator("#sending .message")).to_have_count(3)
    anna.wait_for_timeout(3_000)
    anna.context.set_offline(False)
    expect(anna.locator("#sending .message")).to_have_count(0, timeout=15_000)
    for page in (anna, bram):
        expect(page.locator("#messages .message-text", has_text="Offline")).to_have_count(13, timeout=15_000)
    expected = [f"Offline {n} van Bram" for n in range(10)] + [f"Offline {n} van Anna" for n in range(3)]
    assert texts(anna, "Offline") == texts(bram, "Offline") == expected
    assert seqs(anna) == sorted(seqs(anna))
    assert [m["seq"] for m in server.list_messages()] == sorted({m["seq"] for m in server.list_messages()})


def test_messages_survive_repeated_disconnects(enter: Any, server: ChatServer, proxy: Proxy) -> None:
    anna, bram = live(enter("anna")), live(enter("bram"))
    for n in range(10):
        server.send_message("eva", f"Ruis {n} van Eva")
        send(anna, f"Ruis {n} van Anna")
        if n % 3 == 0:
            send(bram, f"Ruis {n} van Bram")
        proxy.cut()
        anna.wait_for_timeout(400)
        if n % 4 == 3:
            proxy.down = True
            proxy.cut()
            anna.wait_for_timeout(1_500)
            proxy.down = False
    for page in (anna, bram):
        expect(page.locator("#sending .message")).to_have_count(0, timeout=60_000)
    for page in (anna, bram):
        expect(page.locator("#messages .message-text", has_text="Ruis")).to_have_count(24, timeout=20_000)
    stored = [m["id"] for m in server.list_messages() if "Ruis" in m["html"]]
    assert len(stored) == 24
    for page in (anna, bram):
        shown = page.locator("#messages .message", has_text="Ruis").all()
        assert [int(one.get_attribute("data-id") or 0) for one in shown] == stored
        assert [t for t in texts(page, "Ruis") if "Anna" in t] == [f"Ruis {n} van Anna" for n in range(10)]


def test_messages_arrive_without_websockets(enter: Any, server: ChatServer) -> None:
    bram = enter("bram", before=lambda page: page.route_web_socket("**/socket.io/**", lambda ws: ws.close()))
    state = bram.locator(".room-state[role=status]")
    expect(state).to_have_text("De live verbinding lukt niet. Berichten komen om de paar seconden binnen.")
    first = server.send_message("anna", "Achter de proxy")
    send(bram, "Ook van hier")
    expect(message(bram, "Ook van hier").and_(bram.locator("[data-seq]"))).to_have_count(1)
    expect(message(bram, "Achter de proxy")).to_have_count(1)
    server.api("anna", "PATCH", first["url"], body="Achter de proxy, gewijzigd", base_version=1)
    expect(message(bram, "gewijzigd")).to_have_count(1)
    server.api("anna", "DELETE", first["url"])
    expect(bram.locator(f"#message-{first['id']}")).to_contain_text("ingetrokken")
    assert texts(bram, "proxy") == []


def test_unsent_message_survives_a_reload(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna"))
    anna.route("**/messages", lambda route: route.abort())
    send(anna, "Nog niet weg")
    failed = message(anna, "Nog niet weg").and_(anna.locator(".is-failed"))
    expect(failed.get_by_text("Niet verzonden")).to_be_visible()
    anna.reload()
    expect(failed).to_have_count(1)
    anna.unroute("**/messages")
    expect(message(anna, "Nog niet weg").and_(anna.locator("[data-seq]"))).to_have_count(1, timeout=10_000)
    assert [m["html"] for m in server.list_messages() if "Nog niet weg" in m["html"]] == ["<p>Nog niet weg</p>"]


def test_refused_message_says_why_and_can_be_discarded(enter: Any, server: ChatServer) -> None:
    said = server.send_message("bram", "Straks weg")
    anna = live(enter("anna"))
    message(anna, "Straks weg").locator("[data-act=reply]").click()
    expect(anna.locator(".composer-quote")).to_contain_text("Bram Baan: Straks weg")
    server.api("bram", "DELETE", said["url"])
    send(anna, "Antwoord op niets")
    refused = message(anna, "Antwoord op niets")
    expect(refused).to_contain_text("Het bericht waarop u reageert staat niet (meer) in dit gesprek.")
    refused.get_by_role("button", name="Weggooien").click()
    expect(refused).to_have_count(0)
    anna.reload()
    expect(refused).to_have_count(0)


def choose(page: Page, words: str, line: str) -> None:
    """Choose a line of the menu of a message."""
    shown = message(page, words).last
    shown.hover()
    shown.locator(".message-acts [data-act=acts]").click()
    page.get_by_role("menu").get_by_text(line, exact=True).or_(page.get_by_role("menu").get_by_label(line)).click()


@presses("messages.edit", "messages.react", "messages.restore", "messages.retract", "messages.unreact")
def test_reply_react_and_edit(enter: Any, server: ChatServer) -> None:
    server.send_message("bram", "Wie rijdt er mee?")
    anna, bram = live(enter("anna")), live(enter("bram"))
    choose(anna, "Wie rijdt er mee?", "Reageren")
    expect(anna.locator("#f-message")).to_be_focused()
    send(anna, "Ik rijd mee")
    expect(message(bram, "Ik rijd mee").locator("blockquote")).to_have_text("Bram Baan: Wie rijdt er mee?")
    choose(bram, "Ik rijd mee", "Bedankt")
    expect(bram.get_by_role("menu")).to_have_count(0)
    pressed = message(bram, "Ik rijd mee").locator("[aria-pressed=true]")
    expect(pressed).to_have_accessible_name("Bedankt 1")
    expect(message(anna, "Ik rijd mee").locator(".reactions button")).to_have_attribute("aria-pressed", "false")
    pressed.click()  # one press takes it back
    expect(message(anna, "Ik rijd mee").locator(".reactions")).to_have_count(0)
    choose(bram, "Ik rijd mee", "Hartje")
    expect(message(anna, "Ik rijd mee").get_by_role("button", name="Hartje 1")).to_be_visible()
    choose(anna, "Ik rijd mee", "Bewerken")
    field = anna.get_by_role("textbox", name="Uw tekst wijzigen")
    field.fill(" ")
    anna.get_by_role("button", name="Opslaan").click()
    expect(anna.locator(".message-edit [role=alert]")).to_contain_text("Schrijf eerst een tekst.")
    field.fill("Ik rijd toch niet mee")
    anna.get_by_role("button", name="Opslaan").click()
    expect(message(bram, "Ik rijd toch niet mee")).to_contain_text("Bewerkt")
    choose(anna, "Ik rijd toch niet mee", "Intrekken")
    expect(message(bram, "Ik rijd toch niet mee")).to_have_count(0)
    undo = {
        page: page.locator("#messages .message").last.get_by_role("button", name="Ongedaan maken")
        for page in (anna, bram)
    }
    expect(undo[bram]).to_have_count(0)
    expect(undo[anna]).to_be_focused()
    undo[anna].press("Enter")
    expect(message(bram, "Ik rijd toch niet mee")).to_have_count(1)
    expect(undo[anna]).to_have_count(0)


@presses("messages.hide", "messages.unhide")
def test_moderator_hides_with_a_reason_and_undoes_it(enter: Any, server: ChatServer) -> None:
    server.send_message("bram", "Dit hoort hier niet")
    eva, anna = live(enter("eva")), live(enter("anna"))
    choose(eva, "Dit hoort hier niet", "Verbergen …")
    dialog = eva.get_by_role("dialog", name="Het chatbericht van Bram Baan verbergen")
    dialog.get_by_label("Waarom verbergt u dit?").fill("Er staat een naam in")
    dialog.get_by_role("button", name="Verbergen").click()
    expect(anna.locator("#messages .message").last).to_contain_text("Reden: Er staat een naam in")
    expect(eva.locator("#flash")).to_contain_text("Het chatbericht van Bram Baan is verborgen.")
    eva.locator("#messages .message").last.get_by_role("button", name="Weer tonen").click()
    expect(message(anna, "Dit hoort hier niet")).to_have_count(1)


def test_menu_works_by_keyboard(enter: Any, server: ChatServer) -> None:
    server.send_message("bram", "Met de pijltjes")
    anna = live(enter("anna"))
    more = message(anna, "Met de pijltjes").locator(".message-acts [data-act=acts]")
    more.focus()
    anna.keyboard.press("Enter")
    expect(anna.get_by_role("menuitemcheckbox", name="Bedankt")).to_be_focused()
    anna.keyboard.press("ArrowDown")
    expect(anna.get_by_role("menuitemcheckbox", name="Nuttig")).to_be_focused()
    anna.keyboard.press("Escape")
    expect(anna.get_by_role("menu")).to_have_count(0)
    expect(more).to_be_focused()


def test_focus_stays_while_others_react(enter: Any, server: ChatServer) -> None:
    said = server.send_message("bram", "Wie heeft dit gelezen?")
    anna = live(enter("anna"))
    more = message(anna, "Wie heeft dit gelezen?").locator(".message-acts [data-act=acts]")
    more.focus()
    server.api("eva", "PUT", f"{said['url']}/reactions/agree")
    thanks = message(anna, "Wie heeft dit gelezen?").get_by_role("button", name="Herken ik 1")
    expect(more).to_be_focused()
    thanks.press("Enter")
    expect(message(anna, "Wie heeft dit gelezen?").get_by_role("button", name="Herken ik 2")).to_be_focused()


def test_too_long_message_is_not_cut_off(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna"))
    long = "Een lang verhaal. " * 600
    anna.locator("#f-message").fill(long)
    anna.locator("#f-message").press("Enter")
    expect(anna.locator("#f-message")).to_have_value(long)
    assert "10800 tekens, en hoogstens 10000" in anna.locator("#f-message").evaluate("one => one.validationMessage")
    send(anna, "Een lang verhaal, in het kort")
    expect(message(anna, "in het kort").and_(anna.locator("[data-seq]"))).to_have_count(1)


def test_refused_message_can_be_edited_again(enter: Any, server: ChatServer) -> None:
    said = server.send_message("bram", "Hierop komt iets")
    anna = live(enter("anna"))
    file = {"name": "Plattegrond.txt", "mimeType": "text/plain", "buffer": b"Kelder, zolder."}
    anna.locator("cop-upload input[type=file]").set_input_files([file])
    expect(anna.locator(".composer-chat .attachments")).to_contain_text("Plattegrond.txt")
    message(anna, "Hierop komt iets").locator("[data-act=reply]").click()
    server.api("bram", "DELETE", said["url"])
    send(anna, "Zie de tekening")
    refused = message(anna, "Zie de tekening")
    expect(refused).to_contain_text("Plattegrond.txt")
    anna.locator("#f-message").fill("Intussen getypt")
    refused.get_by_role("button", name="Aanpassen").click()
    expect(refused).to_have_count(0)
    expect(anna.locator("#f-message")).to_have_value("Zie de tekening\n\nIntussen getypt")
    anna.get_by_role("link", name="Niet op dit bericht reageren").click()
    anna.locator("#f-message").press("Enter")
    sent = message(anna, "Intussen getypt").and_(anna.locator("[data-seq]"))
    expect(sent.get_by_role("link", name="Plattegrond.txt", exact=True)).to_be_visible()


def test_expired_session_loses_no_message(enter: Any, server: ChatServer) -> None:
    anna = live(enter("lid11"))
    cookies = anna.context.cookies()
    anna.context.clear_cookies()
    send(anna, "Getypt na afloop")
    expect(message(anna, "Getypt na afloop")).to_contain_text("U bent uitgelogd.")
    enters = message(anna, "Getypt na afloop").get_by_role("link", name="Inloggen")
    expect(enters).to_have_attribute("href", f"/sign-in?next=/rooms/{server.room}")
    anna.locator("#f-message").press_sequentially("En nog half")
    anna.context.add_cookies(cookies)  # signed in again, in another tab
    anna.goto(f"/rooms/{server.room}")
    expect(message(anna, "Getypt na afloop").and_(anna.locator("[data-seq]"))).to_have_count(1)
    expect(anna.locator("#f-message")).to_have_value("En nog half")


def test_two_tabs_stay_in_sync(enter: Any, server: ChatServer) -> None:
    first = live(enter("anna"))
    second = first.context.new_page()
    second.goto(f"/rooms/{server.room}")
    live(second)
    first.context.set_offline(True)
    send(first, "Uit het eerste tabblad")
    send(second, "Uit het tweede tabblad")
    first.context.set_offline(False)
    for page in (first, second):
        for words in ("Uit het eerste tabblad", "Uit het tweede tabblad"):
            expect(message(page, words).and_(page.locator("[data-seq]"))).to_have_count(1, timeout=15_000)
        expect(page.locator("#sending .message")).to_have_count(0, timeout=15_000)
    assert [m for m in server.list_messages() if "tabblad" in m["html"]] == server.list_messages()[-2:]


def test_edits_arrive_after_reconnecting(enter: Any, server: ChatServer) -> None:
    kept, edited, gone = (
        server.send_message("bram", f"Afwezig {word}") for word in ("gewaardeerd", "gewijzigd", "weg")
    )
    anna = live(enter("anna"))
    anna.context.set_offline(True)
    server.api("eva", "PUT", f"{kept['url']}/reactions/thanks")
    server.api("bram", "PATCH", edited["url"], body="Afwezig anders", base_version=1)
    server.api("bram", "DELETE", gone["url"])
    anna.wait_for_timeout(500)
    anna.context.set_offline(False)
    expect(message(anna, "Afwezig anders")).to_contain_text("Bewerkt", timeout=15_000)
    expect(anna.locator(f"#message-{gone['id']}")).to_contain_text("Dit bericht is ingetrokken.")
    expect(message(anna, "Afwezig gewaardeerd").get_by_role("button", name="Bedankt 1")).to_have_count(1)


def test_page_fits_a_narrow_screen(enter: Any, server: ChatServer) -> None:
    server.send_message("bram", "Woningcorporatiesamenwerkingsovereenkomst" * 4)
    server.send_message("bram", "https://voorbeeld.example/" + "pad/" * 40)
    anna = live(enter("anna", viewport={"width": 320, "height": 640}))
    assert anna.evaluate("() => document.documentElement.scrollWidth") <= 320
    log = anna.locator(".room-log")
    assert log.evaluate("log => log.scrollWidth - log.clientWidth") <= 0
    for part in (anna.locator("#f-message"), anna.get_by_role("button", name="Versturen")):
        expect(part).to_be_in_viewport()


def test_screen_reader_announces_messages(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna"))
    log = anna.get_by_role("log", name="Berichten")
    assert log.get_attribute("aria-live") in (None, "polite")  # role=log is polite by default
    send(anna, "Van mijzelf gehoord")
    own = message(anna, "Van mijzelf gehoord").and_(anna.locator("[data-seq]"))
    expect(own).to_have_attribute("aria-live", "off")
    server.send_message("bram", "Van een ander gehoord")
    expect(message(anna, "Van een ander gehoord")).not_to_have_attribute("aria-live", "off")
    expect(anna.get_by_role("textbox", name="Uw bericht")).to_be_visible()
    expect(anna.get_by_role("region", name="Chat")).to_have_count(1)


@presses("rooms.harvest")
def test_messages_become_a_thread(enter: Any, server: ChatServer) -> None:
    for who, words in (("anna", "Wat is stap drie?"), ("eva", "Tussendoor"), ("bram", "Samen om tafel")):
        server.send_message(who, words)
    anna, bram = live(enter("anna")), live(enter("bram"))
    bram.get_by_role("link", name="Berichten kiezen").click()
    message(bram, "Wat is stap drie?").get_by_role("checkbox").check()
    message(bram, "Samen om tafel").get_by_role("checkbox").check()
    expect(bram.locator(".room-select")).to_contain_text("2 berichten gekozen")
    server.api("eva", "PUT", f"/messages/{server.list_messages()[-1]['id']}/reactions/thanks")
    expect(message(bram, "Samen om tafel").locator(".reactions")).to_have_count(1)
    expect(bram.locator(".message.is-selected")).to_have_count(2)
    bram.get_by_role("button", name="Maak hier een gesprek van").click()
    expect(bram).to_have_url(holding("/communities/een/threads/new"))
    expect(bram.get_by_label("Titel")).to_have_value("Wat is stap drie?")
    expect(bram.locator("[name=body]")).to_have_value(holding("Samen om tafel"))
    expect(bram.locator("[name=sources]")).to_have_count(2)
    bram.get_by_role("button", name="Plaatsen").click()
    expect(bram).to_have_url(holding("/threads/"))
    for words in ("Wat is stap drie?", "Samen om tafel"):
        named = anna.locator("#messages .message", has_text=words).last
        expect(named).to_contain_text("Verder besproken in: Wat is stap drie?")


def test_scroll_position_stays_while_reading_back(enter: Any, server: ChatServer) -> None:
    for n in range(120):
        server.send_message(("anna", "bram", "eva")[n % 3], f"Terug {n}", format="plain")
    server.api("gerda", "PUT", f"/rooms/{server.room}/mark", seq=10**9)
    gerda = live(enter("gerda"))
    log = gerda.locator(".room-log")
    assert log.evaluate("log => log.scrollHeight - log.scrollTop - log.clientHeight") < 5
    expect(gerda.locator(".message")).to_have_count(50)
    seen = gerda.locator("#messages > .message").first
    top = seen.evaluate("""(seen) => new Promise((done) => {
        const log = seen.closest(".room-log")
        new MutationObserver(() => done(window.before)).observe(seen.parentElement, { childList: true })
        log.scrollTop = 40
        window.before = seen.getBoundingClientRect().top
    })""")
    expect(gerda.locator(".message")).to_have_count(100)
    gerda.wait_for_timeout(300)
    kept = gerda.locator("#messages > .message").nth(50).evaluate("seen => seen.getBoundingClientRect().top")
    assert abs(kept - top) < 3
    assert seqs(gerda) == sorted(seqs(gerda))
    server.send_message("anna", "Nieuw onderaan")
    expect(gerda.locator(".room-down")).to_contain_text("1 nieuw bericht")
    server.send_message("anna", "Nog een onderaan")
    expect(gerda.locator(".room-down")).to_contain_text("2 nieuwe berichten")
    gerda.locator(".room-down a").click()
    expect(gerda.locator(".room-down")).to_be_hidden()
    assert log.evaluate("log => log.scrollHeight - log.scrollTop - log.clientHeight") < 5


def test_new_messages_are_counted_while_the_tab_is_hidden(enter: Any, server: ChatServer) -> None:
    server.send_message("anna", "Toen je er nog was")
    bram = live(enter("bram"))
    title = re.sub(r"^\(\d+\) ", "", bram.title())
    expect(bram).to_have_title(title)  # what the bell counted was read by coming here
    hide = """(state) => { Object.defineProperty(document, "visibilityState", { value: state, configurable: true })
        document.dispatchEvent(new Event("visibilitychange")) }"""
    bram.evaluate(hide, "hidden")
    server.send_message("anna", "Terwijl je weg was")
    server.send_message("anna", "En nog iets")
    expect(bram).to_have_title(f"(2) {title}")
    expect(bram.locator(".unread-line")).to_have_text("2 nieuwe berichten")
    bram.evaluate(hide, "visible")
    expect(bram).to_have_title(title)
    bram.wait_for_timeout(1_500)
    bram.goto("/")
    bram.wait_for_timeout(1_000)  # leaving the page sent the reading position
    bram.goto(f"/rooms/{server.room}")
    expect(bram.locator(".unread-line")).to_have_count(0)


def test_draft_survives_a_reload(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna"))
    anna.locator("#f-message").press_sequentially("Half gesch")
    anna.reload()
    expect(anna.locator("#f-message")).to_have_value("Half gesch")
    anna.locator("#f-message").press("Enter")
    expect(message(anna, "Half gesch").and_(anna.locator("[data-seq]"))).to_have_count(1)
    anna.wait_for_timeout(2_000)
    anna.reload()
    expect(anna.locator("#f-message")).to_have_value("")


def test_empty_reply_is_dropped(enter: Any, server: ChatServer) -> None:
    server.send_message("bram", "Wie brengt de sleutels?")
    anna = live(enter("anna"))
    message(anna, "Wie brengt de sleutels?").locator("[data-act=reply]").click()
    expect(anna.locator(".composer-quote")).to_be_visible()
    anna.locator("#f-message").press_sequentially("Ik")
    anna.reload()
    expect(live(anna).locator(".composer-quote")).to_contain_text("Wie brengt de sleutels?")
    for _letter in "Ik":
        anna.locator("#f-message").press("Backspace")
    anna.reload()
    expect(live(anna).locator(".composer-quote")).to_be_hidden()


def test_draft_is_hidden_from_the_next_user(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna"))
    anna.locator("#f-message").press_sequentially("Alleen voor mij")
    for who, text in (("bram", ""), ("anna", "Alleen voor mij")):  # after another person's session, then the own again
        anna.context.add_cookies([{"name": "cop", "value": server.cookies[who], "url": server.public}])
        anna.reload()
        expect(live(anna).locator("#f-message")).to_have_value(text)
    assert server.api("bram", "GET", "/drafts")[1]["items"] == []  # the page of Anna saved it while leaving


def test_page_empties_when_access_ends(enter: Any, server: ChatServer) -> None:
    server.send_message("anna", "Vertrouwelijk")
    gone = live(enter("lid10"))
    expect(message(gone, "Vertrouwelijk")).to_have_count(1)
    server.api("eva", "DELETE", f"/communities/een/members/{server.ids['lid10']}")
    notice = gone.get_by_role("alert").filter(has_text="U doet niet meer mee in deze praktijkgemeenschap.")
    expect(notice).to_be_visible(timeout=2_500)
    expect(gone.get_by_role("link", name="Naar de startpagina")).to_be_visible()
    expect(gone.locator(".message")).to_have_count(0)
    expect(gone.locator("#present")).to_be_empty()
    expect(gone.locator("#f-message")).to_be_disabled()
    for name in ("Versturen", "Emoji invoegen"):
        expect(gone.get_by_role("button", name=name)).to_have_count(0)


def test_answer_on_its_way_when_access_ends_is_not_shown(enter: Any, server: ChatServer) -> None:
    gone = live(enter("lid16"))
    answers: list[tuple[Any, Any]] = []
    gone.route("**/people", lambda route: answers.append((route, route.fetch())))
    gone.evaluate("() => window.dispatchEvent(new Event('online'))")  # asks who is there
    while not answers:
        gone.wait_for_timeout(20)
    server.api("eva", "DELETE", f"/communities/een/members/{server.ids['lid16']}")
    expect(gone.get_by_role("alert").filter(has_text="U doet niet meer mee")).to_be_visible()
    assert "Lid" in answers[0][1].text()  # the page may have asked more than once
    with gone.expect_event("requestfinished", lambda request: request == answers[0][0].request):
        for route, answer in answers:
            route.fulfill(response=answer)
    expect(gone.locator("#present")).to_be_empty()


def test_text_can_be_copied_when_access_ends(enter: Any, server: ChatServer) -> None:
    gone = live(enter("lid12"))
    gone.locator("#f-message").press_sequentially("Nog niet verstuurd")
    server.api("eva", "DELETE", f"/communities/een/members/{server.ids['lid12']}")
    expect(gone.get_by_text("Uw tekst staat er nog.")).to_be_visible()
    field = gone.locator("#f-message")
    expect(field).to_have_value("Nog niet verstuurd")
    expect(field).not_to_be_editable()
    gone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    gone.get_by_role("button", name="Kopieer uw tekst").click()
    expect(gone.get_by_text("Gekopieerd")).to_be_visible()
    assert gone.evaluate("() => navigator.clipboard.readText()") == "Nog niet verstuurd"


def test_expired_session_says_so(enter: Any, server: ChatServer) -> None:
    gone = live(enter("lid13"))
    gone.context.clear_cookies()
    gone.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # asks what changed meanwhile
    expect(gone.get_by_role("alert").filter(has_text="U bent uitgelogd.")).to_be_visible()
    enters = gone.locator(".room-gone").get_by_role("link", name="Inloggen")
    expect(enters).to_have_attribute("href", f"/sign-in?next=/rooms/{server.room}")


PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True}


def test_enter_breaks_a_line_on_a_phone(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna", **PHONE))
    field = anna.locator("#f-message")
    expect(field).to_have_attribute("enterkeyhint", "enter")
    field.fill("")
    field.tap()
    field.press_sequentially("regel een mobiel")
    field.press("Enter")
    field.press_sequentially("regel twee mobiel")
    expect(field).to_have_value("regel een mobiel\nregel twee mobiel")
    anna.get_by_role("button", name="Versturen").tap()
    expect(field).to_have_value("")
    expect(field).to_be_focused()  # the keyboard stays
    expect(message(anna, "regel twee mobiel").and_(anna.locator("[data-seq]")).locator("br")).to_have_count(1)


def test_enter_of_a_composition_sends_nothing(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna"))
    field = anna.locator("#f-message")
    expect(field).to_have_attribute("enterkeyhint", "send")
    field.fill("half wo")
    for composing in ({"keyCode": 229}, {"keyCode": 13, "isComposing": True}):
        field.dispatch_event("keydown", {"key": "Enter", "bubbles": True, "cancelable": True, **composing})
    expect(field).to_have_value("half wo")
    field.press("Control+Enter")
    expect(message(anna, "half wo").and_(anna.locator("[data-seq]"))).to_have_count(1)


OFFER = """(at, [kind, name, type]) => {
    const data = new DataTransfer()
    const bytes = Uint8Array.from(atob(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ), (letter) => letter.charCodeAt(0))
    data.items.add(new File([bytes], name, { type }))
    const given = kind === "paste" ? { clipboardData: data } : { dataTransfer: data }
    const Kind = kind === "paste" ? ClipboardEvent : DragEvent
    at.dispatchEvent(new Kind(kind, { bubbles: true, cancelable: true, ...given }))
}"""


@pytest.mark.parametrize(("kind", "place"), [("paste", "#f-message"), ("drop", ".room-log"), ("drop", ".room-head")])
def test_offered_picture_is_attached(enter: Any, server: ChatServer, kind: str, place: str) -> None:
    anna = live(enter("anna"))
    anna.locator(place).evaluate(OFFER, [kind, "schermafdruk.png", "image/png"])
    expect(anna.locator(".composer-chat .attachments")).to_contain_text("schermafdruk.png")
    send(anna, "Zie de afdruk")
    sent = message(anna, "Zie de afdruk").and_(anna.locator("[data-seq]")).last
    expect(sent.locator(".attachments, .pictures").first).to_be_visible()


def test_reader_is_told_that_a_file_is_not_taken(enter: Any, server: ChatServer) -> None:
    gerda = live(enter("gerda"))
    gerda.locator(".room-log").evaluate(OFFER, ["drop", "foto.png", "image/png"])
    expect(gerda.get_by_role("alert").filter(has_text="foto.png")).to_be_visible()
    assert gerda.url.endswith(f"/rooms/{server.room}")


@pytest.mark.parametrize("last", ["👍🏽", "👩‍👩‍👧‍👦", "🇳🇱", "é"])
def test_quote_cuts_no_character(enter: Any, server: ChatServer, last: str) -> None:
    server.send_message("bram", "x" * 119 + last * 30, format="plain")
    anna = live(enter("anna"))
    anna.locator("#messages .message").last.locator("[data-act=reply]").click()
    expect(anna.locator(".composer-quote p")).to_have_text(f"Bram Baan: {'x' * 119}{last}…")
    said = server.list_messages()[-1]["id"]
    anna.goto(f"/rooms/{server.room}?reply_to={said}")
    quoted = anna.locator(".composer-quote p").inner_text().removeprefix("Bram Baan: ").removesuffix("…").lstrip("x")
    assert quoted.replace(last, "") == ""


def test_four_messages_fit_above_the_keyboard_of_a_phone(enter: Any, server: ChatServer) -> None:
    for n, who in enumerate(["anna", "bram", "eva", "anna", "bram", "eva"]):
        server.send_message(who, f"Kort bericht {n}")
    anna = live(enter("anna", **{**PHONE, "viewport": {"width": 360, "height": 430}}))
    anna.locator("#f-message").tap()
    shown = """(log) => [...log.querySelectorAll(".message")].filter((one) => {
        const { top, bottom } = one.getBoundingClientRect()
        return top >= log.getBoundingClientRect().top && bottom <= Math.min(innerHeight, log.getBoundingClientRect().bottom)
    }).length"""
    assert anna.locator(".room-log").evaluate(shown) >= 4
    assert anna.evaluate("() => document.documentElement.scrollHeight") <= 430
    for part in (anna.locator("#f-message"), anna.get_by_role("button", name="Versturen"), anna.locator("#room-name")):
        expect(part).to_be_in_viewport(ratio=1)
    expect(anna.locator(".page-footer")).to_be_hidden()
    anna.get_by_role("link", name="Terug naar Eerste kring").tap()
    expect(anna).to_have_url(holding("/communities/een"))


def test_room_about_button_opens_on_a_phone(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna", **PHONE))
    expect(anna.locator("#room-info")).to_be_hidden()
    anna.get_by_role("button", name="aanwezig. Over deze chat").tap()
    expect(anna.locator("#present")).to_contain_text("Anna Adem")
    anna.keyboard.press("Escape")
    expect(anna.locator("#room-info")).to_be_hidden()


def test_notices_stand_above_the_text_the_first_time_only(enter: Any, server: ChatServer) -> None:
    server.send_message("bram", "Welkom")
    new = live(enter("lid14"))
    expect(new.locator(".composer-info")).to_contain_text("Noem geen namen")
    new.wait_for_timeout(1_500)
    new.goto("/")
    new.goto(f"/rooms/{server.room}")
    expect(live(new).locator(".composer-info")).to_have_count(0)
    expect(new.locator("#room-info")).to_contain_text("Noem geen namen")


def test_muted_room_gives_no_notices(enter: Any, server: ChatServer) -> None:
    def unread() -> int:
        return server.api("lid15", "GET", "/notices/unread")[1]["unread"]

    muter = live(enter("lid15"))
    mute = muter.get_by_role("button", name="Meldingen dempen")
    expect(mute).to_have_attribute("aria-pressed", "false")
    mute.click()
    expect(muter.get_by_text("U krijgt geen meldingen meer uit deze chat.")).to_be_visible()
    expect(mute).to_have_attribute("aria-pressed", "true")
    muter.goto("about:blank")
    muter.wait_for_timeout(1_000)  # leaving the page sent the reading position
    server.send_message("bram", "Kijk je, @Lid 15?")
    assert unread() == 0
    muter.goto(f"/rooms/{server.room}")
    expect(mute).to_have_attribute("aria-pressed", "true")
    live(muter)
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "false")
    muter.goto("about:blank")
    muter.wait_for_timeout(1_000)  # leaving the page sent the reading position
    server.send_message("bram", "En nu, @Lid 15?")
    assert unread() == 1


def test_emoji_is_inserted_by_keyboard(enter: Any, server: ChatServer) -> None:
    anna = live(enter("anna"))
    field = anna.locator("#f-message")
    field.fill("Mooi zo")
    field.evaluate("(one) => one.setSelectionRange(4, 4)")
    anna.get_by_role("button", name="Emoji invoegen").press("Enter")
    expect(anna.get_by_role("dialog", name="Emoji").get_by_role("button").first).to_be_focused()
    anna.keyboard.press("ArrowRight")
    anna.keyboard.press("ArrowDown")
    anna.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(anna.get_by_role("dialog", name="Emoji")).to_be_hidden()
    assert re.fullmatch(r"Mooi\W+ zo", field.input_value())
    anna.get_by_role("button", name="Emoji invoegen").click()
    expect(anna.get_by_role("dialog", name="Emoji")).to_be_visible()
    anna.keyboard.press("Escape")
    expect(anna.get_by_role("dialog", name="Emoji")).to_be_hidden()


def test_arrow_up_edits_the_last_message_in_place(enter: Any, server: ChatServer) -> None:
    said = server.send_message("anna", "Ik kom om vier uur")
    anna, bram = live(enter("anna")), live(enter("bram"))
    anna.locator("#f-message").fill("")  # a draft may have been kept here
    anna.locator("#f-message").press("ArrowUp")
    field = anna.get_by_role("textbox", name="Uw tekst wijzigen")
    expect(field).to_have_value("Ik kom om vier uur")
    expect(field).to_be_focused()
    field.fill("Ik kom om vijf uur")
    server.api("bram", "PUT", f"{said['url']}/reactions/thanks")  # the message is replaced while it is edited
    expect(anna.locator(f"#message-{said['id']} .reactions")).to_have_count(1)
    expect(field).to_have_value("Ik kom om vijf uur")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(anna.locator("#f-message")).to_be_focused()
    expect(message(anna, "Ik kom om vier uur")).to_have_count(1)
    anna.reload()
    live(anna).locator("#f-message").press("ArrowUp")
    expect(field).to_have_value("Ik kom om vijf uur")  # what was typed is kept
    field.press("Enter")
    expect(field).to_have_count(0)
    expect(message(bram, "Ik kom om vijf uur")).to_contain_text("Bewerkt")
    expect(anna.locator("#f-message")).to_be_focused()


def test_edit_over_a_newer_text_keeps_both(enter: Any, server: ChatServer) -> None:
    said = server.send_message("anna", "Zaal een")
    anna = live(enter("anna"))
    anna.locator("#f-message").fill("")  # a draft may have been kept here
    anna.locator("#f-message").press("ArrowUp")
    field = anna.get_by_role("textbox", name="Uw tekst wijzigen")
    field.fill("Zaal twee")
    server.api("anna", "PATCH", said["url"], body="Zaal drie", base_version=said["version"])
    expect(anna.locator(f"#message-{said['id']} .message-text")).to_have_text("Zaal drie")
    field.press("Enter")
    expect(anna.locator(".message-edit [role=alert]")).to_contain_text("intussen gewijzigd")
    expect(field).to_have_value("Zaal twee")
    field.press("Enter")
    expect(anna.locator(f"#message-{said['id']} .message-text")).to_have_text("Zaal twee")


def test_repeated_key_shows_both_texts(enter: Any, server: ChatServer) -> None:
    key = "5b0c3c33-52a8-4c6f-a0a6-2f3f6f0f7a11"
    server.send_message("anna", "Eerste tekst", client_id=key)
    anna = live(enter("anna"))
    anna.evaluate(
        """([key, place, viewer]) => localStorage.setItem(`cop-draft:sending:${place}:${viewer}:${key}`,
            JSON.stringify({ body: "Tweede tekst", files: [], names: [], reply_to: null, client_id: key, at: 1 }))""",
        [key, server.place, str(server.ids["anna"])],
    )
    anna.reload()
    kept = anna.locator("#sending .message", has_text="Tweede tekst")
    expect(kept).to_contain_text("Dit bericht stond er al, met een andere tekst: “Eerste tekst”.")
    anna.reload()
    expect(kept).to_have_count(1)
    kept.get_by_role("button", name="Als nieuw bericht versturen").click()
    expect(kept).to_have_count(0)
    for words in ("Eerste tekst", "Tweede tekst"):
        expect(message(anna, words).and_(anna.locator("[data-seq]"))).to_have_count(1)


def test_messages_are_chosen_by_touch_and_keyboard(enter: Any, server: ChatServer) -> None:
    for words in ("Kies mij", "En mij"):
        server.send_message("bram", words)
    anna = live(enter("anna", **PHONE))
    anna.get_by_role("link", name="Berichten kiezen").tap()
    message(anna, "Kies mij").last.locator(".message-text").tap()
    expect(message(anna, "Kies mij").last).to_contain_class("is-selected")
    message(anna, "En mij").last.get_by_role("checkbox").press("Space")
    expect(anna.locator(".room-select")).to_contain_text("2 berichten gekozen")
    anna.get_by_role("link", name="Annuleren").press("Enter")
    expect(anna.locator(".message.is-selected")).to_have_count(0)
    expect(anna.get_by_role("link", name="Berichten kiezen")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_room_opens_at_the_newest(enter: Any, server: ChatServer, script: bool) -> None:
    for n in range(30):
        server.send_message("bram", f"Van vroeger {n}", format="plain")
    server.api("anna", "PUT", f"/rooms/{server.room}/mark", seq=10**9)
    anna = enter("anna", java_script_enabled=script)
    expect(anna.locator("#messages .message").last).to_be_in_viewport(ratio=1)
    expect(anna.locator("#f-message")).to_be_in_viewport(ratio=1)


def test_works_without_script(enter: Any, server: ChatServer) -> None:
    server.send_message("bram", "Zonder script")
    anna = enter("anna", java_script_enabled=False)
    expect(anna.get_by_text("Ververs deze pagina")).to_be_visible()
    anna.locator("#f-message").fill("Met een gewoon formulier")
    anna.get_by_role("button", name="Versturen").click()
    expect(message(anna, "Met een gewoon formulier")).to_have_count(1)
    anna.get_by_role("link", name="Berichten kiezen").click()
    message(anna, "Zonder script").get_by_role("checkbox").check()
    anna.get_by_role("button", name="Maak hier een gesprek van").click()
    expect(anna.get_by_label("Titel")).to_have_value("Zonder script")


def axe(page: Page) -> list[str]:
    """Return the WCAG 2.2 A and AA violations of the page; its context bypasses the policy."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("""() => axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] })""")
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_page_is_accessible(enter: Any, server: ChatServer, scheme: str, width: int) -> None:
    server.send_message("anna", "Toegankelijk voor @Bram Baan?")
    answered = server.send_message("eva", "Ja", reply_to=server.list_messages()[-1]["id"])
    server.api("anna", "PUT", f"{answered['url']}/reactions/idea")
    bram = live(enter("bram", color_scheme=scheme, viewport={"width": width, "height": 780}, bypass_csp=True))
    assert axe(bram) == []
    message(bram, "Ja").last.hover()
    message(bram, "Ja").last.locator(".message-acts [data-act=acts]").click()
    expect(bram.get_by_role("menu")).to_be_visible()
    assert axe(bram) == []
    bram.keyboard.press("Escape")
    bram.get_by_role("button", name="Emoji invoegen").click()
    assert axe(bram) == []
    bram.keyboard.press("Escape")
    bram.get_by_role("link", name="Berichten kiezen").click()
    assert axe(bram) == []


def test_works_by_keyboard(enter: Any, server: ChatServer) -> None:
    server.send_message("eva", "Met het toetsenbord")
    said = server.send_message("eva", "En nog iets")
    anna = live(enter("anna"))
    article = anna.locator(f"#message-{said['id']}")
    expect(article).to_contain_class("is-follow")
    article.locator(".byline-name").focus()
    for _ in range(4):  # name, time, reply, more
        focus = anna.locator(":focus")
        assert focus.evaluate("(one) => one.checkVisibility({ opacityProperty: true }) && one.offsetWidth > 10")
        assert focus.evaluate("(one) => one.closest('.message').id") == f"message-{said['id']}"
        anna.keyboard.press("Tab")
    anna.locator("#f-message").focus()
    anna.keyboard.type("Klaar")
    anna.keyboard.press("Enter")
    expect(anna.locator("#f-message")).to_be_focused()


def test_first_view_loads_few_modules(enter: Any, server: ChatServer) -> None:
    sizes: dict[str, int] = {}

    def note(page: Page) -> None:
        page.on(
            "response", lambda one: sizes.update({one.url: len(gzip.compress(one.body()))} if ".js" in one.url else {})
        )

    live(enter("anna", before=note)).wait_for_timeout(500)
    # What keeps and sends a text comes after the first view, before the connection may be lost.
    writing = ("base/drafts.js", "base/draft-store.js", "chat/outbox.js")
    assert sum(size for url, size in sizes.items() if not url.endswith(writing)) <= 55_000
    assert sum(sizes.values()) <= 62_500
    assert len([url for url in sizes if "/vendor/" not in url]) <= 17
