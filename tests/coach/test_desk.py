"""coach.write, coach.invite_again, coach.set_aside, coach.bring_back and coach.configure: for the team alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email, to_message
from cop.base.working_days import is_working_day, term_days_before, working_days_after, working_days_before
from cop.coach.models import CoachMessage, SetAside
from cop.members import actions as members
from cop.partnerships import actions as partnerships
from cop.partnerships.models import CheckIn
from cop.programmes import actions as programmes
from cop.society.invitations import Invitation
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership, Programme
from cop.things import Thing

PATH = "/programmes/proef"


def days_ago(number: int) -> datetime:
    return clock.now() - timedelta(days=number)


@pytest.fixture
def duo(app: Any, cast: Any) -> int:
    """Return a partnership of Anna and Bram in deepening that is silent for ten weeks."""
    with app.app_context(), transaction():
        programme = db.session.get_one(Programme, cast.programme)
        programme.phase = "deepening"
        fons = db.session.get_one(Person, cast.fons)
        found = partnerships.add(
            fons, programme, name="Duo Proefdam", organisations=cast.organisations[:2], people=[cast.anna, cast.bram]
        )
        found.made = days_ago(70)
        return found.id


@pytest.fixture
def start_thread(app: Any, cast: Any) -> Any:
    """Return a function that starts a thread in the first community and returns its id."""

    def start(who: str, kind: str = "experience", title: str = "Zo ging het") -> int:
        sent = {"kind": kind, "title": title, "body": "Een tekst."}
        answer = cast.client(None).post("/api/v1/communities/een/threads", headers=cast.api(who), json=sent)
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    return start


def signals(cast: Any, who: str = "fons") -> dict[str, dict[str, Any]]:
    answer = cast.client(None).get("/api/v1/coach", headers=cast.api(who))
    assert answer.status_code == 200, answer.text
    return {one["key"]: one for one in answer.json["items"]}


def post(cast: Any, path: str, who: str = "fons", **given: Any) -> Any:
    return cast.client(who).post(f"{PATH}{path}", data=given)


# Who sees it


@pytest.mark.parametrize("who", ["anna", "dina", "eva", "gerda", "iris", "chris", "hans"])
def test_stranger_gets_404(cast: Any, duo: int, who: str) -> None:
    for path in ("/coach", f"{PATH}/desk", f"{PATH}/signals/silent-{duo}/message"):
        assert cast.client(who).get(path).status_code == 404, path
    sent = {"since": "2026-11-01"}
    assert post(cast, f"/signals/silent-{duo}/aside", who, **sent).status_code == 404
    assert post(cast, f"/signals/silent-{duo}/aside/delete", who).status_code == 404
    assert post(cast, f"/signals/silent-{duo}/message", who, people=cast.anna, title="x", text="x").status_code == 404
    assert post(cast, "/desk", who, silent_weeks=3, answer_days=3).status_code == 404
    assert 'href="/coach"' not in cast.client(who).get("/").text


def test_the_team_of_another_programme_sees_nothing_of_it(app: Any, cast: Any, duo: int) -> None:
    with app.app_context(), transaction():
        db.session.add(other := Programme(slug="ander", name="Ander programma", phase="deepening"))
        db.session.flush()
        db.session.add(TeamMember(programme_id=other.id, person_id=cast.chris))
    assert 'href="/coach"' in cast.client("chris").get("/").text
    page = cast.client("chris").get("/coach").text
    assert "Ander programma" in page
    assert "Duo Proefdam" not in page
    for path in (f"/programmes/ander/signals/silent-{duo}/message", f"{PATH}/signals/silent-{duo}/message"):
        assert cast.client("chris").get(path).status_code == 404


# Signals


def test_a_silent_partnership_is_shown_until_its_people_write(app: Any, cast: Any, duo: int, start_thread: Any) -> None:
    key = f"silent-{duo}"
    assert signals(cast)[key]["since"] == str(clock.local(days_ago(70)).date())
    assert "Het is stil bij" in cast.client("fons").get("/coach").text
    assert post(cast, "/desk", silent_weeks=11, answer_days=5).status_code == 303
    assert key not in signals(cast)
    post(cast, "/desk", silent_weeks=4, answer_days=5)
    assert key in signals(cast)
    start_thread("anna")
    assert key not in signals(cast)


def test_what_others_write_is_no_sign(app: Any, cast: Any, duo: int, start_thread: Any) -> None:
    start_thread("eva")
    cast.client("anna").get("/communities/een")
    assert f"silent-{duo}" in signals(cast)


def test_missed_check_ins_count_in_a_row(app: Any, cast: Any, duo: int) -> None:
    first = clock.today().replace(day=1)
    last = (first - timedelta(days=1)).replace(day=1)
    before = (last - timedelta(days=1)).replace(day=1)
    with app.app_context(), transaction():
        db.session.add_all(
            CheckIn(partnership_id=duo, month=month, state=state)
            for month, state in ((before, "missed"), (last, "missed"), (first, "open"))
        )
    found = signals(cast)[f"check_in-{duo}"]
    assert (found["number"], found["since"]) == (2, str(last))
    with app.app_context(), transaction():
        db.session.execute(update(CheckIn).where(CheckIn.month == last).values(state="answered"))
    assert f"check_in-{duo}" not in signals(cast)


def test_a_question_without_a_reply_waits_in_working_days(app: Any, cast: Any, duo: int, start_thread: Any) -> None:
    id = start_thread("anna", kind="question", title="Wie heeft een convenant?")
    key = f"question-{id}"
    assert key not in signals(cast)
    with app.app_context(), transaction():
        asked = update(Thing).where(Thing.id == id).values(made=days_ago(15))
        db.session.execute(asked, execution_options={"changes": [id]})
    assert signals(cast)[key]["place"] == "Eerste kring"
    assert cast.client("bram").post(f"/threads/{id}/posts", data={"body": "Wij."}).status_code == 303
    assert key not in signals(cast)


def test_an_unused_invitation_can_be_sent_again(app: Any, cast: Any, duo: int, outbox: Any) -> None:
    with app.app_context(), transaction():
        eva, one = db.session.get_one(Person, cast.eva), db.session.get_one(Community, cast.one)
        invitation = members.invite(eva, one, mail="nina@proef.example", name="Nina Nieuw")
        person, id = invitation.person_id, invitation.id
        invitation.sent = invitation.made = days_ago(20)
    assert signals(cast)[f"invitation-{person}"]["name"] == "Nina Nieuw"
    path = f"/programmes/proef/signals/invitation-{person}/invitation"
    assert f'action="{path}"' in cast.client("fons").get("/coach").text
    answer = cast.client("fons").post(path)
    assert (answer.status_code, answer.location) == (303, "/coach")
    assert f"invitation-{person}" not in signals(cast)
    assert len(outbox("nina@proef.example")) == 2
    with app.app_context(), transaction():
        email = db.session.get_one(Invitation, id).email_id
        db.session.execute(update(Email).where(Email.id == email).values(state="failed"))
        db.session.get_one(Invitation, id).sent = days_ago(20)
    found = signals(cast)
    assert (f"invitation-{person}" in found, found[f"bounced-{person}"]["url"]) == (False, "/communities/een/members")


def test_a_team_member_who_did_not_enter_is_invited_again(
    app: Any, cast: Any, duo: int, outbox: Any, journal_entries: Any
) -> None:
    with app.app_context(), transaction():
        fons, programme = db.session.get_one(Person, cast.fons), db.session.get_one(Programme, cast.programme)
        added = programmes.team_add(fons, programme, mail="tom@proef.example", name="Tom Team").id
    assert f"invitation-{added}" not in signals(cast)
    with app.app_context(), transaction():
        seeded = Person(mail="uma@proef.example", name="Uma Ooit", state="invited")  # by a command, which mails nobody
        db.session.add(seeded)
        db.session.flush()
        db.session.add(TeamMember(programme_id=cast.programme, person_id=seeded.id, since=days_ago(20)))
        seeded_id = seeded.id
    assert signals(cast)[f"invitation-{seeded_id}"]["name"] == "Uma Ooit"
    with app.app_context(), transaction():
        db.session.execute(update(Email).where(Email.person_id == added).values(made=days_ago(20)))
    found = signals(cast)[f"invitation-{added}"]
    assert (found["name"], found["place"], found["url"]) == ("Tom Team", "Programmateam", "/programmes/proef/edit")
    assert cast.client("fons").get(f"/programmes/proef/signals/invitation-{added}/message").status_code == 200
    path = f"/api/v1/programmes/proef/signals/invitation-{added}/invitation"
    assert cast.client(None).post(path, headers=cast.api("fons")).status_code == 204
    assert f"invitation-{added}" not in signals(cast)
    assert len(outbox("tom@proef.example")) == 2
    assert [entry.details for entry in journal_entries("coach.invite_again")] == [{"member": added}]
    for who, status in (("anna", 404), ("eva", 404)):
        assert cast.client(None).post(path, headers=cast.api(who)).status_code == status, who
    with app.app_context(), transaction():
        db.session.get_one(Person, added).entered = clock.now()
    assert cast.client(None).post(path, headers=cast.api("fons")).status_code == 409
    assert (
        cast.client("fons").post(path.removeprefix("/api/v1").replace("invitation-", "silent-", 1)).status_code == 404
    )


def test_an_expert_whose_term_ends_is_shown(app: Any, cast: Any, duo: int) -> None:
    with app.app_context(), transaction():
        found = db.session.scalars(select(Membership).where(Membership.person_id == cast.dina)).one()
        id, found.until = found.id, clock.today() + timedelta(days=20)
    assert f"term-{id}" not in signals(cast)
    with app.app_context(), transaction():
        db.session.get_one(Membership, id).until = clock.today() + timedelta(days=9)
    assert signals(cast)[f"term-{id}"]["url"] == f"/communities/een/members/{cast.dina}"


def test_the_most_urgent_comes_first_and_the_checklist_last(app: Any, cast: Any, duo: int) -> None:
    with app.app_context(), transaction():
        db.session.add(
            Email(
                kind="people/link",
                person_id=cast.anna,
                address="anna@proef.example",
                subject="",
                text="",
                html="",
                headers={},
                state="failed",
                made=days_ago(1),
            )
        )
    kinds = [one["kind"] for one in signals(cast).values()]
    assert (kinds[0], kinds[-1], kinds.index("silent") < kinds.index("checklist")) == ("bounced", "checklist", True)


def test_a_programme_without_signals_says_that_all_is_well(app: Any, cast: Any) -> None:
    assert cast.client("fons").post(f"{PATH}/phase", data={"phase": "harvest"}).status_code == 303
    assert post(cast, f"/signals/checklist-{cast.programme}/aside", since=clock.today()).status_code == 303
    assert "Alles loopt." in cast.client("fons").get("/coach").text
    assert cast.client("fons").post(f"{PATH}/phase", data={"phase": "archive"}).status_code == 303
    assert "Uw programma’s staan in het archief." in cast.client("fons").get("/coach").text


# Verbs


def test_works(app: Any, cast: Any, duo: int) -> None:
    page = cast.client("fons").get(f"{PATH}/signals/silent-{duo}/message").text
    assert "Hoe gaat het met Duo Proefdam?" in page
    assert 'name="seen" value="0"' in page
    sent = {"people": [cast.anna, cast.bram], "title": "Hoe gaat het?", "text": "Ik las niets.\n\nGroet", "seen": 0}
    done = cast.client("fons").post(f"{PATH}/signals/silent-{duo}/message", data=sent, follow_redirects=True).text
    assert "Uw mail is verstuurd aan 2 mensen." in done
    assert "door Fons Feit aan Anna Adem, Bram Baan" in done
    assert signals(cast)[f"silent-{duo}"]["state"] == "waiting"
    with app.app_context():
        mails = db.session.scalars(select(Email).where(Email.kind == "coach/message").order_by(Email.id)).all()
        message = to_message(mails[0])
        assert message["From"] == "Fons Feit via Praktijkgemeenschap <noreply@localhost>"
        assert message["Reply-To"] == "Fons Feit <fons@proef.example>"
        assert (message["To"], message["Subject"]) == ("Anna Adem <anna@proef.example>", "Hoe gaat het?")
        assert "Ik las niets." in mails[0].text
    with app.app_context():
        jobs.run_due()
        db.session.remove()
        assert set(db.session.scalars(select(Email.state).where(Email.kind == "coach/message"))) == {"sent"}


def test_a_second_coach_hears_of_the_first_and_keeps_the_text(cast: Any, duo: int) -> None:
    sent = {"people": cast.anna, "title": "Hoe gaat het?", "text": "Mijn eigen tekst.", "seen": 0}
    assert post(cast, f"/signals/silent-{duo}/message", **sent).status_code == 303
    answer = post(cast, f"/signals/silent-{duo}/message", **sent)
    assert answer.status_code == 409
    assert "Fons Feit schreef hier al over op" in answer.text
    assert "Mijn eigen tekst." in answer.text


def test_a_signal_is_put_off_or_done_and_comes_back(app: Any, cast: Any, duo: int) -> None:
    key, since = f"silent-{duo}", clock.local(days_ago(70)).date()
    sent = {"since": since, "days": 7}
    page = cast.client("fons").post(f"{PATH}/signals/{key}/aside", data=sent, follow_redirects=True).text
    assert "Dit is uitgesteld." in page
    assert f"{PATH}/signals/{key}/aside/delete" in page
    assert signals(cast)[key]["state"] == "aside"
    clock.shift(timedelta(days=8))
    assert signals(cast)[key]["state"] == "act"
    clock.shift(timedelta(0))
    assert post(cast, f"/signals/{key}/aside", since=since).status_code == 303
    assert signals(cast)[key]["aside_until"] is None
    with app.app_context(), transaction():
        db.session.get_one(Partnership, duo).made = days_ago(40)  # silent anew
    assert signals(cast)[key]["state"] == "act"
    assert post(cast, f"/signals/{key}/aside/delete").status_code == 303
    assert post(cast, f"/signals/{key}/aside/delete").status_code == 404


def test_a_removed_partnership_leaves_nothing_on_the_desk(app: Any, cast: Any, duo: int) -> None:
    post(cast, f"/signals/silent-{duo}/message", people=cast.anna, title="Hoe gaat het?", text="Tekst")
    post(cast, f"/signals/silent-{duo}/aside", since="2026-01-01")
    assert cast.client("fons").post(f"/partnerships/{duo}/delete").status_code == 303
    with app.app_context():
        assert [db.session.scalars(select(kind)).all() for kind in (SetAside, CoachMessage)] == [[], []]


def test_works_by_api(cast: Any, duo: int) -> None:
    browser, headers = cast.client(None), cast.api("fons")
    base = f"/api/v1{PATH}"
    answer = browser.put(
        f"{base}/desk",
        headers=headers,
        json={"silent_weeks": 6, "answer_days": 3, "region": "south", "free_days": ["2027-05-07"]},
    )
    assert answer.json == {"silent_weeks": 6, "answer_days": 3, "region": "south", "free_days": ["2027-05-07"]}
    sent = {"people": [cast.bram], "title": "Hoe gaat het?", "text": "Ik hoor het graag."}
    answer = browser.post(f"{base}/signals/silent-{duo}/message", headers=headers, json=sent)
    assert (answer.status_code, answer.json["recipients"]) == (201, 1)
    answer = browser.put(f"{base}/signals/silent-{duo}/aside", headers=headers, json={"since": "2026-01-01", "days": 7})
    assert answer.json["until"] == str(clock.today() + timedelta(days=7))
    assert browser.delete(f"{base}/signals/silent-{duo}/aside", headers=headers).status_code == 204


@pytest.mark.parametrize(
    ("path", "given", "field"),
    [
        ("message", {"people": [999999], "title": "x", "text": "x"}, "people"),
        ("message", {"people": [], "title": "x", "text": "x"}, "people"),
        ("message", {"people": [], "title": "", "text": "x"}, "title"),
        ("aside", {"since": "gisteren"}, "since"),
        ("aside", {"since": "2026-01-01", "days": 0}, "days"),
        ("desk", {"silent_weeks": 0, "answer_days": 5}, "silent_weeks"),
        ("desk", {"silent_weeks": 4, "answer_days": 5, "free_days": "gisteren"}, "free_days"),
    ],
)
def test_bad_input_names_the_field(cast: Any, duo: int, path: str, given: dict[str, Any], field: str) -> None:
    address = f"/api/v1{PATH}/desk" if path == "desk" else f"/api/v1{PATH}/signals/silent-{duo}/{path}"
    method = "POST" if path == "message" else "PUT"
    answer = cast.client(None).open(address, method=method, headers=cast.api("fons"), json=given)
    assert answer.status_code == 422
    assert field in " ".join(answer.json["errors"])


def test_is_journalled(cast: Any, duo: int, journal_entries: Any) -> None:
    post(cast, f"/signals/silent-{duo}/message", people=cast.anna, title="Hoe gaat het?", text="Tekst")
    post(cast, f"/signals/silent-{duo}/aside", since="2026-01-01")
    post(cast, f"/signals/silent-{duo}/aside/delete")
    post(cast, "/desk", silent_weeks=5, answer_days=5)
    assert journal_entries("coach.write")[-1].details == {"about": "silent", "subject": duo, "recipients": 1}
    for verb in ("coach.set_aside", "coach.bring_back", "coach.configure"):
        assert journal_entries(verb)[-1].person_id == cast.fons


def test_unknown_signals_get_404(cast: Any, duo: int) -> None:
    for key in ("silent-999999", "onzin-1", "silent", "bounced-1", f"term-{duo + 1000}"):
        assert cast.client("fons").get(f"{PATH}/signals/{key}/message").status_code == 404, key


def test_the_archive_refuses(cast: Any, duo: int) -> None:
    assert cast.client("fons").post(f"{PATH}/phase", data={"phase": "archive"}).status_code == 303
    sent = {"people": cast.anna, "title": "Hoe gaat het?", "text": "Tekst"}
    assert post(cast, f"/signals/silent-{duo}/message", **sent).status_code == 403


# Working days


def test_dutch_holidays_and_days_off_are_no_working_days() -> None:
    asked = date(2026, 4, 2)  # Easter follows
    assert working_days_after(asked, 5) == date(2026, 4, 13)
    assert working_days_before(date(2026, 4, 13), 5) >= asked > working_days_before(date(2026, 4, 12), 5)
    assert not is_working_day(date(2027, 5, 5))
    assert is_working_day(date(2027, 5, 7))
    assert not is_working_day(date(2027, 5, 7), {date(2027, 5, 7)})


def test_school_holidays_are_no_silence() -> None:
    autumn = date(2026, 12, 20)
    assert term_days_before(date(2027, 1, 4), 7, "") == date(2026, 12, 28)
    assert term_days_before(date(2027, 1, 4), 7, "middle") < autumn


# Weight


def test_statements_do_not_grow_and_stay_below_twenty(app: Any, cast: Any, count_statements: Any) -> None:
    """Five programmes in five phases, each with thirteen partnerships: 20 statements."""
    with app.app_context(), transaction():
        for n, phase in enumerate(("recruiting", "start", "deepening", "harvest", "closing")):
            programme = Programme(slug=f"p{n}", name=f"Programma {n}", phase=phase)
            db.session.add(programme)
            db.session.flush()
            db.session.add(TeamMember(programme_id=programme.id, person_id=cast.chris))
            db.session.add(Community(programme_id=programme.id, slug=f"k{n}", name=f"Kring {n}"))
            for m in range(13):
                person = Person(
                    mail=f"p{n}-{m}@proef.example", name=f"Persoon {m}", state="active", entered=days_ago(90)
                )
                duo = Partnership(programme_id=programme.id, name=f"Duo {m}", made=days_ago(90))
                db.session.add_all([person, duo])
                db.session.flush()
                db.session.add(PartnerPerson(partnership_id=duo.id, person_id=person.id))
                db.session.add(
                    CoachMessage(
                        programme_id=programme.id,
                        kind="silent",
                        subject_id=duo.id,
                        sender_id=cast.fons,
                        person_id=person.id,
                    )
                )
    client = cast.client("chris")
    client.get("/coach")
    with app.app_context(), transaction():  # nothing of the first visit is cached any more
        db.session.get_one(Person, cast.anna).function = "Adviseur"
    with count_statements() as statements:
        page = client.get("/coach").text
    assert page.count("Het is stil bij") == 4 * 13
    assert len(statements) <= 20, "\n".join(statements)
