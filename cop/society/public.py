"""What features add to the public page of a programme: its open calls and its public documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PublicCall:
    """A call that is open to everybody."""

    title: str
    url: str
    opens: datetime
    closes: datetime


@dataclass(frozen=True)
class PublicDocument:
    """A document that everybody can download, in the version that was made public."""

    id: int
    title: str
    url: str
    file_name: str
    size: int  # bytes
    made: datetime
    newer: bool  # whether there is a later version, which is not public
