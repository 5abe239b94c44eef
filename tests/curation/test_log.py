"""The log of what moderators did, which everybody in the community can read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def log(ask: Any) -> Any:
    """`log('gerda')`: the verbs that somebody reads, the newest first."""

    def verbs(who: str) -> list[str]:
        answer = ask(who, "get", "/communities/een/moderation")
        assert answer.status_code == 200, answer.text
        return [entry["verb"] for entry in answer.json["items"]]

    return verbs


def test_everybody_reads_what_was_done_and_why(cast: Any, ask: Any, pair: SimpleNamespace, log: Any) -> None:
    ask("eva", "put", f"/threads/{pair.a}/pin")
    ask("fons", "put", f"/posts/{pair.a_posts[1]}/hiding", reason="Hier staat een adres in")
    ask("anna", "patch", f"/threads/{pair.a}", title="Eigen titel", base_version=99)
    ask("eva", "patch", f"/threads/{pair.a}", title="Betere titel", base_version=99)
    ask("eva", "post", f"/threads/{pair.a}/merge", into=f"/threads/{pair.b}")
    assert log("gerda") == ["threads.merge", "posts.hide"], "of what is gone itself, nothing is said"
    page = cast.client("gerda").get("/communities/een/moderation").text
    assert "door een moderator" in page
    assert "door het programmateam" in page
    assert "Hier staat een adres in" in page
    for name in ("Bram Baan", "Eva", "Fons"):
        assert name not in page.partition("<main")[2].partition("</main")[0]


def test_authors_own_changes_are_left_out(ask: Any, pair: SimpleNamespace, log: Any) -> None:
    ask("anna", "patch", f"/threads/{pair.a}", title="Eigen titel", base_version=99)
    ask("eva", "patch", f"/threads/{pair.a}", title="Betere titel", base_version=99)
    assert log("gerda") == ["threads.retitle"]


def test_what_a_reader_may_not_see_is_left_out(ask: Any, pair: SimpleNamespace, log: Any) -> None:
    ask("eva", "put", f"/posts/{pair.a_posts[1]}/hiding", reason="Adres")
    ask("eva", "put", f"/threads/{pair.a}/hiding", reason="Alles")
    assert log("gerda") == []
    assert log("eva") == ["threads.hide"]


def test_strangers_get_404(ask: Any, pair: SimpleNamespace) -> None:
    assert ask("chris", "get", "/communities/een/moderation").status_code == 404


def test_pages_go_on_where_the_last_ended(ask: Any, pair: SimpleNamespace) -> None:
    for _n in range(2):
        ask("eva", "put", f"/threads/{pair.a}/closure")
        ask("eva", "delete", f"/threads/{pair.a}/closure")
    first = ask("gerda", "get", "/communities/een/moderation", limit=3).json
    rest = ask("gerda", "get", "/communities/een/moderation", limit=3, after=first["items"][-1]["id"]).json
    assert [len(one["items"]) for one in (first, rest)] == [3, 1]
    assert rest["next"] is None


def test_the_log_takes_at_most_six_statements(
    cast: Any, ask: Any, pair: SimpleNamespace, count_statements: Any
) -> None:
    for _n in range(3):
        ask("eva", "put", f"/threads/{pair.a}/closure")
        ask("eva", "delete", f"/threads/{pair.a}/closure")
    gerda = cast.client("gerda")
    gerda.get("/communities/een/moderation")
    with count_statements() as statements:
        assert gerda.get("/communities/een/moderation").status_code == 200
    assert len(statements) <= 6, statements
