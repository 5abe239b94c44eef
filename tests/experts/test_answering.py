"""What an expert does with a question: experts.accept, experts.decline, experts.hand_on; experts.settle, experts.drop,
experts.give_up and experts.pass_on follow from other verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.notices.models import Notice


@pytest.fixture
def notices(app: Any, cast: Any) -> Any:
    """Return a function that lists the reasons of somebody's unread notices about experts."""

    def unread(who: str) -> list[str]:
        query = Notice.person_id == getattr(cast, who), Notice.read.is_(None), Notice.reason.startswith("expert_")
        with app.app_context():
            return sorted(db.session.scalars(select(Notice.reason).where(*query)))

    return unread


def test_works(ask: Any, cast: Any, asked: Any, read: Any, notices: Any) -> None:
    made = asked()
    assert notices("dina") == ["expert_asked"]
    desk = read("dina", "/expert")
    assert "Hoe begint u?" in desk
    assert "Wij beginnen in januari met ramen." in desk
    cast.client("dina").post(f"{made['url']}/acceptance")
    assert "Dina Deskundig (Kennisinstituut Proef) antwoordt, uiterlijk" in read("anna", f"/threads/{made['thread']}")
    assert notices("anna") == ["expert_accepted"]
    reply = ask("dina", "post", f"/api/v1/threads/{made['thread']}/posts", body="Begin met tellen.")
    assert reply.json["author"]["role"] == "expert"
    shown = ask("anna", "get", f"/api/v1{made['url']}").json
    assert (shown["state"], shown["answer"]) == ("answered", reply.json["id"])
    assert "Hoe begint u?" in read("dina", "/expert")  # among the answers
    assert ask("dina", "get", "/api/v1/expert").json["items"] == []
    assert [one["id"] for one in ask("dina", "get", "/api/v1/expert/answers").json["items"]] == [made["id"]]


def test_works_by_api(ask: Any, cast: Any, expert: Any, asked: Any, state: Any, turns: Any) -> None:
    made = asked()
    accepted = [ask("dina", "put", f"/api/v1{made['url']}/acceptance") for _n in range(2)]
    assert [answer.json["state"] for answer in accepted] == ["accepted", "accepted"]
    elsa = expert("elsa")
    handed = ask("dina", "put", f"/api/v1{made['url']}/hand-on", expert=elsa)
    assert (handed.json["state"], handed.json["expert"]["id"]) == ("asked", elsa)
    wouter = expert("wouter")
    ask("elsa", "put", f"/api/v1{made['url']}/decline", reason="time")
    assert state(made["id"]) == ("asked", wouter, 0)  # not Dina, who had it
    assert turns(made["id"]) == [(cast.dina, "handed"), (elsa, "declined"), (wouter, "asked")]
    assert ask("elsa", "put", f"/api/v1{made['url']}/acceptance").status_code == 403


def test_stranger_gets_404(ask: Any, asked: Any, cast: Any) -> None:
    made = asked()
    for path, given in (("acceptance", {}), ("decline", {"reason": "time"}), ("hand-on", {"expert": cast.dina})):
        assert ask("chris", "put", f"/api/v1{made['url']}/{path}", **given).status_code == 404


def test_wrong_role_gets_403(ask: Any, asked: Any, cast: Any) -> None:
    made = asked()
    for path, given in (("acceptance", {}), ("decline", {"reason": "time"}), ("hand-on", {"expert": cast.dina})):
        for who in ("anna", "eva", "gerda"):
            assert ask(who, "put", f"/api/v1{made['url']}/{path}", **given).status_code == 403


def test_bad_input_names_the_field(ask: Any, asked: Any, cast: Any, expert: Any) -> None:
    made = asked()
    full = expert("elsa")
    wrong = [
        ("decline", {"reason": "other"}, "word"),
        ("decline", {"reason": "geen"}, "reason"),
        ("hand-on", {"expert": cast.bram}, "expert"),
    ]
    for path, given, field in wrong:
        answer = ask("dina", "put", f"/api/v1{made['url']}/{path}", **given)
        assert answer.status_code == 422, answer.text
        assert list(answer.json["errors"]) == [field]
    for _n in range(2):
        asked(expert=full)
    assert ask("dina", "put", f"/api/v1{made['url']}/hand-on", expert=full).status_code == 422  # who has enough
    page = cast.client("dina").post(f"{made['url']}/decline", data={"reason": "other", "word": " "})
    assert page.status_code == 422
    kept = cast.client("dina").post(f"{made['url']}/decline", data={"word": "Ik ben op reis"})
    assert "Ik ben op reis" in kept.text


def test_is_journalled(ask: Any, asked: Any, cast: Any, expert: Any, journal_entries: Any) -> None:
    made = asked()
    ask("dina", "put", f"/api/v1{made['url']}/acceptance")
    elsa = expert("elsa")
    ask("dina", "put", f"/api/v1{made['url']}/hand-on", expert=elsa)
    ask("elsa", "put", f"/api/v1{made['url']}/decline", reason="field")
    about = {"request": made["id"], "thread": made["thread"]}
    assert [one.details for one in journal_entries("experts.accept")] == [about]
    assert [one.details for one in journal_entries("experts.hand_on")] == [{**about, "expert": elsa}]
    assert [one.details for one in journal_entries("experts.decline")] == [about]
    assert [one.details for one in journal_entries("experts.give_up")] == [about]  # nobody is left
    again = asked(expert=elsa)
    ask("elsa", "post", f"/api/v1/threads/{again['thread']}/posts", body="Zo.")
    about = {"request": again["id"], "thread": again["thread"], "expert": elsa}
    assert [one.details for one in journal_entries("experts.settle")] == [about]


