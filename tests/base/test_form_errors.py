"""Form errors are shown in a summary that names the fields, and beside each field."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cop.base.web import ENDPOINTS

# Hidden fields, and fields chosen from given options (checkboxes, buttons).
UNSEEN = {
    "admin",
    "base_version",
    "client_id",
    "contents",
    "draft",
    "draft_base",
    "draft_revision",
    "draft_writer",
    "format",
    "inline",
    "mail_shown",
    "next",
    "partnership_before",
    "original",
    "remove",
    "reply_to",
    "roles",
    "rows",
    "same_name",
    "sources",
    "stored",
    "told",
}


@pytest.mark.parametrize(("language", "line"), [("nl", "Titel – Vul dit in."), ("en", "Title – Fill this in.")])
def test_summary_names_the_field(cast: Any, language: str, line: str) -> None:
    browser = cast.client("anna")
    browser.set_cookie("cop-language", language)
    page = browser.post("/communities/een/threads", data={"title": " ", "body": "Tekst"})
    assert page.status_code == 422
    assert f'<a href="#f-title">{line}</a>' in page.text
    assert re.search(rf'id="f-title-error".*<span>{line.partition(" – ")[2]}</span>', page.text)


def test_form_may_rename_a_field(cast: Any, app: Any) -> None:
    with app.test_request_context():
        forms = app.extensions["pages"]["nl"].get_template("shared/forms.html").module
        assert ">Naam – Kies een naam.</a>" in forms.errors({"title": "Kies een naam."}, {"title": "Naam"})
        assert "<li>Kies een naam.</li>" in forms.errors({"": "Kies een naam."})


def test_every_field_has_a_name(app: Any) -> None:
    fields = {
        name
        for endpoint in ENDPOINTS.values()
        if endpoint.form
        for name in (*(endpoint.takes.model_fields if endpoint.takes else ()), *endpoint.files)
    }
    forms = app.extensions["pages"]["nl"].get_template("shared/forms.html").module
    nameless = {name for name in fields if ">x</a>" in forms.errors({name: "x"})}
    assert sorted(nameless - UNSEEN) == []
    assert sorted(UNSEEN - nameless) == []
