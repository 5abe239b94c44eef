"""A call with 300 applications of 5 attachments: statements and time of its pages, memory and content of the exports."""

from __future__ import annotations

import html
import io
import re
import time
import tracemalloc
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.questionnaires import Attachment, Snapshot
from cop.intake.models import Call, Review, Reviewer
from cop.society.people import Person
from cop.society.programmes import Community
from cop.threads import actions as threads
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


def few(browser: Any, count_statements: Any, path: str) -> None:
    """Assert that a page is shown in few statements, once the caches of its viewer are filled."""
    assert browser.get(path).status_code == 200
    with count_statements() as statements:
        assert browser.get(path).status_code == 200
    assert len(statements) <= MOST, "\n".join([path, *statements])


def test_pages_of_many_take_few_statements(cast: Any, app: Flask, many: str, count_statements: Any) -> None:
    filters = ("", "?state=submitted", "?outcome=admit", "?kind=care", "?shortlisted=1")
    sorts = ("?sort=median", "?sort=spread", "?sort=name", "?sort=received")
    pages = [f"/applications{asked}" for asked in (*filters, *sorts)] + ["/decisions", "/reviewers", "/edit", "/form"]
    with app.app_context():
        first = select(Review).where(Review.person_id == cast.dina).order_by(Review.id).limit(1)
        review = db.session.scalars(first).one()
        application, judged = review.application.url, review.url
    for path in [f"/calls/{many}{page}" for page in pages] + [f"{application}/dossier", f"{application}/decision"]:
        few(cast.client("fons"), count_statements, path)
    for path in (f"/calls/{many}/reviewing", judged):
        few(cast.client("dina"), count_statements, path)


def times_as_long(browser: Any, path: str, base: str) -> float:
    """Return how many times as much processor time a page takes as another, in turns, once their caches are filled."""
    best = dict.fromkeys((path, base), float("inf"))
    for turn in range(9):
        for one in best:
            start = time.process_time()
            assert browser.get(one).status_code == 200
            if turn > 1:
                best[one] = min(best[one], time.process_time() - start)
    return best[path] / best[base]


def test_pages_of_many_take_three_times_the_list_of_threads(cast: Any, app: Flask, many: str) -> None:
    with app.app_context(), transaction():
        anna, one = db.session.get_one(Person, cast.anna), db.session.get_one(Community, cast.one)
        for n in range(20):
            words = text.render("Wie heeft een model?", "plain")
            threads.start(anna, one, kind="question", title=f"Vraag {n}", text=words)
    pages = ["applications", "applications?kind=care", "applications?sort=spread", "decisions", "reviewers"]
    ratios = {
        f"{who} {page}": times_as_long(cast.client(who), f"/calls/{many}/{page}", "/communities/een/threads")
        for who, page in [*(("fons", page) for page in pages), ("dina", "reviewing")]
    }
    assert max(ratios.values()) <= 3.5, ratios  # 3, and what measuring beside other tests adds


def test_a_long_table_has_pages(cast: Any, app: Flask, many: str) -> None:
    fons = cast.client("fons")
    page, seen, path = "?sort=name", [], f"/calls/{many}/applications"
    while page:
        shown = fons.get(path + page).text
        here = re.findall(r'href="/applications/([^"/]+)/dossier"', shown)
        assert 0 < len(here) <= 25
        seen += here
        found = re.search(r'href="([^"]*)">Volgende', shown)
        page = html.unescape(found[1]) if found else ""
    assert len(seen) == len(set(seen)) == MANY
    assert len(fons.get(path, headers={"Accept": "application/json"}).json["items"]) == MANY
    last = seen[-1]
    answer = fons.post(f"/applications/{last}/decision", data={"outcome": "reserve"})
    assert answer.location == f"/calls/{many}/decisions?at={last}#{last}"
    sheet = fons.get(answer.location).text
    assert f'<tr id="{last}">' in sheet
    assert "reserve" in sheet.partition(f'<tr id="{last}">')[2].partition("</tr>")[0]
    assert 'rel="prev"' in fons.get(f"/calls/{many}/reviewers?at={last}").text
    mine = cast.client("dina").get(f"/calls/{many}/reviewing").text
    assert mine.count('<li><a href="/reviews/') == 25


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


@pytest.mark.slow
@pytest.mark.parametrize("format", ["csv", "xlsx", "attachments"])
def test_export_of_everything_takes_little_memory(cast: Any, app: Flask, many: str, format: str) -> None:
    """Long answers and 300 MB of attachments go out in pieces: nothing is collected on the way."""
    size, words = 200_000, 4_000
    with app.app_context(), transaction():
        store = app.extensions["files"]
        blob = store.keep(store.spool(io.BytesIO(bytes(size)), size + 1, "plan.txt"))
        db.session.execute(update(Attachment).values(sha256=blob.sha256, size=size))
        for snapshot in db.session.scalars(select(Snapshot)):
            snapshot.answers = {"b3": f"Wij zoeken {snapshot.id} huizen. " * words}
    fons, sent = cast.client("fons"), 0
    tracemalloc.start()
    try:
        with fons.get(f"/calls/{many}/export/{format}") as download:
            assert download.status_code == 200
            for piece in download.iter_encoded():
                sent += len(piece)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sent > {"csv": 20_000_000, "xlsx": 100_000, "attachments": MANY * FILES * size}[format]
    assert peak < 50_000_000, f"{peak:,} bytes for {sent:,}"
