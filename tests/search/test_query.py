"""Parsing of queries, and their hits in each database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.search.match import to_fts5, to_tsquery
from cop.search.query import LONGEST_QUERY, MOST_TERMS, Query, terms

if TYPE_CHECKING:
    from tests.search.conftest import Index

TEXTS = {
    "convenant": "Het uitstroomconvenant is getekend; wat zet je waar?",
    "leegstand": "Leegstaand verzorgingshuis: mag je starters en statushouders mengen?",
    "thuis": "Weer thuis in de wijk. De afwijking zit in de contractie van de cijfers.",
    "beschikking": "De Wmo-beschikking kwam per e-mail, met 1.250 euro huurschuld.",
    "apart": "De woning corporatie schrijft los; de woningcorporaties schrijven aaneen.",
    "beleid": "Het beleid van de gemeente en de begeleiding van cliënten.",
    "wonen": "Beschermd wonen is geen begeleid wonen.",
}


@pytest.fixture
def filled(index: Index) -> Index:
    """Return the index with the texts."""
    for name, text in TEXTS.items():
        index.add(name, text)
    return index


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("convenant", "convenant"),
        ("Convenanten?", "convenant"),
        ("wat zet je in een uitstroomconvenant", "convenant"),
        ("huis", "leegstand"),
        ("huizen", "leegstand"),
        ("contract", ""),
        ("wijk", "thuis"),
        ("WMO", "beschikking"),
        ("wmobeschikkingen", "beschikking"),
        ("wmo-beschikking", "beschikking"),
        ("email", "beschikking"),
        ("e-mail", "beschikking"),
        ("1250", "beschikking"),
        ("1.250", "beschikking"),
        ("schulden", "beschikking"),
        ("woningcorporatie", "apart"),
        ("begeleiding", "beleid wonen"),
        ("beleid", "beleid"),
        ("gemeenten client", "beleid"),
        ("gemeente mening", ""),
        ('"beschermd wonen"', "wonen"),
        ('"wonen beschermd"', ""),
        ("„begeleid wonen”", "wonen"),
        ('"is geen', "wonen"),
        ("begeleiding -beleid", "wonen"),
        ('wonen -"beschermd wonen"', "apart"),
        ("wonen -woning", ""),
        ("wonen -zeppelin", "apart wonen"),
        ("de", "apart beleid beschikking thuis"),
        ("-beleid", ""),
        ("van:bas", ""),
        ("  ?! ", ""),
    ],
)
def test_query_finds_the_expected_texts(filled: Index, query: str, found: str) -> None:
    assert " ".join(sorted(filled.find(query))) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("conv", ""),
        ("uitst", "convenant"),
        ("wmobe", "beschikking"),
        ("leegstaand verz", "leegstand"),
        ('"beschermd wo', "wonen"),
        ('"beschermd wo"', ""),
        ("uitst ", ""),
        ("beleid -geme", "beleid"),
        ("mengen sta", "leegstand"),
        ("mengen de", "leegstand"),
    ],
)
def test_last_word_matches_as_a_prefix_while_typing(filled: Index, typed: str, found: str) -> None:
    assert " ".join(sorted(filled.find(typed, prefix=True))) == found


def test_operators_are_parsed() -> None:
    query = terms('huur van:bas Van:"Willemijn Voorbeeld" in:procesregie type:vraag na:14-11-2017 -"oude regel"')
    assert query.authors == ("bas", "Willemijn Voorbeeld")
    assert (query.places, query.kinds) == (("procesregie",), ("vraag",))
    assert query.since == date(2017, 11, 14)
    assert [term.runs[0].tokens for term in query.wanted] == [("huur",)]
    assert [term.runs[0].tokens for term in query.unwanted] == [("oude", "regel")]
    assert terms("from:bas after:2017").authors == ("bas",)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2017", date(2017, 1, 1)),
        ("2017-11", date(2017, 11, 1)),
        ("11-2017", date(2017, 11, 1)),
        ("mrt-2017", date(2017, 3, 1)),
        ("2017-11-14", date(2017, 11, 14)),
        ("1/2/2017", date(2017, 2, 1)),
        ("14.11.2017", date(2017, 11, 14)),
        ('"14 november 2017"', date(2017, 11, 14)),
        ("31-2-2017", None),
        ("1-2-3-2017", None),
        ("17", None),
        ("overleg", None),
    ],
)
def test_dates_are_parsed(written: str, day: date | None) -> None:
    assert terms(f"na:{written}").since == day


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("wat kost het beheer per woning?", ["kost", "beheer", "woning"]),
        ("van: in: type:", ["type"]),
        ("na:overleg verder", ["overleg", "verder"]),
        ("huurder/bewoner", ["huurder", "bewoner"]),
        ("huur huur Huur", ["huur"]),
        ("https://www.voorbeeld.example", ["https", "www", "voorbeeld", "example"]),
        ("om 13:30", ["13", "30"]),
        ("van de", ["van", "de"]),
    ],
)
def test_plain_dutch_is_not_parsed_as_operators(query: str, words: list[str]) -> None:
    assert [term.runs[0].tokens[0] for term in terms(query).wanted] == words


def test_long_query_is_cut() -> None:
    assert len(terms(" ".join(map(str, range(100, 150)))).wanted) == MOST_TERMS
    assert terms("x" * LONGEST_QUERY + " woning") == terms("x" * LONGEST_QUERY)


def test_blank_text_is_an_empty_query() -> None:
    assert terms("") == Query()
    assert to_fts5(Query()) == to_tsquery(Query()) == ""


SIGNS = [*"\"'*:-()^&|!\\{}+, \n\0\ud800", "<->", "NEAR(", "AND", "OR", "NOT", "exact", "rowid", "'x':*A"]
WORDS = ["van:", "na:2017", "in:", "huis", "e-mail", "de", "ß", "日本"]
PIECES = st.lists(st.sampled_from(SIGNS + WORDS), max_size=12).map("".join)


@given(typed=st.text(max_size=60) | PIECES, prefix=st.booleans())
@settings(max_examples=300)
def test_no_text_breaks_a_query(index: Index, typed: str, prefix: bool) -> None:
    index.find(typed, prefix=prefix)


LETTERS = st.text(st.characters(codec="utf-8", categories=["L", "N", "M"]), min_size=1, max_size=12)


@given(words=st.lists(st.lists(LETTERS, min_size=1, max_size=3).map("-".join) | LETTERS, min_size=1, max_size=8))
def test_text_is_found_by_its_own_words(index: Index, words: list[str]) -> None:
    text = " ".join(words)
    index.add(text, text)
    assert not terms(text).wanted or text in index.find(text)
