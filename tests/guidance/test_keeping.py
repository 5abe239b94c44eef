"""guidance.adopt, guidance.revise, guidance.unrevise, guidance.confirm, guidance.assign, guidance.expire and
guidance.reinstate: guidance that holds, as long as it does."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from cop.access.desk import desk_queues
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.guidance.actions.keeping import year_from
from cop.society.people import Person
from tests.guidance.conftest import LIST


def in_days(number: int) -> str:
    """Return a day as a program sends it."""
    return (clock.today() + timedelta(days=number)).isoformat()


def test_works(read: Any, send: Any, approved: dict[str, Any], notices: Any) -> None:
    url = approved["url"]
    page = read("dina", url)
    assert "Vaststellen" in page
    assert send("dina", f"{url}/adoption", review_by="1 mei 2099", remark="De eerste").status_code == 303
    page = read("anna", url)
    assert "versie 1 van" in page
    assert "door Eva" in page
    assert "1 mei 2099" in page
    assert "Dit is een concept" not in page
    assert notices("bram") == ["card_credited", "card_adopted"]
    assert send("dina", f"{url}/revision").status_code == 303
    assert "Wordt herzien" in read("anna", url)


def test_works_by_api(ask: Any, cast: Any, adopted: dict[str, Any], notices: Any) -> None:
    url = adopted["url"]
    assert (adopted["status"], adopted["version"], adopted["adopted_by"]) == ("adopted", 1, "Dina Deskundig")
    assert adopted["approved_by"].startswith("Eva")
    assert adopted["review_by"] == year_from(clock.today()).isoformat()
    given = ask("dina", "put", f"{url}/owner", owner=cast.eva, review_by=in_days(30)).json
    assert (given["owner_id"], given["review_by"]) == (cast.eva, in_days(30))
    assert notices("eva")[-1] == "card_owner"
    assert ask("eva", "put", f"{url}/confirmation").json["review_by"] == year_from(clock.today()).isoformat()
    ended = ask("eva", "put", f"{url}/expiry", reason="De wet is anders.").json
    assert (ended["status"], ended["expiry_reason"]) == ("expired", "De wet is anders.")
    assert ask("eva", "delete", f"{url}/expiry").json["status"] == "adopted"


def test_readers_see_the_adopted_version_while_it_is_revised(
    ask: Any, cast: Any, read: Any, adopted: dict[str, Any], sources: SimpleNamespace
) -> None:
    url = adopted["url"]
    work = ask("dina", "put", f"{url}/revision").json
    assert (work["status"], work["version"]) == ("draft", 0)
    version = next(one["version"] for one in work["sections"] if one["name"] == "works")
    ask(
        "dina",
        "patch",
        url,
        works="Bel ook de huismeester.",
        works_base=version,
        title="Beter",
        base_title=work["title"],
    )
    ask("dina", "post", f"/things/{sources.message}/guidance", card=work["id"])
    page = read("anna", url)
    assert "huismeester" not in page
    assert "altijd eerst" not in page
    assert "Eerst de buren" in page
    assert "huismeester" in read("anna", f"{url}?version=0")
    ask("dina", "put", f"{url}/review", reviewer=cast.eva)
    ask("eva", "put", f"{url}/advice", advice="approved")
    second = ask("dina", "put", f"{url}/adoption", remark="Met de huismeester").json
    assert second["version"] == 2
    page = read("anna", url)
    assert "huismeester" in page
    assert "altijd eerst" in page
    assert "huismeester" not in read("anna", f"{url}?version=1").replace("Met de huismeester", "")
    listed = ask("anna", "get", f"{url}/versions").json["items"]
    assert [(one["version"], one["changed"]) for one in listed] == [(2, ["works"]), (1, [])]
    page = read("anna", f"{url}/versions")
    assert "1 onderdeel gewijzigd" in page
    assert "Met de huismeester" in page
    for wrong in (0, 3):
        assert ask("anna", "get", url, version=wrong).status_code == 404


def test_a_revision_that_is_stopped_leaves_what_was_adopted(
    ask: Any, adopted: dict[str, Any], sources: SimpleNamespace, read: Any
) -> None:
    url, source = adopted["url"], adopted["sources"][0]["id"]
    fixed = ask("dina", "delete", f"/guidance/sources/{source}")
    assert (fixed.status_code, fixed.json["code"]) == (409, "fixed")
    before = {one["name"]: one["html"] for one in adopted["sections"]}
    work = ask("dina", "put", f"{url}/revision").json
    version = next(one["version"] for one in work["sections"] if one["name"] == "works")
    ask("dina", "patch", url, works="Anders.", works_base=version)
    ask("dina", "delete", f"/guidance/sources/{source}")
    ask("dina", "post", f"/things/{sources.message}/guidance", card=work["id"])
    assert "Eerst de buren" not in read("anna", f"/threads/{sources.thread}")
    assert ask("dina", "delete", f"{url}/revision").json["status"] == "adopted"
    again = ask("dina", "put", f"{url}/revision").json
    assert {one["name"]: one["html"] for one in again["sections"]} == before
    assert [one["thing_id"] for one in again["sources"]] == [sources.post]
    assert "Eerst de buren" in read("anna", f"/threads/{sources.thread}")
    assert "Eerst de buren" not in read("anna", f"/messages/{sources.message}/acts")
    # An edit that was begun before the revision stopped meets a newer version.
    assert ask("dina", "patch", url, works="Nog anders.", works_base=version + 1).status_code == 409


def test_search_finds_what_was_adopted_before_threads(ask: Any, adopted: dict[str, Any], cast: Any) -> None:
    ask("bram", "post", "/communities/een/threads", title="De buren", body="Bel de buren.")
    hits = ask("anna", "get", "/search", q="buren").json["items"]
    assert (hits[0]["kind"], hits[0]["url"]) == ("card", adopted["url"])
    assert [hit["kind"] for hit in ask("anna", "get", "/search", q="buren type:handreiking").json["items"]] == ["card"]
    assert [hit["kind"] for hit in ask("anna", "get", "/search", q="buren", kind="card").json["items"]] == ["card"]
    assert ask("chris", "get", "/search", q="buren", kind="card").json["items"] == []


def test_search_does_not_find_drafts(ask: Any, draft: dict[str, Any]) -> None:
    assert ask("dina", "get", "/search", q="buren").json["items"] == []
    assert draft["status"] == "draft"


def test_the_list_is_filtered(ask: Any, read: Any, adopted: dict[str, Any]) -> None:
    other = ask("eva", "post", LIST, title="Nog niets").json
    listed = {
        status: [one["id"] for one in ask("anna", "get", LIST, status=status).json["items"]]
        for status in ("", "draft", "review", "adopted", "expired")
    }
    assert listed == {
        "": [other["id"], adopted["id"]],
        "draft": [other["id"]],
        "review": [],
        "adopted": [adopted["id"]],
        "expired": [],
    }
    first = ask("anna", "get", LIST, limit=1).json
    assert [one["id"] for one in first["items"]] == [other["id"]]
    assert first["next"]
    assert "Niets gevonden" in read("anna", f"{LIST}?status=review")
    assert 'aria-current="page">Handreikingen' in read("anna", LIST)


def test_what_replaces_it_is_named(ask: Any, cast: Any, read: Any, adopted: dict[str, Any]) -> None:
    other = ask("eva", "post", LIST, title="De opvolger").json
    ask("eva", "patch", other["url"], works="Zo.", works_base=1)
    url = adopted["url"]
    wrong = ask("dina", "put", f"{url}/expiry", reason="Oud.", replaced_by=other["id"])
    assert set(wrong.json["errors"]) == {"replaced_by"}, "a draft replaces nothing"
    ask("eva", "put", f"{other['url']}/review", reviewer=cast.dina)
    ask("dina", "put", f"{other['url']}/advice", advice="approved")
    ask("eva", "put", f"{other['url']}/adoption")
    ended = ask("dina", "put", f"{url}/expiry", reason="Oud.", replaced_by=other["id"]).json
    assert ended["replaced_by"] == other["url"]
    page = read("anna", url)
    assert "Deze handreiking geldt niet meer" in page
    assert "De opvolger" in page


def test_confirmed_in_one_click_from_the_mail(
    cast: Any, ask: Any, adopted: dict[str, Any], remind: Any, mails: Any
) -> None:
    url = adopted["url"]
    due = year_from(clock.today())
    days = (due - clock.today()).days
    remind(days - 20)
    assert mails("dina") == []
    remind(days - 10)
    remind(days - 9)
    (mail,) = mails("dina")
    assert mail.subject == "Klopt dit nog? Eerst de buren"
    link = re.search(r"/guidance/confirmation/\S+", mail.text)
    assert link is not None
    browser = cast.client(None)
    page = browser.get(link[0]).text
    assert "Klopt nog" in page
    assert "Moet herzien worden" in page
    assert browser.post(link[0]).status_code == 303
    assert ask("dina", "get", url).json["review_by"] == year_from(clock.today()).isoformat()
    assert browser.post(f"{link[0]}/revision").status_code == 303
    assert "Er wordt aan een herziening gewerkt" in browser.get(link[0]).text
    assert browser.post(link[0]).status_code == 409
    ask("eva", "put", f"{url}/owner", owner=cast.eva)
    assert browser.get(link[0]).status_code == 410
    assert browser.get("/guidance/confirmation/zomaar").status_code == 410


def test_what_is_past_its_date_is_on_the_desk(app: Any, cast: Any, adopted: dict[str, Any]) -> None:
    (queue,) = (one for one in desk_queues() if one.name == "guidance_overdue")

    def waiting() -> list[str]:
        with app.app_context(), transaction():
            eva = db.session.get_one(Person, cast.eva)
            return [item.url for item in queue.items(eva, [1, 2, 3, 4, 5], 10)]

    assert waiting() == []
    clock.shift(timedelta(days=400))
    assert waiting() == [adopted["url"]]


def test_a_review_by_any_moderator_is_on_the_desk(app: Any, ask: Any, cast: Any, draft: dict[str, Any]) -> None:
    (queue,) = (one for one in desk_queues() if one.name == "guidance_review")
    ask("dina", "put", f"{draft['url']}/review")
    with app.app_context(), transaction():
        eva = db.session.get_one(Person, cast.eva)
        assert [item.url for item in queue.items(eva, [1, 2, 3, 4, 5], 10)] == [draft["url"]]
        assert queue.items(eva, [], 10) == []


def test_stranger_gets_404(ask: Any, adopted: dict[str, Any], cast: Any) -> None:
    for who in ("chris", "jan", "iris"):
        for method, path, given in requests(adopted["url"], cast):
            assert ask(who, method, path, **given).status_code == 404, path
        assert ask(who, "get", f"{adopted['url']}/versions").status_code == 404


def requests(url: str, cast: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        ("put", f"{url}/adoption", {}),
        ("put", f"{url}/revision", {}),
        ("delete", f"{url}/revision", {}),
        ("put", f"{url}/confirmation", {}),
        ("put", f"{url}/owner", {"owner": cast.eva}),
        ("put", f"{url}/expiry", {"reason": "Oud"}),
        ("delete", f"{url}/expiry", {}),
    ]


def test_wrong_role_gets_403(ask: Any, cast: Any, adopted: dict[str, Any]) -> None:
    for who in ("anna", "bram", "gerda"):
        for method, path, given in requests(adopted["url"], cast):
            assert ask(who, method, path, **given).status_code == 403, path


def test_bad_input_names_the_field(ask: Any, send: Any, cast: Any, approved: dict[str, Any]) -> None:
    url = approved["url"]
    assert set(ask("dina", "put", f"{url}/adoption", review_by=in_days(-1)).json["errors"]) == {"review_by"}
    assert set(ask("dina", "put", f"{url}/owner", owner=cast.jan).json["errors"]) == {"owner"}
    assert set(ask("dina", "put", f"{url}/owner").json["errors"]) == {"owner"}
    page = send("dina", f"{url}/adoption", review_by="morgen", remark="Met de huismeester")
    assert page.status_code == 422
    assert "Met de huismeester" in page.text
    ask("dina", "put", f"{url}/adoption")
    assert set(ask("dina", "put", f"{url}/expiry", reason=" ").json["errors"]) == {"reason"}
    assert set(ask("dina", "put", f"{url}/owner", owner=cast.dina, review_by=in_days(-1)).json["errors"]) == {
        "review_by"
    }


def test_is_journalled(ask: Any, cast: Any, journalled: Any, adopted: dict[str, Any]) -> None:
    url = adopted["url"]
    assert journalled("guidance.adopt")[1]["number"] == 1
    for method, path, given in requests(url, cast)[1:]:
        assert ask("fons", method, path, **given).status_code == 200, path
    for verb in ("revise", "unrevise", "confirm", "assign", "expire", "reinstate"):
        assert journalled(f"guidance.{verb}")[0].startswith("Fons"), verb
        assert journalled(f"guidance.{verb}")[1]["card"] == adopted["id"]


def test_only_what_holds_is_confirmed_or_expires(ask: Any, draft: dict[str, Any]) -> None:
    for path, given in (("confirmation", {}), ("expiry", {"reason": "Oud"})):
        assert ask("dina", "put", f"{draft['url']}/{path}", **given).json["code"] == "unadopted"
    assert ask("dina", "put", f"{draft['url']}/revision").status_code == 409
    assert ask("dina", "delete", f"{draft['url']}/revision").status_code == 409
