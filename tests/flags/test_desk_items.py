"""On the desk: questions without a reply for three working days, and new members who have not written yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.society.memberships import membership_of
from cop.society.people import Person
from cop.society.programmes import Community
from cop.threads import actions as threads
from cop.threads.models import Thread
from tests.conftest import go_to

MONDAY = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_question_waits_on_the_desk_until_somebody_replies(run_as: Any, read: Any, cast: Any) -> None:
    go_to(MONDAY)
    words = text.render("Wie weet dit?", "plain")
    id = run_as("anna", threads.start, Community, cast.one, title="Wie belt de buren?", text=words)
    go_to(MONDAY + 3 * DAY)
    assert "Wie belt de buren?" not in read("eva", "/desk")
    go_to(MONDAY + 4 * DAY)
    page = read("eva", "/desk")
    assert "Vragen zonder reactie" in page
    assert "Anna Adem kreeg nog geen reactie." in page
    assert "Wie belt de buren?" not in read("jan", "/desk")  # of another community
    run_as("bram", threads.reply, Thread, id, text=words)
    assert "Wie belt de buren?" not in read("eva", "/desk")


def test_new_member_without_a_word_is_named_for_a_while(app: Any, run_as: Any, read: Any, cast: Any) -> None:
    go_to(MONDAY)
    with app.app_context(), transaction():
        for who in (cast.anna, cast.bram, cast.chris):
            membership = membership_of(who, cast.one)
            if membership is not None:
                membership.since = MONDAY - timedelta(days=20)
    assert "Nieuwe deelnemers die nog niets schreven" in read("eva", "/desk")
    page = read("eva", "/desk")
    assert f'href="/people/{cast.bram}"' in page
    words = text.render("Dag allemaal.", "plain")
    run_as("bram", threads.start, Community, cast.one, title="Dag", text=words)
    page = read("eva", "/desk")
    assert (f'href="/people/{cast.bram}"' in page, f'href="/people/{cast.anna}"' in page) == (False, True)
    go_to(MONDAY + timedelta(days=50))
    assert f'href="/people/{cast.anna}"' not in read("eva", "/desk")
    with app.app_context():
        assert db.session.get(Person, cast.anna) is not None
