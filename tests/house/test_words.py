"""Every text on the screen goes through `_()` and has an English translation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from cop.base import errors, words
from tests.house import vocabulary
from tests.house.vocabulary import WHOLE_PAGES, catalogues, templates, used

PLACES = re.compile(r"%\((\w+)\)|\{(\w+)\}")
ROOMS = sorted(used())


def _none(found: Iterable[Any], what: str) -> None:
    lines = sorted(str(words_found) for words_found in found)
    assert not lines, "\n".join([f"{what}:", *lines])


def test_templates_have_no_untranslated_words() -> None:
    _none(vocabulary.bare(), "outside _()")


def test_scripts_have_no_words() -> None:
    _none(vocabulary.bare_in_scripts(), "give these from the page, as data-word-…")


def test_translated_words_are_literals() -> None:
    _none(vocabulary.not_literal(), "no catalogue can know these")


def test_words_are_not_translated_at_import() -> None:
    _none(vocabulary.too_early(), "translated when the module is loaded")


def test_refusals_are_translated() -> None:
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.Problem)}
    _none(vocabulary.unspoken_refusals(kinds), "said in one language only")


@pytest.mark.parametrize("room", ROOMS)
def test_every_word_has_an_english_translation(room: str) -> None:
    """The translation is in the catalogue of the feature or of base."""
    known = catalogues()
    translated = {id for name in (room, "base") for id, message in known.get(name, {}).items() if message.string}
    _none((words_found for id, words_found in used()[room].items() if id not in translated), f"not in cop/{room}/en.po")


@pytest.mark.parametrize("room", sorted(catalogues()))
def test_catalogues_have_no_unused_words(room: str) -> None:
    """The words of base may be used by several features; those of a feature by the feature only."""
    words_found = {id for words in used().values() for id in words} if room == "base" else set(used().get(room, {}))
    _none(set(catalogues()[room]) - words_found, f"in cop/{room}/en.po, but said nowhere")


def test_one_word_has_one_translation() -> None:
    """The catalogues are merged, so features must agree on a translation."""
    english: dict[str, set[str]] = {}
    for room in catalogues().values():
        for id, message in room.items():
            english.setdefault(id, set()).add(str(message.string))
    assert {id: words_found for id, words_found in english.items() if len(words_found) > 1} == {}


def test_translations_have_the_same_placeholders() -> None:
    wrong = [
        id
        for room in catalogues().values()
        for id, m in room.items()
        if sorted(PLACES.findall(id)) != sorted(PLACES.findall(str(m.string))) or m.fuzzy
    ]
    assert wrong == []


@pytest.mark.once
@pytest.mark.parametrize("language", sorted(words.LANGUAGES))
def test_every_template_compiles(app: Any, language: str) -> None:
    pages = app.extensions["pages"][language]
    for file in templates():
        pages.get_template(file.relative_to(vocabulary.ROOT / "templates").as_posix())


def test_pages_in_two_languages_have_the_same_structure() -> None:
    by_language: dict[str, dict[str, list[str]]] = {}
    for file in templates():
        found = WHOLE_PAGES.search(file.as_posix())
        if found and found[1]:
            name = re.sub(r"\.(nl|en)\.html$", "", file.name)
            by_language.setdefault(name, {})[found[1]] = re.findall(r"<(h[1-6]|li|table)\b", file.read_text())
    assert by_language
    assert [name for name, words_found in by_language.items() if words_found.get("nl") != words_found.get("en")] == []


# Tests of the checks themselves.


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{{ _('Dag') }} – {{ n }}</p>", []),
        ("<p>Dag</p>", ["Dag"]),
        ('<a aria-label="Sluiten" class="icon-button">×</a>', ['aria-label="Sluiten"']),
        ("<input placeholder=\"{{ _('Zoek') }}\">", []),
        ("{{ button('Plaatsen', 'quiet', icon='done') }}", ["Plaatsen"]),
        ("{% if x %}<b>Ja{{ x }}</b>{% endif %}", ["Ja…"]),
        ("{# Nee #}<code>GET</code>", []),
    ],
)
def test_check_finds_untranslated_words(source: str, found: list[str]) -> None:
    words = [*vocabulary._page_words(source), *vocabulary._filled_words(source)]
    assert [w.replace(vocabulary.FILLED, "…") for _line, w in words] == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('this.status.textContent = "Opgeslagen"', True),
        ('this.status.replaceChildren("Uw tekst is bewaard.")', True),
        ("status.textContent = `Nog ${n} berichten te gaan.`", True),
        ('line.textContent = this.count(n, "New")', False),
        ("link.textContent = this.dataset.wordUndo", False),
        ('button.className = "button button-quiet"', False),
    ],
)
def test_check_finds_words_in_scripts(line: str, found: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text(line)
    monkeypatch.setattr(vocabulary, "ROOT", tmp_path)
    monkeypatch.setattr(vocabulary, "scripts", lambda: [tmp_path / "one.js"])
    assert bool(vocabulary.bare_in_scripts()) == found
