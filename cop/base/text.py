"""STUB until the cleaner lands."""
from dataclasses import dataclass
LIMIT=100_000
VERSION=0
class TooLong(ValueError):
    limit=LIMIT
class TooDeep(ValueError): ...
@dataclass(frozen=True, slots=True)
class Text:
    source: str; format: str; html: str; plain: str
def render(source, format):
    import html
    return Text(source, format, f"<p>{html.escape(source)}</p>", source)
def mention(html, names): return html, []
def references(html): return []
def clean_line(v): return " ".join(v.split())
