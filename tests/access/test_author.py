"""The rule of authors: it holds while they may write there, and for nobody else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop import access
from cop.access import rules
from cop.access.rights import RANKS, WRITERS
from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community
from cop.threads import actions
from cop.threads.models import Thread

ROLES = [None, *RANKS]


@pytest.mark.parametrize("role", ROLES)
def test_author_needs_a_role_that_writes(role: str | None) -> None:
    person, other = SimpleNamespace(id=7), SimpleNamespace(id=8)
    rights: Any = SimpleNamespace(role_for=lambda _thing: role)
    thing: Any = SimpleNamespace(author_id=7)
    assert rules.author(rights, person, thing) is (role in WRITERS)  # type: ignore[arg-type]
    assert rules.author(rights, other, thing) is False  # type: ignore[arg-type]


def test_author_who_only_reads_now_changes_nothing(cast: Any, app: Any, run_as: Any) -> None:
    """Bram wrote a thread and a reply; then he became a reader of the community."""
    said = text.render("Onze huismeester.", "markdown")
    thread = run_as("bram", actions.start, Community, cast.one, title="Wie belt er?", text=said)
    reply = run_as("bram", actions.reply, Thread, thread, text=said)
    with app.app_context(), transaction():
        db.session.query(Membership).filter_by(person_id=cast.bram, community_id=cast.one).one().role = "reader"
    headers = cast.api("bram")
    browser = cast.client(None)
    for method, path, sent in (
        ("PATCH", f"/posts/{reply}", {"body": "Anders", "base_version": 1}),
        ("DELETE", f"/posts/{reply}", {}),
        ("PATCH", f"/threads/{thread}", {"title": "Anders"}),
        ("DELETE", f"/threads/{thread}", {}),
        ("PUT", f"/threads/{thread}/answer", {"post": reply}),
    ):
        answer = browser.open(f"/api/v1{path}", method=method, json=sent, headers=headers)
        assert answer.status_code == 403, (method, path, answer.status_code)
    with app.app_context():
        bram = db.session.get_one(Person, cast.bram)
        assert access.rights(bram).role(cast.audiences.one) == "reader"
    assert "Onze huismeester." in cast.client("anna").get(f"/threads/{thread}").text
