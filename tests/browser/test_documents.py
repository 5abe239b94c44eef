"""Uploads in a real browser: progress, stop, retry, and attachments of posts."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from cop.base import jobs
from tests.browser.presses import presses
from tests.browser.writing import write
from tests.conftest import SeparateApp
from tests.documents.site import DocumentSite

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SHELF = "/communities/een/documents"
GPS = 0x8825  # the tag of the place in the metadata of a picture


@pytest.fixture(scope="module")
def site(separate_app: SeparateApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentSite]:
    site = DocumentSite(separate_app, tmp_path_factory.mktemp("browser"))
    with site.serve():
        yield site
    site.close()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {"executable_path": "/usr/bin/chromium", "args": [*flags, "--disable-sync"]}


@pytest.fixture
def enter(browser: Browser, site: DocumentSite) -> Iterator[Callable[..., Page]]:
    """Return a function that opens Anna's browser, or that of the person with this cookie; fail at the end if there were errors."""
    wrong: list[str] = []
    pages: list[Page] = []

    def enter(cookie: str = site.cookie, **options: Any) -> Page:
        context = browser.new_context(base_url=site.address, locale="nl-NL", service_workers="block", **options)
        context.add_cookies([{"name": "cop", "value": cookie, "url": site.address}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(f"{error} {error.stack}"))
        page.on("console", lambda entry: wrong.append(entry.text) if entry.type == "error" else None)
        pages.append(page)
        return page

    yield enter
    for page in pages:
        page.context.close()
    assert [entry for entry in wrong if not re.search(r"Failed to load resource|WebSocket", entry)] == []


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


@presses("files.upload")
def test_several_files_appear_in_the_list(page: Page) -> None:
    page.goto(SHELF)
    choose(page, sent("Een.txt"), sent("Twee.txt"), sent("Leeg.txt", ""))
    expect(name(page, "Een.txt")).to_be_visible()
    expect(name(page, "Twee.txt")).to_be_visible()
    failed = page.locator(".upload.is-failed")
    expect(failed).to_contain_text("Dit bestand is leeg.")
    expect(failed.get_by_role("button", name="Opnieuw")).to_be_hidden()  # or the retry fails again
    expect(page.locator(".upload.is-done")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="Klaar: 2 gedeeld, 1 niet gelukt.")).to_be_visible()
    failed.get_by_role("button", name="Leeg.txt weghalen").click()
    expect(failed).to_have_count(0)


def test_failed_upload_can_be_retried(page: Page) -> None:
    page.goto(SHELF)
    broken = [2]

    def cut(route: Route) -> None:
        broken[0] -= 1
        route.abort("connectionreset") if broken[0] == 0 else route.continue_()

    page.route("**/communities/een/files", cut)
    choose(page, sent("A1.txt"), sent("A2.txt"), sent("A3.txt"))
    expect(name(page, "A3.txt")).to_be_visible()  # the other uploads continued
    expect(name(page, "A2.txt")).to_have_count(0)
    row = page.locator(".upload.is-failed")
    expect(row).to_contain_text("De verbinding viel weg. Uw bestand staat hier nog.")
    row.get_by_role("button", name="Opnieuw").click()
    expect(name(page, "A2.txt")).to_be_visible()
    expect(page.locator(".upload.is-failed")).to_have_count(0)


def test_retry_after_a_lost_response_uploads_once(page: Page, site: DocumentSite) -> None:
    """The response is lost, not the file: a retry gives the same document with one version."""
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
    assert site.versions()["Eenmaal.txt"] == 1


