"""The names of files: what they are saved under, and the extension that goes with what they hold."""

from __future__ import annotations

from cop.base import files
from cop.base.words import _

KNOWN = frozenset().union(*(media_type.extensions for media_type in files.ALLOWED.values()))


def stem(title: str) -> str:
    """`title` without the extension of a kind of file we know; in `Rekenmodel v3.2` the last dot starts none."""
    return title.rpartition(".")[0] if "." in title.strip(".") and files.extension(title) in KNOWN else title


def follow(title: str, name: str) -> str:
    """`title` with the extension of the file called `name`, where it carried another: a PDF replaced a Word file."""
    ending = files.extension(name)
    other = ending and stem(title) != title and files.extension(title) != ending
    return f"{stem(title)}.{ending}" if other else title


def saved_as(title: str, name: str, number: int | None = None) -> str:
    """What a download is called: the title people know, with the extension of what was uploaded as `name`, and
    the `number` of a version that is no longer the current one."""
    ending = files.extension(name)
    whole = title if not ending or files.extension(title) == ending else f"{stem(title)}.{ending}"
    if number is None:
        return whole
    before = whole.rpartition(".")[0] if ending else whole
    return before + _(" (versie %(n)s)", n=number) + (f".{ending}" if ending else "")


def numbered(title: str, n: int) -> str:
    """`title` told apart from another of that name: `Verslag (2).docx`."""
    ending = files.extension(title)
    return f"{stem(title)} ({n}).{ending}" if stem(title) != title else f"{title} ({n})"
