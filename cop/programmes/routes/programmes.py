"""Endpoints of programmes and their teams."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from cop import access
from cop.access.choosing import people_to_choose
from cop.base.db import db
from cop.base.errors import NotFound, SignInNeeded
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.programmes import actions, forms
from cop.programmes.models import public_page, published
from cop.programmes.routes.blueprint import routes
from cop.programmes.routes.publishing import flash_phase, show_public
from cop.programmes.setting_up import Step, steps
from cop.society.checklists import checklist
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import COLOURS, PHASES, Community, Partnership, Programme

# The verbs of which the pages of a programme show the forms.
MANAGING = (
    "communities.add",
    "partnerships.add",
    "programmes.edit",
    "programmes.edit_public",
    "programmes.enter_phase",
    "programmes.reopen",
)


@routes.get("/programmes")
@endpoint("programmes.list", gives=forms.ProgrammeOut, many=True)
def list_() -> Response:
    """List the viewer's programmes; for an administrator all."""
    found = db.session.scalars(
        select(Programme).where(access.visible_to(current_user, Programme)).order_by(func.lower(Programme.name))
    )
    return respond_list(
        Slice(list(found)), page="programmes/list.html", may_add=access.may(current_user, "programmes.add", None)
    )


@routes.get("/programmes/new")
@endpoint("programmes.new")
def new() -> Response:
    """Show the page to create a programme on."""
    access.judge(current_user, "programmes.add", None)
    return respond(page="programmes/new.html", phases=PHASES)


@routes.post("/programmes")
@endpoint("programmes.add", takes=forms.ProgrammeNew, gives=forms.ProgrammeOut, form=new, status=201)
def add(given: dict[str, Any]) -> Response:
    """Create a programme."""
    programme = actions.add_programme(current_user, None, **given)
    flash(_("Het programma is gemaakt. Voeg nu het programmateam toe."))
    return respond(programme, to=f"{programme.url}/edit", status=201)


@routes.get("/programmes/<slug>")
@endpoint("programmes.show", gives=forms.ProgrammeOut, open=True)
def show(slug: str) -> Response:
    """Show a programme: its phases, communities, partnerships and team; to people outside its public page."""
    try:
        programme = access.find(current_user, Programme, slug=slug)
    except (NotFound, SignInNeeded):
        if (found := published(slug)) is None:  # as for a programme that does not exist
            raise
        return show_public(*found)
    may = {verb: access.may(current_user, verb, programme) for verb in (*MANAGING, "communities.join", "calls.add")}
    manages = access.may(current_user, "team.add", programme)  # in the archive too
    return respond(
        programme,
        page="programmes/show.html",
        programme=programme,
        phases=PHASES,
        may=may,
        manages=manages,
        takes_part=programme.id in access.rights(current_user).programmes,
        steps=_steps_left(programme) if may["programmes.edit"] else [],
        checks=checklist(programme) if may["programmes.edit"] else [],
        communities=_communities(programme, everything=manages),
        team=_team(programme),
        roles=[community.id for community in access.rights(current_user).communities],
        partnerships=_partnerships(programme),
    )


def _communities(programme: Programme, *, everything: bool) -> list[Community]:
    """Return the communities of a programme: those visible to the viewer, or all with `everything`."""
    here = select(Community).where(Community.programme_id == programme.id).order_by(Community.position)
    return list(db.session.scalars(here if everything else here.where(access.visible_to(current_user, Community))))


def _steps_left(programme: Programme) -> list[Step]:
    """Return the steps in which the programme is set up, none when all are done or it is in the archive."""
    found = steps(programme)
    return [] if programme.archived or all(step.done for step in found) else found


def _team(programme: Programme) -> list[Person]:
    return list(
        db.session.scalars(
            select(Person)
            .join(TeamMember, TeamMember.person_id == Person.id)
            .where(TeamMember.programme_id == programme.id)
            .order_by(func.lower(Person.name))
        )
    )


def _partnerships(programme: Programme) -> list[Partnership]:
    return list(
        db.session.scalars(
            select(Partnership)
            .options(selectinload(Partnership.organisations))
            .where(Partnership.programme_id == programme.id)
            .order_by(Partnership.name)
        )
    )


