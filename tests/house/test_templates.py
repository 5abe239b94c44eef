"""The form of the templates: no line is too long to read."""

from __future__ import annotations

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


def test_icons_avatars_and_bylines_are_written_once() -> None:
    markup = ('<svg class="icon"', 'class="avatar avatar-', '<p class="byline"')
    wrong = {
        part: [
            str(file.relative_to(TEMPLATES)) for file in sorted(TEMPLATES.rglob("*.html")) if part in file.read_text()
        ]
        for part in markup
    }
    assert wrong == {part: ["shared/things.html"] for part in markup}
