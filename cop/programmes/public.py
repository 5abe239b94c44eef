"""The public face of a programme: what people see of it who take no part in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from cop.base import text
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.hooks import hooks
from cop.base.words import _
from cop.programmes.models import PublicPage
from cop.society.programmes import MAY_LEAVE_PROGRAMME, PHASES, Partnership, Programme
from cop.society.public import PublicCall, PublicDocument

TEXTS = ("what", "for_whom", "criteria", "conditions", "extended", "outcomes")  # in the order of the page
CONTACT = ("contact_name", "contact_mail", "contact_phone")


class PublicText(NamedTuple):
    """A text of the public page, by its name in TEXTS."""

    name: str
    html: str
    plain: str


class PublicDate(NamedTuple):
    """A date of the calendar; `time` is as it was typed."""

    day: date
    time: str
    title: str
    place: str


class PublicPhase(NamedTuple):
    """A phase with its first and last day."""

    kind: str
    starts: date
    ends: date


@dataclass(frozen=True)
class PublicFace:
    """What people outside see of a programme."""

    name: str
    slug: str
    url: str
    phase: str
    colour: str
    logo: str | None
    texts: list[PublicText]
    dates: list[PublicDate]
    phases: list[PublicPhase]  # empty unless the team shows them
    contact_name: str
    contact_mail: str
    contact_phone: str
    partners: list[Partnership] = field(default_factory=list)
    calls: list[PublicCall] = field(default_factory=list)
    documents: list[PublicDocument] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The first words of what the programme is about, for search engines and link previews."""
        return next((text.excerpt(one.plain, 200) for one in self.texts if one.name == "what"), "")


def rendered(programme: Programme, draft: dict[str, Any]) -> dict[str, Any]:
    """Return what is published of a draft. Raise Invalid for a text that is nested too deep."""
    texts = {}
    for name in TEXTS:
        source = draft.get(name) or ""
        try:
            html = text.to_html(source, "markdown") if source.strip() else ""
        except text.TooDeep:
            raise Invalid(errors={name: _("De opmaak is te diep genest. Maak de tekst eenvoudiger.")}) from None
        if html:
            texts[name] = {"html": html, "plain": text.to_plain(html)}
    phases = programme.phases if "phases" in draft.get("shows", ()) else []
    return {
        "texts": texts,
        "dates": sorted(draft.get("dates", ()), key=lambda one: (one["day"], one["time"])),
        "phases": [{"kind": one.kind, "starts": str(one.starts), "ends": str(one.ends)} for one in phases],
        "partners": draft.get("partners", []),
        **{name: getattr(programme, name) for name in CONTACT},
    }


def face(programme: Programme, page: dict[str, Any], *, whole: bool = True) -> PublicFace:
    """Return the public face of a programme by what was published, or by a rendered draft.

    whole: with partners, calls and documents.
    """
    phases = [PublicPhase(p["kind"], *map(date.fromisoformat, (p["starts"], p["ends"]))) for p in page["phases"]]
    more: dict[str, Any] = {"calls": list(hooks().public_calls(programme.id))}
    if whole:
        more["partners"] = _partners(programme, page["partners"])
        more["documents"] = list(hooks().public_documents(programme.id))
    return PublicFace(
        name=programme.name,
        slug=programme.slug,
        url=programme.url,
        phase=programme.phase,
        colour=programme.colour,
        logo=programme.logo,
        texts=[PublicText(name, **page["texts"][name]) for name in TEXTS if name in page["texts"]],
        dates=[PublicDate(**{**one, "day": date.fromisoformat(one["day"])}) for one in page["dates"]],
        phases=sorted(phases, key=lambda one: (PHASES.index(one.kind), one.starts)),
        **{name: page[name] for name in CONTACT},
        **more,
    )


def _partners(programme: Programme, ids: list[int]) -> list[Partnership]:
    """Return the chosen partnerships that the programme still has and that agree to it, by name."""
    chosen = (
        select(Partnership)
        .options(selectinload(Partnership.organisations))
        .where(Partnership.programme_id == programme.id, Partnership.id.in_(ids), MAY_LEAVE_PROGRAMME)
        .order_by(func.lower(Partnership.name))
    )
    return list(db.session.scalars(chosen)) if ids else []


def running() -> list[PublicFace]:
    """Return the published programmes that are not in the archive, with their open calls, by name."""
    found = db.session.execute(
        select(Programme, PublicPage)
        .join(PublicPage, PublicPage.programme_id == Programme.id)
        .where(Programme.published.is_not(None), Programme.phase != "archive")
        .order_by(func.lower(Programme.name), Programme.id)
    )
    return [face(programme, page.page, whole=False) for programme, page in found if page.page is not None]


def every_published() -> list[Programme]:
    """Return the published programmes, those in the archive too, by name."""
    found = select(Programme).where(Programme.published.is_not(None)).order_by(func.lower(Programme.name), Programme.id)
    return list(db.session.scalars(found))