@routes.get("/programmes/<slug>/edit")
@endpoint("programmes.settings")
def settings(slug: str) -> Response:
    """Show the page to manage a programme, its team, communities and partnerships on."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "team.add", programme)  # in the archive too, where the rest cannot be changed
    return respond(
        page="programmes/settings.html",
        programme=programme,
        phases=PHASES,
        colours=COLOURS,
        may={verb: access.may(current_user, verb, programme) for verb in MANAGING},
        page_of=public_page(programme.id),
        leads=access.rights(current_user).leads(programme.id),
        team=_team(programme),
        steps=_steps_left(programme),
        dates={phase.kind: phase for phase in programme.phases},
        roles=[community.id for community in access.rights(current_user).communities],
        communities=_communities(programme, everything=True),
        partnerships=_partnerships(programme),
    )


@routes.patch("/programmes/<slug>")
@endpoint("programmes.edit", takes=forms.ProgrammeEdit, gives=forms.ProgrammeOut, form=settings)
def edit(slug: str, given: dict[str, Any]) -> Response:
    """Change a programme; its phase too, which a program may send along."""
    programme = access.find(current_user, Programme, slug=slug)
    before, was_archived = programme.phase, programme.archived
    phase = given.pop("phase", before)
    enters = phase != before
    if enters and was_archived:  # nothing else can be changed before
        actions.enter_phase(current_user, programme, phase=phase)
    if given or not enters:
        actions.edit_programme(current_user, programme, **given)
    if enters and not was_archived:
        actions.enter_phase(current_user, programme, phase=phase)
    if enters:
        flash_phase(programme, before)
    else:
        flash(_("De gegevens van %(name)s zijn opgeslagen.", name=programme.name))
    return respond(programme, to=f"{programme.url}/edit")


@routes.get("/programmes/<slug>/removal")
@endpoint("programmes.removal")
def removal(slug: str) -> Response:
    """Ask for confirmation before a programme is removed, or show what stands in it."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "programmes.remove", programme)
    return respond(
        page="programmes/removal.html",
        programme=programme,
        uses=actions.uses_of_programme(programme),
        team=[person.name or person.mail for person in _team(programme)],
    )


@routes.delete("/programmes/<slug>")
@endpoint("programmes.remove", form=removal)
def remove(slug: str) -> Response:
    """Remove a programme in which nothing stands."""
    programme = access.find(current_user, Programme, slug=slug)
    actions.remove_programme(current_user, programme)
    flash(_("Het programma %(name)s is verwijderd.", name=programme.name))
    return respond(to="/programmes")


@routes.get("/programmes/<slug>/team/new")
@endpoint("team.new")
def team_new(slug: str) -> Response:
    """Show the page to add somebody to the programme team on."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "team.add", programme)
    team = _team(programme)
    others = [person for person in people_to_choose(current_user) if person not in team]
    return respond(page="programmes/team_new.html", programme=programme, people=others)


@routes.post("/programmes/<slug>/team")
@endpoint("team.add", takes=forms.Team, form=team_new, status=201)
def team_add(slug: str, given: dict[str, Any]) -> Response:
    """Add a person to the programme team."""
    programme = access.find(current_user, Programme, slug=slug)
    joined = actions.team_add(current_user, programme, **given)
    flash(
        _("%(name)s hoort nu bij het programmateam en krijgt daarover een mail.", name=joined.name or joined.mail)
        if not given.get("told") and joined.id != current_user.id
        else _("%(name)s hoort nu bij het programmateam.", name=joined.name or joined.mail)
    )
    return respond(to=f"{programme.url}/edit", status=201)


@routes.delete("/programmes/<slug>/team/<int:person>")
@endpoint("team.remove", form=lambda slug, person: settings(slug=slug))
def team_remove(slug: str, person: int) -> Response:
    """Remove a person from the programme team."""
    programme = access.find(current_user, Programme, slug=slug)
    left = actions.team_remove(current_user, programme, member=person)
    still = access.may(current_user, "programmes.edit", programme)  # people who leave the team lose it
    flash(
        _(
            "%(name)s hoort niet meer bij het programmateam van %(programme)s.",
            name=left.name or left.mail,
            programme=programme.name,
        ),
        undo=f"{programme.url}/team" if still and left.is_active else None,
        **({"member": left.id, "told": 1}),
    )
    return respond(to=f"{programme.url}/edit" if still else "/")
