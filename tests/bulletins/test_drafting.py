"""What a draft says: what happened, only as far as its whole audience sees it; and the draft of Monday morning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.bulletins.drafting import MOST, next_monday
from cop.programmes import actions as programmes
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Phase, Programme
from cop.things import Thing
from tests.bulletins.test_bulletins import PATH, api, titles


def started(cast: Any, who: str, kind: str, title: str, community: str = "een") -> int:
    sent = {"kind": kind, "title": title, "body": "Een tekst."}
    answer = api(cast, "POST", f"/communities/{community}/threads", who, **sent)
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def draft(cast: Any, **given: Any) -> str:
    """Return the source of a new draft."""
    made = api(cast, "POST", PATH, **given)
    assert made.status_code == 201, made.text
    return str(made.json["source"])


@pytest.fixture
def quiet(app: Any, cast: Any) -> None:
    """Let everybody have come in long ago."""
    ago = clock.now() - timedelta(days=40)
    with app.app_context(), transaction():
        db.session.execute(update(Person).values(entered=ago))
        db.session.execute(update(Membership).values(since=ago))


def test_it_names_what_happened_newest_first(app: Any, cast: Any, quiet: None) -> None:
    first, second = (started(cast, "dina", "guidance", f"Handreiking {n}") for n in (1, 2))
    question = started(cast, "anna", "question", "Wie heeft [een] *convenant*?")
    answered = started(cast, "anna", "question", "Al beantwoord?")
    api(cast, "POST", f"/threads/{answered}/posts", "bram", body="Ja.")
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).entered = clock.now()
        starts = clock.today() + timedelta(days=10)
        db.session.add(Phase(programme_id=cast.programme, kind="harvest", starts=starts, ends=starts))
    source = draft(cast, community="een")
    assert source.startswith("Beste allemaal,")
    at = [source.index(f"/threads/{id})") for id in (second, first, question)]
    assert at == sorted(at)
    assert "Al beantwoord" not in source
    assert "de fase Oogst begint" in source
    assert "Bram Baan" in source
    assert "Anna Adem" not in source


def test_a_title_stays_words(cast: Any, quiet: None) -> None:
    started(cast, "anna", "question", "Wie heeft [een](/x) *convenant* <b>nu</b>?")
    made = api(cast, "POST", PATH, community="een").json
    assert "Wie heeft [een](/x) *convenant* &lt;b&gt;nu&lt;/b&gt;?" in made["html"]


def test_what_one_community_sees_is_not_quoted_to_all(cast: Any, quiet: None) -> None:
    started(cast, "dina", "guidance", "Alleen voor de kring")
    assert "Alleen voor de kring" in draft(cast, community="een")
    assert "Alleen voor de kring" not in draft(cast)
    assert "Alleen voor de kring" not in draft(cast, community="twee")


def test_a_community_of_everybody_is_quoted_to_all(app: Any, cast: Any, quiet: None) -> None:
    started(cast, "dina", "guidance", "Voor iedereen")
    with app.app_context(), transaction():
        ago = clock.now() - timedelta(days=40)
        for who in (cast.chris, cast.jan):
            db.session.add(Membership(person_id=who, community_id=cast.one, role="member", since=ago))
    source = draft(cast)
    assert "Voor iedereen" in source
    assert "(Eerste kring)" in source
    assert "Voor iedereen" in draft(cast, community="twee")


def test_it_looks_back_to_the_last_one_that_was_sent(app: Any, cast: Any, quiet: None) -> None:
    old = started(cast, "dina", "guidance", "Vorige week")
    with app.app_context(), transaction():
        moved = update(Thing).where(Thing.id == old).values(made=clock.now() - timedelta(days=6))
        db.session.execute(moved, execution_options={"changes": [old]})
    made = api(cast, "POST", PATH, community="een").json
    assert "Vorige week" in made["source"]
    api(cast, "POST", f"/bulletins/{made['id']}/sending")
    started(cast, "dina", "guidance", "Deze week")
    source = draft(cast, community="een")
    assert "Vorige week" not in source
    assert "Deze week" in source


def test_newcomers_are_greeted_by_those_who_can_see_them(app: Any, cast: Any, quiet: None) -> None:
    with app.app_context(), transaction():
        for name, community, entered in (
            ("Nina Nieuw", cast.one, clock.now()),
            ("Otto Ongezien", cast.one, None),
            ("Tim Twee", cast.two, clock.now()),
        ):
            person = Person(mail=f"{name[:4]}@proef.example", name=name, state="active", entered=entered)
            db.session.add(person)
            db.session.flush()
            db.session.add(Membership(person_id=person.id, community_id=community, role="member"))
    one, everybody = draft(cast, community="een"), draft(cast)
    assert "Nina Nieuw" in one
    assert "Tim Twee" not in one
    assert "Tim Twee, Nina Nieuw" in everybody
    assert "Otto" not in one + everybody


def test_a_draft_is_short(cast: Any, quiet: None) -> None:
    for number in range(8):
        started(cast, "dina", "guidance", f"Handreiking {number}")
        started(cast, "anna", "question", f"Vraag {number}")
    lines = [line for line in draft(cast, community="een").splitlines() if line.startswith("- ")]
    assert len(lines) == 8 <= MOST


def test_published_dates_are_named(app: Any, cast: Any, quiet: None) -> None:
    with app.app_context(), transaction():
        fons, programme = db.session.get_one(Person, cast.fons), db.session.get_one(Programme, cast.programme)
        day = clock.today() + timedelta(days=9)
        dates = [{"day": str(day), "time": "10.00", "title": "Werksessie", "place": "Utrecht"}]
        programmes.edit_public(fons, programme, what="Waar het over gaat.", dates=dates)
    assert "Werksessie" not in draft(cast)
    with app.app_context(), transaction():
        programmes.publish(db.session.get_one(Person, cast.fons), db.session.get_one(Programme, cast.programme))
    assert "Werksessie (10.00, Utrecht)" in draft(cast)


# Monday morning


def weekly(app: Any) -> None:
    with app.app_context():
        jobs.JOBS["bulletins.weekly"]()


def test_monday_brings_a_draft_to_the_desk_once(app: Any, cast: Any, quiet: None) -> None:
    weekly(app)
    assert titles(cast, "fons", "drafts") == []  # nothing happened
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).entered = clock.now()
    weekly(app)
    weekly(app)
    (title,) = titles(cast, "fons", "drafts")
    (row,) = [one for one in api(cast, "GET", "/coach").json["items"] if one["kind"] == "bulletin"]
    assert (row["name"], row["state"]) == (title, "act")
    assert "Uw weekbericht staat klaar" in cast.client("fons").get("/coach").text
    assert "Weekbericht versturen" in cast.client("fons").get(row["url"]).text
    api(cast, "POST", f"{row['url']}/sending")
    assert not [one for one in api(cast, "GET", "/coach").json["items"] if one["kind"] == "bulletin"]


def test_monday_brings_nothing_to_the_archive_or_without_a_team(app: Any, cast: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).phase = "archive"
    weekly(app)
    assert titles(cast, "fons", "drafts") == []
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).phase = "start"
        team = db.session.get_one(TeamMember, (cast.programme, cast.fons))
        db.session.delete(team)
    weekly(app)
    with app.app_context(), transaction():
        db.session.add(TeamMember(programme_id=cast.programme, person_id=cast.fons))
    assert titles(cast, "fons", "drafts") == []


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2026, 11, 30, 5, 59, tzinfo=UTC), datetime(2026, 11, 30, 6, tzinfo=UTC)),
        (datetime(2026, 11, 30, 6, 0, tzinfo=UTC), datetime(2026, 12, 7, 6, tzinfo=UTC)),
        (datetime(2026, 12, 2, 12, tzinfo=UTC), datetime(2026, 12, 7, 6, tzinfo=UTC)),
        (datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 3, 29, 5, tzinfo=UTC)),  # summer time begins between
    ],
)
def test_it_runs_on_monday_at_seven_in_amsterdam(now: datetime, then: datetime) -> None:
    assert next_monday(now) == then
    assert next_monday(now).weekday() == date(2026, 11, 30).weekday()
