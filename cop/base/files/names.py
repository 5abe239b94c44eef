"""File names: their extension, and the extensions that are refused."""

from __future__ import annotations

import re

# What a double click runs, mounts or installs on a computer of members, or links to such a file.
PROGRAMS = frozenset(
    {
        *("exe", "com", "scr", "pif", "cpl", "dll", "sys", "ocx", "msi", "msp", "mst", "msix", "appx", "xll"),
        *("bat", "cmd", "ps1", "psm1", "psd1", "vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh", "wsc", "hta"),
        *("lnk", "url", "reg", "inf", "scf", "sct", "msc", "chm", "hlp", "gadget", "application", "diagcab"),
        *("appref-ms", "settingcontent-ms", "library-ms", "search-ms", "mht", "mhtml"),
        *("jar", "jnlp", "class", "dex", "apk", "ipa", "iso", "img", "vhd", "vhdx"),
        *("app", "command", "dmg", "pkg", "deb", "rpm", "appimage", "desktop", "sh", "py", "pyw"),
    }
)
# Extensions of office files with macros; a macro under any other extension is found in the content.
WITH_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam", "sldm"})
PACKED = frozenset({"zip", "7z", "rar", "gz", "tgz", "bz2", "xz", "tar", "zst", "lz4", "cab", "arj", "lzh", "ace"})


def extension(name: str) -> str:
    """Return the extension of a file name, in lower case without the dot; invisible characters do not hide it."""
    visible = "".join(c for c in name if c.isprintable())
    _stem, dot, last = re.split(r"[/\\]", visible)[-1].rstrip(". ").rpartition(".")
    found = re.match(r"[a-z0-9-]+", last.lower())  # `exe::$DATA` is an exe
    return found.group() if dot and found else ""
