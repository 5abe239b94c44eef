"""rulings.make, flags.reopen, flags.resolve and flags.recall: the desk, what follows from a decision, and who hears it."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert, select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.flags.models import Flag, FlagCase
from cop.programmes import actions as programmes
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.things import Thing
from tests.flags.conftest import SECRET

HIDE = {"ruling": "hide", "reason": "Persoonsgegevens"}
MANY = 1000


def case_of(desk: Any) -> str:
    """Return the address of the only case that waits."""
    (row,) = desk()
    return str(row["url"])


def test_works(cast: Any, flag: Any, desk: Any, read: Any, notices: Any, outbox: Any, written: SimpleNamespace) -> None:
    flag(text="Haar naam staat erin.")
    flag("dina")
    page = read("eva", "/desk")
    for words in (
        SECRET,
        "Verhuizen",
        "Anna Adem",
        "Dina Deskundig",
        "Haar naam staat erin.",
        "door 2 personen gemeld",
    ):
        assert words in page, words
    assert "2 meldingen" not in read("eva", "/")
    assert "1 melding wacht op u" in read("eva", "/")
    answer = cast.client("eva").post(f"{case_of(desk)}/ruling", data={**HIDE, "word": "Dank u."}, follow_redirects=True)
    assert "Afgehandeld. Wie dit meldde, krijgt bericht." in answer.text
    assert "Er wacht niets op u" in answer.text
    assert SECRET not in read("gerda", f"/threads/{written.thread}")
    assert (notices("eva"), notices("fons"), notices("anna"), notices("dina")) == ([], [], *[["flag:hidden"]] * 2)
    assert notices("bram") == []
    page = read("anna", "/notices")
    assert "Uw melding is bekeken: verborgen" in page
    (mail,) = (mail for mail in outbox("anna@") if mail.kind == "notices/flag")
    assert mail.subject == "Uw melding is bekeken: verborgen"
    assert "Dank u." in mail.text
    for words in ("Dina", SECRET, "Bram"):
        assert words not in page + mail.text + mail.html + read("anna", "/flags"), words
    assert not [mail for mail in outbox("bram@") if mail.kind == "notices/flag"]


def test_removing_as_a_data_breach_settles_it(ask: Any, flag: Any, desk: Any, written: SimpleNamespace) -> None:
    other = flag("anna", written.opening)
    made = flag("anna")
    assert ask("fons", "post", f"/things/{written.post}/breach", what=["bsn"]).status_code == 201
    assert ask("fons", "post", f"/things/{written.thread}/breach", what=["bsn"]).status_code == 201
    assert ask("anna", "get", made["url"]).json["state"] == "removed"
    assert ask("anna", "get", other["url"]).json["state"] == "open", "only the title was removed"


def test_works_by_api(ask: Any, flag: Any, desk: Any, written: SimpleNamespace, app: Any) -> None:
    for name, state in (("post", "hidden"), ("message", "hidden"), ("file", "trashed"), ("opening", "live")):
        made = flag("anna", getattr(written, name))
        url = case_of(desk)
        ruled = ask("fons", "put", f"{url}/ruling", **HIDE).json
        assert ruled["state"] == ask("anna", "get", made["url"]).json["state"]
        assert ruled["state"] == ("removed" if name == "file" else "hidden")
        with app.app_context():
            assert db.session.get_one(Thing, getattr(written, name)).state == state
    with app.app_context():
        assert db.session.get_one(Thing, written.thread).state == "hidden"
    assert ask("anna", "get", f"/threads/{written.thread}").status_code == 404
    assert len(ask("anna", "get", "/flags").json["items"]) == 4
    told = {
        (one["reason"], one["url"]) for one in ask("anna", "get", "/notices").json["items"] if "flag" in one["reason"]
    }
    assert {reason for reason, _url in told} == {"flag:hidden", "flag:removed"}
    assert all(url.startswith("/notices/") for _reason, url in told), "a thing that is gone"


def test_dismissing_says_why(ask: Any, flag: Any, desk: Any, written: SimpleNamespace, app: Any) -> None:
    made, url = flag(), case_of(desk)
    refused = ask("eva", "put", f"{url}/ruling", ruling="dismiss")
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"word"})
    ask("eva", "put", f"{url}/ruling", ruling="dismiss", word="Dit mag hier staan.")
    assert ask("anna", "get", made["url"]).json["word"] == "Dit mag hier staan."
    assert ask("anna", "patch", made["url"], text="Toch niet").status_code == 409
    assert ask("anna", "delete", made["url"]).status_code == 409
    flag("anna")  # anew, once it is decided on
    assert len(desk()) == 1


def test_mail_follows_the_choice(ask: Any, cast: Any, flag: Any, desk: Any, outbox: Any, notices: Any) -> None:
    cast.client("anna").post("/settings/notices", data={"flag": "never"})
    flag()
    ask("eva", "put", f"{case_of(desk)}/ruling", ruling="settle")
    assert notices("anna") == ["flag:settled"]
    assert [mail for mail in outbox("anna@") if mail.kind == "notices/flag"] == []


def test_the_second_of_two_moderators_is_told(ask: Any, cast: Any, flag: Any, desk: Any) -> None:
    flag()
    url = case_of(desk)
    assert ask("eva", "put", f"{url}/ruling", ruling="settle").status_code == 200
    late = ask("fons", "put", f"{url}/ruling", **HIDE)
    assert (late.status_code, late.json["code"]) == (409, "ruled")
    page = cast.client("fons").post(f"{url}/ruling", data=HIDE)
    assert page.status_code == 409
    assert "Eva Even heeft deze melding al afgehandeld." in page.text


def test_reopening_and_showing_again(
    ask: Any, flag: Any, desk: Any, notices: Any, read: Any, written: SimpleNamespace
) -> None:
    made, url = flag(), case_of(desk)
    ask("eva", "put", f"{url}/ruling", **HIDE)
    assert "Weer op de lijst zetten" in read("eva", url)
    assert ask("fons", "delete", f"{url}/ruling").json["state"] == "open"
    assert notices("anna") == []
    assert "wordt nu niet getoond" in read("eva", "/desk")
    assert ask("eva", "put", f"{url}/ruling", **HIDE).status_code == 422
    assert ask("eva", "delete", f"/posts/{written.post}/hiding").status_code == 200
    assert ask("anna", "get", made["url"]).json["state"] == "open"
    assert ask("eva", "put", f"{url}/ruling", ruling="settle").status_code == 200
    flag("dina")
    assert ask("eva", "delete", f"{url}/ruling").status_code == 409


def test_other_verbs_resolve_and_recall(ask: Any, flag: Any, desk: Any, notices: Any, written: SimpleNamespace) -> None:
    post = flag()
    ask("eva", "put", f"/posts/{written.post}/hiding", reason="Namen")
    assert ask("anna", "get", post["url"]).json["state"] == "hidden"
    message, file = flag("anna", written.message), flag("dina", written.file)
    ask("bram", "delete", f"/messages/{written.message}")
    ask("bram", "delete", f"/files/{written.file}")
    assert ask("anna", "get", message["url"]).json["state"] == "removed"
    assert ask("dina", "get", file["url"]).json["state"] == "removed"
    assert (desk(), notices("dina"), notices("anna")) == ([], ["flag:removed"], ["flag:hidden", "flag:removed"])
    ask("bram", "post", f"/messages/{written.message}/restoring")
    ask("bram", "post", f"/files/{written.file}/untrash")
    assert [row["excerpt"] for row in desk()] == ["Bel haar even.", "lijst.txt"]


def test_stranger_gets_404(ask: Any, flag: Any, desk: Any) -> None:
    flag()
    url = case_of(desk)
    for who in ("anna", "bram", "dina", "gerda", "chris", "hans", "iris", "jan"):
        assert ask(who, "get", "/desk").status_code == (200 if who == "jan" else 404), who
        assert ask(who, "get", url).status_code == 404, who
        assert ask(who, "put", f"{url}/ruling", ruling="settle").status_code == 404, who
        assert ask(who, "delete", f"{url}/ruling").status_code == 404, who
    assert desk("jan") == []


def test_nobody_decides_on_what_is_about_them(
    ask: Any, cast: Any, flag: Any, desk: Any, notices: Any, read: Any
) -> None:
    thread = ask("eva", "post", "/communities/een/threads", title="Van Eva", body="Een mening.").json
    flag("anna", thread["id"])
    assert (desk("eva"), len(desk("fons"))) == ([], 1)
    url = case_of(lambda: desk("fons"))
    assert ask("eva", "get", url).status_code == 404
    assert ask("eva", "put", f"{url}/ruling", ruling="settle").status_code == 404
    assert (notices("eva"), notices("fons")) == ([], ["flag"])
    assert "wacht op u" not in read("eva", "/")


def test_a_programme_is_for_its_team(ask: Any, app: Any, cast: Any, desk: Any, notices: Any) -> None:
    with app.app_context(), transaction():
        audience = cast.audiences.programme
        db.session.add(FlagCase(audience_id=audience, member_id=cast.bram, about_id=cast.bram))
    assert desk("eva") == []
    assert len(desk("fons")) == 1
    assert len(desk("fons", audience=audience)) == 1
    assert ask("eva", "get", "/desk", audience=audience).status_code == 404


def test_a_moved_thread_takes_its_flags_along(ask: Any, flag: Any, desk: Any, written: SimpleNamespace) -> None:
    flag()
    moved = ask("fons", "post", f"/threads/{written.thread}/move", community="twee")
    assert moved.status_code == 200, moved.text
    assert (desk("eva"), len(desk("jan"))) == ([], 1)


def test_bad_input_names_the_field(ask: Any, cast: Any, flag: Any, desk: Any) -> None:
    flag()
    url = case_of(desk)
    for given, field in (
        ({"ruling": "zomaar"}, "ruling"),
        ({"ruling": "hide"}, "reason"),
        ({"ruling": "settle", "word": "x" * 501}, "word"),
        ({"ruling": "hide", "reason": "x" * 201}, "reason"),
    ):
        refused = ask("eva", "put", f"{url}/ruling", **given)
        assert (refused.status_code, set(refused.json["errors"])) == (422, {field})
    page = cast.client("eva").post(f"{url}/ruling", data={"ruling": "dismiss"})
    assert page.status_code == 422
    assert 'id="f-word-error"' in page.text


def test_is_journalled(ask: Any, flag: Any, desk: Any, journal: Any, written: SimpleNamespace) -> None:
    flag()
    url = case_of(desk)
    ask("eva", "put", f"{url}/ruling", ruling="settle", word="Een gesprek")
    ask("eva", "delete", f"{url}/ruling")
    ask("bram", "delete", f"/posts/{written.post}")
    ask("bram", "post", f"/posts/{written.post}/restoring")
    verbs = ("rulings.make", "flags.reopen", "flags.resolve", "flags.recall")
    entries = [one for verb in verbs for one in journal(verb)]
    assert len(entries) == 4
    assert "gesprek" not in json.dumps(entries)


def test_a_full_desk_is_read_in_few_statements(
    app: Any, cast: Any, flag: Any, desk: Any, read: Any, count_statements: Any, written: SimpleNamespace
) -> None:
    with app.app_context(), transaction():
        people = [Person(mail=f"v{n}@proef.example", name=f"Vele {n}", state="active") for n in range(MANY)]
        db.session.add_all(people)
        db.session.flush()
        day = clock.now() - timedelta(days=9)
        rows = [
            {
                "audience_id": cast.audiences.one,
                "member_id": one.id,
                "about_id": one.id,
                "state": "open",
                "opened": day,
                "word": "",
            }
            for one in people
        ]
        db.session.execute(insert(FlagCase), rows)
        cases = db.session.scalars(select(FlagCase.id)).all()
        given = {"person_id": cast.anna, "reason": "rude", "text": "", "at": day}
        db.session.execute(insert(Flag), [{"case_id": id, **given} for id in cases])
    flag()
    with count_statements() as statements:
        page = read("eva", "/desk")
    assert len(statements) <= 15, len(statements)
    assert page.count("door 1 persoon gemeld") == 25
    assert SECRET not in page  # the newest
    assert "100" in read("eva", "/")
    first = desk(limit=100)
    assert [row["opened"] for row in first] == sorted(row["opened"] for row in first)
    seen, after = 0, ""
    while after is not None:
        answer = (
            cast.client(None)
            .get("/api/v1/desk", headers=cast.api("eva"), query_string={"limit": 100, "after": after})
            .json
        )
        seen += len(answer["items"])
        after = answer["next"].partition("after=")[2] if answer["next"] else None
    assert seen == MANY + 1


def test_removing_a_community_takes_its_flags_along(app: Any, cast: Any, run_as: Any) -> None:
    slug = "leeg"
    run_as("fons", programmes.add_community, Programme, cast.programme, name="Lege kring", slug=slug)
    with app.app_context(), transaction():
        empty = db.session.scalars(select(Community).where(Community.slug == slug)).one()
        case = FlagCase(audience_id=empty.audience_id, member_id=cast.bram, about_id=cast.bram)
        db.session.add(case)
        db.session.flush()
        db.session.add(Flag(case_id=case.id, person_id=cast.anna, reason="rude"))
    assert cast.client("fons").post(f"/communities/{slug}/delete").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(FlagCase)).all() == db.session.scalars(select(Flag)).all() == []
