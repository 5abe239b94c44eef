"""threads.mark_duplicate, threads.unmark_duplicate, threads.close_at, threads.keep_open, threads.slow, threads.unslow."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from cop.base import clock, jobs
from cop.curation.listeners import close_threads


def test_works(cast: Any, pair: SimpleNamespace) -> None:
    client = cast.client("eva")
    into = {"into": f"/threads/{pair.b}"}
    page = client.post(f"/threads/{pair.a}/duplicate", data=into, follow_redirects=True).text
    assert "Gesloten, met een verwijzing naar “Huiseigenaren bereiken”." in page
    assert "Dit gesprek gaat verder in" in page
    assert "Hetzelfde stond in" in client.get(f"/threads/{pair.b}").text
    page = client.post(f"/threads/{pair.a}/duplicate/delete", follow_redirects=True).text
    assert "Dit gesprek gaat verder in" not in page
    assert "Hetzelfde stond in" not in client.get(f"/threads/{pair.b}").text


def test_works_by_api(ask: Any, pair: SimpleNamespace) -> None:
    assert ask("eva", "put", f"/threads/{pair.a}/duplicate", into=f"/threads/{pair.b}").json["closed"] is True
    assert ask("eva", "delete", f"/threads/{pair.a}/duplicate").json["closed"] is False
    assert ask("eva", "put", f"/threads/{pair.a}/closing", day=clock.today().isoformat()).status_code == 200
    assert ask("eva", "delete", f"/threads/{pair.a}/closing").status_code == 200
    assert ask("eva", "put", f"/threads/{pair.a}/pace", minutes=15).status_code == 200
    assert ask("eva", "delete", f"/threads/{pair.a}/pace").status_code == 200


def each(ask: Any, pair: SimpleNamespace, who: str) -> list[int]:
    """Return the status of each verb for somebody."""
    given: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("put", "duplicate", {"into": f"/threads/{pair.b}"}),
        ("delete", "duplicate", {}),
        ("put", "closing", {"day": clock.today().isoformat()}),
        ("delete", "closing", {}),
        ("put", "pace", {"minutes": 5}),
        ("delete", "pace", {}),
    )
    return [ask(who, method, f"/threads/{pair.a}/{noun}", **fields).status_code for method, noun, fields in given]


def test_stranger_gets_404(ask: Any, pair: SimpleNamespace) -> None:
    assert set(each(ask, pair, "chris")) == {404}


def test_wrong_role_gets_403(ask: Any, pair: SimpleNamespace) -> None:
    assert set(each(ask, pair, "anna")) == {403}


def test_bad_input_names_the_field(ask: Any, pair: SimpleNamespace) -> None:
    gone = (clock.today() - timedelta(days=1)).isoformat()
    for noun, given in (("duplicate", {"into": "x"}), ("closing", {"day": gone}), ("pace", {"minutes": 0})):
        answer = ask("eva", "put", f"/threads/{pair.a}/{noun}", **given)
        assert (answer.status_code, list(answer.json["errors"])) == (422, list(given)), noun


def test_is_journalled(ask: Any, pair: SimpleNamespace, journal: Any) -> None:
    assert set(each(ask, pair, "eva")) == {200}
    assert journal("threads.mark_duplicate") == [{"target": pair.b}]
    assert journal("threads.unmark_duplicate") == [{"target": pair.b}]
    assert journal("threads.slow") == [{"minutes": 5}]
    assert [len(journal(f"threads.{verb}")) for verb in ("close_at", "keep_open", "unslow")]


def test_a_closed_duplicate_stays_closed(ask: Any, pair: SimpleNamespace) -> None:
    ask("eva", "put", f"/threads/{pair.a}/closure")
    ask("eva", "put", f"/threads/{pair.a}/duplicate", into=f"/threads/{pair.b}")
    assert ask("eva", "delete", f"/threads/{pair.a}/duplicate").json["closed"] is True
    assert ask("eva", "delete", f"/threads/{pair.a}/duplicate").status_code == 404


def test_no_circle_of_duplicates(ask: Any, pair: SimpleNamespace) -> None:
    ask("eva", "put", f"/threads/{pair.a}/duplicate", into=f"/threads/{pair.b}")
    answer = ask("eva", "put", f"/threads/{pair.b}/duplicate", into=f"/threads/{pair.a}")
    assert list(answer.json["errors"]) == ["into"]


def test_a_thread_closes_after_its_last_day(app: Any, cast: Any, ask: Any, pair: SimpleNamespace, journal: Any) -> None:
    ask("eva", "put", f"/threads/{pair.a}/closing", day=clock.today().isoformat())
    assert "Sluit na" in cast.client("gerda").get(f"/threads/{pair.a}").text
    with app.app_context():
        close_threads()
    assert ask("gerda", "get", f"/threads/{pair.a}").json["closed"] is False
    clock.shift(timedelta(days=1))
    try:
        with app.app_context():
            close_threads()
            jobs.run_due()
        assert ask("gerda", "get", f"/threads/{pair.a}").json["closed"] is True
        assert ask("bram", "post", f"/threads/{pair.a}/posts", body="Te laat").status_code == 403
        ask("eva", "delete", f"/threads/{pair.a}/closure")
        with app.app_context():
            close_threads()
        assert ask("gerda", "get", f"/threads/{pair.a}").json["closed"] is False, "reopening forgets the day"
    finally:
        clock.shift(timedelta(0))


def test_a_slow_thread_asks_for_time(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    ask("eva", "put", f"/threads/{pair.b}/pace", minutes=15)
    assert "15 minuten tussen uw reacties" in cast.client("gerda").get(f"/threads/{pair.b}").text
    assert ask("bram", "post", f"/threads/{pair.b}/posts", body="Eerste").status_code == 201
    answer = ask("bram", "post", f"/threads/{pair.b}/posts", body="Tweede")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["body"])
    page = cast.client("bram").post(f"/threads/{pair.b}/posts", data={"body": "Mijn lange tekst"})
    assert page.status_code == 422
    assert "Mijn lange tekst" in page.text
    assert "U kunt weer reageren op" in page.text
    assert ask("eva", "post", f"/threads/{pair.b}/posts", body="Een").status_code == 201
    assert ask("eva", "post", f"/threads/{pair.b}/posts", body="Twee").status_code == 201
    clock.shift(timedelta(minutes=16))
    try:
        assert ask("bram", "post", f"/threads/{pair.b}/posts", body="Tweede").status_code == 201
    finally:
        clock.shift(timedelta(0))


def test_a_repeated_reply_is_no_second_one(ask: Any, pair: SimpleNamespace) -> None:
    ask("eva", "put", f"/threads/{pair.b}/pace", minutes=15)
    given = {"body": "Eerste", "client_id": "00000000-0000-4000-8000-000000000002"}
    answers = [ask("bram", "post", f"/threads/{pair.b}/posts", **given) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
