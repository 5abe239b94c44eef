"""Sharing files in a real browser: one by one with progress, stopped, tried again, and hung on what is written."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.conftest import Committing
from tests.documents.real import Real

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SHELF = "/communities/een/documents"


@pytest.fixture(scope="module")
def real(committing: Committing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    real = Real(committing, tmp_path_factory.mktemp("browser"))
    with real.served():
        yield real
    real.close()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {"executable_path": "/usr/bin/chromium", "args": [*flags, "--disable-sync"]}


@pytest.fixture
def enter(browser: Browser, real: Real) -> Iterator[Callable[..., Page]]:
    """Anna's browser, in which nothing goes wrong unseen."""
    wrong: list[str] = []
    pages: list[Page] = []

    def enter(**options: Any) -> Page:
        context = browser.new_context(base_url=real.address, locale="nl-NL", service_workers="block", **options)
        context.add_cookies([{"name": "cop", "value": real.cookie, "url": real.address}])
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: wrong.append(f"{error} {error.stack}"))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        pages.append(page)
        return page

    yield enter
    for page in pages:
        page.context.close()
    assert [said for said in wrong if not re.search(r"Failed to load resource|WebSocket", said)] == []


@pytest.fixture
def page(enter: Callable[..., Page]) -> Page:
    return enter()


def sent(name: str, content: str = "tekst") -> Any:
    return {"name": name, "mimeType": "text/plain", "buffer": content.encode()}


def choose(page: Page, *files: Any) -> None:
    if page.locator("cop-upload[draft]").count():
        page.locator("cop-upload[draft] .attach-button").hover()  # a composer fetches the module then
    expect(page.locator("cop-upload:defined").first).to_be_attached()
    page.locator("cop-upload input[type=file]").set_input_files(list(files))


def name(page: Page, title: str) -> Any:
    return page.locator(".document-name a", has_text=title)


def test_several_files_stand_in_the_list(page: Page) -> None:
    page.goto(SHELF)
    choose(page, sent("Een.txt"), sent("Twee.txt"), sent("Leeg.txt", ""))
    expect(name(page, "Een.txt")).to_be_visible()
    expect(name(page, "Twee.txt")).to_be_visible()
    failed = page.locator(".upload.is-failed")
    expect(failed).to_contain_text("Dit bestand is leeg.")
    expect(failed.get_by_role("button", name="Opnieuw")).to_be_hidden()  # it would fail again
    expect(page.locator(".upload.is-done")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="Klaar: 2 gedeeld, 1 niet gelukt.")).to_be_visible()
    failed.get_by_role("button", name="Leeg.txt weghalen").click()
    expect(failed).to_have_count(0)


def test_a_file_that_failed_is_tried_again_without_choosing_it(page: Page) -> None:
    page.goto(SHELF)
    broken = [2]

    def cut(route: Route) -> None:
        broken[0] -= 1
        route.abort("connectionreset") if broken[0] == 0 else route.continue_()

    page.route("**/communities/een/files", cut)
    choose(page, sent("A1.txt"), sent("A2.txt"), sent("A3.txt"))
    expect(name(page, "A3.txt")).to_be_visible()  # the others went on
    expect(name(page, "A2.txt")).to_have_count(0)
    row = page.locator(".upload.is-failed")
    expect(row).to_contain_text("De verbinding viel weg. Uw bestand staat hier nog.")
    row.get_by_role("button", name="Opnieuw").click()
    expect(name(page, "A2.txt")).to_be_visible()
    expect(page.locator(".upload.is-failed")).to_have_count(0)


def test_what_arrived_unheard_is_not_shared_twice(page: Page, real: Real) -> None:
    """The answer is lost, not the file: trying again gives the same document, in one version."""
    page.goto(SHELF)
    first = [True]

    def lose(route: Route) -> None:
        if first:
            first.clear()
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/communities/een/files", lose)
    choose(page, sent("Eenmaal.txt"))
    page.get_by_role("button", name="Opnieuw").click()
    expect(name(page, "Eenmaal.txt")).to_be_visible()
    assert real.versions()["Eenmaal.txt"] == 1


