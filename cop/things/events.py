"""Events about things, for the features that listen to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from cop.base.events import Event


@dataclass
class TextWritten(Event):
    """A text was posted or edited."""

    again: bool = False  # a repeated request: nothing was written
    mentions: list[int] = field(default_factory=list)  # ids of the people who are mentioned for the first time
    post: int = 0  # id of the post, where the thing is a thread
    sources: list[int] = field(default_factory=list)  # ids of the things that a thread was made from


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
