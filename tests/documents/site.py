"""Documents on an app with its own database and real commits."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.serving import make_server

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.documents.models import File
from cop.society.credentials import new_session
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.conftest import Client, SeparateApp


class DocumentSite:
    """An app with real commits, one community and one member, Anna."""

    def __init__(self, separate_app: SeparateApp, folder: Path, **given: Any):
        self.stack = ExitStack()
        self.app = self.stack.enter_context(separate_app("documents", folder, **given))
        with self.app.app_context(), transaction():
            self.cookie = self._people()

    def _people(self) -> str:
        programme = Programme(slug="proef", name="Proefprogramma")
        home = Organisation(kind="housing", name="Woonstichting Proef")
        db.session.add_all([programme, home])
        db.session.flush()
        one = Community(programme_id=programme.id, slug="een", name="Eerste kring", position=1)
        anna = Person(
            mail="anna@proef.example", name="Anna Adem", state="active", entered=clock.now(), organisation_id=home.id
        )
        db.session.add_all([one, anna])
        db.session.flush()
        db.session.add(Membership(person_id=anna.id, community_id=one.id, role="moderator"))
        return new_session(anna)

    def member(self, name: str) -> str:
        """Add a member and return the cookie of their session."""
        with self.app.app_context(), transaction():
            one = db.session.scalars(select(Community)).one()
            person = Person(mail=f"{name.lower()}@proef.example", name=name, state="active", entered=clock.now())
            db.session.add(person)
            db.session.flush()
            db.session.add(Membership(person_id=person.id, community_id=one.id, role="member"))
            return new_session(person)

    def room(self) -> int:
        """Return the id of the chat room of the community."""
        with self.app.app_context(), transaction():
            return ensure_room(db.session.scalars(select(Community)).one()).id

    def client(self) -> Client:
        """Return Anna's browser."""
        browser = Client(self.app, self.app.response_class)
        browser.set_cookie("cop", self.cookie)
        return browser

    def share(self, content: bytes, name: str) -> Any:
        """Share a file as Anna by the API."""
        answer = self.client().post("/api/v1/communities/een/files", data={"file": (io.BytesIO(content), name)})
        assert answer.status_code == 201, answer.text
        return answer.json

    def replace(self, file: dict[str, Any], content: bytes, name: str) -> None:
        """Add a version of a file as Anna by the API."""
        answer = self.client().post(f"/api/v1/files/{file['id']}/versions", data={"file": (io.BytesIO(content), name)})
        assert answer.status_code == 201, answer.text

    def versions(self) -> dict[str, int]:
        """Return the number of versions of each document; fail if two have the same name."""
        with self.app.app_context():
            rows = db.session.execute(select(File.title, File.number)).all()
            assert len({title for title, _number in rows}) == len(rows)
            return dict(rows)  # type: ignore[arg-type]

    def state(self, title: str) -> str:
        """Return the state of the file with this title."""
        with self.app.app_context():
            return db.session.scalar(select(File.state).where(File.title == title)) or ""

    @contextmanager
    def serve(self) -> Iterator[None]:
        """Serve a real browser at `address`."""
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.address = f"http://127.0.0.1:{server.port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def close(self) -> None:
        """Drop the database."""
        self.stack.close()