def test_its_words_come_with_the_first_file(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/words/" in request.url else None)
    page.goto(SHELF)
    page.evaluate("() => customElements.whenDefined('cop-upload')")
    assert asked == []
    choose(page, sent("Woorden.txt"), sent("Nog woorden.txt"))
    expect(page.locator(".upload-said")).to_have_text("Klaar: 2 gedeeld, 0 niet gelukt.")
    assert [address.rpartition("/")[2] for address in asked] == ["upload.nl.json"]


def test_without_its_words_a_file_goes_its_way(page: Page) -> None:
    page.route("**/words/upload.*", lambda route: route.abort())
    page.goto(SHELF)
    choose(page, sent("Woordloos.txt"))
    expect(name(page, "Woordloos.txt")).to_be_visible()


def test_who_is_quicker_than_the_module_is_heard(page: Page) -> None:
    held: list[Route] = []
    page.route("**/cop-upload.js", lambda route: held.append(route))
    page.goto(SHELF, wait_until="commit")
    page.locator("cop-upload input[type=file]").set_input_files([sent("Vlug.txt")])
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(name(page, "Vlug.txt")).to_be_visible()


def test_stopped_and_taken_up_again(page: Page) -> None:
    page.goto(SHELF)
    held: list[Route] = []
    page.route("**/communities/een/files", lambda route: held.append(route) if not held else route.continue_())
    choose(page, sent("Traag.txt"), sent("Vlug.txt"))
    page.get_by_role("button", name="Stop met Traag.txt").click()
    expect(page.locator(".upload", has_text="Traag.txt")).to_contain_text("Gestopt")
    expect(name(page, "Vlug.txt")).to_be_visible()
    page.get_by_role("button", name="Opnieuw").click()
    expect(name(page, "Traag.txt")).to_be_visible()


def test_dropped_anywhere_on_the_page(page: Page) -> None:
    page.goto(SHELF)
    expect(page.locator("cop-upload:defined")).to_have_count(1)  # what is dropped before that is the browser's
    handle = page.evaluate_handle("""() => {
        const data = new DataTransfer()
        data.items.add(new File(["gesleept"], "Gesleept.txt", { type: "text/plain" }))
        return data
    }""")
    page.evaluate("() => customElements.whenDefined('cop-upload')")
    page.locator("main").dispatch_event("dragover", {"dataTransfer": handle})
    expect(page.locator(".drop.is-over")).to_be_visible()
    page.locator("main").dispatch_event("drop", {"dataTransfer": handle})
    expect(name(page, "Gesleept.txt")).to_be_visible()
    expect(page.locator(".drop.is-over")).to_have_count(0)


def test_too_large_and_too_many_are_said_before_they_are_sent(page: Page) -> None:
    page.goto(SHELF)
    page.locator("cop-upload").evaluate("upload => { upload.dataset.largest = 1e6; upload.dataset.most = 2 }")
    choose(page, sent("Groot.txt", "x" * 1_000_001), sent("M1.txt"), sent("M2.txt"))
    expect(page.locator(".upload", has_text="Groot.txt")).to_contain_text("Dit bestand is te groot: hoogstens 1 MB.")
    late = page.locator(".upload", has_text="M2.txt")
    expect(late).to_contain_text("Hoogstens 2 tegelijk")
    expect(name(page, "M1.txt")).to_be_visible()
    late.get_by_role("button", name="Opnieuw").click()
    expect(name(page, "M2.txt")).to_be_visible()


def test_a_known_name_says_that_it_is_a_version(page: Page, real: Real) -> None:
    real.share(b"een", "Bekend.txt")
    page.goto(SHELF)
    choose(page, sent("Bekend.txt", "twee"))
    expect(page.locator(".upload.is-done")).to_contain_text("Gedeeld als versie 2")
    expect(page.locator("tr", has_text="Bekend.txt")).to_contain_text("versie 2")


def test_a_new_version_waits_for_its_remark(page: Page, real: Real) -> None:
    file = real.share(b"een", "Concept.txt")
    page.goto(file["url"])
    choose(page, sent("Concept.txt", "twee"))
    expect(page.locator(".upload")).to_have_count(0)
    page.get_by_label("Wat is er anders?").fill("Punt 7 toegevoegd.")
    page.get_by_role("button", name="Nieuwe versie bewaren").click()
    expect(page.locator(".version.is-current")).to_contain_text("Punt 7 toegevoegd.")
    expect(page.locator(".upload.is-done")).to_contain_text("Gedeeld als versie 2")
    expect(page.get_by_label("Wat is er anders?")).to_have_value("")
    choose(page, sent("Concept.txt", "drie"))  # on top of the version just made
    page.get_by_role("button", name="Nieuwe versie bewaren").click()
    expect(page.locator(".version")).to_have_count(3)


def test_somebody_else_saved_first(page: Page, real: Real) -> None:
    file = real.share(b"een", "Samen.txt")
    page.goto(file["url"])
    real.share(b"intussen", "Samen.txt")
    choose(page, sent("Samen.txt", "de mijne"))
    page.get_by_role("button", name="Nieuwe versie bewaren").click()
    row = page.locator(".upload.is-failed")
    expect(row).to_contain_text("nadat u het opende")
    row.get_by_role("button", name="Opnieuw").click()  # read, and saved on top of it
    expect(page.locator(".version.is-current")).to_contain_text("3")


def test_attachments_of_a_thread(page: Page, real: Real) -> None:
    page.goto("/communities/een/threads/new")
    choose(page, sent("Bijlage.txt"), sent("Fout.txt", ""))
    hung = page.locator(".attachment", has_text="Bijlage.txt")
    expect(hung).to_be_visible()
    assert real.state("Bijlage.txt") == "draft"
    page.get_by_label("Titel").fill("Een vraag met een bijlage")
    write(page, "Zie de bijlage.")
    page.get_by_role("button", name="Plaatsen").click()
    expect(page.get_by_text("Een bijlage is niet verstuurd. Kies Opnieuw, of haal haar weg.")).to_be_visible()
    page.get_by_role("button", name="Fout.txt weghalen").click()
    choose(page, sent("Te veel.txt"))
    page.get_by_role("button", name="Te veel.txt weghalen").click()
    page.get_by_role("button", name="Plaatsen").click()
    expect(page.locator(".post .attachment")).to_have_count(1)
    expect(page.locator(".post .attachment")).to_contain_text("Bijlage.txt")
    assert real.state("Bijlage.txt") == "live"


def test_posting_waits_for_the_attachments(page: Page, real: Real) -> None:
    page.goto("/communities/een/threads/new")

    def slowly(route: Route) -> None:
        time.sleep(0.7)
        route.continue_()

    page.route("**/communities/een/files", slowly)
    page.get_by_label("Titel").fill("Nog een vraag")
    write(page, "Zie de bijlage.")
    choose(page, sent("Later.txt"))
    page.get_by_role("button", name="Plaatsen").click()
    expect(page.locator(".post .attachment")).to_contain_text("Later.txt")


def write(page: Page, words: str) -> None:
    """Into the editor, which comes in the place of the field once somebody starts to write."""
    page.locator("#f-body").focus()
    editor = page.locator(".ProseMirror")
    expect(editor).to_be_focused()
    editor.press_sequentially(words)


def test_without_script(enter: Callable[..., Page]) -> None:
    page = enter(java_script_enabled=False)
    page.goto(SHELF)
    page.get_by_label("Kies bestanden").set_input_files([sent("Zonder.txt"), sent("Script.txt")])
    page.get_by_role("button", name="Delen").click()
    expect(page.get_by_text("2 bestanden zijn gedeeld.")).to_be_visible()
    name(page, "Zonder.txt").click()
    page.get_by_label("Bestand", exact=True).set_input_files([sent("Zonder.txt", "nieuw")])
    page.get_by_label("Wat is er anders?").fill("Beter")
    page.get_by_role("button", name="Nieuwe versie bewaren").click()
    expect(page.get_by_text("Dit is nu versie 2.")).to_be_visible()
    page.get_by_role("button", name="Terugzetten").click()
    expect(page.locator(".version.is-current")).to_contain_text("Versie 1 teruggezet.")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(real: Real, enter: Callable[..., Page], width: int, scheme: str) -> None:
    file = real.share(b"een", "Toegankelijk.txt")
    page = enter(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    for address in (SHELF, file["url"], f"{SHELF}/trash", f"{SHELF}?show=attachments"):
        page.goto(address)
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
        said = [(v["id"], n["html"][:200]) for v in found["violations"] for n in v["nodes"]]
        assert said == [], address


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_the_list_comes_first(enter: Callable[..., Page], script: bool) -> None:
    page = enter(viewport={"width": 360, "height": 780}, java_script_enabled=script)
    page.goto(SHELF)
    expect(page.locator(".documents-upload .drop")).to_be_hidden()
    expect(page.locator(".documents-head")).to_be_in_viewport()
    page.get_by_text("Documenten delen").click()
    expect(page.get_by_label("Kies bestanden")).to_be_visible()
    expect(page.locator(".drop .readers")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.reload()
    expect(page.get_by_text("Documenten delen")).to_be_hidden()
    expect(page.get_by_label("Kies bestanden")).to_be_visible()
