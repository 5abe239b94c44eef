"""The form of the templates: no line is too long to read."""

from __future__ import annotations

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
LONGEST = 160


def test_no_line_is_too_long() -> None:
    wrong = [
        f"{file.relative_to(TEMPLATES)}:{number}"
        for file in sorted(TEMPLATES.rglob("*"))
        if file.suffix in (".html", ".txt")
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert wrong == []


def test_text_after_a_condition_is_a_word_of_its_own() -> None:
    """A line break after a tag is not shown, so that what ends a line needs `+%}` where a sentence or link follows."""
    glued = re.compile(r"[^\s>]\{% endif %\}\n\s*(?:\{\{ n?_\(|<a )")
    wrong = [
        f"{file.relative_to(TEMPLATES)}: {found[0]}"
        for file in sorted(TEMPLATES.rglob("*.html"))
        for found in glued.finditer(file.read_text())
    ]
    assert wrong == []


def test_icons_avatars_and_bylines_are_written_once() -> None:
    markup = ('<svg class="icon"', 'class="avatar avatar-', '<p class="byline"')
    wrong = {
        part: [
            str(file.relative_to(TEMPLATES)) for file in sorted(TEMPLATES.rglob("*.html")) if part in file.read_text()
        ]
        for part in markup
    }
    assert wrong == {part: ["shared/things.html"] for part in markup}
