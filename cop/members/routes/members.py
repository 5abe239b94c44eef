"""Endpoints of members: the list, roles, terms and removal."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Response, g
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select

from cop import access
from cop.access.choosing import organisations_to_choose
from cop.base import clock
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.forms import Typed
from cop.base.web import Slice, cached, endpoint, flash, requested_format, respond, respond_list
from cop.base.web.pages import part
from cop.base.words import _
from cop.members import actions, forms
from cop.members.address_lists import folded
from cop.members.routes.blueprint import routes
from cop.society.invitations import invitations, missing_partners, state_of
from cop.society.memberships import ROLES, Membership, audience_size, members, surname
from cop.society.programmes import Community

LONG_AGO = date(1970, 1, 1)


@routes.get("/communities/<slug>/members")
@endpoint("members.list", asks=forms.MembersAsk, gives=forms.MemberOut, many=True)
def list_(slug: str, asked: dict[str, Any] | None = None, wrong: int | None = None) -> Response:
    """List the members by organisation; for moderators also the invitations and their state."""
    asked = asked or forms.MembersAsk().model_dump()
    community = access.find(current_user, Community, slug=slug)
    curates = access.may(current_user, "members.invite", community)
    found = _matching(community, asked)
    listed = _slice([row for row in found if row.name] if requested_format() == "html" else found, asked)
    return respond_list(
        listed,
        page="members/members.html",
        context=lambda: {
            "rows": _rows(listed.items, community.url, curates),
            **_page(community, curates, asked, wrong),
        },
        community=community,
        curates=curates,
    )


def _slice(rows: Sequence[Any], asked: dict[str, Any]) -> Slice[Any]:
    """Return the rows after the person `after`; from the start where that person is not among them."""
    start = next((at for at, row in enumerate(rows, start=1) if row.id == asked["after"]), 0) if asked["after"] else 0
    end = start + asked["limit"]
    return Slice(rows[start:end], next=rows[end - 1].id if end < len(rows) else None)


def _rows(people: Sequence[Any], url: str, curates: bool) -> list[Markup]:
    """Return the rows of the list as HTML, each cached for those who may do the same with the membership."""
    viewer = current_user.id

    def row(person: Any) -> Markup:
        edits = bool(person.membership_id and (curates or person.id == viewer))
        given = {"person": person, "edits": edits, "url": url}
        return Markup(part("members/_member.html", (person.id, url, edits, clock.today()), lambda: given))

    return [row(person) for person in people]


def _page(community: Community, curates: bool, asked: dict[str, Any], wrong: int | None) -> dict[str, Any]:
    """Return what the page of members shows besides the members."""
    here = cached(("members by", community.id, clock.today()), lambda: _sorts(community))
    return {
        "asked": SimpleNamespace(**asked),
        "filtered": bool(asked["q"] or asked["role"] or asked["kind"]),
        "audience_size": audience_size(community.audience_id),
        "roles_here": here[0],
        "kinds_here": here[1],
        "invited": [(row, state_of(row)) for row in invitations(community)] if curates else [],
        "missing": missing_partners(community) if curates else [],
        "wrong": wrong,
        **(inviting(community, {}) if curates else {}),
    }


def inviting(community: Community, given: dict[str, Any]) -> dict[str, Any]:
    """Return the choices of a form that invites: communities with the chosen role in each, organisations, partnerships.

    This community alone is chosen until something else was given.
    """
    places = actions.invitable(current_user, community.programme)
    chosen = given.get("communities")
    typed: Typed = g.get("typed") or Typed()
    if chosen is None and "communities" in typed.values:
        sent = typed.value("communities")
        chosen = sent if isinstance(sent, list) else [sent]
    if chosen is None:
        chosen = [community.slug]
    roles = given.get("roles") or {}
    return {
        "places": [
            SimpleNamespace(
                slug=place.slug,
                name=place.name,
                chosen=place.slug in chosen,
                role=roles.get(place.slug) or typed.value(f"role_in_{place.slug}"),
            )
            for place in places
        ],
        "partnerships": [
            one for one in community.programme.partnerships if access.may(current_user, "partnerships.edit", one)
        ],
        "organisations": organisations_to_choose(current_user),
    }


def _sorts(community: Community) -> tuple[frozenset[str], frozenset[str | None]]:
    """Return the roles and the kinds of organisations of the members, by which the list can be narrowed."""
    everybody = members(community)
    return frozenset(row.role for row in everybody), frozenset(row.organisation_kind for row in everybody)


def _matching(community: Community, asked: dict[str, Any]) -> Sequence[Any]:
    """Return the members that match the search and the filters, in the asked order; cached unless something is searched."""
    choice = (asked["role"], asked["kind"], asked["sort"])
    if asked["q"]:
        return _chosen(members(community), asked)
    if not any(choice):
        return members(community)
    found: Sequence[Any] = cached(
        ("members by", community.id, clock.today(), *choice), lambda: tuple(_chosen(members(community), asked))
    )
    return found


def _chosen(rows: Sequence[Any], asked: dict[str, Any]) -> list[Any]:
    """Return the rows that match the search and the filters, in the asked order (default: by organisation)."""
    words = [folded(word) for word in asked["q"].split()]
    found = [
        row
        for row in rows
        if all(word in folded(f"{row.name} {row.organisation or ''} {row.function}") for word in words)
        and asked["role"] in ("", row.role)
        and asked["kind"] in ("", row.organisation_kind)
    ]
    match asked["sort"]:
        case "name":
            found.sort(key=lambda row: surname(row.name))
        case "role":
            found.sort(key=lambda row: RANKS.index(row.role))
        case "since":
            found.sort(key=lambda row: row.since.date() if row.since else LONG_AGO, reverse=True)
        case "seen":
            found.sort(key=lambda row: row.seen or LONG_AGO, reverse=True)
    return found


RANKS = ("team", "moderator", "expert", "member", "reader")


@routes.get("/communities/<slug>/members.csv")
@endpoint("members.export")
def export(slug: str) -> Response:
    """Return the members as a CSV file that a Dutch spreadsheet opens; addresses only of those who show theirs."""
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "members.invite", community)
    written = io.StringIO()
    table = csv.writer(written, delimiter=";", lineterminator="\r\n")
    table.writerow(
        [
            _("Naam"),
            _("E-mail"),
            _("Organisatie"),
            _("Soort"),
            _("Functie"),
            _("Rol"),
            _("Sinds"),
            _("Tot en met"),
            _("Laatst gezien"),
        ]
    )
    for row in members(community):
        since = clock.local(row.since).date().isoformat() if row.since else ""
        seen = row.seen.strftime("%Y-%m") if row.seen else ""
        mail = row.mail if row.mail_shown else ""
        cells = [row.name, mail, row.organisation or "", KINDS.get(row.organisation_kind, lambda: "")()]
        cells += [row.function, ROLE_NAMES[row.role](), since, row.until.isoformat() if row.until else "", seen]
        table.writerow([_no_formula(cell) for cell in cells])
    return Response(
        written.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="deelnemers-{community.slug}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


KINDS = {
    "municipality": lambda: _("Gemeente"),
    "housing": lambda: _("Woningcorporatie"),
    "care": lambda: _("Zorgaanbieder"),
    "knowledge": lambda: _("Kennisorganisatie"),
    "organiser": lambda: _("Organisator"),
}
ROLE_NAMES = {
    "member": lambda: _("Deelnemer"),
    "expert": lambda: _("Expert"),
    "moderator": lambda: _("Moderator"),
    "team": lambda: _("Programmateam"),
    "reader": lambda: _("Meelezer"),
}


def _no_formula(cell: str) -> str:
    """Return the text of a cell so that a spreadsheet does not compute it."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def membership(community: Community, person: int) -> Membership:
    """Return the current membership of a person in a community, else raise NotFound."""
    found = db.session.scalar(
        select(Membership).where(
            Membership.community_id == community.id, Membership.person_id == person, Membership.ended.is_(None)
        )
    )
    if found is None:
        raise NotFound()
    return found


