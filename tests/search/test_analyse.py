"""Analysis of text for the index, and which words match which."""

from __future__ import annotations

import re
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.search import lexicon
from cop.search.analyse import analyse, fold

if TYPE_CHECKING:
    from tests.search.conftest import Index

INFLECTIONS = """
    woning woningen, gemeente gemeenten, cliënt cliënten, huis huizen, woningcorporatie woningcorporaties,
    begeleiding begeleiden, convenant convenanten, uitstromer uitstromers, afspraak afspraken, casus casussen,
    wethouder wethouders, bijeenkomst bijeenkomsten, opgave opgaven, raad raden, foto foto's,
    categorie categorieën, toewijzen toegewezen, evalueren evaluatie, monitoren gemonitord, dakloos daklozen,
    kwetsbaar kwetsbare, betalen betaald, verantwoordelijkheid verantwoordelijkheden
"""
COMPOUNDS = """
    convenant uitstroomconvenant, contract huurcontracten, huur huurcontract, bijeenkomst themabijeenkomst,
    woning woningvoorraad, corporatie woningcorporaties, team wijkteam, bezoek projectbezoek,
    opvang nachtopvang, schuld huurschulden, afspraak werkafspraken, prestatie prestatieafspraken,
    regie procesregie, arrangement wijkarrangement, verhaal waardeverhalen, beschikking Wmo-beschikking,
    sleutel sleuteloverdracht, overeenkomst driepartijenovereenkomst, coach procescoach,
    symposium slotsymposium, raming uitstroomraming, cliënt cliëntenraad, huis verzorgingshuis,
    deskundige ervaringsdeskundigen, regel huisregels
"""
NUISANCES = """
    huis thuis, wijk afwijking, contract contractie, beleid begeleiding, begeleiding beleid, mening gemeente,
    zin gezin, zon gezond, bouw gebouw, raad sieraad, taal totaal, regie strategie, team stoomketel,
    plan plank, dag gedrag, land eiland, beschikking beschikbaar, huur huurder, leiding begeleiding,
    waarde voorwaarde
"""


def pairs(listed: str) -> list[tuple[str, str]]:
    """Return pairs of a query word and a written word."""
    return [tuple(pair.split()) for pair in listed.split(",")]  # type: ignore[misc]


def finds(asked: str, written: str) -> bool:
    """Return whether the stem of the one is a stem or a part of the other."""
    found = analyse(written)
    return analyse(asked).stems in {*found.stems.split(), *found.parts.split()}


def test_number_of_pairs_matches_the_measured_set() -> None:
    assert (len(pairs(INFLECTIONS)), len(pairs(COMPOUNDS))) == (23, 25)


@pytest.mark.parametrize(("one", "other"), pairs(INFLECTIONS))
def test_inflections_share_one_stem(one: str, other: str) -> None:
    assert analyse(one).stems.split() == analyse(other).stems.split() != []


@pytest.mark.parametrize(("part", "compound"), pairs(COMPOUNDS))
def test_compounds_contain_their_parts(part: str, compound: str) -> None:
    assert finds(part, compound)


@pytest.mark.parametrize(("asked", "written"), pairs(NUISANCES))
def test_similar_looking_words_do_not_match(asked: str, written: str) -> None:
    assert not finds(asked, written)


@pytest.mark.parametrize(
    ("text", "exact", "stems", "parts"),
    [
        ("De Wmo-beschikking", "de wmo beschikking wmobeschikking", "wmo beschik wmobeschik", ""),
        ("per e-mail", "per e mail email", "e mail email", ""),
        ("foto's en foto’s", "fotos en fotos", "foto foto", ""),
        ("Wmo'ers uit 's-Gravenhage", "wmoers uit s gravenhage sgravenhage", "wmo gravenhag sgravenhag", ""),
        ("zo'n z'n", "zo n z n", "", ""),
        ("€ 1.250,50 of 12.500 om 13.30 uur", "1 250 50 of 12 500 om 13 30 uur 12500", "uur", ""),
        ("dinsdag 14-11-2017", "dinsdag 14 11 2017", "dinsdag", ""),
        ("versie v2.1 van Q2_monitor.xlsx", "versie v2 1 van q2 monitor xlsx", "versie monitor xlsx", ""),
        ("ÉÉN Coördinator", "een coordinator", "coordinator", ""),
        ("Łukasz, Ærø, Straße, ﬁnish", "lukasz aero strasse finish", "lukass aero stras finish", ""),
        ("cafe\u0301 uit\u00adstroom", "cafe uitstroom", "cafe uitstrom", ""),
        ("huur-\n  contract", "huur contract huurcontract", "huur contrac huurcontrac", ""),
        ("- huis\n- tuin", "huis tuin", "huis tuin", ""),
        ("huur- en zorgtoeslag", "huur en zorgtoeslag", "huur zorgtoeslag", "zorg toeslag"),
        ("seniorenhuurwoningen", "seniorenhuurwoningen", "seniorenhuurwoon", "senior huur woon"),
        ("bakkersconvenanten", "bakkersconvenanten", "bakkersconvenan", "bakker convenan"),
        ("bestuurlijke", "bestuurlijke", "bestuurlijk", "bestur"),
        ("Привіт", "u43fu440u438u432u456u442", "", ""),
        ("🏠 — …", "", "", ""),
    ],
)
def test_text_is_split_into_words(text: str, exact: str, stems: str, parts: str) -> None:
    found = analyse(text)
    assert (found.exact, found.stems, found.parts) == (exact, stems, parts)


def test_english_words_are_findable() -> None:
    text = "The meetings of our communities: shared policies, housing contracts and experiences."
    for word in ("meetings", "meeting", "community", "communities", "policies", "contract"):
        assert finds(word, text)


@given(st.text(max_size=300))
def test_every_token_is_plain(text: str) -> None:
    for column in astuple(analyse(text)):
        assert not column or re.fullmatch("[a-z0-9]{1,100}( [a-z0-9]{1,100})*", column)


@given(st.text(st.characters(categories=["L", "N", "M"]), max_size=60))
def test_folding_is_idempotent(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(text=st.text(max_size=200) | st.from_regex("[a-z0-9]{1,60}( [0-9]{1,9}[a-z]{1,3}[0-9]{0,3}){0,9}"))
def test_databases_keep_the_tokens_unchanged(index: Index, text: str) -> None:
    for column in astuple(analyse(text)):
        assert index.tokens(column) == set(column.split())


def test_lexicon_is_small_and_sorted() -> None:
    folder = Path(lexicon.__file__).parent
    assert sum(each.stat().st_size for each in folder.glob("*.txt")) <= 20_000
    for name in ("parts", "protected"):
        words = [words[0] for words in lexicon.lines(name)]
        assert len(set(words)) == len(words)
    families = [form for words in lexicon.lines("stems") for form in words]
    assert len(set(families)) == len(families)
    assert all(re.fullmatch("[a-z]{3,}", form) for form in lexicon.PARTS)
