"""The code by which people say that they are here: its address, its picture, and the moment at which it was scanned."""

from __future__ import annotations

import hmac
from base64 import b32encode
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from itsdangerous import BadSignature

from cop.base import clock
from cop.base.signing import keys, signer
from cop.meetings.models import Meeting, MeetingDay, days_of

SCAN = "attendance-scan"
KEPT = timedelta(minutes=45)  # how long a scan waits for who signs in: a link to sign in lasts half an hour
BYTES = 5  # of the signature: eight characters, which can be typed over from a screen


class Picture(NamedTuple):
    """A QR code: the length of its sides in modules, with the margin that it needs, and its dark modules as an SVG path."""

    side: int
    path: str


def token_of(meeting_id: int, day: date) -> str:
    """Return the token of a day of a meeting: its address is /here/<token>."""
    return f"{meeting_id}-{_signature(keys()[-1], meeting_id, day)}"


def meeting_of(token: str) -> int | None:
    """Return the id of the meeting that a token names, before its signature is checked."""
    id, _dash, signature = token.partition("-")
    return int(id) if id.isdecimal() and len(id) < 10 and signature else None


def day_of(meeting: Meeting, token: str) -> MeetingDay | None:
    """Return the day of a meeting to which a token belongs, None where its signature is wrong."""
    given = token.partition("-")[2].lower().encode()
    for day in days_of(meeting):
        for key in keys():
            if hmac.compare_digest(_signature(key, meeting.id, day.date).encode(), given):
                return day
    return None


def _signature(key: str, meeting_id: int, day: date) -> str:
    signed = hmac.new(key.encode(), f"attendance:{meeting_id}:{day.isoformat()}".encode(), sha256).digest()
    return b32encode(signed[:BYTES]).decode().lower()


def sign_scan(token: str) -> str:
    """Return a signed value that keeps the moment of this scan while the person signs in."""
    return str(signer(SCAN).dumps([token, int(clock.now().timestamp())]))


def scanned_at(token: str, scan: str) -> datetime:
    """Return the moment of a scan; now, where it is not of this token, not signed by us, of another day or too long ago."""
    now = clock.now()
    try:
        scanned, seconds = signer(SCAN).loads(scan)
        at = datetime.fromtimestamp(seconds, UTC)
    except (BadSignature, ValueError, TypeError):
        return now
    same_day = clock.local(at).date() == clock.local(now).date()
    return at if scanned == token and same_day and now - KEPT <= at <= now else now


@lru_cache(maxsize=64)
def picture(address: str) -> Picture:
    """Return the QR code of an address."""
    import segno

    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    path = "".join(
        f"M{column} {line}h1v1h-1z" for line, row in enumerate(rows) for column, dark in enumerate(row) if dark
    )
    return Picture(len(rows), path)
