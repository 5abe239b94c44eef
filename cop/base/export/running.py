"""Running the program that makes a file: two at once, within a time and a memory, and nothing of it stays."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from cop.base.errors import TooLarge, Unavailable
from cop.base.export.document import FORMATS, LARGEST, LARGEST_PICTURES, Document, Format
from cop.base.words import _

log = logging.getLogger(__name__)
PROGRAM: Final = Path(__file__).with_name("child.py")
AT_ONCE: Final = 2  # exports in a process
WAITS: Final = 3.0  # seconds for one of these to end
SECONDS: Final = 30  # of one export
MEMORY: Final = 400  # MB of one export, measured
PAUSE: Final = 0.05  # seconds between two measurements
_SAID: Final = 2000  # characters of the last words of the program that are logged
# What WeasyPrint opens; found by a program of its own, so that none of it comes into this process.
_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
)
_PROBE = "import ctypes, sys\nfor name in sys.argv[1:]: ctypes.CDLL(name)"
_free = threading.BoundedSemaphore(AT_ONCE)


class Failed(Unavailable):
    """No file came of it; `words` says so to the person, the log says why."""


def export(document: Document, format: Format) -> bytes:
    """Return a document as a file. Raise TooLarge for one that is too long, Failed where it cannot be made now."""
    if len(document.html) > LARGEST or sum(map(len, document.pictures.values())) > LARGEST_PICTURES:
        raise TooLarge(_("Deze tekst is te lang om te downloaden. Druk hem af met uw browser."))
    if missing(format):
        raise Failed(_("Downloaden als %(format)s kan op dit platform niet.", format=FORMATS[format].name))
    asked = {**document.request(format), "pandoc": pandoc(), "memory": MEMORY * 3 // 4, "seconds": SECONDS}
    if not _free.acquire(timeout=WAITS):
        raise Failed(_("Er worden nu al documenten gemaakt. Probeer het over een minuut opnieuw."), retry_after=60)
    try:
        return _run(json.dumps(asked).encode(), format)
    finally:
        _free.release()


def _run(asked: bytes, format: Format) -> bytes:
    """Return what the program writes; end it, and what it started, when it takes too long or too much."""
    with tempfile.TemporaryFile() as given:  # without a name
        given.write(asked)
        given.seek(0)
        made, said, why = _watched(given)
    if made:
        return made
    log.error("export as %s %s: %s", format, why, said.decode(errors="replace").strip()[-_SAID:])
    raise Failed(
        _("Dit document kon niet worden gemaakt. Druk de pagina af met uw browser, of probeer het later opnieuw.")
    )


def _watched(given: IO[bytes]) -> tuple[bytes, bytes, str]:
    """Return what the program writes, its last words, and why there is no file."""
    with subprocess.Popen(
        [sys.executable, "-I", str(PROGRAM)],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        cwd="/",
        start_new_session=True,
    ) as program:
        started, why = time.monotonic(), ""
        try:
            while True:
                try:
                    made, said = program.communicate(timeout=PAUSE)
                    break
                except subprocess.TimeoutExpired:
                    why = why or _excess(program.pid, time.monotonic() - started)
                if why:
                    _end(program)
        finally:
            _end(program)
    if not why and program.returncode:
        why = f"ended with status {program.returncode}"
    return (b"" if why else made), said, why


def _excess(pid: int, seconds: float) -> str:
    """Return in words what a program takes too much of, "" where it is within its limits."""
    if seconds > SECONDS:
        return f"took more than {SECONDS} s"
    used = memory_of(pid)
    return f"took {used} MB, more than {MEMORY}" if used > MEMORY else ""


def _end(program: subprocess.Popen[bytes]) -> None:
    """Kill the program and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """Return the environment of the program: nothing of the settings of the product, which hold secrets."""
    kept = ("PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "LD_LIBRARY_PATH")
    return {"LANG": "C.UTF-8", **{name: os.environ[name] for name in kept if name in os.environ}}


def memory_of(pid: int) -> int:
    """Return how many MB a process and its children have in memory; 0 where this system does not say."""
    pages = 0
    for one in (pid, *_children(pid)):
        with suppress(OSError):
            pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1_000_000


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


# What this installation can make


def missing(format: Format) -> str:
    """Return what has to be installed for a format, in words for an administrator; "" where nothing is missing."""
    return _without_pdf() if format == "pdf" else _without_pandoc()


def available() -> list[Format]:
    """Return the formats that this installation can make."""
    return [format for format in FORMATS if not missing(format)]


@cache
def _without_pdf() -> str:
    probe: Any = [sys.executable, "-I", "-S", "-c", _PROBE, *(_LIBRARIES if sys.platform == "linux" else ())]
    found = subprocess.run(probe, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment(), check=False)
    if found.returncode == 0 and importlib.util.find_spec("weasyprint"):
        return ""
    said = found.stderr.decode(errors="replace").strip().splitlines()
    log.warning("no PDF: %s", said[-1] if said else "weasyprint is not installed")
    return "apt install libpango-1.0-0 libpangoft2-1.0-0"


@cache
def _without_pandoc() -> str:
    if pandoc():
        return ""
    log.info("no DOCX, ODT and EPUB: pypandoc_binary is not installed")
    return "pip install 'cop[office]'"


@cache
def pandoc() -> str:
    """Return the path of the pandoc that the extra `office` installs, "" without it."""
    found = importlib.util.find_spec("pypandoc")
    folders = found.submodule_search_locations if found else None
    program = Path(folders[0], "files", "pandoc") if folders else None
    return str(program) if program and os.access(program, os.X_OK) else ""
