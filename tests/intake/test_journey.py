"""From a published call to a partnership, over HTTP, page by page as in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from cop.base.db import db
from cop.base.email import Email
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import by_mail
from cop.society.programmes import Partnership
from tests.intake.conftest import Applicant


def test_from_call_to_partnership(cast: Any, app: Flask, slug: str, applicant: Callable[..., Applicant]) -> None:
    fons = cast.client("fons")
    assert "Koplopers gezocht" in cast.client(None).get(f"/calls/{slug}").text
    lies = applicant().start()
    assert "Wie doen mee" in lies.browser.get(lies.url).text
    section = lies.browser.get(f"{lies.url}/sections/s1")
    assert section.status_code == 200, section.text
    saved = lies.browser.post(
        f"{lies.url}/answers",
        data={
            "section": "s1",
            "asked": ["b1", "b2"],
            "version-b1": "0",
            "answer-b1-0-name": "Gemeente Zonnedal",
            "answer-b1-0-kind": "municipality",
        },
    )
    assert saved.location == f"{lies.url}/sections/s2", saved.text
    assert "woningcorporatie of zorgaanbieder" in lies.browser.get(f"{lies.url}/check").text
    refused = lies.browser.post(f"{lies.url}/submission", data={"version": "1"})
    assert refused.status_code == 422
    assert "woningcorporatie of zorgaanbieder" in refused.text
    lies.complete()
    assert lies.reference in lies.browser.get(f"{lies.url}/receipt").text
    # reviewing
    for mail in ("dina@proef.example", "jan@proef.example"):
        assert fons.post(f"/calls/{slug}/reviewers", data={"mail": mail}).status_code == 303
    assert fons.post(f"/calls/{slug}/assignments", data={"each": "2"}).status_code == 303
    for who, score in (("dina", "5"), ("jan", "2")):
        browser = cast.client(who)
        queue = browser.get(f"/calls/{slug}/reviewing", headers={"Accept": "application/json"}).json["items"]
        url = f"/reviews/{queue[0]['id']}"
        assert "Wij zoeken huizen." not in browser.get(url).text
        assert browser.post(f"{url}/conflict", data={"conflict": "false"}).status_code == 303
        page = browser.get(url).text
        assert "Wij zoeken huizen." in page
        assert "Oordeel van anderen" not in page
        done = browser.post(url, data={"score-c1": score, "score-c2": score, "finish": "done", "for_applicant": "Mooi"})
        assert done.location == f"/calls/{slug}/reviewing", done.text
    table = fons.get(f"/calls/{slug}/applications")
    assert "3,5" in table.text
    assert "Mooi" in fons.get(f"{lies.url}/dossier").text
    # deciding
    proposed = fons.post(f"{lies.url}/decision", data={"outcome": "admit"})
    assert proposed.status_code == 303, proposed.text
    assert "1 van 10 plaatsen vergeven" in fons.get(f"/calls/{slug}/decisions").text
    assert "toegelaten" not in lies.browser.get(lies.url).text
    mail = fons.get(f"{lies.url}/decision", headers={"Accept": "application/json"}).json
    edited = {"subject": mail["subject"], "text": mail["text"] + "\nTot snel!", "mail_version": mail["mail_version"]}
    assert fons.post(f"{lies.url}/decision/mail", data={**edited, "ready": "true"}).status_code == 303
    assert f"{lies.reference}:{mail['mail_version'] + 1}" in fons.get(f"/calls/{slug}/decisions").text
    sent = fons.post(f"/calls/{slug}/announcement", data={"mails": f"{lies.reference}:{mail['mail_version'] + 1}"})
    assert sent.status_code == 303, sent.text
    assert "Tot snel!" in lies.last_mail().text
    assert "Mooi" in lies.browser.get(lies.url).text
    # accepting
    assert "Gemeente Zonnedal" in fons.get(f"{lies.url}/acceptance").text
    accepted = fons.post(
        f"{lies.url}/acceptance",
        data={"name": "Zonnedal", "matched": ["0", str(cast.organisations[0])], "communities": ["een", "twee"]},
    )
    assert accepted.status_code == 303, accepted.text
    with app.app_context():
        partnership = db.session.scalars(select(Partnership).where(Partnership.name == "Zonnedal")).one()
        assert {one.name for one in partnership.organisations} == {"Gemeente Zonnedal", "Woonstichting Proef"}
        assert [one.mail for one in partnership.people] == ["lies@zonnedal.example"]
        assert partnership.challenge == "Wij zoeken huizen."
        lead = by_mail("lies@zonnedal.example")
        assert lead is not None
        assert len(db.session.scalars(select(Membership).where(Membership.person_id == lead.id)).all()) == 2
        assert db.session.scalars(select(Email).where(Email.kind == "members/invitation")).all()
    assert "Zonnedal" in fons.get(f"{lies.url}/acceptance").text
    undone = fons.post(f"{lies.url}/acceptance/delete")
    assert undone.status_code == 303, undone.text
    with app.app_context():
        assert db.session.scalar(select(Partnership).where(Partnership.name == "Zonnedal")) is None
        assert by_mail("lies@zonnedal.example") is None
        assert db.session.scalar(select(Organisation).where(Organisation.name == "Gemeente Zonnedal")) is None
        assert db.session.get(Organisation, cast.organisations[0]) is not None
    for kind in ("csv", "xlsx", "attachments"):
        with fons.get(f"/calls/{slug}/export/{kind}") as download:
            assert download.status_code == 200
            assert download.data
    with fons.get(f"/calls/{slug}/export/csv") as download:
        assert "Wij zoeken huizen." in download.text
