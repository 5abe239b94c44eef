"""Endpoints of the directory of a programme: its people, experts, organisations and partnerships."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.text.folding import fold_name
from cop.base.web import Slice, endpoint, respond_list
from cop.directory import forms
from cop.directory.answering import SHOWN, Answered, answered
from cop.directory.models import Directory, OrganisationEntry, PartnershipEntry, PersonEntry, once
from cop.directory.routes.blueprint import routes
from cop.society.organisations import ORGANISATION_KINDS
from cop.society.programmes import Programme
from cop.society.regions import PROVINCES

FILTERS = ("q", "theme", "province", "kind", "role")


class Entry(Protocol):
    """A row of a list."""

    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Entry)


def _directory(slug: str) -> Directory:
    programme = access.find(current_user, Programme, slug=slug)
    return Directory(current_user._get_current_object(), programme)


def _slice(rows: Sequence[Row], asked: dict[str, Any]) -> Slice[Row]:
    """Return the rows after the one with the id `after`; from the start where that one is not among them."""
    start = next((at for at, row in enumerate(rows, start=1) if row.id == asked["after"]), 0) if asked["after"] else 0
    end = start + asked["limit"]
    return Slice(rows[start:end], next=rows[end - 1].id if end < len(rows) else None)


def _page(here: Directory, current: str, asked: dict[str, Any], listed: Slice[Any], **given: Any) -> dict[str, Any]:
    """Return what every page of the directory shows."""
    chosen = {name: asked[name] for name in FILTERS if asked.get(name)}
    return {
        "programme": here.programme,
        "current": current,
        "asked": SimpleNamespace(**{"role": "", **asked}),
        "chosen": chosen,
        "first": f"?{urlencode(chosen)}" if asked["after"] else None,
        "next": f"?{urlencode({**chosen, 'after': listed.next})}" if listed.next else None,
        "has_role": "role" in asked,
        **given,
    }


def _choices(themes: list[str], kinds: Iterable[str], provinces: Iterable[str]) -> dict[str, Any]:
    """Return what a list can be narrowed by: only what occurs in it."""
    have = set(provinces)
    return {
        "themes": themes,
        "kinds_here": [kind for kind in ORGANISATION_KINDS if kind in set(kinds)],
        "provinces_here": [code for code in PROVINCES if code in have],
        "without": "" in have,
    }


def _has(asked: str, themes: Iterable[str]) -> bool:
    """Return whether no theme is asked, or one of these is it."""
    return not asked or asked.casefold() in {theme.casefold() for theme in themes}


def _in(asked: str, provinces: Iterable[str]) -> bool:
    """Return whether no province is asked, or it is one of these; `none` asks for those without."""
    found = set(provinces) - {""}
    return not asked or (not found if asked == "none" else asked in found)


def _says(asked: str, *words: str) -> bool:
    """Return whether every word that was searched occurs."""
    if not asked:
        return True
    said = fold_name(" ".join(words))
    return all(word in said for word in fold_name(asked).split())


def _matches(person: PersonEntry, asked: dict[str, Any], *themes: str) -> bool:
    """Return whether a person is searched for, with more themes than those of their profile."""
    name = person.organisation.name if person.organisation else ""
    return (
        _has(asked["theme"], (*person.themes, *themes))
        and _in(asked["province"], [person.province])
        and asked["kind"] in ("", person.kind)
        and _says(asked["q"], person.name, person.function, name, *person.themes)
    )


def _person(here: Directory, person: PersonEntry) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "url": person.url,
        "function": person.function,
        "organisation": person.organisation.name if person.organisation else None,
        "kind": person.kind,
        "province": person.province,
        "themes": list(person.themes),
        "role": here.roles.get(person.id, ""),
        "mail": person.mail or None,
        "phone": person.phone or None,
    }


def _respond(
    here: Directory,
    current: str,
    asked: dict[str, Any],
    listed: Slice[Any],
    out: Callable[[Any], dict[str, Any]],
    **given: Any,
) -> Response:
    """Respond with a list: its rows for the page, and as `out` makes them for the API."""
    model: Any = OUT[current]
    rows = list(listed.items)
    models = Slice([model(**out(row)) for row in rows], next=listed.next)
    page = _page(here, current, asked, listed, **given)
    return respond_list(models, page=f"directory/{current}.html", rows=rows, here=here, **page)


OUT: dict[str, type] = {
    "people": forms.PersonOut,
    "experts": forms.ExpertOut,
    "organisations": forms.OrganisationOut,
    "partnerships": forms.PartnershipOut,
    "matches": forms.MatchOut,
}


@routes.get("/programmes/<slug>/directory")
@endpoint("directory.people", asks=forms.Ask, gives=forms.PersonOut, many=True)
def people(slug: str, asked: dict[str, Any]) -> Response:
    """List the people of a programme by surname."""
    here = _directory(slug)
    narrowed = any(asked.get(name) for name in FILTERS)
    found = [person for person in here.people if _matches(person, asked)] if narrowed else here.people
    choices = _choices(here.themes, here.kinds, here.provinces)
    return _respond(
        here, "people", asked, _slice(found, asked), lambda one: _person(here, one), total=len(found), **choices
    )


@routes.get("/programmes/<slug>/directory/experts")
@endpoint("directory.experts", asks=forms.AskExperts, gives=forms.ExpertOut, many=True)
def experts(slug: str, asked: dict[str, Any]) -> Response:
    """List who can be asked about what: invited experts, who names a theme, and whose answers helped."""
    here = _directory(slug)
    answers = answered(here.viewer, here.programme)
    of_audience = {one.audience_id: one.themes for one in here.programme.communities}

    def themes_of(person: PersonEntry) -> list[str]:
        """Return the themes of the communities in which their answers helped."""
        return [theme for one in answers.get(person.id, ()) for theme in of_audience.get(one.audience_id, ())]

    known = [
        person
        for person in here.people
        if here.roles.get(person.id) == "expert" or person.themes or person.id in answers
    ]
    found = [
        person
        for person in known
        if _matches(person, asked, *themes_of(person))
        and (not asked["role"] or here.roles.get(person.id) == asked["role"])
    ]
    newest = {id: sorted(rows, key=lambda row: -row.id)[:SHOWN] for id, rows in answers.items()}
    mentioned = (theme for one in known for theme in (*one.themes, *themes_of(one)))
    choices = _choices(once(mentioned), (one.kind for one in known), (one.province for one in known))
    return _respond(
        here,
        "experts",
        asked,
        _slice(found, asked),
        lambda one: {**_person(here, one), "answered": [_question(row) for row in newest.get(one.id, ())]},
        total=len(found),
        answered=newest,
        **choices,
    )


def _question(row: Answered) -> dict[str, Any]:
    return {"id": row.id, "title": row.title, "url": row.url}


@routes.get("/programmes/<slug>/directory/matches")
@endpoint("directory.matches", gives=forms.MatchOut, many=True)
def matches(slug: str) -> Response:
    """List people elsewhere in the country who work on the same themes as the viewer."""
    here = _directory(slug)
    shared = dict(here.strangers())
    return _respond(
        here,
        "matches",
        forms.Ask().model_dump(),
        Slice(list(shared)),
        lambda one: {**_person(here, one), "shared": shared[one]},
        shared=shared,
    )


@routes.get("/programmes/<slug>/directory/organisations")
@endpoint("directory.organisations", asks=forms.Ask, gives=forms.OrganisationOut, many=True)
def organisations(slug: str, asked: dict[str, Any]) -> Response:
    """List the organisations of a programme by name."""
    here = _directory(slug)
    rows = here.organisations

    def themes_of(one: OrganisationEntry) -> list[str]:
        return [theme for person in here.staff.get(one.id, ()) for theme in person.themes]

    found = [
        one
        for one in rows
        if _has(asked["theme"], themes_of(one))
        and _in(asked["province"], [one.province])
        and asked["kind"] in ("", one.kind)
        and _says(asked["q"], one.name, one.town)
    ]
    counts = {one.id: (len(here.staff.get(one.id, ())), len(here.partnerships_of(one))) for one in found}
    choices = _choices(here.themes, (one.kind for one in rows), (one.province for one in rows))
    return _respond(
        here,
        "organisations",
        asked,
        _slice(found, asked),
        lambda one: {
            "id": one.id,
            "name": one.name,
            "url": one.url,
            "kind": one.kind,
            "province": one.province,
            "municipality": one.town,
            "people": counts[one.id][0],
            "partnerships": counts[one.id][1],
        },
        total=len(found),
        counts=counts,
        **choices,
    )


@routes.get("/programmes/<slug>/directory/partnerships")
@endpoint("directory.partnerships", asks=forms.Ask, gives=forms.PartnershipOut, many=True)
def partnerships(slug: str, asked: dict[str, Any]) -> Response:
    """List the partnerships of a programme by name, with their number in each province."""
    here = _directory(slug)
    rows = here.partnerships
    by_id = {person.id: person for person in here.people}

    def themes_of(one: PartnershipEntry) -> list[str]:
        return [theme for id in here.partners[one.id] if id in by_id for theme in by_id[id].themes]

    def kinds_of(one: PartnershipEntry) -> set[str]:
        return {organisation.kind for organisation in one.organisations}

    elsewhere = [
        one
        for one in rows
        if _has(asked["theme"], themes_of(one))
        and (not asked["kind"] or asked["kind"] in kinds_of(one))
        and _says(asked["q"], one.name, *(organisation.name for organisation in one.organisations))
    ]
    found = [one for one in elsewhere if _in(asked["province"], one.provinces)]
    tiles = Counter(province for one in elsewhere for province in one.provinces or ["none"])
    others = {name: asked[name] for name in ("q", "theme", "kind") if asked[name]}
    choices = _choices(
        once(theme for one in rows for theme in themes_of(one)),
        {kind for one in rows for kind in kinds_of(one)},
        (province for one in rows for province in one.provinces or [""]),
    )
    return _respond(
        here,
        "partnerships",
        asked,
        _slice(found, asked),
        lambda one: {
            "id": one.id,
            "name": one.name,
            "url": one.url,
            "goal": one.goal,
            "organisations": [organisation.name for organisation in one.organisations],
            "provinces": one.provinces,
        },
        total=len(found),
        tiles=tiles,
        tile_urls={code: f"?{urlencode({**others, 'province': code})}" for code in (*PROVINCES, "none")},
        everywhere=f"?{urlencode(others)}" if others else "?",
        **choices,
    )