@routes.get("/communities/<slug>/members/<int:person>")
@endpoint("members.show", gives=forms.MemberOut)
def show(slug: str, person: int) -> Response:
    """Show a membership, for a moderator to change or end, or for the member to leave."""
    community = access.find(current_user, Community, slug=slug)
    found = membership(community, person)
    may = {verb: access.may(current_user, f"members.{verb}", found) for verb in ("change", "remove")}
    may["leave"] = access.may(current_user, "people.leave", found.person)
    may["note"] = found.person_id != current_user.id and access.may(current_user, "notes.write", found)
    if not any(may.values()):
        return respond(found, to=f"/people/{person}")
    return respond(
        found,
        page="members/member.html",
        community=community,
        member=found,
        may=may,
        roles=ROLES,
        mine=person == current_user.id,
    )


@routes.patch("/communities/<slug>/members/<int:person>")
@endpoint("members.change", takes=forms.Change, gives=forms.MemberOut, form=show)
def change(slug: str, person: int, given: dict[str, Any]) -> Response:
    """Give a member another role or term."""
    community = access.find(current_user, Community, slug=slug)
    found = actions.change(current_user, membership(community, person), **given)
    role = ROLE_NAMES[found.role]().lower()
    flash(_("%(name)s is nu %(role)s in %(community)s.", name=_name(found), role=role, community=community.name))
    return respond(found, to=f"{community.url}/members")


def _name(membership: Membership) -> str:
    return membership.person.name or membership.person.mail


@routes.delete("/communities/<slug>/members/<int:person>")
@endpoint("members.remove", form=show)
def remove(slug: str, person: int) -> Response:
    """End a membership."""
    community = access.find(current_user, Community, slug=slug)
    ended = actions.remove(current_user, membership(community, person))
    if person == current_user.id:
        flash(_("U doet niet meer mee in %(name)s.", name=community.name))
        return respond(to="/")
    flash(
        _("%(name)s doet niet meer mee in %(community)s.", name=_name(ended), community=community.name),
        undo=f"{community.url}/members/{person}/restore",
    )
    return respond(to=f"{community.url}/members")


@routes.post("/communities/<slug>/members/<int:person>/restore")
@endpoint("members.restore", gives=forms.MemberOut, form=lambda slug, person: list_(slug=slug))
def restore(slug: str, person: int) -> Response:
    """Undo the removal of a member, or the withdrawal of an invitation."""
    community = access.find(current_user, Community, slug=slug)
    last = db.session.scalar(
        select(Membership)
        .where(Membership.community_id == community.id, Membership.person_id == person)
        .order_by(Membership.ended.is_(None).desc(), Membership.ended.desc(), Membership.id.desc())
        .limit(1)
    )
    if last is None:
        raise NotFound()
    actions.restore(current_user, last)
    if last.person.entered is None:
        flash(_("De uitnodiging aan %(name)s geldt weer.", name=_name(last)))
    else:
        flash(_("%(name)s doet weer mee in %(community)s.", name=_name(last), community=community.name))
    return respond(last, to=f"{community.url}/members")
