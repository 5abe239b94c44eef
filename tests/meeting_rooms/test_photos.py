"""photos.add, photos.remove and photos.restore: pictures of a meeting for its audience, without what the camera added."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import current_app
from PIL import Image
from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.cli.holdings import blobs
from cop.documents.actions import sweeping
from cop.meeting_rooms.models import MeetingPhoto
from cop.society.audience import Guest
from tests.conftest import go_to
from tests.meeting_rooms.conftest import DAY, ENDS
from tests.meetings.conftest import HOUR, START

GPS = 0x8825


def picture(width: int = 2000, height: int = 1500, colour: str = "teal") -> io.BytesIO:
    """Return a photograph that names its place and device."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Telefoon van Anna"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 5.0, 7.0)})
    Image.new("RGB", (width, height), colour).save(out, "JPEG", exif=exif)
    out.seek(0)
    return out


@pytest.fixture
def add(cast: Any, today: Any) -> Any:
    """`add('anna', photo=picture(), alt='Een tuin')`: send photos as somebody; return the response."""

    def added(who: str = "anna", accept: str = "application/json", **given: Any) -> Any:
        sent = {"photo": picture(), "alt": "Een tuin", "nobody": "1", **given}
        data = {
            name: (value, f"{name}.jpg") if hasattr(value, "read") else value
            for name, value in sent.items()
            if value is not None
        }
        headers = {**cast.api(who), "Accept": accept}
        return cast.client(None).post(f"{today.url}/photos", data=data, headers=headers)

    return added


def bytes_of(cast: Any, photo: Any, who: str = "bram", size: str = "large", status: int = 200) -> bytes:
    answer = cast.client(None).get(f"{photo['picture']}?size={size}", headers=cast.api(who))
    assert answer.status_code == status
    return bytes(answer.data)


def test_works(today: Any, add: Any, read: Any, post: Any) -> None:
    assert "Nog geen foto’s" in read("bram", f"{today.url}/photos")
    made = add(accept="text/html", photo_2=picture(colour="navy"), alt_2="Een gevel")
    assert made.location == f"{today.url}/photos"
    shown = read("bram", f"{today.url}/photos")
    assert all(words in shown for words in ("Een tuin", "Een gevel", "Anna Adem"))
    assert "Bekijk alle 2 foto’s" in read("bram", today.url)
    id = shown.partition('id="photo-')[2].partition('"')[0]
    assert post("anna", f"/photos/{id}/delete").location == f"{today.url}/photos"
    assert "Een gevel" not in read("bram", f"{today.url}/photos")
    assert post("anna", f"/photos/{id}/restoring").location == f"{today.url}/photos#photo-{id}"
    assert "Een gevel" in read("bram", f"{today.url}/photos")


def test_works_by_api(today: Any, add: Any, ask: Any, cast: Any) -> None:
    made = add()
    assert made.status_code == 201, made.text
    (photo,) = made.json["items"]
    assert (photo["alt"], photo["width"], photo["height"]) == ("Een tuin", 1600, 1200)
    assert ask("bram", "get", f"{today.api}/photos").json["items"] == [photo]
    assert ask("bram", "get", f"/api/v1{photo['url']}").json == photo
    assert ask("anna", "delete", f"/api/v1{photo['url']}").status_code == 204
    bytes_of(cast, photo, status=404)
    assert ask("anna", "post", f"/api/v1{photo['url']}/restoring").json == photo


def test_place_and_device_are_taken_out_and_it_is_scaled(add: Any, cast: Any) -> None:
    assert Image.open(picture()).getexif().get_ifd(GPS)
    (photo,) = add().json["items"]
    for size, width in (("large", 1600), ("small", 480)):
        content = bytes_of(cast, photo, size=size)
        found = Image.open(io.BytesIO(content))
        assert (found.format, found.width) == ("WEBP", width)
        assert not found.getexif()
        assert not found.info.get("xmp")
        assert b"Telefoon" not in content


