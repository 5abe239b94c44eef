"""The six questions of every verb of a call.

calls.add calls.edit calls.build calls.publish calls.unpublish calls.reopen calls.close_round calls.open_round
applications.start applications.enter applications.save applications.attach applications.detach applications.submit
applications.withdraw applications.answer_offer applications.extend applications.accept applications.undo
applications.erase applications.expire_offer contacts.add contacts.make_lead contacts.remove contacts.sign_out reviewers.add reviewers.remove reviews.assign
reviews.declare reviews.save decisions.propose decisions.edit_mail decisions.send
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cop.applications.actions.keeping import erase_expired, remind
from cop.base import clock
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.base.questionnaires import Answer, Attachment, Snapshot
from cop.intake.models import Application, Call, Contact
from cop.reviews.actions.deciding import end_offers
from tests.intake.conftest import COMPLETE, DUO, Applicant, announce

Apply = Callable[..., Applicant]
API = "/api/v1"


@pytest.fixture
def fons(cast: Any) -> Any:
    """Return a function that sends a request to the API as the programme team."""
    client = cast.client(None)
    return lambda method, path, json=None: client.open(
        f"{API}{path}", method=method, json=json, headers=cast.api("fons")
    )


def journalled(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(JournalEntry.verb)))


def test_works_for_calls(cast: Any, app: Flask, fons: Any) -> None:
    made = fons("POST", "/programmes/proef/calls", {"title": "Leerkring"})
    assert made.status_code == 201
    url = made.json["url"]
    assert fons("PUT", f"{url}/publication").status_code == 409  # it has no text and no dates
    assert cast.client(None).get(url).status_code == 303
    changed = {"intro": "Doe *mee*.", "cap": 3, "opens": "2026-01-05T09:00", "closes": "2026-02-01T17:00"}
    assert fons("PATCH", url, changed).json["closes"] == "2026-02-01T16:00:00Z"
    step = {"step": "add_block", "section": "s1", "kind": "choice", "label": "Hoe groot?", "options": "Klein\nGroot"}
    built = fons("PUT", f"{url}/form", step)
    assert [one["label"] for one in built.json["definition"]["sections"][0]["blocks"]][-1] == "Hoe groot?"
    assert fons("PUT", f"{url}/publication").json["published"]
    assert "<em>mee</em>" in cast.client(None).get(url).text
    assert fons("DELETE", f"{url}/publication").json["published"] is None
    assert fons("PUT", f"{url}/publication", {"intro": ""}).status_code == 409  # and the text stays
    assert fons("PUT", f"{url}/publication", {"intro": "Doe *nu* mee."}).json["published"]
    assert "<em>nu</em>" in cast.client(None).get(url).text
    clock.shift(clock.local(clock.now()).replace(year=2026, month=1, day=10) - clock.now())
    clock.shift(timedelta(days=400))
    reopened = fons("POST", f"{url}/windows", {"closes": "2099-01-01T00:00", "reason": "Te weinig"})
    assert reopened.status_code == 422  # longer than two years
    soon = clock.rfc3339(clock.now() + timedelta(days=3))
    assert fons("POST", f"{url}/windows", {"closes": soon, "reason": "Te weinig"}).status_code == 201
    assert {"calls.add", "calls.edit", "calls.build", "calls.publish", "calls.unpublish", "calls.reopen"} <= journalled(
        app
    )


def test_works_by_api(cast: Any, app: Flask, slug: str, applicant: Apply, fons: Any) -> None:
    lies = applicant().start()
    saved = lies.save({"b3": "Een"}, {"b3": 0})
    assert saved.json["saved"]["b3"]["version"] == 1
    assert "b1" in lies.api("GET").json["missing"]
    assert lies.submit().status_code == 422
    file = {"block": "b6", "file": (io.BytesIO(b"Een plan."), "plan.txt")}
    attached = lies.browser.post(f"{API}{lies.url}/files", data=file, headers={"Accept": "application/json"})
    assert attached.status_code == 201, attached.text
    with lies.browser.get(f"{lies.url}/files/{attached.json['id']}") as download:
        assert download.data == b"Een plan."
    assert lies.api("DELETE", f"/files/{attached.json['id']}").status_code == 204
    joined = lies.api("POST", "/contacts", {"mail": "mo@dak.example", "name": "Mo Mee"})
    assert joined.status_code == 201, joined.text
    mo = applicant("mo@dak.example").enter()
    assert mo.save({"b3": "Twee"}, {"b3": 0}).json["saved"]["b3"] == {"version": 2, "by": "Lies Lead", "value": "Een"}
    assert mo.submit().status_code == 403
    assert mo.api("PUT", f"/contacts/{joined.json['id']}/lead").status_code == 403
    handed = lies.api("PUT", f"/contacts/{joined.json['id']}/lead")
    assert handed.status_code == 200, handed.text
    assert lies.submit().status_code == 403
    with app.app_context():
        lead = db.session.scalar(select(Contact.id).where(Contact.name == "Lies Lead"))
    assert mo.api("PUT", f"/contacts/{lead}/lead").status_code == 200
    assert mo.api("DELETE", f"/contacts/{lead}").status_code == 403
    assert mo.api("DELETE", "/session").status_code == 204
    assert mo.api("GET").status_code == 404
    mo.enter()
    assert lies.api("DELETE", f"/contacts/{joined.json['id']}").status_code == 204
    assert mo.api("GET").status_code == 404
    lies.complete()
    more = clock.rfc3339(clock.now() + timedelta(days=60))
    assert fons("POST", f"{lies.url}/extension", {"until": more, "reason": "Ziek"}).status_code == 200
    added = fons("POST", f"/calls/{slug}/reviewers", {"mail": "dina@proef.example"})
    given = {"applications": [lies.reference], "reviewer": added.json["id"]}
    assert fons("POST", f"/calls/{slug}/assignments", given).json == {"assigned": 1}
    dina, headers = cast.client(None), cast.api("dina")
    review = dina.get(f"{API}/calls/{slug}/reviewing", headers=headers).json["items"][0]
    assert review["answers"] is None
    path = f"{API}/reviews/{review['id']}"
    assert dina.put(path, json={"scores": {"c1": 4}}, headers=headers).status_code == 409  # no conflict was denied
    assert dina.put(f"{path}/conflict", json={"conflict": False}, headers=headers).status_code == 200
    assert dina.put(path, json={"scores": {"c1": 4}, "finish": "done"}, headers=headers).status_code == 422
    done = dina.put(path, json={"scores": {"c1": 4, "c2": 2}, "finish": "done"}, headers=headers)
    assert done.json["state"] == "done"
    assert set(done.json["answers"]) == {"b1", "b3", "c1"}  # nothing personal, nothing for the team alone
    assert fons("PUT", f"/calls/{slug}/round").status_code == 200
    assert dina.put(path, json={"scores": {"c1": 1, "c2": 1}}, headers=headers).status_code == 409
    assert fons("DELETE", f"/calls/{slug}/round").status_code == 200
    assert fons("GET", f"/calls/{slug}/applications").json["items"][0]["median"] == pytest.approx(10 / 3)
    announce(fons, slug, lies.url, "admit")
    assert lies.api("GET").json["outcome"] == "admit"
    accepted = fons("POST", f"{lies.url}/acceptance", {"name": "Duo", "matched": [0, 0], "communities": ["een"]})
    assert accepted.status_code == 201, accepted.text
    assert (
        fons("POST", f"{lies.url}/acceptance", {"name": "Duo", "matched": [0, 0], "communities": ["een"]}).status_code
        == 409
    )
    assert fons("DELETE", f"{lies.url}/acceptance").status_code == 204
    assert fons("DELETE", f"/calls/{slug}/reviewers/{added.json['id']}").status_code == 204
    assert dina.get(path, headers=headers).status_code == 404
    assert lies.api("DELETE", "/submission").json["state"] == "withdrawn"
    found = journalled(app)
    quiet = {"applications.save"}
    assert {
        "applications.accept", "applications.attach", "applications.detach", "applications.enter",
        "applications.extend", "applications.start", "applications.submit", "applications.undo",
        "applications.withdraw", "calls.close_round", "calls.open_round", "contacts.add", "contacts.make_lead", "contacts.remove", "contacts.sign_out",
        "decisions.edit_mail", "decisions.propose", "decisions.send", "reviewers.add", "reviewers.remove",
        "reviews.assign", "reviews.declare", "reviews.save",
    } <= found  # fmt: skip
    assert not quiet & found


def test_works_for_reserve(app: Flask, slug: str, applicant: Apply, fons: Any) -> None:
    """A withdrawal offers the place to the first of the reserve, and a term that ends to the next."""
    people = [applicant(f"r{n}@t.example").start().complete() for n in range(4)]
    assert fons("PATCH", f"/calls/{slug}", {"cap": 1}).status_code == 200
    announce(fons, slug, people[0].url, "admit")
    for one in people[1:]:
        announce(fons, slug, one.url, "reserve")
    assert fons("PUT", f"{people[1].url}/decision", {"outcome": "admit", "reason": "Toch"}).status_code == 409
    people[0].api("DELETE", "/submission")
    assert [one.api("GET").json["outcome"] for one in people[1:]] == ["offered", "reserve", "reserve"]
    assert "Er is een plaats vrij" in people[1].last_mail().text
    declined = people[1].api("PUT", "/offer", {"answer": "decline"})
    assert declined.json["outcome"] == "declined"
    assert people[2].api("GET").json["outcome"] == "offered"
    clock.shift(timedelta(days=8))
    assert people[2].api("PUT", "/offer", {"answer": "accept"}).status_code == 409
    with app.app_context():
        end_offers()
    assert [one.api("GET").json["outcome"] for one in people[1:]] == ["declined", "expired", "offered"]
    assert people[3].api("PUT", "/offer", {"answer": "accept"}).json["outcome"] == "accepted"
    with app.app_context():
        assert db.session.scalars(select(Call.admitted).where(Call.slug == slug)).one() == 1
    assert {"applications.answer_offer", "applications.expire_offer"} <= journalled(app)


def test_works_for_erase(app: Flask, slug: str, applicant: Apply, fons: Any) -> None:
    """What was never confirmed goes after two days, a draft a month after closing, a refusal after four weeks."""
    applicant("x@t.example").browser.post(f"/calls/{slug}/applications", data={"mail": "x@t.example", "name": "X"})
    draft = applicant("draft@t.example").start()
    draft.save({"b3": "Begin"})
    refused = applicant("refused@t.example").start().complete()
    announce(fons, slug, refused.url, "refuse")
    with app.app_context():
        clock.shift(timedelta(hours=49))
        erase_expired()
        states = select(Application.state).order_by(Application.id)
        assert list(db.session.scalars(states)) == ["erased", "draft", "submitted"]
        clock.shift(timedelta(days=7, minutes=30))
        remind()
        assert "Nog niet ingediend" in draft.last_mail().subject
        clock.shift(timedelta(days=29))
        erase_expired()
        assert list(db.session.scalars(states)) == ["erased", "draft", "erased"]
        clock.shift(timedelta(days=45))
        erase_expired()
        assert list(db.session.scalars(states)) == ["erased", "erased", "erased"]
        for kind in (Contact, Answer, Snapshot, Attachment):
            assert db.session.scalar(select(kind).limit(1)) is None
        kept = db.session.scalars(select(Application).where(Application.outcome == "refuse")).one()
        assert (kept.kinds, kept.region, kept.title) == (["housing", "municipality"], "Zonnedal", "")
    assert refused.api("GET").status_code == 404


def test_is_not_journalled_for_save(app: Flask, slug: str, applicant: Apply) -> None:
    applicant().start().save({"b3": "Een"})
    assert "applications.save" not in journalled(app)


def test_is_journalled(app: Flask, slug: str, applicant: Apply, journal_entries: Any) -> None:
    lies = applicant().start().complete()
    (entry,) = journal_entries("applications.submit")
    with app.app_context():
        application = db.session.scalars(select(Application).where(Application.reference == lies.reference)).one()
        assert (entry.object_id, entry.details["snapshot"], entry.person_id) == (application.id, 1, None)


TEAM_PAGES = ("edit", "form", "applications", "reviewers", "decisions", "export/csv", "export/xlsx")
TEAM_WRITES = (
    ("PATCH", "/calls/{slug}", {"cap": 3}),
    ("PUT", "/calls/{slug}/form", {"step": "add_section", "label": "Meer"}),
    ("PUT", "/calls/{slug}/publication", None),
    ("DELETE", "/calls/{slug}/publication", None),
    ("POST", "/calls/{slug}/windows", {"closes": "2027-01-01T00:00", "reason": "x"}),
    ("PUT", "/calls/{slug}/round", None),
    ("DELETE", "/calls/{slug}/round", None),
    ("POST", "/calls/{slug}/reviewers", {"mail": "x@t.example"}),
    ("DELETE", "/calls/{slug}/reviewers/1", None),
    ("POST", "/calls/{slug}/assignments", {"each": 1}),
    ("POST", "/calls/{slug}/announcement", {"mails": ["A-22222:1"]}),
    ("POST", "{url}/extension", {"until": "2027-01-01T00:00", "reason": "x"}),
    ("PUT", "{url}/decision", {"outcome": "admit"}),
    ("PUT", "{url}/decision/mail", {"subject": "x", "text": "x", "mail_version": 0}),
    ("POST", "{url}/acceptance", {"name": "x", "matched": [0], "communities": ["een"]}),
    ("DELETE", "{url}/acceptance", None),
)


def test_stranger_gets_404(cast: Any, slug: str, applicant: Apply) -> None:
    lies = applicant().start().complete()
    for who in ("anna", "eva", "iris"):
        for page in TEAM_PAGES:
            assert cast.client(who).get(f"/calls/{slug}/{page}").status_code == 404
        for method, path, json in TEAM_WRITES:
            address = f"{API}{path.format(slug=slug, url=lies.url)}"
            assert cast.client(None).open(address, method=method, json=json, headers=cast.api(who)).status_code == 404
        for method, path, json in (
            ("PUT", "/answers", {"answers": {"b3": "x"}}),
            ("PUT", "/submission", {"version": 1}),
            ("DELETE", "/submission", None),
            ("PUT", "/offer", {"answer": "accept"}),
            ("POST", "/contacts", {"mail": "x@t.example", "name": "X"}),
        ):
            address = f"{API}{lies.url}{path}"
            assert cast.client(None).open(address, method=method, json=json, headers=cast.api(who)).status_code == 404
        assert cast.client(who).get(lies.url).status_code == 404
        assert cast.client(None).get(f"{API}/reviews/1", headers=cast.api(who)).status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    answer = cast.client(None).post(f"{API}/programmes/proef/calls", json={"title": "X"}, headers=cast.api("anna"))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "json", "field"),
    [
        ("POST", "/programmes/proef/calls", {"title": ""}, "title"),
        ("PATCH", "/calls/{slug}", {"cap": 0}, "cap"),
        ("PATCH", "/calls/{slug}", {"closes": "2027-03-28T02:30"}, "closes"),  # summer time skips this hour
        ("PATCH", "/calls/{slug}", {"closes": "2026-10-25T02:30"}, "closes"),  # and this one is twice
        ("PUT", "/calls/{slug}/form", {"step": "dance"}, "step"),
        ("PUT", "/calls/{slug}/form", {"step": "edit_block", "key": "b99", "label": "x"}, "key"),
        ("POST", "/calls/{slug}/reviewers", {"mail": "new@t.example"}, "name"),
        ("POST", "/calls/{slug}/assignments", {"each": 5}, "each"),
        ("POST", "/calls/{slug}/announcement", {"mails": []}, "mails"),
        ("POST", "/calls/{slug}/applications", {"mail": "none"}, "mail"),
        ("POST", "/calls/{slug}/entry", {"mail": "lies@zonnedal.example", "code": "000000"}, "code"),
        ("POST", "/calls/{slug}/windows", {"closes": "x", "reason": "x"}, "closes"),
    ],
)
def test_bad_input_names_the_field(fons: Any, slug: str, method: str, path: str, json: Any, field: str) -> None:
    answer = fons(method, path.format(slug=slug), json)
    assert answer.status_code == 422, answer.text
    assert field in answer.json["errors"]


def test_composition_stops_at_submit(applicant: Apply) -> None:
    lies = applicant().start()
    lies.save(COMPLETE | {"b1": [DUO[0], {**DUO[0]}]})  # the same organisation counts once
    assert "woningcorporatie of zorgaanbieder" in lies.submit().json["errors"]["composition"]
    lies.save({"b1": DUO})
    assert lies.submit().status_code == 200


def test_form_changes_follow_the_table(applicant: Apply, fons: Any, slug: str) -> None:
    lies = applicant().start().complete()
    path = f"/calls/{slug}/form"
    edit = {"step": "edit_block", "key": "b3", "required": True}
    assert "block-b3" in fons("PUT", path, {**edit, "label": "Opgave", "limit": 2}).json["errors"]
    assert "same_meaning" in fons("PUT", path, {**edit, "label": "Uw opgave", "limit": 20}).json["errors"]
    assert fons("PUT", path, {**edit, "label": "Uw opgave", "limit": 20, "same_meaning": True}).json["version"] == 2
    assert "block-b1" in fons("PUT", path, {"step": "remove", "key": "b1"}).json["errors"]
    added = {"step": "add_block", "section": "s2", "kind": "short", "label": "Nieuw", "required": True}
    assert fons("PUT", path, added).json["version"] == 3
    old = lies.api("PUT", "/submission", {"version": 1})
    assert old.status_code == 409
    assert lies.submit().status_code == 422  # the new question is asked
    assert "Opgave" in lies.browser.get(f"{lies.url}/receipt").text  # the snapshot keeps its own labels


def test_edits_after_submitting_stand_beside_it(applicant: Apply, app: Flask) -> None:
    lies = applicant().start().complete()
    lies.save({"b3": "Anders gezegd."})
    assert "nog niet ingediend" in lies.browser.get(lies.url).text
    assert "Anders gezegd." not in lies.browser.get(f"{lies.url}/receipt").text
    lies.submit()
    assert "Anders gezegd." in lies.browser.get(f"{lies.url}/receipt").text


def test_conflict_is_sealed(cast: Any, applicant: Apply, fons: Any, slug: str) -> None:
    """Of what a reviewer has a conflict with, nothing is left: no page, no count, no file, no sheet for the team."""
    lies, mo = applicant().start().complete(), applicant("mo@t.example").start().complete()
    for mail in ("dina@proef.example", "fons@proef.example"):
        fons("POST", f"/calls/{slug}/reviewers", {"mail": mail})
    fons("POST", f"/calls/{slug}/assignments", {"each": 2})
    headers = cast.api("fons")
    client = cast.client(None)
    mine = client.get(f"{API}/calls/{slug}/reviewing", headers=headers).json["items"]
    assert len(mine) == 2
    assert (
        client.put(f"{API}/reviews/{mine[0]['id']}/conflict", json={"conflict": True}, headers=headers).status_code
        == 200
    )
    assert client.get(f"{API}/reviews/{mine[0]['id']}", headers=headers).status_code == 404
    left = client.get(f"{API}/calls/{slug}/reviewing", headers=headers).json["items"]
    assert [one["reference"] for one in left] == [mo.reference]
    assert [row["reference"] for row in fons("GET", f"/calls/{slug}/applications").json["items"]] == [mo.reference]
    for path in ("decisions", "export/csv"):
        assert client.get(f"{API}/calls/{slug}/{path}", headers=headers).status_code == 404
    assert fons("GET", f"{lies.url}/decision").status_code == 404
    assert cast.client("fons").get(f"{lies.url}/dossier").status_code == 404


@pytest.mark.parametrize(("blindness", "seen"), [("always", [1, 1]), ("after_own", [0, 1]), ("after_all", [0, 0])])
def test_reviewers_are_blind(
    cast: Any, applicant: Apply, fons: Any, slug: str, blindness: str, seen: list[int]
) -> None:
    """When Jan is done, Dina sees his review by the setting; with a third who is not, "after all" shows nothing."""
    applicant().start().complete()
    fons("PATCH", f"/calls/{slug}", {"blindness": blindness})
    for mail in ("dina", "jan", "eva"):
        fons("POST", f"/calls/{slug}/reviewers", {"mail": f"{mail}@proef.example"})
    fons("POST", f"/calls/{slug}/assignments", {"each": 3})
    client = cast.client(None)

    def review(who: str) -> str:
        item = client.get(f"{API}/calls/{slug}/reviewing", headers=cast.api(who)).json["items"][0]
        path = f"{API}/reviews/{item['id']}"
        client.put(f"{path}/conflict", json={"conflict": False}, headers=cast.api(who))
        return path

    done = {"scores": {"c1": 5, "c2": 5}, "for_reviewers": "Sterk", "finish": "done"}
    path, jan = review("dina"), review("jan")
    before = client.get(path, headers=cast.api("dina"))
    client.put(jan, json=done, headers=cast.api("jan"))
    after = client.get(path, headers=cast.api("dina"))
    if blindness != "always":
        assert before.data == after.data  # nothing changes when another's review arrives
        assert before.headers.get("ETag") == after.headers.get("ETag")
    counts = [len(after.json["others"])]
    counts.append(len(client.put(path, json=done, headers=cast.api("dina")).json["others"]))
    assert counts == seen
    fons("PUT", f"/calls/{slug}/round")
    assert len(client.get(path, headers=cast.api("dina")).json["others"]) == 1


def test_address_twice_gets_the_same_screen(applicant: Apply, app: Flask, slug: str) -> None:
    lies = applicant().start()
    form = {"mail": lies.mail, "name": "Lies"}
    first = lies.browser.post(f"/calls/{slug}/applications", data=form).text
    other = lies.browser.post(f"/calls/{slug}/applications", data={"mail": "n@t.example", "name": "N"}).text
    assert first.replace(lies.mail, "") == other.replace("n@t.example", "") or len(first) - len(other) == len(
        lies.mail
    ) - len("n@t.example")
    assert lies.reference in lies.last_mail().text
    robot = lies.browser.post(f"/calls/{slug}/applications", data={"mail": "bot@t.example", "website": "x"})
    assert robot.status_code == 200
    with app.app_context():
        assert len(db.session.scalars(select(Application)).all()) == 2


def test_code_opens_the_application(applicant: Apply, slug: str) -> None:
    import re

    lies = applicant()
    lies.browser.post(f"/calls/{slug}/applications", data={"mail": lies.mail, "name": "Lies"})
    code = re.search(r"code in: (\d{3} \d{3})", lies.last_mail().text)
    assert code
    wrong = lies.browser.post(f"/calls/{slug}/entry", data={"mail": lies.mail, "code": "x"})
    assert wrong.status_code == 422
    entered = lies.browser.post(f"/calls/{slug}/entry", data={"mail": lies.mail, "code": code[1]})
    assert entered.status_code == 303
    assert lies.browser.get(entered.location).status_code == 200


def test_deadline_is_honoured_to_the_second(applicant: Apply, slug: str, app: Flask) -> None:
    on_time, late = applicant().start(), applicant("late@t.example").start()
    for one in (on_time, late):
        one.save(COMPLETE)
    with app.app_context():
        closes = db.session.scalars(select(Call).where(Call.slug == slug)).one().closes
    clock.shift(closes - clock.now() - timedelta(seconds=1))
    assert on_time.submit().status_code == 200
    clock.shift(clock._shift + timedelta(seconds=2))
    refused = late.browser.post(f"{late.url}/submission", data={"version": "1"})
    assert refused.status_code == 409
    assert "Wij zoeken huizen." in refused.text  # the text is kept and can be read
    kept = late.browser.post(f"{late.url}/answers", data={"section": "s2", "asked": "b3", "answer-b3": "Nog een zin."})
    assert kept.status_code == 409
    assert "Nog een zin." in kept.text
