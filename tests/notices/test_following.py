"""notices.follow, notices.unfollow and notices.mute."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base.db import db
from cop.things import Follow

WAYS = {
    "notices.follow": ("PUT", "following"),
    "notices.unfollow": ("DELETE", "following"),
    "notices.mute": ("PUT", "muting"),
}


def by_form(cast: Any, who: str, verb: str, thing: int) -> Any:
    method, noun = WAYS[verb]
    return cast.client(who).post(f"/things/{thing}/{noun}{'/delete' if method == 'DELETE' else ''}")


def follows(app: Any, person: int, thing: int) -> str | None:
    """Return what somebody hears of a thing, None where they chose nothing."""
    with app.app_context():
        return db.session.scalar(select(Follow.level).where(Follow.person_id == person, Follow.thing_id == thing))


def test_works(cast: Any, app: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna")
    answer = by_form(cast, "bram", "notices.follow", thread)
    assert (answer.status_code, answer.location) == (303, f"/threads/{thread}")
    assert follows(app, cast.bram, thread) == "all"
    posting.reply("eva", thread)
    assert notices("bram") == [("reply", 1)]
    by_form(cast, "bram", "notices.mute", thread)
    assert follows(app, cast.bram, thread) == "silent"
    by_form(cast, "bram", "notices.follow", thread)
    assert follows(app, cast.bram, thread) == "all"
    by_form(cast, "bram", "notices.unfollow", thread)
    assert follows(app, cast.bram, thread) is None


@pytest.mark.parametrize("verb", WAYS)
def test_repeating_is_harmless(cast: Any, app: Any, posting: Any, verb: str) -> None:
    thread = posting.start("anna")
    assert [by_form(cast, "bram", verb, thread).status_code for _time in range(2)] == [303, 303]


def test_muted_thread_stays_muted_after_replying(cast: Any, app: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("anna")
    by_form(cast, "bram", "notices.mute", thread)
    posting.reply("bram", thread)
    posting.reply("eva", thread, "Dag @Bram Baan")
    assert follows(app, cast.bram, thread) == "silent"
    assert notices("bram") == []


@pytest.mark.parametrize("verb", WAYS)
def test_works_by_api(cast: Any, posting: Any, verb: str) -> None:
    method, noun = WAYS[verb]
    answer = cast.client(None).open(
        f"/api/v1/things/{posting.start('anna')}/{noun}", method=method, headers=cast.api("gerda")
    )
    assert answer.status_code == 204


@pytest.mark.parametrize("verb", WAYS)
def test_stranger_gets_404(cast: Any, app: Any, posting: Any, verb: str) -> None:
    thread = posting.start("anna")
    for who in ("chris", "hans", "jan", "iris"):
        assert by_form(cast, who, verb, thread).status_code == 404, who
    assert by_form(cast, "bram", verb, 999999).status_code == 404


@pytest.mark.parametrize("verb", WAYS)
def test_is_not_journalled(cast: Any, posting: Any, journal_entries: Any, verb: str) -> None:
    by_form(cast, "bram", verb, posting.start("anna"))
    assert journal_entries(verb) == []


@pytest.mark.parametrize("verb", list(WAYS)[:2])
@pytest.mark.parametrize("elsewhere", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "x"])
def test_bad_input_names_the_field(cast: Any, app: Any, posting: Any, verb: str, elsewhere: str) -> None:
    thread = posting.start("anna")
    method, noun = WAYS[verb]
    before = follows(app, cast.bram, thread)
    answer = cast.client(None).open(
        f"/api/v1/things/{thread}/{noun}", method=method, headers=cast.api("bram"), json={"next": elsewhere}
    )
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["next"])
    assert follows(app, cast.bram, thread) is before
