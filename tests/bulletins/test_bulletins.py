"""bulletins.draft, save, send, correct, remove, withdraw and restore: who may, what is mailed, and what others see.

The verbs: bulletins.draft, bulletins.save, bulletins.send, bulletins.correct, bulletins.remove, bulletins.withdraw,
bulletins.restore.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.bulletins.models import Bulletin
from cop.notices.emails import token
from cop.notices.models import Notice
from cop.society.memberships import Membership, TeamMember
from cop.society.programmes import Programme
from cop.things import Thing

PATH = "/programmes/proef/bulletins"
WRITTEN = {"title": "Nieuws van deze week", "body": "Op **vrijdag** is de werksessie. Zie [het plan](/threads/1)."}
READERS = ("anna", "bram", "dina", "eva", "gerda")


def api(cast: Any, method: str, path: str, who: str = "fons", **given: Any) -> Any:
    return cast.client(None).open(f"/api/v1{path}", method=method, headers=cast.api(who), json=given or None)


@pytest.fixture
def draft(cast: Any) -> int:
    """Return a draft for the first community, with a text by Fons."""
    made = api(cast, "POST", PATH, community="een")
    assert made.status_code == 201, made.text
    saved = api(cast, "PATCH", f"/bulletins/{made.json['id']}", **WRITTEN, base_version=made.json["version"])
    assert saved.status_code == 200, saved.text
    return int(made.json["id"])


@pytest.fixture
def sent(cast: Any, draft: int) -> int:
    """Return the same bulletin after it was sent."""
    assert api(cast, "POST", f"/bulletins/{draft}/sending").status_code == 200
    return draft


def mails(app: Any) -> dict[str, Email]:
    """Return the mails of bulletins by the name of the receiver."""
    with app.app_context():
        return {one.name: one for one in db.session.scalars(select(Email).where(Email.kind == "notices/bulletin"))}


def titles(cast: Any, who: str, show: str = "sent") -> list[str]:
    found = api(cast, "GET", f"{PATH}?show={show}", who)
    assert found.status_code == 200, found.text
    return [one["title"] for one in found.json["items"]]


# The journey


def test_works(app: Any, cast: Any) -> None:
    client = cast.client("fons")
    assert "Nieuw weekbericht" in client.get("/coach").text
    assert f'href="{PATH}"' in client.get("/programmes/proef").text
    assert f'href="{PATH}"' in client.get("/programmes/proef/edit").text
    assert "Voor wie is het?" in client.get(f"{PATH}/new").text
    edit = client.post(PATH, data={"community": "een"}).headers["Location"]
    page = client.get(edit).text
    assert "Weekbericht van" in page
    assert "cop-editor" in page
    at = edit.removesuffix("/edit")
    version = api(cast, "GET", at).json["version"]
    assert client.post(at, data={**WRITTEN, "base_version": version}).status_code == 303
    preview = client.get(at).text
    assert "<strong>vrijdag</strong>" in preview
    assert "Fons Feit via" in preview
    assert "fons@proef.example" in preview
    assert "Weekbericht versturen" in preview
    version = api(cast, "GET", at).json["version"]
    client.post(f"{at}/sending", data={"base_version": version})
    assert "<strong>vrijdag</strong>" in cast.client("anna").get(at).text
    assert "Nieuws van deze week" in cast.client("anna").get(PATH).text


def test_works_by_api(cast: Any, sent: int) -> None:
    found = api(cast, "GET", f"/bulletins/{sent}", "anna").json
    assert (found["title"], found["state"], found["author"]["name"]) == (WRITTEN["title"], "live", "Fons Feit")
    fixed = {"title": "Nieuws", "body": "Op donderdag.", "base_version": found["version"]}
    assert api(cast, "PUT", f"/bulletins/{sent}/correction", **fixed).json["corrected"]
    assert api(cast, "PUT", f"/bulletins/{sent}/withdrawal").json["state"] == "retracted"
    assert titles(cast, "anna") == []
    assert titles(cast, "fons", "removed") == ["Nieuws"]
    assert api(cast, "POST", f"/bulletins/{sent}/restoring").json["state"] == "live"
    assert titles(cast, "anna") == ["Nieuws"]


# Who sees it


@pytest.mark.parametrize("who", ["anna", "eva", "gerda", "chris", "jan", "iris", "hans"])
def test_stranger_gets_404(cast: Any, draft: int, who: str) -> None:
    for path in (f"/bulletins/{draft}", f"/bulletins/{draft}/edit", f"{PATH}?show=drafts", f"{PATH}?show=removed"):
        assert cast.client(who).get(path).status_code == 404, path
    for method, path in (
        ("PATCH", ""),
        ("PUT", "/correction"),
        ("POST", "/sending"),
        ("PUT", "/withdrawal"),
        ("DELETE", ""),
        ("POST", "/restoring"),
    ):
        sent = {**WRITTEN, "base_version": 1} if method != "DELETE" else {}
        assert api(cast, method, f"/bulletins/{draft}{path}", who, **sent).status_code == 404, path
    assert "weekbericht" not in cast.client(who).get("/").text.lower()


def test_only_the_audience_receives_it(cast: Any, sent: int) -> None:
    for who in (*READERS, "fons"):
        assert titles(cast, who) == [WRITTEN["title"]], who
    for who in ("chris", "jan"):
        assert titles(cast, who) == []
        assert cast.client(who).get(f"/bulletins/{sent}").status_code == 404
    for who in ("iris", "hans"):
        assert cast.client(who).get(PATH).status_code == 404
        assert cast.client(who).get(f"/bulletins/{sent}").status_code == 404
    assert cast.client("gast").get(f"/bulletins/{sent}").status_code == 303


def test_a_draft_is_not_seen_by_who_left_the_team(app: Any, cast: Any, draft: int) -> None:
    with app.app_context(), transaction():
        db.session.delete(db.session.get_one(TeamMember, (cast.programme, cast.fons)))
        db.session.add(Membership(person_id=cast.fons, community_id=cast.one, role="member"))
    assert cast.client("fons").get(f"/bulletins/{draft}").status_code == 404
    assert cast.client("fons").get(PATH).status_code == 200


def test_wrong_role_gets_403(cast: Any, sent: int) -> None:
    for who in READERS:
        assert cast.client(who).get(f"/bulletins/{sent}/edit").status_code == 403
        given = {**WRITTEN, "base_version": 1}
        assert api(cast, "PUT", f"/bulletins/{sent}/correction", who, **given).status_code == 403
        assert api(cast, "PUT", f"/bulletins/{sent}/withdrawal", who).status_code == 403
        assert api(cast, "POST", PATH, who).status_code == 403


# Input


def test_bad_input_names_the_field(cast: Any, draft: int) -> None:
    def errors(method: str, path: str, **given: Any) -> Any:
        answer = api(cast, method, path, **given)
        assert answer.status_code in (409, 422, 428), answer.text
        return set(answer.json["errors"])

    assert errors("POST", PATH, community="bestaat-niet") == {"community"}
    assert errors("PATCH", f"/bulletins/{draft}", title="", body="", base_version=1) >= {"title"}
    assert errors("PATCH", f"/bulletins/{draft}", **WRITTEN) == {"base_version"}
    assert errors("PATCH", f"/bulletins/{draft}", **WRITTEN, base_version=1) == {"body"}
    assert errors("POST", f"/bulletins/{draft}/sending", base_version=1) == {"body"}
    assert errors("PUT", f"/bulletins/{draft}/correction", **WRITTEN) == {"base_version"}
    assert errors("POST", f"/bulletins/{draft}/sending", base_version="x") == {"base_version"}


def test_a_refused_text_stays_in_the_form(cast: Any, draft: int) -> None:
    page = cast.client("fons").post(f"/bulletins/{draft}", data={**WRITTEN, "body": "Mijn zin.", "base_version": 1})
    assert page.status_code == 409
    assert "Mijn zin." in page.text
    assert "Huidige tekst" in page.text


def test_wrong_order_is_refused(cast: Any, draft: int) -> None:
    version = api(cast, "GET", f"/bulletins/{draft}").json["version"]
    given = {**WRITTEN, "base_version": version}
    assert api(cast, "PUT", f"/bulletins/{draft}/correction", **given).status_code == 409
    assert api(cast, "PUT", f"/bulletins/{draft}/withdrawal").status_code == 409
    api(cast, "DELETE", f"/bulletins/{draft}")
    assert api(cast, "POST", f"/bulletins/{draft}/sending").status_code == 409
    api(cast, "POST", f"/bulletins/{draft}/restoring")
    assert api(cast, "POST", f"/bulletins/{draft}/sending").status_code == 200
    assert api(cast, "DELETE", f"/bulletins/{draft}").status_code == 409
    assert api(cast, "PATCH", f"/bulletins/{draft}", **given).status_code == 409


# Mail and notices


def test_sending_mails_the_audience_once(app: Any, cast: Any, sent: int) -> None:
    assert set(mails(app)) == {"Anna Adem", "Bram Baan", "Dina Deskundig", "Eva Even", "Gerda Gids", "Fons Feit"}
    mail = mails(app)["Anna Adem"]
    assert mail.subject == WRITTEN["title"]
    assert "fons@proef.example" in mail.headers["Reply-To"]
    assert mail.headers["From"].startswith('"Fons Feit via') or "Fons Feit via" in mail.headers["From"]
    assert mail.headers["List-Unsubscribe-Post"]
    assert "<strong>vrijdag</strong>" in mail.html
    assert 'href="http' in mail.html
    assert 'href="/threads' not in mail.html
    assert "**vrijdag**" in mail.text
    again = api(cast, "POST", f"/bulletins/{sent}/sending")
    assert (again.status_code, len(mails(app))) == (200, 6)
    with app.app_context():
        told = set(db.session.scalars(select(Notice.person_id).where(Notice.reason == "bulletin")))
    assert told == {getattr(cast, who) for who in READERS}
    assert "Fons Feit stuurde dit weekbericht" in cast.client("anna").get("/notices").text


def test_mail_is_stopped_by_choice_and_by_link(app: Any, cast: Any, draft: int) -> None:
    client = cast.client("anna")
    assert "Weekbericht van een programma" in client.get("/settings/notices").text
    chosen = {"mention": "once", "answer": "once", "digest": "daily", "bulletin": "never"}
    assert client.post("/settings/notices", data=chosen).status_code == 303
    with app.app_context():
        stop = f"/unsubscribe/{token(cast.bram, 'bulletin')}"
    assert "weekbericht" in cast.client("gast").get(stop).text
    assert cast.client("gast").post(stop).status_code == 200
    api(cast, "POST", f"/bulletins/{draft}/sending")
    assert set(mails(app)) == {"Dina Deskundig", "Eva Even", "Gerda Gids", "Fons Feit"}
    assert titles(cast, "anna") == [WRITTEN["title"]]


def test_mail_is_not_delivered_without_access(app: Any, cast: Any, sent: int) -> None:
    with app.app_context(), transaction():
        gone = select(Membership).where(Membership.person_id == cast.gerda)
        db.session.scalars(gone).one().ended = clock.now()
    with app.app_context():
        jobs.run_due()
    assert "Gerda Gids" not in mails(app)
    assert mails(app)["Anna Adem"].state == "sent"


def test_withdrawing_takes_back_what_was_not_delivered(app: Any, cast: Any, sent: int) -> None:
    assert api(cast, "PUT", f"/bulletins/{sent}/withdrawal").status_code == 200
    assert mails(app) == {}
    with app.app_context():
        assert db.session.scalars(select(Notice).where(Notice.reason == "bulletin")).all() == []
    for who in READERS:
        assert cast.client(who).get(f"/bulletins/{sent}").status_code == 404
    page = cast.client("fons").get(f"/bulletins/{sent}").text
    assert "ingetrokken" in page
    assert "Terugzetten" in page


def test_a_correction_keeps_the_earlier_text_and_mails_nobody(app: Any, cast: Any, sent: int) -> None:
    version = api(cast, "GET", f"/bulletins/{sent}").json["version"]
    data = {"title": "Nieuws van deze week", "body": "Op donderdag.", "base_version": version}
    assert cast.client("fons").post(f"/bulletins/{sent}/correction", data=data).status_code == 303
    assert len(mails(app)) == 6
    page = cast.client("anna").get(f"/bulletins/{sent}").text
    assert "gecorrigeerd op" in page
    assert "Op donderdag." in page
    assert "<strong>vrijdag</strong>" in page  # below the earlier versions
    assert "gecorrigeerd op" in cast.client("anna").get(PATH).text


# Throwing away, the archive and removal


def test_a_removed_draft_can_be_put_back(cast: Any, draft: int) -> None:
    client = cast.client("fons")
    client.post(f"/bulletins/{draft}/delete")
    assert titles(cast, "fons", "drafts") == []
    assert "Het concept is weggegooid." in client.get(f"{PATH}?show=drafts").text
    client.post(f"/bulletins/{draft}/restoring")
    assert titles(cast, "fons", "drafts") == [WRITTEN["title"]]


def test_the_archive_is_read_only(app: Any, cast: Any, sent: int) -> None:
    other = api(cast, "POST", PATH).json
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).phase = "archive"
    given = {**WRITTEN, "base_version": other["version"]}
    assert api(cast, "POST", PATH).status_code == 403
    assert api(cast, "PATCH", f"/bulletins/{other['id']}", **given).status_code == 403
    assert api(cast, "POST", f"/bulletins/{other['id']}/sending").status_code == 403
    assert api(cast, "PUT", f"/bulletins/{sent}/correction", **given).status_code == 403
    assert api(cast, "DELETE", f"/bulletins/{other['id']}").status_code == 403
    assert "Weekbericht versturen" not in cast.client("fons").get(f"/bulletins/{other['id']}").text
    assert titles(cast, "anna") == [WRITTEN["title"]]
    # As everything in the archive, it can be withdrawn, so that nobody reads what should not stand there.
    assert api(cast, "PUT", f"/bulletins/{sent}/withdrawal").status_code == 200


def test_drafts_go_with_a_community_and_what_was_sent_keeps_it(app: Any, cast: Any) -> None:
    def empty(slug: str) -> int:
        api(cast, "POST", "/programmes/proef/communities", name=f"Kring {slug}", slug=slug)
        return int(api(cast, "POST", PATH, community=slug).json["id"])

    waits, goes = empty("drie"), empty("vier")
    assert api(cast, "DELETE", "/communities/drie").status_code in (200, 204)
    with app.app_context():
        assert db.session.get(Thing, waits) is None
        assert db.session.get(Bulletin, goes) is not None
    assert api(cast, "POST", f"/bulletins/{goes}/sending").status_code == 200
    refused = api(cast, "DELETE", "/communities/vier")
    assert refused.status_code == 409
    assert "1 weekbericht" in refused.text


def test_is_journalled(cast: Any, sent: int, journal_entries: Any) -> None:
    version = api(cast, "GET", f"/bulletins/{sent}").json["version"]
    api(cast, "PUT", f"/bulletins/{sent}/correction", **WRITTEN, base_version=version)
    api(cast, "PUT", f"/bulletins/{sent}/withdrawal")
    api(cast, "POST", f"/bulletins/{sent}/restoring")
    other = api(cast, "POST", PATH).json["id"]
    api(cast, "DELETE", f"/bulletins/{other}")
    for verb in ("draft", "save", "send", "correct", "withdraw", "restore", "remove"):
        entry = journal_entries(f"bulletins.{verb}")[0]
        assert (entry.person_id, entry.details["bulletin"]) == (cast.fons, other if verb == "remove" else sent), verb
        assert WRITTEN["title"] not in str(entry.details)


# Drafts of the editor, and long lists


def test_a_text_is_kept_while_it_is_written(cast: Any, draft: int) -> None:
    key = "11111111-2222-4333-8444-555555555555"
    kept = {"place": f"bulletin:{draft}", "revision": 1, "fields": {"title": "Half", "body": "Nog niet af."}}
    assert api(cast, "PUT", f"/drafts/{key}", **kept).status_code in (200, 204)
    client = cast.client("fons")
    assert f"/bulletins/{draft}/edit?draft={key}" in client.get("/drafts").text
    assert "Nog niet af." in client.get(f"/bulletins/{draft}/edit").text
    version = api(cast, "GET", f"/bulletins/{draft}").json["version"]
    saved = {**WRITTEN, "client_id": key, "base_version": version}
    assert client.post(f"/bulletins/{draft}", data=saved).status_code == 303
    assert api(cast, "GET", "/drafts").json["items"] == []
    api(cast, "PUT", f"/drafts/{key}", "anna", **kept)
    assert f"/bulletins/{draft}" not in cast.client("anna").get("/drafts").text


def test_the_list_is_paged_newest_first(cast: Any) -> None:
    made = [api(cast, "POST", PATH).json["id"] for _number in range(4)]
    for id in made:
        api(cast, "POST", f"/bulletins/{id}/sending")
    page = api(cast, "GET", f"{PATH}?limit=3", "chris").json
    assert [one["id"] for one in page["items"]] == made[:0:-1]
    rest = cast.client(None).get(page["next"], headers=cast.api("chris")).json
    assert ([one["id"] for one in rest["items"]], rest["next"]) == (made[:1], None)


def test_statements_do_not_grow_with_the_list(cast: Any, count_statements: Any) -> None:
    def taken() -> int:
        cast.client("anna").get(PATH)
        with count_statements() as statements:
            assert cast.client("anna").get(PATH).status_code == 200
        return len(statements)

    ids = [api(cast, "POST", PATH).json["id"] for _number in range(6)]
    api(cast, "POST", f"/bulletins/{ids[0]}/sending")
    few = taken()
    for id in ids[1:]:
        api(cast, "POST", f"/bulletins/{id}/sending")
    assert taken() == few <= 6
