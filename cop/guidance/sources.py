"""What a source says, whether that is still what was taken, and the things that can be sources."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlsplit

from flask import current_app

from cop import access
from cop.base import text as texts
from cop.base.db import db
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.guidance.models import EXCERPT, LINKS, CardSource, Mark
from cop.society.people import Person
from cop.things import Body, Thing, kinds
from cop.threads.models import Thread, opening_post


def find_thing(person: Person, id: int) -> Thing:
    """Return a thing that the person may see and that can be a source, of a thread its opening post; else raise NotFound."""
    found = access.find(person, Thing, id)
    if isinstance(found, Thread):
        return opening_post(found)
    if found.kind not in LINKS:
        raise NotFound
    return found


def find_by_address(person: Person, address: str) -> Thing:
    """Return the source at an address of this platform; raise Invalid for others, and for what the person may not see."""
    refused = Invalid(
        errors={
            "address": _(
                "Hier staat geen bericht, opbrengst of document dat u mag zien. Kopieer de link van het bericht zelf."
            )
        }
    )
    try:
        parts = urlsplit(address if "//" in address or address.startswith("/") else f"//{address}")
    except ValueError:
        raise refused from None
    own = urlsplit(current_app.config["COP"].base_url)
    if parts.netloc and parts.netloc != own.netloc:
        raise Invalid(errors={"address": _("Dit adres is niet van dit platform.")})
    if parts.fragment.startswith("post-"):  # of a thread that stands at a post
        parts = parts._replace(path=f"/posts/{parts.fragment.removeprefix('post-')}")
    path, _slash, last = parts.path.rstrip("/").rpartition("/")
    known = {kind.path: kind.name for kind in kinds.every()}
    if known.get(path) not in (*LINKS, "thread") or not last.isdecimal() or len(last) > 9:
        raise refused
    try:
        return find_thing(person, int(last))
    except NotFound:
        raise refused from None


def words_of(thing: Thing) -> str:
    """Return what a thing says, as search finds it; of a document its description."""
    if (body := db.session.get(Body, thing.id)) is not None:
        return body.plain
    index = kinds.get(thing.kind).index
    if index is None:
        return ""
    found = db.session.execute(index.where(Thing.__table__.c.id == thing.id)).first()
    return found.plain if found else ""


def digest_of(thing: Thing) -> str:
    """Return the digest of what a thing says, of a document also of its content."""
    says = [words_of(thing), getattr(thing, "sha256", "")]
    if thing.kind == "file":
        says.append(thing.title)
    return sha256("\0".join(says).encode()).hexdigest()


def excerpt_of(thing: Thing, chosen: str = "") -> str:
    """Return the words that are carried over: those that were chosen, else the beginning.

    Raise Invalid where the chosen words are not in the text, so that nobody is quoted with what they did not write.
    """
    says = " ".join(words_of(thing).split())
    chosen = " ".join(chosen.split())
    if chosen and chosen not in says:
        raise Invalid(errors={"excerpt": _("Deze woorden staan niet in de bron. Neem ze letterlijk over.")})
    return chosen or texts.excerpt(says, EXCERPT)


def mark_of(source: CardSource) -> Mark:
    """Return what happened to a source since it was taken, "" for nothing."""
    thing = source.thing
    place = db.session.get(Thing, thing.parent_id) if thing.parent_id else None
    for one in (thing, place):
        if one is not None and one.state != "live":
            return "hidden" if one.state == "hidden" else "retracted"
    if thing.audience_id != source.card.audience_id:
        return "moved"
    if source.mark == "erased" or digest_of(thing) == source.digest:
        return "erased" if source.mark == "erased" else ""
    return "changed"
