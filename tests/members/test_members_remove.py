"""members.remove: ends a membership and all access at once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base import text
from cop.base.db import db
from cop.base.email import Email
from cop.notices.models import Notice
from cop.society.programmes import Community
from cop.things import Follow
from cop.threads import actions as threads
from cop.threads.models import Thread


def render(words: str) -> text.Text:
    return text.render(words, "markdown")


@pytest.fixture
def thread(cast: Any, run_as: Any) -> int:
    """Return a question by Bram that Anna follows and in which she is mentioned; the mail still waits."""
    id = run_as(
        "bram", threads.start, Community, cast.one, title="Wie heeft een convenant?", text=render("Zoek, @Anna Adem.")
    )
    run_as("anna", threads.reply, Thread, id, text=render("Wij."))
    run_as("eva", threads.reply, Thread, id, text=render("Mooi, @Anna Adem."))
    return id


def remaining(app: Any, person: int) -> dict[str, int]:
    with app.app_context():
        return {
            kind.__tablename__: len(list(db.session.execute(select(kind).where(kind.person_id == person))))
            for kind in (Notice, Follow)
        } | {"emails": len(list(db.session.scalars(select(Email).where(Email.person_id == person))))}


def remove(cast: Any, who: str, whom: str) -> Any:
    return cast.client(who).post(f"/communities/een/members/{getattr(cast, whom)}/delete")


def test_works(cast: Any, thread: int, membership: Any) -> None:
    assert cast.client("anna").get(f"/threads/{thread}").status_code == 200
    assert remove(cast, "eva", "anna").status_code == 303
    assert membership("anna").ended
    for path in ("/communities/een", f"/threads/{thread}", "/communities/een/members", f"/posts/{thread + 1}"):
        assert cast.client("anna").get(path).status_code == 404, path
    assert "Anna Adem" not in cast.client("bram").get("/communities/een/members").text
    assert "Wij." in cast.client("bram").get(f"/threads/{thread}").text  # her posts stay


def test_notices_and_follows_are_deleted(cast: Any, app: Any, thread: int) -> None:
    assert remaining(app, cast.anna) == {"notice": 1, "follow": 1, "emails": 2}
    remove(cast, "eva", "anna")
    assert remaining(app, cast.anna) == {"notice": 0, "follow": 0, "emails": 0}
    assert remaining(app, cast.bram)["follow"] == 1


def test_other_communities_are_unaffected(cast: Any, app: Any, run_as: Any, thread: int) -> None:
    cast.client("jan").post("/communities/twee/members", data={"mail": "anna@proef.example"})
    run_as("jan", threads.start, Community, cast.two, title="Elders", text=render("Dag @Anna Adem."))
    remove(cast, "eva", "anna")
    assert remaining(app, cast.anna) == {"notice": 1, "follow": 1, "emails": 2}  # the invitation and the mention


def test_sockets_leave_the_community(cast: Any, connect: Any, thread: int) -> None:
    sockets = {who: connect(who) for who in ("anna", "bram")}
    for socket in sockets.values():
        assert socket.emit("join", {"place": f"thread:{thread}"}, callback=True)["ok"]
    remove(cast, "eva", "anna")
    assert {"place": f"thread:{thread}"} in [
        m["args"][0] for m in sockets["anna"].get_received() if m["name"] == "gone"
    ]
    cast.client("bram").post(f"/threads/{thread}/posts", data={"body": "Onder ons."})
    assert [m for m in sockets["anna"].get_received() if m["name"] == "told"] == []
    assert "Onder ons." in str(sockets["bram"].get_received())
    assert sockets["anna"].emit("join", {"place": f"thread:{thread}"}, callback=True) == {"error": "forbidden"}


def test_member_can_leave(cast: Any) -> None:
    assert "Ik doe niet meer mee" in cast.client("anna").get(f"/communities/een/members/{cast.anna}").text
    answer = remove(cast, "anna", "anna")
    assert (answer.status_code, answer.location) == (303, "/")
    assert cast.client("anna").get("/communities/een").status_code == 404


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).delete(f"/api/v1/communities/een/members/{cast.anna}", headers=cast.api("eva"))
    assert answer.status_code == 204
    again = cast.client(None).delete(f"/api/v1/communities/een/members/{cast.anna}", headers=cast.api("eva"))
    assert again.status_code == 404


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert remove(cast, who, "anna").status_code == 404, who


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("bram", "dina", "gerda"):
        assert remove(cast, who, "anna").status_code == 403, who


def test_last_moderator_cannot_be_removed(cast: Any, membership: Any) -> None:
    for who in ("eva", "fons"):
        answer = remove(cast, who, "eva")
        assert answer.status_code == 422
        assert "Dit is de laatste moderator. Wijs eerst een andere moderator aan." in answer.text
    by_api = cast.client(None).delete(f"/api/v1/communities/een/members/{cast.eva}", headers=cast.api("eva"))
    assert (by_api.status_code, list(by_api.json["errors"])) == (422, ["role"])
    assert membership("eva").ended is None


def test_invitation_of_a_removed_person_is_invalid(cast: Any, app: Any, outbox: Any, membership: Any) -> None:
    made = cast.client(None).post(
        "/api/v1/communities/een/members", headers=cast.api("eva"), json={"mail": "nieuw@proef.example"}
    )
    path = outbox("nieuw@proef.example")[-1].text.partition("http://localhost")[2].split()[0]
    with app.app_context():
        from cop.society.people import by_mail

        person = by_mail("nieuw@proef.example").id
    assert cast.client("eva").post(f"/communities/een/members/{person}/delete").status_code == 303
    assert cast.client(None).post(path).status_code == 410
    listed = cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api("eva")).json["items"]
    assert made.json["id"] not in [one["id"] for one in listed]


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    remove(cast, "eva", "anna")
    entry = journal_entries("members.remove")[-1]
    assert (entry.person_id, entry.community_id) == (cast.eva, cast.one)
    assert entry.details == {"member": cast.anna, "community": cast.one, "role": "member"}
