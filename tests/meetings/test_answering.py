"""meetings.rsvp: yes, maybe or no, on the page or by the link in the mail; a full meeting has a waiting list."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cop.base import jobs
from cop.base.db import db
from cop.meetings.models import Invitee, answer_token
from cop.members import actions as members
from cop.society.memberships import Membership
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, NOW, START


def answer(ask: Any, meeting: Any, who: str, given: str = "yes", **more: Any) -> Any:
    return ask(who, "put", f"{meeting.api}/answer", answer=given, **more)


def answers(app: Any, meeting: Any) -> dict[int, tuple[str, int | None]]:
    with app.app_context():
        rows = db.session.query(Invitee).filter_by(meeting_id=meeting.id)
        return {row.person_id: (row.answer, row.place) for row in rows if row.answer}


def by_mail(cast: Any, mails: Any, who: str, **given: Any) -> Any:
    path = re.findall(r"http://localhost(/rsvp/[^\s?]+)", mails(who)[0].text)[0]
    return cast.client(None).post(path, data=given)


def test_works(meeting: Any, cast: Any, read: Any, mails: Any) -> None:
    assert "Antwoord opslaan" in read("anna", meeting.url)
    headers = {**cast.api("anna"), "Accept": "text/html"}
    given = {"answer": "yes", "remark": "Met de trein", "diet": "Geen vis"}
    done = cast.client(None).post(f"{meeting.url}/answer", data=given, headers=headers)
    assert (done.status_code, done.location) == (303, meeting.url)
    shown = read("anna", meeting.url)
    assert "U komt." in shown
    assert "1 van 2 plaatsen bezet" in shown
    invitation, confirmation = mails("anna")
    assert (confirmation.item.method, confirmation.item.partstat) == ("REQUEST", "ACCEPTED")
    assert (confirmation.item.uid, confirmation.item.sequence) == (invitation.item.uid, invitation.item.sequence)
    assert confirmation.item.stamp >= invitation.item.stamp
    answer_again = cast.client(None).post(f"{meeting.url}/answer", data={"answer": "no"}, headers=headers)
    assert answer_again.status_code == 303
    last = mails("anna")[-1]
    assert (last.item.method, last.item.sequence > confirmation.item.sequence) == ("CANCEL", True)
    assert "0 van 2 plaatsen bezet" in read("anna", meeting.url)


def test_works_by_api(meeting: Any, ask: Any, mails: Any) -> None:
    assert answer(ask, meeting, "anna").json["answer"] == "yes"
    assert answer(ask, meeting, "anna", remark="Iets later").json["remark"] == "Iets later"
    assert len(mails("anna")) == 2, "the same answer is confirmed once"
    assert answer(ask, meeting, "gerda", "maybe").json["answer"] == "maybe"
    assert mails("gerda")[-1].item.partstat == "TENTATIVE"
    assert ask("anna", "get", meeting.api).json["coming"] == 1


def test_returning_puts_the_item_back(meeting: Any, ask: Any, mails: Any) -> None:
    for given in ("yes", "no", "yes"):
        answer(ask, meeting, "anna", given)
    methods = [(mail.item.method, mail.item.sequence) for mail in mails("anna")]
    assert [method for method, _sequence in methods] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST"]
    assert methods[1][1] < methods[2][1] < methods[3][1]


def test_works_by_the_link_in_the_mail(meeting: Any, cast: Any, mails: Any, app: Any) -> None:
    path = re.findall(r"http://localhost(/rsvp/\S+answer=yes)", mails("anna")[0].text)[0]
    opened = cast.client(None).get(path)
    assert "U antwoordt als Anna Adem" in opened.text
    assert re.search(r'value="yes" checked', opened.text)
    assert "video.example" not in opened.text
    assert answers(app, meeting) == {}, "mail scanners open links"
    done = by_mail(cast, mails, "anna", answer="yes", remark="Tot dan")
    assert done.status_code == 303
    assert answers(app, meeting) == {cast.anna: ("yes", None)}
    assert "U komt." in cast.client(None).get(done.location).text
    again = cast.client(None).put(
        f"/api/v1{done.location}", json={"answer": "no"}, headers={"Accept": "application/json"}
    )
    assert again.json["answer"] == "no"


def test_the_link_keeps_what_only_the_team_reads(meeting: Any, ask: Any, cast: Any, mails: Any, app: Any) -> None:
    answer(ask, meeting, "anna", diet="Geen vis", access_needs="Een ringleiding")
    path = f"/rsvp/{_token(app, meeting.id, cast.anna)}"
    assert "Geen vis" not in cast.client(None).get(path).text
    cast.client(None).post(path, data={"answer": "maybe"})
    (row,) = [one for one in ask("eva", "get", f"{meeting.api}/answers").json["items"] if one["person"] == cast.anna]
    assert (row["answer"], row["diet"], row["access_needs"]) == ("maybe", "Geen vis", "Een ringleiding")


def _token(app: Any, meeting: int, person: int) -> str:
    with app.app_context():
        return answer_token(meeting, person)


def test_the_link_ends_with_access(meeting: Any, cast: Any, run_as: Any, membership: Any, app: Any, mails: Any) -> None:
    path = f"/rsvp/{_token(app, meeting.id, cast.anna)}"
    run_as("eva", members.remove, Membership, membership("anna").id)
    assert cast.client(None).get(path).status_code == 410
    refused = cast.client(None).post(path, data={"answer": "yes", "remark": "Blijft staan"})
    assert refused.status_code == 410
    assert "Blijft staan" in refused.text
    for token in ("onzin", path.rpartition("/")[2][:-2] + "xx"):
        assert cast.client(None).get(f"/rsvp/{token}").status_code == 410
    api = {"Accept": "application/json"}
    assert cast.client(None).put(f"/api/v1{path}", json={"answer": "yes"}, headers=api).status_code == 410


def test_who_leaves_frees_the_seat(
    meeting: Any, ask: Any, cast: Any, run_as: Any, membership: Any, app: Any, mails: Any, run_jobs: Any
) -> None:
    for who in ("anna", "bram", "dina"):
        answer(ask, meeting, who)
    run_as("eva", members.remove, Membership, membership("anna").id)
    assert answers(app, meeting) == {cast.bram: ("yes", None), cast.dina: ("yes", None)}
    run_jobs()
    with app.app_context():
        left = mails("anna")[-1]
    assert (left.kind, left.item.method) == ("meetings/left", "CANCEL")
    assert mails("dina")[-1].kind == "meetings/seat"


def test_the_waiting_list_moves_up_in_order(meeting: Any, ask: Any, app: Any, cast: Any, mails: Any, read: Any) -> None:
    for who in ("anna", "bram", "dina", "gerda", "fons"):
        answer(ask, meeting, who)
    waiting = {cast.dina: ("waiting", 1), cast.gerda: ("waiting", 2), cast.fons: ("waiting", 3)}
    assert answers(app, meeting) == {cast.anna: ("yes", None), cast.bram: ("yes", None), **waiting}
    assert (mails("dina")[-1].item.method, mails("dina")[-1].subject) == ("CANCEL", "Wachtlijst: Plaats maken")
    assert "U staat op de wachtlijst, na 1 ander." in read("gerda", meeting.url)
    answer(ask, meeting, "dina", "no")  # leaving the list promotes nobody
    assert answers(app, meeting)[cast.gerda] == ("waiting", 2)
    answer(ask, meeting, "anna", "maybe")
    assert answers(app, meeting)[cast.gerda] == ("yes", None)
    assert answers(app, meeting)[cast.fons] == ("waiting", 3)
    seat = mails("gerda")[-1]
    assert (seat.kind, seat.item.method, seat.item.partstat) == ("meetings/seat", "REQUEST", "ACCEPTED")
    assert seat.item.sequence > mails("gerda")[-2].item.sequence
    assert "Er is plaats voor u" in read("gerda", "/notices")
    answer(ask, meeting, "anna")
    assert answers(app, meeting)[cast.anna] == ("waiting", 4), "who comes back waits behind the others"


def test_more_seats_promote_and_fewer_remove_nobody(meeting: Any, ask: Any, app: Any, cast: Any) -> None:
    for who in ("anna", "bram", "dina", "gerda"):
        answer(ask, meeting, who)
    ask("eva", "patch", meeting.api, capacity=3)
    assert [answers(app, meeting)[id] for id in (cast.dina, cast.gerda)] == [("yes", None), ("waiting", 2)]
    ask("eva", "patch", meeting.api, capacity=1)
    assert sorted(given for given, _place in answers(app, meeting).values()) == ["waiting", "yes", "yes", "yes"]
    answer(ask, meeting, "anna", "no")
    assert answers(app, meeting)[cast.gerda] == ("waiting", 2)
    ask("eva", "patch", meeting.api, capacity=None)
    assert answers(app, meeting)[cast.gerda] == ("yes", None)


def test_nobody_is_promoted_after_the_start(meeting: Any, ask: Any, app: Any, cast: Any, read: Any) -> None:
    for who in ("anna", "bram", "dina"):
        answer(ask, meeting, who)
    go_to(START + HOUR)
    assert answer(ask, meeting, "anna", "no").status_code == 409
    ask("eva", "patch", meeting.api, capacity=9)
    assert answers(app, meeting)[cast.dina] == ("waiting", 1)
    assert "Antwoord opslaan" not in read("anna", meeting.url)


def test_the_video_link_is_shown_to_those_who_come_and_a_day_before(meeting: Any, ask: Any, read: Any) -> None:
    link = "https://video.example/geheim"
    answer(ask, meeting, "anna")
    answer(ask, meeting, "bram", "maybe")
    for moment, seen in (
        (NOW, False),
        (START - timedelta(hours=24, minutes=1), False),
        (START - timedelta(hours=23), True),
        (START + HOUR, True),
        (START + 7 * HOUR, False),
    ):
        go_to(moment)
        assert (link in read("anna", meeting.url)) == seen, moment
        assert (ask("anna", "get", meeting.api).json["video_url"] == link) == seen, moment
        for who in ("bram", "gerda"):
            assert link not in read(who, meeting.url)
            assert ask(who, "get", meeting.api).json["video_url"] == ""
        assert link not in read("anna", "/meetings")


def test_who_reads_the_answers(draft: Any, ask: Any, read: Any, run_as: Any, cast: Any) -> None:
    ask("eva", "patch", draft.api, host="Gemeente Proefdam")
    assert ask("eva", "get", f"{draft.api}/answers").status_code == 404
    ask("eva", "put", f"{draft.api}/announcement")
    answer(ask, draft, "anna", remark="Met de trein", diet="Geen vis", access_needs="Een ringleiding")
    for who in ("eva", "fons"):
        shown = read(who, f"{draft.url}/answers")
        assert all(words in shown for words in ("Anna Adem", "Met de trein", "Geen vis", "Een ringleiding"))
    host = read("bram", f"{draft.url}/answers")  # of the town that hosts
    assert "Met de trein" in host
    assert "Geen vis" not in host
    assert "ringleiding" not in host
    assert "Geen vis" not in str(ask("bram", "get", f"{draft.api}/answers").json)
    for who in ("anna", "dina", "chris", "iris"):
        assert ask(who, "get", f"{draft.api}/answers").status_code == 404, who
    assert "Met de trein" not in read("gerda", draft.url)


def test_needs_are_erased_a_month_after(meeting: Any, ask: Any, app: Any) -> None:
    answer(ask, meeting, "anna", remark="Met de trein", diet="Geen vis", access_needs="Een ringleiding")
    for after, kept in ((timedelta(days=29), "Geen vis"), (timedelta(days=30, hours=1), "")):
        go_to(START + 6 * HOUR + after)
        with app.app_context():
            jobs.JOBS["meetings.hold"]()
            db.session.remove()
            (row,) = db.session.query(Invitee).filter(Invitee.remark != "")
            assert (row.diet, row.remark) == (kept, "Met de trein")


def test_stranger_gets_404(meeting: Any, ask: Any) -> None:
    for who in ("chris", "hans", "iris"):
        assert answer(ask, meeting, who).status_code == 404, who


def test_bad_input_names_the_field(meeting: Any, cast: Any, ask: Any, app: Any) -> None:
    assert set(answer(ask, meeting, "anna", "waiting").json["errors"]) == {"answer"}
    assert set(answer(ask, meeting, "anna", remark="x" * 1001).json["errors"]) == {"remark"}
    path = f"/rsvp/{_token(app, meeting.id, cast.anna)}"
    refused = cast.client(None).post(path, data={"answer": "", "remark": "Blijft staan"})
    assert refused.status_code == 422
    assert "Blijft staan" in refused.text


def test_is_journalled(meeting: Any, ask: Any, cast: Any, journal_entries: Any) -> None:
    for who in ("anna", "bram", "dina"):
        answer(ask, meeting, who, remark="Een geheim")
    answer(ask, meeting, "bram", "no")
    entries = journal_entries("meetings.rsvp")
    assert [(entry.person_id, entry.object_id) for entry in entries][-1] == (cast.bram, meeting.id)
    assert entries[-1].details == {"answer": "no", "promoted": [cast.dina]}
    assert "geheim" not in str([entry.details for entry in entries])


@pytest.mark.parametrize("show", ["coming", "past"])
def test_my_meetings_by_pages(plan: Any, ask: Any, show: str) -> None:
    made = [plan(starts=START + n * HOUR, ends=START + (n + 1) * HOUR) for n in range(5)]
    for one in made:
        ask("eva", "put", f"{one.api}/announcement")
    if show == "past":
        go_to(START + timedelta(days=2))
        made.reverse()
    found, url = [], f"/api/v1/meetings?show={show}&limit=2"
    while url:
        listed = ask("anna", "get", url).json
        found += [row["id"] for row in listed["items"]]
        url = listed["next"]
    assert found == [one.id for one in made]
