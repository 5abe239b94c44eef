"""Drafts in a real browser: what somebody types survives reloads, lost connections, second tabs and lost answers."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Browsers
from tests.browser.writing import begin

pytestmark = pytest.mark.browser

WHO = "Willemijn"


def thread_of(page: Page) -> str:
    """Return the address of a thread that is open."""
    page.goto("/search?q=woning&type=gesprek")
    address = page.locator("main a[href^='/threads/']").first.get_attribute("href") or ""
    return address.split("?")[0].split("#")[0]


def write(page: Page, words: str, saved: str = "Opgeslagen om") -> None:
    begin(page).press("Control+End")
    page.keyboard.type(words)
    expect(page.locator(".saved")).to_contain_text(saved)


def test_newest_text_comes_back_and_is_posted_once(browsers: Browsers) -> None:
    page = browsers.open(WHO)
    page.goto(thread_of(page))
    write(page, "Online tekst.")
    page.context.set_offline(True)
    write(page, " En een toevoeging.", "Alleen in deze browser opgeslagen, geen verbinding")
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    status = page.locator(".composer-status")
    expect(status).to_contain_text("Niet geplaatst: geen verbinding.")
    page.context.set_offline(False)
    page.reload()
    text = page.locator(".ProseMirror")
    expect(text).to_have_text("Online tekst. En een toevoeging.")
    expect(page.locator(".saved")).to_contain_text("Opgeslagen")
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(page.locator("#posts")).to_contain_text("Online tekst. En een toevoeging.")
    expect(text).to_have_text("")
    page.reload()
    expect(page.locator("#f-body")).to_be_empty()
    browsers.wrong()  # the errors of the lost connection


def test_text_under_the_key_of_a_stored_post_is_kept(browsers: Browsers) -> None:
    page = browsers.open(WHO)
    page.goto(thread_of(page))
    write(page, "Versie een.")
    lost: list[str] = []

    def lose(route: Route) -> None:
        """Let the server have the first post, and lose its answer."""
        if route.request.method != "POST" or lost:
            return route.fallback()
        lost.append(route.request.url)
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/posts", lose)
    post = page.get_by_role("button", name="Plaatsen", exact=True)
    post.click()
    expect(page.locator(".composer-status")).to_contain_text("Niet geplaatst")
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" En nog een zin.")
    post.click()
    both = page.locator(".composer-repeated")
    # A save may find out first that the key is used; the text is then a new draft, which is posted.
    expect(both.or_(page.locator("#posts", has_text="En nog een zin."))).to_be_visible()
    if both.is_visible():
        expect(both).to_contain_text("Versie een.")
        expect(page.locator(".ProseMirror")).to_contain_text("En nog een zin.")
        both.get_by_role("button", name="Plaatsen als nieuw bericht").click()
    expect(page.locator("#posts")).to_contain_text("En nog een zin.")
    browsers.wrong()


def test_two_tabs_have_two_drafts_and_enter_in_the_title_posts_nothing(browsers: Browsers) -> None:
    one = browsers.open(WHO)
    one.goto("/communities")
    slug = (one.locator("main a[href^='/communities/']").first.get_attribute("href") or "").split("/")[2]
    address = f"/communities/{slug}/threads/new"
    two = one.context.new_page()
    for page in (one, two):
        page.goto(address)
    for page, name in ((one, "EEN"), (two, "TWEE")):
        page.bring_to_front()
        title = page.get_by_role("textbox", name="Titel")
        title.fill(f"Titel {name}")
        title.press("Enter")
        expect(page.locator(".ProseMirror")).to_be_focused()
        page.keyboard.type(f"Tekst {name}")
        expect(page.locator(".saved")).to_contain_text("Opgeslagen")
        page.wait_for_function(
            """async (text) => {
              const { items } = await (await fetch("/api/v1/drafts")).json()
              return items.some(({ fields }) => fields.body?.includes(text))
            }""",
            arg=f"Tekst {name}",
        )
        expect(page).to_have_url(f"{browsers.product.address}{address}")
    two.close()
    one.goto(address)
    expect(one.get_by_role("textbox", name="Titel")).to_have_value("Titel TWEE")
    one.locator(".drafts").get_by_role("link", name="Titel EEN").click()
    expect(one.get_by_role("textbox", name="Titel")).to_have_value("Titel EEN")
    expect(one.locator(".ProseMirror")).to_have_text("Tekst EEN")
    one.goto("/drafts")
    for name in ("EEN", "TWEE"):
        one.get_by_role("button", name=f"Concept weggooien: Titel {name}").click()
        expect(one.locator("#flash")).to_contain_text(f"Uw concept ‘Titel {name}’ is weggegooid.")
    one.get_by_role("button", name="Ongedaan maken").click()
    expect(one.locator("main")).to_contain_text("Titel TWEE")
    one.get_by_role("button", name="Concept weggooien: Titel TWEE").click()
    expect(one.locator("main")).not_to_contain_text("Titel TWEE")


def test_what_writing_needs_is_loaded_when_somebody_writes(browsers: Browsers) -> None:
    page = browsers.open(WHO)
    address = thread_of(page)
    sizes: dict[str, int] = {}
    page.on("response", lambda one: sizes.update({one.url: len(gzip.compress(one.body()))} if ".js" in one.url else {}))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) <= 55_000
    late = ("cop-composer.js", "draft-store.js", "base/editor.js", "file-takers.js")
    assert [url for url in sizes if url.endswith(late)] == []
    page.locator("#f-body").focus()
    page.keyboard.type("Meteen getypt. ")
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.keyboard.type("En daarna.")
    expect(page.locator(".ProseMirror")).to_have_text("Meteen getypt. En daarna.")
    expect(page.locator(".saved")).to_contain_text("Opgeslagen")
    page.goto("/drafts")
    page.get_by_role("button", name="Concept weggooien: Meteen getypt.").click()
    expect(page.locator("#flash")).to_contain_text("weggegooid")
