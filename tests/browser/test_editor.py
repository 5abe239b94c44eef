"""The editor in a real browser, under the content security policy of the product."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.editor_site import DOT, Site

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe.min.js"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {"executable_path": "/usr/bin/chromium", "args": [*flags, "--disable-sync"]}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        thread = threading.Thread(target=site.serve_forever, daemon=True)
        thread.start()
        yield site
        site.shutdown()
        thread.join()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the page; fail at the end if there were errors or policy violations."""
    pages: list[Page] = []
    thrown: list[str] = []

    def visit(**options: object) -> Page:
        page = browser.new_context(base_url=site.address, **options).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: thrown.append(str(error)))
        page.on("console", lambda line: thrown.append(line.text) if "policy" in line.text.lower() else None)
        page.add_init_script("""
            window.violations = []
            addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
              violations.push([violatedDirective, blockedURI, sample].join(" ")))
        """)
        page.add_init_script(path=AXE)
        page.goto("/")
        pages.append(page)
        return page

    yield visit
    broken = [page.evaluate("() => window.violations ?? []") for page in pages if not page.is_closed()]
    for page in pages:
        page.context.close()
    assert thrown == []
    assert not any(broken)


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    return visit()


MENTION = '<a href="/people/12">@Anna Jansen</a>'


def start(page: Page, form: str = "#new") -> Locator:
    """Focus the textarea and return the editor that replaces it."""
    page.locator(f"{form} cop-editor").evaluate(  # one with a text to start from is there at once
        "editor => (editor.querySelector('.ProseMirror') ?? editor.querySelector('textarea')).focus()"
    )
    text = page.locator(f"{form} .ProseMirror")
    expect(text).to_be_focused()
    return text


def value(page: Page, form: str = "#new") -> str:
    return page.locator(f"{form} textarea").input_value()


def count_inputs(page: Page) -> None:
    page.evaluate("""() => {
      window.inputs = 0
      document.querySelector("#new textarea").addEventListener("input", () => window.inputs++)
    }""")


