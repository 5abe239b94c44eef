"""meeting_materials.attach and meeting_materials.detach: which threads and documents belong to a meeting."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from cop.base.action import transaction
from cop.base.db import db
from cop.meeting_materials import models
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from cop.society.memberships import TeamMember
from cop.society.programmes import Programme
from cop.things import Thing, ThingLink

SECTION = "Stukken en gesprekken bij deze bijeenkomst"


def section(page: str) -> str:
    return page.split(SECTION)[1].split("</section>")[0]


def test_works(meeting: Any, thread: Any, file: Any, read: Any, post: Any) -> None:
    """By the button of what was found, by the address, and the undo of a removal."""
    assert "Nog niets" in section(read("eva", meeting.url))
    assert SECTION not in read("anna", meeting.url), "who prepares nothing sees no empty section"
    found = read("eva", f"{meeting.url}/materials/new?q=sleutels")
    assert f'action="{meeting.url}/materials/{thread.id}"' in found
    assert "Rekenmodel" not in found
    done = post("eva", f"{meeting.url}/materials/{thread.id}")
    assert (done.status_code, done.location) == (303, f"{meeting.url}#materials")
    assert post("eva", f"{meeting.url}/materials", address=f"http://localhost{file.url}?version=1").status_code == 303
    shown = section(read("anna", meeting.url))
    assert shown.index(f'href="{thread.url}"') < shown.index(f'href="{file.url}"')
    assert all(words in shown for words in ("Vraag", "Document", "maandag 1 maart 2027"))
    assert "Weghalen" not in shown
    assert "Staat al bij" in read("eva", f"{meeting.url}/materials/new?q=sleutels")
    assert post("eva", f"{meeting.url}/materials/{thread.id}/delete").status_code == 303
    assert thread.url not in section(read("anna", meeting.url))
    assert post("eva", f"{meeting.url}/materials/{thread.id}").status_code == 303
    assert thread.url in section(read("anna", meeting.url))


def test_works_by_api(meeting: Any, thread: Any, file: Any, ask: Any, attach: Any) -> None:
    shown = attach(meeting, thread)
    assert (shown["id"], shown["kind"], shown["url"], shown["attached"]) == (thread.id, "question", thread.url, True)
    assert attach(meeting, thread) == shown, "once more changes nothing"
    made = ask("eva", "post", f"{meeting.api}/materials", address=file.url)
    assert (made.status_code, made.json["kind"]) == (201, "file")
    rows = ask("gerda", "get", f"{meeting.api}/materials").json["items"]
    assert [row["id"] for row in rows] == [thread.id, file.id]
    choices = ask("eva", "get", f"{meeting.api}/materials/new?q=model").json["items"]
    assert [(row["id"], row["attached"]) for row in choices] == [(file.id, True)]
    assert ask("eva", "delete", f"{meeting.api}/materials/{file.id}").status_code == 204
    assert ask("eva", "delete", f"{meeting.api}/materials/{file.id}").status_code == 404
    assert [row["id"] for row in ask("anna", "get", f"{meeting.api}/materials").json["items"]] == [thread.id]


def test_the_host_prepares(plan: Any, run_as: Any, thread: Any, attach: Any, ask: Any, read: Any) -> None:
    hosted = plan(host="Gemeente Proefdam")
    attach(hosted, thread, who="bram", status=404)  # a draft
    run_as("eva", meetings.announce, Meeting, hosted.id)
    assert f'href="{hosted.url}/materials/new"' in read("bram", hosted.url)
    attach(hosted, thread, who="bram")
    assert ask("bram", "delete", f"{hosted.api}/materials/{thread.id}").status_code == 204
    attach(hosted, thread, who="anna", status=403)


def statuses(ask: Any, who: str, meeting: Any, thread: Any) -> set[int]:
    """Return how each endpoint for who prepares a meeting answers somebody."""
    one = f"{meeting.api}/materials/{thread.id}"
    answers = [ask(who, method, one) for method in ("put", "delete")]
    answers += [ask(who, "get", f"{meeting.api}/materials/new")]
    return {
        answer.status_code for answer in (*answers, ask(who, "post", f"{meeting.api}/materials", address=thread.url))
    }


def test_stranger_gets_404(meeting: Any, thread: Any, attach: Any, ask: Any) -> None:
    attach(meeting, thread)
    for who in ("chris", "jan"):
        assert statuses(ask, who, meeting, thread) == {404}
        assert ask(who, "get", f"{meeting.api}/materials").status_code == 404


def test_wrong_role_gets_403(meeting: Any, thread: Any, attach: Any, ask: Any) -> None:
    attach(meeting, thread)
    for who in ("gerda", "anna", "dina"):
        assert statuses(ask, who, meeting, thread) == {403}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "elders.example/threads/1",
        "https://elders.example/threads/{thread}",
        "/threads/999999999",
        "/threads/{theirs}",
        "/meetings/{meeting}",
        "/threads/{thread}/desk",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_bad_input_422(meeting: Any, thread: Any, start: Any, ask: Any, post: Any, address: str) -> None:
    """What is not there, is elsewhere, or is hidden from who asks: the same answer."""
    theirs = start("Geheim van de tweede kring", who="chris", to="twee")
    address = address.format(thread=thread.id, theirs=theirs.id, meeting=meeting.id)
    refused = ask("eva", "post", f"{meeting.api}/materials", address=address)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["address"]
    page = post("eva", f"{meeting.url}/materials", address=address)
    assert page.status_code == 422
    assert 'id="f-address-error"' in page.text
    assert "Geheim" not in page.text


def test_a_post_stands_for_its_thread(meeting: Any, thread: Any, ask: Any) -> None:
    reply = ask("bram", "post", f"/api/v1/threads/{thread.id}/posts", body="Wij.").json
    made = ask("eva", "post", f"{meeting.api}/materials", address=f"localhost/posts/{reply['id']}")
    assert made.json["id"] == thread.id


def test_what_is_no_thread_or_document_cannot_be_attached(meeting: Any, plan: Any, attach: Any) -> None:
    attach(meeting, plan(), status=404)


def test_another_programme_is_refused(app: Any, meeting: Any, plan: Any, start: Any, cast: Any, ask: Any) -> None:
    with app.app_context(), transaction():
        other = Programme(slug="ander", name="Ander programma")
        db.session.add(other)
        db.session.flush()
        theirs = start()
        db.session.get_one(Thing, theirs.id).audience_id = other.audience_id
        db.session.add(TeamMember(programme_id=other.id, person_id=cast.fons))
    refused = ask("fons", "put", f"{meeting.api}/materials/{theirs.id}")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["address"])
    assert ask("fons", "get", f"{meeting.api}/materials/new?q=sleutels").json["items"] == []


def test_a_cancelled_meeting_only_loses_materials(
    meeting: Any, thread: Any, file: Any, attach: Any, ask: Any, read: Any
) -> None:
    attach(meeting, thread)
    ask("eva", "put", f"{meeting.api}/cancellation", reason="Ziek")
    attach(meeting, file, status=409)
    assert ask("eva", "get", f"{meeting.api}/materials/new").status_code == 409
    page = section(read("eva", meeting.url))
    assert "materials/new" not in page
    assert "Weghalen" in page
    assert ask("eva", "delete", f"{meeting.api}/materials/{thread.id}").status_code == 204


def test_the_limit_is_told(meeting: Any, thread: Any, file: Any, attach: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("cop.meeting_materials.actions.MOST", 1)
    attach(meeting, thread)
    attach(meeting, thread)
    assert "ten hoogste 1 " in attach(meeting, file, status=409)["detail"]


def test_is_journalled(meeting: Any, thread: Any, attach: Any, ask: Any, journal_entries: Any) -> None:
    attach(meeting, thread)
    ask("eva", "delete", f"{meeting.api}/materials/{thread.id}")
    for verb in ("attach", "detach"):
        (entry,) = journal_entries(f"meeting_materials.{verb}")
        assert (entry.object_id, entry.details["material"]) == (meeting.id, thread.id)


def test_an_open_form_is_not_overtaken(meeting: Any, file: Any, attach: Any, ask: Any) -> None:
    """The version of a meeting and of a document is that on which an edit is based."""
    before = [ask("eva", "get", url).json["version"] for url in (meeting.api, f"/api/v1{file.url}")]
    attach(meeting, file)
    assert [ask("eva", "get", url).json["version"] for url in (meeting.api, f"/api/v1{file.url}")] == before


def test_a_copy_has_no_materials(meeting: Any, thread: Any, attach: Any, ask: Any, app: Any) -> None:
    attach(meeting, thread)
    given = {"title": "Nog eens", "kind": "other", "starts": "2027-05-03T10:00", "ends": "2027-05-03T12:00"}
    made = ask("eva", "post", "/api/v1/communities/een/meetings", copy=meeting.id, **given)
    assert made.status_code == 201, made.text
    assert ask("eva", "get", f"/api/v1{made.json['url']}/materials").json["items"] == []


def test_a_removed_draft_leaves_no_link(plan: Any, thread: Any, attach: Any, ask: Any, read: Any, app: Any) -> None:
    draft = plan()
    attach(draft, thread)
    assert "Hoort bij bijeenkomst" not in read("eva", thread.url), "a draft is named nowhere"
    assert ask("eva", "delete", draft.api).status_code == 204
    read("eva", thread.url)
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(ThingLink.kind.in_(models.LINKS.values()))) == 0
