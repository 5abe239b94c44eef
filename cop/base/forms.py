"""Input models, the same for forms and JSON; errors are returned per field, in the person's language."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Annotated, Any, Literal, LiteralString, cast, get_args

from babel.dates import get_month_names
from flask import g, has_request_context, request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import RequestEntityTooLarge

from cop.base import mail_addresses, personal_data, text
from cop.base.errors import BadRequest, Invalid, TooLarge
from cop.base.words import LANGUAGES, _

LARGEST_ID = 2**31 - 1
UNUSABLE = re.compile("[\\0\\ud800-\\udfff]")


def _storable(value: Any) -> Any:
    """Refuse characters that databases do not store: NUL and lone surrogates."""
    if isinstance(value, str) and UNUSABLE.search(value):
        raise PydanticCustomError("unusable_character", "unusable character")
    return value


def _line(value: str) -> str:
    line = text.clean_line(value)
    if text.has_too_many_marks(line):
        raise PydanticCustomError("marks", "too many marks")
    return line


def _name(value: str) -> str:
    """Return a name in plain letters, its words separated by single spaces; refuse look-alikes of other alphabets."""
    name = " ".join(unicodedata.normalize("NFKC", value).split())
    if text.is_deceptive(name):
        raise PydanticCustomError("deceptive", "deceptive name")
    return name


def _last(value: Any) -> Any:
    """Return the last value: a form sends 0 and, when the box is ticked, 1 after it."""
    return value[-1] if isinstance(value, list) and value else value


def _mail(value: str) -> str:
    try:
        return mail_addresses.normalize(value)
    except mail_addresses.Unmailable as error:
        raise PydanticCustomError(cast(LiteralString, error.reason), "not a mail address") from None


def _separated(value: Any) -> Any:
    """Return a list of words, which a form sends as one line with commas."""
    if not isinstance(value, list):
        return value
    parts = [part for item in value for part in (item.split(",") if isinstance(item, str) else [item])]
    words = [" ".join(part.split()) if isinstance(part, str) else part for part in parts]
    return list(dict.fromkeys(word for word in words if word != ""))


_ORDERS = (r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})")
_WRITTEN = re.compile(r"(?:[a-z]+,? )?(?P<d>\d{1,2})\.? (?P<m>[a-z]+)\.?,? (?P<y>\d{4})")


@cache
def _months() -> dict[str, int]:
    """Return the number of each month by its names and their beginnings, in every language: mei, May, sep, sept."""
    names = [(name, number) for lang in LANGUAGES for number, name in get_month_names(locale=lang).items()]
    begun = {name[:length].lower(): number for name, number in names for length in range(3, len(name) + 1)}
    return begun | {"mrt": 3}


def _day(value: Any) -> Any:
    """Return the date of `4 mei 2026`, `04-05-2026` or `2026-05-04`: the day first, whatever the browser's language.

    What is no date is left to the model, which refuses it; a year of two digits is no date.
    """
    if not isinstance(value, str):
        return value
    typed = " ".join(value.lower().split())
    found = next((match for order in _ORDERS if (match := re.fullmatch(order, typed))), None)
    month = int(found["m"]) if found else 0
    if found is None and (found := _WRITTEN.fullmatch(typed)):
        month = _months().get(found["m"], 0)
    try:
        return date(int(found["y"]), month, int(found["d"])) if found else value
    except ValueError:
        return value


def read_day(typed: str) -> date | None:
    """Return the date that was typed as a form takes it, None where it is none."""
    found = _day(typed)
    return found if isinstance(found, date) else None


class Unjudged:
    """Marks a field whose texts may hold any number: nobody else reads it, or it is no text of a person.

    Every other text of an input model is judged by `cop/base/personal_data.py`.
    """


Whole = BeforeValidator(_storable)
Day = Annotated[date, BeforeValidator(_day)]
Separated = BeforeValidator(_separated)
Line = Annotated[str, Whole, AfterValidator(_line), StringConstraints(max_length=200)]
Required = Annotated[
    str, Whole, AfterValidator(_line), AfterValidator(lambda v: _filled(v)), StringConstraints(max_length=200)
]
# A text of several lines, without spaces around it; a form gives it a length.
Lines = Annotated[str, Whole, AfterValidator(lambda v: v.replace("\r\n", "\n").strip())]
Name = Annotated[Required, AfterValidator(_name)]
OptionalName = Annotated[Line, AfterValidator(_name)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=60)]
Mail = Annotated[
    str, Whole, StringConstraints(max_length=500), AfterValidator(_mail), Unjudged()
]  # normalized: at most 254
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Version = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Ticked = Annotated[bool, BeforeValidator(_last)]
Ids = Annotated[list[Id], Field(max_length=50)]
Key = Annotated[uuid.UUID, Field(description="made by the client; a retry with the same key gives the same answer")]
Secret = Annotated[str, Whole, StringConstraints(max_length=300), Unjudged()]


def _filled(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("missing", "missing")
    return value


class Form(BaseModel):
    """Base class of input models; unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore")

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, as arguments of the verb."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Out(BaseModel):
    """Base class of output models that are made from a row."""

    @model_validator(mode="before")
    @classmethod
    def _from_row(cls, row: Any) -> Any:
        return row if isinstance(row, dict) else cls.of(row)

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields of a row."""
        raise NotImplementedError

    @classmethod
    def of_rows(cls, rows: Sequence[Any]) -> list[dict[str, Any]]:
        """Return the fields of several rows; a model with parts from elsewhere reads those for all rows at once."""
        return [row if isinstance(row, dict) else cls.of(row) for row in rows]


class Written(Form):
    """Base class of input with a body: rendered and cleaned before any SQL, passed to the verb as `text`."""

    body: Annotated[str, Whole, StringConstraints(max_length=text.LIMIT)]
    format: Literal["markdown", "html", "plain"] = "markdown"

    @property
    def needs_body(self) -> bool:
        """Whether the input is refused without a text."""
        return True

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, with `text` instead of body and format."""
        given = super().given()
        given.pop("format", None)
        if "body" in given:
            try:
                given["text"] = text.render(given.pop("body"), self.format)
            except text.TooLong as error:
                raise Invalid(errors={"body": _("Hoogstens %(n)s tekens.", n=error.limit)}) from None
            except text.TooDeep:
                raise Invalid(errors={"body": _("De opmaak is te diep genest. Maak de tekst eenvoudiger.")}) from None
            if not given["text"].plain.strip() and "<img" not in given["text"].html:
                if self.needs_body:
                    raise Invalid(errors={"body": _("Schrijf eerst een tekst.")})
                del given["text"]
        return given


