"""Names of files: the title without its extension, the name of a download."""

from __future__ import annotations

from itertools import count

from cop.base import files
from cop.base.words import _
from cop.documents.models import find_by_title

KNOWN = frozenset().union(*(media_type.extensions for media_type in files.ALLOWED.values()))


def stem(title: str) -> str:
    """Return `title` without a known file extension; in `Rekenmodel v3.2` the last dot starts none."""
    return title.rpartition(".")[0] if "." in title.strip(".") and files.extension(title) in KNOWN else title


def follow(title: str, name: str) -> str:
    """Return `title` with the extension of `name`, when the file's type changed (a PDF replaced a Word file)."""
    extension = files.extension(name)
    changed = extension and stem(title) != title and files.extension(title) != extension
    return f"{stem(title)}.{extension}" if changed else title


def saved_as(title: str, name: str, number: int | None = None) -> str:
    """Return the name of a download: the title with the extension of the uploaded file `name`.

    `number` is that of an older version, which is added to the name.
    """
    extension = files.extension(name)
    full = title if not extension or files.extension(title) == extension else f"{stem(title)}.{extension}"
    if number is None:
        return full
    before = full.rpartition(".")[0] if extension else full
    return before + _(" (versie %(n)s)", n=number) + (f".{extension}" if extension else "")


def numbered(title: str, n: int) -> str:
    """Return `title` with a number, as in `Verslag (2).docx`."""
    extension = files.extension(title)
    return f"{stem(title)} ({n}).{extension}" if stem(title) != title else f"{title} ({n})"


def free_title(audience_id: int, folder_id: int | None, title: str) -> str:
    """Return the title, numbered when a document in the folder has it."""
    candidates = (title if n == 1 else numbered(title, n) for n in count(1))
    return next(free for free in candidates if find_by_title(audience_id, folder_id, free) is None)
