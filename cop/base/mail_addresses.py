"""Mail addresses: one form in which they are stored, compared and sent to."""

from __future__ import annotations

import re
import unicodedata
from encodings import idna

from cop.base.errors import Invalid
from cop.base.words import _

LONGEST, LONGEST_LOCAL, LONGEST_HOST, LONGEST_LABEL = 254, 64, 253, 63  # characters, RFC 5321 and RFC 1035
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # dot-atom, RFC 5322
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
CURLY = "“”„‟‘’‚‛«»‹›"
PAIRS = [("<", ">"), ('"', '"'), ("'", "'"), ("“", "”"), ("„", "”"), ("”", "”"), ("‘", "’"), ("‚", "’"), ("’", "’")]
DEVIATIONS = "ßς"  # IDNA 2003, which Python knows, sends mail for these to another host than IDNA 2008


class Unmailable(ValueError):
    """A text is not an address that mail can be sent to; `reason` is a key of `explain`."""

    def __init__(self, reason: str = "mail"):
        super().__init__(reason)
        self.reason = reason


def normalize(value: str) -> str:
    """Return the address in the form in which it is stored and sent to. Raise Unmailable for anything else.

    Spaces, invisible characters, quotes and `mailto:` around a pasted address are removed, and so is the dot behind the
    host. The host is in lower case, an international one as A-labels. The result is ASCII.
    """
    value = _stripped(value)
    local, _at, host = value.rpartition("@")
    if not local or not host or "@" in local:
        raise Unmailable
    if any(character in CURLY for character in value):
        raise Unmailable("mail_quotes")
    if any(character.isspace() for character in value):
        raise Unmailable("mail_space")
    if not local.isascii():
        raise Unmailable("mail_local")
    if not LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise Unmailable
    address = f"{local}@{_host(host)}"
    if len(address) > LONGEST:
        raise Unmailable
    return address


def _stripped(value: str) -> str:
    """Return the text without what pasting adds around an address, or invisibly inside it."""
    visible = "".join(character for character in value if unicodedata.category(character) != "Cf")
    value = unicodedata.normalize("NFC", visible).strip()
    if value[:7].lower() == "mailto:":
        value = value[7:].strip()
    while any(len(value) > 1 and value[0] == first and value[-1] == last for first, last in PAIRS):
        value = value[1:-1].strip()
    return value


def _host(host: str) -> str:
    """Return the name of a mail host in lower case, with international labels as A-labels."""
    labels = [_label(label) for label in host.removesuffix(".").split(".")]
    name = ".".join(labels)
    if len(labels) < 2 or len(name) > LONGEST_HOST or not re.search("[a-z]", labels[-1]):
        raise Unmailable("mail_host")
    return name


def _label(label: str) -> str:
    label = label.lower()
    if not label.isascii():
        label = _a_label(label)
    elif label.startswith("xn--"):
        _readable_label(label)  # what cannot be decoded is no host
    if not LABEL.fullmatch(label) or len(label) > LONGEST_LABEL:
        raise Unmailable("mail_host")
    return label


def _a_label(label: str) -> str:
    """Return an international label in ASCII. Letters, digits, marks and hyphens only: IDNA 2003 allows more."""
    if any(unicodedata.category(character)[0] not in "LMN" and character != "-" for character in label):
        raise Unmailable("mail_host")
    try:
        if any(character in DEVIATIONS for character in label):
            return f"xn--{label.encode('punycode').decode('ascii')}"
        return idna.ToASCII(label).decode("ascii").lower()
    except UnicodeError:
        raise Unmailable("mail_host") from None


def _readable_label(label: str) -> str:
    """Return an A-label in its own script. Raise Unmailable when it is none."""
    try:
        readable = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        raise Unmailable("mail_host") from None
    if readable.isascii() or _a_label(readable) != label:
        raise Unmailable("mail_host")
    return readable


def readable(address: str) -> str:
    """Return an address as people write it, with an international host in its own script."""
    local, at, host = address.rpartition("@")
    if "xn--" not in host:
        return address
    try:
        labels = [_readable_label(label) if label.startswith("xn--") else label for label in host.split(".")]
    except Unmailable:
        return address
    return f"{local}{at}{'.'.join(labels)}"


def comparable(value: str) -> str:
    """Return the address in lower case, in which it is looked up; "" for a text that is no address."""
    try:
        return normalize(value).lower()
    except Unmailable:
        return ""


def explain(reason: str) -> str:
    """Return in words why a text is not an address that mail can be sent to."""
    match reason:
        case "mail_local":
            return _("Voor het @-teken staat een letter die mailservers niet aannemen, zoals é. Controleer het adres.")
        case "mail_quotes":
            return _("In dit adres staat een gekruld aanhalingsteken. Haal het weg of typ het adres opnieuw.")
        case "mail_space":
            return _("In dit adres staat een spatie. Haal die weg.")
        case "mail_host":
            return _("Het deel na het @-teken klopt niet. Controleer het, bijvoorbeeld naam@gemeente.nl.")
        case _:
            return _("Dit is geen e-mailadres. Controleer het, bijvoorbeeld naam@gemeente.nl.")


def checked(value: str, field: str = "mail") -> str:
    """Return the normalized address. Raise Invalid with words for `field` when it is none: for verbs and commands."""
    try:
        return normalize(value)
    except Unmailable as error:
        raise Invalid(errors={field: explain(error.reason)}) from None
