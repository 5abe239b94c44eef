"""Input and output models of the endpoints of members and invitations."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from cop.base import clock, text
from cop.base.errors import Invalid
from cop.base.forms import LARGEST_ID, Day, Form, Id, Ids, Line, Mail, OptionalName, Out, Slug, Whole
from cop.base.words import _
from cop.members import address_lists
from cop.members.actions.inviting import Invitee
from cop.society.invitations import Invitation, InvitationState, state_of
from cop.society.memberships import Membership
from cop.society.organisations import OrganisationKind

CommunityRole = Literal["member", "expert", "moderator", "reader"]
Sort = Literal["name", "organisation", "role", "since", "seen"]
ROWS = 200  # most people of one list
PAGE = 50  # people on a page of the list of members
TypedLine = Annotated[str, Whole, AfterValidator(text.clean_line), StringConstraints(max_length=500)]
FIELD_OF_ROW = re.compile(r"(line|said|mail|name|organisation|role|drop)_(\d{1,4})")


class MembersAsk(Form):
    """A search in the list of members, a filter and an order."""

    q: Annotated[Line, StringConstraints(max_length=100)] = ""
    role: Literal["member", "expert", "moderator", "team", "reader", ""] = ""
    kind: OrganisationKind | Literal[""] = ""
    sort: Sort | Literal[""] = ""
    after: Annotated[Id | None, Field(description="the last person of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class RoleAndTerm(Form):
    """Role and term of a new member, and where they take part; `until` is for experts."""

    role: CommunityRole = "member"
    until: Day | None = None
    organisation: Id | None = None
    communities: Annotated[list[Slug] | None, Field(max_length=100, description="default: this one alone")] = None
    roles: Annotated[
        dict[Slug, CommunityRole], Field(max_length=100, description="by community, where it is not `role`")
    ] = {}
    partnership: Annotated[Id | None, Field(description="they become people of this partnership")] = None

    @model_validator(mode="before")
    @classmethod
    def _roles_by_community(cls, sent: Any) -> Any:
        """Collect the form fields `role_in_<slug>` into `roles`."""
        if not isinstance(sent, dict) or "roles" in sent:
            return sent
        roles = {name[8:]: value for name, value in sent.items() if name.startswith("role_in_") and value != ""}
        return {**sent, "roles": roles} if roles else sent


class Invite(RoleAndTerm):
    """A person to invite, with role and term."""

    mail: Mail
    name: OptionalName = ""


class RowIn(BaseModel):
    """A person in a list; what is wrong in it is said in the row. `organisation` is a name."""

    line: int = 0
    said: TypedLine = ""
    mail: TypedLine = ""
    name: TypedLine = ""
    organisation: TypedLine = ""
    role: TypedLine = ""
    drop: bool = False


class InviteSeveral(RoleAndTerm):
    """People to invite: `lines` as mail programs and spreadsheets give them, or `rows` of a list that was read before."""

    lines: Annotated[str, Whole, StringConstraints(max_length=100_000)] = ""
    rows: Annotated[list[RowIn], Field(max_length=ROWS)] = []
    partnership_before: Annotated[
        int | None, Field(ge=0, le=LARGEST_ID, description="the one chosen when the form was shown, 0 for none")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _rows_of_the_form(cls, sent: Any) -> Any:
        """Collect the form fields `mail_<number>`, `name_<number>` … into `rows`."""
        if not isinstance(sent, dict) or "rows" in sent:
            return sent
        rows: dict[int, dict[str, Any]] = {}
        for name, value in sent.items():
            if found := FIELD_OF_ROW.fullmatch(name):
                rows.setdefault(int(found[2]), {})[found[1]] = value
        return {**sent, "rows": [rows[number] for number in sorted(rows)]} if rows else sent

    def given(self) -> dict[str, Any]:
        """Return the arguments of the verb, with one row for each person; a wrong row carries its error."""
        given = super().given()
        given.pop("lines", None)
        return {**given, "rows": [*(_row(row) for row in self.rows), *rows_of(self.lines)]}


def rows_of(lines: str) -> list[Invitee]:
    """Return the rows of a list as a mail program or a spreadsheet gives it."""
    return [_as_row(one) for one in address_lists.parse(lines)]


def check_number(rows: list[Invitee]) -> None:
    """Raise Invalid for a list of nobody, or of too many."""
    if not rows:
        raise Invalid(errors={"lines": _("Vul dit in.")})
    if len(rows) > ROWS:
        raise Invalid(errors={"lines": _("Hoogstens %(n)s tegelijk.", n=ROWS)})


def _row(row: RowIn) -> Invitee:
    read = address_lists.person(row.line, row.said, row.mail, row.name, row.organisation, row.role)
    return _as_row(read)._replace(dropped=row.drop)


def _as_row(one: address_lists.Addressee) -> Invitee:
    return Invitee(
        one.line, one.text, one.mail, one.name, organisation_name=one.organisation, role=one.role, error=one.error
    )


class AddPartners(Form):
    """The people of the programme's partnerships to add."""

    people: Annotated[Ids, Field(max_length=500)] = []


class Correct(Form):
    """The name, address and organisation of somebody who has not entered yet; `organisation` is a name, "" for none."""

    name: OptionalName = ""
    mail: Mail = ""
    organisation: TypedLine = ""


class Change(Form):
    """Another role or term."""

    role: CommunityRole
    until: Day | None = None


class MemberOut(Out):
    """A member in the API; `seen` is the first day of the month in which they last signed in."""

    id: int
    name: str
    organisation: str
    role: str
    until: date | None
    since: date | None
    seen: date | None
    entered: bool

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `memberships.members` or a Membership."""
        person = row.person if isinstance(row, Membership) else row
        organisation = person.organisation
        if isinstance(row, Membership):
            organisation = organisation.name if organisation else None
        return {
            "id": person.id,
            "name": person.name,
            "organisation": organisation or "",
            "role": row.role,
            "until": row.until,
            "since": clock.local(row.since).date() if row.since else None,
            "seen": person.seen,
            "entered": person.entered is not None,
        }


class PreviewOut(BaseModel):
    """A row of a list and what inviting it does: new, known, member, invited, double, dropped or wrong."""

    line: int
    said: str
    mail: str
    name: str
    organisation: str
    role: str
    outcome: str
    communities: list[str]
    error: str


class InvitationOut(Out):
    """An invitation in the API."""

    id: int
    mail: str
    name: str
    role: str | None
    until: date | None
    state: InvitationState
    made: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from an Invitation or a row of `invitations.invitations`."""
        person = row.person if isinstance(row, Invitation) else row
        return {
            "id": row.id,
            "mail": person.mail,
            "name": person.name,
            "role": row.role,
            "until": row.until,
            "state": state_of(row),
            "made": clock.rfc3339(row.made),
        }
