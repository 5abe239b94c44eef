"""The demonstration: "Weer thuis in de wijk" as it stood on a Monday in December 2017, all of it invented.

The words stand in the TOML files beside this one and the documents in `files/`; `load` reads and checks them.
Nothing here knows the database: seeding is done from what `load` gives.
"""

from __future__ import annotations

from cop.cli.demo.checks import faults
from cop.cli.demo.links import linked
from cop.cli.demo.parse import FILES, parse
from cop.cli.demo.shapes import (
    Closure,
    Community,
    Demo,
    Document,
    Folder,
    Hiding,
    Mark,
    Message,
    Organisation,
    Partnership,
    Person,
    Phase,
    Post,
    Programme,
    Room,
    Thread,
    Version,
)


class Faulty(ValueError):
    """The content contradicts itself; the message has one fault on each line."""


def load() -> Demo:
    """The whole demonstration, checked; raises `Faulty` with every fault at once."""
    demo = parse()
    if found := faults(demo):
        raise Faulty("\n".join(found))
    return demo


__all__ = [
    "FILES",
    "Closure",
    "Community",
    "Demo",
    "Document",
    "Faulty",
    "Folder",
    "Hiding",
    "Mark",
    "Message",
    "Organisation",
    "Partnership",
    "Person",
    "Phase",
    "Post",
    "Programme",
    "Room",
    "Thread",
    "Version",
    "linked",
    "load",
]