def test_reasons_are_read_by_whom_they_concern(ask: Any, asked: Any, read: Any, notices: Any) -> None:
    made = asked()
    ask("dina", "put", f"/api/v1{made['url']}/decline", reason="other", word="Ik ben met verlof")
    for who in ("anna", "eva"):
        assert "Ik ben met verlof" in read(who, made["url"])
        assert notices(who) == ["expert_declined"]
    assert "Ik ben met verlof" not in read("bram", made["url"])
    assert "Geen expert kan deze vraag nu beantwoorden." in read("bram", f"/threads/{made['thread']}")


def test_a_free_place_goes_to_the_next_in_the_same_moment(
    ask: Any, asked: Any, cast: Any, state: Any, notices: Any
) -> None:
    first, second, third, fourth = [asked(title=f"Vraag {n}") for n in range(4)]
    ask("dina", "post", f"/api/v1/threads/{first['thread']}/posts", body="Zo doet u dat.")
    assert state(third["id"]) == ("asked", cast.dina, 0)
    assert "expert_put" in notices("anna")
    ask("dina", "put", f"/api/v1{second['url']}/decline", reason="time")
    assert state(second["id"])[0] == "declined"
    assert state(fourth["id"]) == ("asked", cast.dina, 0)


def test_an_answer_from_the_queue_counts(ask: Any, asked: Any, cast: Any, state: Any, turns: Any) -> None:
    *_two, waits = [asked(title=f"Vraag {n}") for n in range(3)]
    ask("dina", "post", f"/api/v1/threads/{waits['thread']}/posts", body="Deze weet ik meteen.")
    assert state(waits["id"]) == ("answered", cast.dina, 0)
    assert turns(waits["id"]) == [(cast.dina, "answered")]


@pytest.mark.parametrize("how", ["closed", "hidden", "answered"])
def test_a_question_that_is_over_leaves_the_desk(
    ask: Any, asked: Any, cast: Any, state: Any, notices: Any, how: str
) -> None:
    made = asked()
    thread = f"/api/v1/threads/{made['thread']}"
    if how == "closed":
        ask("eva", "put", f"{thread}/closure")
    elif how == "hidden":
        ask("eva", "put", f"{thread}/hiding", reason="Namen")
    else:
        post = ask("bram", "post", f"{thread}/posts", body="Ik weet het.").json["id"]
        assert state(made["id"])[0] == "asked"
        ask("anna", "put", f"{thread}/answer", post=post)
    assert state(made["id"]) == ("withdrawn", cast.dina, 0)
    assert ask("dina", "get", "/api/v1/expert").json["items"] == []


def test_who_is_no_expert_any_more_passes_it_on(
    ask: Any, asked: Any, cast: Any, expert: Any, state: Any, turns: Any
) -> None:
    made, second = asked(), asked()
    elsa = expert("elsa")
    assert ask("eva", "patch", f"/api/v1/communities/een/members/{cast.dina}", role="member").status_code == 200
    assert state(made["id"]) == ("asked", elsa, 0)
    assert state(second["id"]) == ("asked", elsa, 0)
    assert turns(made["id"]) == [(cast.dina, "passed"), (elsa, "asked")]
    assert ask("eva", "delete", f"/api/v1/communities/een/members/{elsa}").status_code in (200, 204)
    assert state(made["id"])[0] == "declined"  # Dina had it before


def test_an_account_that_is_closed_passes_it_on(ask: Any, asked: Any, cast: Any, expert: Any, state: Any) -> None:
    made = asked()
    elsa = expert("elsa")
    assert ask("iris", "put", f"/api/v1/people/{cast.dina}/deactivation").status_code in (200, 204)
    assert state(made["id"]) == ("asked", elsa, 0)


def test_a_new_expert_gets_what_waits(ask: Any, asked: Any, cast: Any, state: Any) -> None:
    *_two, waits = [asked(title=f"Vraag {n}") for n in range(3)]
    until = (clock.today() + timedelta(days=90)).isoformat()
    assert (
        ask("eva", "patch", f"/api/v1/communities/een/members/{cast.bram}", role="expert", until=until).status_code
        == 200
    )
    assert state(waits["id"]) == ("asked", cast.bram, 0)


def test_a_question_that_moves_goes_to_an_expert_there(
    app: Any, ask: Any, asked: Any, cast: Any, state: Any, outbox: Any
) -> None:
    made = asked()
    assert ask("fons", "post", f"/api/v1/threads/{made['thread']}/move", community="twee").status_code == 200
    outbox("nobody")
    assert state(made["id"])[0] == "declined"  # the other community has no expert


def test_request_goes_along_when_its_thread_is_merged(
    ask: Any, asked: Any, question: Any, read: Any, state: Any
) -> None:
    made, other = asked(), question("bram", "Waar begint u?")
    merged = ask("eva", "post", f"/api/v1/threads/{made['thread']}/merge", into=f"/threads/{other}")
    assert merged.status_code in (200, 201), merged.json
    assert ask("dina", "get", f"/api/v1{made['url']}").json["thread"] == other
    assert "Dina Deskundig" in read("anna", f"/threads/{other}")
    ask("dina", "put", f"/api/v1{made['url']}/acceptance")
    ask("dina", "post", f"/api/v1/threads/{other}/posts", body="Begin met tellen.")
    assert state(made["id"])[0] == "answered"


def test_second_request_is_closed_when_threads_are_merged(ask: Any, expert: Any, asked: Any, state: Any) -> None:
    expert("elsa")
    first, second = asked(), asked(title="Nog eens?")
    ask("eva", "post", f"/api/v1/threads/{second['thread']}/merge", into=f"/threads/{first['thread']}")
    assert (state(first["id"])[0], state(second["id"])[0]) == ("asked", "withdrawn")
