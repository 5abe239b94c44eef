"""Words of the interface: Dutch in the source, other languages from one catalogue per feature; dates and names too."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_timedelta, get_day_names, get_month_names
from babel.messages.pofile import read_po
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from cop.base import clock

LANGUAGES = {"nl": "Nederlands", "en": "English"}
SOURCE = "nl"
language: ContextVar[str] = ContextVar("language", default=SOURCE)


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Return the translations from Dutch to `lang`, from `<feature>/<lang>.po` of every feature."""
    words: dict[str, str] = {}
    for file in sorted(Path(__file__).parents[1].glob(f"*/{lang}.po")):
        with file.open("rb") as po:
            words |= {
                m.id: m.string
                for m in read_po(po)
                if isinstance(m.id, str) and isinstance(m.string, str) and m.id and m.string
            }
    return words


def translate(words: str, lang: str | None = None) -> str:
    """Return `words` in `lang` (default: that of the request); unchanged where there is no translation."""
    lang = lang or language.get()
    return words if lang == SOURCE else catalogue(lang).get(words, words)


def _(words: str, **values: Any) -> str:
    """Return `words` in the language of the request, with %(name)s filled in."""
    translated = translate(words)
    return translated % values if values else translated


def n_(one: str, many: str, n: int, **values: Any) -> str:
    """Return the singular or plural by `n`, which is also filled in as %(n)s."""
    return _(one if n == 1 else many, n=n, **values)


class FoldWords(NodeTransformer):
    """Replaces `_('…')`, `n_('…', '…', n)` and `asset('…')` in a template by constants of one language."""

    def __init__(self, lang: str, plain: bool = False, asset: Callable[[str], str] | None = None):
        self.lang, self.plain, self.asset = lang, plain, asset

    def _const(self, node: nodes.Expr) -> nodes.Expr:
        assert isinstance(node, nodes.Const), "words in a template are literals"
        words = translate(node.value, self.lang)
        return nodes.MarkSafeIfAutoescape(nodes.Const(words if self.plain else _escape(words)))

    def _filled(self, const: nodes.Expr, pairs: list[nodes.Pair]) -> nodes.Expr:
        return nodes.Mod(const, nodes.Dict(pairs)) if pairs else const

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Replace a call of `_` or `n_` by its constant, filled in at run time where it takes values."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name == "asset" and self.asset and isinstance(node.args[0], nodes.Const):
            return nodes.Const(self.asset(node.args[0].value)).set_lineno(node.lineno)
        if name not in ("_", "n_"):
            return node
        pairs = [nodes.Pair(nodes.Const(k.key), k.value) for k in node.kwargs]
        if name == "_":
            return self._filled(self._const(node.args[0]), pairs).set_lineno(node.lineno)
        one, many, n = node.args
        chosen = nodes.CondExpr(
            nodes.Compare(n, [nodes.Operand("eq", nodes.Const(1))]), self._const(one), self._const(many)
        )
        return self._filled(chosen, [nodes.Pair(nodes.Const("n"), n), *pairs]).set_lineno(node.lineno)


def _escape(words: str) -> str:
    return (
        words.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )


@cache
def _names(lang: str) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Return the names of days, months and short months; taken from Babel once, because its formatting takes 60 µs."""
    return (
        dict(get_day_names(locale=lang)),
        dict(get_month_names(locale=lang)),
        dict(get_month_names("abbreviated", locale=lang)),
    )


def day(moment: datetime | date) -> str:
    """Return a date as `dinsdag 14 november 2017`."""
    then = clock.local(moment) if isinstance(moment, datetime) else moment
    days, months, _short = _names(language.get())
    return f"{days[then.weekday()]} {then.day} {months[then.month]} {then.year}"


def weekday(number: int) -> str:
    """Return the name of a weekday; 0 is Monday."""
    return _names(language.get())[0][number]


def moment(moment: datetime) -> str:
    """Return a date and time as `dinsdag 14 november 2017, 13.30 uur`."""
    return _moment(moment, language.get())


@lru_cache(maxsize=20_000)
def _moment(moment: datetime, lang: str) -> str:
    """Cached: the same moments are formatted for every reader of a thread."""
    return f"{day(moment)}, {hour(moment)}{' uur' if lang == 'nl' else ''}"


@lru_cache(maxsize=5_000)
def initials(name: str) -> str:
    """Return the initials of a name, without titles and particles: `Prof. Anna van der Adem` gives `AA`."""
    names = [word for word in name.split() if word[0].upper() == word[0] and word[-1] != "."]
    return "".join(word[0] for word in dict.fromkeys((names[0], names[-1]))) if names else ""


def short(moment: datetime | date) -> str:
    """Return a short date, `14 nov 2017`: without the year in this year, and only the time for a moment of today."""
    then = clock.local(moment) if isinstance(moment, datetime) else moment
    today = clock.today()
    if isinstance(then, datetime) and then.date() == today:
        return hour(then)
    _days, _months, months = _names(language.get())
    return f"{then.day} {months[then.month]}{f' {then.year}' if then.year != today.year else ''}"


def month(day: datetime | date) -> str:
    """Return the month of a date: `nov 2017`."""
    then = clock.local(day) if isinstance(day, datetime) else day
    return f"{_names(language.get())[2][then.month]} {then.year}"


def whole_month(day: date) -> str:
    """Return the month of a date in full: `november 2017`."""
    return f"{_names(language.get())[1][day.month]} {day.year}"


def ago(moment: datetime) -> str:
    """Return how long ago a moment was: `3 dagen geleden`."""
    return format_timedelta(moment - clock.now(), add_direction=True, locale=language.get())


def hour(moment: datetime) -> str:
    """Return the time of a moment: `13.30`."""
    return clock.local(moment).strftime("%H.%M" if language.get() == "nl" else "%H:%M")
