"""Lists of people to invite, as mail programs and spreadsheets give them: each line is understood or named as wrong."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import unquote
from typing import NamedTuple

from cop.base import mail_addresses, text
from cop.base.words import _


class Addressee(NamedTuple):
    """A person on a list, or the error in what stands there."""

    line: int
    text: str  # as it stands in the list
    mail: str = ""
    name: str = ""
    organisation: str = ""
    role: str = ""
    error: str = ""


LONGEST_NAME = 200
MOST_WORDS = 4  # of a family name or of given names with what stands between
HEADERS = {  # the column of a table: what its head can say, folded
    "mail": {"email", "emailadres", "emailaddress", "mail", "mailadres", "mailaddress", "adres", "address"},
    "name": {"naam", "name", "volledigenaam", "fullname", "deelnemer", "weergavenaam", "displayname"},
    "first": {"voornaam", "roepnaam", "firstname", "givenname"},
    "middle": {"tussenvoegsel", "tussenvoegsels", "infix", "middlename"},
    "last": {"achternaam", "lastname", "surname", "familienaam", "familyname"},
    "organisation": {"organisatie", "organisation", "organization", "werkgever", "bedrijf", "company", "employer"},
    "role": {"rol", "role"},
}
COLUMNS = {head: column for column, heads in HEADERS.items() for head in heads}
ROLES = {
    "member": {"deelnemer", "lid", "partner", "member", "participant"},
    "expert": {"expert", "deskundige"},
    "moderator": {"moderator"},
    "reader": {"meelezer", "lezer", "reader"},
}
ROLE_WORDS = {word: role for role, words in ROLES.items() for word in words}


def parse(source: str) -> list[Addressee]:
    """Return the people on a list: a table with a heading, or addresses separated by commas, semicolons or lines."""
    source = source.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = source.lstrip("\n").partition("\n")[0]
    if re.fullmatch("sep=.", first.strip(), re.IGNORECASE):  # a line by which Excel knows the delimiter
        source = source.replace(first, "", 1)
        first = source.lstrip("\n").partition("\n")[0]
    for delimiter in ";\t,":
        columns = [COLUMNS.get(folded(cell), "") for cell in next(csv.reader([first], delimiter=delimiter), [])]
        if "@" not in first and "mail" in columns:
            return list(_table(source, delimiter, columns))
    found: list[Addressee] = []
    for number, line in enumerate(source.split("\n"), 1):
        if line.strip():
            found += _cells(number, line) if "\t" in line.strip() else _addresses(number, line.strip())
    return found


def folded(value: str) -> str:
    """Return the letters and digits of a heading, a role or the name of an organisation, without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", value.casefold()) if c.isalnum())


def role_of(word: str) -> str | None:
    """Return the role that a word in a list names, None for an unknown word."""
    return ROLE_WORDS.get(folded(word))


