"""Endpoints of what the team and the host of a meeting take along: the answers as a spreadsheet, and name badges."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response
from pydantic import BaseModel

from cop.base import clock, files, text
from cop.base.spreadsheets import XLSX, as_xlsx
from cop.base.web import Slice, endpoint, respond_list
from cop.base.words import _
from cop.meetings import forms
from cop.meetings.routes.blueprint import around, routes
from cop.meetings.routes.showing import answer_rows


class Badge(BaseModel):
    """What stands on the badge of somebody who comes."""

    person: int
    name: str
    organisation: str
    guest: bool


@routes.get("/meetings/<int:id>/badges")
@endpoint("meetings.badges", gives=Badge, many=True)
def badges(id: int) -> Response:
    """Show the badges of those who said that they come, ten to a page, for the team and the host."""
    meeting, _leads, rows = answer_rows(id)
    coming = [Badge(**row.model_dump(include=set(Badge.model_fields))) for row in rows if row.answer == "yes"]
    return respond_list(Slice(coming), page="meetings/badges.html", **around(meeting))


@routes.get("/meetings/<int:id>/answers/export")
@endpoint("meetings.export_answers", binary=True)
def export_answers(id: int) -> Response:
    """Return the answers as XLSX, with what the page shows to the viewer."""
    meeting, leads, rows = answer_rows(id)
    parts = ["deelnemers", text.slug(meeting.title), f"{clock.local(meeting.starts):%Y-%m-%d}"]
    name = "-".join(filter(None, parts))
    with as_xlsx(_lines(rows, leads), _("Deelnemers")) as file:
        response = Response(file.read(), headers=files.headers(f"{name}.xlsx", XLSX), content_type=XLSX)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(rows: list[forms.ListedAnswer], leads: bool) -> Iterator[list[str]]:
    names = {"yes": _("Ja"), "maybe": _("Misschien"), "no": _("Nee"), "waiting": _("Wachtlijst"), "": ""}
    yield (
        [_("Naam"), _("Organisatie"), _("Antwoord"), _("Plaats op de wachtlijst"), _("Opmerking"), _("Let op")]
        + ([_("Dieetwensen"), _("Nodig om mee te doen")] if leads else [])
    )
    for row in rows:
        notes = [_("Gast")] if row.guest else []
        notes += [_("Antwoordde voordat de tijd veranderde.")] if row.asked_again else []
        place = str(row.place) if row.place is not None else ""
        needs = [row.diet, row.access_needs] if leads else []
        yield [row.name, row.organisation, names[row.answer], place, row.remark, "; ".join(notes), *needs]
