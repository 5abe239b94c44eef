"""Corrections: the verbs by which a text is edited, retracted, hidden, redacted and reacted to, for every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from cop.base import text as texts
from cop.base.action import action, detail
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.society.people import Person
from cop.things import bodies, kinds, reacting
from cop.things.events import TextEdited, TextHidden, TextRetracted, TextShown
from cop.things.spine import Thing

K = TypeVar("K", bound=Thing)
# The verbs of a kind, after its plural name.
CORRECTIONS = ("edit", "retract", "restore", "hide", "unhide", "redact", "react", "unreact")


class Corrections(Generic[K]):
    """The verbs that correct the things of one kind, named `<plural>.edit` and so on.

    check: raises Conflict for a thing that stands where nothing is added or changed; it can be withdrawn and hidden.
    """

    def __init__(self, kind: type[K], plural: str, check: Callable[[K], None] = lambda _thing: None):
        self.kind, self.plural = kind, plural
        verbs = _Verbs[K](check)
        self.edit = action(f"{plural}.edit", event=TextEdited)(verbs.edit)
        self.retract = action(f"{plural}.retract", event=TextRetracted)(verbs.retract)
        self.restore = action(f"{plural}.restore", event=TextShown)(verbs.restore)
        self.hide = action(f"{plural}.hide", event=TextHidden)(verbs.hide)
        self.unhide = action(f"{plural}.unhide", event=TextShown)(verbs.unhide)
        self.redact = action(f"{plural}.redact")(verbs.redact)
        self.react = action(f"{plural}.react", quiet=True)(verbs.react)
        self.unreact = action(f"{plural}.unreact", quiet=True)(verbs.unreact)


class _Verbs(Generic[K]):
    """The functions behind the verbs; each returns the thing."""

    def __init__(self, check: Callable[[K], None]):
        self.check = check

    def edit(self, person: Person, thing: K, *, text: texts.Text, base_version: int | None = None) -> K:
        """Replace the text; raise Conflict when it was edited after `base_version`."""
        self.check(thing)
        if base_version is not None and base_version != thing.version:
            raise Conflict(
                _("Dit bericht is intussen gewijzigd. Uw tekst staat hieronder; vergelijk en sla opnieuw op."),
                **bodies.current_text(thing),
            )
        _require_live(thing, "body")
        mentions = bodies.rewrite(person, thing, text)
        _detail(thing, version=thing.version + 1, mentions=mentions)
        return thing

    def retract(self, person: Person, thing: K) -> K:
        """Retract the text; its position stays, and its author can still read it."""
        if thing.state == "live":
            thing.state = "retracted"
        _detail(thing)
        return thing

    def restore(self, person: Person, thing: K) -> K:
        """Restore a retracted text."""
        self.check(thing)
        if thing.state == "retracted":
            thing.state = "live"
        _detail(thing)
        return thing

    def hide(self, person: Person, thing: K, *, reason: str) -> K:
        """Hide the text and show the reason; its author and moderators can still read it."""
        _require_live(thing, "reason")
        thing.state, thing.reason = "hidden", reason
        _detail(thing)
        return thing

    def unhide(self, person: Person, thing: K) -> K:
        """Show a hidden text again."""
        if thing.state == "hidden":
            thing.state, thing.reason = "live", ""
        _detail(thing)
        return thing

    def redact(self, person: Person, thing: K) -> K:
        """Remove the earlier texts for good; the journal records by whom and when."""
        _detail(thing, revisions=bodies.redact(thing))
        return thing

    def react(self, person: Person, thing: K, *, kind: str) -> K:
        """Add a reaction."""
        self.check(thing)
        _require_live(thing, "kind")
        reacting.react(thing, person, kind)
        return thing

    def unreact(self, person: Person, thing: K, *, kind: str) -> K:
        """Remove a reaction."""
        self.check(thing)
        reacting.react(thing, person, kind, on=False)
        return thing


def _require_live(thing: Thing, field: str) -> None:
    if thing.state != "live":
        raise Invalid(errors={field: _("Dit bericht is ingetrokken of verborgen. Zet het eerst terug.")})


def _detail(thing: Thing, **more: object) -> None:
    """Add the thing and its place to the journal, `post=12, thread=7`, and more details of the verb."""
    place = kinds.get(thing.kind).place
    detail(**{thing.kind: thing.id}, **({place: thing.parent_id} if place else {}), **more)
