"""What a process caches of its pages stays within its bounds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Thread

from cop.base.web import Slice
from cop.base.web.pages import BodyCache, PageSkeleton


def body(n: int) -> tuple[str, Slice]:
    return "x" * 1_000, Slice([], n)


def filled(count: int) -> BodyCache:
    """A cache after so many bodies as they are cached for threads: their HTML, and where the stretch ends."""
    cache = BodyCache(10_000)
    for n in range(count):
        cache.get(n, partial(body, n))
    return cache


def test_the_least_used_go_first() -> None:
    cache = filled(5)
    cache.get(0, lambda: "")
    for n in range(5, 14):
        cache.get(n, partial(body, n))
    assert 0 < len(cache.bodies) < 10
    assert cache.bodies.currsize <= 10_000
    assert 1 not in cache.bodies
    assert 13 in cache.bodies


def test_a_body_that_was_read_again_outlives_the_others() -> None:
    cache = filled(8)
    cache.get(0, lambda: "")
    for n in range(8, 14):
        cache.get(n, partial(body, n))
    assert 0 in cache.bodies
    assert 1 not in cache.bodies


def test_no_number_of_bodies_grows_past_the_bound() -> None:
    assert 8 <= len(filled(300).bodies) <= 10


def test_nothing_is_cached_at_zero() -> None:
    cache = BodyCache()
    assert cache.get("circle", lambda: (27, 22)) == (27, 22)
    assert not cache.bodies
    assert cache.bodies.currsize == 0


def test_a_body_larger_than_the_cache_is_only_returned() -> None:
    cache = filled(3)
    assert cache.get("long", lambda: "x" * 20_000) == "x" * 20_000
    assert list(cache.bodies) == [0, 1, 2]


def test_a_skeleton_weighs_what_stands_in_it() -> None:
    cache = BodyCache(2_500)
    for n in range(3):
        cache.get(n, partial(PageSkeleton, "x" * 1_000))
    assert list(cache.bodies) == [1, 2]


def test_threads_that_read_and_drop_at_once_get_their_own_bodies() -> None:
    cache, wrong = BodyCache(10_000), []

    def text(n: int) -> str:
        return f"{n}" * 700

    def read(step: int) -> None:
        make: Callable[[], str]
        for turn in range(4_000):
            n = turn * step % 23
            make = partial(text, n)
            if cache.get(n, make) != make():
                wrong.append(n)

    threads = [Thread(target=read, args=(step,)) for step in (1, 3, 5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert cache.bodies.currsize == sum(len(one) for one in cache.bodies.values()) <= 10_000
