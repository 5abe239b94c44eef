"""Events about things, for the features that listen to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cop.base.events import Event


@dataclass
class TextWritten(Event):
    """A text was posted in a place."""

    again: bool = False  # a repeated request: nothing was written
    mentions: list[int] = field(default_factory=list)  # ids of the people mentioned


@dataclass
class ThreadWritten(TextWritten):
    """A post was written in a thread; its feature's listeners notify of mentions among other notices."""

    post: int = 0  # id of the post


@dataclass
class TextEdited(Event):
    """The text of a thing was replaced."""

    mentions: list[int] = field(default_factory=list)  # ids of the people mentioned for the first time


@dataclass
class TextHidden(Event):
    """A moderator hid a text in a place."""


@dataclass
class TextRetracted(Event):
    """An author retracted a text in a place."""


@dataclass
class TextShown(Event):
    """A hidden or retracted text can be read again."""


@dataclass
class FileWritten(Event):
    """A file or a new version of it was stored."""

    again: bool = False  # a repeated request: nothing was written


@dataclass
class AnswerChanged(Event):
    """The accepted answer of a thread changed."""

    post: int = 0


@dataclass
class Moved(Event):
    """A thing moved from one community to another, by their ids."""

    before: int = 0
    after: int = 0


@dataclass
class PostsMoved(Event):
    """Posts went from one thread to another of the same audience, by their ids."""

    source: int = 0
    target: int = 0
    whole: int = 0  # 1: all of them, so that the source is gone


@dataclass
class BulletinSent(Event):
    """A bulletin was sent to its audience."""

    again: bool = False  # it had been sent before: nothing was sent now


@dataclass
class MinutesPublished(Event):
    """Minutes were published, as this version of the thread with this id."""

    again: bool = False  # nothing was new: no version was made
    version: int = 0
    thread: int = 0


@dataclass
class ActionAssigned(Event):
    """An outcome was marked or edited."""

    assigned: int | None = None  # the id of the person who got an action by this


@dataclass
class FlagRaised(Event):
    """Something was flagged, or waits for its moderators in another way.

    audience: whose moderators did not have it before, 0 where they did; flagged: the id of the thing, None for a member;
    about: the person whom it is about.
    """

    audience: int = 0
    flagged: int | None = None
    about: int | None = None


@dataclass
class RulingTold(Event):
    """A moderator told somebody something, or decided on their appeal; the result is the ruling."""

    ruling: int = 0


@dataclass
class FlagRuled(Event):
    """A case of flags was closed; without a ruling, another event of the same transaction closed it."""

    ruling: str = ""


@dataclass
class GuidanceNoted(Event):
    """Something about guidance of which people are notified: `people` by their ids, `why` is the reason of the notice."""

    people: list[int] = field(default_factory=list)
    why: str = ""
