"""Personal data in what people write: numbers that may not stand here, and what may point at one person.

A citizen service number (BSN) and a Dutch bank account (IBAN) are refused. One in eleven numbers of nine digits looks like
a BSN, and every RSIN and VAT number does: the word before the number decides. A number that is said to be of a case, an
invoice or an organisation passes, one that may be of a client is a warning, and any other is refused. Nothing here
stores, logs or returns the value: a finding is a kind and where it stands.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from stdnum import iban
from stdnum.nl import bsn

from cop.base.words import _

Blocked = Literal["bsn", "iban"]
Doubtful = Literal["number", "address", "birth", "name", "mobile"]


class Finding(NamedTuple):
    """What was found: its kind, and where it begins and ends in `judged(text)`."""

    kind: Blocked | Doubtful
    begin: int
    end: int


class Findings(NamedTuple):
    """What may not stand in a text, and what its author should look at."""

    blocks: list[Finding]
    warnings: list[Finding]


# The words before a number that say it is no BSN; they stand directly before it, as in "zaaknummer: ".
_STRONG = (
    r"rsin|kvk|k\.v\.k\.?|kamer van koophandel|fiscaal|fi-?n|btw|vat|omzetbelasting|ob-?n|loonheffing|loonbelasting|zaak"
    r"|kenmerk|betalingskenmerk|factuur|invoice|case|order|bestel|inkoop|offerte|contract|subsidie|vergunning|beschikking"
    r"|besluit|isbn|issn|ean|gtin|doi|bag|verblijfsobject|kadast|perceel|aanvraag|ticket|melding|incident|artikel"
    r"|product|serie|transactie|vestiging|oin|tel|telefoon|phone|fax|mobiel|bedrag|budget|begroting|totaal|kosten|omzet"
    r"|amount|total|usd|gbp"
)
_WEAK = (
    r"dossier|klant|cli[eë]nt|polis|rekening|referentie|reference|ref|project|lid|lidmaatschap|registratie|pati[eë]nt|huurder"
    r"|relatie|personeel|medewerker|kandidaat|deelnemer|inschrijf|inschrijving|id"
)
_FILLER = r"\w*[\s.:;=#()\[\]\"'“”‘’|>*_/-]*(?:(?:nummers?|nrs?|no|num|is|was|het|de|ons|onze|uw|code|id|nl)\b[\s.:=#()\"'“”‘’|*_-]*){0,4}$"
_LABEL = re.compile(rf"(?<![^\W_])(?:(?P<strong>{_STRONG})|(?P<weak>{_WEAK})){_FILLER}", re.IGNORECASE)
_ANY_LABEL = re.compile(r"(?<![^\W_])(?:nummers?|nr|nrs|no|num)[\s.:=#()\"'“”‘’*_-]*$", re.IGNORECASE)
_BSN_NAMED = re.compile(r"bsn|burger[ -]?service|sofi", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"(?:€|\beuro?|\$|£)\s*$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(
    r"\s{0,2}(?:€|euro?\b|,-|,--|inwoners\b|woningen\b|huishoudens\b|m2\b|m3\b|kwh\b|kilometer\b|km\b|kg\b|ton\b|stuks\b|keer\b)",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"(?:://|\bwww\.|@)\S*$")
_FOREIGN_PREFIX = re.compile(r"(?:\+|\b00)\d{1,3}[ .-]{0,2}(?:\(0\))?[ .-]?$")
_PLURAL = re.compile("nummers|nrs", re.IGNORECASE)
# "de zaaknummers 123456782, 111222333 en …": each of them is one.
_LISTED = re.compile(rf"(?<![^\W_])(?:{_STRONG})-?(?:nummers|nrs)\b(?:[\s:.,;/&\d]|en\b|of\b)*$", re.IGNORECASE)
# Nine digits, or 3-3-3 and 4-2-3 with one separator, not within a longer number or code.
_NINE = re.compile(
    r"(?<![^\W_])(?<!\d[.,/-])(?:\d{9}|(?<!\d )(?:\d{3}([ .])\d{3}\1\d{3}|\d{4}([ .])\d{2}\2\d{3})(?![ ]\d))(?![^\W_]|[.,/-]\d)"
)
_BSN_GLUED = re.compile(r"(?<=bsn)\d{9}(?!\d)", re.IGNORECASE)
_IBAN = re.compile(r"(?<![^\W_])NL[ .-]?\d{2}[ .-]?[A-Z]{4}[ .-]?(?:\d[ .-]?){9}\d(?![^\W_])", re.IGNORECASE)
_ANY_STRONG = re.compile(rf"(?<![^\W_])(?:{_STRONG})", re.IGNORECASE)
_MARKUP = re.compile(r"[<*~`\\&]")
_INLINE = re.compile(r"</?(?:a|abbr|b|bdi|code|del|em|i|ins|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>|[*~`\\]")
_TAG = re.compile(r"<[^<>]*>")
_UNUSUAL = re.compile("[^\\x00-\\x7f\u00c0-\u00ff\u20ac\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2022]")
# What a text has that can contain one of these at all: most texts stop here.
_MAYBE = re.compile(r"\d(?:[ .]?\d){8}|nl[ .-]?\d{2}[ .-]?[a-z]{4}", re.IGNORECASE)

_STREET = re.compile(
    r"\b[A-Z][\w'’-]{2,30}?(?:straat|laan|weg|plein|dijk|kade|gracht|hof|pad|singel|dreef|steeg|plantsoen|ring|wal|markt)"
    r" \d{1,4}(?: ?[a-zA-Z])?\b(?! (?:keer|dagen|weken|maanden|jaar|woningen|mensen|gemeenten))"
)
_POSTCODE = r"[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}"
_POSTCODE_NUMBER = re.compile(
    rf"\b{_POSTCODE}\b[ ,]{{1,3}}(?:nr\.? ?|huisnummer )?\d{{1,4}}\b|\b\d{{1,4}} ?[a-zA-Z]?[ ,\n]{{1,3}}{_POSTCODE}\b"
)
_BIRTH = re.compile(
    r"\bgeb(?:\.|oren|oortedatum)?(?: op)?[ :]{1,3}(?:\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{1,2} [a-z]{3,9}\.? \d{4})",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?i:cli[eë]nte?|mevrouw|mevr\.?|mw\.?|meneer|de heer|dhr\.?|bewoner|bewoonster|pati[eë]nte?|huurder|huurster) "
    r"(?:[A-Z]\.? ?){0,4}(?:(?:van|de|der|den|ter|ten|el|al|bin) ){0,3}[A-Z][a-zà-öø-ÿ'’-]+"
)
_MOBILE = re.compile(r"(?<![\w+])(?:\+31|0031|0)[ -]?(?:\(0\))?[ -]?6(?:[ .-]?\d){8}(?!\d)")
_WARNINGS: tuple[tuple[Doubtful, re.Pattern[str]], ...] = (
    ("address", _STREET),
    ("address", _POSTCODE_NUMBER),
    ("birth", _BIRTH),
    ("name", _NAMED),
    ("mobile", _MOBILE),
)
_SEEN_BEFORE = 60  # characters before a number that are read for its label
_SEEN_AFTER = 20
_LONGEST_LIST = 200


def judged(text: str) -> str:
    """Return a text as it is judged: digits and letters as ASCII has them, without what nobody sees."""
    if _UNUSUAL.search(text) is None:
        return text
    # Combining marks go first: composing is quadratic in stacked ones.
    seen = (character for character in text if unicodedata.category(character) not in ("Cf", "Mn", "Me"))
    plain = unicodedata.normalize("NFKC", "".join(seen))
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in plain)


def check(text: str) -> Findings:
    """Return what may not stand in a text, and what its author should look at."""
    plain = judged(text)
    numbers = list(_numbers(plain))
    doubtful = [Finding(kind, *match.span()) for kind, pattern in _WARNINGS for match in pattern.finditer(plain)]
    return Findings(
        [one for one in numbers if one.kind in ("bsn", "iban")],
        [*(one for one in numbers if one.kind == "number"), *doubtful],
    )


def blocked(text: str, about: str = "") -> Blocked | None:
    """Return the kind of the first number that may not stand in a text, None where there is none; cheaper than `check`.

    about: the question that the text answers, which may say what its number is.
    """
    for finding in _numbers(judged(text)):
        if finding.kind == "iban" or (finding.kind == "bsn" and not (about and _says_what(about))):
            return finding.kind
    return None


def blocked_in_markup(source: str) -> Blocked | None:
    """Return what `blocked` does for Markdown or HTML: as it is written, and as readers see it."""
    return next(filter(None, map(blocked, _readings(source))), None)


def doubtful_in_markup(source: str) -> set[str]:
    """Return the kinds of what `check` warns of in Markdown or HTML: as it is written, and as readers see it."""
    return {one.kind for reading in _readings(source) for one in check(reading).warnings}


def _readings(source: str) -> Iterator[str]:
    """Yield Markdown or HTML as it is written, and as readers see it where that may differ."""
    yield source
    if _MARKUP.search(source) is not None:
        yield _TAG.sub("\n", _INLINE.sub("", html.unescape(source)))


def _says_what(question: str) -> bool:
    return _ANY_STRONG.search(question) is not None and _BSN_NAMED.search(question) is None


def explain(kind: str) -> str:
    """Return what is wrong with a text that has a number of this kind, and what to do."""
    if kind == "iban":
        return _("Hier staat een bankrekeningnummer (IBAN). Haal het weg: dat mag hier niet staan.")
    return _(
        "Hier staat een burgerservicenummer (BSN). Haal het weg: dat mag hier niet staan. Is het een ander nummer? Schrijf dan "
        "ervoor wat het is, zoals zaaknummer of RSIN."
    )


def ask(kinds: Iterable[str]) -> str:
    """Return the question to the author of a text in which these were found."""
    words = {
        "address": _("een adres"),
        "birth": _("een geboortedatum"),
        "name": _("de naam van een persoon"),
        "mobile": _("een mobiel nummer"),
        "number": _("een nummer dat een burgerservicenummer kan zijn"),
    }
    return _(
        "Staat hier iemand in die te herkennen is? Wij zagen: %(what)s. Haal het weg, of schrijf hier waarom het kan blijven staan.",
        what=", ".join(words[kind] for kind in sorted(set(kinds))),
    )


def _numbers(plain: str) -> Iterator[Finding]:
    """Yield the accounts, the numbers of citizens (`bsn`) and those that may be one (`number`)."""
    if _MAYBE.search(plain) is None:
        return
    accounts = [match.span() for match in _IBAN.finditer(plain) if iban.is_valid(match.group())]
    for begin, end in accounts:
        yield Finding("iban", begin, end)
    for begin, end in _candidates(plain):
        if bsn.is_valid(plain[begin:end]) and not any(first <= begin < last for first, last in accounts):
            label = _label(plain, begin, end)
            if label != "strong":
                yield Finding("number" if label == "weak" else "bsn", begin, end)


def _candidates(plain: str) -> Iterator[tuple[int, int]]:
    for pattern in (_NINE, _BSN_GLUED):
        for match in pattern.finditer(plain):
            yield match.span()


def _label(plain: str, begin: int, end: int) -> Literal["strong", "weak", "none"]:
    """Return how strongly the words around a number say that it is no BSN."""
    before = plain[max(0, begin - _SEEN_BEFORE) : begin]
    after = plain[end : end + _SEEN_AFTER]
    if _BSN_NAMED.search(before[-40:]) or _BSN_NAMED.search(after):
        return "none"
    if _MONEY_BEFORE.search(before) or _AMOUNT_AFTER.match(after) or _IN_ADDRESS.search(before):
        return "strong"
    if _FOREIGN_PREFIX.search(before):
        return "strong"
    listed = plain[max(0, begin - _LONGEST_LIST) : begin]
    if _PLURAL.search(listed) and _LISTED.search(listed):
        return "strong"
    found = _LABEL.search(before)
    if found:
        return "strong" if found["strong"] else "weak"
    return "weak" if _ANY_LABEL.search(before) else "none"
