"""notices.choose_level and notices.choose_level_in: who hears what of a thread and of a community, and until when."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.notices.digest import digest_one
from cop.notices.levels import end_levels
from cop.notices.models import AudienceFollow
from cop.things import Follow
from tests.conftest import go_to

PLACE = "/communities/een"
MENTION = "Wat vindt u, @Bram Baan?"


@pytest.fixture
def choose(cast: Any) -> Any:
    """`choose('bram', 'silent', thread)`: choose a level for a thread, or without one for the community."""

    def chosen(who: str, level: str | None, thread: int | None = None, **given: Any) -> Any:
        url = f"/api/v1/things/{thread}/level" if thread else f"/api/v1{PLACE}/level"
        return cast.client(None).put(url, json={"level": level, **given}, headers=cast.api(who))

    return chosen


@pytest.fixture
def told(app: Any, cast: Any, notices: Any, emails_to: Any) -> Any:
    """`told('bram')`: the reasons of somebody's notices, of their mail at once, and whether the overview has news."""

    def of(who: str) -> tuple[list[str], list[str], bool]:
        reasons, mails = [reason for reason, _times in notices(who)], [mail.kind for mail in emails_to(who)]
        with app.app_context():
            digest_one(getattr(cast, who))
        return sorted(reasons), mails, "notices/digest" in [mail.kind for mail in emails_to(who)[len(mails) :]]

    return of


def happens(posting: SimpleNamespace) -> None:
    """Eva starts a thread, and an announcement, and mentions Bram in the thread."""
    thread = posting.start("eva", "Een ervaring", kind="experience")
    posting.start("eva", "Let op", kind="announcement")
    posting.reply("anna", thread, "Bij ons ook.")
    posting.reply("anna", thread, MENTION)


@pytest.mark.parametrize(
    ("level", "reasons", "mails", "overview"),
    [
        (None, ["announcement", "mention"], ["notices/mention"], True),
        ("important", ["announcement", "mention"], ["notices/mention"], True),
        ("all", ["announcement", "announcement", "mention", "reply"], ["notices/mention"], True),
        ("digest", [], [], True),
        ("silent", [], [], False),
    ],
)
def test_works_for_each_level_of_a_community(
    choose: Any, posting: Any, told: Any, level: str | None, reasons: list[str], mails: list[str], overview: bool
) -> None:
    assert choose("bram", level).status_code == 204
    happens(posting)
    assert told("bram") == (reasons, mails, overview)
    assert told("gerda")[0] == ["announcement"], "only that of the person who chose"


@pytest.mark.parametrize(
    ("level", "reasons", "overview"),
    [
        ("important", ["mention"], True),
        ("all", ["mention", "reply"], True),
        ("digest", [], True),
        ("silent", [], False),
    ],
)
@pytest.mark.parametrize("community", [None, "all", "silent"])
def test_the_level_of_a_thread_goes_before_that_of_its_community(
    choose: Any, posting: Any, told: Any, level: str, reasons: list[str], overview: bool, community: str | None
) -> None:
    thread = posting.start("eva", "Een ervaring", kind="experience")
    choose("bram", community)
    assert choose("bram", level, thread).status_code == 204
    posting.reply("anna", thread, "Bij ons ook.")
    posting.reply("anna", thread, MENTION)
    found, _mails, news = told("bram")
    assert (found, news) == (reasons, overview)


def test_who_chose_for_a_community_does_not_follow_by_writing(
    app: Any, cast: Any, choose: Any, posting: Any, notices: Any
) -> None:
    choose("bram", "important")
    thread = posting.start("bram", kind="experience")
    posting.reply("bram", thread)
    posting.reply("eva", thread)
    assert notices("bram") == []
    with app.app_context():
        assert db.session.get(Follow, (cast.bram, thread)) is None
    choose("bram", None)
    posting.reply("bram", thread)
    posting.reply("eva", thread)
    assert notices("bram") == [("reply", 1)]


