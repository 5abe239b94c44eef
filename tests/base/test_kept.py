"""What a process keeps of its pages stays within its bounds."""

from __future__ import annotations

from functools import partial

from cop.base.web import Slice
from cop.base.web.pages import Kept, Shell


def body(n: int) -> tuple[str, Slice]:
    return "x" * 1_000, Slice([], n)


def bodies(count: int) -> Kept:
    """As many bodies as they are kept for threads: their HTML, and where the stretch ends."""
    kept = Kept()
    kept.largest = 10_000
    for n in range(count):
        kept.get(n, partial(body, n))
    return kept


def test_the_least_used_go_first() -> None:
    kept = bodies(5)
    kept.get(0, lambda: "")
    for n in range(5, 14):
        kept.get(n, partial(body, n))
    assert 0 < len(kept.bodies) < 10
    assert kept.size <= kept.largest
    assert 1 not in kept.bodies
    assert 13 in kept.bodies


def test_no_number_of_bodies_grows_past_the_bound() -> None:
    assert 8 <= len(bodies(300).bodies) <= 10


def test_nothing_is_kept_at_zero() -> None:
    kept = Kept()
    assert kept.get("circle", lambda: (27, 22)) == (27, 22)
    assert not kept.bodies
    assert kept.size == 0


def test_a_shell_weighs_what_stands_in_it() -> None:
    kept = Kept()
    kept.largest = 2_500
    for n in range(3):
        kept.get(n, partial(Shell, "x" * 1_000))
    assert list(kept.bodies) == [1, 2]
