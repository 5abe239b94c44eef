"""The statements of the desk read an index: what they read does not grow with the posts of a programme."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from cop.base.action import transaction
from cop.base.db import db
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import PartnerPerson, Partnership, Programme
from tests.conftest import SeparateApp
from tests.house import test_plans as plans


@pytest.fixture(scope="module")
def grown(separate_app: SeparateApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """Return an app with many threads of a programme in deepening, and the session of its coach."""
    with separate_app("desk", tmp_path_factory.mktemp("desk")) as app:
        with app.app_context():
            with transaction():
                secret = plans.fill()
                programme = db.session.query(Programme).one()
                programme.phase = "deepening"
                reader, writer = db.session.query(Person).order_by(Person.id).all()
                duo = Partnership(programme_id=programme.id, name="Duo")
                db.session.add_all([duo, TeamMember(programme_id=programme.id, person_id=reader.id)])
                db.session.flush()
                db.session.add(PartnerPerson(partnership_id=duo.id, person_id=writer.id))
            with db.engine.connect() as connection:
                connection.execute(text("ANALYZE"))
                connection.commit()
        yield app, secret


def test_the_desk_reads_indexes(grown: tuple[Any, str], monkeypatch: pytest.MonkeyPatch) -> None:
    app, secret = grown
    statements = plans.statements_of(app, secret, "/coach", monkeypatch)
    assert any("ORDER BY thing.made DESC" in sql for sql, _given in statements)
    assert [problem for sql, given in statements for problem in plans.problems(app, sql, given)] == []
