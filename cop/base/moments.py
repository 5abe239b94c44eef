"""Moments as input: typed as a day and a time of Amsterdam, or sent as one value by programs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from cop.base import clock
from cop.base.errors import Invalid
from cop.base.forms import Day
from cop.base.words import _

_DAY: TypeAdapter[Any] = TypeAdapter(Day)
_HOUR = re.compile(r"(\d{1,2})[:.](\d{2})")


def _moment(value: Any) -> Any:
    """Return a moment: with a zone as it is, without one in the time of Amsterdam."""
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise PydanticCustomError("datetime_parsing", "no moment") from None
    return moment if moment.tzinfo else _local(moment)


def _local(moment: datetime) -> datetime:
    try:
        return clock.from_local(moment)
    except ValueError:
        raise PydanticCustomError("skipped_hour", "an hour that summer time skips or repeats") from None


Moment = Annotated[datetime, BeforeValidator(_moment)]


def typed_moment(sent: dict[str, Any], name: str) -> dict[str, Any]:
    """Combine the fields `<name>_day` and `<name>_time` of a form into a moment; without a time, the end of the day.

    It is the first moment that is refused: what closes on 1 October without a time closes at midnight of the 2nd.
    """
    day, hour = str(sent.get(f"{name}_day") or "").strip(), str(sent.get(f"{name}_time") or "").strip()
    if not day and not hour:
        return sent
    try:
        date = _DAY.validate_python(day)
    except ValidationError:
        raise Invalid(
            errors={f"{name}_day": _("Dit is geen datum. Schrijf de datum zo: 4 mei 2026 of 04-05-2026.")}
        ) from None
    found = _HOUR.fullmatch(hour)
    after = timedelta(hours=int(found[1]), minutes=int(found[2])) if found else timedelta(days=1)
    if (hour and not found) or (found and int(found[2]) > 59) or after > timedelta(days=1):
        raise Invalid(errors={f"{name}_time": _("Dit is geen tijd. Schrijf de tijd zo: 17:00.")})
    moment = datetime(date.year, date.month, date.day) + after
    try:
        return {**sent, name: clock.from_local(moment)}
    except ValueError:
        words = _("Deze tijd bestaat niet of komt twee keer voor, door de zomertijd. Kies een ander uur.")
        raise Invalid(errors={f"{name}_time": words}) from None
