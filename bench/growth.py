"""Growth: the same pages over ten times the posts and files, and over more people; what a page costs may not follow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench import apart
from bench.growth_data import SIZES, Size, fill
from bench.growth_pages import Plan

LIMIT, COMMON_LIMIT = 1.2, 1.5  # big divided by small; of a search for a common word
MODULE = "bench.growth_pages"

Figures = dict[str, dict[str, float]]  # page → name of the set → milliseconds


def measure(folder: Path, sizes: Sequence[Size] = SIZES, rounds: int = 1) -> Figures:
    """Return the processor time of each page on each set: the median of rounds in which the sets take turns."""
    plans = {size.name: Plan(dict(fill(folder, size).settings)) for size in sizes}
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(rounds):
        for name, plan in plans.items():
            for page, cpu_ms in apart.run(MODULE, plan)["cpu_ms"].items():
                found.setdefault(page, {}).setdefault(name, []).append(cpu_ms)
    return {page: {name: median(several) for name, several in sets.items()} for page, sets in found.items()}


def ratios(sets: dict[str, float]) -> dict[str, float]:
    """Return each set's figure divided by that of the first, which is the smallest."""
    first, *others = sets
    return {name: sets[name] / sets[first] for name in others}


def limit(page: str) -> float:
    """Return the highest ratio that a page may have."""
    return COMMON_LIMIT if page == "search, common" else LIMIT


def lines(found: Figures) -> list[str]:
    """Return the table: milliseconds on the smallest set, then the ratio of every other set to it."""
    names = list(next(iter(found.values())))
    table = [_line("page", f"{names[0]}, ms", names[1:], "bar")]
    for page, sets in found.items():
        over = " over" if max(ratios(sets).values(), default=0) > limit(page) else ""
        table.append(
            _line(
                page, f"{sets[names[0]]:.2f}", [f"{one:.2f}" for one in ratios(sets).values()], f"≤ {limit(page)}{over}"
            )
        )
    return table


def _line(page: str, first: str, others: Sequence[str], bar: str) -> str:
    return f"{page:20}{first:>14}{''.join(f'{other:>12}' for other in others)}  {bar}"


def over(found: Figures) -> int:
    """Return how many pages cost more than their bar allows on a larger set."""
    return sum(max(ratios(sets).values(), default=0) > limit(page) for page, sets in found.items())