def settle(page: Page) -> None:
    """Wait until the editor knows the selection made by keyboard, which the browser reports later."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def paste(text: Locator, **kinds: str) -> None:
    """Paste text (`html`, `plain`) or a picture (`file`, its name)."""
    text.evaluate(
        """(element, { html, plain, file }) => {
          const clipboardData = new DataTransfer()
          if (html) clipboardData.setData("text/html", html)
          if (plain) clipboardData.setData("text/plain", plain)
          if (file) clipboardData.items.add(new File([new Uint8Array(8)], file, { type: "image/png" }))
          const how = { clipboardData, bubbles: true, cancelable: true }
          element.dispatchEvent(new ClipboardEvent("paste", how))
        }""",
        kinds,
    )


def test_typed_text_becomes_html_in_the_form_field(page: Page, site: Site) -> None:
    count_inputs(page)
    text = start(page)
    text.type("Dag allemaal")
    assert value(page) == "<p>Dag allemaal</p>"
    assert page.evaluate("() => window.inputs") >= 12
    page.get_by_role("button", name="Plaats").click()
    page.wait_for_url("/")
    expect(page.locator("#new textarea")).to_have_value("")
    assert site.posts == [{"body": "<p>Dag allemaal</p>", "format": "html"}]


def test_text_typed_while_the_editor_loads_is_kept(page: Page, site: Site) -> None:
    site.bundle.clear()
    field = page.locator("#new textarea")
    field.focus()
    page.keyboard.type("een\n\ntwee drie")
    for _ in "drie":
        page.keyboard.press("ArrowLeft")
    site.bundle.set()
    expect(page.locator("#new .ProseMirror")).to_be_focused()
    page.keyboard.type("en ")
    assert value(page) == "<p>een</p><p>twee en drie</p>"


def test_without_javascript_the_form_posts_markdown(visit: Callable[..., Page], site: Site) -> None:
    page = visit(java_script_enabled=False)
    page.locator("#f-body").fill("**Dag** allemaal")
    page.get_by_role("button", name="Plaats").click()
    assert site.posts == [{"body": "**Dag** allemaal", "format": "markdown"}]


def test_textarea_stays_when_the_editor_fails_to_load(page: Page, site: Site) -> None:
    site.lose_bundle = True
    with page.expect_response("**/vendor/editor.js"):
        page.locator("#f-body").focus()
    page.keyboard.type("*Dag*")
    editor = page.locator("#new cop-editor")
    editor.evaluate("(editor) => editor.insertQuote('<p>Een <b>zin</b></p>', 'Anna schreef:')")
    expect(page.locator("#f-body")).to_have_value("*Dag*\n\n> **Anna schreef:**\n>\n> Een zin\n\n")
    page.get_by_role("button", name="Plaats").click()
    expect(page.locator("#f-body")).to_have_value("")
    assert site.posts[0]["format"] == "markdown"


def test_editor_has_the_label_and_description_of_the_field(page: Page) -> None:
    text = start(page)
    expect(page.get_by_role("textbox", name="Bericht", exact=True)).to_be_focused()
    expect(text).to_have_accessible_description("U kunt opmaken met Markdown.")
    expect(text).to_have_attribute("aria-required", "true")
    page.get_by_role("heading", name="De editor").click()
    page.get_by_text("Bericht", exact=True).click()
    expect(text).to_be_focused()


def test_empty_required_field_is_reported_at_the_editor(page: Page, site: Site) -> None:
    text = start(page)
    page.get_by_role("button", name="Plaats").click()
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#new .field-error")).not_to_be_empty()
    text.type("Toch iets")
    expect(page.locator("#new .field-error")).to_be_empty()
    assert site.posts == []


def test_editor_edits_the_cleaned_html(page: Page) -> None:
    start(page, "#edit")
    assert value(page, "#edit") == f"<h2>Kop</h2><p>Dag {MENTION}</p>"
    page.keyboard.type(" en Bram")
    assert value(page, "#edit") == f"<h2>Kop</h2><p>Dag {MENTION} en Bram</p>"


def test_refused_post_reopens_with_its_error(page: Page) -> None:
    page.goto("/refused")
    text = page.locator("#new .ProseMirror")
    expect(text).to_have_accessible_description("Dit is te lang.")
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(text).not_to_be_focused()
    assert value(page) == "<p><em>Nog eens</em></p>"


def test_toolbar_works_by_keyboard(page: Page) -> None:
    text = start(page)
    page.keyboard.type("dik")
    page.keyboard.press("Control+a")
    page.keyboard.press("Alt+F10")
    toolbar = page.locator("#new").get_by_role("toolbar", name="Opmaak")
    bold = toolbar.get_by_role("button", name="Vet")
    expect(bold).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(toolbar.get_by_role("button", name="Cursief")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(bold).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Enter")
    assert value(page) == "<p><strong>dik</strong></p>"
    expect(text).to_be_focused()
    expect(bold).to_have_attribute("aria-pressed", "true")
    assert toolbar.locator("[tabindex='0']").count() == 1
    page.keyboard.press("Alt+F10")
    page.keyboard.press("End")
    expect(toolbar.get_by_role("button", name="Opnieuw doen")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(bold).to_be_focused()


@pytest.mark.parametrize(
    ("button", "html"),
    [
        ("Kop", "<h2>woord</h2>"),
        ("Tussenkop", "<h3>woord</h3>"),
        ("Kleine kop", "<h4>woord</h4>"),
        ("Vet", "<p><strong>woord</strong></p>"),
        ("Cursief", "<p><em>woord</em></p>"),
        ("Doorgehaald", "<p><s>woord</s></p>"),
        ("Code", "<p><code>woord</code></p>"),
        ("Lijst", "<ul><li><p>woord</p></li></ul>"),
        ("Genummerde lijst", "<ol><li><p>woord</p></li></ol>"),
        ("Citaat", "<blockquote><p>woord</p></blockquote>"),
    ],
)
def test_toolbar_button_formats_text(page: Page, button: str, html: str) -> None:
    start(page)
    page.keyboard.type("woord")
    page.keyboard.press("Control+a")
    pressed = page.locator("#new").get_by_role("button", name=button, exact=True)
    pressed.click()
    assert value(page) == html
    expect(pressed).to_have_attribute("aria-pressed", "true")
    page.locator("#new").get_by_role("button", name="Ongedaan maken").click()
    assert value(page) == "<p>woord</p>"


def test_tab_leaves_the_editor_from_text_and_list(page: Page) -> None:
    text = start(page)
    page.keyboard.type("- een\ntwee")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Plaats")).to_be_focused()
    assert value(page) == "<ul><li><p>een</p></li><li><p>twee</p></li></ul>"
    page.keyboard.press("Shift+Tab")
    expect(text).to_be_focused()
    deeper = page.get_by_role("button", name="Niveau dieper")
    deeper.click()
    assert value(page) == "<ul><li><p>een</p><ul><li><p>twee</p></li></ul></li></ul>"
    expect(deeper).to_have_attribute("aria-disabled", "true")


def test_ctrl_enter_is_left_to_the_form(page: Page) -> None:
    page.evaluate("""() => document.querySelector("#new").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) window.sent = document.querySelector("#new textarea").value
    })""")
    start(page)
    page.keyboard.type("Klaar")
    page.keyboard.press("Control+Enter")
    assert page.evaluate("() => window.sent") == value(page) == "<p>Klaar</p>"


def test_link_is_inserted(page: Page, site: Site) -> None:
    text = start(page)
    page.keyboard.type("Lees de handreiking")
    page.keyboard.press("Control+Shift+ArrowLeft")
    settle(page)
    page.keyboard.press("Control+k")
    form = page.get_by_role("group", name="Link")
    words = form.get_by_label("Tekst van de link")
    expect(words).to_be_focused()
    expect(words).to_have_value("handreiking")
    expect(words).to_have_accessible_description("Zeg waar de link heen gaat.")
    address = form.get_by_label("Adres")
    address.fill("javascript:alert(1)")
    address.press("Enter")
    expect(form.get_by_role("alert")).to_have_text("Dit is geen webadres.")
    expect(address).to_be_focused()
    address.fill("voorbeeld.nl/stuk")
    address.press("Enter")
    expect(form).to_have_count(0)
    expect(text).to_be_focused()
    linked = '<p>Lees de <a href="https://voorbeeld.nl/stuk">handreiking</a></p>'
    expect(page.locator("#new textarea")).to_have_value(linked)
    page.keyboard.type(" nu")
    expect(page.locator("#new textarea")).to_have_value(linked.replace("</p>", " nu</p>"))
    assert site.posts == []

    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    settle(page)
    page.locator("#new").get_by_role("button", name="Link", exact=True).click()
    expect(address).to_have_value("https://voorbeeld.nl/stuk")
    words.fill("het stuk")
    form.get_by_role("button", name="Link plaatsen").click()
    expect(page.locator("#new textarea")).to_have_value(
        '<p>Lees de <a href="https://voorbeeld.nl/stuk">het stuk</a> nu</p>'
    )
    page.keyboard.press("ArrowLeft")
    settle(page)
    page.keyboard.press("Control+k")
    form.get_by_role("button", name="Link weghalen").click()
    expect(page.locator("#new textarea")).to_have_value("<p>Lees de het stuk nu</p>")


def test_escape_closes_the_link_form(page: Page) -> None:
    text = start(page)
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Link")).to_have_count(0)
    expect(text).to_be_focused()


def test_table_has_a_header_row(page: Page) -> None:
    text = start(page)
    tools = page.locator("#new .editor-toolbar")
    expect(tools.get_by_role("button", name="Rij erbij")).to_be_hidden()
    tools.get_by_role("button", name="Tabel", exact=True).click()
    expect(text.get_by_role("columnheader")).to_have_count(2)
    expect(text.get_by_role("row")).to_have_count(3)
    page.keyboard.type("Gemeente")
    page.keyboard.press("Tab")
    page.keyboard.type("Woningen")
    tools.get_by_role("button", name="Rij erbij").click()
    tools.get_by_role("button", name="Kolom erbij").click()
    expect(text.get_by_role("row")).to_have_count(4)
    expect(text.get_by_role("columnheader")).to_have_count(3)
    page.keyboard.press("Tab")
    tools.get_by_role("button", name="Kolom weg").click()
    page.keyboard.press("ArrowDown")
    tools.get_by_role("button", name="Rij weg").click()
    head = "<tr><th><p>Gemeente</p></th><th><p>Woningen</p></th></tr>"
    empty = "<tr><td><p></p></td><td><p></p></td></tr>"
    assert value(page) == f"<table><tbody>{head}{empty}{empty}</tbody></table>"
    assert text.locator("[style], colgroup").count() == 0
    tools.get_by_role("button", name="Tabel weg").click()
    assert value(page) == ""


def test_picture_is_described_uploaded_and_inserted(page: Page, site: Site) -> None:
    text = start(page)
    page.keyboard.type("Kijk:")
    page.get_by_role("button", name="Afbeelding", exact=True).click()
    form = page.get_by_role("group", name="Afbeelding")
    chooser = form.get_by_label("Bestand")
    expect(chooser).to_be_focused()
    apply = form.get_by_role("button", name="Afbeelding plaatsen")
    apply.click()
    expect(form.get_by_role("alert")).to_have_text("Kies een bestand.")
    chooser.set_input_files({"name": "plein.png", "mimeType": "image/png", "buffer": DOT})
    apply.click()
    expect(form.get_by_role("alert")).to_have_text("Geef een beschrijving.")
    assert site.files == []
    form.get_by_label("Beschrijving").fill("Het plein na de verbouwing")
    form.get_by_label("Beschrijving").press("Enter")
    expect(text.get_by_role("img", name="Het plein na de verbouwing")).to_be_visible()
    assert site.files == [{"name": "plein.png", "type": "image/png", "draft": "1"}]
    page.keyboard.type("Mooi")
    picture = '<img src="/files/41/content" alt="Het plein na de verbouwing">'
    expect(page.locator("#new textarea")).to_have_value(f"<p>Kijk:</p>{picture}<p>Mooi</p>")

    text.get_by_role("img").click()
    page.get_by_role("button", name="Afbeelding", exact=True).click()
    form.get_by_label("Alleen ter versiering").check()
    apply.click()
    expect(page.locator("#new textarea")).to_have_value('<p>Kijk:</p><img src="/files/41/content" alt=""><p>Mooi</p>')


def test_pasted_picture_is_uploaded(page: Page, site: Site) -> None:
    text = start(page)
    paste(text, file="schets.png", html='<img src="https://elders.example/schets.png">')
    form = page.get_by_role("group", name="Afbeelding")
    expect(form).to_contain_text("schets.png")
    form.get_by_label("Alleen ter versiering").check()
    form.get_by_role("button", name="Afbeelding plaatsen").click()
    expect(page.locator("#new textarea")).to_have_value('<img src="/files/41/content" alt="">')


def test_dropped_picture_is_uploaded(page: Page, site: Site) -> None:
    text = start(page)
    text.evaluate("""(element) => {
      const dataTransfer = new DataTransfer()
      for (const name of ["een.png", "twee.png"])
        dataTransfer.items.add(new File([new Uint8Array(8)], name, { type: "image/png" }))
      dataTransfer.items.add(new File(["x"], "kwaad.html", { type: "text/html" }))
      const { left: clientX, top: clientY } = element.getBoundingClientRect()
      const how = { dataTransfer, clientX, clientY, bubbles: true, cancelable: true }
      element.dispatchEvent(new DragEvent("drop", how))
    }""")
    form = page.get_by_role("group", name="Afbeelding")
    for name in ("een.png", "twee.png"):
        expect(form).to_contain_text(name)
        form.get_by_label("Beschrijving").fill(name)
        form.get_by_role("button", name="Afbeelding plaatsen").click()
    expect(text.locator("img")).to_have_count(2)
    expect(form).to_have_count(0)
    assert [file["name"] for file in site.files] == ["een.png", "twee.png"]


def test_file_that_is_no_picture_is_refused_in_words(page: Page, site: Site) -> None:
    """There is no zone for attachments on this page; the browser stays on it."""
    text = start(page)
    for name, kind in (("Verslag.pdf", "application/pdf"), ("Foto.heic", "image/heic")):
        for event in ("drop", "paste"):
            text.evaluate(
                """(element, [event, name, type]) => {
                  const data = new DataTransfer()
                  data.items.add(new File(["x"], name, { type }))
                  const how = { bubbles: true, cancelable: true }
                  element.dispatchEvent(
                    event === "drop"
                      ? new DragEvent("drop", { ...how, dataTransfer: data })
                      : new ClipboardEvent("paste", { ...how, clipboardData: data }),
                  )
                }""",
                [event, name, kind],
            )
            expect(page.get_by_role("alert").filter(has_text=name)).to_have_text(f"Niet hier: {name}")
    page.locator("body").evaluate("""(body) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(["x"], "Elders.txt"))
      window.stayed = !body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }))
    }""")
    expect(page.get_by_role("alert").filter(has_text="Elders.txt")).to_be_visible()
    assert page.evaluate("() => window.stayed")
    assert site.files == []


WORD = """<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>
<span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span>
<![endif]>Een<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a.<span>&nbsp;&nbsp;
</span></span>Onder een</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.<span>&nbsp;&nbsp;
</span></span><b>Twee</b></p>
<p class=MsoNormal>Tussen</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='font-family:Symbol;mso-list:Ignore'>·<span>&nbsp;&nbsp;
</span></span>Punt</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>3.<span>&nbsp; </span></span>Drie</p>"""
TEAMS = """<p>Top&nbsp;<img alt="\U0001f44d" src="https://statics.teams.example/e.png" itemtype="http://schema.skype.com/Emoji">!
<img alt="Logo van de gemeente" src="https://elders.example/logo.png"></p>"""
EXCEL = """<table border=0 style='width:96pt'><col width=64 style='width:48pt'><tr height=20>
<td height=20 style='width:48pt'>Wijk</td><td>Woningen</td></tr><tr><td>Noord</td><td align=right>12</td></tr></table>"""


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        pytest.param(
            WORD,
            "<ol><li><p>Een</p><ol><li><p>Onder een</p></li></ol></li><li><p><strong>Twee</strong></p></li></ol>"
            '<p>Tussen</p><ul><li><p>Punt</p></li></ul><ol start="3"><li><p>Drie</p></li></ol>',
            id="lists of Word",
        ),
        pytest.param(TEAMS, "<p>Top\u00a0\U0001f44d!</p>", id="emoji of Teams"),
        pytest.param("<p>Een&nbsp;&nbsp; &nbsp;twee&nbsp;drie</p>", "<p>Een twee\u00a0drie</p>", id="runs of spaces"),
        pytest.param(
            EXCEL,
            "<table><tbody><tr><td><p>Wijk</p></td><td><p>Woningen</p></td></tr>"
            "<tr><td><p>Noord</p></td><td><p>12</p></td></tr></tbody></table>",
            id="a table of Excel",
        ),
    ],
)
def test_paste_from_office_programs(page: Page, html: str, kept: str) -> None:
    text = start(page)
    paste(text, html=html, plain="tekst", file="image.png" if html is EXCEL else "")
    expect(page.locator("#new textarea")).not_to_have_value("")
    assert value(page).replace("&nbsp;", "\u00a0") == kept


LIST = "<ul><li><p>Eerste</p><ul><li><p>Onder</p></li></ul></li><li><p>Tweede</p></li></ul>"
HEAD = "<table><tbody><tr><td><p><strong>Wie</strong></p></td><td><p><strong>Wat</strong></p></td></tr>"
TABLE = f"{HEAD}<tr><td><p>Gemeente</p></td><td><p>Regie</p></td></tr></tbody></table>"
PLAN = '<a href="https://voorbeeld.example/plan">het plan</a>'


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (
            "word",
            f"<h2>Plan van aanpak</h2><h2>Aanleiding</h2><p>Er is een <strong>convenant</strong> en een <em>bijlage</em>; "
            f"zie {PLAN}.</p><h2>Tussenkop van een eigen stijl</h2>{LIST}{TABLE}",
        ),
        (
            "word-online",
            f"<h2>Aanleiding</h2><p><strong>Let op</strong>: zie {PLAN}</p>{LIST}"
            "<table><tbody><tr><td><p>Wie</p></td><td><p>Wat</p></td></tr></tbody></table>",
        ),
        (
            "outlook",
            f'<p>Beste allen,</p>{LIST}<p>Zie <a href="https://voorbeeld.example/plan?a=1">het plan</a>.</p>'
            "<p><strong>Van:</strong> Anna<br><strong>Onderwerp:</strong> Plan</p>",
        ),
        (
            "excel",
            '<table><tbody><tr><td colspan="2"><p>Wijk en stad</p></td><td><p>Aantal</p></td></tr>'
            "<tr><td><p>Noord<br>Oost</p></td><td><p></p></td><td><p>1.200</p></td></tr><tr><td><p>"
            '<a href="https://voorbeeld.example/">site</a></p></td><td><p>\u00a0</p></td><td><p>3,5%</p></td></tr></tbody></table>',
        ),
        ("google-docs", f"<h2>Aanleiding</h2><p><strong>Let op</strong>: zie {PLAN}</p>{LIST}{TABLE}"),
    ],
)
def test_paste_of_whole_documents(page: Page, name: str, kept: str) -> None:
    """What the clipboard holds after copying from these programs: headings, lists, tables and links stay."""
    text = start(page)
    paste(text, html=(Path(__file__).parent / "pasted" / f"{name}.html").read_text(), plain="tekst")
    expect(page.locator("#new textarea")).not_to_have_value("")
    assert value(page).replace("&nbsp;", "\u00a0") == kept


def test_paste_of_a_scanned_link_is_judged_by_where_it_leads(page: Page) -> None:
    text = start(page)
    scanner = "https://eur01.safelinks.protection.outlook.com/?url"
    paste(
        text,
        html=f'<p>a <a href="{scanner}=javascript%3Ahit()">een</a> <a href="{scanner}">twee</a></p>',
        plain="tekst",
    )
    assert value(page) == f'<p>a een <a href="{scanner}">twee</a></p>'


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_the_editor_comes(visit: Callable[..., Page], width: int) -> None:
    page = visit(viewport={"width": width, "height": 800})
    before = page.locator("#new button[type=submit], #new button").last.bounding_box()
    start(page)
    settle(page)
    after = page.get_by_role("button", name="Plaats").bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) <= 1
    toolbar = page.locator("#new .editor-toolbar").bounding_box()
    assert toolbar
    assert toolbar["height"] < 50


def test_refused_picture_says_why(page: Page, site: Site) -> None:
    site.refuse_files = True
    text = start(page)
    paste(text, file="groot.png")
    form = page.get_by_role("group", name="Afbeelding")
    form.get_by_label("Beschrijving").fill("Een plein")
    form.get_by_role("button", name="Afbeelding plaatsen").click()
    expect(form.get_by_role("alert")).to_have_text("Dit bestand is te groot.")
    form.get_by_role("button", name="Annuleren").click()
    expect(text).to_be_focused()
    assert value(page) == ""


HOSTILE = """
<h1 onclick="hit()" id="socket" style="position:fixed">Kop</h1><script>hit()</script>
<p style="background:url(https://elders.example/x)">tekst <a href="javascript:hit()">een</a>
<a href=" java&#10;script:hit()">twee</a> <a href="data:text/html,x">drie</a>
<a href="//elders.example">vijf</a>
<a href="/\\elders.example">zes</a> <a href="\u2028javascript:hit()">zeven</a> <a href="los.html">acht</a>
<a href="https://voorbeeld.nl" target="_blank" onmouseover="hit()" class="x" style="color:red">vier</a></p>
<img src="x" onerror="hit()"><img src="https://elders.example/p.png"><img src="data:image/png;base64,AAAA">
<img src="blob:null/1"><img src="/files/7/content" onload="hit()" alt="ons">
<img src="//elders.example/files/7/content">
<svg onload="hit()"><script>hit()</script></svg><iframe srcdoc="<script>parent.hit()</script>"></iframe>
<object data="x"></object>
<form action="https://elders.example"><input name="nodeName"><button>x</button></form>
<style>*{display:none}</style><math><mtext></mtext></math><base href="https://elders.example/">
<table style="width:900px"><colgroup><col style="width:9px"></colgroup>
<tr><td style="color:red" colwidth="90">cel</td></tr></table>
"""


def test_hostile_html_cannot_run(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("() => { window.hits = 0; window.hit = () => window.hits++ }")
    text = start(page)
    paste(text, html=HOSTILE)
    expect(text).to_contain_text("vier")
    text.evaluate("(element) => { for (const inner of element.querySelectorAll('*')) inner.click() }")
    page.wait_for_timeout(200)
    html = value(page)
    assert re.findall(r"(?:src|href)=\"[^\"]*\"", html) == ['href="https://voorbeeld.nl"', 'src="/files/7/content"']
    assert set(re.findall(r"<(\w+)", html)) <= {"h2", "p", "a", "img", "table", "tbody", "tr", "td", "br"}
    assert set(re.findall(r" ([\w-]+)=", html)) <= {"href", "src", "alt"}
    assert html.startswith("<h2>Kop</h2>")
    assert text.locator("script, style, iframe, svg, form, object, [onclick], [style]").count() == 0
    assert page.evaluate("() => window.hits") == 0
    assert [url for url in asked if "elders" in url] == []


def test_office_styles_are_converted(page: Page) -> None:
    text = start(page)
    paste(
        text,
        html="""<meta charset="utf-8"><style>p { color: red }</style>
      <b style="font-weight:normal" id="doc"><p>Gewoon, <span style="font-weight:700">vet</span> en
      <span style='color:#000;font-style:italic'>schuin</span></p></b>""",
    )
    assert value(page) == "<p>Gewoon, <strong>vet</strong> en <em>schuin</em></p>"


def test_policy_refuses_unsafe_dom_writes(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(site.address)
    refused = page.evaluate("""() => {
      const tries = {
        outerHTML: () => (document.querySelector("h1").outerHTML = "<b></b>"),
        write: () => document.write("<b></b>"),
        srcdoc: () => (document.createElement("iframe").srcdoc = "<b></b>"),
        src: () => (document.createElement("script").src = "/x.js"),
        text: () => (document.createElement("script").text = "1"),
        policy: () => trustedTypes.createPolicy("mine", {}),
      }
      return Object.entries(tries).filter(([, attempt]) => {
        try { attempt() } catch (error) { return error instanceof TypeError }
      }).map(([name]) => name)
    }""")
    assert refused == ["outerHTML", "write", "srcdoc", "src", "text", "policy"]
    page.close()


@pytest.mark.parametrize("form", ["#new", "#chat"])
def test_mention_is_chosen_by_keyboard(page: Page, form: str) -> None:
    text = start(page) if form == "#new" else page.locator("#f-chat")
    text.focus()
    page.keyboard.type("Dag @an")
    people = page.get_by_role("listbox", name="Mensen")
    found = ["Anna Jansen Woonstede", "Anton de Vries Gemeente Veldwijk"]
    expect(people.get_by_role("option")).to_have_text(found)
    expect(text).to_have_attribute("aria-controls", people.get_attribute("id") or "")
    first, second = people.get_by_role("option").all()
    expect(text).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    expect(page.locator(f"{form} [role=status].hidden").last).to_have_text("2 mensen")
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(people).to_be_hidden()
    expect(text).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.type("en dag @bram")
    page.wait_for_timeout(300)
    page.keyboard.press("Tab")
    expect(text).to_be_focused()
    page.keyboard.type("!")
    bram = '<a href="/people/14">@Bram Bakker</a>'
    assert value(page, form) == (
        f"<p>Dag {MENTION} en dag {bram} !</p>"
        if form == "#new"
        else "Dag @[Anna Jansen](person:12) en dag @Bram Bakker !"
    )


def test_edited_text_keeps_its_mentions(page: Page) -> None:
    text = start(page, "#edit")
    page.keyboard.press("Control+End")
    page.keyboard.type("!")
    assert value(page, "#edit").endswith(f"<p>Dag {MENTION}!</p>")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")  # the mention goes as a whole
    expect(text).to_have_text("KopDag")


def test_escape_and_mail_addresses_insert_no_mention(page: Page) -> None:
    text = start(page)
    page.keyboard.type("@an")
    people = page.get_by_role("listbox", name="Mensen")
    expect(people).to_be_visible()
    page.keyboard.press("Escape")
    expect(people).to_be_hidden()
    page.keyboard.type(" kees@an")
    page.wait_for_timeout(300)
    expect(people).to_be_hidden()
    expect(text).to_have_text("@an kees@an")


def test_mention_is_chosen_by_pointer(page: Page) -> None:
    text = start(page)
    page.keyboard.type("@b")
    page.get_by_role("option", name="Bram Bakker").click()
    expect(text).to_be_focused()
    expect(page.locator("#new textarea")).to_have_value('<p><a href="/people/14">@Bram Bakker</a> </p>')


def test_public_interface_of_the_editor(page: Page) -> None:
    count_inputs(page)
    editor = page.locator("#new cop-editor")
    editor.evaluate("(editor) => editor.setHTML('<p>Eerst</p>')")
    assert editor.evaluate("(editor) => editor.value") == "<p>Eerst</p>"
    editor.evaluate("(editor) => editor.insertQuote('<p>Een <em>zin</em></p>', 'Anna <schreef>:')")
    expect(page.locator("#new .ProseMirror")).to_be_focused()
    page.keyboard.type("Ja")
    quote = "<blockquote><p><strong>Anna &lt;schreef&gt;:</strong></p><p>Een <em>zin</em></p></blockquote>"
    assert editor.evaluate("(editor) => editor.value") == f"<p>Eerst</p>{quote}<p>Ja</p>"
    page.get_by_role("heading", name="De editor").click()
    editor.evaluate("(editor) => editor.focus()")
    expect(page.locator("#new .ProseMirror")).to_be_focused()
    editor.evaluate("(editor) => editor.clear()")
    assert value(page) == ""
    assert page.evaluate("() => window.inputs") == 3  # the quote and what was typed
    expect(page.locator("#new .is-editor-empty")).to_have_attribute("data-placeholder", "Schrijf hier")


def test_restored_draft_appears_in_the_editor(page: Page) -> None:
    restore = """(form) => {
      form.elements.body.value = "<p>Van <strong>gisteren</strong></p>"
      form.elements.format.value = "html"
      form.dispatchEvent(new CustomEvent("cop:restored", { bubbles: true }))
    }"""
    page.locator("#new").evaluate(restore)
    expect(page.locator("#new .ProseMirror strong")).to_have_text("gisteren")
    page.locator("#new .ProseMirror").press("End")
    page.keyboard.type("!")
    page.locator("#new").evaluate(restore)
    assert value(page) == "<p>Van <strong>gisteren</strong></p>"


def test_turbo_snapshot_holds_the_textarea(page: Page) -> None:
    start(page)
    page.keyboard.type("Half af")
    kept = page.evaluate("""() => {
      document.dispatchEvent(new CustomEvent("turbo:before-cache"))
      const copy = document.body.cloneNode(true)
      const { value, hidden, id } = copy.querySelector("#new textarea")
      const editors = copy.querySelectorAll("#new .editor").length
      document.body.replaceWith(copy)
      return { value, hidden, id, editors }
    }""")
    assert kept == {"value": "<p>Half af</p>", "hidden": False, "id": "f-body", "editors": 0}
    expect(page.locator("#new .ProseMirror")).to_have_text("Half af")
    expect(page.locator("#new .editor")).to_have_count(1)
    page.evaluate("""() => {
      for (const name of ["turbo:before-cache", "turbo:load"]) document.dispatchEvent(new CustomEvent(name))
    }""")
    expect(page.locator("#new .ProseMirror")).to_have_text("Half af")


def test_every_state_is_accessible(page: Page) -> None:
    def violations() -> list[str]:
        answer = page.evaluate("() => axe.run()")
        return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in answer["violations"]]

    assert violations() == []
    text = start(page)
    page.keyboard.type("Een alinea")
    assert violations() == []
    page.keyboard.press("Control+k")
    assert violations() == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Afbeelding", exact=True).first.click()
    assert violations() == []
    page.keyboard.press("Escape")
    page.locator("#new").get_by_role("button", name="Tabel", exact=True).click()
    page.keyboard.type("Gemeente")
    page.keyboard.press("Tab")
    page.keyboard.type("Woningen")
    expect(text.get_by_role("columnheader", name="Woningen")).to_be_visible()
    assert violations() == []
    page.keyboard.press("Tab")
    page.keyboard.type("@an")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert violations() == []


def test_buttons_are_large_enough_and_fit_a_small_screen(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 320, "height": 640})
    start(page)
    boxes = [button.bounding_box() for button in page.locator("#new .editor-toolbar button:visible").all()]
    assert len(boxes) == 15
    assert all(box and box["width"] >= 36 and box["height"] >= 36 for box in boxes)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
