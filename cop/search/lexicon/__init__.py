"""What the analyser knows of Dutch beyond the stemmer: four small word lists of our own."""

import re
from collections.abc import Iterator
from pathlib import Path

_long_vowel = re.compile(r"(?P<stem>.*[^aeiou])(?P<vowel>[aeou])(?P=vowel)(?P<last>[bcdfgklmnprstvz])")
_short_vowel = re.compile(r"(?:.*[^aeiou])?[aeiou][bdfgklmnprst]")
_voiced = {"f": "v", "s": "z"}


def lines(name: str) -> Iterator[list[str]]:
    """The words on each line of the list `name`, without remarks and empty lines."""
    for line in Path(__file__).with_name(f"{name}.txt").read_text(encoding="ascii").splitlines():
        if words := line.partition("#")[0].split():
            yield words


def inflections(noun: str) -> set[str]:
    """The regular plurals and joints of a noun: zorgs, wijken; huizen, raden, plannen, veiligheden.

    Some of what it forms does not exist; nobody writes those, so they match nothing.
    """
    last = noun[-1]
    bases = {noun}
    if long := _long_vowel.fullmatch(noun):
        bases.add(long["stem"] + long["vowel"] + _voiced.get(last, last))
    elif _short_vowel.fullmatch(noun):
        bases.add(noun + last)
    if last in _voiced:
        bases.add(noun[:-1] + _voiced[last])
    if noun.endswith("heid"):
        bases.add(noun[:-3] + "ed")
    return {noun, noun + "s", noun + "n"} | {base + joint for base in bases for joint in ("e", "en")}


def _forms(name: str) -> dict[str, str]:
    """Every form of the words of a list, with the word it is a form of; a listed form wins over a derived one."""
    listed = list(lines(name))
    derived = {form: words[0] for words in reversed(listed) for form in inflections(words[0])}
    return derived | {form: words[0] for words in listed for form in words}


STOP = frozenset(word for words in lines("stop") for word in words)
STEMS = {form: words[0] for words in lines("stems") for form in words}
PROTECTED = _forms("protected")
PARTS = _forms("parts")
