"""The demo: "Weer thuis in de wijk" on a Monday in December 2017. Everything in it is invented.

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
    """The content contradicts itself; each line of the message is one fault."""


def load() -> Demo:
    """Return the whole demo, checked; raise `Faulty` with all faults."""
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
