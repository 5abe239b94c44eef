"""Dutch word lists for the analyser, beyond what the stemmer knows."""

import re
from collections.abc import Iterator
from pathlib import Path

LONG_VOWEL = re.compile(r"(?P<onset>.*[^aeiou])(?P<vowel>[aeou])(?P=vowel)(?P<last>[bcdfgklmnprstvz])")
SHORT_VOWEL = re.compile(r"(?:.*[^aeiou])?[aeiou][bdfgklmnprst]")
VOICED = {"f": "v", "s": "z"}


def lines(name: str) -> Iterator[list[str]]:
    """Yield the words on each line of the list `name`, without comments and empty lines."""
    for line in Path(__file__).with_name(f"{name}.txt").read_text(encoding="ascii").splitlines():
        if words := line.partition("#")[0].split():
            yield words


def inflections(noun: str) -> set[str]:
    """Return the regular plurals and linking forms of a noun: zorgs, wijken; huizen, raden, plannen, veiligheden.

    Some of the forms do not exist; nobody writes those, so they match nothing.
    """
    last = noun[-1]
    bases = {noun}
    if long := LONG_VOWEL.fullmatch(noun):
        bases.add(long["onset"] + long["vowel"] + VOICED.get(last, last))
    elif SHORT_VOWEL.fullmatch(noun):
        bases.add(noun + last)
    if last in VOICED:
        bases.add(noun[:-1] + VOICED[last])
    if noun.endswith("heid"):
        bases.add(noun[:-3] + "ed")
    return {noun, noun + "s", noun + "n"} | {base + suffix for base in bases for suffix in ("e", "en")}


def _flat(name: str) -> frozenset[str]:
    """Return all words of a list, whatever line they are on."""
    return frozenset(word for words in lines(name) for word in words)


def _forms(name: str) -> dict[str, str]:
    """Return every form of each word of a list → that word; a listed form takes precedence over a derived one."""
    listed = list(lines(name))
    derived = {form: words[0] for words in reversed(listed) for form in inflections(words[0])}
    return derived | {form: words[0] for words in listed for form in words}


STOP = _flat("stop")
ENDINGS = _flat("endings")
STEMS = {form: words[0] for words in lines("stems") for form in words}
PROTECTED = _forms("protected")
PARTS = _forms("parts")