def test_stranger_gets_404(app: Any, today: Any, add: Any, ask: Any, cast: Any) -> None:
    (photo,) = add().json["items"]
    with app.app_context(), transaction():
        db.session.add(Guest(person_id=cast.chris, thing_id=today.id, role="member"))
    for who in ("chris", "hans", "iris"):
        assert add(who).status_code == 404
        assert ask(who, "get", f"{today.api}/photos").status_code == 404
        assert ask(who, "get", f"/api/v1{photo['url']}").status_code == 404
        bytes_of(cast, photo, who, status=404)
        assert ask(who, "delete", f"/api/v1{photo['url']}").status_code == 404
        assert ask(who, "post", f"/api/v1{photo['url']}/restoring").status_code == 404
    headers = {**cast.api("chris"), "Accept": "text/html"}
    assert "Een tuin" not in cast.client(None).get(today.url, headers=headers).text


def test_wrong_role_gets_403(add: Any, ask: Any, read: Any, today: Any) -> None:
    (photo,) = add().json["items"]
    for who in ("bram", "dina", "gerda"):
        assert ask(who, "delete", f"/api/v1{photo['url']}").status_code == 403
        assert ask(who, "post", f"/api/v1{photo['url']}/restoring").status_code == 403
        assert "Verwijderen" not in read(who, f"{today.url}/photos")
    assert ask("eva", "delete", f"/api/v1{photo['url']}").status_code == 204
    assert ask("bram", "post", f"/api/v1{photo['url']}/restoring").status_code == 404


def test_bad_input_names_the_field(add: Any) -> None:
    for given, fields in (
        ({"alt": ""}, ["alt"]),
        ({"alt": "a" * 301}, ["alt"]),
        ({"nobody": None}, ["nobody"]),
        ({"photo": None}, ["photo"]),
        ({"photo": None, "alt": None}, ["photo"]),
        ({"photo": io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>")}, ["photo"]),
        ({"photo_2": picture()}, ["alt_2"]),
    ):
        refused = add(**given)
        assert refused.status_code == 422, given
        assert list(refused.json["errors"]) == fields, given


def test_nothing_is_lost_when_it_is_refused(today: Any, add: Any, ask: Any) -> None:
    """The words stay, and a photo that has arrived need not be sent again; nobody else can add it."""
    refused = add(accept="text/html", alt_2="Een gevel", photo_2=io.BytesIO(b"geen foto"))
    assert refused.status_code == 422
    assert "Een gevel" in refused.text
    assert "Een tuin" in refused.text
    key = refused.text.partition('name="kept" value="')[2].partition('"')[0]
    assert add("bram", photo=None, kept=key).status_code == 422
    made = add(photo=None, kept=key)
    assert made.status_code == 201, made.text
    assert [one["alt"] for one in ask("bram", "get", f"{today.api}/photos").json["items"]] == ["Een tuin"]


def test_is_journalled(app: Any, add: Any, ask: Any) -> None:
    (photo,) = add().json["items"]
    ask("anna", "delete", f"/api/v1{photo['url']}")
    ask("anna", "post", f"/api/v1{photo['url']}/restoring")
    with app.app_context():
        found = db.session.scalars(select(JournalEntry).where(JournalEntry.verb.startswith("photos."))).all()
        assert [one.verb for one in found] == ["photos.add", "photos.remove", "photos.restore"]
        assert all(one.details == {"photo": photo["id"]} for one in found)


@pytest.mark.parametrize("moment", [START - 2 * HOUR, ENDS + 14 * DAY])
def test_only_around_the_meeting(add: Any, read: Any, today: Any, moment: Any) -> None:
    go_to(moment)
    assert add().status_code == 409
    assert 'name="alt"' not in read("anna", f"{today.url}/photos")
    go_to(ENDS + 14 * DAY - HOUR)
    assert add().status_code == 201


def test_its_bytes_are_kept_while_it_is_there(
    app: Any, add: Any, ask: Any, tick: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sweeping and backups know its copies; a day after it was removed the row is gone, and then the bytes."""
    (photo,) = add().json["items"]
    with app.app_context():
        row = db.session.scalars(select(MeetingPhoto)).one()
        mine = {row.small, row.large}
        assert mine <= {one.sha256 for one in blobs(db.session.connection())}
        store = current_app.extensions["files"]
        monkeypatch.setattr(store, "each", lambda _age: iter(mine))
        assert list(sweeping._unused_blobs(store)) == []
    ask("anna", "delete", f"/api/v1{photo['url']}")
    tick(START + 2 * DAY)
    assert ask("anna", "post", f"/api/v1{photo['url']}/restoring").status_code == 404
    with app.app_context():
        assert set(sweeping._unused_blobs(store)) == mine
