"""The data set of every measured system: 300 topics, 20,000 posts by 200 people, from a fixed seed.

The order in which random numbers are drawn is part of the specification: it makes the output reproducible.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

SEED = 20261122
CATEGORIES = ("Uitstroom en wonen", "Zorg en begeleiding", "Samenwerking en regie")
PEOPLE = tuple(f"lid{number:03d}" for number in range(1, 201))
RARE = "warmtekluis"
COMMON = "woning"  # in most posts

FIRST_POST_AT = 1735725600  # Unix time
SECONDS_BETWEEN_POSTS = 2400
TOPICS = 300
LONG_TOPICS = {0: 5000, 1: 100}
USUAL_POSTS = 50

VOCABULARY = """
woning cliënt gemeente corporatie zorg begeleiding traject uitstroom indicatie buurt bewoner huurder
afspraak regie wijkteam convenant doorstroom opvang beschermd wonen herstel netwerk ervaring expert pilot
budget inkomen schuld sleutel huurcontract overlast signaal team casus plan doel samenwerking overleg
partner avond bijeenkomst les vraag antwoord aanpak werkwijze monitor evaluatie cijfer maatwerk beleid
college raad wethouder inkoop de het een van in op met voor naar bij is was wordt kan moet niet wel ook maar
dan als dat die er om te aan uit
"""
WORDS = VOCABULARY.split()


@dataclass(frozen=True)
class Post:
    """A post: index in PEOPLE, Unix time, Markdown."""

    person: int
    written_at: int
    markdown: str

    @property
    def opening(self) -> str:
        """The first sentence, which every rendering shows unchanged."""
        return self.markdown.split(".", 1)[0] + "."


@dataclass(frozen=True)
class Topic:
    """A thread: index in CATEGORIES, title, its posts in order."""

    category: int
    title: str
    posts: tuple[Post, ...]


def topics() -> Iterator[Topic]:
    """Yield the topics one by one; every call yields the same."""
    draw = random.Random(SEED)
    written = 0
    for number in range(TOPICS):
        posts = []
        for _ in range(LONG_TOPICS.get(number, USUAL_POSTS)):
            written += 1
            person = draw.randrange(len(PEOPLE))
            posts.append(Post(person, FIRST_POST_AT + written * SECONDS_BETWEEN_POSTS, _body(draw, written)))
        title = f"{_words(draw, 6).capitalize()} {number + 1}"
        yield Topic(number % len(CATEGORIES), title, tuple(posts))


def _body(draw: random.Random, number: int) -> str:
    paragraphs = [" ".join(_sentence(draw) for _ in range(draw.randint(2, 4))) for _ in range(draw.randint(1, 3))]
    ending = draw.random()
    if ending < 0.15:
        paragraphs.append(f"**{_words(draw, 4)}**")
    elif ending < 0.30:
        paragraphs.append("\n".join(f"- {_words(draw, 6)}" for _ in range(3)))
    elif ending < 0.40:
        paragraphs.append(f"Zie https://www.example.org/doc/{number} voor meer.")
    if draw.random() < 0.01:
        paragraphs[0] += f" Zie de {RARE}."
    return "\n\n".join(paragraphs)


def _sentence(draw: random.Random) -> str:
    words = _words(draw, draw.randint(7, 16))
    return f"{words[0].upper()}{words[1:]}."


def _words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choice(WORDS) for _ in range(count))
