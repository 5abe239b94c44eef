"""A server that is killed while it accepts an application leaves all of the partnership, or nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from urllib.error import HTTPError

import pytest
from sqlalchemy import func, select

from cop import create_app
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import Base, db, integrity_errors
from cop.base.questionnaires import Snapshot
from cop.intake.models import Call, Contact
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.cli.test_kill import Served
from tests.conftest import settings
from tests.intake.conftest import COMPLETE, FORM, make_call, submitted

pytestmark = [pytest.mark.live, pytest.mark.slow]

KILLS = 10
# What a partnership is made of. The jobs that mail its people may be done meanwhile, so they do not count.
PARTS = {
    "accepted_application",
    "audience",
    "email",
    "invitation",
    "journal_entry",
    "membership",
    "organisation",
    "partnership",
    "person",
}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Return a platform with an empty database, which this process has open too."""
    served = Served(tmp_path)
    served.cop("migrate")
    with create_app(settings(tmp_path)).app_context():
        yield served
        db.session.remove()
        db.engine.dispose()


def admitted(number: int) -> list[str]:
    """Make a call with this many admitted applications of two people each; return their references."""
    with transaction():
        programme = Programme(slug="proef", name="Proef")
        fons = Person(mail="fons@t.example", name="Fons", state="active", entered=clock.now())
        db.session.add_all([programme, fons])
        db.session.flush()
        db.session.add(Community(programme_id=programme.id, slug="een", name="Een"))
        db.session.add(TeamMember(person_id=fons.id, programme_id=programme.id))
    slug = make_call(programme.id, fons.id, cap=None)
    with transaction():
        call = db.session.scalars(select(Call).where(Call.slug == slug)).one()
        made = [submitted(call, f"Gemeente {n}") for n in range(number)]
        for n, one in enumerate(made):
            one.outcome, one.announced = "admit", clock.now()
            db.session.add(Contact(application_id=one.id, mail=f"mee{n}@t.example", name="Mee", verified=clock.now()))
            snapshot = {"number": 1, "version": 1, "definition": FORM, "answers": COMPLETE, "sha256": "0" * 64}
            db.session.add(Snapshot(answering_id=one.answering_id, received=clock.now(), **snapshot))
        return [one.reference for one in made]


def rows() -> dict[str, int]:
    """Return the number of rows of each of the tables in `PARTS`."""
    db.session.remove()
    counts = {name: select(func.count()).select_from(Base.metadata.tables[name]) for name in sorted(PARTS)}
    return {name: db.session.scalar(count) or 0 for name, count in counts.items()}


def added(before: dict[str, int]) -> dict[str, int]:
    """Return how many rows each table has more than before."""
    return {name: count - before[name] for name, count in rows().items()}


def test_kill_during_accept_leaves_all_or_nothing(served: Served) -> None:
    references = admitted(KILLS + 2)
    token = served.cop("token", "fons@t.example")
    given = {"matched": [0, 0], "communities": ["een"]}

    def accept(reference: str) -> int:
        try:
            served.ask(f"/applications/{reference}/acceptance", token, name=f"Duo {reference}", **given)
        except HTTPError as refused:
            with refused:
                return refused.code
        except (OSError, HTTPException, ValueError):  # killed before or during the response
            return 0
        return 201

    served.start()
    assert accept(references.pop()) == 201  # the first also compiles templates and statements
    before, began = rows(), time.monotonic()
    assert accept(references.pop()) == 201
    took, whole = time.monotonic() - began, added(before)
    assert all(whole.values()), f"a partnership has rows in each of these tables: {whole}"

    kept = 0
    for n, reference in enumerate(references):
        before = rows()
        request = Thread(target=accept, args=(reference,))
        request.start()
        time.sleep(took * 1.5 * n / KILLS)
        served.kill()
        request.join()
        made = added(before)
        assert made in (whole, dict.fromkeys(whole, 0)), f"kill {n}: {made}, of {whole}"
        kept += made == whole
        served.start()
        assert accept(reference) == (409 if made == whole else 201)
    served.kill()
    assert integrity_errors(thorough=True) == []
    print(f"{kept} of {KILLS} were accepted before the kill; accepting takes {took:.2f} s")
