"""The message shown once after a form, with the button that undoes it."""

from __future__ import annotations

from typing import Any

from cop.base.web import flash, respond


def test_undo_posts_the_fields_to_its_url(app: Any, cast: Any) -> None:
    def remove() -> Any:
        flash("Bas doet niet meer mee.", undo="/people/7/removal/delete", role="reader", note='"<b>"')
        return respond(to="/help")

    with app.test_request_context("/"):
        cookie = app.process_response(remove()).headers["Set-Cookie"].split("cop-flash=")[1].split(";")[0]
    browser = cast.client("eva")
    browser.set_cookie("cop-flash", cookie)
    page = browser.get("/help").text
    assert 'method="post" action="/people/7/removal/delete"' in page
    assert 'name="role" value="reader"' in page
    assert "&lt;b&gt;" in page
    assert "Ongedaan maken" in page
    assert "Ongedaan maken" not in browser.get("/help").text


def test_altered_message_is_dropped(cast: Any) -> None:
    browser = cast.client("eva")
    browser.set_cookie("cop-flash", "WyJIYWxsbyIsIi94Iix7fV0.vervalst")
    assert "Hallo" not in browser.get("/help").text
    assert not browser.get_cookie("cop-flash")
