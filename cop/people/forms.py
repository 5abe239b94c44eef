"""What the doors of people take and give."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from cop.base import clock
from cop.base.errors import Invalid
from cop.base.forms import LARGEST_ID, Form, Id, Ids, Line, Mail, Out, Required, Secret, Whole
from cop.base.words import LANGUAGES, _
from cop.society.organisations import OrganisationKind


def own_path(value: Any) -> str:
    """`value` when it is an address on this site, else the home page: nobody is led elsewhere after signing in."""
    if not isinstance(value, str) or not value.isprintable() or "\\" in value or len(value) > 500:
        return "/"  # browsers skip tabs and line ends and read \ as /
    return quote(value, safe="/?#[]@!$&'()*+,;=:%~") if re.match(r"/(?!/)", value) else "/"


def _last(value: Any) -> Any:
    """A form sends 0 and, when the box is ticked, 1 after it."""
    return value[-1] if isinstance(value, list) and value else value


def _filled(value: Any) -> Any:
    """A form with all boxes of a list empty still says that the list is empty."""
    return [item for item in value if item != ""] if isinstance(value, list) else value


def _separated(value: Any) -> Any:
    """A form sends a list of words as one line with commas."""
    if not isinstance(value, list):
        return value
    parts = [part for item in value for part in (item.split(",") if isinstance(item, str) else [item])]
    words = [" ".join(part.split()) if isinstance(part, str) else part for part in parts]
    return list(dict.fromkeys(word for word in words if word != ""))


Name = Annotated[Required, AfterValidator(lambda name: " ".join(name.split()))]  # as a mention is typed
Next = Annotated[str, BeforeValidator(own_path)]
Code = Annotated[str, Whole, AfterValidator(lambda value: re.sub(r"\D", "", value)), StringConstraints(max_length=20)]
Ticked = Annotated[bool, BeforeValidator(_last)]
Working = Annotated[int, Field(ge=0, le=LARGEST_ID)]  # an organisation's id, 0 for none
Others = Annotated[Ids, BeforeValidator(_filled)]
Theme = Annotated[str, Whole, StringConstraints(max_length=60)]
Themes = Annotated[list[Theme], BeforeValidator(_separated), Field(max_length=20)]
Prose = Annotated[str, Whole, AfterValidator(str.strip), StringConstraints(max_length=4000)]
Language = Literal["nl", "en"]
assert set(LANGUAGES) == {"nl", "en"}


class Entrance(Form):
    """Where to go after signing in."""

    next: Next = "/"


class AskLink(Entrance):
    """Who asks for a link."""

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
    """Whom to be in the demonstration."""

    person: Id


class SignOut(Form):
    """Which session to end, this one when none is named."""

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
        """What the verb takes: whoever did not accept both does not enter."""
        errors = {} if self.rules else {"rules": _("Vink aan dat u zich aan de spelregels houdt.")}
        errors |= {} if self.privacy else {"privacy": _("Vink aan dat u de privacyverklaring hebt gelezen.")}
        if errors:
            raise Invalid(errors=errors)
        return {name: value for name, value in super().given().items() if name not in ("rules", "privacy")}


class Profile(Form):
    """What others read about a person."""

    name: Name = ""
    function: Line = ""
    bio: Prose = ""
    phone: Annotated[Line, StringConstraints(max_length=40)] = ""
    mail_shown: Ticked = False
    themes: Themes = []
    organisation: Working | None = None
    organisations: Others = []


class Photo(Form):
    """Whether the photo goes; a new one comes as the file `photo`."""

    remove: Ticked = False


class ChooseLanguage(Form):
    """The language of pages and mail."""

    language: Language


class ChooseTheme(Form):
    """Light, dark, or as the device says."""

    theme: Literal["light", "dark", "auto", ""] = ""


class NewPassword(Form):
    """A new password, and the one it comes in the place of; empty with `remove` does away with it."""

    password: Secret = ""
    current: Secret = ""
    remove: Ticked = False


class NewMail(Form):
    """Another mail address."""

    mail: Mail


class MakeToken(Form):
    """What an API token is for, and for how many days."""

    label: Required
    days: Annotated[int, Field(ge=1, le=3650)] | None = None


class Add(Form):
    """Somebody new."""

    mail: Mail
    name: Name
    organisation: Working = 0
    admin: Ticked = False


class Search(Form):
    """Which people."""

    q: Annotated[Line, StringConstraints(max_length=100)] = ""
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class NewOrganisation(Form):
    """An organisation."""

    name: Required
    kind: OrganisationKind
    region: Line = ""
    about: Prose = ""


class EditOrganisation(Form):
    """What changes of an organisation."""

    name: Required = ""
    kind: OrganisationKind = "organiser"
    region: Line = ""
    about: Prose = ""


class OrganisationOut(BaseModel):
    """An organisation for programs."""

    id: int
    name: str
    kind: str
    region: str
    about: str
    url: str


class Me(BaseModel):
    """Who I am: the owner of the session or token, and my role per community."""

    id: int
    name: str
    mail: str
    organisation: str | None
    roles: dict[str, str]
    language: str
    admin: bool


class PersonOut(Out):
    """A person for programs; `mail` only for themselves, for administrators, and where they show it."""

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
        """From a Person; the mail address is for the door to give."""
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
    """An API token for programs, without its secret."""

    id: int
    label: str
    made: str
    expires: str | None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From a Token."""
        return {
            "id": row.id,
            "label": row.name,
            "made": clock.rfc3339(row.made),
            "expires": clock.rfc3339(row.expires) if row.expires else None,
        }


class TokenMade(TokenOut):
    """A new API token with its secret, which is shown this once."""

    token: str


class Said(BaseModel):
    """An answer in words."""

    words: str
