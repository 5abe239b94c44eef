"""Writing in the editor of a page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def begin(page: Page) -> Locator:
    """Put the caret in the editor, which replaces the field when somebody comes to it, and return it."""
    editor = page.locator("cop-editor .ProseMirror")
    if page.locator("cop-editor[data-html]").count():
        editor.wait_for()  # it opens by itself: what would focus the field now may find it hidden
    page.locator("#f-body").focus()
    expect(editor).to_be_focused(timeout=15_000)
    return editor


def write(page: Page, words: str) -> None:
    """Type at the caret."""
    begin(page)
    page.keyboard.type(words)
