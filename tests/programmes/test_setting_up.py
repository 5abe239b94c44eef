"""A coach sets up a programme alone: what she sees, what comes next, and how those who get a role are told."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.notices.models import Notice
from cop.programmes import actions
from cop.society.credentials import new_session
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import PartnerPerson, Partnership, Programme

NEW = {"mail": "coach@nieuw.example", "name": "Cora Coach"}


@pytest.fixture
def bare(cast: Any, app: Any) -> SimpleNamespace:
    """Return a programme with nothing in it, and Kim, who is in its team and nowhere else."""
    with app.app_context(), transaction():
        programme = Programme(slug="mix", name="Magic Mix", composition="free")
        kim = Person(mail="kim@mix.example", name="Kim Kaal", state="active")
        db.session.add_all([programme, kim])
        db.session.flush()
        db.session.add(TeamMember(programme_id=programme.id, person_id=kim.id))
        return SimpleNamespace(programme=programme.id, kim=kim.id)


@pytest.fixture
def kim(cast: Any, app: Any, bare: SimpleNamespace) -> Any:
    """Return the browser of Kim."""
    with app.app_context(), transaction():
        person = db.session.get_one(Person, bare.kim)
        person.entered = clock.now()
        cast.cookies["kim"] = new_session(person)
    return cast.client("kim")


def steps(page: str) -> dict[str, str]:
    """Return the steps on a page by name: done, next or open."""
    states = {' class="is-done"': "done", ' aria-current="step"': "next", "": "open"}
    listed = page.partition('<ol class="checklist"')[2].partition("</ol>")[0]
    found = re.findall(r'<li( class="is-done"| aria-current="step")?>.*?<b>([^<]+)</b>', listed, re.S)
    return {name: states[state] for state, name in found}


def test_a_coach_without_a_community_sees_her_programme(kim: Any) -> None:
    assert kim.get("/programmes/mix").status_code == 200
    assert kim.get("/programmes/mix/edit").status_code == 200
    home = kim.get("/").text
    assert "U doet nog nergens mee" not in home
    assert "Magic Mix" in home
    assert re.search(r'href="/programmes/mix"[^>]*>(<svg.*?</svg>)?Verder inrichten', home)
    assert "Magic Mix" in kim.get("/programmes").text


def test_she_sets_it_up_alone(cast: Any, kim: Any, outbox: Any) -> None:
    assert steps(kim.get("/programmes/mix").text) == {
        "Beschrijving": "next",
        "Programmateam": "done",
        "Praktijkgemeenschap": "open",
        "Deelnemers": "open",
        "Samenwerkingen": "open",
    }
    kim.post("/programmes/mix", data={"about": "Gemengd wonen."})
    answer = kim.post("/programmes/mix/communities", data={"name": "Zachte landing in ’t dorp"})
    assert 'href="/communities/zachte-landing-in-t-dorp/members"' in kim.get(answer.location).text
    assert steps(kim.get("/programmes/mix").text)["Deelnemers"] == "next"
    kim.post("/communities/zachte-landing-in-t-dorp/members", data={"mail": "een@mix.example", "name": "Een Mix"})
    added = kim.post("/organisations", data={"name": "Verhuurder Mix", "kind": "landlord"})
    id = int(added.location.rpartition("/")[2])
    form = kim.get("/programmes/mix/partnerships/new").text
    assert "Verhuurder Mix" in form
    assert "Een Mix" in form
    made = kim.post("/programmes/mix/partnerships", data={"name": "Mix", "organisations": [id]})
    assert made.status_code == 303
    assert kim.post("/programmes/mix/team", data=NEW).status_code == 303
    assert '<ol class="checklist"' not in kim.get("/programmes/mix").text


def test_the_steps_are_for_the_team_alone(cast: Any) -> None:
    assert '<ol class="checklist"' in cast.client("fons").get("/programmes/proef").text
    assert '<ol class="checklist"' not in cast.client("anna").get("/programmes/proef").text


def test_works_for_somebody_new_in_the_team(cast: Any, app: Any, outbox: Any) -> None:
    """team.add by mail address: the person is made, and a one-time link leads them to the programme."""
    answer = cast.client("fons").post("/programmes/proef/team", data=NEW, follow_redirects=True)
    assert "Cora Coach hoort nu bij het programmateam en krijgt daarover een mail." in answer.text
    assert "nog niet ingelogd" in answer.text
    (mail,) = outbox(NEW["mail"])
    assert "Fons Feit heeft u toegevoegd aan het programmateam van ‘Proefprogramma’." in mail.text
    link = re.search(r"http://localhost(/sign-in/\S+)", mail.text)
    assert link
    browser = cast.client(None)
    browser.post(link[1])
    browser.post("/welcome", data={"name": "Cora Coach", "rules": "1", "privacy": "1", "next": "/programmes/proef"})
    page = browser.get("/programmes/proef/edit")
    assert page.status_code == 200
    # Once more: somebody who has entered and is in the team already gets no second mail.
    cast.client("fons").post("/programmes/proef/team", data=NEW)
    assert len(outbox(NEW["mail"])) == 1


def test_a_new_link_for_a_team_member_who_has_not_entered(cast: Any, outbox: Any) -> None:
    for _time in range(2):
        assert cast.client("fons").post("/programmes/proef/team", data=NEW).status_code == 303
    assert len(outbox(NEW["mail"])) == 2


def test_somebody_known_is_told_by_mail_and_notice_and_not_invited(cast: Any, outbox: Any) -> None:
    cast.client("fons").post("/programmes/proef/team", data={"mail": "BRAM@proef.example"})
    (mail,) = outbox("bram@proef.example")
    assert "/sign-in/" not in mail.text
    assert "http://localhost/programmes/proef" in mail.text
    page = cast.client("bram").get("/notices").text
    assert "Fons Feit heeft u toegevoegd aan het programmateam van ‘Proefprogramma’" in page
    notice = re.search(r'href="(/notices/\d+)"', page)
    assert notice
    assert cast.client("bram").get(notice[1]).location == "/programmes/proef"
    listed = cast.client(None).get("/api/v1/notices", headers=cast.api("bram")).json["items"]
    assert (listed[0]["reason"], listed[0]["title"]) == ("team", "Proefprogramma")
    assert "heeft u toegevoegd" in cast.client("bram").get("/").text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "member"),
        ({"mail": "wie@nieuw.example"}, "name"),
        ({"mail": "wie", "name": "Wie"}, "mail"),
        ({"mail": "kees@proef.example"}, "mail"),
    ],
)
def test_bad_input_for_the_team_names_the_field(cast: Any, given: dict[str, str], field: str) -> None:
    answer = cast.client(None).post("/api/v1/programmes/proef/team", headers=cast.api("fons"), json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    page = cast.client("fons").post("/programmes/proef/team", data=given)
    assert page.status_code == 422
    assert f'id="f-{field}-error"' in page.text


def test_a_partner_is_told_once_and_nobody_about_themselves(cast: Any, outbox: Any) -> None:
    home, town, _know = cast.organisations
    given = {"name": "Duo", "organisations": [home, town], "people": [cast.anna, cast.fons]}
    made = cast.client("fons").post("/programmes/proef/partnerships", data=given).location
    cast.client("fons").post(made, data={**given, "people": [cast.anna, cast.bram, cast.fons]})
    for who in ("anna", "bram"):
        (mail,) = outbox(f"{who}@proef.example")
        assert "Fons Feit heeft u toegevoegd aan de samenwerking ‘Duo’ in het programma ‘Proefprogramma’." in mail.text
        assert f"http://localhost{made}" in mail.text
        assert cast.client(who).get("/notices").text.count("aan de samenwerking ‘Duo’") == 1
    assert outbox("fons@proef.example") == []
    assert "samenwerking ‘Duo’" not in cast.client("fons").get("/notices").text


def test_an_administrator_is_told(cast: Any, outbox: Any) -> None:
    cast.client("iris").put(f"/people/{cast.eva}/administration")
    cast.client("iris").post(f"/people/{cast.eva}/administration")
    (mail,) = outbox("eva@proef.example")
    assert "Iris Inzicht heeft u beheerder van het platform gemaakt." in mail.text
    assert "Iris Inzicht heeft u beheerder gemaakt" in cast.client("eva").get("/notices").text


def test_what_a_command_sets_up_is_told_to_nobody(cast: Any, app: Any, outbox: Any) -> None:
    with app.app_context(), transaction():
        programme = db.session.get_one(Programme, cast.programme)
        actions.team_add(access.SYSTEM, programme, member=cast.bram)
    assert outbox("bram@proef.example") == []
    with app.app_context():
        assert db.session.scalars(select(Notice)).all() == []


def test_removing_from_the_team_can_be_undone_without_a_second_mail(cast: Any, app: Any, outbox: Any) -> None:
    cast.client("fons").post("/programmes/proef/team", data={"member": cast.bram})
    client = cast.client("fons")
    page = client.post(f"/programmes/proef/team/{cast.bram}/delete", follow_redirects=True).text
    assert "Bram Baan hoort niet meer bij het programmateam van Proefprogramma." in page
    undo = page.partition('class="flash"')[2].partition("</form>")[0]
    assert 'action="/programmes/proef/team"' in undo
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', undo))
    client.post("/programmes/proef/team", data=fields)
    with app.app_context():
        assert db.session.get(TeamMember, (cast.programme, cast.bram)) is not None
    assert len(outbox("bram@proef.example")) == 1


def test_a_partner_without_a_community_sees_what_their_partnership_needs(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        duo = Partnership(programme_id=cast.programme, name="Duo Proefdam")
        db.session.add(duo)
        db.session.flush()
        for who in (cast.hans, cast.jan):
            db.session.add(PartnerPerson(partnership_id=duo.id, person_id=who))
        url = duo.url
    hans = cast.client("hans")  # in no community any more
    assert hans.get(url).status_code == 200
    home = hans.get("/").text
    assert f'<a href="{url}">Duo Proefdam</a>' in home
    page = hans.get("/programmes/proef")
    assert page.status_code == 200
    assert "Eerste kring" not in page.text
    for whom, status in (("jan", 200), ("fons", 200), ("anna", 404)):  # partner, team, member
        assert hans.get(f"/people/{getattr(cast, whom)}").status_code == status, whom
    assert cast.client("anna").get(f"/people/{cast.hans}").status_code == 200
