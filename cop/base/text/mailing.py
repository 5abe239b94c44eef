"""Clean HTML for mail: addresses of this site in full, and pictures, which a mail program cannot fetch, by their words."""

from __future__ import annotations

import re

_OWN = re.compile(r'(<a\b[^<>]* href=")(?=/)')
_PICTURE = re.compile(r"<img\b[^<>]*>")
_ALT = re.compile(r' alt="([^"]*)"')


def for_mail(html: str, base_url: str) -> str:
    """Return what `render` returned as a mail shows it; base_url: that of this site."""
    whole = _OWN.sub(lambda found: found[1] + base_url, html)
    return _PICTURE.sub(lambda found: "".join(_ALT.findall(found[0])), whole)
