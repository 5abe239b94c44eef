"""breaches.report, breaches.note, breaches.close, breaches.reopen: what stood there is gone, and the note says the rest."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.text import render
from cop.breaches.models import Breach
from cop.chat import actions as chat
from cop.chat.models import ensure_room
from cop.documents.models import File, Version
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Body, save_draft
from cop.threads import actions as threads
from cop.threads.models import Post, Thread
from tests.breaches.test_writing import rows_with

BSN = "111222333"
GONE = "Deze tekst is verwijderd, omdat er persoonsgegevens in stonden."


@pytest.fixture
def post(run_as: Any, cast: Any) -> int:
    """Return the id of a post by Anna that came in before anybody looked, was edited, quoted and mailed."""
    thread = run_as("anna", threads.start, Community, cast.one, title="Wie belt er?", text=render("Ik niet.", "plain"))
    said = render(f"Zij heeft nummer {BSN}, @Bram Baan.", "markdown")
    id = int(run_as("anna", threads.reply, Thread, thread, text=said))
    run_as("anna", threads.POSTS.edit, Post, id, text=render(f"Zij heeft nummer {BSN}, en nog iets.", "markdown"))
    run_as("bram", threads.reply, Thread, thread, text=render("Dank!", "plain"), reply_to=id)
    return id


def reported(ask: Any, post: int, who: str = "anna", **given: Any) -> Any:
    return ask(who, "post", f"/api/v1/things/{post}/breach", **{"what": ["bsn"], **given})


def breach(app: Any) -> Breach:
    with app.app_context():
        (found,) = db.session.query(Breach).all()
        return found


def test_works(app: Any, cast: Any, ask: Any, post: int, outbox: Any, run_as: Any) -> None:
    with app.app_context(), transaction():
        bram = db.session.get_one(Person, cast.bram)
        save_draft(bram, uuid.uuid4(), place="new:1", fields={"body": f"Over {BSN}"}, revision=1)
        waiting = db.session.query(Email).filter(Email.state == "waiting", Email.text.contains(BSN)).count()
    assert waiting
    answer = cast.client("anna").post(f"/things/{post}/breach", data={"what": ["bsn", "health"]})
    assert answer.status_code == 303
    with app.app_context():
        assert rows_with(BSN) == []
        assert db.session.get_one(Body, post).plain.strip() == GONE
    assert GONE in cast.client("bram").get(answer.location, follow_redirects=True).text
    assert ask("bram", "get", f"/api/v1/search?q={BSN}").json["items"] == []
    found = breach(app)
    assert (found.kind, found.what, found.place, found.author_id) == (
        "post",
        ["bsn", "health"],
        "Eerste kring",
        cast.anna,
    )
    assert found.removed == {"versions": 2, "drafts": 1, "mails": waiting}
    assert (found.readers, found.seen, found.mailed, len(found.copies)) == (6, 1, 1, 1)
    assert found.due == found.reported + timedelta(hours=72)
    (mail,) = outbox("iris")
    assert f"/breaches/{found.id}" in mail.text
    run_as(
        "anna", threads.POSTS.edit, Post, post, text=render("Zij wil verhuizen.", "plain")
    )  # it can be written again
    assert "Zij wil verhuizen." in cast.client("bram").get(answer.location, follow_redirects=True).text


def test_works_by_api(ask: Any, post: int) -> None:
    answer = reported(ask, post, "eva")
    assert (answer.status_code, answer.json["thing"]) == (201, post)
    note = ask("iris", "get", f"/api/v1/breaches/{answer.json['id']}").json
    assert (note["kind"], note["what"], note["closed"]) == ("post", ["bsn"], None)
    steps = f"/api/v1/breaches/{answer.json['id']}/steps"
    assert ask("iris", "post", steps, kind="authority", text="Gemeld onder Z12.").status_code == 201
    closure = f"/api/v1/breaches/{answer.json['id']}/closure"
    assert ask("iris", "put", closure, reason="Niemand las het.").json["reason"] == "Niemand las het."
    assert ask("iris", "post", steps, text="Nog iets").status_code == 409
    assert ask("iris", "delete", closure).json["closed"] is None


def test_stranger_gets_404(cast: Any, ask: Any, post: int) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert reported(ask, post, who).status_code == 404
        assert cast.client(who).get(f"/things/{post}/breach").status_code == 404


def test_wrong_role_gets_403(cast: Any, ask: Any, post: int) -> None:
    assert reported(ask, post, "bram").status_code == 403
    id = reported(ask, post).json["id"]
    for who in ("anna", "eva", "fons"):
        assert cast.client(who).get("/breaches").status_code == 403
        assert cast.client(who).get(f"/breaches/{id}").status_code == 403
        assert ask(who, "post", f"/api/v1/breaches/{id}/steps", text="x").status_code == 403
        assert ask(who, "put", f"/api/v1/breaches/{id}/closure", reason="x").status_code == 403
        assert ask(who, "delete", f"/api/v1/breaches/{id}/closure").status_code == 403


def test_bad_input_names_the_field(cast: Any, ask: Any, post: int) -> None:
    assert list(reported(ask, post, what=[]).json["errors"]) == ["what"]
    assert list(reported(ask, post, what=["naam"]).json["errors"]) == ["what"]
    assert "Wat stond er?" in cast.client("anna").post(f"/things/{post}/breach", data={}).text
    id = reported(ask, post).json["id"]
    assert list(ask("iris", "post", f"/api/v1/breaches/{id}/steps", text=" ").json["errors"]) == ["text"]
    assert list(ask("iris", "post", f"/api/v1/breaches/{id}/steps", text=f"Zij is {BSN}").json["errors"]) == ["text"]
    assert list(ask("iris", "put", f"/api/v1/breaches/{id}/closure", reason="").json["errors"]) == ["reason"]
    assert ask("iris", "get", "/api/v1/breaches/999").status_code == 404


def test_is_journalled(cast: Any, ask: Any, post: int, journal_entries: Any) -> None:
    id = reported(ask, post).json["id"]
    ask("iris", "post", f"/api/v1/breaches/{id}/steps", text="Gebeld.")
    ask("iris", "put", f"/api/v1/breaches/{id}/closure", reason="Klaar.")
    ask("iris", "delete", f"/api/v1/breaches/{id}/closure")
    for verb in ("report", "note", "close", "reopen"):
        (entry,) = journal_entries(f"breaches.{verb}")
        assert entry.details["breach"] == id
        assert not {"Gebeld.", "Klaar."} & set(map(str, entry.details.values()))


def test_title_of_a_thread_is_removed_with_the_subjects_of_mail(
    app: Any, cast: Any, ask: Any, post: int, outbox: Any
) -> None:
    with app.app_context():
        thread = db.session.get_one(Post, post).parent_id
    assert any("Wie belt er?" in mail.subject + mail.text for mail in outbox("bram"))
    assert reported(ask, thread, what=["other"]).status_code == 201
    with app.app_context():
        assert rows_with("Wie belt er?") == []
    assert "Verwijderde titel" in cast.client("bram").get(f"/threads/{thread}").text


def test_message_is_removed(app: Any, cast: Any, ask: Any, run_as: Any) -> None:
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one))
        said = chat.say(db.session.get_one(Person, cast.anna), room, text=render(f"Nummer {BSN}", "plain")).id
    assert reported(ask, said, "eva").status_code == 201
    with app.app_context():
        assert rows_with(BSN) == []


def share(cast: Any, content: bytes, name: str, address: str = "/communities/een/files", **more: Any) -> dict[str, Any]:
    sent = {"file": (io.BytesIO(content), name), **more}
    answer = cast.client(None).post(f"/api/v1{address}", data=sent, headers=cast.api("anna"))
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json)


@pytest.mark.parametrize("number", [None, 1])
def test_document_is_removed_as_a_whole_or_one_version(app: Any, cast: Any, ask: Any, number: int | None) -> None:
    file = share(cast, b"Jan Jansen is ziek.", "intake jan.txt")
    share(cast, b"Iemand is ziek.", "intake jan.txt", f"/files/{file['id']}/versions", base_version=file["version"])
    assert reported(ask, file["id"], what=["health"], **({"number": number} if number else {})).status_code == 201
    with app.app_context():
        versions = db.session.query(Version).filter_by(file_id=file["id"]).order_by(Version.number).all()
        title = db.session.get_one(File, file["id"]).title
    removed = [version.name == "Verwijderd document.txt" for version in versions]
    assert removed == ([True, False] if number else [True, True])
    assert title == ("intake jan.txt" if number else "Verwijderd document.txt")
    with cast.client("bram").get(f"/files/{file['id']}/content?version=1") as old:
        assert b"Jan" not in old.data
        assert "verwijderd" in old.text
    assert list(reported(ask, file["id"], number=9).json["errors"]) == ["number"]


def test_clock_runs_out_and_stops_when_the_authority_was_told(cast: Any, ask: Any, post: int) -> None:
    id = reported(ask, post).json["id"]
    page = cast.client("iris")
    assert "nog 71 uur om te melden" in page.get("/breaches").text
    clock.shift(timedelta(hours=73))
    assert "de 72 uur zijn voorbij" in page.get(f"/breaches/{id}").text
    page.post(f"/breaches/{id}/steps", data={"kind": "authority", "text": "Gemeld onder Z12."})
    assert "gemeld bij de toezichthouder" in page.get("/breaches").text
    assert page.post(f"/breaches/{id}/closure", data={"reason": "Klaar"}).status_code == 303
    assert "Deze melding is afgesloten. Reden: Klaar" in page.get(f"/breaches/{id}").text


def test_page_says_that_nothing_was_reported(cast: Any) -> None:
    assert "Er is geen datalek gemeld" in cast.client("iris").get("/breaches").text
