"""Meetings and date polls of some communities of a programme: who sees them, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from cop import access
from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.meetings import actions
from cop.meetings.models import Meeting
from cop.minutes import actions as minutes
from cop.minutes.models import Minutes
from cop.programmes import actions as programmes
from cop.society.audience import Audience
from cop.society.memberships import audience_size, enrol, people_in
from cop.society.people import Person
from cop.society.programmes import Community, CommunityGroup
from cop.threads.models import Thread
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START

SENT = {"title": "Met z'n tweeën", "kind": "thematic", "starts": "2027-03-26T09:30", "ends": "2027-03-26T15:30"}
BOTH = {"communities": ["een", "twee"]}


@pytest.fixture
def three(app: Any, cast: Any) -> int:
    """A third community, with Hans as its only member."""
    with app.app_context(), transaction():
        first = db.session.get_one(Community, cast.one)
        community = Community(programme_id=first.programme_id, slug="drie", name="Derde kring", position=3)
        db.session.add(community)
        db.session.flush()
        enrol(db.session.get_one(Person, cast.hans), community, "member")
        return community.id


@pytest.fixture
def programme(app: Any, cast: Any) -> str:
    with app.app_context():
        return str(db.session.get_one(Community, cast.one).programme.url)


@pytest.fixture
def joint(three: int, ask: Any, programme: str) -> str:
    """The address of a draft for the first and second community."""
    made = ask("fons", "post", f"/api/v1{programme}/meetings", **SENT, **BOTH)
    assert made.status_code == 201, made.json
    assert made.json["audience"] == "Eerste kring + Tweede kring"
    return str(made.json["url"])


def test_only_people_of_the_chosen_communities_see_and_answer_it(joint: str, ask: Any, cast: Any, read: Any) -> None:
    api = f"/api/v1{joint}"
    for who in ("anna", "chris", "hans"):
        assert ask(who, "get", api).status_code == 404, who  # a draft
    assert ask("fons", "put", f"{api}/announcement").status_code == 200
    for who in ("anna", "chris"):
        assert ask(who, "put", f"{api}/answer", answer="yes").status_code == 200, who
        assert "Met z&#39;n tweeën" in read(who, "/meetings")
    assert ask("hans", "get", api).status_code == 404
    assert ask("hans", "put", f"{api}/answer", answer="yes").status_code == 404
    assert "tweeën" not in read("hans", "/meetings") + read("hans", "/communities/drie/meetings")
    for slug, who in (("een", "anna"), ("twee", "chris")):
        assert "Met z&#39;n tweeën" in read(who, f"/communities/{slug}/meetings")
    assert "Eerste kring + Tweede kring" in read("anna", joint)


def test_moderators_of_one_of_the_communities_do_not_lead_it(joint: str, ask: Any) -> None:
    ask("fons", "put", f"/api/v1{joint}/announcement")
    assert ask("eva", "get", f"/api/v1{joint}").status_code == 200
    assert ask("eva", "put", f"/api/v1{joint}/cancellation", reason="Kan niet").status_code == 403
    assert ask("eva", "patch", f"/api/v1{joint}", title="Van mij").status_code == 403


def test_audience_is_that_of_both_and_of_the_team(app: Any, cast: Any, joint: str) -> None:
    with app.app_context():
        meeting = db.session.get_one(Meeting, int(joint.rpartition("/")[2]))
        people = set(db.session.scalars(people_in(meeting.audience_id)))
        assert {cast.anna, cast.chris, cast.fons} <= people
        assert cast.hans not in people
        each = [
            set(db.session.scalars(people_in(db.session.get_one(Community, id).audience_id)))
            for id in (cast.one, cast.two)
        ]
        assert people == each[0] | each[1]
        assert audience_size(meeting.audience_id).people > 0
        rights = access.rights(db.session.get_one(Person, cast.hans))
        assert meeting.audience_id not in rights.roles


def test_one_group_for_the_same_communities(app: Any, joint: str, ask: Any, programme: str) -> None:
    ask("fons", "post", f"/api/v1{programme}/meetings", **SENT, communities=["twee", "een"])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CommunityGroup)) == 1


def test_everything_chosen_is_the_whole_programme_and_one_is_a_community(
    app: Any, cast: Any, three: int, ask: Any, programme: str
) -> None:
    every = ask("fons", "post", f"/api/v1{programme}/meetings", **SENT, communities=["een", "twee", "drie"]).json
    alone = ask("fons", "post", f"/api/v1{programme}/meetings", **SENT, communities=["drie"]).json
    with app.app_context():
        kinds = [
            db.session.get_one(Audience, db.session.get_one(Meeting, one["id"]).audience_id).kind
            for one in (every, alone)
        ]
    assert kinds == ["programme", "community"]


def test_draft_can_get_other_communities_and_an_announced_one_cannot(joint: str, ask: Any, read: Any) -> None:
    api = f"/api/v1{joint}"
    assert "checked" in read("fons", f"{joint}/edit")
    changed = ask("fons", "patch", api, communities=["twee", "drie"]).json
    assert changed["audience"] == "Tweede kring + Derde kring"
    assert ask("fons", "patch", api, communities=[]).json["audience"] == "Proefprogramma"
    ask("fons", "patch", api, **BOTH)
    ask("fons", "put", f"{api}/announcement")
    late = ask("fons", "patch", api, communities=["twee", "drie"])
    assert (late.status_code, "aangekondigd" in late.json["detail"]) == (409, True)
    assert ask("fons", "patch", api, **BOTH, title="Zelfde mensen").status_code == 200


def test_refused_beside_the_field(three: int, ask: Any, cast: Any, programme: str) -> None:
    wrong = ask("fons", "post", f"/api/v1{programme}/meetings", **SENT, communities=["een", "elders"])
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["communities"])
    moderator = ask("eva", "post", "/api/v1/communities/een/meetings", **SENT, **BOTH)
    assert (moderator.status_code, list(moderator.json["errors"])) == (422, ["communities"])
    page = cast.client(None).post(
        f"{programme}/meetings",
        data={"title": "", "kind": "thematic", "communities": ["", "een", "twee"]},
        headers={**cast.api("fons"), "Accept": "text/html"},
    )
    assert page.status_code == 422
    assert page.text.count(" checked") >= 2


def test_series_and_poll_for_two_communities(app: Any, three: int, ask: Any, programme: str) -> None:
    days = [{"starts": f"2027-0{n}-10T09:30", "ends": f"2027-0{n}-10T12:00"} for n in (4, 5)]
    series = ask("fons", "post", f"/api/v1{programme}/series", title="Samen", kind="thematic", days=days, **BOTH)
    assert series.status_code == 201
    options = ["2027-04-01T10:00", "2027-04-02T10:00"]
    poll = ask("fons", "post", f"/api/v1{programme}/polls", title="Prikken", kind="other", options=options, **BOTH)
    assert poll.status_code == 201
    api = f"/api/v1{poll.json['url']}"
    ask("fons", "patch", api, communities=["een", "drie"])
    ask("fons", "put", f"{api}/opening")
    assert ask("chris", "get", api).status_code == 404
    assert ask("hans", "get", api).status_code == 200
    assert ask("fons", "patch", api, **BOTH).status_code == 409
    chosen = ask("fons", "put", f"{api}/choice", option=poll.json["options"][0]["id"])
    assert chosen.status_code in (200, 201), chosen.json
    with app.app_context():
        names = db.session.scalars(select(CommunityGroup.name).order_by(CommunityGroup.id)).all()
        assert names == ["Eerste kring + Tweede kring", "Eerste kring + Derde kring"]
        meeting = db.session.scalar(select(Meeting).where(Meeting.title == "Prikken"))
        assert meeting is not None
        assert access.audience(access.SYSTEM, meeting.audience_id).name == "Eerste kring + Derde kring"


def test_copy_begins_with_the_same_communities(joint: str, read: Any, programme: str) -> None:
    page = read("fons", f"{programme}/meetings/new?copy={joint.rpartition('/')[2]}")
    assert page.count('value="een" checked') == page.count('value="twee" checked') == 1


def test_group_is_named_after_its_communities_and_goes_with_them(
    app: Any, cast: Any, run_as: Any, joint: str, three: int, ask: Any
) -> None:
    run_as("fons", programmes.edit_community, Community, cast.two, name="Kring Zuid")
    assert ask("fons", "get", f"/api/v1{joint}").json["audience"] == "Eerste kring + Kring Zuid"
    ask("fons", "patch", f"/api/v1{joint}", communities=["twee", "drie"])
    with app.app_context(), transaction():
        assert "1 andere bijdrage" in programmes.uses_of_community(db.session.get_one(Community, three))
    assert ask("fons", "delete", "/api/v1/communities/drie").status_code == 409
    ask("fons", "delete", f"/api/v1{joint}")
    ask("fons", "delete", f"/api/v1/communities/drie/members/{cast.hans}")
    assert ask("fons", "delete", "/api/v1/communities/drie").status_code == 204
    with app.app_context():
        assert db.session.scalars(select(CommunityGroup.name)).all() == ["Eerste kring + Kring Zuid"]


def test_team_joins_later_and_a_member_who_leaves_loses_it(app: Any, cast: Any, joint: str, ask: Any) -> None:
    ask("fons", "put", f"/api/v1{joint}/announcement")
    ask("chris", "put", f"/api/v1{joint}/answer", answer="yes")
    assert ask("fons", "delete", f"/api/v1/communities/twee/members/{cast.chris}").status_code in (200, 204)
    assert ask("chris", "get", f"/api/v1{joint}").status_code == 404


def test_moved_by_its_team(joint: str, run_as: Any) -> None:
    """The whole life works for a group as for others."""
    id = int(joint.rpartition("/")[2])
    run_as("fons", actions.announce, Meeting, id)
    later = START + timedelta(days=7)
    run_as("fons", actions.move, Meeting, id, starts=later, ends=later + HOUR)
    run_as("fons", actions.cancel, Meeting, id, reason="Ziek")


def test_published_minutes_stay_among_its_people(app: Any, cast: Any, joint: str, run_as: Any, ask: Any) -> None:
    id, api = int(joint.rpartition("/")[2]), f"/api/v1{joint}/minutes"
    run_as("fons", actions.announce, Meeting, id)
    go_to(START + HOUR)
    assert ask("fons", "post", api).status_code == 201
    with app.app_context(), transaction():
        fons = db.session.get_one(Person, cast.fons)
        written = db.session.scalars(select(Minutes).where(Minutes.id == id)).one()
        block = minutes.add(fons, written, title="Besproken")
        words = text.render("Twee kringen", "plain")
        minutes.edit(fons, block, title="Besproken", text=words, base_version=block.version)
    assert ask("fons", "put", f"{api}/publication").status_code == 200
    with app.app_context():
        thread = db.session.scalars(select(Thread.id)).one()
    seen = [ask(who, "get", f"/api/v1/threads/{thread}").status_code for who in ("anna", "chris", "hans")]
    assert seen == [200, 200, 404]
