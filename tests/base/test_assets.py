"""The joined style sheet: what `compact` removes, and what it keeps."""

from __future__ import annotations

import pytest

from cop.base.web.assets import compact, without_comments


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("a {\n  color: red;\n}\n", "a{color:red}"),
        ("a,\nb {\n  margin: 0;\n}\n\nc :hover {\n  margin: 1px;\n}\n", "a,b{margin:0}c :hover{margin:1px}"),
        ("/* why\n   and how */\na {\n  & b {\n    color: red;\n  }\n}\n", "a{& b{color:red}}"),
        (
            "a {\n  background:\n    linear-gradient(45deg, red 50%, blue 50%),\n    url(x.svg);\n}",
            "a{background:linear-gradient(45deg,red 50%,blue 50%),url(x.svg)}",
        ),
        ("a {\n  inset: auto\n    max(1rem, 2%) 0;\n}", "a{inset:auto max(1rem,2%) 0}"),
        ("@media (width < 40rem) {\n  a + b {\n    order: 1;\n  }\n}", "@media (width < 40rem){a + b{order:1}}"),
        ('a {\n  list-style: "–  ";\n}', 'a{list-style:"–  "}'),
    ],
)
def test_compact_removes_only_what_means_nothing(source: str, sent: str) -> None:
    assert compact(source) == sent


def test_scripts_are_served_without_casts() -> None:
    script = b'const a = /** @type {Set<"x"> | null} */ (b), c = /** @type {any} */ (d) // kept'
    assert without_comments(script) == b"const a = (b), c = (d) // kept"


def test_scripts_are_served_without_comments_on_the_same_lines() -> None:
    script = b'/** Types.\n * @param {string} a */\n// Why.\nconst a = 1 // kept: it shares its line\n  // more\nconst url = "http://x"\n'
    assert without_comments(script) == b'\n\n\nconst a = 1 // kept: it shares its line\n\nconst url = "http://x"\n'
