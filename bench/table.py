"""Prints the figures: workload, ours, yardstick, ratio, bar, ok or over."""

from __future__ import annotations

from bench.rows import ROWS, Results, Row, ratio

HEADER = ("workload", "ours", "yardstick", "ratio", "bar", "")
WIDTHS = (44, 12, 12, 8, 10, 5)


def line(cells: tuple[str, ...]) -> str:
    """Return cells as a table line: the first aligned left, numbers right."""
    first, *rest = (
        cell.ljust(width) if not index else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    return " ".join([first, *rest]).rstrip()


def lines(workload: str, results: Results) -> list[str]:
    """Return the table lines of a measured workload."""
    return [line(_cells(row, results)) for row in ROWS if row.workload == workload]


def _cells(row: Row, results: Results) -> tuple[str, ...]:
    ours, beside = row.values(results)
    label = f"{row.workload}  {row.figure}{f', {row.unit}' if row.unit else ''}"
    if row.beside:
        _, workload, figure = row.beside
        label = f"{row.workload}  {row.figure} : {workload} {figure}, {row.unit}"
    numbers = map(_number, (ours, beside, ratio(ours, beside)))
    return (label, *numbers, str(row.bar or ""), row.verdict(ours, beside))


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.2f}"


def over(results: Results) -> int:
    """Return how many bars are exceeded."""
    return sum(row.verdict(*row.values(results)) == "over" for row in ROWS)
