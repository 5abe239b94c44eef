"""The public pages about the site, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cop import create_app
from tests.conftest import Client, settings

PAGES = {
    "privacy": ("onder de Woo vallen", "fall under the Dutch Open Government Act"),
    "accessibility": ("WCAG 2.2", "WCAG 2.2"),
    "help": ("code van zes cijfers", "code of six digits"),
    "contact": ("beheer@weerthuis.example", "beheer@weerthuis.example"),
    "house-rules": ("Spelregels", "House rules"),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", [None, "anna"])
def test_works(cast: Any, name: str, who: str | None) -> None:
    browser = cast.client(who)
    dutch, english = PAGES[name]
    page = browser.get(f"/{name}")
    assert page.status_code == 200
    assert dutch in page.text
    browser.post("/language", data={"language": "en"})
    assert english in browser.get(f"/{name}").text


def test_security_txt(cast: Any) -> None:
    answer = cast.client(None).get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:beheer@weerthuis.example"
    assert fields["Canonical"] == "http://localhost/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"].replace("Z", "+00:00")) - datetime.now(UTC)
    assert 30 < left.days < 365


def test_mailbox_exists_in_development(app: Any, cast: Any, post: Any) -> None:
    cast.client(None).post("/sign-in", data={"mail": "anna@proef.example"})
    email = post.last("anna@proef.example")
    assert email.subject in cast.client(None).get("/dev/mail").text
    assert post.path("anna@proef.example") in cast.client(None).get(f"/dev/mail/{email.id}").text
    html = cast.client(None).get(f"/dev/mail/{email.id}/html")
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert cast.client(None).get("/dev/mail/99999").status_code == 404
    assert cast.client(None).get("/dev/mail", environ_overrides={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404
    assert cast.client(None).get("/dev/styleguide").status_code == 200


def test_mailbox_is_absent_in_production(tmp_path: Any) -> None:
    app = create_app(settings(tmp_path, mode="production", base_url="https://weerthuis.example", database_url=""))
    browser = Client(app, app.response_class)
    for path in ("/dev/mail", "/dev/styleguide"):
        assert browser.get(path, base_url="https://weerthuis.example").status_code == 303
    page = browser.get("/sign-in", base_url="https://weerthuis.example")
    assert page.status_code == 200
    assert "demonstratie" not in page.text
