"""notices.read and the list of notices: newest first, paged, with links."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock


@pytest.fixture
def three_notices(posting: Any) -> list[int]:
    """Return three questions by Anna, each answered."""
    threads = [posting.start("anna", title=f"Vraag {n}") for n in range(3)]
    for thread in threads:
        posting.reply("bram", thread)
    return threads


def listed(cast: Any, who: str = "anna", path: str = "/api/v1/notices") -> Any:
    return cast.client(None).get(path, headers=cast.api(who)).json


def test_works(cast: Any, three_notices: list[int], notices: Any) -> None:
    page = cast.client("anna").get("/notices").text
    assert "Alles gelezen" in page
    answer = cast.client("anna").post("/notices/reading")
    assert (answer.status_code, answer.location) == (303, "/notices")
    assert notices("anna") == []
    assert "Alles gelezen" not in cast.client("anna").get("/notices").text


def test_single_notice_can_be_read(cast: Any, three_notices: list[int], notices: Any) -> None:
    first = listed(cast)["items"][0]
    answer = cast.client(None).post("/api/v1/notices/reading", headers=cast.api("anna"), json={"notice": first["id"]})
    assert (answer.status_code, answer.json["count"]) == (200, 1)
    assert [one["read"] for one in listed(cast)["items"]] == [True, False, False]


def test_all_read_can_be_undone(cast: Any, three_notices: list[int], notices: Any, posting: Any) -> None:
    browser = cast.client("anna")
    browser.post("/notices/reading", data={"notice": listed(cast)["items"][0]["id"]})
    browser.get("/notices")
    browser.post("/notices/reading")
    page = browser.get("/notices").text
    assert "2 meldingen zijn als gelezen gemarkeerd." in page
    at = re.search(r'name="at" value="([^"]+)"', page)
    posting.reply("eva", three_notices[0])
    assert at
    assert browser.post("/notices/reading/delete", data={"at": html.unescape(at[1])}).location == "/notices"
    # Read before, or with newer news about the same: these stay as they are.
    assert len(notices("anna")) == 2


def test_list_is_grouped_by_day_and_thread(cast: Any, posting: Any) -> None:
    thread, other = posting.start("anna", title="Eerste vraag"), posting.start("anna", title="Tweede vraag")
    posting.reply("bram", thread)
    posting.reply("bram", other)
    posting.reply("bram", thread, "Dag @Anna Adem")
    page = cast.client("anna").get("/notices").text
    assert page.count('class="notice-group"') == 2
    assert page.count('class="section notice-day"') == 1
    group = page.partition('class="notice-group"')[2].partition("</article>")[0]
    assert "Eerste vraag" in group
    assert "Bram Baan noemt u" in group
    assert "Bram Baan reageert op uw vraag" in group
    clock.shift(timedelta(days=1))
    posting.reply("bram", other, "En u, @Anna Adem?")
    assert cast.client("anna").get("/notices").text.count('class="section notice-day"') == 2


@pytest.mark.parametrize(("show", "shown"), [("all", 2), ("unread", 1), ("mention", 1), ("reply", 1)])
def test_list_can_be_narrowed(cast: Any, posting: Any, show: str, shown: int) -> None:
    thread = posting.start("anna")
    posting.reply("bram", thread)
    posting.reply("bram", thread, "Dag @Anna Adem")
    answer = listed(cast, path="/api/v1/notices?show=reply")["items"][0]["id"]
    cast.client("anna").post("/notices/reading", data={"notice": answer})
    assert len(listed(cast, path=f"/api/v1/notices?show={show}")["items"]) == shown
    assert f'href="/notices{"" if show == "all" else f"?show={show}"}" aria-current="true"' in (
        cast.client("anna").get(f"/notices?show={show}").text
    )


def test_works_by_api(cast: Any, three_notices: list[int]) -> None:
    found = listed(cast)
    assert [one["title"] for one in found["items"]] == ["Vraag 2", "Vraag 1", "Vraag 0"]
    assert (found["items"][0]["kind"], found["items"][0]["reason"]) == ("notice", "answer")
    assert found["items"][0]["url"].startswith("/posts/")
    assert cast.client(None).get("/api/v1/notices/unread", headers=cast.api("anna")).json == {"unread": 3}


def test_list_starts_with_the_latest_event(cast: Any, posting: Any, three_notices: list[int]) -> None:
    posting.reply("eva", three_notices[0])
    assert [one["title"] for one in listed(cast)["items"]] == ["Vraag 0", "Vraag 2", "Vraag 1"]


def test_list_is_paged(cast: Any, three_notices: list[int]) -> None:
    first = listed(cast, path="/api/v1/notices?limit=2")
    assert [one["title"] for one in first["items"]] == ["Vraag 2", "Vraag 1"]
    second = listed(cast, path=first["next"])
    assert [one["title"] for one in second["items"]] == ["Vraag 0"]
    assert second["next"] is None
    page = cast.client("anna").get("/notices?limit=2").text
    assert "Oudere meldingen" in page


def test_each_notice_links_to_its_subject(cast: Any, posting: Any) -> None:
    thread = posting.start("anna")
    post = posting.reply("bram", thread)
    notice = listed(cast)["items"][0]["id"]
    assert cast.client("anna").get(f"/notices/{notice}").location == f"/posts/{post}"
    for who in ("bram", "eva", "chris"):
        assert cast.client(who).get(f"/notices/{notice}").status_code == 404, who


def test_opening_a_notice_changes_nothing(cast: Any, three_notices: list[int], notices: Any) -> None:
    """A browser that prefetches links must not mark notices as read."""
    cast.client("anna").get(f"/notices/{listed(cast)['items'][0]['id']}")
    cast.client("anna").get(f"/threads/{three_notices[0]}")
    assert len(notices("anna")) == 3


def test_notice_of_another_person_is_not_read(cast: Any, three_notices: list[int], notices: Any) -> None:
    notice = listed(cast)["items"][0]["id"]
    assert cast.client("bram").post("/notices/reading", data={"notice": notice}).status_code == 303
    assert len(notices("anna")) == 3
    assert listed(cast, "bram")["items"] == []


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/notices/reading").status_code == 303
    assert cast.client(None).get("/api/v1/notices", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(
    ("path", "given", "field"),
    [("/api/v1/notices/reading", {"notice": "x"}, "notice"), ("/api/v1/notices/reading", {"notice": 0}, "notice")],
)
def test_bad_input_names_the_field(cast: Any, path: str, given: dict[str, Any], field: str) -> None:
    answer = cast.client(None).post(path, headers=cast.api("anna"), json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@pytest.mark.parametrize(
    ("query", "field"), [("after=zomaar", "after"), ("after=1-", "after"), ("limit=0", "limit"), ("limit=101", "limit")]
)
def test_bad_query_names_the_field(cast: Any, query: str, field: str) -> None:
    answer = cast.client(None).get(f"/api/v1/notices?{query}", headers=cast.api("anna"))
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_empty_list(cast: Any) -> None:
    page = cast.client("chris").get("/notices").text
    assert "U hebt geen meldingen" in page


def test_is_not_journalled(cast: Any, three_notices: list[int], journal_entries: Any) -> None:
    cast.client("anna").post("/notices/reading")
    assert journal_entries("notices.read") == []


def test_every_reason_has_its_text(app: Any) -> None:
    """A reason without text would show an empty line."""
    from datetime import UTC, datetime
    from types import SimpleNamespace
    from typing import get_args

    from cop.base.web import render
    from cop.notices.models import NoticeReason

    with app.app_context():
        for reason in get_args(NoticeReason):
            for times in (1, 2):
                row = SimpleNamespace(
                    id=1, reason=reason, times=times, title="Titel", actor_name="Bram", read=None, at=datetime.now(UTC)
                )
                html = render("notices/_notice.html", notice=row)
                assert "‘Titel’" in html, reason
                assert "Omdat" in html, reason
