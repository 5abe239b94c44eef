"""Report of the length of files and functions (`python -m tests.house.sizes`); no test depends on it."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHOWN = 15


def functions(file: Path) -> list[tuple[int, int, str]]:
    """Return (lines, parameters, name) of every function in a Python file."""
    return [
        (
            (node.end_lineno or node.lineno) - node.lineno + 1,
            len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs),
            f"{file.relative_to(ROOT)}: {node.name}",
        )
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def lengths(*patterns: str) -> list[tuple[int, str]]:
    """Return (lines, name) of the files of one kind, longest first."""
    files = [file for pattern in patterns for file in ROOT.glob(pattern) if "vendor" not in file.parts]
    return sorted(((len(file.read_text().splitlines()), str(file.relative_to(ROOT))) for file in files), reverse=True)


def table(title: str, rows: list[tuple[int, str]]) -> None:
    """Print the number of files of a kind, their lines, and the longest."""
    sizes = [size for size, _name in rows]
    print(
        f"\n{title}: {len(rows)}, {sum(sizes)} lines, median {statistics.median(sizes):.0f}, "
        f"{sum(size > 200 for size in sizes)} over 200"
    )
    for size, name in rows[:SHOWN]:
        print(f"{size:>6}  {name}")


def main() -> None:
    """Print the report."""
    table("Python files", lengths("cop/**/*.py"))
    table("Templates", lengths("templates/**/*.html", "templates/**/*.txt"))
    table("Scripts", lengths("static/js/**/*.js"))
    table("Style sheets", lengths("static/css/**/*.css"))
    table("Tests", lengths("tests/**/*.py"))
    found = [one for file in (ROOT / "cop").rglob("*.py") for one in functions(file)]
    sizes = [size for size, _parameters, _name in found]
    print(
        f"\nFunctions: {len(found)}, median {statistics.median(sizes):.0f}, {sum(size > 25 for size in sizes)} over 25 lines"
    )
    for size, _parameters, name in sorted(found, reverse=True)[:SHOWN]:
        print(f"{size:>6}  {name}")
    print("\nParameters")
    for _size, parameters, name in sorted(found, key=lambda one: -one[1])[:SHOWN]:
        print(f"{parameters:>6}  {name}")


if __name__ == "__main__":
    main()
