"""The report of an import: what was brought, what was left out and why, and where numbers of persons stood."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cop.cli.importing.sources import Author, LeftOut

NUMBERS = {"bsn": "citizen service number (BSN)", "iban": "bank account (IBAN)"}
SHOWN = 20  # lines of a list on the screen; `--json` has all
# What became of a post or topic, in the order in which it is told.
FATES = {
    "new": "new",
    "changed": "changed",
    "claimed": "whose author has entered since",
    "restored": "shown again",
    "kept": "changed at the source but edited or withdrawn here, and so left as they are",
    "same": "as they were",
}


@dataclass
class Report:
    """What an import did, or would do."""

    system: str
    dry_run: bool
    run: int | None = None
    topics: Counter[str] = field(default_factory=Counter)
    posts: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    matched: set[str] = field(default_factory=set)
    unmatched: Counter[str] = field(default_factory=Counter)  # posts by mail address
    left_out: list[LeftOut] = field(default_factory=list)
    numbers: list[dict[str, str]] = field(default_factory=list)
    doubtful: list[dict[str, Any]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def wrote(self, author: Author, person: int | None) -> None:
        """Count a post of an author."""
        mail = author.mails[0] if author.mails else author.name or "without an address"
        if person is None:
            self.unmatched[mail] += 1
        else:
            self.matched.add(str(person))

    def leave_out(self, reason: str, place: str, what: str = "posts") -> None:
        """Note a post or file that is not imported."""
        self.left_out.append(LeftOut(reason, place, what))

    def refuse(self, place: str, kind: str) -> None:
        """Note a text with a number that may not stand here; never the number itself."""
        self.numbers.append({"place": place, "kind": kind})

    def end(self) -> None:
        """Stop the clock."""
        self.seconds = time.monotonic() - self.began

    @property
    def read(self) -> int:
        """How many posts were looked at."""
        return sum(self.posts.values())

    def as_json(self) -> dict[str, Any]:
        """Return everything, for `--json`."""
        return {
            "import": self.run,
            "system": self.system,
            "dry_run": self.dry_run,
            "topics": dict(self.topics),
            "posts": dict(self.posts),
            "files": dict(self.files),
            "authors": {"matched": len(self.matched), "unmatched": dict(self.unmatched.most_common())},
            "left_out": [vars(one) for one in self.left_out],
            "personal_numbers": self.numbers,
            "look_at": self.doubtful,
            "seconds": round(self.seconds, 2),
            "posts_per_second": round(self.read / self.seconds) if self.seconds else None,
        }

    def lines(self) -> Iterator[str]:
        """Yield the report for the screen."""
        yield (
            f"Nothing was written. This would be an import from {self.system}:"
            if self.dry_run
            else f"Import {self.run} from {self.system}:"
        )
        yield f"  topics   {_counted(self.topics)}"
        yield f"  posts    {_counted(self.posts)}"
        yield f"  files    {_counted(self.files)}"
        yield f"  authors  {len(self.matched)} found here by their mail address, {len(self.unmatched)} not found"
        yield from _list(
            "Posts of authors who are not here, or have not entered yet:",
            (f"{posts:>6} of {mail}" for mail, posts in self.unmatched.most_common()),
        )
        for what in ("posts", "files"):
            reasons: Counter[str] = Counter()
            for one in self.left_out:
                if one.what == what:
                    reasons[one.reason] += one.number
            yield from _list(f"Left out, {what}:", (f"{n:>6} {reason}" for reason, n in reasons.most_common()))
        yield from _list(
            "Left out, for a number of a person:",
            (f"{one['place']}: {NUMBERS.get(one['kind'], one['kind'])}" for one in self.numbers),
        )
        yield from _list(
            "Imported, but look whether somebody can be recognised:",
            (f"{one['place']}: {', '.join(one['kinds'])}" for one in self.doubtful),
        )
        speed = f", {self.read / self.seconds:,.0f} posts per second" if self.seconds else ""
        yield f"{self.seconds:.1f} seconds{speed}."


def _counted(counts: Counter[str]) -> str:
    told = [f"{counts[name]:,} {words}" for name, words in FATES.items() if counts[name]]
    return ", ".join(told) or "none"


def _list(title: str, items: Iterable[str]) -> Iterator[str]:
    all_items = list(items)
    if all_items:
        yield title
        yield from (f"  {item}" for item in all_items[:SHOWN])
        if len(all_items) > SHOWN:
            yield f"  … and {len(all_items) - SHOWN} more; `--json` lists all"