class Considered(Form):
    """Base class of input whose author is asked about what may point at one person, and says why it stays.

    despite: that explanation. It is not for the verb that writes: `explanation` gives it to whoever listens.
    """

    despite: Annotated[Line, StringConstraints(max_length=500)] = ""

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, without the explanation."""
        given = super().given()
        g.despite = given.pop("despite", "")
        return given


def explanation() -> str:
    """Return why the text of the running request stays, as its author says; "" where nobody asked."""
    return str(g.get("despite", "")) if has_request_context() else ""


class Typed:
    """The values of a form and its errors, for the page that shows the form again."""

    def __init__(self, values: dict[str, Any] | None = None, errors: dict[str, str] | None = None, words: str = ""):
        self.values, self.errors, self.words = values or {}, errors or {}, words

    def __bool__(self) -> bool:
        return bool(self.errors or self.words)

    def value(self, name: str, default: Any = "") -> Any:
        """Return the value of the field `name`, or the default."""
        return self.values.get(name, default)


def raw() -> dict[str, Any]:
    """Return the request's input as a dictionary, from JSON or a form; nothing at all is an empty one."""
    if request.is_json:
        return _json() if request.content_length or "Transfer-Encoding" in request.headers else {}
    if request.mimetype not in ("", "application/x-www-form-urlencoded", "multipart/form-data"):
        raise BadRequest(_("Stuur JSON als application/json."))
    try:
        form = request.form
    except RequestEntityTooLarge:
        raise TooLarge(_("Dit is te groot om in één keer te versturen.")) from None
    return {name: values if len(values) > 1 or name.endswith("[]") else values[0] for name, values in form.lists()}


def _json() -> dict[str, Any]:
    try:
        value = request.get_json()
    except RecursionError:
        raise BadRequest(_("De JSON is te diep genest.")) from None
    except RequestEntityTooLarge:
        raise TooLarge(_("Dit is te groot om in één keer te versturen.")) from None
    except Exception:
        raise BadRequest(_("De JSON is niet te lezen.")) from None
    if not isinstance(value, dict):
        raise BadRequest(_("Stuur een JSON-object."))
    return value


def read(model: type[Form]) -> dict[str, Any]:
    """Return the request's input by `model`: validated, cleaned and rendered; raise Invalid with errors per field."""
    return parse(model, raw())


def ask(model: type[Form]) -> dict[str, Any]:
    """Return the query string by `model`, with defaults."""
    return dict(_query(model, request.query_string))


@lru_cache(maxsize=500)
def _query(model: type[Form], query: bytes) -> dict[str, Any]:
    """Cached: most requests have one of a few query strings."""
    given = {k: v[0] if len(v) == 1 else v for k, v in request.args.lists()}
    return dict(_validated(model, _as_sent_by_forms(model, given)))


def parse(model: type[Form], given: dict[str, Any]) -> dict[str, Any]:
    """Return `given` by `model`; a single value counts as a list of one, as forms send it."""
    form = _validated(model, given if request.is_json else _as_sent_by_forms(model, given))
    refuse_personal_data(form)
    if isinstance(form, Considered) and not form.despite:
        ask_about_personal_data(form)
    return form.given()


