"""A call with 300 applications of 5 attachments: statements, memory of the exports, and what is in them."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.questionnaires import Attachment, Snapshot
from cop.intake.models import Call, Review, Reviewer
from tests.intake.conftest import FORM, submitted

MANY, FILES, MOST = 300, 5, 12  # applications, attachments of each, statements of a page
FORMULA = "=1+1"


@pytest.fixture
def many(app: Flask, cast: Any, slug: str) -> str:
    """Return the slug of a call with many applications, each with two reviews."""
    with app.app_context(), transaction():
        call = db.session.scalars(select(Call).where(Call.slug == slug)).one()
        store = app.extensions["files"]
        blob = store.keep(store.spool(io.BytesIO(b"Een plan." * 100), 10_000, "plan.txt"))
        reviewers = (cast.dina, cast.jan)
        db.session.add_all(Reviewer(call_id=call.id, person_id=one) for one in reviewers)
        for n in range(MANY):
            made = submitted(call, f"Gemeente {n:03}")
            db.session.add(
                Snapshot(
                    answering_id=made.answering_id,
                    number=1,
                    version=1,
                    definition=FORM,
                    answers={"b3": FORMULA if n == 0 else "Wij zoeken huizen." * 20},
                    received=clock.now(),
                    sha256="0" * 64,
                )
            )
            db.session.add_all(
                Attachment(
                    answering_id=made.answering_id,
                    block="b6",
                    name=f"plan {k}.txt",
                    sha256=blob.sha256,
                    size=blob.size,
                    media_type=blob.media_type,
                )
                for k in range(FILES)
            )
            db.session.add_all(
                Review(
                    application_id=made.id,
                    person_id=one,
                    state="done",
                    cleared=clock.now(),
                    scores={"c1": 1 + n % 5, "c2": 3},
                )
                for one in reviewers
            )
    return slug


def test_pages_of_many_take_few_statements(cast: Any, many: str, count_statements: Any) -> None:
    pages = [
        ("fons", path) for path in ("applications", "applications?kind=care&sort=spread", "decisions", "reviewers")
    ]
    for who, path in [*pages, ("dina", "reviewing")]:
        browser = cast.client(who)
        browser.get(f"/calls/{many}/{path}")  # fills the caches of the viewer
        with count_statements() as statements:
            assert browser.get(f"/calls/{many}/{path}").status_code == 200
        assert len(statements) <= MOST, "\n".join(statements)


def test_exports_stream_and_cells_are_dead(cast: Any, many: str) -> None:
    fons = cast.client("fons")
    tracemalloc.start()
    with fons.get(f"/calls/{many}/export/xlsx") as download:
        book = download.data
    with fons.get(f"/calls/{many}/export/attachments") as download:
        files = download.data
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - len(book) - len(files) < 50_000_000
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<t>=1+1</t>" in sheet
    assert sheet.count(b"<row ") == MANY + 1
    with zipfile.ZipFile(io.BytesIO(files)) as archive:
        assert len(archive.namelist()) == MANY * FILES
        assert archive.testzip() is None
    with fons.get(f"/calls/{many}/export/csv") as download:
        assert "'=1+1" in download.text
