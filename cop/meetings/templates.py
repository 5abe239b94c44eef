"""What the form of a new meeting can begin with: a template, or an earlier meeting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from cop.base import clock
from cop.base.words import _
from cop.meetings.models import Meeting, MeetingKind, days_of

Template = Literal["thematic", "kick_off", "symposium", "online"]
Hours = tuple[str, str]  # when a day begins and ends


class Prefilled(NamedTuple):
    """The values of a form for a new meeting; hours: of each of its days, whose dates are still empty."""

    title: str
    meeting_kind: MeetingKind | str
    hours: tuple[Hours, ...]
    purpose: str
    host: str = ""
    venue: str = ""
    route: str = ""
    accessibility: str = ""
    parking: str = ""
    video_url: str = ""
    capacity: int | None = None
    all_day: bool = False


def names() -> dict[Template, str]:
    """Return the templates with their names."""
    return {
        "thematic": _("Themabijeenkomst van een dag"),
        "kick_off": _("Kick-off"),
        "symposium": _("Slotsymposium"),
        "online": _("Online bijeenkomst van twee uur"),
    }


TEMPLATES: dict[Template, Callable[[], Prefilled]] = {
    "thematic": lambda: Prefilled(
        _("Themabijeenkomst"),
        "thematic",
        (("09:30", "16:30"),),
        _(
            "We verdiepen ons een dag lang in één onderwerp. In de ochtend bespreken we het nieuws en helpen we elkaar met "
            "een casus, in de middag vertelt een expert meer en bezoeken we een project. Neem een vraag uit uw eigen "
            "praktijk mee."
        ),
    ),
    "kick_off": lambda: Prefilled(
        _("Kick-off"),
        "kick_off",
        (("13:00", "16:30"),),
        _(
            "We leren elkaar kennen en spreken af waar we dit jaar samen aan werken. Vertel kort waar u aan werkt, waar u "
            "vastloopt en wat u van de anderen wilt leren."
        ),
    ),
    "symposium": lambda: Prefilled(
        _("Slotsymposium"),
        "symposium",
        (("10:00", "16:30"),),
        _("We laten zien wat we samen hebben geleerd, en bespreken wie daarmee verdergaat en wat daarvoor nodig is."),
    ),
    "online": lambda: Prefilled(
        _("Online bijeenkomst"),
        "other",
        (("10:00", "12:00"),),
        _("We praten elkaar bij over wat er sinds de vorige keer is gebeurd, en bespreken twee vragen van deelnemers."),
    ),
}


def copy_of(meeting: Meeting) -> Prefilled:
    """Return the values of a meeting for a copy, without dates and answers."""
    return Prefilled(
        meeting.title,
        meeting.meeting_kind,
        tuple(
            ("", "") if meeting.all_day else (f"{clock.local(day.starts):%H:%M}", f"{clock.local(day.ends):%H:%M}")
            for day in days_of(meeting)
        ),
        meeting.purpose,
        meeting.host,
        meeting.venue,
        meeting.route,
        meeting.accessibility,
        meeting.parking,
        meeting.video_url,
        meeting.capacity,
        meeting.all_day,
    )
