"""Pagination: cursors of lists that are ordered by time (`<microseconds since 1970>-<id>`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cop.base.errors import Invalid
from cop.base.words import _

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def encode_cursor(at: datetime, id: int) -> str:
    """Return the cursor of a row."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{id}"


def decode_cursor(key: str) -> tuple[datetime, int]:
    """Return the time and id in a cursor; raise Invalid if it is malformed."""
    micro, _dash, id = key.partition("-")
    if not (micro.isdecimal() and id.isdecimal() and len(micro) < 18 and len(id) < 11):
        raise Invalid(errors={"after": _("Deze bladwijzer klopt niet. Begin vooraan.")})
    return EPOCH + timedelta(microseconds=int(micro)), int(id)
