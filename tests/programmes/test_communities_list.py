"""communities.list: the person's communities, with links to start a question, a document or a chat."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import Room, ensure_room
from cop.society.memberships import Membership
from cop.society.programmes import Community


@pytest.fixture
def both(cast: Any, app: Any) -> Any:
    """Return the client of Anna, who is also a member of the second community."""
    with app.app_context(), transaction():
        db.session.add(Membership(person_id=cast.anna, community_id=cast.two, role="member"))
    return cast.client("anna")


def test_works(cast: Any, both: Any) -> None:
    page = both.get("/communities").text
    assert '<a href="/communities/een">Eerste kring</a>' in page
    assert '<a href="/communities/twee">Tweede kring</a>' in page
    assert "Tweede kring" not in cast.client("bram").get("/communities").text


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).get("/api/v1/communities", headers=cast.api("anna"))
    assert answer.json == {
        "next": None,
        "prev": None,
        "items": [
            {
                "id": cast.one,
                "slug": "een",
                "name": "Eerste kring",
                "url": "/communities/een",
                "purpose": "",
                "themes": [],
                "emphasis": [],
                "role": "member",
            }
        ],
    }


@pytest.mark.parametrize(
    ("purpose", "end", "asks"),
    [
        ("question", "/threads/new?kind=question", "Waar stelt u uw vraag?"),
        ("document", "/documents", "Waar deelt u het document?"),
    ],
)
def test_page_links_to_every_start(both: Any, purpose: str, end: str, asks: str) -> None:
    page = both.get(f"/communities?for={purpose}").text
    assert asks in page
    for slug in ("een", "twee"):
        assert f'href="/communities/{slug}{end}"' in page
        assert both.get(f"/communities/{slug}{end}").status_code == 200


def test_only_community_is_not_offered_as_a_choice(cast: Any) -> None:
    answer = cast.client("bram").get("/communities?for=question")
    assert (answer.status_code, answer.location) == (302, "/communities/een/threads/new?kind=question")


def test_link_opens_the_only_room(cast: Any, app: Any, both: Any) -> None:
    with app.app_context(), transaction():
        one, two = (ensure_room(db.session.get_one(Community, id)).id for id in (cast.one, cast.two))
        db.session.add(Room(audience_id=cast.audiences.two, title="Nog een"))
    page = both.get("/communities?for=room").text
    assert f'href="/rooms/{one}"' in page
    assert 'href="/communities/twee/rooms"' in page
    assert f'href="/rooms/{two}"' not in page


def test_reader_is_offered_nothing_to_start(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        db.session.add(Membership(person_id=cast.gerda, community_id=cast.two, role="reader"))
    page = cast.client("gerda").get("/communities?for=question").text
    assert "threads/new" not in page
    assert page.count("U leest hier mee en kunt niets plaatsen.") == 2


def test_person_without_community(cast: Any) -> None:
    assert "U doet nog nergens mee" in cast.client("hans").get("/communities?for=question").text


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = cast.client(None).get("/api/v1/communities?for=niets", headers=cast.api("anna"))
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["for"]
