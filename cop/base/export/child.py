"""The program that makes one file and ends: a request as JSON on standard input, the file on standard output.

It is run by `running.py` as a file of its own, isolated from this package: it imports neither Flask nor the product, opens
no connection, and reads no file that a document names.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from html import escape, unescape
from typing import Any

NO_LIBRARY = 3  # exit status: WeasyPrint or its libraries are not there
PICTURE = "picture:"  # the scheme of a picture of the document, by its own id
WIDEST = 1600  # pixels of a picture, twice what a page shows
PIXELS = 40_000_000
DATED = ("docProps/core.xml", "meta.xml", "EPUB/content.opf")
NO_DATE = b"1970-01-01T00:00:00Z"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_FRAME = re.compile(r"(<draw:frame\b[^>]*>)(.*?)(</draw:frame>)", re.S)
_HREF = re.compile(r"(?:https?|mailto):", re.I)


def pdf(asked: dict[str, Any]) -> bytes:
    """Return the document as PDF/UA-1."""
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        sys.exit(NO_LIBRARY)
    pictures = decoded(asked["pictures"])

    class Fetcher(weasyprint.URLFetcher):  # type: ignore[misc]
        """Gives the pictures of the document, and nothing else: no file, no address, no data URL."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in pictures:
                raise ValueError("not a picture of this document")
            kind, content = pictures[url]
            return weasyprint.urls.URLFetcherResponse(url, content, {"Content-Type": kind})

    forbid()
    fetcher, fonts = Fetcher(), FontConfiguration()
    page = weasyprint.HTML(string=asked["html"], base_url=None, url_fetcher=fetcher)
    repair(page.etree_element)
    style = weasyprint.CSS(string=asked["css"], url_fetcher=fetcher, font_config=fonts)
    made: bytes = page.write_pdf(
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=asked["identifier"].encode(),
        jpeg_quality=85,
        dpi=200,
    )
    return made


def repair(root: Any) -> None:
    """Make what people write fit PDF/UA: a header cell heads something, and an address is printed once."""
    for table in root.iter("table"):
        if next(table.iter("td"), None) is None:
            for cell in [*table.iter("th")]:
                cell.tag = "td"
        for cell in [*table.iter("th")]:
            if not "".join(cell.itertext()).strip() and next(cell.iter("img"), None) is None:
                cell.tag = "td"
    for link in root.iter("a"):
        href, text = link.get("href", ""), "".join(link.itertext()).strip()
        if not _HREF.match(href):
            link.attrib.pop("href", None)  # WeasyPrint does not tag a link within the document
        elif text in (href, href.removeprefix("mailto:"), href.removeprefix("https://")):
            link.set("class", "plain")


def decoded(pictures: dict[str, str]) -> dict[str, tuple[str, bytes]]:
    """Return the pictures by their address, each as a PNG or JPEG that every format holds; leave out broken ones."""
    found = {}
    for id, content in pictures.items():
        try:
            found[f"{PICTURE}{id}"] = plain_picture(base64.b64decode(content))
        except Exception as error:  # hostile bytes lead to any exception
            print(f"picture {id}: {type(error).__name__}", file=sys.stderr)
    return found


def plain_picture(content: bytes) -> tuple[str, bytes]:
    """Return the media type and bytes of a picture within `WIDEST`, as it is where every format can hold that."""
    from PIL import Image

    image: Image.Image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP"))
    if image.width * image.height > PIXELS:
        raise ValueError("too many pixels")
    if image.format in ("PNG", "JPEG") and image.width <= WIDEST and image.height <= 2 * WIDEST:
        image.load()  # raises for a broken one
        return f"image/{image.format.lower()}", content
    photo = not image.has_transparency_data
    image = image.convert("RGB" if photo else "RGBA")
    image.thumbnail((WIDEST, 2 * WIDEST))
    out = io.BytesIO()
    if photo:
        image.save(out, "JPEG", quality=85)
    else:
        image.save(out, "PNG")
    return ("image/jpeg" if photo else "image/png"), out.getvalue()


def office(asked: dict[str, Any]) -> bytes:
    """Return the document as DOCX, ODT or EPUB, made by pandoc in its sandbox."""
    pictures, alts = decoded(asked["pictures"]), []

    def as_data(tag: re.Match[str]) -> str:
        given, words = pictures.get(unescape(attribute(tag[0], "src"))), unescape(attribute(tag[0], "alt"))
        if given is None:
            return escape(words)
        alts.append(words)
        kind, content = given
        return f'<img src="data:{kind};base64,{base64.b64encode(content).decode()}" alt="{escape(words)}">'

    html = re.sub(r"<img\b[^<>]*>", as_data, asked["html"])
    command = [
        *(
            asked["pandoc"],
            "+RTS",
            f"-M{asked['memory']}m",
            "-RTS",
            "--sandbox",
            "--from=html",
            f"--to={asked['format']}",
        ),
        *("--shift-heading-level-by=-1", f"--metadata=title:{asked['title']}", f"--metadata=lang:{asked['language']}"),
        *(f"--metadata=identifier:urn:uuid:{asked['identifier']}", "--output=-", "--epub-title-page=true"),
    ]
    ran = subprocess.run(command, input=html.encode(), stdout=subprocess.PIPE, check=True)
    return completed(ran.stdout, alts, asked["moment"])


def attribute(tag: str, name: str) -> str:
    """Return an attribute of a clean tag, as it is written; "" without it."""
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""


def completed(content: bytes, alts: Iterable[str], moment: str) -> bytes:
    """Return the zip of an office format with its date, which the sandbox hides from pandoc, and in an ODT the alternative
    texts of its pictures, which pandoc leaves out."""
    out, words = io.BytesIO(), iter(alts)

    def described(frame: re.Match[str]) -> str:
        alt = next(words, "") if "<draw:image" in frame[2] else ""
        return f"{frame[1]}{frame[2]}{f'<svg:desc>{escape(alt)}</svg:desc>' if alt else ''}{frame[3]}"

    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            data = before.read(entry)
            if entry.filename in DATED:
                data = data.replace(NO_DATE, moment.encode())
            elif entry.filename == "content.xml":
                data = _FRAME.sub(described, data.decode()).encode()
            as_was = zipfile.ZipInfo(entry.filename, EPOCH)
            as_was.compress_type, as_was.external_attr = entry.compress_type, entry.external_attr
            after.writestr(as_was, data)
    return out.getvalue()


def forbid() -> None:
    """Refuse from now on what making a PDF never needs, whatever a library would do for a hostile document: connections,
    programs, writing, and reading outside the folders of Python."""
    own = tuple(os.path.realpath(path) for path in (sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(path, (str, bytes)) and (
                flags & WRITING or not os.path.realpath(os.fsdecode(path)).startswith(own)
            ):
                raise PermissionError(f"not allowed: {event}")
        elif event.startswith(FORBIDDEN):
            raise PermissionError(f"not allowed: {event}")

    sys.addaudithook(hook)


def main() -> None:
    """Read a request, and write what it asks for."""
    asked = json.load(sys.stdin.buffer)
    # The parent measures and kills; these end a child whose parent was killed itself.
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    made = pdf(asked) if asked["format"] == "pdf" else office(asked)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