def test_script_texts_load_with_the_first_file(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/words/" in request.url else None)
    page.goto(SHELF)
    page.evaluate("() => customElements.whenDefined('cop-upload')")
    assert asked == []
    choose(page, sent("Woorden.txt"), sent("Nog woorden.txt"))
    expect(page.locator(".upload-said")).to_have_text("Klaar: 2 gedeeld, 0 niet gelukt.")
    assert [address.rpartition("/")[2] for address in asked] == ["upload.nl.json"]


def test_upload_works_without_the_script_texts(page: Page) -> None:
    page.route("**/words/upload.*", lambda route: route.abort())
    page.goto(SHELF)
    choose(page, sent("Woordloos.txt"))
    expect(name(page, "Woordloos.txt")).to_be_visible()


def test_file_chosen_before_the_module_loads_is_uploaded(page: Page) -> None:
    held: list[Route] = []
    page.route("**/cop-upload.js", lambda route: held.append(route))
    page.goto(SHELF, wait_until="commit")
    page.locator("cop-upload input[type=file]").set_input_files([sent("Vlug.txt")])
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(name(page, "Vlug.txt")).to_be_visible()


def test_stopped_upload_can_be_resumed(page: Page) -> None:
    page.goto(SHELF)
    held: list[Route] = []
    page.route("**/communities/een/files", lambda route: held.append(route) if not held else route.continue_())
    choose(page, sent("Traag.txt"), sent("Vlug.txt"))
    page.get_by_role("button", name="Stop met Traag.txt").click()
    expect(page.locator(".upload", has_text="Traag.txt")).to_contain_text("Gestopt")
    expect(name(page, "Vlug.txt")).to_be_visible()
    page.get_by_role("button", name="Opnieuw").click()
    expect(name(page, "Traag.txt")).to_be_visible()


def test_files_can_be_dropped_anywhere(page: Page) -> None:
    page.goto(SHELF)
    expect(page.locator("cop-upload:defined")).to_have_count(1)  # the browser handles drops before that
    page.evaluate("""() => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File(["gesleept"], "Gesleept.txt", { type: "text/plain" }))
        const main = document.querySelector("main")
        const send = type => main.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
        // Entering the page fetches what takes files; a browser repeats the next while the file is over the page.
        send("dragenter")
        const over = setInterval(() => send("dragover"), 50)
        window.drop = () => { clearInterval(over); send("drop") }
    }""")
    expect(page.locator(".drop-here.is-over")).to_contain_text("Laat los om te delen in “Documenten”")
    page.evaluate("() => window.drop()")
    expect(name(page, "Gesleept.txt")).to_be_visible()
    expect(page.locator(".drop-here.is-over")).to_have_count(0)


def test_too_large_and_too_many_are_reported_before_sending(page: Page) -> None:
    page.goto(SHELF)
    page.locator("cop-upload").evaluate("upload => { upload.dataset.largest = 1e6; upload.dataset.most = 2 }")
    choose(page, sent("Groot.txt", "x" * 1_000_001), sent("M1.txt"), sent("M2.txt"))
    expect(page.locator(".upload", has_text="Groot.txt")).to_contain_text("Dit bestand is te groot: hoogstens 1 MB.")
    late = page.locator(".upload", has_text="M2.txt")
    expect(late).to_contain_text("Hoogstens 2 tegelijk")
    expect(name(page, "M1.txt")).to_be_visible()
    late.get_by_role("button", name="Opnieuw").click()
    expect(name(page, "M2.txt")).to_be_visible()


def test_known_name_asks_what_it_is(page: Page, site: DocumentSite) -> None:
    for title in ("Bekend.txt", "Ook bekend.txt"):
        site.share(b"een", title)
    page.goto(SHELF)
    sizes: list[int] = []
    page.on("request", lambda request: sizes.append(len(request.post_data_buffer or b"")))
    choose(page, sent("Bekend.txt", "twee" * 5000), sent("Ook bekend.txt", "twee"), sent("Onbekend.txt"))
    asking = page.locator(".upload.is-asking")
    expect(asking).to_have_count(2)
    expect(asking.first).to_contain_text("Er staat al “Bekend.txt” (van Anna Adem, ")
    expect(name(page, "Onbekend.txt")).to_be_visible()
    sizes.clear()
    asking.first.get_by_role("button", name="Nieuwe versie: Bekend.txt").click()
    expect(page.locator("tr", has=page.get_by_text("Bekend.txt", exact=True))).to_contain_text("versie 2")
    assert max(sizes) < 5000  # the file had arrived, so it is not sent again
    asking.get_by_role("button", name="Eigen document: Ook bekend.txt").click()
    expect(name(page, "Ook bekend (2).txt")).to_be_visible()
    expect(asking).to_have_count(0)
    assert site.versions()["Ook bekend.txt"] == 1


def test_two_replacements_meet_a_choice(enter: Callable[..., Page], site: DocumentSite) -> None:
    site.share(b"een", "Dubbel.txt")
    first, second = enter(), enter()
    for page in (first, second):
        page.goto(SHELF)
        choose(page, sent("Dubbel.txt", f"van {id(page)}"))
        expect(page.locator(".upload.is-asking")).to_have_count(1)
    for page in (first, second):
        page.get_by_role("button", name="Nieuwe versie: Dubbel.txt").click()
    expect(second.locator(".upload.is-asking")).to_contain_text("heeft dit document gewijzigd nadat u het opende")
    assert site.versions()["Dubbel.txt"] == 2
    second.get_by_role("button", name="Eigen document: Dubbel.txt").click()
    expect(name(second, "Dubbel (2).txt")).to_be_visible()


def test_new_version_waits_for_its_remark(page: Page, site: DocumentSite) -> None:
    file = site.share(b"een", "Concept.txt")
    page.goto(file["url"])
    choose(page, sent("Concept.txt", "twee"))
    expect(page.locator(".upload")).to_have_count(0)
    page.get_by_label("Wat is er anders?").fill("Punt 7 toegevoegd.")
    page.get_by_role("button", name="Nieuwe versie opslaan").click()
    expect(page.locator(".version.is-current")).to_contain_text("Punt 7 toegevoegd.")
    expect(page.locator(".upload.is-done")).to_contain_text("Gedeeld als versie 2")
    expect(page.get_by_label("Wat is er anders?")).to_have_value("")
    choose(page, sent("Concept.txt", "drie"))  # based on the new version
    page.get_by_role("button", name="Nieuwe versie opslaan").click()
    expect(page.locator(".version")).to_have_count(3)


def test_conflicting_version_is_reported(page: Page, site: DocumentSite) -> None:
    file = site.share(b"een", "Samen.txt")
    page.goto(file["url"])
    site.replace(file, b"intussen", "Samen.txt")
    choose(page, sent("Samen.txt", "de mijne"))
    page.get_by_role("button", name="Nieuwe versie opslaan").click()
    row = page.locator(".upload.is-failed")
    expect(row).to_contain_text("nadat u het opende")
    row.get_by_role("button", name="Nieuwe versie: Samen.txt").click()  # based on the version just read
    expect(page.locator(".version.is-current")).to_contain_text("3")


def test_thread_attachments(page: Page, site: DocumentSite) -> None:
    page.goto("/communities/een/threads/new")
    choose(page, sent("Bijlage.txt"), sent("Fout.txt", ""))
    hung = page.locator(".attachment", has_text="Bijlage.txt")
    expect(hung).to_be_visible()
    assert site.state("Bijlage.txt") == "draft"
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
    assert site.state("Bijlage.txt") == "live"


def test_posting_waits_for_the_attachments(page: Page, site: DocumentSite) -> None:
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


@presses("files.replace", "files.restore")
def test_works_without_script(enter: Callable[..., Page], site: DocumentSite) -> None:
    page = enter(java_script_enabled=False)
    page.goto(SHELF)
    page.get_by_text("Document toevoegen").click()
    page.get_by_label("Kies bestanden").set_input_files([sent("Zonder.txt"), sent("Script.txt")])
    page.get_by_role("button", name="Delen").click()
    expect(page.get_by_text("2 bestanden zijn gedeeld.")).to_be_visible()
    name(page, "Zonder.txt").click()
    page.get_by_label("Bestand", exact=True).set_input_files([sent("Zonder.txt", "nieuw")])
    page.get_by_label("Wat is er anders?").fill("Beter")
    page.get_by_role("button", name="Nieuwe versie opslaan").click()
    expect(page.get_by_text("“Zonder.txt” is nu versie 2.")).to_be_visible()
    page.get_by_role("button", name="Terugzetten").click()
    expect(page.locator(".version.is-current")).to_contain_text("Versie 1 teruggezet.")
    site.replace({"id": page.url.rpartition("/")[2]}, b"intussen", "Zonder.txt")
    page.get_by_label("Bestand", exact=True).set_input_files([sent("Zonder.txt", "de mijne")])
    page.get_by_role("button", name="Nieuwe versie opslaan").click()
    expect(page.get_by_text("nadat u het opende")).to_be_visible()
    page.get_by_role("button", name="Toch opslaan als versie 5").click()
    expect(page.get_by_text("“Zonder.txt” is nu versie 5.")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible(site: DocumentSite, enter: Callable[..., Page], width: int, scheme: str) -> None:
    drawing = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(drawing, "PNG")
    file = site.share(drawing.getvalue(), f"Toegankelijk {width} {scheme}.png")
    page = enter(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    for address in (SHELF, file["url"], f"{SHELF}/trash", f"{SHELF}?show=attachments", f"{file['url']}/sending?new=1"):
        page.goto(address)
        if address == SHELF:
            page.get_by_text("Document toevoegen").click()
            choose(page, sent(f"Toegankelijk {width} {scheme}.png"))
            expect(page.locator(".upload.is-asking")).to_have_count(1)
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
        entry = [(v["id"], n["html"][:200]) for v in found["violations"] for n in v["nodes"]]
        assert entry == [], address
    page.goto(file["url"])
    page.get_by_role("link", name=f"Toegankelijk {width} {scheme}.png").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert [(v["id"], n["html"][:200]) for v in found["violations"] for n in v["nodes"]] == []


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_list_comes_first(enter: Callable[..., Page], script: bool, width: int) -> None:
    page = enter(viewport={"width": width, "height": 780}, java_script_enabled=script)
    page.goto(SHELF)
    expect(page.locator(".documents-upload .drop")).to_be_hidden()
    expect(page.locator(".documents-head")).to_be_in_viewport()
    page.get_by_text("Document toevoegen").click()
    expect(page.get_by_label("Kies bestanden")).to_be_visible()
    expect(page.locator(".drop .readers")).to_be_visible()


LONG = "20171204_Verslag_themabijeenkomst_Zachte_landing_in_de_wijk_DEFINITIEF_versie_3_met_opmerkingen_WvV_en_BV.txt"


@pytest.mark.parametrize("width", [320, 390, 1024, 1280])
def test_long_name_leaves_the_rest_in_view(enter: Callable[..., Page], site: DocumentSite, width: int) -> None:
    folder = site.client().post("/api/v1/communities/een/folders", json={"name": f"{width}_" + "m" * 190}).json
    file = site.share(b"een", f"{width}_{LONG}")
    site.share(b"een", f"{width}_" + "w" * 190 + ".txt")
    page = enter(viewport={"width": width, "height": 900})
    for address in (SHELF, f"{SHELF}?folder={folder['id']}", file["url"], f"{file['url']}/sending"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto(SHELF)
    row = page.locator("tr", has_text=f"{width}_{LONG}")
    for part in (".document-version", ".document-size", ".document-by", ".document-acts summary"):
        box = row.locator(part).bounding_box()
        assert box, part
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part


def photograph(title: str, colour: str) -> Any:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Telefoon van Anna"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 5.0, 7.0)})
    Image.new("RGB", (1200, 900), colour).save(out, "JPEG", exif=exif)
    return {"name": title, "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("width", [360, 1280])
def test_photographs_are_shown_and_opened_large(enter: Callable[..., Page], site: DocumentSite, width: int) -> None:
    page = enter(viewport={"width": width, "height": 800}, has_touch=width == 360)
    page.goto("/communities/een/threads/new")
    choose(page, photograph(f"Voor {width}.jpg", "teal"), photograph(f"Achter {width}.jpg", "brown"))
    expect(page.locator(".attachment")).to_have_count(2)
    page.get_by_label("Titel").fill(f"Twee foto's {width}")
    write(page, "Zie de foto's.")
    page.get_by_role("button", name="Plaatsen").click()
    shown = page.locator(".post a.picture")
    expect(shown).to_have_count(2)
    with site.app.app_context():
        jobs.run_due()
    page.reload()
    post = page.locator(".post")  # the rail lists the files by their names
    first = post.get_by_role("link", name=f"Voor {width}.jpg")
    first.scroll_into_view_if_needed()
    box = first.locator("img").bounding_box()
    assert box
    assert (round(box["width"]), round(box["height"])) == (320 if width == 1280 else round(box["width"]), 240) or (
        width == 360 and box["width"] <= 328
    )
    first.focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Afbeelding")
    expect(viewer).to_be_visible()
    expect(viewer).to_contain_text("1 van 2")
    expect(viewer.get_by_role("button", name="Vorige afbeelding")).to_be_disabled()
    page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text(f"Achter {width}.jpg")
    expect(viewer.get_by_role("img", name=f"Achter {width}.jpg")).to_be_visible()
    with page.expect_download() as download:
        viewer.get_by_role("link", name="Downloaden").click()
    assert download.value.suggested_filename == f"Achter {width}.jpg"
    assert b"Telefoon" not in Path(download.value.path()).read_bytes()
    swipe = "([from, to]) => {for (const [type, x] of [['pointerdown', from], ['pointerup', to]]) "
    swipe += "document.querySelector('.viewer-stage').dispatchEvent("
    swipe += "new PointerEvent(type, {clientX: x, pointerType: 'touch', bubbles: true}))}"
    page.evaluate(swipe, [100, 250])
    expect(viewer).to_contain_text("1 van 2")
    page.evaluate(swipe, [250, 100])
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(post.get_by_role("link", name=f"Achter {width}.jpg")).to_be_focused()
    page.goto(f"{SHELF}?show=attachments")
    expect(page.locator("img.preview")).not_to_have_count(0)


def write_in_thread(page: Page, site: DocumentSite, photo: Any) -> None:
    page.goto("/communities/een/threads/new")
    choose(page, photo)
    expect(page.locator(".attachment", has_text=photo["name"])).to_be_visible()
    page.get_by_label("Titel").fill("Een foto van de telefoon")
    write(page, "Zie de foto.")
    page.get_by_role("button", name="Plaatsen").tap()
    expect(page.locator(".post a.picture")).to_have_count(1, timeout=20_000)


def write_in_chat(page: Page, site: DocumentSite, photo: Any) -> None:
    page.goto(f"/rooms/{site.room()}")
    choose(page, photo)
    expect(page.locator(".attachment", has_text=photo["name"])).to_be_visible()
    page.get_by_label("Uw bericht").fill("Zie de foto.")
    page.get_by_role("button", name="Versturen").tap()
    picture = page.locator(".message a.picture", has=page.get_by_role("img", name=photo["name"]))
    expect(picture).to_have_count(1, timeout=20_000)


@pytest.mark.parametrize("share", [write_in_thread, write_in_chat])
@pytest.mark.parametrize("drawn", [False, True])
def test_photograph_of_a_phone_is_seen_without_its_place(
    enter: Callable[..., Page], site: DocumentSite, share: Callable[..., None], drawn: bool
) -> None:
    """The other person sees the picture, before and after its copies are made; no byte that is served says where."""
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    photo = photograph(f"Telefoon {share.__name__} {drawn}.jpg", "olive" if drawn else "navy")
    assert Image.open(io.BytesIO(photo["buffer"])).getexif().get_ifd(GPS)
    page = enter(**phone)
    share(page, site, photo)
    if drawn:
        with site.app.app_context():
            jobs.run_due()
    other = enter(site.member(f"Bram{share.__name__}{drawn}"), **phone)
    other.goto(page.url)
    link = other.locator("a.picture", has=other.get_by_role("img", name=photo["name"]))
    link.scroll_into_view_if_needed()
    other.wait_for_function("link => link.querySelector('img').naturalWidth > 0", arg=link.element_handle())
    box = link.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    address = link.get_attribute("href")
    shown = [f"{address}/picture?width={width}" for width in (320, 960, 1920)]
    for served in (f"{address}/content", *shown):
        answer = other.request.get(served)
        assert answer.ok, served
        assert not Image.open(io.BytesIO(answer.body())).getexif(), served
        assert b"Telefoon" not in answer.body(), served
    link.tap()
    large = other.get_by_role("dialog", name="Afbeelding").get_by_role("img", name=photo["name"])
    expect(large).to_be_visible()
    other.wait_for_function("img => img.naturalWidth > 0", arg=large.element_handle())


def test_file_input_speaks_dutch(enter: Callable[..., Page], site: DocumentSite) -> None:
    file = site.share(b"een", "Invoer.txt")
    page = enter(viewport={"width": 360, "height": 800})
    page.goto(file["url"])
    field = page.locator(".file-input")
    expect(field).to_contain_text("Kies een bestand")
    expect(field.locator("output")).to_have_text("Geen bestand gekozen")
    choose(page, sent("Gekozen.txt"))
    expect(field.locator("output")).to_have_text("Gekozen.txt")


def test_trash_and_folders_can_be_undone(page: Page, site: DocumentSite) -> None:
    site.share(b"een", "Weggooien.txt")
    page.goto(SHELF)
    page.get_by_label("Meer opties voor Weggooien.txt").click()
    page.get_by_role("button", name="Naar de prullenbak").locator("visible=true").click()
    expect(page.locator("#flash")).to_contain_text("“Weggooien.txt” ligt nu in de prullenbak.")
    expect(name(page, "Weggooien.txt")).to_have_count(0)
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(name(page, "Weggooien.txt")).to_be_visible()
    folder = site.client().post("/api/v1/communities/een/folders", json={"name": "Lege map"}).json
    page.goto(f"{SHELF}?folder={folder['id']}")
    page.get_by_label("Meer opties voor deze map").click()
    page.get_by_role("button", name="Lege map verwijderen").click()
    expect(page.locator("#flash")).to_contain_text("De map “Lege map” is verwijderd.")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".folder-head")).to_contain_text("Lege map")


def test_document_is_sent_along_and_followed(page: Page, site: DocumentSite) -> None:
    file = site.share(b"een", "Meesturen.txt")
    page.goto(file["url"])
    page.get_by_role("link", name="Meesturen", exact=True).click()
    page.get_by_role("link", name="Nieuw gesprek").click()
    page.get_by_label("Titel").fill("Een vraag over een document")
    page.get_by_label("Uw tekst").fill("Zie de bijlage.")
    page.get_by_role("button", name="Plaatsen").click()
    expect(page.locator(".post .attachment")).to_contain_text("Meesturen.txt")
    page.goto(file["url"])
    expect(page.get_by_text("Een vraag over een document")).to_be_visible()
    follow = page.get_by_role("button", name="U volgt dit")
    follow.click()
    page.get_by_role("button", name="Volgen", exact=True).click()
    expect(follow).to_be_visible()
