"""partnerships.consent and partnerships.withdraw_consent: every organisation agrees before anything leaves the programme."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.db import db
from cop.partnerships import actions
from cop.society.programmes import Partnership, Programme, may_leave_programme


def answer(cast: Any, duo: Any, who: str, organisation: int, verb: str = "put") -> int:
    send = getattr(cast.client(None), verb)
    return send(f"{duo.api}/consents/{organisation}", headers=cast.api(who)).status_code


@pytest.fixture
def agreed(app: Any) -> Any:
    """`agreed(duo)`: whether all organisations of a partnership agree."""

    def read(duo: Any) -> bool:
        with app.app_context():
            return may_leave_programme(db.session.get_one(Partnership, duo.id))

    return read


def test_works(cast: Any, duo: Any, agreed: Any) -> None:
    home, town, _know = cast.organisations
    page = cast.client("anna").get(duo.url).text
    assert "Toestemming geven namens Woonstichting Proef" in page
    assert "Toestemming geven namens Gemeente Proefdam" not in page
    done = cast.client("anna").post(f"{duo.url}/consents/{home}", follow_redirects=True)
    assert "De toestemming is vastgelegd." in done.text
    assert "ja, zegt Anna Adem" in cast.client("bram").get(duo.url).text
    assert "ja, zegt Anna Adem" not in cast.client("chris").get(duo.url).text
    assert not agreed(duo)
    cast.client("bram").post(f"{duo.url}/consents/{town}")
    assert agreed(duo)


def test_works_for_withdraw_consent(cast: Any, duo: Any, agreed: Any) -> None:
    home, town, _know = cast.organisations
    cast.client("anna").post(f"{duo.url}/consents/{home}")
    cast.client("bram").post(f"{duo.url}/consents/{town}")
    done = cast.client("anna").post(f"{duo.url}/consents/{home}/delete", follow_redirects=True)
    assert "Toestemming ingetrokken door Anna Adem" in done.text
    assert not agreed(duo)


def test_works_by_api(cast: Any, duo: Any) -> None:
    home = cast.organisations[0]
    consents = []
    for verb in ("put", "delete"):
        assert answer(cast, duo, "anna", home, verb) in (200, 204)
        shown = cast.client(None).get(duo.api, headers=cast.api("bram")).json["organisations"]
        consents.append({one["id"]: one["consent"] for one in shown}[home])
    assert consents == ["given", "withdrawn"]


def test_stranger_gets_404(cast: Any, duo: Any) -> None:
    home, _town, know = cast.organisations
    for verb in ("put", "delete"):
        assert answer(cast, duo, "hans", home, verb) == 404
        assert answer(cast, duo, "anna", know, verb) == 404  # not in this partnership


def test_wrong_role_gets_403(cast: Any, duo: Any) -> None:
    """Chris works for the municipality, but is not in the partnership; Fons is of the team."""
    home, town, _know = cast.organisations
    for who, organisation in (("bram", home), ("anna", town), ("chris", town), ("fons", home), ("iris", home)):
        for verb in ("put", "delete"):
            assert answer(cast, duo, who, organisation, verb) == 403, who


def test_is_journalled(cast: Any, duo: Any, journal_entries: Any) -> None:
    home = cast.organisations[0]
    for verb, name in (("put", "consent"), ("delete", "withdraw_consent")):
        answer(cast, duo, "anna", home, verb)
        entry = journal_entries(f"partnerships.{name}")[-1]
        assert (entry.person_id, entry.object_id, entry.details) == (cast.anna, duo.id, {"organisation": home})


def test_a_new_partner_has_not_agreed_and_one_that_left_no_longer_counts(cast: Any, duo: Any, agreed: Any) -> None:
    home, town, know = cast.organisations
    answer(cast, duo, "anna", home)
    answer(cast, duo, "bram", town)
    cast.client("fons").post(duo.url, data={"organisations": [home, town, know]})
    assert not agreed(duo)
    cast.client("fons").post(duo.url, data={"organisations": [home, town]})
    assert agreed(duo)


def test_an_organisation_in_two_partnerships_agrees_for_each(cast: Any, duo: Any, agreed: Any, run_as: Any) -> None:
    organisations = cast.organisations
    trio = run_as(
        "fons", actions.add, Programme, cast.programme, name="Trio", organisations=organisations, people=[cast.anna]
    )
    answer(cast, duo, "anna", organisations[0])
    shown = cast.client(None).get(f"/api/v1/partnerships/{trio}", headers=cast.api("anna")).json["organisations"]
    assert [one["consent"] for one in shown] == ["", "", ""]


def test_consent_can_be_withdrawn_in_the_archive(cast: Any, app: Any, duo: Any) -> None:
    home = cast.organisations[0]
    answer(cast, duo, "anna", home)
    cast.client("fons").post("/programmes/proef", data={"phase": "archive"})
    assert answer(cast, duo, "anna", home, "delete") in (200, 204)
    assert answer(cast, duo, "anna", home) == 403