def decode(content: bytes) -> str | None:
    """Return the text of an uploaded list in the encodings that spreadsheets save; None for a file of another kind."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        with suppress(UnicodeError):
            decoded = content.decode(encoding)
            return None if "\0" in decoded or content.startswith(b"PK") else decoded
    return None


# Tables


def _table(source: str, delimiter: str, columns: list[str]) -> Iterator[Addressee]:
    """Return the people in a table with a heading; columns that we do not know are left out."""
    lines = source.split("\n")
    reader, begins = csv.reader(lines, delimiter=delimiter), 0
    heading = True
    for cells in reader:
        number, begins = begins + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if heading:
            heading = False
            continue
        said = "\n".join(lines[number - 1 : begins]).strip()
        if any(cell.strip() for cell in cells[len(columns) :]):
            yield Addressee(number, said, error=_("Deze regel heeft meer kolommen dan de kopregel."))
            continue
        values = {column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=False) if column}
        name = values.get("name") or " ".join(
            filter(None, (values.get(part, "") for part in ("first", "middle", "last")))
        )
        yield person(number, said, values.get("mail", ""), name, values.get("organisation", ""), values.get("role", ""))


def _cells(number: int, line: str) -> list[Addressee]:
    """Return the person in a line of cells without a heading: an address, and perhaps a name."""
    cells = [" ".join(cell.split()) for cell in line.split("\t") if cell.strip()]
    mails = [cell for cell in cells if "@" in cell]
    others = [cell for cell in cells if "@" not in cell]
    if len(mails) != 1 or "<" in mails[0]:
        return [one for cell in cells for one in _addresses(number, cell)]
    if len(others) > 1:
        error = _("We weten niet wat elke kolom is. Zet er een kopregel boven: naam, e-mail, organisatie, rol.")
        return [Addressee(number, line.strip(), mails[0], others[0], error=error)]
    return [person(number, line.strip(), mails[0], others[0] if others else "")]


# Addresses


class _Part(NamedTuple):
    """A part of a line between two separators: `mail` is "" where it is only a name."""

    text: str
    mail: str
    name: str
    separator: str  # behind it


def _addresses(number: int, line: str) -> list[Addressee]:
    """Return the people in a line: a name without an address belongs to the address behind it, as in `Jansen, Jan <…>`."""
    parts = [_part(said, separator) for said, separator in _split(line)]
    if [bool(part.mail) for part in parts] == [True, False] and not parts[0].name:  # anna@gemeente.nl, Anna Jansen
        return [person(number, line, parts[0].mail, parts[1].name)]
    if [bool(part.mail) for part in parts] == [False, True] and not parts[1].name:  # Anna Jansen; anna@gemeente.nl
        return [person(number, line, parts[1].mail, parts[0].name)]
    found: list[Addressee] = []
    waiting: list[_Part] = []
    for part in parts:
        if not part.mail:
            waiting.append(part)
            if part.separator != ",":
                found += [_nobody(number, one.text) for one in waiting]
                waiting = []
            continue
        if len(waiting) > 1:
            found += [_nobody(number, one.text) for one in waiting[:-1]]
        family = [one.name for one in waiting[-1:]]
        said = ", ".join([*(one.text for one in waiting[-1:]), part.text])
        if part.mail.count("@") > 1:
            found += _several(number, said, part.mail)
        else:
            found.append(person(number, said, part.mail, ", ".join([*family, *filter(None, [part.name])])))
        waiting = []
    return found + [_nobody(number, one.text) for one in waiting]


def _split(line: str) -> Iterator[tuple[str, str]]:
    """Return the parts of a line with the separator behind each; separators in quotes and brackets do not count."""
    quoted = line.count('"') % 2 == 0
    inside, begin, closed = "", 0, {'"': '"', "<": ">", "(": ")"}
    for at, character in enumerate(line):
        if inside:
            inside = "" if character == inside else inside
        elif character in "<(" and closed[character] in line[at:]:
            inside = closed[character]
        elif character == '"' and quoted:
            inside = '"'
        elif character in ",;":
            if line[begin:at].strip():
                yield line[begin:at].strip(), character
            begin = at + 1
    if line[begin:].strip():
        yield line[begin:].strip(), ""


def _part(said: str, separator: str) -> _Part:
    """Return the address and the name in a part of a line."""
    if angled := re.search(r"<([^<>]*)>\s*$", said):
        return _Part(said, angled[1].strip() or said, _name(said[: angled.start()]), separator)
    words = said.split()
    mails = [word for word in words if "@" in word]
    if not mails:
        return _Part(said, "", _name(said), separator)
    if len(mails) == 1:
        return _Part(said, mails[0].strip("'\""), _name(" ".join(w for w in words if w is not mails[0])), separator)
    return _Part(said, said, "", separator)


def _name(said: str) -> str:
    """Return a display name without its quotes and brackets, decoded where a mail program encoded it."""
    said = said.strip()
    if "=?" in said:
        with suppress(HeaderParseError, LookupError, UnicodeError, ValueError):
            said = str(make_header(decode_header(said)))
    if len(said) > 1 and said[0] == said[-1] == '"':
        said = unquote(said)
    return " ".join(said.strip(" '\"()").split())


def _several(number: int, said: str, mails: str) -> list[Addressee]:
    """Return the people of addresses that only spaces separate."""
    words = mails.split()
    if all(mail_addresses.comparable(word) for word in words):
        return [person(number, word, word) for word in words]
    return [Addressee(number, said, error=_("Hier staan meer adressen door elkaar. Zet elk adres op een eigen regel."))]


def given_name_first(name: str) -> str:
    """Return `Vries, Zoë de`, as address books write it, as `Zoë de Vries`; other names are returned unchanged."""
    family, comma, given = name.partition(", ")
    plain = comma and not re.search(r'[\d,()@"/]', family + given)
    if plain and given[:1].isupper() and len(family.split()) <= MOST_WORDS and len(given.split()) <= MOST_WORDS:
        return f"{given} {family}"
    return name


def _nobody(number: int, said: str) -> Addressee:
    return Addressee(number, said, name=said, error=_("Hier staat geen e-mailadres."))


def person(number: int, said: str, mail: str, name: str = "", organisation: str = "", role: str = "") -> Addressee:
    """Return a person, with an error where address, name or role is wrong."""
    name, organisation = given_name_first(text.clean_line(name)), text.clean_line(organisation)
    found = Addressee(number, said, mail, name, organisation, role and (role_of(role) or role))
    if not mail.strip():
        return found._replace(error=_("Hier staat geen e-mailadres."))
    try:
        found = found._replace(mail=mail_addresses.normalize(mail))
    except mail_addresses.Unmailable as refusal:
        return found._replace(error=mail_addresses.explain(refusal.reason))
    if mail_addresses.comparable(name) == found.mail.lower():
        return found._replace(name="")
    if "@" in name:
        return found._replace(error=_("In de naam staat een ander e-mailadres. Zet elk adres op een eigen regel."))
    if text.is_deceptive(name) or text.has_too_many_marks(name):
        return found._replace(
            error=_("Hier staan letters uit een ander alfabet die op gewone letters lijken. Typ de naam opnieuw.")
        )
    if len(name) > LONGEST_NAME:
        return found._replace(error=_("Deze naam is te lang."))
    if role and role_of(role) is None:
        error = _("De rol ‘%(role)s’ kennen we niet. Kies deelnemer, expert, moderator of meelezer.", role=role)
        return found._replace(error=error)
    return found