def test_an_answer_to_ones_question_follows_the_level(choose: Any, posting: Any, notices: Any, emails_to: Any) -> None:
    thread = posting.start("bram", kind="question")
    choose("bram", "digest", thread)
    posting.reply("eva", thread)
    assert (notices("bram"), emails_to("bram")) == ([], [])
    choose("bram", "important", thread)
    posting.reply("eva", thread)
    assert notices("bram") == [("answer", 1)]


def test_a_level_ends_after_its_day(app: Any, cast: Any, choose: Any, posting: Any, notices: Any) -> None:
    thread = posting.start("eva", kind="experience")
    choose("bram", "all", thread)
    day = clock.today() + timedelta(days=2)
    for level in ("silent", "digest"):  # chosen twice: what was there before both comes back
        assert choose("bram", level, thread, until=day.isoformat()).status_code == 204
    choose("bram", "silent", until=day.isoformat())
    for days, level in ((2, "digest"), (1, "all")):
        go_to(clock.now() + timedelta(days=days))
        with app.app_context():
            end_levels()
            end_levels()
            row = db.session.get_one(Follow, (cast.bram, thread))
            assert (row.level, row.until is None) == (level, level == "all")
            mine = db.session.scalars(select(AudienceFollow.level)).all()
            assert mine == (["silent"] if level == "digest" else [])
    posting.reply("anna", thread)
    assert notices("bram") == [("reply", 1)]


def test_works_on_its_pages(cast: Any, choose: Any, posting: Any, read: Any) -> None:
    thread = posting.start("anna", "Wie volgt?")
    assert f'href="/things/{thread}/level"' in read("bram", f"/threads/{thread}")
    assert f'href="{PLACE}/level"' in read("bram", f"{PLACE}/threads")
    assert "Wat wilt u hiervan horen?" in read("bram", f"/things/{thread}/level")
    assert "Geen eigen keuze" in read("bram", f"{PLACE}/level")
    client = cast.client("bram")
    answer = client.post(f"/things/{thread}/level", data={"level": "silent", "until": ""}, follow_redirects=True)
    assert "Uw keuze over meldingen is opgeslagen." in answer.text
    choose("bram", "digest", until="2099-05-04")
    page = read("bram", "/settings/levels")
    assert "Wie volgt?" in page
    assert "Stil" in page
    assert "tot en met" in page
    client.post(f"/things/{thread}/level", data={"level": "", "until": ""})
    assert "Wie volgt?" not in read("bram", "/settings/levels")


def test_works_by_api_and_ends_with_the_membership(app: Any, cast: Any, choose: Any, posting: Any) -> None:
    thread = posting.start("anna")
    assert choose("bram", "digest", thread).status_code == 204
    assert choose("bram", "digest").status_code == 204
    cast.client(None).delete(f"/api/v1{PLACE}/members/{cast.bram}", headers=cast.api("eva"))
    with app.app_context():
        assert db.session.scalars(select(AudienceFollow)).all() == []
        assert db.session.get(Follow, (cast.bram, thread)) is None


def test_stranger_gets_404(choose: Any, posting: Any) -> None:
    thread = posting.start("anna")
    for who in ("chris", "hans", "jan"):
        assert choose(who, "digest", thread).status_code == 404
        assert choose(who, "digest").status_code == 404


def test_bad_input_names_the_field(cast: Any, choose: Any, posting: Any) -> None:
    thread = posting.start("anna")
    for of in (thread, None):
        assert list(choose("bram", "loud", of).json["errors"]) == ["level"]
        assert list(choose("bram", "silent", of, until="gisteren").json["errors"]) == ["until"]
        assert list(choose("bram", "silent", of, until="2001-05-04").json["errors"]) == ["until"]
    answer = cast.client("bram").post(f"/things/{thread}/level", data={"level": "silent", "until": "gisteren"})
    assert answer.status_code == 422
    assert "gisteren" in answer.text


def test_is_not_journalled(choose: Any, posting: Any, journal_entries: Any) -> None:
    choose("bram", "digest", posting.start("anna"))
    choose("bram", "digest")
    assert journal_entries("notices.choose_level") == journal_entries("notices.choose_level_in") == []