def refuse_personal_data(form: Form) -> None:
    """Raise Invalid, with errors per field, where a text of the input has a number that may not be written down."""
    errors = {}
    for name in sorted(form.model_fields_set & judged_fields(type(form))):
        for written in texts(getattr(form, name)):
            if kind := personal_data.blocked_in_markup(written):
                errors[name] = personal_data.explain(kind)
                break
    if errors:
        raise Invalid(errors=errors)


def ask_about_personal_data(form: Considered) -> None:
    """Raise Invalid, with a question at `despite`, where a text of the input has what may point at one person."""
    judged = sorted(form.model_fields_set & judged_fields(type(form)))
    found = {
        kind
        for name in judged
        for written in texts(getattr(form, name))
        for kind in personal_data.doubtful_in_markup(written)
    }
    if found:
        raise Invalid(errors={"despite": personal_data.ask(found)})


@cache
def judged_fields(model: type[BaseModel]) -> frozenset[str]:
    """Return the fields of a model whose texts are judged."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if not any(isinstance(one, Unjudged) for one in (*field.metadata, *_metadata(field.annotation)))
    )


def _metadata(annotation: Any) -> Iterator[Any]:
    """Yield what is annotated in the parts of a type."""
    if isinstance(annotation, (type, str)):
        return
    for part in get_args(annotation):  # of Annotated, also what is annotated
        yield part
        yield from _metadata(part)


def texts(value: Any) -> Iterator[str]:
    """Yield the texts in the value of a field."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in judged_fields(type(value)):
            yield from texts(getattr(value, name))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts(key)
            yield from texts(one)
    elif isinstance(value, (list, tuple, set)):
        for one in value:
            yield from texts(one)


def _validated(model: type[Form], given: dict[str, Any]) -> Form:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Invalid(errors=_words(error)) from None


def _as_sent_by_forms(model: type[Form], given: dict[str, Any]) -> dict[str, Any]:
    """Read what forms cannot express: a list of one or none, and an input that was left empty."""
    lists, optional = _list_and_optional_fields(model)
    sent: dict[str, Any] = {}
    for name, value in given.items():
        if name in lists:
            items = value if isinstance(value, list) else [value]
            sent[name] = [item for item in items if item != ""]  # empty: no box is ticked
        elif value != "" or name not in optional:
            sent[name] = value
    return sent


@cache
def _list_and_optional_fields(model: type[Form]) -> tuple[set[str], set[str]]:
    """Return the fields that are lists, and those for which an empty input means that nothing was sent."""
    fields = model.model_fields.items()
    lists = {name for name, field in fields if "list[" in str(field.annotation)}
    return lists, {name for name, field in fields if not field.is_required() and field.default is None}


def _words(error: ValidationError) -> dict[str, str]:
    """Return per field what is wrong and how to correct it."""
    messages: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_input=False):
        field = str(problem["loc"][0]) if problem["loc"] else "body"
        messages.setdefault(field, _message(problem["type"], problem.get("ctx") or {}))
    return messages


def _message(kind: str, context: dict[str, Any]) -> str:
    match kind:
        case "missing":
            return _("Vul dit in.")
        case "string_too_long" | "too_long" if context.get("field_type", "Value") == "Value":
            return _("Hoogstens %(n)s tekens.", n=context["max_length"])
        case "string_too_short":
            return _("Ten minste %(n)s tekens.", n=context["min_length"])
        case "too_long":
            return _("Hoogstens %(n)s tegelijk.", n=context["max_length"])
        case "marks":
            return _("Hier staan te veel losse accenten op één letter. Haal ze weg.")
        case "deceptive":
            return _("Hier staan letters uit een ander alfabet die op gewone letters lijken. Typ de naam opnieuw.")
        case "mail" | "mail_local" | "mail_quotes" | "mail_space" | "mail_host":
            return mail_addresses.explain(kind)
        case "unusable_character":
            return _("Hier staat een teken dat we niet kunnen opslaan. Haal het weg.")
        case "literal_error" | "enum":
            return _("Kies een van de mogelijkheden.")
        case "bool_parsing" | "bool_type":
            return _("Kies ja of nee.")
        case (
            "greater_than_equal"
            | "less_than_equal"
            | "int_parsing"
            | "int_type"
            | "int_from_float"
            | "int_parsing_size"
        ):
            return _("Dit is geen geldig getal.")
        case (
            "date_from_datetime_parsing"
            | "date_parsing"
            | "date_type"
            | "datetime_parsing"
            | "date_from_datetime_inexact"
        ):
            return _("Dit is geen datum. Schrijf de datum zo: 4 mei 2026 of 04-05-2026.")
        case "web_address":
            return _("Dit is geen webadres. Begin met https://.")
        case "skipped_hour":
            return _("Deze tijd bestaat niet of komt twee keer voor, door de zomertijd. Kies een ander uur.")
        case "string_type" | "string_unicode":
            return _("Dit moet tekst zijn.")
        case "list_type":
            return _("Dit moet een lijst zijn.")
        case _:
            return _("Dit klopt niet. Controleer wat u hebt ingevuld.")
