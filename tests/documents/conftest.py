"""Fixtures for the tests of documents: files of real kinds, and shortcuts to share them."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

TEXT = b"Punt een. Punt twee.\n"


def docx(words: str = "Checklist") -> bytes:
    """Return a small Word document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document>{words}</w:document>")
    return out.getvalue()


def picture(kind: str = "JPEG", place: str = "") -> bytes:
    """Return a small picture; `place` is written to its metadata."""
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "#35625a")
    exif = Image.Exif()
    if place:
        exif[0x010E] = place
    image.save(out, kind, exif=exif)
    return out.getvalue()


def form(*sent: tuple[bytes, str], **fields: Any) -> dict[str, Any]:
    """Return a form with files as a browser sends it, with escaped file names."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    for content, name in sent:
        shown = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        parts.append(f'name="file"; filename="{shown}"\r\nContent-Type: text/plain\r\n\r\n'.encode() + content)
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return {"data": body + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


@pytest.fixture
def library(cast: Any) -> SimpleNamespace:
    """Return shortcuts for the API of documents: `share('anna', name, content, folder=…)`, `replace(…)`, `ask('bram',
    address)`."""

    def share(
        who: str,
        name: str = "Checklist.txt",
        content: bytes = TEXT,
        *,
        status: int = 201,
        to: str = "een",
        **fields: Any,
    ) -> dict[str, Any]:
        answer = cast.client(None).post(
            f"/api/v1/communities/{to}/files", headers=cast.api(who), **form((content, name), **fields)
        )
        assert answer.status_code == status, answer.text
        return answer.json

    def replace(
        who: str,
        id: int,
        content: bytes = b"Een nieuwe tekst.\n",
        name: str = "Checklist.txt",
        *,
        status: int = 201,
        **fields: Any,
    ) -> dict[str, Any]:
        answer = cast.client(None).post(
            f"/api/v1/files/{id}/versions", headers=cast.api(who), **form((content, name), **fields)
        )
        assert answer.status_code == status, answer.text
        return answer.json

    def ask(who: str | None, address: str, method: str = "get", **given: Any) -> Any:
        headers = {**(cast.api(who) if who else {"Accept": "application/json"}), **given.pop("headers", {})}
        # Read the response to its end, so that the served file is closed.
        return getattr(cast.client(None), method)(f"/api/v1{address}", headers=headers, buffered=True, **given)

    return SimpleNamespace(share=share, replace=replace, ask=ask)
