"""Input and output models of the endpoints of people."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from cop.base import clock
from cop.base.errors import Invalid
from cop.base.forms import LARGEST_ID, Form, Id, Ids, Line, Mail, Name, Out, Required, Secret, Ticked, Unjudged, Whole
from cop.base.words import LANGUAGES, _
from cop.society.organisations import OrganisationKind
from cop.society.regions import ProvinceCode, province_of


def own_path(value: Any) -> str:
    """Return `value` when it is a path on this site, else the home page, so that nobody is redirected elsewhere."""
    if not isinstance(value, str) or not value.isprintable() or "\\" in value or len(value) > 500:
        return "/"  # browsers skip tabs and line ends and read \ as /
    return quote(value, safe="/?#[]@!$&'()*+,;=:%~") if re.match(r"/(?!/)", value) else "/"


def _filled(value: Any) -> Any:
    """Drop empty values: a form without any ticked box sends one, to say that the list is empty."""
    return [item for item in value if item != ""] if isinstance(value, list) else value


def _separated(value: Any) -> Any:
    """Split each value at commas: a form sends a list of words as one line."""
    if not isinstance(value, list):
        return value
    parts = [part for item in value for part in (item.split(",") if isinstance(item, str) else [item])]
    words = [" ".join(part.split()) if isinstance(part, str) else part for part in parts]
    return list(dict.fromkeys(word for word in words if word != ""))


Next = Annotated[str, BeforeValidator(own_path), Unjudged()]
Code = Annotated[
    str, Whole, AfterValidator(lambda value: re.sub(r"\D", "", value)), StringConstraints(max_length=20), Unjudged()
]
Working = Annotated[int, Field(ge=0, le=LARGEST_ID)]  # an organisation's id, 0 for none
Others = Annotated[Ids, BeforeValidator(_filled)]
Theme = Annotated[str, Whole, StringConstraints(max_length=60)]
Themes = Annotated[list[Theme], BeforeValidator(_separated), Field(max_length=20)]
Prose = Annotated[str, Whole, AfterValidator(str.strip), StringConstraints(max_length=4000)]
Language = Literal["nl", "en"]
assert set(LANGUAGES) == {"nl", "en"}


class Entrance(Form):
    """The page to go to after signing in."""

    next: Next = "/"


class AskLink(Entrance):
    """A request for a sign-in link."""

    mail: Mail


class WithCode(Entrance):
    """The code from the mail."""

    mail: Mail
    code: Code


class WithPassword(Entrance):
    """Mail address and password."""

    mail: Mail
    password: Secret


class SignInAs(Entrance):
    """The demo person to sign in as."""

    person: Id


class SignOut(Form):
    """The session to end; without one, the current session."""

    session: Id | None = None


class Enter(Entrance):
    """The first-entry page."""

    name: Name
    function: Line = ""
    organisation: Working = 0
    mail_shown: Ticked = False
    rules: Ticked = False
    privacy: Ticked = False

    def given(self) -> dict[str, Any]:
        """Return the arguments of the verb; raise Invalid unless both documents were accepted."""
        errors = {} if self.rules else {"rules": _("Vink aan dat u zich aan de spelregels houdt.")}
        errors |= {} if self.privacy else {"privacy": _("Vink aan dat u de privacyverklaring hebt gelezen.")}
        if errors:
            raise Invalid(errors=errors)
        return {name: value for name, value in super().given().items() if name not in ("rules", "privacy")}


class Profile(Form):
    """The public details of a person."""

    name: Name = ""
    function: Line = ""
    bio: Prose = ""
    phone: Annotated[Line, StringConstraints(max_length=40)] = ""
    mail_shown: Ticked = False
    themes: Themes = []
    organisation: Working | None = None
    organisations: Others = []


class Photo(Form):
    """The removal of a photo; a new one is sent as the file `photo`."""

    remove: Ticked = False


class ChooseLanguage(Form):
    """The language of pages and mail."""

    language: Language


class ChooseTheme(Form):
    """Light, dark, or the setting of the device."""

    theme: Literal["light", "dark", "auto", ""] = ""


class NewPassword(Form):
    """A new password with the current one; `remove` removes the password instead."""

    password: Secret = ""
    current: Secret = ""
    remove: Ticked = False


class NewMail(Form):
    """A new mail address."""

    mail: Mail


class MakeToken(Form):
    """The label of an API token and its lifetime in days."""

    label: Required
    days: Annotated[int, Field(ge=1, le=3650)] | None = None


class Add(Form):
    """A person to add."""

    mail: Mail
    name: Name
    organisation: Working = 0
    admin: Ticked = False


class CorrectPerson(Form):
    """Another name, address or organisation (0 for none) of somebody who has not entered yet."""

    name: Name = ""
    mail: Mail = ""
    organisation: Working = 0


class Search(Form):
    """A search for people."""

    q: Annotated[Line, StringConstraints(max_length=100)] = ""
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


Municipality = Annotated[
    str,
    StringConstraints(pattern=r"^(GM\d{4})?$"),
    Field(description="the code of the municipality that it is, such as GM0344; its province counts"),
]


class NewOrganisation(Form):
    """An organisation to add."""

    name: Name
    kind: OrganisationKind
    region: Line = ""
    province: ProvinceCode | Literal[""] = ""
    municipality: Municipality = ""
    about: Prose = ""


class EditOrganisation(Form):
    """Changes to an organisation."""

    name: Name = ""
    kind: OrganisationKind = "organiser"
    region: Line = ""
    province: ProvinceCode | Literal[""] = ""
    municipality: Municipality = ""
    about: Prose = ""


class MergeInto(Form):
    """The organisation to merge another into."""

    into: Id


class AskMerge(Form):
    """The organisation whose merger is previewed; without one, the page asks which."""

    into: Id | None = None


class OrganisationOut(Out):
    """An organisation in the API; `province` is that of its municipality, else the one chosen for it."""

    id: int
    name: str
    kind: str
    region: str
    province: str
    municipality: str | None
    about: str
    url: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from an Organisation."""
        own = {name: getattr(row, name) for name in ("id", "name", "kind", "region", "about", "url")}
        return {**own, "province": province_of(row), "municipality": row.municipality_code}


class Me(BaseModel):
    """The owner of the session or token, with their role per community."""

    id: int
    name: str
    mail: str
    organisation: str | None
    roles: dict[str, str]
    language: str
    admin: bool


class PersonOut(Out):
    """A person in the API; `mail` only for themselves, for administrators, and where they show it."""

    id: int
    name: str
    url: str
    function: str
    organisation: str | None
    themes: list[str]
    bio: str
    phone: str
    mail: str | None
    state: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a Person; the endpoint replaces `mail` when the viewer may see it."""
        return {
            "id": row.id,
            "name": row.name,
            "url": row.url,
            "function": row.function,
            "bio": row.bio,
            "organisation": row.organisation.name if row.organisation else None,
            "themes": row.themes,
            "phone": row.phone,
            "mail": row.mail if row.mail_shown else None,
            "state": row.state,
        }


class TokenOut(Out):
    """An API token in the API, without its secret."""

    id: int
    label: str
    made: str
    expires: str | None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a Token."""
        return {
            "id": row.id,
            "label": row.name,
            "made": clock.rfc3339(row.made),
            "expires": clock.rfc3339(row.expires) if row.expires else None,
        }


class TokenMade(TokenOut):
    """A new API token with its secret, which is shown only once."""

    token: str


class Said(BaseModel):
    """A message to the user."""

    words: str
