"""The kinds of file that people share: media types, size limits, extensions, and how each is served."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from cop.base.files.names import PROGRAMS, WITH_MACROS, extension
from cop.base.files.reasons import Reason
from cop.base.words import _


class Kind(StrEnum):
    """A kind of file, as people call it."""

    WORD = "word"
    EXCEL = "excel"
    POWERPOINT = "powerpoint"
    OPENDOCUMENT = "opendocument"
    PDF = "pdf"
    PICTURE = "picture"
    VIDEO = "video"
    SOUND = "sound"
    TEXT = "text"
    WEB = "web"
    ZIP = "zip"


class Serving(Enum):
    """How a file of some media type is served; nothing else is ever shown in the browser."""

    SHOWN = auto()  # as itself, in the page or the tab
    SHOWN_IF_ASKED = auto()  # as itself, a download unless the page asks to show it
    SAVED = auto()  # as itself, always a download
    OPAQUE = auto()  # as application/octet-stream, always a download: a browser could run it


@dataclass(frozen=True, slots=True)
class MediaType:
    """The kind, serving and extensions of one media type."""

    kind: Kind
    serving: Serving
    extensions: frozenset[str]


def _type(kind: Kind, serving: Serving, *extensions: str) -> MediaType:
    return MediaType(kind, serving, frozenset(extensions))


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOC, XLS, PPT = "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
PDF, ZIP, RTF = "application/pdf", "application/zip", "application/rtf"
TEXT, CSV = "text/plain", "text/csv"
HTML, XHTML, XML, SVG = "text/html", "application/xhtml+xml", "application/xml", "image/svg+xml"
# Content that is not identified, and content that is a program: neither is accepted.
UNKNOWN, PROGRAM, TIFF = "application/octet-stream", "application/x-executable", "image/tiff"

# Pages, SVG and XML are accepted, because people exchange them, but are never served as such to a browser.
ALLOWED: dict[str, MediaType] = {
    DOCX: _type(Kind.WORD, Serving.SAVED, "docx", "dotx"),
    DOC: _type(Kind.WORD, Serving.SAVED, "doc", "dot"),
    XLSX: _type(Kind.EXCEL, Serving.SAVED, "xlsx", "xltx"),
    XLS: _type(Kind.EXCEL, Serving.SAVED, "xls", "xlt"),
    PPTX: _type(Kind.POWERPOINT, Serving.SAVED, "pptx", "ppsx", "potx"),
    PPT: _type(Kind.POWERPOINT, Serving.SAVED, "ppt", "pps", "pot"),
    ODT: _type(Kind.OPENDOCUMENT, Serving.SAVED, "odt", "ott"),
    ODS: _type(Kind.OPENDOCUMENT, Serving.SAVED, "ods", "ots"),
    ODP: _type(Kind.OPENDOCUMENT, Serving.SAVED, "odp", "otp"),
    PDF: _type(Kind.PDF, Serving.SHOWN_IF_ASKED, "pdf"),
    "image/png": _type(Kind.PICTURE, Serving.SHOWN, "png"),
    "image/jpeg": _type(Kind.PICTURE, Serving.SHOWN, "jpg", "jpeg", "jpe", "jfif"),
    "image/gif": _type(Kind.PICTURE, Serving.SHOWN, "gif"),
    "image/webp": _type(Kind.PICTURE, Serving.SHOWN, "webp"),
    "image/heic": _type(Kind.PICTURE, Serving.SAVED, "heic", "heif"),
    "video/mp4": _type(Kind.VIDEO, Serving.SAVED, "mp4", "m4v"),
    "video/quicktime": _type(Kind.VIDEO, Serving.SAVED, "mov", "qt"),
    "video/webm": _type(Kind.VIDEO, Serving.SAVED, "webm"),
    "audio/mpeg": _type(Kind.SOUND, Serving.SAVED, "mp3"),
    "audio/mp4": _type(Kind.SOUND, Serving.SAVED, "m4a", "m4b"),
    "audio/wav": _type(Kind.SOUND, Serving.SAVED, "wav"),
    "audio/ogg": _type(Kind.SOUND, Serving.SAVED, "ogg", "oga", "opus"),
    TEXT: _type(Kind.TEXT, Serving.SAVED, "txt", "md", "log", "json", "ics", "vcf", "srt", "vtt", "eml"),
    CSV: _type(Kind.TEXT, Serving.SAVED, "csv", "tsv"),
    RTF: _type(Kind.TEXT, Serving.SAVED, "rtf"),
    HTML: _type(Kind.WEB, Serving.OPAQUE, "html", "htm"),
    XHTML: _type(Kind.WEB, Serving.OPAQUE, "xhtml", "xht"),
    XML: _type(Kind.WEB, Serving.OPAQUE, "xml", "xsd", "gml"),
    SVG: _type(Kind.WEB, Serving.OPAQUE, "svg"),
    ZIP: _type(Kind.ZIP, Serving.SAVED, "zip"),
}

MB = 1_000_000
LIMITS: dict[Kind, int] = {
    Kind.WORD: 50 * MB,
    Kind.EXCEL: 50 * MB,
    Kind.POWERPOINT: 100 * MB,
    Kind.OPENDOCUMENT: 50 * MB,
    Kind.PDF: 100 * MB,
    Kind.PICTURE: 25 * MB,
    Kind.VIDEO: 500 * MB,
    Kind.SOUND: 100 * MB,
    Kind.TEXT: 10 * MB,
    Kind.WEB: 10 * MB,
    Kind.ZIP: 200 * MB,
}
LARGEST = max(LIMITS.values())
# Extensions of text files, whose content may be in an older encoding than UTF-8.
TEXTUAL = frozenset().union(*(ALLOWED[t].extensions for t in (TEXT, CSV, HTML, XHTML, XML, SVG)))

OTHER_EXTENSION = "other_extension"


def refusal(media_type: str, name: str, size: int) -> Reason | None:
    """Return why a file of this type, name and size (bytes) is refused, or None when it is accepted."""
    ending = extension(name)
    if size == 0:
        return Reason.EMPTY
    if media_type == PROGRAM or ending in PROGRAMS:
        return Reason.EXECUTABLE
    if ending in WITH_MACROS:
        return Reason.MACROS
    if media_type == TIFF:
        return Reason.TIFF
    if media_type not in ALLOWED:
        return Reason.KIND
    return Reason.TOO_LARGE if size > LIMITS[ALLOWED[media_type].kind] else None


def warning(media_type: str, name: str) -> str | None:
    """Return `OTHER_EXTENSION` when the extension belongs to another kind of file than the content, else None."""
    ending = extension(name)
    known = ALLOWED.get(media_type)
    if known is None or ending in known.extensions:
        return None
    # Text files have any extension; only that of another kind misleads.
    others = frozenset().union(*(other.extensions for other in ALLOWED.values()))
    misleads = ending in others if media_type in (TEXT, CSV) else True
    return OTHER_EXTENSION if misleads else None


def title(kind: Kind) -> str:
    """Return the name of the kind for people."""
    return {
        Kind.WORD: _("Word"),
        Kind.EXCEL: _("Excel"),
        Kind.POWERPOINT: _("PowerPoint"),
        Kind.OPENDOCUMENT: _("OpenDocument"),
        Kind.PDF: _("PDF"),
        Kind.PICTURE: _("Afbeelding"),
        Kind.VIDEO: _("Video"),
        Kind.SOUND: _("Geluid"),
        Kind.TEXT: _("Tekst"),
        Kind.WEB: _("Webpagina of XML"),
        Kind.ZIP: _("Zip"),
    }[kind]
