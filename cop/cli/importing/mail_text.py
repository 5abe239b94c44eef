"""The text of a mail without what comes with every mail: the quoted mail below it, signatures and footers of lists.

Rules of our own: libraries for this are not maintained or know no Dutch. A rule cuts from its first line to the end; what
is quoted between answers stays, as a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise

DEEPEST = 10  # quotations inside each other
MOST_JOINED = 60  # a line of at least this length goes on in the next one: mail programs break lines at 72

_SIGNATURE = re.compile(
    r"--\s?$|(?:Verstuurd|Verzonden) vanaf mijn \S|(?:Verzonden met|Download) Outlook|Sent from (?:my|Outlook)\b|Get Outlook for ",
    re.I,
)
_FOOTER = re.compile(
    r"_{40,}$|-{2,}\s*You received this message because|You received this message because you are subscribed|"
    r"To unsubscribe (?:from|send)|U ontvangt dit bericht omdat u|(?:Afmelden|Uitschrijven)(?: kan| voor deze lijst)?:? https?://|"
    r"\S+ mailing list$|~{30,}$",
    re.I,
)
_OLDER = re.compile(
    r"-{2,}\s*(?:Oorspronkelijk|Original|Origineel|Ursprüngliche)\w*\s+(?:bericht|message|Nachricht)\s*-{2,}", re.I
)
_FORWARD = re.compile(
    r"-{2,}\s*(?:Doorgestuurd|Forwarded|Begin doorgestuurd)\w*\s+(?:bericht|message)\s*-{2,}|Begin forwarded message:|"
    r"Begin doorgestuurd bericht:",
    re.I,
)
_HEADER = re.compile(r"\*?(Van|From|Von|Verzonden|Sent|Datum|Date|Aan|To|Cc|Onderwerp|Subject)\*?\s?:", re.I)
_WROTE = re.compile(
    r"(?:(?:Op|On|Am|Le)\s.{5,300}(?:schreef|wrote|schrieb|a écrit).{0,200}:|.{2,200}\s(?:schreef|wrote|schrieb)(?: op .{5,80})?:)\s*$",
    re.I | re.S,
)
_BULLET = re.compile(r"\s*(?:[-*•·]|\d{1,2}[.)])\s")


def own_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines that the author of a mail wrote; all of them where that would leave nothing."""
    kept = _without_footer([line.rstrip() for line in lines])
    kept = _without_older(kept)
    kept = _without_signature(kept)
    kept = _without_quoted_tail(kept)
    kept = _trimmed(_without_signature(kept))
    return kept or _trimmed(_without_footer([line.rstrip() for line in lines]))


def _trimmed(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return kept


def _without_footer(lines: Sequence[str]) -> list[str]:
    """Return the lines before the footer of a list, which is below everything; a line across a text is none."""
    for index, line in enumerate(lines):
        if _FOOTER.match(line.strip()) and len(_trimmed(lines[index:])) <= 12 and not _has_headers(lines, index + 1):
            return list(lines[:index])
    return list(lines)


def _without_older(lines: Sequence[str]) -> list[str]:
    """Return the lines before the mail that is answered, as Outlook puts it below; a forwarded one is what is told."""
    for index, line in enumerate(lines):
        if _FORWARD.match(line.strip()):
            return list(lines)
        if index and (_OLDER.match(line.strip()) or _has_headers(lines, index)):
            before = _trimmed(lines[:index])
            while before and re.fullmatch(r"[_-]{5,}", before[-1].strip()):
                before.pop()
            return before
    return list(lines)


def _has_headers(lines: Sequence[str], index: int) -> bool:
    """Return whether headers of a mail begin at a line: From, and at least two others directly below."""
    if index >= len(lines) or not re.match(r"\*?(?:Van|From|Von)\*?\s?:", lines[index].strip(), re.I):
        return False
    following = [line.strip() for line in lines[index : index + 8]]
    return len({found[1].lower() for line in following if (found := _HEADER.match(line))}) >= 3


def _without_signature(lines: Sequence[str]) -> list[str]:
    for index, line in enumerate(lines):
        if _SIGNATURE.match(line.strip() if line.strip() != "--" else line) and not any(
            one.startswith(">") for one in lines[index:]
        ):
            return list(lines[:index])
    return list(lines)


def _without_quoted_tail(lines: Sequence[str]) -> list[str]:
    """Return the lines without the quotation at their end and the line above that says who wrote it."""
    kept = _trimmed(lines)
    if not kept or not kept[-1].startswith(">"):
        return kept[:-1] if kept and len(kept) > 1 and _WROTE.match(kept[-1]) else kept
    while kept and (kept[-1].startswith(">") or not kept[-1].strip()):
        kept.pop()
    for size in (1, 2, 3):
        if len(kept) >= size and _WROTE.match(" ".join(kept[-size:])):
            return kept[:-size]
    return kept


def unflowed(source: str) -> list[str]:
    """Return the lines of a text in format=flowed: a line that ends in a space goes on in the next (RFC 3676)."""
    lines: list[str] = []
    flows = False
    for line in source.split("\n"):
        line = line.removeprefix(" ") if line.startswith((" ", " From")) else line
        if flows and not line.startswith(">"):
            lines[-1] += line
        else:
            lines.append(line)
        flows = line.endswith(" ") and line != "-- "
    return lines


def as_html(lines: Sequence[str], depth: int = 0) -> str:
    """Return lines as HTML: paragraphs, whose broken lines are joined, and quotations, up to ten inside each other."""
    blocks: list[str] = []
    paragraph: list[str] = []
    quoted: list[str] = []

    def end() -> None:
        if paragraph:
            blocks.append(f"<p>{_joined(paragraph)}</p>")
            paragraph.clear()
        if quoted:
            blocks.append(f"<blockquote>{as_html(quoted, depth + 1)}</blockquote>")
            quoted.clear()

    for line in lines:
        is_quoted = line.startswith(">") and depth < DEEPEST
        if not line.strip() or is_quoted != bool(quoted):
            end()
        if is_quoted:
            quoted.append(re.sub(r"^> ?", "", line, count=1))
        elif line.strip():
            paragraph.append(line.strip())
    end()
    return "".join(blocks)


def _joined(lines: Sequence[str]) -> str:
    parts = [escape(lines[0], quote=False)]
    for before, line in pairwise(lines):
        joined = len(before) >= MOST_JOINED and not _BULLET.match(line)
        parts.append((" " if joined else "<br>") + escape(line, quote=False))
    return "".join(parts)
