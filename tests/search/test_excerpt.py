"""The excerpt of a hit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.search.excerpt import WIDTH, mark
from cop.search.query import terms

POST = """
Wij hebben vorig jaar een uitstroomconvenant getekend. Dat ging niet vanzelf. De woning corporatie wilde eerst
weten hoeveel begeleiding er was; de gemeente had daar beleid voor.

In de wijk liep het anders: de Wmo-beschikking kwam te laat, de huurders wisten van niets en de afwijking
in de cijfers vond niemand. Foto's van het projectbezoek staan in de map. De woningcorporaties vragen om een
e-mail met de huurcontracten.
"""


def marked(query: str, *, prefix: bool = False) -> list[str]:
    """Return the marked words in the excerpt of the post."""
    return [segment for segment, found in mark(POST, terms(query), prefix=prefix) if found]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("convenanten", ["uitstroomconvenant"]),
        ("beleid", ["beleid"]),
        ("wijk", ["wijk"]),
        ("foto", ["Foto's"]),
        ("wmobeschikking", ["Wmo-beschikking"]),
        ("huren email", ["e-mail", "huurcontracten"]),
        ("woningcorporatie", ["woning", "corporatie"]),
        ('"de gemeente had"', ["de", "gemeente", "had"]),
        ("de beleid -wijk van:bas", ["beleid"]),
        ("zeppelin", []),
        ("bege", []),
    ],
)
def test_found_words_are_marked(query: str, words: list[str]) -> None:
    assert marked(query) == words


def test_prefix_is_marked_while_typing() -> None:
    assert marked("projectbez", prefix=True) == ["projectbezoek"]


def test_excerpt_shows_the_place_with_most_terms() -> None:
    text = "huur " * 30 + "en zo voort, " * 40 + "de huur en de zorg"
    assert [word for word, found in mark(text, terms("zorg huur")) if found] == ["huur", "zorg"]


def test_excerpt_is_cut_between_words() -> None:
    (first, *_, last) = (segment for segment, _ in mark(POST, terms("wijk")))
    assert (first, last) == ("… ", " …")
    assert "".join(segment for segment, _ in mark("Kort over huur", terms("huur"))) == "Kort over huur"


@given(st.text(), st.text(max_size=30))
@settings(deadline=None)
def test_any_text_has_an_excerpt(text: str, query: str) -> None:
    shown = "".join(segment for segment, _ in mark(text, terms(query)))
    assert len(shown) <= WIDTH + 4 or " " not in shown.strip("… ")


@given(st.lists(st.sampled_from(["huur", "zorg", "de", "e-mail", "uitstroomconvenant", "wijk."]), max_size=120))
@settings(deadline=None)
def test_excerpt_is_a_substring_of_the_text(words: list[str]) -> None:
    text = " ".join(words)
    shown = "".join(segment for segment, _ in mark(text, terms("zorg convenant")))
    assert shown.removeprefix("… ").removesuffix(" …") in text
    assert len(shown) <= WIDTH + 4
