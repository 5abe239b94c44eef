"""programmes.enter_phase: starting a phase by hand or on its date, who is told, and the archive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.programmes.listeners import enter_phases
from cop.society.programmes import Phase, Programme

PATH = "/programmes/proef"


def enter(cast: Any, phase: str, who: str = "fons", **more: Any) -> Any:
    return cast.client(who).post(f"{PATH}/phase", data={"phase": phase, **more})


def phase_of(app: Any, cast: Any) -> str:
    with app.app_context():
        return db.session.get_one(Programme, cast.programme).phase


def test_works_and_tells_those_who_take_part(cast: Any, outbox: Any) -> None:
    assert enter(cast, "harvest", mail="1").location == PATH
    assert '<li aria-current="step"><b>Oogst</b>' in cast.client("anna").get(PATH).text
    assert "staat nu in de fase Oogst" in cast.client("anna").get("/notices").text
    assert "staat nu in de fase Oogst" not in cast.client("fons").get("/notices").text
    assert [one.subject for one in outbox("anna@")] == ["‘Proefprogramma’ staat nu in de fase Oogst"]
    assert outbox("fons@") == outbox("hans@") == []


def test_works_by_api_without_mail(cast: Any, outbox: Any) -> None:
    answer = cast.client(None).put(f"/api/v1{PATH}/phase", headers=cast.api("iris"), json={"phase": "closing"})
    assert (answer.status_code, answer.json["phase"]) == (200, "closing")
    assert outbox("anna@") == []


def test_a_later_phase_replaces_the_notice_of_an_earlier_one(cast: Any) -> None:
    enter(cast, "harvest")
    enter(cast, "closing")
    page = cast.client("anna").get("/notices").text
    assert "in de fase Afsluiting" in page
    assert "in de fase Oogst" not in page


def test_a_phase_that_somebody_else_changed_is_not_overwritten(cast: Any, app: Any) -> None:
    enter(cast, "harvest")
    answer = enter(cast, "closing", current="start")
    assert answer.status_code == 409
    assert "staat al in een andere fase" in answer.text
    assert enter(cast, "harvest").status_code == 409  # it runs already
    assert phase_of(app, cast) == "harvest"


def test_stranger_gets_404(cast: Any) -> None:
    assert enter(cast, "harvest", "hans").status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    assert [enter(cast, "harvest", who).status_code for who in ("anna", "eva", "gerda")] == [403, 403, 403]


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = cast.client(None).put(f"/api/v1{PATH}/phase", headers=cast.api("fons"), json={"phase": "klaar"})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["phase"])


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    enter(cast, "harvest")
    entry = journal_entries("programmes.enter_phase")[-1]
    assert (entry.person_id, entry.details["phase"]) == (cast.fons, "harvest")


def plan(app: Any, cast: Any, **starts: int) -> None:
    """Plan phases, each so many days from now; the current one began a week ago."""
    with app.app_context(), transaction():
        programme = db.session.get_one(Programme, cast.programme)
        programme.phase, programme.phase_since = "start", clock.today() - timedelta(days=7)
        programme.phases = [
            Phase(
                kind=kind, starts=clock.today() + timedelta(days=days), ends=clock.today() + timedelta(days=days + 30)
            )
            for kind, days in starts.items()
        ]


@pytest.mark.parametrize(
    ("starts", "phase"),
    [
        ({"deepening": 0}, "deepening"),
        ({"deepening": 1}, "start"),
        ({"deepening": -2, "harvest": -1}, "harvest"),  # after a night without a worker
        ({"recruiting": -1}, "start"),  # never back
        ({"deepening": -8}, "start"),  # before somebody chose the current one
        ({"archive": 0}, "archive"),
    ],
)
def test_a_phase_starts_on_its_date(app: Any, cast: Any, outbox: Any, starts: dict[str, int], phase: str) -> None:
    plan(app, cast, **starts)
    for _twice in range(2):
        with app.app_context():
            enter_phases()
    assert phase_of(app, cast) == phase
    assert len(outbox("anna@")) == (phase != "start")


def test_a_phase_that_was_set_back_does_not_start_again(app: Any, cast: Any) -> None:
    plan(app, cast, deepening=0)
    with app.app_context():
        enter_phases()
    enter(cast, "start")
    with app.app_context():
        enter_phases()
    assert phase_of(app, cast) == "start"


# The archive


def test_the_archive_is_told_by_mail_and_undone_by_an_administrator(cast: Any, app: Any, outbox: Any) -> None:
    enter(cast, "archive")
    assert [one.subject for one in outbox("anna@")] == ["‘Proefprogramma’ is afgesloten"]
    assert enter(cast, "closing").status_code == 403
    assert phase_of(app, cast) == "archive"
    assert "Alleen een beheerder" in cast.client("fons").get(f"{PATH}/phase").text
    assert enter(cast, "closing", "iris").status_code == 303
    assert phase_of(app, cast) == "closing"


def test_in_the_archive_everything_can_be_read_and_nothing_changed(cast: Any) -> None:
    begun = {"kind": "question", "title": "Een vraag", "body": "Wie weet het?"}
    thread = cast.client("anna").post("/communities/een/threads", data=begun).location.split("/")[2].partition("#")[0]
    enter(cast, "archive")
    for who, path in (("anna", f"/threads/{thread}"), ("anna", PATH), ("fons", f"{PATH}/edit"), ("anna", "/")):
        page = cast.client(who).get(path)
        assert page.status_code == 200
        assert "staat in het archief" in page.text, path
    refused = [
        ("anna", f"/threads/{thread}/posts", {"body": "Nog iets"}),
        ("eva", "/communities/een/members", {"mail": "nieuw@proef.example"}),
        ("eva", "/communities/een", {"name": "Anders"}),
        ("fons", PATH, {"name": "Anders"}),
        ("iris", PATH, {"name": "Anders"}),
        ("fons", f"{PATH}/public", {"what": "Anders"}),
        ("fons", f"{PATH}/communities", {"name": "Nieuw"}),
        ("iris", f"{PATH}/partnerships", {"name": "Nieuw"}),
    ]
    for who, path, sent in refused:
        assert cast.client(who).post(path, data=sent).status_code == 403, path
    answer = cast.client(None).post(
        f"/api/v1/threads/{thread}/posts", headers=cast.api("anna"), json={"body": "Nog iets"}
    )
    assert answer.status_code == 403


def test_an_administrator_outside_cannot_change_a_partnership_in_the_archive(cast: Any, run_as: Any) -> None:
    from cop.partnerships import actions as partnerships

    id = run_as("fons", partnerships.add, Programme, cast.programme, name="Duo", organisations=cast.organisations[:2])
    enter(cast, "archive")
    assert cast.client("iris").post(f"/partnerships/{id}", data={"name": "Anders"}).status_code == 403


# The checklist


def test_the_checklist_follows_from_facts(cast: Any) -> None:
    cast.client("fons").post(PATH, data={"phase": "recruiting", "name": "Proefprogramma"})
    page = cast.client("fons").get(PATH).text
    assert "In deze fase: Werving" in page
    assert "In deze fase" not in cast.client("anna").get(PATH).text
    done = '<li class="is-done"><svg class="icon" aria-hidden="true">'
    contact = "Er is een contactpersoon met mailadres"
    before = page[: page.index(contact)].count(done)
    cast.client("fons").post(f"{PATH}/public", data={"contact_mail": "carla@proef.example"})
    after = cast.client("fons").get(PATH).text
    assert after[: after.index(contact)].count(done) == before + 1


@pytest.mark.parametrize("phase", ["recruiting", "start", "deepening", "harvest", "closing"])
def test_each_phase_has_a_checklist(cast: Any, phase: str, app: Any) -> None:
    if phase_of(app, cast) != phase:
        enter(cast, phase)
    assert '<ul class="checklist">' in cast.client("fons").get(PATH).text


def test_the_archive_has_no_checklist(cast: Any) -> None:
    enter(cast, "archive")
    assert '<ul class="checklist">' not in cast.client("fons").get(PATH).text
