"""Form errors are shown in a summary that names the fields, and beside each field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cop.base.web import ENDPOINTS

# Hidden fields, and fields chosen from given options (checkboxes, buttons).
UNSEEN = {
    "admin",
    "another",
    "base_version",
    "client_id",
    "conflict",
    "contents",
    "copied_from",
    "definition",
    "draft_base",
    "draft_revision",
    "draft_writer",
    "emphasis",
    "everybody",
    "follows",
    "seen",
    "finish",
    "format",
    "help",
    "inline",
    "kept",
    "kept_2",
    "kept_3",
    "key",
    "limit",
    "mail_shown",
    "mail_version",
    "next",
    "partnership_before",
    "personal",
    "ready",
    "remove",
    "reply_to",
    "required",
    "resume",
    "roles",
    "rows",
    "same_name",
    "scan",
    "several",
    "shortlisted",
    "show_if",
    "sources",
    "stored",
    "team_only",
    "then",
    "to",
    "told",
    "version",
    "versions",
    "website",
    "weight",
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


# Fields that a page names above its form by words that come with their data: texts of a public page, questions of a call,
# one of several photos.
FROM_DATA = {"answers", "conditions", "criteria", "extended", "for_whom", "outcomes", "scores", "what"}
FROM_DATA |= {f"{name}_{number}" for name in ("photo", "alt") for number in (2, 3)}
# Hidden fields of the form of guidance: the version on which the change of a section is based.
FROM_DATA |= {"base_title", *(f"{name}_base" for name in ("situation", "whom", "works", "why", "caution", "steps"))}
NAMED = re.compile(r"'(\w+)': _\(|\('(\w+)', _\(")


def own_labels() -> set[str]:
    """Return the names of the fields that a page names itself above its form, or by the words of its feature."""
    templates = Path(__file__).parents[2] / "templates"
    pages = [file for file in templates.rglob("*.html") if "errors(typed.errors, " in file.read_text()]
    words = [file.parent / "_words.html" for file in pages if (file.parent / "_words.html").exists()]
    return FROM_DATA | {a or b for file in (*pages, *words) for a, b in NAMED.findall(file.read_text())}


def test_every_field_has_a_name(app: Any) -> None:
    fields = {
        name
        for endpoint in ENDPOINTS.values()
        if endpoint.form
        for name in (*(endpoint.takes.model_fields if endpoint.takes else ()), *endpoint.files)
    }
    forms = app.extensions["pages"]["nl"].get_template("shared/forms.html").module
    nameless = {name for name in fields if ">x</a>" in forms.errors({name: "x"})} - own_labels()
    assert sorted(nameless - UNSEEN) == []
    assert sorted(UNSEEN - nameless) == []
