"""members.correct: the name, address and organisation of somebody who has not entered yet."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.society.memberships import Membership
from cop.society.people import by_mail

WRONG, RIGHT = "nieuw@proef.example", "nina.nieuw@proef.example"


@pytest.fixture
def invitation(cast: Any) -> int:
    made = cast.client(None).post(
        "/api/v1/communities/een/members", headers=cast.api("eva"), json={"mail": WRONG, "name": "Nina Niuw"}
    )
    return int(made.json["id"])


def correct(cast: Any, who: str, invitation: int, **given: Any) -> Any:
    return cast.client(who).post(f"/communities/een/invitations/{invitation}", data=given)


def path(email: Any) -> str:
    return re.search(r"http://localhost(/sign-in/\S+)", email.text)[1]  # type: ignore[index]


def test_works(cast: Any, app: Any, outbox: Any, invitation: int) -> None:
    answer = correct(cast, "eva", invitation, name="Nina Nieuw", mail=WRONG, organisation="Gemeente Proefdam")
    assert (answer.status_code, answer.location) == (303, "/communities/een/members#invitations")
    with app.app_context():
        person = by_mail(WRONG)
        assert person is not None
        assert (person.name, person.organisation.name) == ("Nina Nieuw", "Gemeente Proefdam")
    assert len(outbox(WRONG)) == 1


def test_other_address_gets_the_invitation_and_the_former_link_ends(cast: Any, outbox: Any, invitation: int) -> None:
    (former,) = outbox(WRONG)
    page = cast.client("eva").post(
        f"/communities/een/invitations/{invitation}", data={"mail": RIGHT}, follow_redirects=True
    )
    assert f"De uitnodiging aan {RIGHT} is onderweg." in page.text
    assert cast.client(None).get(path(former)).status_code == 410
    (email,) = outbox(RIGHT)
    assert cast.client(None).post(path(email)).location == "/communities/een"


def test_address_of_a_person_invited_elsewhere_is_kept(cast: Any, outbox: Any, invitation: int) -> None:
    """The new link would open the other community to whoever reads the new address."""
    cast.client("jan").post("/communities/twee/members", data={"mail": WRONG})
    answer = correct(cast, "eva", invitation, mail="eva.zelf@proef.example")
    assert answer.status_code == 422
    assert "Deze deelnemer is ook elders uitgenodigd." in answer.text
    assert outbox("eva.zelf@proef.example") == []
    assert correct(cast, "fons", invitation, mail=RIGHT).status_code == 303  # moderates both


def test_works_by_api(cast: Any, invitation: int) -> None:
    answer = cast.client(None).patch(
        f"/api/v1/communities/een/invitations/{invitation}", headers=cast.api("fons"), json={"name": "Nina Nieuw"}
    )
    assert (answer.status_code, answer.json["name"], answer.json["mail"]) == (200, "Nina Nieuw", WRONG)


def test_person_who_entered_is_not_corrected(cast: Any, outbox: Any, invitation: int) -> None:
    browser = cast.client(None)
    browser.post(path(outbox(WRONG)[0]))
    assert correct(cast, "eva", invitation, name="Ander").status_code == 422
    browser.post("/welcome", data={"name": "Nina Nieuw", "rules": "1", "privacy": "1"})
    assert correct(cast, "eva", invitation, name="Ander").status_code == 422


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mail": "geen adres"}, "mail"),
        ({"mail": "anna@proef.example"}, "mail"),
        ({"name": "x" * 201}, "name"),
        ({"organisation": "Nergens BV"}, "organisation"),
    ],
)
def test_bad_input_names_the_field(cast: Any, invitation: int, given: dict[str, Any], field: str) -> None:
    answer = cast.client(None).patch(
        f"/api/v1/communities/een/invitations/{invitation}", headers=cast.api("eva"), json=given
    )
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    page = correct(cast, "eva", invitation, **given)
    assert page.status_code == 422
    assert answer.json["errors"][field] in page.text


def test_stranger_gets_404(cast: Any, invitation: int) -> None:
    for who in ("chris", "hans", "iris"):
        assert correct(cast, who, invitation, name="Ander").status_code == 404, who
    elsewhere = cast.client("jan").post(f"/communities/twee/invitations/{invitation}", data={"name": "Ander"})
    assert elsewhere.status_code == 404


def test_wrong_role_gets_403(cast: Any, invitation: int) -> None:
    for who in ("anna", "gerda"):
        assert correct(cast, who, invitation, name="Ander").status_code == 403, who


def test_is_journalled(cast: Any, app: Any, journal_entries: Any, invitation: int) -> None:
    correct(cast, "eva", invitation, mail=RIGHT)
    entry = journal_entries("members.correct")[-1]
    with app.app_context(), transaction():
        member = db.session.query(Membership.person_id).order_by(Membership.id.desc()).limit(1).scalar()
    assert entry.details == {"member": member, "moved": 1}
