"""Numbers that may not be written down, and what is only doubtful."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from cop.base.personal_data import blocked, blocked_in_markup, check
from cop.base.text import render


@pytest.mark.parametrize(
    "text",
    [
        *("111222333", "123.456.782", "1234 56 782", "NL91 ABNA 0417 1643 00", "nl91abna0417164300"),
        *(
            "Haar nummer is 111222333.",
            "(111222333)",
            "bsn111222333",
            "zaak 12 (BSN: 111222333)",
            "111222333, zie boven",
        ),
        *(
            "zaaknummer onbekend, bsn 111222333",
            "111\u00a0222\u00a0333",
            "111\u00ad222\u200b333",
            "１１１２２２３３３",
            "١١١٢٢٢٣٣٣",
        ),
        *("KvK 12345678 en dan 111222333", "op 3 mei 111222333", "Van de zaak: mevrouw, 111222333"),
    ],
)
def test_number_of_a_citizen_or_an_account_is_blocked(text: str) -> None:
    assert check(text).blocks
    assert blocked(text)


@pytest.mark.parametrize(
    "text",
    [
        *("RSIN 123456782", "€ 111.222.333,00", "zaaknummer 111222333", "0612345678", "123456789", "2016111222333"),
        *("mevrouw de wethouder", "111.222.333 euro", "EUR 111222333", "NL123456782B01", "btw-nummer NL123456782B01"),
        *("de zaaknummers 123456782, 111222333 en 123456782", "KvK-nummer: 111222333", "factuurnr. 111222333"),
        *("https://voorbeeld.example/zaak/111222333", "+31 612345678", "ISBN 111222333", "Ons kenmerk: 111222333"),
        *("1.111222333", "111222333-01", "NL91 ABNA 0417 1643 01", "Zaaknummer:\n111222333", "tel. 111222333", ""),
    ],
)
def test_other_numbers_pass(text: str) -> None:
    assert check(text).blocks == []
    assert blocked(text) is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("dossier 111222333", ["number"]),
        ("nr. 111222333", ["number"]),
        ("cliënt 111222333", ["number"]),
        ("Zij woont in de Kerkstraat 12.", ["address"]),
        ("1234 AB 12", ["address"]),
        ("12, 1234 AB", ["address"]),
        ("geb. 1-2-1960", ["birth"]),
        ("geboren op 3 mei 1961", ["birth"]),
        ("Cliënt Jansen wil verhuizen", ["name"]),
        ("dhr. P. de Vries", ["name"]),
        ("bel 06-12345678", ["mobile"]),
        ("+31 6 12 34 56 78", ["mobile"]),
        ("mevrouw de wethouder, in 2016 AB InBev, de Kerkstraat en onderweg", []),
        ("Morgen 12 uur op de markt 3 keer vergaderen over 1234 woningen", []),
    ],
)
def test_what_points_at_one_person_is_a_warning(text: str, kinds: list[str]) -> None:
    found = check(text)
    assert ([one.kind for one in found.warnings], found.blocks) == (kinds, [])


def test_finding_says_where_it_stands() -> None:
    text = "Haar nummer is 111222333."
    (found,) = check(text).blocks
    assert text[found.begin : found.end] == "111222333"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("**111**222333", "markdown"),
        ("111&#50;22333", "markdown"),
        ("<p>111<strong>222</strong>333</p>", "html"),
        ("<p>111&nbsp;222&nbsp;333</p>", "html"),
    ],
)
def test_markup_hides_no_number(source: str, kind: str) -> None:
    assert blocked_in_markup(source) == "bsn"
    assert blocked(render(source, kind).plain) == "bsn"  # type: ignore[arg-type]


def test_question_says_what_the_number_in_its_answer_is() -> None:
    assert blocked("123456782", about="Wat is het RSIN van de penvoerder?") is None
    assert blocked("123456782", about="Wie is de penvoerder?") == "bsn"
    assert blocked("123456782", about="Wat is uw zaaknummer of BSN?") == "bsn"


CONTEXTS = [
    *(
        "RSIN {}",
        "RSIN: {}",
        "het RSIN is {}",
        "RSIN-nummer {}",
        "btw NL{}B01",
        "btw-nummer: NL{}B01",
        "btw-id NL{}B01",
    ),
    *("zaaknummer {}", "zaak {}", "Zaaknr. {}", "zaaknummer: {}.", "in zaak nr. {} besloten", "onder kenmerk {}"),
    *("ons kenmerk {}", "factuur {}", "factuurnummer {}", "factuurnr.: {}", "ordernummer {}", "bestelling {}"),
    *("€ {}", "€{}", "{} euro", "EUR {}", "een bedrag van € {},00", "{},00", "{},-", "{} inwoners", "begroting {}"),
    *("tel. {}", "telefoon: {}", "+31 {}", "0031 {}", "+31-{}", "0{}", "06{}", "KvK-nummer {}", "vergunning {}"),
    *("dossier {}", "dossiernummer {}", "nr. {}", "project {}", "https://zaak.example/{}/stukken", "OIN 00000001{}"),
    *("subsidienummer {}", "aanvraag {}", "BAG-id {}", "contractnr {}", "meldingsnummer {}", "ticket #{}"),
]


def _share_blocked(count: int) -> float:
    """Return which share of this many numbers is blocked, half of them as organisations have them (they pass the test)."""
    chance = random.Random(11)
    refused = 0
    for n in range(count):
        digits = [chance.randrange(10) for _ in range(8)]
        last = sum((9 - i) * digit for i, digit in enumerate(digits)) % 11
        number = "".join(map(str, digits)) + str(last if n % 2 and last < 10 else chance.randrange(10))
        grouped = f"{number[:3]}.{number[3:6]}.{number[6:]}"
        context = chance.choice(CONTEXTS)
        shown = grouped if "€" in context and chance.random() < 0.5 else number
        refused += blocked(f"Voor de regio geldt: {context.format(shown)} en dat blijft zo.") is not None
    return refused / count


def test_ordinary_numbers_are_rarely_blocked() -> None:
    assert _share_blocked(6_000) < 0.01


@pytest.mark.slow
def test_ordinary_numbers_are_rarely_blocked_in_a_large_set() -> None:
    assert _share_blocked(200_000) < 0.01


ORDINARY = (
    "In de gemeente staan 1.200 woningen; de begroting is € 3.000.000 en zaak 111222333 van mevrouw Jansen loopt. "
)


@pytest.mark.parametrize(
    "text",
    [
        ORDINARY * 9,
        "111222333 " * 100,
        "1 " * 500,
        "dossiernummer 111222333 " * 42,
        "nl91abna" * 125,
        "a\u0301" * 500,
        "zaaknummer is het de ons uw code id nl : : : ::: 111222333 " * 17,
        "cliënt A. A. A. A. van van van " * 32,
    ],
)
@pytest.mark.parametrize("judge", [check, blocked, blocked_in_markup])
def test_thousand_characters_take_no_time(text: str, judge: Callable[[str], object]) -> None:
    """At most 5 ms of a processor as fast as the one that sums a million numbers in 25 ms."""

    def fastest(run: Callable[[], object]) -> float:
        times = []
        for _ in range(5):
            begun = time.process_time()
            run()
            times.append(time.process_time() - begun)
        return min(times)

    yardstick = fastest(lambda: sum(n for n in range(1_000_000)))
    assert fastest(lambda: judge(text[:1000])) < yardstick / 5
