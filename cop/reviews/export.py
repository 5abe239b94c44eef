"""Exports of a call: rows for CSV and XLSX, one application after the other, and the attachments as a zip."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.base.files import Store
from cop.base.questionnaires import Attachment, Definition, QuestionnaireVersion, Snapshot
from cop.base.spreadsheets import Cell
from cop.base.words import _
from cop.intake.kinds_of_organisation import kind_words
from cop.intake.models import Application, Call
from cop.reviews.tables import table
from cop.society.people import Person

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BATCH = 50


def columns(call: Call) -> list[tuple[str, str]]:
    """Return key and label of every question of all versions, the newest label last seen."""
    versions = select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_id == call.questionnaire_id)
    found: dict[str, str] = {}
    for version in db.session.scalars(versions.order_by(QuestionnaireVersion.number)):
        form = version.parsed
        found |= {block.key: block.label for block in form.blocks}
        found |= {one.key: one.text for one in form.criteria}
    return list(found.items())


def rows(person: Person, call: Call) -> Iterator[list[Cell]]:
    """Yield the header and a row for each application that the person may see, with what was sent in last."""
    asked = columns(call)
    yield [
        _("Nummer"),
        _("Organisaties"),
        _("Staat"),
        _("Ingediend"),
        _("Mediaan"),
        _("Spreiding"),
        _("Voorstel"),
        *(label for _key, label in asked),
    ]
    found = table(person, call, {"sort": "name"})
    for start in range(0, len(found), BATCH):
        batch = found[start : start + BATCH]
        snapshots = _newest([row.id for row in batch])
        for row in batch:
            snapshot = snapshots.get(row.id)
            form = snapshot.parsed if snapshot else Definition()
            answers = snapshot.answers if snapshot else {}
            yield [
                row.reference,
                row.title,
                row.state,
                clock.rfc3339(row.submitted) if row.submitted else "",
                row.median,
                row.spread,
                row.outcome,
                *(in_words(form, key, answers.get(key)) for key, _label in asked),
            ]
        db.session.expunge_all()


def _newest(ids: Sequence[int]) -> dict[int, Snapshot]:
    query = (
        select(Application.id, Snapshot)
        .join(Snapshot, Snapshot.answering_id == Application.answering_id)
        .where(Application.id.in_(ids))
        .order_by(Snapshot.number)
    )
    return dict(db.session.execute(query).all())  # type: ignore[arg-type]


def in_words(form: Definition, key: str, value: Any) -> str:
    """Return an answer as one text."""
    block = form.block(key)
    if isinstance(value, dict):
        return f"{'✓ ' if value.get('ticked') else ''}{value.get('text', '')}"
    if isinstance(value, bool):
        return _("ja") if value else ""
    if isinstance(value, list):
        return "; ".join(_item(block, one) for one in value)
    return "" if value is None else str(value)


def _item(block: Any, one: Any) -> str:
    if isinstance(one, dict):
        kinds = kind_words()
        parts = [kinds.get(str(part), str(part)) for name, part in one.items() if part and name not in ("id", "size")]
        return ", ".join(parts)
    labels = {option.key: option.label for option in block.options} if block else {}
    return labels.get(one, str(one))


def as_csv(lines: Iterator[list[Cell]]) -> IO[bytes]:
    """Return a CSV file for Dutch spreadsheets, written row by row; no text can run as a formula."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the response that reads it
    file.write(b"\xef\xbb\xbf")
    for line in lines:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow([_harmless(cell) for cell in line])
        file.write(buffer.getvalue().encode())
    file.seek(0)
    return file


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


class _Sink(io.RawIOBase):
    """A file that cannot be rewound: what is written waits until it is taken."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def take(self) -> bytes:
        """Return what was written since the last call."""
        taken, self.parts = b"".join(self.parts), []
        return taken


def attachments(person: Person, call: Call, store: Store) -> Iterator[bytes]:
    """Yield a zip of the files of all applications that the person may see, in pieces of 64 kB."""
    ids = {row.id: row.reference for row in table(person, call, {"state": "submitted"})}
    found = db.session.execute(
        select(Application.id, Attachment.id.label("file"), Attachment.name, Attachment.sha256)
        .join(Attachment, Attachment.answering_id == Application.answering_id)
        .where(Application.id.in_(ids), Attachment.removed.is_(None))
        .order_by(Application.id, Attachment.id)
    ).all()
    db.session.rollback()
    return _zipped([(f"{ids[row.id]}/{row.file}-{_file_name(row.name)}", row.sha256) for row in found], store)


def _zipped(files: list[tuple[str, str]], store: Store) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, sha256 in files:
            try:
                content = store.open(sha256)
            except FileNotFoundError:
                continue
            with content, archive.open(name, "w", force_zip64=True) as entry:
                while piece := content.read(64 * 1024):
                    entry.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def _file_name(name: str) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(". ")[:120] or "bestand"
