"""members.invite: an invitation by mail, with access from that moment."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.society.organisations import Organisation
from cop.society.people import Person, by_mail

NEW = "nieuw@proef.example"


def invite(cast: Any, who: str, **given: Any) -> Any:
    return cast.client(None).post("/api/v1/communities/een/members", headers=cast.api(who), json={"mail": NEW, **given})


def link(email: Any) -> str:
    """Return the path of the link in an email."""
    return re.search(r"http://localhost(/sign-in/\S+)", email.text)[1]  # type: ignore[index]


def test_works(cast: Any, outbox: Any) -> None:
    answer = cast.client("eva").post(
        "/communities/een/members",
        data={"mail": NEW, "name": "Nina Nieuw", "role": "member", "organisation": cast.organisations[1]},
    )
    assert (answer.status_code, answer.location) == (303, "/communities/een/members")
    page = cast.client("eva").get(answer.location).text
    assert NEW in page
    assert "Nog niet ingelogd" in page
    email = outbox(NEW)[-1]
    assert email.subject == "Uitnodiging voor ‘Eerste kring’"
    assert "Beste Nina Nieuw," in email.text
    assert "Eva Even nodigt u uit voor de praktijkgemeenschap ‘Eerste kring’." in email.text
    assert "De link geldt 14 dagen en werkt één keer." in email.text
    assert f'href="http://localhost{link(email)}"' in email.html
    browser = cast.client(None)
    assert browser.post(link(email)).location == "/communities/een"
    browser.post("/welcome", data={"name": "Nina Nieuw", "rules": "1", "privacy": "1"})
    assert browser.get("/communities/een").status_code == 200
    assert browser.get("/communities/twee").status_code == 404
    after = cast.client("eva").get("/communities/een/members").text
    assert "1 uitnodiging is gebruikt" in after
    assert "Gemeente Proefdam" in after


def test_works_by_api(cast: Any) -> None:
    answer = invite(cast, "eva", name="Nina Nieuw", role="reader")
    assert answer.status_code == 201
    made = answer.json
    assert (made["mail"], made["name"], made["role"], made["state"], made["until"]) == (
        NEW,
        "Nina Nieuw",
        "reader",
        "pending",
        None,
    )
    listed = cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api("fons")).json["items"]
    assert listed == [made]


def test_known_person_gets_access_at_once(cast: Any, outbox: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/members", headers=cast.api("eva"), json={"mail": "CHRIS@proef.example"}
    )
    assert answer.json["state"] == "entered"
    email = outbox("chris@proef.example")[-1]
    assert "/sign-in/" not in email.text
    assert "http://localhost/communities/een\n" in email.text
    assert cast.client("chris").get("/communities/een").status_code == 200


def test_invitation_is_in_the_language_of_the_person(cast: Any, run_as: Any, outbox: Any) -> None:
    from cop.people import actions as people

    run_as("chris", people.set_language, Person, cast.chris, language="en")
    cast.client("eva").post("/communities/een/members", data={"mail": "chris@proef.example"})
    email = outbox("chris@proef.example")[-1]
    assert email.subject == "Invitation to ‘Eerste kring’"
    assert "Eva Even invites you to the community of practice" in email.text
    assert 'lang="en"' in email.html


def test_expert_has_a_last_day(cast: Any, membership: Any, outbox: Any) -> None:
    until = clock.local(clock.now()).date() + timedelta(days=30)
    assert invite(cast, "eva", role="expert", until=until.isoformat()).status_code == 201
    assert "U doet mee als expert, tot en met" in outbox(NEW)[-1].text


def test_removed_member_can_be_invited_again(cast: Any, membership: Any) -> None:
    cast.client("eva").post("/communities/een/members", data={"mail": "hans@proef.example"})
    assert membership("hans").ended is None
    assert cast.client("hans").get("/communities/een").status_code == 200


def test_invitation_does_not_lower_a_role(cast: Any, membership: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/members", headers=cast.api("eva"), json={"mail": "eva@proef.example"}
    )
    assert answer.json["errors"] == {"mail": "Deze deelnemer doet hier al mee. Een andere rol geeft u in de lijst."}
    assert membership("eva").role == "moderator"
    invite(cast, "eva")
    assert invite(cast, "eva").json["errors"] == {
        "mail": "Deze deelnemer is al uitgenodigd. Stuur de uitnodiging opnieuw vanuit de lijst."
    }


def test_organisation_of_a_known_person_is_unchanged(cast: Any, app: Any) -> None:
    cast.client("eva").post(
        "/communities/een/members", data={"mail": "chris@proef.example", "organisation": cast.organisations[0]}
    )
    with app.app_context():
        assert by_mail("chris@proef.example").organisation_id == cast.organisations[1]


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert invite(cast, who).status_code == 404, who
        assert cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api(who)).status_code == 404, (
            who
        )


def test_wrong_role_gets_403(cast: Any, outbox: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        assert invite(cast, who).status_code == 403, who
        assert cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api(who)).status_code == 403, (
            who
        )
        assert "Uitnodigingen" not in cast.client(who).get("/communities/een/members").text, who
    assert outbox(NEW) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mail": "geen adres"}, "mail"),
        ({"mail": ""}, "mail"),
        ({"mail": "kees@proef.example"}, "mail"),
        ({"role": "team"}, "role"),
        ({"role": "expert"}, "until"),
        ({"role": "expert", "until": "2017-01-01"}, "until"),
        ({"organisation": 999999}, "organisation"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_bad_input_names_the_field(cast: Any, outbox: Any, given: dict[str, Any], field: str) -> None:
    answer = invite(cast, "eva", **given)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    page = cast.client("eva").post("/communities/een/members", data={"mail": NEW, **given})
    assert page.status_code == 422
    assert answer.json["errors"][field] in page.text
    assert outbox(NEW) == []


def test_unknown_fields_are_ignored(cast: Any, app: Any) -> None:
    """Fields that the form does not have are ignored."""
    assert invite(cast, "eva", is_admin=True, state="active", entered="2017-01-01").status_code == 201
    with app.app_context():
        person = by_mail(NEW)
        assert (person.is_admin, person.state, person.entered) == (False, "invited", None)


def test_name_cannot_add_a_mail_header(cast: Any, app: Any, outbox: Any) -> None:
    from cop.base.email import to_message

    invite(cast, "eva", name="Nina\r\nBcc: ander@proef.example")
    with app.app_context():
        written = to_message(outbox(NEW)[-1])
    assert written["Bcc"] is None
    assert "\n" not in str(written["To"])


def test_hostile_text_is_escaped(cast: Any, outbox: Any) -> None:
    cast.client("eva").post("/communities/een", data={"name": "<b onclick=x>Kring</b>"})
    invite(cast, "eva", name="<script>alert(1)</script>")
    assert "<script>" not in outbox(NEW)[-1].html
    assert "<b onclick" not in outbox(NEW)[-1].html
    assert "<script>alert" not in cast.client("eva").get("/communities/een/members").text


def test_is_journalled(cast: Any, journal_entries: Any, app: Any) -> None:
    invite(cast, "eva")
    entry = journal_entries("members.invite")[-1]
    with app.app_context():
        assert entry.details == {"member": by_mail(NEW).id, "community": cast.one, "role": "member"}
    assert entry.person_id == cast.eva


@pytest.mark.parametrize(
    ("mail", "stored"),
    [
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("goed\u200b@gemeente.example", "goed@gemeente.example"),
        ("y@gemeente.example.", "y@gemeente.example"),
    ],
)
def test_pasted_address_is_normalized(cast: Any, outbox: Any, mail: str, stored: str) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/members",
        headers=cast.api("eva"),
        json={"mail": mail, "name": "beheer@ander.example"},
    )
    assert (answer.status_code, answer.json["mail"]) == (201, stored)
    assert [email.address for email in outbox(stored)] == [stored]
    assert outbox("ander.example") == []


def test_one_mail_and_one_link_for_several_communities(cast: Any, outbox: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/members",
        headers=cast.api("fons"),
        json={"mail": NEW, "communities": ["een", "twee"], "roles": {"twee": "reader"}},
    )
    assert answer.status_code == 201
    (email,) = outbox(NEW)
    assert "Fons Feit nodigt u uit voor 2 praktijkgemeenschappen van ‘Proefprogramma’:" in email.text
    assert "- Eerste kring\n" in email.text
    assert "- Tweede kring: U leest mee.\n" in email.text
    browser = cast.client(None)
    assert browser.post(link(email)).location == "/programmes/proef"
    browser.post("/welcome", data={"name": "Nina Nieuw", "rules": "1", "privacy": "1"})
    for slug in ("een", "twee"):
        assert browser.get(f"/communities/{slug}").status_code == 200
        listed = cast.client(None).get(f"/api/v1/communities/{slug}/invitations", headers=cast.api("fons")).json
        assert [(one["role"], one["state"]) for one in listed["items"]] == [
            ("reader" if slug == "twee" else "member", "entered")
        ]


def test_known_person_is_added_to_the_communities_that_are_left(cast: Any, outbox: Any) -> None:
    cast.client(None).post(
        "/api/v1/communities/een/members",
        headers=cast.api("fons"),
        json={"mail": "anna@proef.example", "communities": ["een", "twee"]},
    )
    (email,) = outbox("anna@proef.example")
    assert email.subject == "Uitnodiging voor ‘Tweede kring’"
    assert "/sign-in/" not in email.text
    assert cast.client("anna").get("/communities/twee").status_code == 200


def test_moderator_cannot_invite_to_another_community(cast: Any, outbox: Any) -> None:
    answer = invite(cast, "eva", communities=["een", "twee"])
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["communities"])
    assert invite(cast, "eva", communities=[]).status_code == 422
    assert outbox(NEW) == []


def test_people_of_a_partnership_join_it(cast: Any, app: Any, run_as: Any) -> None:
    from cop.partnerships import actions as partnerships
    from cop.society.programmes import Programme

    organisations = cast.organisations[:2]
    duo = run_as("fons", partnerships.add, Programme, cast.programme, name="Duo", organisations=organisations)
    given = {"mail": "piet@proef.example", "partnership": duo}
    assert invite(cast, "eva", **given).status_code == 403
    assert invite(cast, "fons", **given).status_code == 201
    assert invite(cast, "fons", mail="p@proef.example", partnership=999999).status_code == 422
    with app.app_context():
        from cop.base.db import db
        from cop.society.programmes import Partnership

        people = db.session.get_one(Partnership, duo).people
        assert "piet@proef.example" in [person.mail for person in people]


def test_withdrawing_from_one_community_keeps_the_link_to_the_other(cast: Any, outbox: Any) -> None:
    made = cast.client(None).post(
        "/api/v1/communities/een/members",
        headers=cast.api("fons"),
        json={"mail": NEW, "communities": ["een", "twee"]},
    )
    (email,) = outbox(NEW)
    cast.client("fons").post(f"/communities/een/invitations/{made.json['id']}/delete")
    assert cast.client(None).get(link(email)).status_code == 200
    listed = cast.client(None).get("/api/v1/communities/twee/invitations", headers=cast.api("fons")).json["items"]
    cast.client("fons").post(f"/communities/twee/invitations/{listed[0]['id']}/delete")
    assert cast.client(None).get(link(email)).status_code == 410


def test_form_lists_the_organisations(cast: Any, app: Any) -> None:
    page = cast.client("eva").get("/communities/een/members").text
    with app.app_context():
        from cop.base.db import db

        for id in cast.organisations:
            assert f'<option value="{id}">{db.session.get(Organisation, id).name}' in page
