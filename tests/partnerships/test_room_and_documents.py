"""The chat room and the documents of a partnership: for its people and the programme team only."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select

from cop.base.db import db
from cop.chat.models import Room

INSIDE, OUTSIDE = ("anna", "bram", "fons"), ("chris", "eva", "gerda", "hans", "iris", "dina")


@pytest.fixture
def room(app: Any, duo: Any) -> int:
    with app.app_context():
        return db.session.scalars(select(Room.id).where(Room.audience_id == duo.audience)).one()


def upload(cast: Any, duo: Any, who: str = "anna", name: str = "plan.txt", **given: Any) -> Any:
    data = {"file": (io.BytesIO(b"Het plan van de partners."), name), **given}
    return cast.client(None).post(f"{duo.api}/files", headers=cast.api(who), data=data)


def found(cast: Any, who: str) -> list[Any]:
    """Return what somebody finds of the message in the room."""
    items: list[Any] = cast.client(None).get("/api/v1/search?q=kwartelkoning", headers=cast.api(who)).json["items"]
    return items


def test_the_room_is_for_the_partnership(cast: Any, duo: Any, room: int, connect: Any) -> None:
    said = cast.client("anna").post(f"/rooms/{room}/messages", data={"body": "Een kwartelkoning onder ons"})
    assert said.status_code == 303
    for who in INSIDE:
        assert f"/rooms/{room}" in cast.client(who).get(duo.url).text, who
        page = cast.client(who).get(f"/rooms/{room}").text
        assert "Een kwartelkoning onder ons" in page, who
        assert "/harvest" not in page  # a thread is started in a community
        assert found(cast, who) != [], who
        assert connect(who).emit("join", {"place": f"room:{room}"}, callback=True).get("ok"), who
    for who in OUTSIDE:
        assert cast.client(who).get(f"/rooms/{room}").status_code == 404, who
        assert f"/rooms/{room}" not in cast.client(who).get(duo.url).text, who
        assert found(cast, who) == [], who
        assert not connect(who).emit("join", {"place": f"room:{room}"}, callback=True).get("ok"), who


def test_home_still_leads_to_the_room_of_the_community(cast: Any, app: Any, duo: Any, room: int) -> None:
    assert f"/rooms/{room}" not in cast.client("anna").get("/").text


def test_documents_are_shared_replaced_and_trashed(cast: Any, duo: Any) -> None:
    assert "Hier staat nog geen document" in cast.client("anna").get(f"{duo.url}/documents").text
    given = {"file": (io.BytesIO(b"Het plan."), "plan.txt")}
    answer = cast.client("anna").post(f"{duo.url}/files", data=given)
    assert (answer.status_code, answer.location) == (303, f"{duo.url}/documents")
    page = cast.client("bram").get(f"{duo.url}/documents").text
    assert "plan.txt" in page
    assert f'action="{duo.url}/files' in page
    (file,) = cast.client(None).get(f"{duo.api}/documents", headers=cast.api("fons")).json["items"]
    shown = cast.client("bram").get(f"/files/{file['id']}").text
    assert f'href="{duo.url}/documents"' in shown
    assert "plan.txt" in cast.client("bram").get(duo.url).text  # in the timeline
    trashed = cast.client("anna").post(f"/files/{file['id']}/delete")
    assert trashed.location == f"{duo.url}/documents"
    assert "plan.txt" in cast.client("anna").get(f"{duo.url}/documents/trash").text
    cast.client("anna").post(f"/files/{file['id']}/untrash")
    assert "plan.txt" in cast.client("anna").get(f"{duo.url}/documents").text


def test_a_name_that_is_taken_is_asked_about(cast: Any, duo: Any) -> None:
    upload(cast, duo)
    page = cast.client("bram").post(f"{duo.url}/files", data={"file": (io.BytesIO(b"Ander plan."), "plan.txt")})
    assert page.status_code == 409
    assert f'action="{duo.url}/files"' in page.text


def test_folders(cast: Any, duo: Any) -> None:
    made = cast.client("anna").post(f"{duo.url}/folders", data={"name": "Verslagen"})
    assert made.location.startswith(f"{duo.url}/documents?folder=")
    folder = int(made.location.rpartition("=")[2])
    assert upload(cast, duo, folder=folder, name="verslag.txt").status_code == 201
    assert "verslag.txt" in cast.client("bram").get(made.location).text
    assert cast.client("fons").post(f"/folders/{folder}", data={"name": "Notulen"}).location == made.location
    assert cast.client("bram").post(f"/folders/{folder}", data={"name": "x"}).status_code == 403
    assert cast.client("chris").post(f"/folders/{folder}", data={"name": "x"}).status_code == 404
    refused = cast.client("anna").post(f"{duo.url}/folders", data={"name": "Notulen"})
    assert refused.status_code == 422
    gone = cast.client("fons").post(f"/folders/{folder}/delete", data={"contents": "up"})
    assert gone.location == f"{duo.url}/documents"


def test_documents_are_for_the_partnership(cast: Any, duo: Any) -> None:
    file = upload(cast, duo).json["id"]
    for who in INSIDE:
        with cast.client(who).get(f"/files/{file}/content") as read:
            assert read.status_code == 200, who
    for who in OUTSIDE:
        for path in (f"{duo.url}/documents", f"{duo.url}/documents/trash", f"/files/{file}", f"/files/{file}/content"):
            assert cast.client(who).get(path).status_code == 404, (who, path)
        assert upload(cast, duo, who).status_code == 404, who
        folder = cast.client(None).post(f"{duo.api}/folders", headers=cast.api(who), json={"name": "x"})
        assert folder.status_code == 404, who
        assert "plan.txt" not in cast.client(who).get(duo.url).text, who
    assert "plan.txt" not in cast.client("anna").get("/communities/een/documents").text


def test_access_ends_with_the_partnership(cast: Any, duo: Any, room: int, connect: Any) -> None:
    file, socket = upload(cast, duo).json["id"], connect("anna")
    assert socket.emit("join", {"place": f"room:{room}"}, callback=True).get("ok")
    cast.client("fons").post(duo.url, data={"people": [cast.bram]})
    assert cast.client("anna").get(f"/files/{file}").status_code == 404
    assert cast.client("anna").get(f"/rooms/{room}").status_code == 404
    assert "gone" in [got["name"] for got in socket.get_received()]


def test_a_partnership_with_documents_is_not_removed(cast: Any, duo: Any, month: int) -> None:
    upload(cast, duo)
    cast.client("anna").post(f"{duo.url}/check-in", data={"standing": "Goed"})
    page = cast.client("fons").get(f"{duo.url}/removal").text
    assert "1 document" in page
    assert "1 ingevulde maand" in page
    assert cast.client("fons").post(f"{duo.url}/delete").status_code == 409
