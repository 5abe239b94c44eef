"""communities.show: the page of a community."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room, enter
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community
from cop.threads import actions as threads
from cop.threads.models import Thread


def start(run_as: Any, cast: Any, who: str, title: str) -> int:
    return run_as(who, threads.start, Community, cast.one, title=title, text=text.render("De opening.", "plain"))


def test_empty_community(cast: Any) -> None:
    page = cast.client("anna").get("/communities/een").text
    assert "Hier is nog geen gesprek. Stel de eerste vraag." in page
    assert "Er zijn nog geen documenten gedeeld." in page
    assert "Stel de eerste vraag." not in cast.client("gerda").get("/communities/een").text


def test_content_is_shown(cast: Any, run_as: Any, app: Any) -> None:
    thread = start(run_as, cast, "anna", "Wie heeft een convenant?")
    run_as("eva", threads.feature, Thread, thread)
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one)).id
        enter(room, cast.bram, "hier", clock.now() + timedelta(minutes=1))
    page = cast.client("anna").get("/communities/een").text
    assert page.count("Wie heeft een convenant?") == 2
    assert "De opening." in page
    assert "1 deelnemer aanwezig" in page
    assert f'href="/rooms/{room}"' in page
    assert "6 deelnemers van 3 organisaties" in page
    for host in ("Eva Even", "Fons Feit", "Dina Deskundig"):
        assert host in page
    assert "/programmes/proef" in page


def test_actions_depend_on_the_role(cast: Any) -> None:
    pages = {who: cast.client(who).get("/communities/een").text for who in ("anna", "gerda", "eva")}
    assert "Deel een document" in pages["anna"]
    assert "Deel een document" not in pages["gerda"]
    assert ["/communities/een/edit" in pages[who] for who in ("anna", "gerda", "eva")] == [False, False, True]


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).get("/api/v1/communities/een", headers=cast.api("gerda"))
    assert answer.json == {
        "id": cast.one,
        "slug": "een",
        "name": "Eerste kring",
        "url": "/communities/een",
        "purpose": "",
        "themes": [],
        "emphasis": [],
        "role": "reader",
    }


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        answer = cast.client(who).get("/communities/een")
        assert answer.status_code == 404, who
        assert "Eerste kring" not in answer.text, who


def test_statements_do_not_grow_with_the_members(cast: Any, app: Any, run_as: Any, count_statements: Any) -> None:
    def grow(times: int) -> None:
        for n in range(times):
            start(run_as, cast, "bram", f"Vraag {n} van {times}")
        with app.app_context(), transaction():
            for n in range(times):
                person = Person(
                    mail=f"lid{n}-{times}@proef.example",
                    name=f"Lid {n}",
                    state="active",
                    entered=clock.now(),
                    organisation_id=cast.organisations[n % 3],
                )
                db.session.add(person)
                db.session.flush()
                db.session.add(Membership(person_id=person.id, community_id=cast.one, role="member"))

    grow(2)
    with count_statements() as few:
        small = cast.client("anna").get("/communities/een")
    grow(30)
    with count_statements() as many:
        large = cast.client("anna").get("/communities/een")
    assert len(many) == len(few) <= 12, "\n".join(many)
    assert len(large.data) < len(small.data) + 6_000  # the members have their own page
